"""One small grey picture serves every fingerprint, whatever the file was."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from archiver.fingerprint import perceptual, reduction
from tests.fingerprint.scaled_decode import moved_bits

if TYPE_CHECKING:
    from tests.fingerprint.drawn import Drawn


def of(image: Image.Image) -> str:
    return perceptual.bits(perceptual.matrix(reduction.grey(image)))


@pytest.mark.parametrize("seed", range(4))
def test_the_scaled_decode_moves_the_fingerprint_by_a_few_bits_at_most(seed: int, drawn: Drawn) -> None:
    large = drawn.scene(2400, 1800, seed)
    assert moved_bits(io.BytesIO(drawn.jpeg(large))) <= 6


def test_the_scaled_decode_really_is_one(drawn: Drawn) -> None:
    with Image.open(io.BytesIO(drawn.jpeg(drawn.scene(4200, 4100)))) as image:
        assert reduction.grey(image).size == (525, 513)
        assert image.size == (525, 513)


def test_an_embedded_thumbnail_is_never_taken_for_the_picture(drawn: Drawn) -> None:
    pillow_heif.register_heif_opener(thumbnails=True)
    content = io.BytesIO()
    pillow_heif.from_pillow(drawn.scene(1600, 1200)).save(content, thumbnails=[800], quality=50)
    with Image.open(content) as trusting:
        trusting.draft("L", (512, 512))
        assert trusting.size == (800, 600)  # what a draft means to this decoder
    with Image.open(content) as image:
        reduction.grey(image)
        assert image.size == (1600, 1200)


def test_other_formats_are_reduced_as_far_as_a_jpeg_is(drawn: Drawn) -> None:
    scene = drawn.scene(4200, 4100)
    assert reduction.grey(scene).size == (525, 513)
    with Image.open(io.BytesIO(drawn.jpeg(scene))) as image:
        assert perceptual.distance(of(image), of(scene)) <= 6


def test_transparency_lies_over_white(drawn: Drawn) -> None:
    scene = drawn.scene(1100, 1200)
    mask = Image.new("L", scene.size, 0)
    mask.paste(255, (200, 200, 900, 1000))
    over_white = Image.new("RGB", scene.size, "white")
    over_white.paste(scene, mask=mask)
    scene.putalpha(mask)
    assert perceptual.distance(of(scene), of(over_white)) <= 4


def test_sixteen_bits_are_scaled_and_not_clipped(drawn: Drawn) -> None:
    eight = drawn.scene().convert("L")
    sixteen = Image.fromarray(np.asarray(eight).astype(np.uint16) * 257)
    assert sixteen.mode == "I;16"
    assert of(sixteen) == of(eight)


@pytest.mark.parametrize("order", ["<u2", ">u2"])
def test_sixteen_bits_are_rounded_to_the_nearest_of_eight(order: str) -> None:
    every = np.arange(1 << 16, dtype=order).reshape(256, 256)
    mode = "I;16" if order == "<u2" else "I;16B"
    image = Image.frombytes(mode, (256, 256), every.tobytes())
    assert np.array_equal(np.asarray(reduction.grey(image)), np.rint(every / 257).astype(np.uint8))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "P", "LA", "I", "F", "YCbCr", "HSV", "LAB"])
def test_every_mode_of_pillow_gives_much_the_same_look(mode: str, drawn: Drawn) -> None:
    scene = drawn.scene()
    converted = scene.convert("L").convert(mode) if mode in {"LA", "I", "F"} else scene
    if mode == "LAB":
        from PIL import ImageCms  # noqa: PLC0415 - one mode needs it

        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        converted = ImageCms.applyTransform(scene, ImageCms.buildTransform(*profiles, "RGB", "LAB")) or scene
    elif converted is scene:
        converted = scene.convert(mode)
    assert converted.mode == mode
    assert perceptual.distance(of(converted), of(scene)) <= 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_is_turned_upright(orientation: int, drawn: Drawn) -> None:
    from PIL import ImageOps  # noqa: PLC0415 - the reference

    stored = drawn.scene(80, 60)
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = io.BytesIO()
    stored.save(content, "PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(content))
    assert reduction.turned_upright(stored, orientation).tobytes() == expected.convert("RGB").tobytes()
