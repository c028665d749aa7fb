"""A picture is confirmed in part where geometry shows it, with the right place; chance confirms nothing."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archiver.fingerprint.features import Features, features, query_features
from archiver.fingerprint.reduction import within
from archiver.likeness.geometry import FEWEST, verify
from archiver.likeness.matching import matches
from tests.fingerprint.drawn import Drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWN = Drawn()


def grey(seed: int) -> Image.Image:
    return within(DRAWN.compressed(DRAWN.scene(seed=seed)).convert("L"), 512)


def of(image: Image.Image) -> Features:
    return features(np.asarray(within(image.convert("L"), 512)))


def moved(features_: NDArray[np.float64], spots: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.concatenate([spots, np.ones((len(spots), 1))], axis=1) @ features_.T
    return np.asarray(there[:, :2] / there[:, 2:])


@pytest.mark.parametrize("seed", range(3))
def test_a_crop_is_confirmed_with_its_box_and_share(seed: int) -> None:
    image = grey(seed)
    verified = verify(of(image.crop((120, 90, 400, 330))), of(image))
    assert verified is not None
    assert not verified.mirrored
    place = verified.placement
    assert place.held_box == pytest.approx((120, 90, 400, 330), abs=2)
    assert place.share == pytest.approx(280 * 240 / (512 * image.height), abs=0.02)
    assert place.scale == pytest.approx(1, abs=0.02)
    assert place.turned == pytest.approx(0, abs=1)
    assert place.covered == pytest.approx(1, abs=0.02)
    assert verified.inliers == len(verified.pairs) >= FEWEST
    left, top, right, bottom = verified.held_support
    assert left >= 118
    assert top >= 88
    assert right <= 402
    assert bottom <= 332
    assert (right - left) * (bottom - top) > 0.4 * 280 * 240
    assert verified.agreement > 0.5


@pytest.mark.parametrize("degrees", [7, 33, -45, 90, 170])
def test_a_turn_is_confirmed_with_its_degrees(degrees: float) -> None:
    image = grey(5)
    turned = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
    verified = verify(query_features(np.asarray(turned))[0], of(image))
    assert verified is not None
    assert verified.placement.turned == pytest.approx(degrees, abs=1)
    assert verified.placement.share == pytest.approx(1, abs=0.03)
    assert verified.placement.perspective < 0.05


def test_a_picture_within_another_is_confirmed_with_its_place_in_the_query() -> None:
    image = grey(2)
    canvas = Image.new("L", (900, 800), 200)
    canvas.paste(image.resize((256, image.height // 2), Image.Resampling.BOX), (500, 300))
    verified = verify(query_features(np.asarray(canvas))[0], of(image))
    assert verified is not None
    assert verified.placement.query_box == pytest.approx((500, 300, 756, 300 + image.height // 2), abs=4)
    assert verified.placement.scale == pytest.approx(0.5, abs=0.02)


def test_perspective_is_confirmed_with_its_corners_and_strength() -> None:
    image = grey(1)
    width, height = image.size
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    there = here + np.array([[40, 30], [-60, 5], [-10, -40], [20, -10]], np.float32)
    warped = cv2.warpPerspective(np.asarray(image), cv2.getPerspectiveTransform(here, there), (width, height))
    verified = verify(features(np.asarray(warped, dtype=np.uint8)), of(image))
    assert verified is not None
    assert np.abs(verified.placement.query_quad - (there - 0.5)).max() < 6
    assert verified.placement.perspective > 0.05


@pytest.mark.parametrize("seed", range(3))
def test_the_mirror_image_is_confirmed_as_such(seed: int) -> None:
    image = grey(seed)
    query = of(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    verified = verify(query, of(image))
    assert verified is not None
    assert verified.mirrored
    assert np.linalg.det(verified.transform) < 0
    spots = np.array([[0.0, 0.0], [511.0, 0.0]])
    assert verified.query_support[0] == pytest.approx(511 - verified.held_support[2], abs=4)
    assert moved(verified.transform, spots) == pytest.approx(spots[::-1], abs=2)
    assert verify(query, of(image), mirror=False) is None
    assert verify(of(image), of(image), mirror=True) is None


def test_the_pairs_show_the_same_spots() -> None:
    image = grey(3)
    query, held = of(image.crop((60, 40, 450, 360))), of(image)
    verified = verify(query, held)
    assert verified is not None
    here, there = held.points[verified.pairs[:, 1], :2], query.points[verified.pairs[:, 0], :2]
    assert np.abs(here - there - [60, 40]).max() < 5
    assert len(np.unique(verified.pairs[:, 1])) == verified.inliers
    assert len(np.unique(np.rint(here), axis=0)) == verified.inliers  # a spot counts once, whatever its directions


def test_unrelated_pictures_are_never_confirmed() -> None:
    found = [of(grey(seed)) for seed in range(14)]
    assert not [pair for pair in itertools.combinations(range(14), 2) if verify(found[pair[0]], found[pair[1]])]


def _page(seed: int) -> Image.Image:
    """A ruled page with a few lines of scribbled letters of its own."""
    page = np.asarray(DRAWN.page(sketch=False)).copy()
    chance = np.random.default_rng(seed)
    for line in range(80, 860, 60):
        for x in range(150, int(chance.integers(500, 1150)), 22):
            spot = (x, line + int(chance.integers(-4, 5)))
            letter = chr(97 + int(chance.integers(26)))
            cv2.putText(page, letter, spot, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 0.9, 40, 2, cv2.LINE_AA)
    return Image.fromarray(page)


def test_pages_of_writing_do_not_confirm_one_another_and_each_confirms_itself() -> None:
    pages = [_page(seed) for seed in range(6)]
    found = [of(page) for page in pages]
    assert not [pair for pair in itertools.combinations(range(6), 2) if verify(found[pair[0]], found[pair[1]])]
    again = [of(DRAWN.compressed(page.crop((0, 0, 1000, 800)), 50)) for page in pages]
    assert all(verify(one, other) is not None for one, other in zip(again, found, strict=True))


def _typed(seed: int) -> Image.Image:
    """A page set large in one typeface, of words that every such page is made of."""
    page = Image.new("L", (900, 1200), 245)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(64)
    chance = np.random.default_rng(seed)
    words = ["".join(np.random.default_rng(word).choice(list("etaoinshrdlucm"), 3 + word % 6)) for word in range(60)]
    for line in range(60, 1140, 102):
        draw.text((60, line), " ".join(chance.choice(words, 5)), fill=30, font=font)
    return page


def test_a_typed_page_photographed_off_a_table_is_confirmed_and_confirms_no_other() -> None:
    pages = [_typed(seed) for seed in range(4)]
    found = [of(page) for page in pages]
    for number, page in enumerate(pages):
        turned = page.rotate(-7, Image.Resampling.BICUBIC, expand=True, fillcolor=110).resize((700, 900))
        query, _ = query_features(np.asarray(DRAWN.compressed(turned, 70)))
        assert [bool(verify(query, held)) for held in found] == [number == other for other in range(4)]


@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_is_confirmed_of_flat_pictures(level: int) -> None:
    flat = of(Image.new("L", (400, 300), level))
    assert verify(flat, flat) is None
    assert verify(of(grey(0)), flat) is None
    assert len(matches(flat, of(grey(0)))) == 0


def test_points_in_one_spot_or_on_one_line_confirm_nothing() -> None:
    found = of(grey(0))
    crowded = found.points[:40].copy()
    crowded[:, :2] = 200 + (crowded[:, :2] - 200) / 100  # all within a few pixels
    spot = Features(512, 400, crowded, found.codes[:40])
    same = Features(512, 400, np.repeat(found.points[:1], 40, axis=0), found.codes[:40])
    line = found.points[:40].copy()
    line[:, 1] = 200
    on_line = Features(512, 400, line, found.codes[:40])
    assert verify(same, same) is None
    assert verify(on_line, on_line) is None
    assert verify(spot, spot) is None


def test_the_same_question_has_the_same_answer() -> None:
    image = grey(4)
    query, held = of(image.rotate(20)), of(image)
    one, other = verify(query, held), verify(query, held)
    assert one is not None
    assert other is not None
    assert np.array_equal(one.transform, other.transform)
    assert np.array_equal(one.pairs, other.pairs)
