"""The search by look: every fingerprint within the radius, none missed and none too many."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.fingerprint.algorithm import CURRENT
from archiver.fingerprint.orientations import exactly
from archiver.neighbours import scan
from archiver.neighbours.columns import Columns, columns
from archiver.neighbours.index import LookIndex
from archiver.neighbours.lanes import BITS, lanes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PRINTS = st.integers(0, 2**BITS - 1)
NONE, ALL = 0, 2**BITS - 1
EVEN_ROWS = int("ffff0000" * 8, 16)
EVEN_COLUMNS = int("aaaa" * 16, 16)
MIRRORINGS = [0, EVEN_ROWS, EVEN_COLUMNS, EVEN_ROWS ^ EVEN_COLUMNS, ALL]

Query = tuple[list[int], int]


def held(prints: Sequence[int]) -> Columns:
    bits = b"".join(each.to_bytes(32, "big") for each in prints)
    return columns(bits, bytes(32 * len(prints)), range(len(prints)), [90] * len(prints))


def expected(prints: Sequence[int], query: Query) -> list[tuple[int, int, int]]:
    variants, radius = query
    best = [min(((each ^ variant).bit_count(), n) for n, variant in enumerate(variants)) for each in prints]
    return [(row, *found) for row, found in enumerate(best) if found[0] <= radius]


def found(columns: Columns, queries: Sequence[Query]) -> list[list[tuple[int, int, int]]]:
    asked = [(lanes_of([f"{each:064x}" for each in variants]), radius) for variants, radius in queries]
    return [
        list(zip(each.rows.tolist(), each.distances.tolist(), each.variants.tolist(), strict=True))
        for each in scan.within(columns, asked)
    ]


@st.composite
def near(draw: st.DrawFn) -> tuple[list[int], list[Query]]:
    """Held fingerprints, most of them a few bits from a query or a mirroring of it, and queries with their radii."""
    changes = st.lists(st.integers(0, BITS - 1), max_size=90, unique=True).map(lambda bits: sum(1 << b for b in bits))
    few = st.lists(st.integers(0, BITS - 1), max_size=6, unique=True).map(lambda bits: sum(1 << b for b in bits))
    bases = draw(st.lists(PRINTS, min_size=1, max_size=3))
    one = st.tuples(st.sampled_from(bases), st.sampled_from(MIRRORINGS))
    prints = draw(st.lists(st.one_of(PRINTS, st.builds(lambda of, by: of[0] ^ of[1] ^ by, one, changes)), max_size=40))
    variant = st.one_of(PRINTS, st.builds(lambda of, by: of[0] ^ of[1] ^ by, one, few))
    query = st.tuples(st.lists(variant, min_size=1, max_size=8), st.one_of(st.integers(0, 90), st.integers(0, BITS)))
    return prints, draw(st.lists(query, min_size=1, max_size=4))


@given(near(), st.sampled_from([8, 24, scan.BLOCK]), st.sampled_from([2, 65_536]))
@example(([ALL, NONE, ALL ^ 1], [([NONE], BITS)]), 8, 2)
@example(([ALL], [([NONE], 0), ([ALL], 0)]), 8, 2)
@example(([NONE] * 20, [([NONE, ALL], 255)]), 8, 2)
def test_the_answer_is_that_of_comparing_every_pair(
    case: tuple[list[int], list[Query]], block: int, at_once: int
) -> None:
    prints, queries = case
    with patch.object(scan, "BLOCK", block), patch.object(scan, "_AT_ONCE", at_once):
        assert found(held(prints), queries) == [expected(prints, query) for query in queries]


def test_a_distance_of_256_does_not_wrap_to_none() -> None:
    assert found(held([ALL]), [([NONE], 255), ([NONE], 256)]) == [[], [(0, 256, 0)]]


@pytest.mark.parametrize("rows", [scan.BLOCK - 1, scan.BLOCK, scan.BLOCK + 1, 3 * scan.BLOCK + 5])
def test_thousands_are_searched_without_losing_one(rows: int) -> None:
    chance = np.random.default_rng(rows)
    prints = [int.from_bytes(chance.bytes(32), "big") for _ in range(rows)]
    places = (0, 1, scan.BLOCK - 2, rows - 1)

    for radius in (0, 20, 31, 65, 100):
        answers = found(held(prints), [([prints[place] ^ (2**radius - 1)], radius) for place in places])
        assert [(place, radius, 0) in answer for place, answer in zip(places, answers, strict=True)] == [True] * 4


@given(st.integers(0, 2**32), st.integers(0, 80))
def test_the_orientations_of_a_picture_are_searched_together_and_none_is_lost(seed: int, radius: int) -> None:
    chance = np.random.default_rng(seed)
    grey = chance.integers(0, 256, (64, 64), dtype=np.uint8)
    variants = dict(exactly(grey, np.ascontiguousarray(grey.T)))
    prints = [
        int(bits, 16) ^ sum(1 << int(b) for b in chance.choice(BITS, radius, replace=False))
        for bits in variants.values()
    ]

    (answer,) = found(held(prints), [([int(bits, 16) for bits in variants.values()], radius)])

    assert answer == expected(prints, ([int(bits, 16) for bits in variants.values()], radius))
    assert len(answer) == len(prints)
    groups = list(scan.groups(0, lanes_of(list(variants.values())), radius))
    assert [len(group.places) for group in groups] == [4, 4]


def test_an_empty_index_finds_nothing() -> None:
    index = LookIndex(str(CURRENT))
    assert index.within({"upright": "00" * 32}, 255) == []
    assert index.within_each([]) == []
    with pytest.raises(ValueError, match="cannot be compared"):
        index.within({"upright": "00" * 31}, 10)
