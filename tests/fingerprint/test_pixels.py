"""The pixel digest is equal for the same pixels, and for nothing else."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from archiver.fingerprint import pixels
from archiver.fingerprint.algorithm import PIXELS_CMYK8, PIXELS_GREY16, PIXELS_RGBA8

if TYPE_CHECKING:
    from tests.fingerprint.drawn import Drawn


def saved(image: Image.Image, form: str, **options: Any) -> Image.Image:
    content = io.BytesIO()
    image.save(content, form, **options)
    content.seek(0)
    return Image.open(content)


LOSSLESS = [
    ("PNG", {"compress_level": 0}),
    ("PNG", {"compress_level": 9}),
    ("WEBP", {"lossless": True, "exact": True}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("BMP", {}),
]


@pytest.mark.parametrize(("form", "options"), LOSSLESS)
def test_a_lossless_copy_in_another_format_has_the_same_digest(
    form: str, options: dict[str, Any], drawn: Drawn
) -> None:
    scene = drawn.scene(211, 147)
    assert pixels.digest(saved(scene, form, **options)) == pixels.digest(saved(scene, "PNG"))


def test_transparency_counts(drawn: Drawn) -> None:
    scene = drawn.scene(90, 70).convert("RGBA")
    other = scene.copy()
    other.putpixel((3, 4), (*scene.getpixel((3, 4))[:3], 254))  # type: ignore[index]
    assert pixels.digest(saved(scene, "PNG")) == pixels.digest(saved(scene, "WEBP", lossless=True, exact=True))
    assert pixels.digest(scene) != pixels.digest(other)


def test_a_palette_is_only_a_way_of_writing() -> None:
    palette = Image.new("P", (40, 30), 3)
    palette.putpalette([0, 0, 0, 9, 8, 7, 1, 2, 3, 200, 100, 50])
    assert pixels.digest(palette) == pixels.digest(Image.new("RGB", (40, 30), (200, 100, 50)))


def test_a_jpeg_encoded_again_is_another_picture(drawn: Drawn) -> None:
    scene = drawn.scene(200, 200)
    once = drawn.compressed(scene, 80)
    assert pixels.digest(drawn.compressed(once, 70)) != pixels.digest(drawn.compressed(scene, 80))


def test_one_sample_of_one_pixel_makes_the_difference(drawn: Drawn) -> None:
    scene = drawn.scene(300, 200)
    other = scene.copy()
    red, green, blue = other.getpixel((299, 199))  # type: ignore[misc]
    other.putpixel((299, 199), (red, green, blue ^ 1))
    assert pixels.digest(scene) != pixels.digest(other)


def test_the_same_samples_in_another_shape_are_another_picture() -> None:
    assert pixels.digest(Image.new("RGB", (20, 30))) != pixels.digest(Image.new("RGB", (30, 20)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_file_has_the_digest_of_the_upright_picture(
    orientation: int, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pixels, "_STRIP", 500)  # many strips, the last of them short
    stored = drawn.scene(123, 77)
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = ImageOps.exif_transpose(saved(stored, "PNG", exif=exif))
    assert pixels.digest(stored, orientation) == pixels.digest(
        Image.frombytes(upright.mode, upright.size, upright.tobytes())
    )


def test_sixteen_bit_grey_keeps_every_bit() -> None:
    samples = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 13
    one = pixels.digest(saved(Image.fromarray(samples), "PNG"))
    same = pixels.digest(saved(Image.fromarray(samples), "TIFF"))
    samples[5, 5] ^= 1
    other = pixels.digest(saved(Image.fromarray(samples), "PNG"))
    assert one is not None
    assert one[0] == PIXELS_GREY16
    assert one == same
    assert one != other


def test_colours_for_print_are_digested_as_they_are(drawn: Drawn) -> None:
    found = pixels.digest(saved(drawn.scene(60, 50).convert("CMYK"), "TIFF"))
    assert found is not None
    assert found[0] == PIXELS_CMYK8


def test_there_is_no_digest_where_the_decoder_drops_half_of_every_sample() -> None:
    with Image.open(io.BytesIO(sixteen_bit_colour())) as image:
        assert pixels.digest(image) is None
        assert image.getpixel((0, 0)) == (18, 52, 86)  # the other half of each sample is gone


def sixteen_bit_colour() -> bytes:
    """A PNG of 16-bit colour, which Pillow reads and does not write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\x00" + bytes.fromhex("120134025603") * 4) * 4
    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    chunks = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_wide_numbers_have_no_digest() -> None:
    assert pixels.digest(Image.new("F", (8, 8))) is None


def test_the_digest_can_be_computed_by_anyone(drawn: Drawn) -> None:
    import hashlib  # noqa: PLC0415 - the reference

    scene = drawn.scene(43, 37)
    header = b"pixels-1:rgba8:upright:noicc:first 43x37\n"
    expected = hashlib.sha256(header + scene.convert("RGBA").tobytes()).hexdigest()
    assert pixels.digest(scene) == (PIXELS_RGBA8, expected)
