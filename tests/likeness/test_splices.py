"""A part replaced, cut out and framed, or made lighter: what was not touched is not said to have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from archiver.likeness.alignment import by_orientation
from archiver.likeness.change import Kind
from tests import drawing
from tests.likeness.pairing import ORIGINAL, SIZE, encoded, kinds, related

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.likeness.change import Change
    from archiver.likeness.relation import Kinship

PART = (100, 80, 600, 430)
WHOLE = drawing.photo(4, SIZE)
"""Has points all over that part, so that they place it to a pixel."""


def the(kind: Kind, found: Kinship) -> Change:
    (change,) = [each for each in found.changes if each.kind is kind]
    return change


def spliced(box: tuple[int, int, int, int], seed: int = 8) -> Image.Image:
    made = ORIGINAL.copy()
    made.paste(drawing.photo(seed, (box[2] - box[0], box[3] - box[1])), box)
    return made


@pytest.mark.parametrize("saved", [lambda image: image, encoded], ids=["lossless", "jpeg"])
@pytest.mark.parametrize(
    "box", [(540, 0, 720, 540), (418, 0, 720, 540), (360, 0, 720, 540), (0, 216, 720, 540), (180, 90, 540, 450)]
)
def test_what_replaced_a_part_is_one_region_and_no_change_of_colours(
    box: tuple[int, int, int, int], saved: Callable[[Image.Image], Image.Image]
) -> None:
    found = related(saved(spliced(box)), ORIGINAL, by_orientation())
    assert the(Kind.OVERLAID, found).boxes[0][0] == pytest.approx(box, abs=20)
    assert not kinds(found) & {Kind.TONE, Kind.COLOUR, Kind.GREY}


def test_a_spliced_picture_made_lighter_is_told_as_both() -> None:
    box = (450, 0, 720, 540)
    lighter = spliced(box).point(lambda level: level * 0.8 + 30)
    found = related(encoded(lighter, 95), ORIGINAL, by_orientation())
    assert the(Kind.OVERLAID, found).boxes[0][0] == pytest.approx(box, abs=20)
    assert the(Kind.TONE, found).evidence["gain"] == pytest.approx([0.8] * 3, abs=0.02)
    assert the(Kind.COLOUR, found).evidence["saturation"] == pytest.approx(0.8, abs=0.02)


def test_other_pictures_that_share_plain_ground_are_no_splice() -> None:
    grounds = [Image.new("RGB", SIZE, (240, 240, 240)) for _ in range(2)]
    for ground, seed in zip(grounds, (5, 6), strict=True):
        ground.paste(drawing.photo(seed, (480, 540)), (0, 0))
    found = related(grounds[0], grounds[1], by_orientation())
    assert found.seen is not None
    assert found.seen.differences.widespread


@pytest.mark.parametrize(
    ("order", "said"), [("BGR", "red and blue exchanged"), ("GBR", "red, green and blue exchanged")]
)
def test_exchanged_channels_are_told_by_their_names(order: str, said: str) -> None:
    made = Image.merge("RGB", [ORIGINAL.getchannel(name) for name in order])
    found = related(encoded(made, 95), ORIGINAL, by_orientation())
    change = the(Kind.COLOUR, found)
    assert said in change.said
    assert "times as strong" not in change.said
    assert not kinds(found) & {Kind.OVERLAID, Kind.TONE}


def test_turned_hues_are_other_hues_and_no_negative_strength() -> None:
    half = (0, 0.5, 0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0.5, 0, 0)
    found = related(ORIGINAL.convert("RGB", half), ORIGINAL, by_orientation())
    assert "other hues" in the(Kind.COLOUR, found).said
    assert "times as strong" not in the(Kind.COLOUR, found).said


@pytest.mark.parametrize("seed", range(4, 7))
def test_what_clipped_is_no_region_and_a_box_in_it_is(seed: int) -> None:
    samples = np.array(drawing.photo(seed, SIZE))
    water = samples[100:300, 100:400]
    water[:] = 140
    water[np.random.default_rng(seed).random(water.shape[:2]) < 0.3] = 255  # it sparkles
    original = Image.fromarray(samples)
    lighter = ImageEnhance.Brightness(original).enhance(1.5)
    assert kinds(related(lighter, original, by_orientation())) <= {Kind.TONE, Kind.COLOUR}
    assert kinds(related(original, lighter, by_orientation())) <= {Kind.TONE, Kind.COLOUR}
    for level in (0, 255):
        ImageDraw.Draw(lighter).rectangle((500, 350, 600, 450), fill=(level, level, level))
        assert Kind.OVERLAID in kinds(related(lighter, original, by_orientation()))


@pytest.mark.parametrize("exchanged", [False, True])
@pytest.mark.parametrize("colour", ["white", "black", "grey", "red"])
def test_a_part_in_a_border_is_cropped_and_framed_and_the_border_is_not_shared(colour: str, *, exchanged: bool) -> None:
    framed = encoded(ImageOps.expand(WHOLE.crop(PART), 60, colour), 95)
    found = related(WHOLE, framed) if exchanged else related(framed, WHOLE)
    whole, part = ("one", "other") if exchanged else ("other", "one")
    cut, frame = the(Kind.CROPPED, found), the(Kind.FRAMED, found)
    assert (cut.of, frame.of) == (part, part)
    assert cut.boxes[0][whole == "other"] == pytest.approx(PART, abs=4)
    assert frame.boxes[0][part == "other"] == pytest.approx((60, 60, 560, 410), abs=4)
    assert cut.evidence["share_of_area"] == pytest.approx(500 * 350 / (720 * 540), abs=0.01)
    assert kinds(found) == {Kind.CROPPED, Kind.FRAMED}


def test_a_caption_on_a_strip_beneath_a_part_is_a_frame_too() -> None:
    captioned = ImageOps.expand(WHOLE.crop(PART), (0, 0, 0, 100), "white")
    words, font = "Seen here first, today", ImageFont.load_default(30)
    ImageDraw.Draw(captioned).text((20, 380), words, fill=(0, 0, 0), font=font)
    found = related(encoded(captioned, 95), WHOLE)
    assert kinds(found) == {Kind.CROPPED, Kind.FRAMED}
    assert the(Kind.CROPPED, found).boxes[0][1] == pytest.approx(PART, abs=4)
    assert the(Kind.FRAMED, found).boxes[0][0] == pytest.approx((0, 0, 500, 350), abs=4)


def test_what_was_laid_over_a_framed_part_is_still_told() -> None:
    part = WHOLE.crop(PART)
    ImageDraw.Draw(part).rectangle((200, 120, 300, 220), fill=(0, 0, 0))
    found = related(encoded(ImageOps.expand(part, 60, "white"), 95), WHOLE)
    assert kinds(found) == {Kind.CROPPED, Kind.FRAMED, Kind.OVERLAID}
    assert the(Kind.OVERLAID, found).boxes[0][0] == pytest.approx((260, 180, 360, 280), abs=20)


def test_a_bar_over_the_end_of_a_whole_picture_stays_laid_over_it() -> None:
    barred = ORIGINAL.copy()
    ImageDraw.Draw(barred).rectangle((0, 440, 720, 540), fill=(0, 0, 0))
    assert kinds(related(encoded(barred, 95))) == {Kind.OVERLAID}
