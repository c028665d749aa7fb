"""The picture inside a frame is found to the pixel; an ordinary picture has none inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from archiver.fingerprint import perceptual
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.fingerprint.inner_box import MOST, inner_boxes
from archiver.fingerprint.reduction import within
from benchmarks.mangling import mangled

if TYPE_CHECKING:
    from archiver.fingerprint.inner_box import Box
    from tests.fingerprint.drawn import Drawn


def boxes(image: Image.Image) -> list[Box]:
    return inner_boxes(np.asarray(within(image.convert("L"), 512)))


def nearest(image: Image.Image, framed: Image.Image) -> int:
    """The least distance of an inner box's fingerprint from the picture's own."""
    whole = perceptual.bits(perceptual.matrix(image.convert("L")))
    small = within(framed.convert("L"), 512)
    found = [perceptual.bits(perceptual.matrix(small.crop(box))) for box in inner_boxes(np.asarray(small))]
    return min((perceptual.distance(whole, each) for each in found), default=256)


@pytest.mark.parametrize("colour", ["white", "black", "#7f3020"])
@pytest.mark.parametrize("quality", [60, 90])
def test_a_border_of_any_colour_is_taken_off_to_the_pixel(colour: str, quality: int, drawn: Drawn) -> None:
    scene = drawn.scene(400, 300, seed=4)
    framed = drawn.compressed(ImageOps.expand(scene, (40, 30), fill=colour), quality)
    left, top, right, bottom = boxes(framed)[0]
    assert max(abs(left - 40), abs(top - 30), abs(right - 440), abs(bottom - 330)) <= 2
    assert nearest(scene, framed) <= DEFAULT_RADIUS / 3


@pytest.mark.parametrize(
    "family", ["letterbox", "caption", "screenshot light", "screenshot dark", "screenshot desktop"]
)
def test_the_fingerprint_of_a_framed_picture_matches_the_originals(family: str, drawn: Drawn) -> None:
    scenes = [drawn.scene(800, 600, seed=seed) for seed in range(6)]
    near = [nearest(scene, mangled(family, number, scene, scenes)) for number, scene in enumerate(scenes)]
    assert sum(each <= DEFAULT_RADIUS for each in near) >= 5, near
    assert np.median(near) <= DEFAULT_RADIUS / 3, near


@pytest.mark.parametrize("seed", range(12))
def test_an_ordinary_scene_has_no_picture_inside(seed: int, drawn: Drawn) -> None:
    assert boxes(drawn.compressed(drawn.scene(seed=seed))) == []


@pytest.mark.parametrize("level", [20, 235])
def test_a_sky_over_hills_is_no_frame(level: int, drawn: Drawn) -> None:
    sky = drawn.blank(level, 2).convert("RGB")
    draw = ImageDraw.Draw(sky)
    chance = np.random.default_rng(3)
    ridge = 500 + np.cumsum(chance.normal(0, 6, 1201))
    draw.polygon([(0, 900), *((x, float(ridge[x])) for x in range(1201)), (1200, 900)], fill=(90, 110, 70))
    for _ in range(80):
        x, y = int(chance.integers(1200)), int(chance.integers(560, 900))
        draw.ellipse((x, y, x + 60, y + 40), fill=tuple(int(part) for part in chance.integers(0, 120, 3)))
    assert boxes(drawn.compressed(sky)) == []


def test_blank_sheets_ruled_pages_and_noise_have_no_picture_inside(drawn: Drawn) -> None:
    for image in (
        drawn.blank(240, 3),
        drawn.blank(20, 0),
        drawn.blank(128, 2, slope=120),
        drawn.noise(512, 400),
        drawn.page(sketch=False),
    ):
        assert boxes(drawn.compressed(image)) == []


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (47, 47), (60, 500)])
def test_tiny_pictures_raise_nothing(size: tuple[int, int], drawn: Drawn) -> None:
    assert inner_boxes(np.asarray(drawn.noise(*size))) == []
    assert inner_boxes(np.asarray(Image.new("L", size, 90))) == []


def test_boxes_lie_within_the_picture_and_are_few(drawn: Drawn) -> None:
    sheet = Image.new("RGB", (1024, 768), "white")
    for number in range(12):
        spot = (20 + number % 4 * 250, 20 + number // 4 * 250)
        sheet.paste(drawn.scene(230, 220, seed=number), spot)
    found = boxes(sheet)
    assert len(found) <= MOST
    assert all(0 <= left < right <= 512 and 0 <= top < bottom <= 384 for left, top, right, bottom in found)
