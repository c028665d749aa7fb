"""A query turned or mirrored in any of eight ways finds the picture that is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archiver.fingerprint import pdq, perceptual
from archiver.fingerprint.cosine import low_frequencies
from archiver.fingerprint.orientations import ALLOWANCE, NAMES, UPRIGHT, nearly, of_bits, orientations

if TYPE_CHECKING:
    from tests.fingerprint.drawn import Drawn

CLOCKWISE = {0: None, 90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def done(held: Image.Image, name: str) -> Image.Image:
    """What the name says was done to the held picture."""
    if name.startswith("mirrored"):
        held = held.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    degrees = int(name.rsplit("-", 1)[1]) if "rotated" in name else 0
    turn = CLOCKWISE[degrees]
    return held if turn is None else held.transpose(turn)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(900, 700), (513, 1024), (64, 64), (77, 40)])
def test_the_name_says_what_was_done_to_the_held_picture(name: str, size: tuple[int, int], drawn: Drawn) -> None:
    held = drawn.scene(*size).convert("L")
    stored = str(imagehash.phash(held, hash_size=16))
    found = dict(orientations(done(held, name)))
    assert found[name] == stored


@given(st.integers(0, 2**32), st.integers(30, 400), st.integers(30, 400), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=40)
def test_every_orientation_equals_imagehash_of_the_turned_picture_bit_for_bit(
    drawn: Drawn, seed: int, width: int, height: int, name: str
) -> None:
    held = drawn.noise(width, height, seed)
    assert dict(orientations(done(held, name)))[name] == str(imagehash.phash(held, hash_size=16))


def test_symmetric_pictures_are_equal_bit_for_bit_too(drawn: Drawn) -> None:
    left = drawn.scene(400, 600).convert("L")
    held = Image.new("L", (800, 600))
    held.paste(left, (0, 0))
    held.paste(left.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (400, 0))
    for name in NAMES:
        assert dict(orientations(done(held, name)))[name] == str(imagehash.phash(held, hash_size=16))


def test_upright_is_the_stored_fingerprint(drawn: Drawn) -> None:
    grey = drawn.scene().convert("L")
    assert orientations(grey)[0] == (UPRIGHT, perceptual.bits(perceptual.matrix(grey)))


def test_a_rich_picture_has_eight_fingerprints_far_apart(drawn: Drawn) -> None:
    found = [bits for _, bits in orientations(drawn.scene().convert("L"))]
    distances = [perceptual.distance(one, other) for i, one in enumerate(found) for other in found[:i]]
    assert min(distances) > 65


@pytest.mark.parametrize("seed", range(6))
def test_the_cheap_way_is_within_a_few_bits_of_the_exact_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (9, 12), dtype=np.uint8))
    grey = coarse.resize((700, 520), Image.Resampling.BICUBIC)

    exact = dict(orientations(grey))
    near = dict(nearly(low_frequencies(perceptual.matrix(grey))))

    assert near["upright"] == exact["upright"]
    assert max(perceptual.distance(near[name], exact[name]) for name in exact) <= 8


def test_the_bits_alone_give_nearly_the_fingerprints_of_the_turned_picture(drawn: Drawn) -> None:
    apart = []
    for picture in (drawn.scene(700, 520, seed) for seed in range(12)):
        turned, _ = pdq.pdq_turned(np.asarray(picture))
        for exact in (orientations(picture.convert("L")), turned):
            derived = of_bits(np.frombuffer(bytes.fromhex(exact[0][1]), np.uint8)[np.newaxis])[0]
            own, *others = [
                perceptual.distance(near.tobytes().hex(), bits) for (_, bits), near in zip(exact, derived, strict=True)
            ]
            assert own == 0
            apart += others
    assert np.median(apart) <= 8
    assert np.percentile(apart, 95) <= ALLOWANCE


@given(st.binary(min_size=32, max_size=32))
def test_turning_bits_four_times_or_mirroring_them_twice_gives_them_back(raw: bytes) -> None:
    bits = np.frombuffer(raw, np.uint8)[np.newaxis]
    quarter, mirrored = NAMES.index("rotated-90"), NAMES.index("mirrored")
    found = bits
    for _ in range(4):
        found = of_bits(found)[:, quarter]
    assert found.tobytes() == raw
    assert of_bits(of_bits(bits)[:, mirrored])[:, mirrored].tobytes() == raw
