"""What a file says is read from the bytes at the place that is told for it, in every format, and harms nobody."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import struct
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection import claims, icc, iptc, png_text
from archiver.inspection.examine import examine
from archiver.inspection.media_type import MediaType
from archiver.inspection.sniff import HEAD, sniff
from tests.inspection import composed
from tests.inspection.claimed import codes, said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "gif", "tiff", "heif", "avif", "jp2"])
def test_the_same_packet_says_the_same_in_every_format(form: str) -> None:
    groups = said(composed.WHOLE[form]())["metadata"]
    digest = hashlib.sha256(composed.XMP).hexdigest()
    assert groups["XMP"]["packet"]["sha256"] == digest
    assert groups["XMP"]["xmp:CreatorTool"] == "a darkroom"


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "heif", "avif", "gif", "tiff"])
def test_a_profile_says_its_name_in_every_format(form: str) -> None:
    groups = said(composed.WHOLE[form]())["metadata"]
    assert groups["ICC"]["description"] == "of this test"
    assert groups["ICC"]["profile"]["sha256"] == hashlib.sha256(composed.profile()).hexdigest()
    assert (groups["ICC"]["space"], groups["ICC"]["version"]) == ("RGB", "4.3")


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "heif", "avif"])
def test_places_lead_to_the_bytes_that_were_read(form: str) -> None:
    content = composed.WHOLE[form]()
    found = said(content)

    def cut(group: str) -> bytes:
        return b"".join(content[each["offset"] :][: each["length"]] for each in found["places"][group])

    assert cut("MakerNote") == composed.NOTE
    assert hashlib.sha256(cut("MakerNote")).hexdigest() == found["metadata"]["EXIF"]["MakerNote"]["sha256"]
    assert cut("Thumbnail").startswith(composed.THUMBNAIL)
    thumbnail = found["metadata"]["Thumbnail"]["JPEGThumbnail"]
    assert (thumbnail["width"], thumbnail["height"], thumbnail["bytes"]) == (16, 12, len(composed.THUMBNAIL))
    assert found["metadata"]["GPS"]["GPSMapDatum"] == "WGS-84"
    assert found["findings"] == []


def test_a_picture_that_nobody_can_decode_says_what_it_says_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    content = composed.whole_jpeg()
    path.write_bytes(content.partition(b"and once more")[0] + b"and once more")
    found = examine(path)
    assert found["decode"] == "undecodable"
    assert found["metadata"] == said(content)["metadata"]


def test_all_comments_are_kept() -> None:
    assert said(composed.whole_jpeg())["metadata"]["Comment"] == {
        "comment": "seen at the bridge",
        "comment 2": "and once more",
    }


@given(st.binary(max_size=200))
def test_no_captions_no_profile_and_no_text_whatever_raise(noise: bytes) -> None:
    for content in (noise, composed.IPTC + noise):
        json.dumps(iptc.data_sets(content)).encode("ascii")
    for content in (noise, composed.profile()[:132] + noise, composed.profile() + noise):
        json.dumps(icc.described(content)).encode("ascii")
    for kind in ("tEXt", "zTXt", "iTXt", "tIME"):
        with contextlib.suppress(png_text.Unreadable):
            json.dumps(png_text.text(kind, noise)).encode("ascii")


def test_old_profiles_have_their_name_too() -> None:
    old = composed.profile()[:132] + struct.pack(">4sII", b"desc", 144, 40)
    old += b"desc" + bytes(4) + struct.pack(">I", 5) + b"sRGB\x00" + bytes(30)
    assert icc.described(old)[0]["description"] == "sRGB"


def test_a_second_block_and_an_unreadable_one_are_told_with_their_place() -> None:
    block = composed.segment(0xE1, b"Exif\x00\x00" + composed.exif())
    content = composed.jpeg(block, block)
    (finding,) = (each for each in said(content)["findings"] if each["code"] == "metadata-unread")
    assert content[finding["offset"] :][: finding["length"]] == composed.exif()
    assert codes(composed.jpeg(composed.segment(0xE1, b"Exif\x00\x00no directory"))) == ["metadata-unread"]


def test_a_hundred_thousand_pages_cost_no_more_than_the_first_few() -> None:
    began = time.process_time()
    found = said(composed.long_chain(100_000))
    assert time.process_time() - began < 2
    assert "metadata-cut" in [finding["code"] for finding in found["findings"]]
    assert found["metadata"]["Image"]["ImageDescription"] == "AAAA"


def test_what_is_too_long_to_be_walked_through_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long"
    path.write_bytes(composed.whole_jpeg())
    monkeypatch.setattr(claims, "MOST_MAPPED", 1000)
    found = examine(path)
    assert [finding["code"] for finding in found["findings"]] == ["metadata-unread"]
    assert found["metadata"].keys() == {"unread"}
    assert found["decode"] == "ok"


def test_items_that_all_name_the_same_bytes_cost_no_more_than_some(tmp_path: Path) -> None:
    path = tmp_path / "items"
    path.write_bytes(many_items(1000, composed.XMP + b" " * (1 << 20)))
    began = time.process_time()
    found = examine(path)
    assert time.process_time() - began < 3
    assert "metadata-cut" in [finding["code"] for finding in found["findings"]]


def many_items(items: int, content: bytes) -> bytes:
    """A HEIF whose items are all XMP, each from one byte further on in the same bytes."""
    box = composed.box
    entries = b"".join(
        box(b"infe", struct.pack(">IHH4s", 2 << 24, item, 0, b"mime") + b"\x00application/rdf+xml\x00")
        for item in range(items)
    )
    iinf = box(b"iinf", struct.pack(">IH", 0, items) + entries)
    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    length = len(head) + 8 + 4 + len(iinf) + 8 + 8 + 14 * items + 8
    places = b"".join(struct.pack(">HHHII", item, 0, 1, length + item, len(content) - item) for item in range(items))
    iloc = box(b"iloc", struct.pack(">IHH", 0, 0x4400, items) + places)
    whole = head + box(b"meta", bytes(4) + iinf + iloc) + box(b"mdat", content)
    assert whole.endswith(content)
    return whole


def test_several_pictures_are_told(tmp_path: Path) -> None:
    path = tmp_path / "animation"
    composed.picture().save(path, "WEBP", save_all=True, append_images=[composed.picture().rotate(90)])
    (finding,) = examine(path)["findings"]
    assert (finding["code"], finding["detail"]) == ("several-pictures", "2 pictures or frames")


@given(st.data(), st.sampled_from(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif", "jp2"]))
def test_no_damage_whatever_makes_the_reading_raise(data: st.DataObject, form: str) -> None:
    content = bytearray(composed.WHOLE[form]())
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4)
    ):
        content[at : at + len(value)] = value
    found = claims.read(io.BytesIO(bytes(content)), sniff(bytes(content[:HEAD])) or MediaType.JPEG).said
    assert len(json.dumps(found)) < 1 << 20
