"""What is asked of a child arrives as it was asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection import wire
from archiver.inspection.wanted import LARGEST, Wanted

SIDES = st.integers(0, LARGEST)


@given(st.builds(Wanted, st.booleans(), st.booleans(), SIDES, SIDES))
def test_a_request_is_read_back_as_it_was_written(wanted: Wanted) -> None:
    request = wire.Request(Path("/somewhere/a\udcffb\n"), wanted)
    assert wire.read_request(wire.write_request(request)) == request


@pytest.mark.parametrize("side", [-1, LARGEST + 1])
def test_a_picture_of_no_bounded_size_is_not_asked_for(side: int) -> None:
    with pytest.raises(ValueError, match="1024 pixels"):
        Wanted(grey=side)
    with pytest.raises(ValueError, match="1024 pixels"):
        Wanted(colour=side)
