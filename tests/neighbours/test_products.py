"""Many single fingerprints at once, by products: the same answers as comparing every pair, at each of its radii."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.neighbours import products, scan
from archiver.neighbours.lanes import BITS, lanes_of
from archiver.neighbours.search import search
from tests.neighbours.test_scan import ALL, NONE, PRINTS, expected, held

LARGEST = max(radius for radius in range(BITS) if products.pays(products.LEAST, radius))


def changed(bits: list[int]) -> int:
    return sum(1 << bit for bit in bits)


@st.composite
def case(draw: st.DrawFn) -> tuple[list[int], list[int], int]:
    """Held fingerprints, most of them near a query, queries, and a radius."""
    queries = draw(st.lists(PRINTS, min_size=1, max_size=8))
    changes = st.lists(st.integers(0, BITS - 1), max_size=LARGEST + 5, unique=True).map(changed)
    near = st.builds(int.__xor__, st.sampled_from(queries), changes)
    prints = draw(st.lists(st.one_of(PRINTS, near, st.sampled_from([NONE, ALL])), max_size=30))
    return prints, queries, draw(st.integers(0, LARGEST))


@given(case(), st.sampled_from([1, 7, 1024]))
@example(([ALL] * 9 + [NONE] * 9, [NONE, ALL, NONE, ALL], LARGEST), 7)
@example(([NONE], [changed(list(range(LARGEST))), changed(list(range(LARGEST + 1)))], LARGEST), 1)
@example(([], [NONE], 0), 7)
def test_the_answer_is_that_of_comparing_every_pair(case: tuple[list[int], list[int], int], rows: int) -> None:
    prints, queries, radius = case
    with patch.object(products, "_ROWS", rows):
        found = products.within(held(prints), lanes_of([f"{each:064x}" for each in queries]), radius)

    assert [
        list(zip(each.rows.tolist(), each.distances.tolist(), each.variants.tolist(), strict=True)) for each in found
    ] == [expected(prints, ([query], radius)) for query in queries]


def test_it_is_refused_where_its_sums_would_not_be_exact() -> None:
    with pytest.raises(ValueError, match="exact"):
        products.within(held([NONE]), lanes_of([f"{NONE:064x}"]), LARGEST + 1)
    assert not products.pays(10_000, LARGEST + 1)


def test_many_queries_of_all_kinds_are_answered_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    rows = chance.integers(0, 2**64, (3000, 4), dtype=np.uint64)
    rows[1000:2000] = rows[:1000] ^ (chance.integers(0, 2**64, (1000, 4), dtype=np.uint64) & np.uint64(0x1111111111))
    prints = held([int.from_bytes(row.astype(">u8").tobytes(), "big") for row in rows])
    lanes = np.stack([prints.span(lane, 0, 3000) for lane in range(4)], axis=1).astype(np.uint64)
    singles = [(lanes[place : place + 1], 65) for place in range(0, 2000, 7)]
    several = [(lanes[place : place + 2], 31) for place in range(0, 2000, 400)]
    asked = [*several, *singles, (lanes[5:6], 12)]
    used: list[int] = []
    through = products.within

    def counted(*words: object) -> list[scan.Within]:
        used.append(1)
        return through(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(products, "within", counted)
    answers = search(prints, asked)

    assert used
    for query, answer in zip(asked, answers, strict=True):
        (alone,) = scan.within(prints, [query])
        assert [each.tolist() for each in answer] == [each.tolist() for each in alone]
