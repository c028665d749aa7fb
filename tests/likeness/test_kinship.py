"""What changed between two pictures is told, what did not is not, and a direction only with evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from archiver.facts.vocabulary import Action, RelationType
from archiver.fingerprint.orientations import NAMES
from archiver.likeness.alignment import by_inner_box, by_orientation
from archiver.likeness.change import ACTIONS, Kind
from archiver.likeness.relation import kinship
from archiver.likeness.side import Encoding, Side
from tests import drawing
from tests.likeness.pairing import ORIGINAL, SIZE, encoded, kinds, related, side

if TYPE_CHECKING:
    from collections.abc import Callable


def captioned(image: Image.Image) -> Image.Image:
    made = image.copy()
    draw = ImageDraw.Draw(made)
    font = ImageFont.load_default(image.height / 14)
    place = (image.width * 0.1, image.height * 0.8)
    draw.text(place, "SEEN HERE FIRST, TODAY", fill=(255, 255, 255), font=font, stroke_width=2, stroke_fill=(0, 0, 0))
    return made


def stamped(image: Image.Image) -> Image.Image:
    made = image.copy()
    ImageDraw.Draw(made).ellipse((600, 20, 690, 110), fill=(255, 255, 0), outline=(0, 0, 0), width=6)
    return made


def blackened(image: Image.Image) -> Image.Image:
    made = image.copy()
    ImageDraw.Draw(made).rectangle((300, 200, 400, 300), fill=(0, 0, 0))
    return made


def obscured(image: Image.Image) -> Image.Image:
    made, box = image.copy(), (280, 180, 460, 330)
    made.paste(made.crop(box).filter(ImageFilter.GaussianBlur(25)), box)
    return made


CLEAN: dict[str, Callable[[Image.Image], Image.Image]] = {
    "quality 85": lambda image: encoded(image, 85),
    "quality 30": lambda image: encoded(image, 30),
    "half the size": lambda image: encoded(image.resize((360, 270), Image.Resampling.LANCZOS), 60),
    "lighter": lambda image: encoded(ImageEnhance.Brightness(image).enhance(1.15)),
    "grey": lambda image: encoded(image.convert("L")),
    "stronger colours": lambda image: encoded(ImageEnhance.Color(image).enhance(1.5)),
    "softened": lambda image: encoded(image.filter(ImageFilter.GaussianBlur(1.5))),
}
OVERLAID: dict[str, tuple[Callable[[Image.Image], Image.Image], tuple[int, int, int, int]]] = {
    "caption": (captioned, (72, 432, 500, 480)),
    "stamp": (stamped, (600, 20, 690, 110)),
    "black box": (blackened, (300, 200, 400, 300)),
    "blur": (obscured, (280, 180, 460, 330)),
}


@pytest.mark.parametrize("seed", range(3, 9))
@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_copy_has_no_region_that_differs(name: str, seed: int) -> None:
    original = drawing.photo(seed, SIZE)
    found = related(CLEAN[name](original), original, by_orientation())
    assert Kind.OVERLAID not in kinds(found)
    assert found.seen is not None
    assert not found.seen.differences.widespread


@pytest.mark.parametrize("quality", [90, 40])
@pytest.mark.parametrize("name", OVERLAID)
def test_what_was_laid_over_is_found_where_it_is(name: str, quality: int) -> None:
    overlay, wanted = OVERLAID[name]
    found = related(encoded(overlay(ORIGINAL), quality), ORIGINAL, by_orientation())
    (change,) = [each for each in found.changes if each.kind is Kind.OVERLAID]
    assert all(_meets(here, wanted) and _meets(there, wanted) for here, there in change.boxes)


def _meets(box: tuple[int, int, int, int] | None, wanted: tuple[int, int, int, int]) -> bool:
    assert box is not None
    slack = 20  # a block of the grid, in pixels of the picture
    apart = box[0] > wanted[2] + slack or box[2] < wanted[0] - slack
    return not apart and box[1] <= wanted[3] + slack and box[3] >= wanted[1] - slack


def test_an_overlay_on_the_coarse_samples_of_a_search_is_found_too() -> None:
    one, other = side(blackened(ORIGINAL), "a", 64), side(ORIGINAL, "b", 64)
    assert one.samples is not None
    assert max(one.samples.shape) == 64
    assert Kind.OVERLAID in kinds(kinship(one, other, by_orientation()))


def test_a_crop_is_told_with_its_box_and_share_and_comes_from_the_whole() -> None:
    box = (120, 90, 600, 450)
    found = related(encoded(ORIGINAL.crop(box)))
    (change,) = [each for each in found.changes if each.kind is Kind.CROPPED]
    assert change.of == "one"
    assert change.boxes[0][1] == pytest.approx(box, abs=6)
    assert change.evidence["share_of_area"] == pytest.approx(480 * 360 / (720 * 540), abs=0.02)
    assert found.source == "other"
    assert found.type is RelationType.DERIVED_FROM
    assert found.action is Action.CROPPED
    assert [piece.name for piece in found.evidence] == ["more-of-the-scene"]


@pytest.mark.parametrize(("degrees", "told"), [(7, -7.0), (-20, 20.0)])
def test_a_turn_is_told_in_degrees_and_its_corners_are_a_border(degrees: int, told: float) -> None:
    found = related(encoded(ORIGINAL.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))))
    (change,) = [each for each in found.changes if each.kind is Kind.ROTATED]
    assert change.evidence["degrees_clockwise"] == pytest.approx(told, abs=0.5)
    assert Kind.FRAMED in kinds(found)
    assert Kind.CROPPED not in kinds(found)


@pytest.mark.parametrize("name", NAMES)
def test_every_orientation_lays_the_other_onto_the_one(name: str) -> None:
    place = NAMES.index(name)
    turned = ORIGINAL.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if place >= 4 else ORIGINAL
    turned = turned.rotate(-90 * (place % 4), expand=True)
    found = related(turned, ORIGINAL, by_orientation(name))
    assert found.seen is not None
    assert np.abs(found.seen.shared.one - found.seen.shared.other).mean() < 1
    assert (Kind.MIRRORED in kinds(found)) == (place >= 4)
    assert (Kind.ROTATED in kinds(found)) == (place % 4 != 0)
    assert Kind.RESIZED not in kinds(found)
    assert found.source is None


def test_a_mirrored_picture_is_told_by_its_points_too() -> None:
    assert Kind.MIRRORED in kinds(related(encoded(ORIGINAL.transpose(Image.Transpose.FLIP_LEFT_RIGHT))))


def test_a_plain_border_is_a_frame_and_says_nothing_of_the_direction() -> None:
    framed = Image.new("RGB", (880, 700), (250, 250, 250))
    framed.paste(ORIGINAL, (80, 80))
    found = related(encoded(framed))
    (change,) = [each for each in found.changes if each.kind is Kind.FRAMED]
    assert change.of == "one"
    assert change.boxes[0][0] == pytest.approx((80, 80, 800, 620), abs=6)
    assert found.source is None
    assert found.type is RelationType.ALTERNATE_OF


def test_the_same_border_found_as_an_inner_box_is_told_without_points() -> None:
    framed = Image.new("RGB", (880, 700), (250, 250, 250))
    framed.paste(ORIGINAL, (80, 80))
    found = related(encoded(framed), ORIGINAL, by_inner_box((80 / 880, 80 / 700, 800 / 880, 620 / 700)))
    assert Kind.FRAMED in kinds(found)
    assert Kind.OVERLAID not in kinds(found)


def test_a_screenshot_stands_on_a_screen_and_a_collage_beside_other_pictures() -> None:
    screen = Image.new("RGB", (760, 1300), (20, 22, 25))
    screen.paste(ORIGINAL, (20, 330))
    draw = ImageDraw.Draw(screen)
    for line in range(6):
        draw.text((30, 40 + 45 * line), "forwarded from a channel, message", font=ImageFont.load_default(30))
        draw.text((30, 900 + 45 * line), "and what people wrote beneath it", font=ImageFont.load_default(30))
    assert Kind.PLACED in kinds(related(encoded(screen)))
    collage = Image.new("RGB", (1440, 540))
    collage.paste(ORIGINAL, (0, 0))
    collage.paste(drawing.photo(8, SIZE), (720, 0))
    assert Kind.COLLAGE in kinds(related(encoded(collage)))


def test_a_picture_photographed_at_an_angle_is_told_as_perspective() -> None:
    slanted = ORIGINAL.transform(
        (720, 540),
        Image.Transform.PERSPECTIVE,
        (1.1, 0.12, -60, 0.02, 1.2, -40, 0.0001, 0.0005),
        Image.Resampling.BICUBIC,
    )
    assert Kind.PERSPECTIVE in kinds(related(encoded(slanted)))


def test_resizing_and_stretching_are_told_apart() -> None:
    half = related(encoded(ORIGINAL.resize((360, 270), Image.Resampling.LANCZOS)), ORIGINAL, by_orientation())
    assert {Kind.RESIZED} <= kinds(half)
    assert Kind.STRETCHED not in kinds(half)
    assert half.source == "other"
    assert half.evidence[0].name == "more-pixels"
    stretched = related(encoded(ORIGINAL.resize((720, 432), Image.Resampling.LANCZOS)), ORIGINAL, by_orientation())
    assert Kind.STRETCHED in kinds(stretched)


@pytest.mark.parametrize("exchanged", [False, True])
@pytest.mark.parametrize("fill", [(255, 255, 255), (0, 0, 0)])
def test_the_corners_that_a_turn_leaves_are_no_part_of_what_both_show(
    fill: tuple[int, int, int], *, exchanged: bool
) -> None:
    box = (150, 100, 570, 400)
    turned = encoded(ORIGINAL.crop(box).rotate(-30, Image.Resampling.BICUBIC, expand=True, fillcolor=fill), 90)
    found = related(ORIGINAL, turned) if exchanged else related(turned, ORIGINAL)
    whole, part = ("one", "other") if exchanged else ("other", "one")
    (cut,) = [each for each in found.changes if each.kind is Kind.CROPPED]
    (framed,) = [each for each in found.changes if each.kind is Kind.FRAMED]
    assert (cut.of, framed.of) == (part, part)
    assert cut.boxes[0][whole == "other"] == pytest.approx(box, abs=6)
    assert cut.evidence["share_of_area"] == pytest.approx(420 * 300 / (720 * 540), abs=0.01)
    assert framed.evidence["share_of_area"] == pytest.approx(420 * 300 / (turned.width * turned.height), abs=0.02)
    assert "(within the box" in framed.said
    assert ": the box" in cut.said
    assert found.seen is not None
    assert not found.seen.differences.widespread
    assert Kind.OVERLAID not in kinds(found)


def test_a_turned_picture_of_a_page_keeps_its_margins() -> None:
    page = Image.new("RGB", (720, 540), (255, 255, 255))
    draw = ImageDraw.Draw(page)
    chance = np.random.default_rng(1)
    for line in range(60, 480, 30):
        words = " ".join("".join(chance.choice(list("abcdefghijklmnop"), 6)) for _ in range(8))
        draw.text((60, line), words, fill=(20, 20, 20), font=ImageFont.load_default(20))
    found = related(encoded(page.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))), page)
    assert found.alignment is not None
    assert found.alignment.one_content is None
    assert Kind.CROPPED not in kinds(found)


@pytest.mark.parametrize("size", [(360, 270), (640, 480)])
def test_pixel_counts_alone_give_no_direction(size: tuple[int, int]) -> None:
    small = ORIGINAL.resize(size, Image.Resampling.LANCZOS)
    coarse = replace(side(small, "b"), samples=np.asarray(small.convert("L").resize((32, 32), Image.Resampling.BOX)))
    held = kinship(side(ORIGINAL), coarse, by_orientation())
    uncounted = kinship(side(ORIGINAL), replace(coarse, samples=None), by_orientation())
    both = kinship(replace(side(ORIGINAL), samples=None), replace(coarse, samples=None), by_orientation())
    assert [each.evidence for each in (held, uncounted, both)] == [(), (), ()]
    assert {each.source for each in (held, uncounted, both)} == {None}


def test_a_little_more_by_whole_frames_alone_is_no_resizing_and_a_quarter_is_about_one() -> None:
    cropped = ORIGINAL.crop((20, 10, 690, 535))
    assert not kinds(related(encoded(cropped), ORIGINAL, by_orientation())) & {Kind.RESIZED, Kind.STRETCHED}
    narrower = related(encoded(ORIGINAL.crop((0, 0, 660, 540))), ORIGINAL, by_orientation())
    assert not kinds(narrower) & {Kind.RESIZED, Kind.STRETCHED}
    turned = ORIGINAL.rotate(-92, Image.Resampling.BICUBIC, expand=True)
    found = related(encoded(turned), ORIGINAL, by_orientation("rotated-90"))
    (change,) = [each for each in found.changes if each.kind is Kind.ROTATED]
    assert "by about 90° clockwise" in change.said
    assert not kinds(found) & {Kind.RESIZED, Kind.STRETCHED}


@pytest.mark.parametrize("way", [Image.Resampling.BILINEAR, Image.Resampling.LANCZOS])
def test_more_pixels_without_finer_detail_speak_for_nothing(way: Image.Resampling) -> None:
    small = encoded(ORIGINAL.resize((360, 270), Image.Resampling.LANCZOS))
    found = related(encoded(small.resize((720, 540), way)), small, by_orientation())
    assert Kind.RESIZED in kinds(found)
    assert found.source is None
    assert "A has more pixels" in found.note_about("A", "B")
    assert "enlarged" in found.to_json("A", "B")["note"]


def test_tone_saturation_and_grey_are_told_and_a_plain_copy_has_none() -> None:
    for change, kind in (
        (ImageEnhance.Contrast(ORIGINAL).enhance(0.6), Kind.TONE),
        (ImageEnhance.Color(ORIGINAL).enhance(1.6), Kind.COLOUR),
        (ORIGINAL.convert("L"), Kind.GREY),
    ):
        assert kind in kinds(related(encoded(change), ORIGINAL, by_orientation()))
    assert not kinds(related(encoded(ORIGINAL), ORIGINAL, by_orientation())) & {Kind.TONE, Kind.COLOUR, Kind.GREY}


COLOURLESS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "luma": lambda image: image.convert("L"),
    "mean": lambda image: Image.fromarray(np.asarray(image).mean(axis=2).astype(np.uint8)),
    "red filter": lambda image: image.getchannel("R"),
}


@pytest.mark.parametrize("greyed", ["one", "other"])
@pytest.mark.parametrize("name", COLOURLESS)
def test_a_grey_copy_is_told_as_such_and_as_nothing_else_whichever_of_the_two_it_is(name: str, greyed: str) -> None:
    for seed in (3, 6):
        photo = drawing.photo(seed, SIZE)
        grey, colour = COLOURLESS[name](photo).convert("RGB"), encoded(photo, 75)
        pair = (grey, colour) if greyed == "one" else (colour, grey)
        found = related(*pair, by_orientation())
        (change,) = [each for each in found.changes if each.kind is Kind.GREY]
        assert change.of == greyed
        assert Kind.OVERLAID not in kinds(found)
        assert found.seen is not None
        assert not found.seen.differences.widespread
    black = COLOURLESS[name](blackened(ORIGINAL)).convert("RGB")
    pair = (black, ORIGINAL) if greyed == "one" else (ORIGINAL, black)
    assert {Kind.GREY, Kind.OVERLAID} <= kinds(related(*pair, by_orientation()))


@pytest.mark.parametrize(("seed", "soft", "method"), [(3, 0, "octree"), (6, 3, "median cut")])
def test_dots_of_a_palette_are_no_region_and_a_black_box_among_them_is(seed: int, soft: int, method: str) -> None:
    image = drawing.photo(seed, SIZE).filter(ImageFilter.GaussianBlur(soft))
    if method == "octree":
        of_few = image.quantize(256, Image.Quantize.FASTOCTREE)
    else:
        of_few = image.quantize(palette=image.quantize(256), dither=Image.Dither.FLOYDSTEINBERG)
    copy, original = of_few.convert("RGB"), encoded(image, 75)
    assert Kind.OVERLAID not in kinds(related(copy, original, by_orientation()))
    assert Kind.OVERLAID in kinds(related(blackened(copy), original, by_orientation()))


def test_two_different_pictures_laid_on_one_another_are_not_told_as_an_overlay() -> None:
    found = related(drawing.photo(8, SIZE), ORIGINAL, by_orientation())
    assert Kind.OVERLAID not in kinds(found)
    assert found.seen is not None
    assert found.seen.differences.widespread
    assert found.note
    assert "one picture is open" in found.in_words()[0]


def test_a_direction_is_stated_only_where_evidence_gives_one_and_none_contradicts() -> None:
    one, other = side(encoded(ORIGINAL), "a"), side(ORIGINAL, "b")
    assert kinship(one, other, by_orientation()).source is None
    better = replace(other, encoding=Encoding(quality=92, exact=True))
    worse = replace(one, encoding=Encoding(quality=50, exact=True))
    assert kinship(worse, better, by_orientation()).source == "other"
    first = replace(worse, first_seen=("2024-12-01T00:00:00Z", "2024-12-01T23:59:59Z"))
    later = replace(better, first_seen=("2024-12-02T00:00:00Z", "2024-12-02T23:59:59Z"))
    contradicted = kinship(first, later, by_orientation())
    assert contradicted.source is None
    assert {piece.source for piece in contradicted.evidence} == {"one", "other"}
    assert "contradicts" in contradicted.in_words()[1]
    overlapping = replace(better, first_seen=("2024-12-01T12:00:00Z", "2024-12-03T00:00:00Z"))
    assert [piece.name for piece in kinship(first, overlapping, by_orientation()).evidence] == ["less-compression"]


def test_with_sizes_alone_little_is_told_and_nothing_guessed() -> None:
    one, other = (Side(name * 64, *size) for name, size in (("a", (400, 300)), ("b", (800, 600))))
    found = kinship(one, other, by_orientation("mirrored"))
    assert kinds(found) == {Kind.MIRRORED, Kind.RESIZED}
    assert found.note
    assert kinship(one, other).type is None
    assert kinship(one, replace(one)).level == "bytes"
    pixels = {"pixels-1:rgba8:upright:noicc:first": "ab" * 32}
    same = kinship(replace(one, pixels=pixels), replace(other, pixels=pixels))
    assert (same.level, same.action) == ("pixels", Action.REPACKAGED)


def test_every_kind_has_an_action_and_words_name_both_pictures() -> None:
    assert set(ACTIONS) == set(Kind)
    found = related(encoded(captioned(ORIGINAL).crop((120, 90, 700, 520))))
    assert found.source is None  # either may bear the caption
    told = found.to_json("the query", "the item")
    assert told["derived"] is None
    plain = related(encoded(ORIGINAL.crop((120, 90, 600, 450)))).to_json("the query", "the item")
    assert (plain["derived"], plain["from"]) == ("the query", "the item")
    assert all("{" not in change["words"] for change in told["changes"])
    assert all(piece["source"] in {"the query", "the item"} for piece in told["evidence"])
