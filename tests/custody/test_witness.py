"""What a checkpoint that was kept elsewhere proves of a log, whatever the log's holder does."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.checkpoint import Checkpoint
from archiver.custody.finding import Code, Finding
from archiver.custody.merkle import root, verify_consistency
from archiver.custody.witness import Extension, extension, first_difference

ORIGIN = "archive.example/desk"
SIZES = st.integers(0, 40)


def leaves(count: int, *, word: str = "") -> list[bytes]:
    return [sha256(f"{word}{number}".encode()).digest() for number in range(count)]


def signed(of: list[bytes]) -> Checkpoint:
    return Checkpoint(ORIGIN, len(of), root(of))


@given(first=SIZES, more=SIZES)
def test_a_log_that_only_grew_extends_what_was_kept_and_the_proof_convinces_a_stranger(first: int, more: int) -> None:
    log = leaves(first + more)

    outcome = extension(signed(log[:first]), signed(log), log)

    assert isinstance(outcome, Extension)
    if first:
        kept, today = outcome.kept, outcome.today
        assert verify_consistency(kept.size, kept.root, today.size, today.root, outcome.proof)


@given(size=st.integers(1, 40), gone=st.integers(1, 40))
def test_a_log_that_lost_its_end_is_rolled_back(size: int, gone: int) -> None:
    log = leaves(size + gone)

    outcome = extension(signed(log), signed(log[:size]), log[:size])

    assert isinstance(outcome, Finding)
    assert outcome.code is Code.ROLLED_BACK
    assert f"from event {size} on" in outcome.detail


@given(data=st.data(), size=st.integers(1, 40), more=SIZES)
def test_a_log_rewritten_anywhere_before_is_found_and_the_place_where_it_is_remembered(
    data: st.DataObject, size: int, more: int
) -> None:
    place = data.draw(st.integers(0, size - 1))
    before = leaves(size + more)
    log = before[:place] + leaves(len(before) - place, word="forged")

    outcome = extension(signed(before[:size]), signed(log), log)

    assert isinstance(outcome, Finding)
    assert outcome.code is Code.REWRITTEN
    assert first_difference(signed(before[:size]), log, before) == place


@given(size=st.integers(1, 40), more=st.integers(1, 40))
def test_what_was_altered_behind_the_checkpoint_is_not_its_business(size: int, more: int) -> None:
    before = leaves(size + more)
    log = before[:size] + leaves(more, word="other")

    assert isinstance(extension(signed(before[:size]), signed(log), log), Extension)


def test_what_is_remembered_wrongly_names_no_place() -> None:
    before, log = leaves(9), leaves(9, word="forged")

    assert first_difference(signed(before), log, leaves(9, word="dreamt")) is None
    assert first_difference(signed(before), log, before[:8]) is None


@pytest.mark.parametrize("held", [0, 5, 11])
def test_leaves_that_are_not_those_of_todays_checkpoint_prove_nothing(held: int) -> None:
    log = leaves(12)

    assert isinstance(extension(signed(log[:7]), signed(log), log[:held]), Finding)


def test_the_empty_checkpoint_is_extended_by_every_log_and_only_with_the_empty_root() -> None:
    log = leaves(3)

    assert isinstance(extension(signed([]), signed(log), log), Extension)
    assert isinstance(extension(Checkpoint(ORIGIN, 0, bytes(32)), signed(log), log), Finding)
