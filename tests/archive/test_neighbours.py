"""The search by look: every fingerprint within the radius, none missed and none too many."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.neighbours.column import BITS, Column

PRINTS = st.integers(0, 2**BITS - 1)
NONE, ALL = 0, 2**BITS - 1


def hexadecimal(bits: int) -> str:
    return f"{bits:064x}"


@st.composite
def near(draw: st.DrawFn) -> tuple[list[int], dict[str, int], int]:
    """Held fingerprints, most of them a few bits from the query, the query's variants, and a radius."""
    query = draw(PRINTS)
    changes = st.lists(st.integers(0, BITS - 1), max_size=80, unique=True)
    held = [
        query ^ sum(1 << bit for bit in draw(changes)) if draw(st.booleans()) else draw(PRINTS)
        for _ in range(draw(st.integers(0, 25)))
    ]
    variants = {"upright": query, "mirrored": draw(PRINTS)}
    return held, variants, draw(st.integers(0, BITS))


@given(near())
@example(([ALL, NONE, ALL ^ 1], {"upright": NONE}, BITS))
@example(([ALL], {"upright": NONE}, 0))
def test_the_answer_is_that_of_comparing_every_pair(case: tuple[list[int], dict[str, int], int]) -> None:
    held, variants, radius = case
    column = Column()
    column.extend((number, f"item {number:02d}", hexadecimal(bits), number) for number, bits in enumerate(held))

    found = column.within({name: hexadecimal(bits) for name, bits in variants.items()}, radius)

    expected = {}
    for number, bits in enumerate(held):
        distance, order = min(((bits ^ each).bit_count(), n) for n, each in enumerate(variants.values()))
        if distance <= radius:
            expected[f"item {number:02d}"] = (distance, list(variants)[order], number, number)
    assert {n.item: (n.distance, n.variant, n.quality, n.number) for n in found} == expected
    assert [(n.distance, n.item) for n in found] == sorted((n.distance, n.item) for n in found)


def test_a_distance_of_256_does_not_wrap_to_none() -> None:
    column = Column()
    column.extend([(0, "the opposite", hexadecimal(ALL), 99)])

    assert column.within({"upright": hexadecimal(NONE)}, 255) == []
    (found,) = column.within({"upright": hexadecimal(NONE)}, 256)
    assert found.distance == 256


@given(st.lists(PRINTS, max_size=30), st.integers(0, 30))
def test_in_whatever_portions_they_come_the_answer_is_the_same(held: list[int], cut: int) -> None:
    prints = [(number, str(number), hexadecimal(bits), None) for number, bits in enumerate(held)]
    whole, portions = Column(), Column()
    whole.extend(prints)
    portions.extend(prints[:cut])
    portions.extend(print_ for print_ in prints if print_[0] > portions.watermark)

    assert portions.watermark == len(held) - 1
    query = {"upright": hexadecimal(NONE)}
    assert portions.within(query, 128) == whole.within(query, 128)


def test_thousands_are_held_without_losing_one() -> None:
    column = Column()
    column.extend((number, str(number), hexadecimal(number), None) for number in range(5000))

    assert len(column) == 5000
    for number in (0, 1023, 1024, 2047, 2048, 4999):
        assert [n.item for n in column.within({"upright": hexadecimal(number)}, 0)] == [str(number)]


@pytest.mark.parametrize("bits", ["", "00", "00" * 31, "00" * 33])
def test_fingerprints_of_another_length_are_never_compared(bits: str) -> None:
    column = Column()
    with pytest.raises(ValueError, match="cannot be compared"):
        column.extend([(0, "item", bits, None)])
    with pytest.raises(ValueError, match="cannot be compared"):
        column.within({"upright": bits}, 10)
    assert len(column) == 0
