"""The stored bits are imagehash's, to the last one; the quality says how far they can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagehash
import numpy as np
import pytest
import scipy.fftpack
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from archiver.fingerprint import perceptual
from archiver.fingerprint.algorithm import QUALITY_BOUND
from archiver.fingerprint.cosine import low_frequencies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.fingerprint.drawn import Drawn


def of(image: Image.Image) -> str:
    return perceptual.bits(perceptual.matrix(image.convert("L")))


@given(arrays.arrays(np.uint8, (64, 64)))
@settings(deadline=None)
def test_the_transform_equals_scipys_to_the_last_bit(matrix: NDArray[np.uint8]) -> None:
    scipys = scipy.fftpack.dct(scipy.fftpack.dct(matrix, axis=0), axis=1)[:16, :16]
    assert np.array_equal(low_frequencies(matrix), scipys)


@given(st.integers(0, 2**32), st.sampled_from(["plain", "left-right", "top-bottom", "both", "diagonal"]))
@settings(deadline=None)
def test_even_symmetric_pictures_whose_bits_are_decided_by_rounding_get_imagehashs_bits(
    seed: int, symmetry: str
) -> None:
    matrix = np.random.default_rng(seed).integers(0, 256, (64, 64), dtype=np.uint8)
    if symmetry in {"left-right", "both"}:
        matrix = np.maximum(matrix, matrix[:, ::-1])
    if symmetry in {"top-bottom", "both"}:
        matrix = np.maximum(matrix, matrix[::-1])
    if symmetry == "diagonal":
        matrix = np.maximum(matrix, matrix.T)
    assert perceptual.bits(matrix) == str(imagehash.phash(Image.fromarray(matrix), hash_size=16))


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_of_any_size_gets_imagehashs_bits(seed: int, drawn: Drawn) -> None:
    for image in (
        drawn.scene(300 + 131 * seed, 220 + 97 * seed, seed),
        drawn.noise(64 + 57 * seed, 91 + 43 * seed, seed),
    ):
        expected = str(imagehash.phash(image.convert("L"), hash_size=16))
        assert of(image) == expected
        coefficients = low_frequencies(perceptual.matrix(image.convert("L")))
        assert perceptual.with_imagehash(coefficients) == expected


def test_leading_zeros_are_kept() -> None:
    coefficients = np.zeros((16, 16))
    coefficients[15, 15] = 1
    assert perceptual.digits(coefficients) == "0" * 63 + "1"
    assert perceptual.with_imagehash(coefficients) == "0" * 63 + "1"


@given(arrays.arrays(np.float64, (8, 16, 16), elements=st.floats(-1e6, 1e6)))
@settings(deadline=None)
def test_several_sets_of_coefficients_are_written_as_each_alone(several: NDArray[np.float64]) -> None:
    assert perceptual.digits_of_each(several) == [perceptual.digits(one) for one in several]


def test_photographs_may_match_by_look(drawn: Drawn) -> None:
    for seed in range(4):
        assert perceptual.quality(perceptual.matrix(drawn.scene(seed=seed).convert("L"))) >= 85


@pytest.mark.parametrize("ink", [180, 225])
def test_a_ruled_page_with_a_sketch_may_match_by_look_and_an_empty_one_may_not(ink: int, drawn: Drawn) -> None:
    sketched = perceptual.matrix(drawn.compressed(drawn.page(sketch=True, ink=ink)))
    empty = perceptual.matrix(drawn.compressed(drawn.page(sketch=False, ink=ink)))
    assert perceptual.quality(sketched) >= QUALITY_BOUND + 20
    assert perceptual.quality(empty) <= QUALITY_BOUND - 20


@pytest.mark.parametrize(("noise", "slope"), [(0, 0), (1, 0), (3, 0), (6, 0), (12, 0), (3, 80), (6, 80), (2, 150)])
def test_blank_sheets_and_clear_skies_never_match_by_look(noise: float, slope: float, drawn: Drawn) -> None:
    sheet = drawn.compressed(drawn.blank(240, noise, slope))
    assert perceptual.quality(perceptual.matrix(sheet)) <= QUALITY_BOUND - 30


def test_a_picture_that_is_its_own_mirror_image_is_known_to_have_undecided_bits() -> None:
    half = np.random.default_rng(3).integers(0, 256, (64, 32), dtype=np.uint8)
    assert perceptual.quality(np.hstack([half, half[:, ::-1]])) <= 55


@given(st.integers(0, 2**256 - 1), st.integers(0, 2**256 - 1))
def test_distance_counts_differing_bits(one: int, other: int) -> None:
    differing = sum(a != b for a, b in zip(f"{one:0256b}", f"{other:0256b}", strict=True))
    assert perceptual.distance(f"{one:064x}", f"{other:064x}") == differing


def test_fingerprints_of_different_lengths_are_never_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        perceptual.distance("00" * 32, "00" * 8)
