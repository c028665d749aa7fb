"""How far a file decodes is said honestly, and every kind of picture gets its fingerprint."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from archiver.fingerprint import perceptual
from archiver.fingerprint.algorithm import PIXELS_GREY16, PIXELS_RGBA8
from archiver.inspection.examine import examine, stages
from archiver.inspection.wanted import ORDINARY, Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fingerprint.drawn import Drawn


def look(found: dict[str, Any]) -> str:
    return perceptual.bits(perceptual.of_samples(bytes.fromhex(found["samples"])))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + (chunk(b"IDAT", data) if data else b"")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_every_format_that_pillow_writes_decodes_and_looks_the_same(form: str, path: Path, drawn: Drawn) -> None:
    scene = drawn.scene()
    scene.save(path, form)
    found = examine(path)
    assert (found["decode"], found["detail"], found["width"], found["height"], found["frames"]) == (
        "ok",
        None,
        900,
        700,
        1,
    )
    assert perceptual.distance(look(found), perceptual.bits(perceptual.matrix(scene.convert("L")))) <= 16


def test_heic_decodes_and_looks_the_same(path: Path, drawn: Drawn) -> None:
    scene = drawn.scene()
    pillow_heif.from_pillow(scene).save(path, quality=80)
    found = examine(path)
    assert (found["media_type"], found["decode"], found["width"], found["height"]) == ("image/heic", "ok", 900, 700)
    assert perceptual.distance(look(found), perceptual.bits(perceptual.matrix(scene.convert("L")))) <= 16


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_file_has_the_fingerprint_of_the_upright_picture(
    form: str, orientation: int, path: Path, drawn: Drawn
) -> None:
    upright = drawn.scene(600, 400)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Pillow transposition that EXIF's one undoes
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(path, form, exif=exif)
    found = examine(path)
    assert found["orientation"] == (None if form == "AVIF" else orientation)  # AVIF keeps it in the container
    assert (found["width"], found["height"]) == stored.size
    assert perceptual.distance(look(found), perceptual.bits(perceptual.matrix(upright.convert("L")))) <= 16


def test_sixteen_bit_palette_alpha_and_print_colours_decode(path: Path, drawn: Drawn) -> None:
    scene = drawn.scene(300, 200)
    kinds: list[tuple[Image.Image, str]] = [
        (Image.fromarray(np.asarray(scene.convert("L")).astype(np.uint16) * 257), "PNG"),
        (scene.convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        (scene.convert("RGBA"), "PNG"),
        (scene.convert("CMYK"), "JPEG"),
        (scene.convert("L"), "TIFF"),
    ]
    expected = perceptual.bits(perceptual.matrix(scene.convert("L")))
    for image, form in kinds:
        image.save(path, form)
        found = examine(path, Wanted(pixel_digest=True))
        assert found["decode"] == "ok"
        assert perceptual.distance(look(found), expected) <= 20
        assert "pixels" in found
        if image.mode == "I;16":
            assert found["pixels"]["algorithm"] == str(PIXELS_GREY16)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_is_what_counts(form: str, path: Path, drawn: Drawn) -> None:
    frames = [drawn.scene(200, 150, seed) for seed in range(3)]
    frames[0].save(path, form, save_all=True, append_images=frames[1:])
    found = examine(path)
    frames[0].save(path, form)
    assert found["frames"] == 3
    assert perceptual.distance(look(found), look(examine(path))) <= 16


def test_a_lossless_copy_has_the_same_pixels(path: Path, tmp_path: Path, drawn: Drawn) -> None:
    drawn.scene().save(path, "PNG")
    drawn.scene().save(tmp_path / "copy", "WEBP", lossless=True)
    one, other = examine(path, Wanted(pixel_digest=True)), examine(tmp_path / "copy", Wanted(pixel_digest=True))
    assert one["pixels"]["algorithm"] == str(PIXELS_RGBA8)
    assert one["pixels"] == other["pixels"]


def test_a_jpeg_cut_short_is_truncated_and_still_fingerprinted(path: Path, drawn: Drawn) -> None:
    whole = drawn.jpeg(drawn.scene())
    path.write_bytes(whole[: int(len(whole) * 0.97)])
    found = examine(path, Wanted(pixel_digest=True))
    assert found["decode"] == "truncated"
    assert "truncated" in found["detail"]
    assert perceptual.distance(look(found), perceptual.bits(perceptual.matrix(drawn.scene().convert("L")))) <= 40


def test_a_png_cut_short_is_truncated(path: Path, drawn: Drawn) -> None:
    drawn.scene().save(path, "PNG")
    path.write_bytes(path.read_bytes()[:-2000])
    assert examine(path)["decode"] == "truncated"


def test_a_jpeg_damaged_in_its_middle_is_decoded_with_errors(path: Path, drawn: Drawn) -> None:
    whole = bytearray(drawn.jpeg(drawn.scene()))
    start = whole.index(b"\xff\xda")
    whole[start + 2000 : start + 2002] = b"\xff\xc4"  # a table where data should be
    path.write_bytes(whole)
    found = examine(path)
    assert found["decode"] == "decoded-with-errors"
    assert found["detail"]


def test_a_header_without_a_picture_is_undecodable_and_has_no_fingerprint(path: Path) -> None:
    path.write_bytes(png(64, 48))
    found = examine(path)
    assert found["decode"] == "undecodable"
    assert "samples" not in found


def test_a_picture_that_announces_too_many_pixels_is_refused_before_any_is_decoded(path: Path) -> None:
    path.write_bytes(png(30_000, 30_000, zlib.compress(b"")))
    found = examine(path)
    assert found["decode"] == "refused-limits"
    assert "30000 x 30000" in found["detail"]


def test_the_bound_on_pixels_is_the_callers(path: Path, drawn: Drawn) -> None:
    drawn.scene(100, 100).save(path, "PNG")
    for pixels, decode in ((10_000, "ok"), (9_999, "refused-limits")):
        assert [stage["decode"] for stage in stages(path, ORDINARY, pixels) if "decode" in stage] == [decode]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", None),
        (b"a plain text\n", None),
        (b"8BPS\x00\x01" + bytes(30), "image/vnd.adobe.photoshop"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp41", "video/mp4"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif", "image/avif"),
    ],
)
def test_what_does_not_decode_is_a_finding_with_a_reason(content: bytes, media_type: str | None, path: Path) -> None:
    path.write_bytes(content)
    found = examine(path)
    assert found["media_type"] == media_type
    assert found["decode"] == "undecodable"
    assert found["detail"]
    assert " at 0x" not in found["detail"]  # the same file gives the same sentence every time


def test_a_misleading_name_misleads_nobody(tmp_path: Path, drawn: Drawn) -> None:
    path = tmp_path / "photo.jpg"
    drawn.scene(90, 90).save(path, "PNG")
    assert examine(path)["media_type"] == "image/png"


def test_nothing_is_changed_in_pillow_by_an_inspection(path: Path, drawn: Drawn) -> None:
    from PIL import ImageFile  # noqa: PLC0415 - its switches are what is looked at

    before = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    path.write_bytes(drawn.jpeg(drawn.scene())[:-5000])
    examine(path)
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


def test_a_broken_picture_keeps_what_the_file_claims(path: Path, drawn: Drawn) -> None:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    drawn.scene().save(content, "JPEG", exif=exif)
    path.write_bytes(content.getvalue()[:3000])
    found = examine(path)
    assert found["camera"] == "Canon"
