"""The type is told from the content, never from the name."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from archiver.inspection.media_type import PREVIEWED, MediaType
from archiver.inspection.sniff import HEAD, sniff

if TYPE_CHECKING:
    from typing import Any


def written(form: str, **options: Any) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), (10, 200, 30)).save(content, form, **options)
    return content.getvalue()[:HEAD]


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("TIFF", "image/tiff"),
        ("BMP", "image/bmp"),
        ("AVIF", "image/avif"),
        ("ICO", "image/vnd.microsoft.icon"),
        ("JPEG2000", "image/jp2"),
    ],
)
def test_what_pillow_writes_is_recognised(form: str, media_type: str) -> None:
    assert sniff(written(form)) == media_type


def test_an_animated_png_is_an_apng() -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    content = io.BytesIO()
    frames[0].save(content, "PNG", save_all=True, append_images=frames[1:])
    assert sniff(content.getvalue()) == MediaType.APNG


def test_heic_is_recognised() -> None:
    content = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 64))).save(content)
    assert sniff(content.getvalue()[:HEAD]) == MediaType.HEIC


def boxes(major: bytes, *compatible: bytes) -> bytes:
    content = major + b"\x00\x00\x00\x00" + b"".join(compatible)
    return struct.pack(">I4s", len(content) + 8, b"ftyp") + content


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (boxes(b"mif1", b"mif1", b"heic"), "image/heic"),
        (boxes(b"mif1", b"avif", b"mif1"), "image/avif"),
        (boxes(b"mif1", b"mif1"), "image/heif"),
        (boxes(b"isom", b"isom", b"avc1"), "video/mp4"),
        (boxes(b"qt  ", b"qt  "), "video/quicktime"),
        (boxes(b"3gp4", b"3gp4"), "video/3gpp"),
        (boxes(b"crx ", b"crx "), "image/x-canon-cr3"),
        (boxes(b"M4A "), "audio/mp4"),
        (b"\x00\x00\x00\x08wide" + bytes(20), "video/quicktime"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/vnd.avi"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/vnd.wave"),
        (bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d"), "video/webm"),
        (bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61"), "video/matroska"),
        (b"OggS\x00\x02" + bytes(22) + b"\x01\x1evorbis", "audio/ogg"),
        (b"OggS\x00\x02" + bytes(22) + b"\x80theora", "video/ogg"),
        (b"\x00\x00\x01\xba\x44", "video/mpeg"),
        (b"\x47" + bytes(187) + b"\x47" + bytes(187) + b"\x47", "video/mp2t"),
        (b"8BPS\x00\x01" + bytes(20), "image/vnd.adobe.photoshop"),
        (b"\xff\x0a\xfa\x1f", "image/jxl"),
        (b"\xff\x4f\xff\x51\x00\x2f", "image/j2c"),
        (b"II*\x00\x10\x00\x00\x00CR\x02\x00", "image/x-canon-cr2"),
        (b"FUJIFILMCCD-RAW 0201", "image/x-fuji-raf"),
        (b'<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="x">', "image/svg+xml"),
    ],
)
def test_formats_are_named_by_their_signature(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


def test_a_camera_raw_is_told_by_its_first_directory() -> None:
    maker = b"NIKON CORPORATION\x00"
    entries = struct.pack("<HHII", 0xFE, 4, 1, 1) + struct.pack("<HHII", 0x10F, 2, len(maker), 50)
    entries += struct.pack("<HHII", 0x14A, 4, 1, 100)
    head = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 3) + entries + bytes(4) + maker
    assert sniff(head) == MediaType.NIKON_NEF
    assert MediaType.NIKON_NEF in PREVIEWED


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00",
        b"hello, world",
        b"<html><svg>",
        b"\x7fELF\x02",
        b"MZ\x90",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"BM is a text",
    ],
)
def test_what_is_no_medium_has_no_type(head: bytes) -> None:
    assert sniff(head) is None


@given(
    st.binary(max_size=300)
    | st.sampled_from([b"II*\x00", b"MM\x00*", b"\x89PNG\r\n\x1a\n"]).flatmap(
        lambda h: st.binary(max_size=99).map(lambda t: h + t)
    )
)
def test_no_bytes_whatever_make_it_raise(head: bytes) -> None:
    found = sniff(head)
    assert found is None or found in MediaType
