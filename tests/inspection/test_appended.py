"""What stands behind a picture's end is told with its place, innocent things by name, and second formats as such."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from archiver.inspection.examine import examine
from tests.inspection import composed

if TYPE_CHECKING:
    from pathlib import Path


def found(folder: Path, content: bytes, code: str) -> list[dict[str, Any]]:
    path = folder / "file"
    path.write_bytes(content)
    return [finding for finding in examine(path)["findings"] if finding["code"] == code]


def archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as members:
        members.writestr("a.txt", "hidden")
        members.writestr("b.txt", "twice")
    return content.getvalue()


PROGRAM = b"MZ" + bytes(58) + (0x80).to_bytes(4, "little") + bytes(64) + b"PE\x00\x00" + bytes(20)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (bytes(300), "zeros alone"),
        (b"\r\n", "white space alone"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(60), "an MP4 video"),
        (b"some data" + bytes(30) + b"SEFH" + bytes(20) + b"SEFT", "Samsung's own"),
        (b"MotionPhoto_Data\x00\x00\x00\x18ftypmp42" + bytes(9) + b"SEFT", "with a motion picture"),
        (composed.jpeg(), "a JPEG that no index of the file names"),
        (archive(), "a ZIP archive"),
        (b"secret", "it begins with 73 65 63 72 65 74"),
    ],
)
def test_what_follows_is_named_by_what_it_begins_with(more: bytes, named: str, tmp_path: Path) -> None:
    content = composed.jpeg()
    (finding,) = found(tmp_path, content + more, "trailing-data")
    assert named in finding["detail"]
    assert (finding["offset"], finding["length"]) == (len(content), len(more))


def test_a_motion_photo_is_said_to_be_announced(tmp_path: Path) -> None:
    packet = composed.XMP.replace(b"http://ns.adobe.com/xap/1.0/", b"http://ns.google.com/photos/1.0/camera/").replace(
        b'xmp:CreatorTool="a darkroom"', b'xmp:MotionPhoto="1"'
    )
    content = composed.jpeg(composed.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet))
    (finding,) = found(tmp_path, content + b"\x00\x00\x00\x18ftypmp42" + bytes(60), "trailing-data")
    assert "announces for a motion photo" in finding["detail"]


def test_one_byte_and_one_member_are_told_as_one(tmp_path: Path) -> None:
    content, packed = composed.jpeg(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("only", b"x")
    (finding,) = found(tmp_path, content + b"x", "trailing-data")
    assert finding["detail"].startswith("1 byte follows the picture's end")
    (finding,) = found(tmp_path, content + packed.getvalue(), "polyglot")
    assert finding["detail"] == "a ZIP archive of 1 member"


@pytest.mark.parametrize("form", composed.WHOLE)
def test_a_picture_without_anything_behind_it_has_neither_finding(form: str, tmp_path: Path) -> None:
    content = composed.WHOLE[form]()
    assert found(tmp_path, content, "trailing-data") == found(tmp_path, content, "polyglot") == []


@pytest.mark.parametrize("form", ["jpeg", "png", "gif", "tiff", "heif"])
@pytest.mark.parametrize(
    ("more", "named"),
    [
        (archive(), "a ZIP archive of 2 members"),
        (b"<!DOCTYPE html><p>", "a page or script"),
        (b"\n<ScRiPt>alert(1)</script>", "a page or script"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (b"\x7fELF\x02\x01\x01\x00", "an ELF program"),
        (PROGRAM, "a Windows program"),
    ],
)
def test_a_second_format_behind_the_picture_is_told_with_its_offset(
    more: bytes, named: str, form: str, tmp_path: Path
) -> None:
    content = composed.WHOLE[form]()
    (finding,) = found(tmp_path, content + more, "polyglot")
    assert finding["detail"] == named
    assert finding["offset"] == len(content) + len(more) - len(more.lstrip())


@pytest.mark.parametrize(
    "content",
    [
        composed.jpeg(composed.segment(0xFE, b"<html><body>")),
        composed.jpeg(composed.segment(0xE7, b"<?php echo 1;")),
        composed.png(composed.chunk(b"tEXt", b"Comment\x00<svg onload=x>")),
        composed.png(composed.chunk(b"prVt", b"<script>")),
        composed.gif(b"!\xfe" + composed.sub_blocks(b"<script>x")),
        composed.box(b"ftyp", b"heic0000") + composed.box(b"free", b"<html>") + composed.box(b"mdat", b""),
    ],
)
def test_a_page_within_what_no_viewer_shows_is_told(content: bytes, tmp_path: Path) -> None:
    finding = found(tmp_path, content, "polyglot")[0]
    assert content[finding["offset"]] == ord("<")


def test_a_zip_in_a_comment_is_found_by_its_directory_and_four_letters_alone_are_none(tmp_path: Path) -> None:
    content = composed.jpeg(composed.segment(0xFE, archive()))
    (finding,) = found(tmp_path, content, "polyglot")
    assert (finding["detail"], finding["offset"]) == ("a ZIP archive of 2 members", 6)
    assert found(tmp_path, composed.jpeg(composed.segment(0xFE, b"PK\x05\x06" + bytes(30))), "polyglot") == []


def test_two_letters_of_a_program_are_none(tmp_path: Path) -> None:
    assert found(tmp_path, composed.jpeg() + b"MZ" * 400 + b"\x7fELF" + b"\xff" * 20, "polyglot") == []


def test_a_pdf_that_begins_within_the_first_kilobyte_is_told(tmp_path: Path) -> None:
    content = composed.jpeg(composed.segment(0xFE, b"%PDF-1.4\nobj"))
    (finding,) = found(tmp_path, content, "polyglot")
    assert (finding["detail"], finding["offset"]) == ("a PDF", 6)


def test_bytes_between_segments_belong_to_nothing_and_are_told(tmp_path: Path) -> None:
    content = composed.jpeg(composed.segment(0xFE, b"x"), b"between the parts", composed.segment(0xFE, b"y"))
    (finding,) = found(tmp_path, content, "trailing-data")
    assert (finding["offset"], finding["length"]) == (7, 17)
