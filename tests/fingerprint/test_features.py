"""Features are found again, read back as they were written, and mirrored without looking again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.fingerprint import codes
from archiver.fingerprint.features import MOST, Features, features, mirrored, query_features
from archiver.fingerprint.reduction import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.fingerprint.drawn import Drawn


def grey(drawn: Drawn, seed: int = 0, longest: int = 512) -> NDArray[np.uint8]:
    return np.asarray(within(drawn.scene(seed=seed).convert("L"), longest))


@st.composite
def written(draw: st.DrawFn) -> Features:
    count = draw(st.integers(0, 40))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    width, height = draw(st.integers(1, 2047)), draw(st.integers(1, 2047))
    spots = chance.random((count, 2)) * [width, height]
    rest = np.stack([np.exp2(chance.uniform(0, 10, count)), chance.uniform(0, 2 * np.pi, count)], axis=1)
    points = np.concatenate([spots, rest], axis=1).astype(np.float32)
    return Features(width, height, points, chance.integers(0, 2**64, (count, 2), dtype=np.uint64))


@given(written())
def test_unpacking_undoes_packing_but_for_the_rounding_of_positions(found: Features) -> None:
    read = Features.unpack(found.pack())
    assert (read.width, read.height) == (found.width, found.height)
    assert np.array_equal(read.codes, found.codes)
    assert np.abs(read.points[:, :2] - found.points[:, :2]).max(initial=0) <= 1 / 64
    assert np.abs(np.log2(read.points[:, 2] / found.points[:, 2])).max(initial=0) <= 1 / 40
    turned = read.points[:, 3] - found.points[:, 3]
    assert np.abs(np.angle(np.exp(1j * turned))).max(initial=0) <= np.pi / 200


@given(written())
def test_what_was_read_back_is_packed_into_the_same_bytes(found: Features) -> None:
    packed = Features.unpack(found.pack()).pack()
    assert Features.unpack(packed).pack() == packed
    assert Features.unpack(packed) == Features.unpack(found.pack())


@given(st.binary(max_size=120))
def test_bytes_that_pack_does_not_write_are_refused(packed: bytes) -> None:
    try:
        read = Features.unpack(packed)
    except ValueError:
        return
    assert len(packed) == 6 + 22 * len(read)


def test_features_that_were_found_survive_packing_exactly_in_ten_kilobytes(drawn: Drawn) -> None:
    found = features(grey(drawn))
    assert 100 <= len(found) <= MOST
    assert Features.unpack(found.pack()) == found
    assert len(found.pack()) <= 10_000


def test_the_same_picture_always_has_the_same_features(drawn: Drawn) -> None:
    assert features(grey(drawn, 3)) == features(grey(drawn, 3))


def test_every_part_of_a_lively_picture_keeps_some_points(drawn: Drawn) -> None:
    samples = np.asarray(drawn.noise(512, 384, seed=5))
    found = features(samples)
    assert len(found) == MOST
    quarters = (found.points[:, 0] > 256).astype(int) + 2 * (found.points[:, 1] > 192)
    assert np.bincount(quarters, minlength=4).min() >= MOST // 8


@pytest.mark.parametrize("seed", range(3))
def test_mirroring_features_equals_looking_at_the_mirror_image_again(seed: int, drawn: Drawn) -> None:
    samples = grey(drawn, seed)
    rule = mirrored(features(samples))
    again = features(np.ascontiguousarray(samples[:, ::-1]))
    near = np.hypot(*(rule.points[:, None, :2] - again.points[None, :, :2]).transpose(2, 0, 1)) < 0.5
    turned = rule.points[:, None, 3] - again.points[None, :, 3]
    near &= np.abs(np.angle(np.exp(1j * turned))) < 0.1
    assert near.any(axis=1).mean() > 0.7
    apart = np.bitwise_count(rule.codes[:, None] ^ again.codes[None]).sum(axis=2)
    assert np.median(apart[near]) <= 4
    assert np.median(np.bitwise_count(features(samples).codes[:, None] ^ again.codes[None]).sum(axis=2)) > 40


def test_mirroring_twice_gives_back_the_features(drawn: Drawn) -> None:
    found = features(grey(drawn))
    twice = mirrored(mirrored(found))
    assert np.array_equal(twice.codes, found.codes)
    assert np.allclose(twice.points, found.points, atol=1e-4)


def test_half_the_bits_are_turned_over_in_the_mirror() -> None:
    assert int(np.bitwise_count(codes.MIRROR).sum()) == 64


@given(st.integers(0, 2**32))
def test_the_code_of_a_mirrored_descriptor_is_the_mirrored_code(seed: int) -> None:
    patch = np.random.default_rng(seed).random((1, 4, 4, 8)).astype(np.float32)
    reflected = patch[:, ::-1][..., (-np.arange(8)) % 8]
    over = codes.projections(patch.reshape(1, 128))
    sure = np.abs(over) > 1e-5
    bits = codes.codes(over) ^ codes.MIRROR
    again = codes.codes(codes.projections(np.ascontiguousarray(reflected).reshape(1, 128)))
    differing = np.unpackbits((bits ^ again).astype(">u8").view(np.uint8)).astype(bool)
    assert not (differing & sure[0]).any()


def test_a_query_says_which_of_its_bits_are_least_sure(drawn: Drawn) -> None:
    found, margins = query_features(grey(drawn, 1, 1024))
    assert margins.shape == (len(found), codes.BITS)
    assert (margins >= 0).all()
    compressed = np.asarray(drawn.compressed(drawn.scene(seed=1).convert("L"), 40))
    again, _ = query_features(compressed)
    apart = found.codes[:, None] ^ again.codes[None]
    rows = np.flatnonzero(np.bitwise_count(apart).sum(axis=2).min(axis=1) < 12)
    nearest = np.bitwise_count(apart).sum(axis=2).argmin(axis=1)
    flipped = np.unpackbits(apart[rows, nearest[rows]].astype(">u8").view(np.uint8), axis=1).astype(bool)
    assert margins[rows][flipped].mean() < 0.5 * margins[rows][~flipped].mean()


@pytest.mark.parametrize("shape", [(1, 1), (23, 400), (24, 24), (300, 400)])
def test_small_and_flat_pictures_have_no_features_and_raise_nothing(shape: tuple[int, int]) -> None:
    flat = np.full(shape, 128, np.uint8)
    assert len(features(flat)) == 0
    assert len(mirrored(features(flat))) == 0
    assert query_features(flat)[1].shape == (0, codes.BITS)
    assert Features.unpack(features(flat).pack()) == features(flat)


def test_a_picture_too_large_to_be_written_is_refused() -> None:
    with pytest.raises(ValueError, match="reduce it"):
        features(np.zeros((30, 2048), np.uint8))
