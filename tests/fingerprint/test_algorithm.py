"""A name records everything that shaped the bits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.fingerprint import algorithm
from archiver.fingerprint.algorithm import Algorithm, UnknownAlgorithmError

KNOWN = (algorithm.CURRENT, algorithm.PIXELS_RGBA8, algorithm.PIXELS_GREY16, algorithm.PIXELS_CMYK8, algorithm.FEATURES)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_parse_undoes_str_for_every_algorithm_there_is(known: Algorithm) -> None:
    assert Algorithm.parse(str(known)) is known


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_every_name_fits_the_fact(known: Algorithm) -> None:
    assert re.fullmatch(r"[a-z0-9]+-[0-9]+(:[a-z0-9.=-]+)*", str(known))


@given(st.text() | st.from_regex(r"phash-[0-9](:[a-z0-9]{1,8}){0,6}", fullmatch=True))
def test_an_unknown_name_raises_and_is_never_taken_for_a_known_one(name: str) -> None:
    if name in {str(known) for known in KNOWN}:
        return
    with pytest.raises(UnknownAlgorithmError):
        Algorithm.parse(name)


def test_no_two_algorithms_share_a_name() -> None:
    assert len({str(known) for known in KNOWN}) == len(KNOWN)


def test_without_a_quality_nothing_matches_by_look() -> None:
    assert not algorithm.matches_by_look(None)
    assert not algorithm.matches_by_look(algorithm.QUALITY_BOUND - 1)
    assert algorithm.matches_by_look(algorithm.QUALITY_BOUND)
