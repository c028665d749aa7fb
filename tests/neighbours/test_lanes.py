"""The arrangement of the bits changes no distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.neighbours.lanes import BITS, LANE, arranged, lanes_of

PRINTS = st.integers(0, 2**BITS - 1)


def hexadecimal(bits: int) -> str:
    return f"{bits:064x}"


@given(PRINTS, PRINTS)
def test_two_fingerprints_are_as_far_apart_as_they_were(one: int, other: int) -> None:
    lanes = lanes_of([hexadecimal(one), hexadecimal(other)])

    assert lanes.shape == (2, 4)
    assert int(np.bitwise_count(lanes[0] ^ lanes[1]).sum(dtype=int)) == (one ^ other).bit_count()


@pytest.mark.parametrize(
    ("odd_row", "odd_column", "lane"), [(False, False, 0), (False, True, 1), (True, False, 2), (True, True, 3)]
)
def test_a_lane_holds_the_signs_of_one_parity(*, odd_row: bool, odd_column: bool, lane: int) -> None:
    signs = np.zeros((16, 16), dtype=bool)
    signs[odd_row::2, odd_column::2] = True

    counts = np.bitwise_count(arranged(np.packbits(signs).tobytes()))[:, 0].tolist()

    assert counts == [LANE if each == lane else 0 for each in range(4)]


@pytest.mark.parametrize("bits", ["", "00", "00" * 31, "00" * 33])
def test_fingerprints_of_another_length_are_refused(bits: str) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        lanes_of([bits])
    with pytest.raises(ValueError, match="no fingerprints"):
        arranged(b"\0" * 33)
