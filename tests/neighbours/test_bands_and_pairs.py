"""Many queries at once, and all pairs: exactly what comparing every one with every other gives."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.neighbours import bands, pairs, search
from archiver.neighbours.bands import BANDS, Bands, masks, pays, reaches
from archiver.neighbours.columns import columns
from archiver.neighbours.lanes import BITS, lanes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PRINTS = st.integers(0, 2**BITS - 1)
CHANGES = st.lists(st.integers(0, BITS - 1), max_size=70, unique=True).map(lambda bits: sum(1 << bit for bit in bits))
RADII = st.one_of(st.integers(0, 48), st.sampled_from([0, 15, 16, 17, 31, 32, 33, 64, 65]))


@st.composite
def rows(draw: st.DrawFn) -> list[int]:
    """Fingerprints, most of them near to one of a few."""
    centres = draw(st.lists(PRINTS, min_size=1, max_size=3))
    near = st.builds(lambda centre, change: centre ^ change, st.sampled_from(centres), CHANGES)
    return draw(st.lists(st.one_of(near, PRINTS), max_size=40))


def lanes(prints: Sequence[int]) -> NDArray[np.uint64]:
    return lanes_of([f"{each:064x}" for each in prints])


def lanes_bytes(prints: Sequence[int]) -> bytes:
    return b"".join(each.to_bytes(32, "big") for each in prints)


def every_pair(prints: Sequence[int], radius: int) -> list[tuple[int, int, int]]:
    return [
        (one, other, (a ^ b).bit_count())
        for one, a in enumerate(prints)
        for other, b in enumerate(prints)
        if one < other and (a ^ b).bit_count() <= radius
    ]


@settings(max_examples=100)
@given(
    rows(),
    st.lists(st.lists(st.one_of(PRINTS, CHANGES), min_size=1, max_size=3), max_size=4),
    RADII,
    st.sampled_from([3, 65_536]),
)
def test_bands_find_what_comparing_every_pair_finds(
    prints: list[int], queries: list[list[int]], radius: int, together: int
) -> None:
    queries += [[each, each ^ 1] for each in prints[:3]]
    with patch.object(bands, "_TOGETHER", together):
        found = Bands(lanes(prints)).within([lanes(variants) for variants in queries], radius)

    for variants, answer in zip(queries, found, strict=True):
        best = [min(((each ^ variant).bit_count(), n) for n, variant in enumerate(variants)) for each in prints]
        expected = [(row, *near) for row, near in enumerate(best) if near[0] <= radius]
        got = zip(answer.rows.tolist(), answer.distances.tolist(), answer.variants.tolist(), strict=True)
        assert list(got) == expected


@settings(max_examples=100)
@given(rows(), RADII, st.sampled_from([3, 65_536]))
@example([0, 2**256 - 1, 1], 0, 3)
def test_pairs_are_all_pairs_each_once(prints: list[int], radius: int, together: int) -> None:
    prints = list(dict.fromkeys(prints))
    with patch.object(bands, "_TOGETHER", together):
        found = pairs.pairs(lanes(prints), radius)

    assert found.balls == []
    got = zip(found.one.tolist(), found.other.tolist(), found.distance.tolist(), strict=True)
    assert sorted(got) == every_pair(prints, radius)


@settings(max_examples=100)
@given(rows(), st.integers(0, 40))
def test_of_hot_rows_the_balls_are_whole_and_the_pairs_of_the_others_all(prints: list[int], radius: int) -> None:
    prints = list(dict.fromkeys(prints))
    with patch.object(pairs, "HOT", 4), patch.object(pairs, "_MANY", 3):
        found = pairs.pairs(lanes(prints), radius)

    hot: set[int] = set()
    for ball in found.balls:
        members = ball.members.tolist()
        assert members[0] == ball.centre
        near = [
            row
            for row in range(len(prints))
            if row not in hot and (prints[row] ^ prints[ball.centre]).bit_count() <= radius
        ]
        assert sorted(members) == near
        assert ball.distances.tolist() == [(prints[row] ^ prints[ball.centre]).bit_count() for row in members]
        hot |= set(members)
    got = zip(found.one.tolist(), found.other.tolist(), found.distance.tolist(), strict=True)
    assert sorted(got) == [pair for pair in every_pair(prints, radius) if not hot & {*pair[:2]}]


def test_thousands_of_variants_of_one_picture_are_a_ball_and_not_their_square() -> None:
    chance = np.random.default_rng(1)
    rows = np.tile(chance.integers(0, 2**64, (1, 4), dtype=np.uint64), (20_000, 1))
    for _ in range(10):
        bits = chance.integers(0, BITS, len(rows))
        rows[np.arange(len(rows)), bits // 64] ^= np.left_shift(np.uint64(1), (bits % 64).astype(np.uint64))
    rows = rows[pairs.collapsed(rows).rows]

    found = pairs.pairs(rows, 31)

    assert [len(ball.members) for ball in found.balls] == [len(rows)]
    assert len(found.one) == 0


@given(st.lists(st.integers(0, 5), max_size=50))
def test_identical_rows_are_one_and_none_is_lost(values: list[int]) -> None:
    same = pairs.collapsed(lanes(values))

    firsts = [row for row, value in enumerate(values) if value not in values[:row]]
    assert same.rows.tolist() == firsts
    assert [values[same.rows[place]] for place in same.member.tolist()] == values


@given(st.integers(0, BITS), st.lists(st.integers(0, BITS - 1), max_size=BITS, unique=True))
def test_two_rows_within_the_radius_are_within_reach_in_some_band(radius: int, bits: list[int]) -> None:
    per_band = [sum(bit // 16 == band for bit in bits[:radius]) for band in range(BANDS)]

    assert any(count <= reach for count, reach in zip(per_band, reaches(radius), strict=True))


@pytest.mark.parametrize(("reach", "count"), [(-1, 0), (0, 1), (1, 17), (2, 137), (16, 2**16)])
def test_the_masks_of_a_reach_are_all_there_once(reach: int, count: int) -> None:
    found = masks(reach)
    assert len(set(found.tolist())) == len(found) == count
    assert all(int(mask).bit_count() <= reach for mask in found)


def test_bands_are_made_for_many_queries_within_a_small_radius_only() -> None:
    assert pays(1_000_000, 1000, 1000, 31)
    assert not pays(1_000_000, 10, 10, 31)
    assert not pays(1_000_000, 100_000, 100_000, 65)


@settings(max_examples=50)
@given(rows(), st.lists(st.tuples(st.lists(PRINTS, min_size=1, max_size=2), st.sampled_from([0, 20, 31])), max_size=5))
def test_the_answer_is_the_same_whichever_way_costs_less(
    prints: list[int], queries: list[tuple[list[int], int]]
) -> None:
    queries += [([each], radius) for each, radius in zip(prints, [0, 31, 20, 31, 0], strict=False)]
    asked = [(lanes(variants), radius) for variants, radius in queries]
    held = columns(lanes_bytes(prints), bytes(32 * len(prints)), range(len(prints)), [90] * len(prints))
    with patch.object(search, "FEW", 0), patch.object(bands, "pays", lambda *words: words[-1] > 0):
        by_bands = search.search(held, asked)

    for one, other in zip(by_bands, search.search(held, asked), strict=True):
        assert (one.rows.tolist(), one.distances.tolist()) == (other.rows.tolist(), other.distances.tolist())
        assert one.variants.tolist() == other.variants.tolist()
