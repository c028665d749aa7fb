"""Trust runs from the first key along the log, and whoever holds another key than the one in force is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.check import check
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.errors import KeyEventRefused, NoteAltered, NoteRetired, NoteUnverified
from archiver.custody.event import Draft
from archiver.custody.finding import Code
from archiver.custody.keyring import RETIREMENT, SUBJECT, Keyring
from archiver.custody.keys import SigningKey
from archiver.custody.merkle import Frontier
from tests.custody.conftest import ORIGIN
from tests.custody.rotating import Rotating, found, look


@pytest.fixture
def log() -> Rotating:
    """Three events, a rotation (event 3), two events."""
    made = Rotating()
    made.take(3)
    made.rotate()
    made.take(2)
    return made


@pytest.mark.parametrize("signatures", [True, False])
def test_a_log_is_intact_by_its_first_key_alone_however_often_it_rotates(log: Rotating, *, signatures: bool) -> None:
    log.rotate()
    log.rotate()
    log.take()

    report = look(log, signatures=signatures)

    assert report.intact
    terms = [(term.key, term.since, term.until) for term in report.keys.terms]
    ends = [(0, 4), (4, 7), (7, 8), (8, None)]
    assert terms == [(key.public, *end) for key, end in zip(log.keys, ends, strict=True)]
    assert report.keys.signing == log.keys[-1].public


@pytest.mark.parametrize("signatures", [True, False])
def test_by_a_later_key_alone_nothing_before_it_is_believed(log: Rotating, *, signatures: bool) -> None:
    report = check(log.batches, [log.keys[1].public], origin=ORIGIN, signatures=signatures)

    assert (Code.UNKNOWN_KEY, "event 0") in found(report)
    assert (Code.WRONG_KEY_EVENT, "event 3") in found(report)


def test_what_an_old_key_signs_after_its_rotation_is_named_event_and_checkpoint(log: Rotating) -> None:
    log.take(2, by=log.first)

    assert found(look(log)) == [
        (Code.RETIRED_KEY, "event 6"),
        (Code.RETIRED_KEY, "event 7"),
        (Code.RETIRED_KEY, "000000000006.json"),
    ]


def test_what_a_retired_key_signs_is_named_and_what_it_signed_before_is_in_doubt_and_no_finding(log: Rotating) -> None:
    log.retire(log.first, since=1)
    assert look(log).intact

    log.take(1, by=log.first)
    report = look(log)

    assert found(report) == [(Code.RETIRED_KEY, "event 7"), (Code.RETIRED_KEY, "000000000007.json")]
    (doubt,) = report.keys.doubts()
    assert (doubt.first, doubt.last, doubt.term.key) == (1, 3, log.first.public)


def test_a_stranger_is_told_from_a_former_key(log: Rotating) -> None:
    log.take(1, by=SigningKey.generate())

    assert found(look(log)) == [(Code.UNKNOWN_KEY, "event 6"), (Code.WRONG_CHECKPOINT, "000000000006.json")]


def test_a_key_signs_nothing_before_the_rotation_that_brings_it_in() -> None:
    log = Rotating()
    early = SigningKey.generate()
    log.take(1, by=early)
    log.put(log.rotation(early), behind=early)

    assert found(look(log)) == [(Code.UNKNOWN_KEY, "event 0"), (Code.WRONG_CHECKPOINT, "000000000000.json")]


def test_the_checkpoint_behind_a_rotation_is_the_new_keys_and_the_old_one_cannot_sign_it() -> None:
    log = Rotating()
    log.take()
    new = SigningKey.generate()
    log.put(log.rotation(new))  # whoever signs the event signs the checkpoint, too

    assert found(look(log)) == [(Code.RETIRED_KEY, "000000000001.json")]


STRANGER, THIEF = SigningKey.generate(), SigningKey.generate()


@pytest.mark.parametrize("signatures", [True, False])
def test_a_rotation_by_a_former_key_brings_no_key_in(log: Rotating, *, signatures: bool) -> None:
    log.put(log.rotation(THIEF, by=log.first), by=log.first, behind=THIEF)
    log.take(1, by=THIEF)

    assert found(look(log, signatures=signatures)) == [
        (Code.RETIRED_KEY, "event 6"),
        (Code.WRONG_KEY_EVENT, "event 6"),
        (Code.WRONG_CHECKPOINT, "000000000006.json"),
        (Code.UNKNOWN_KEY, "event 7"),
        (Code.WRONG_CHECKPOINT, "000000000007.json"),
    ]


def test_a_rotation_whose_envelope_nobody_signed_is_found_even_without_looking_at_signatures(log: Rotating) -> None:
    (rotation,) = log.batches[1].events
    log.batches[1] = replace(log.batches[1], events=(replace(rotation, signature=bytes(64)),))

    assert (Code.WRONG_KEY_EVENT, "event 3") in found(look(log, signatures=False))


def test_a_withheld_rotation_brings_no_key_in(log: Rotating) -> None:
    log.batches[1] = replace(log.batches[1], events=(log.batches[1].events[0].withhold(),))

    assert (Code.WRONG_KEY_EVENT, "event 3") in found(look(log))
    assert (Code.UNKNOWN_KEY, "event 4") in found(look(log))


def test_a_rotation_with_another_subject_would_not_be_found_and_brings_no_key_in(log: Rotating) -> None:
    log.put(replace(log.rotation(STRANGER), subject="something else"))

    assert found(look(log)) == [(Code.WRONG_KEY_EVENT, "event 6")]


def test_a_key_comes_into_force_once(log: Rotating) -> None:
    log.put(log.rotation(log.first), behind=log.first)

    assert (Code.WRONG_KEY_EVENT, "event 6") in found(look(log))


@pytest.mark.parametrize(
    "stated",
    [
        {"fingerprint": STRANGER.public.fingerprint, "reason": "x"},
        {"fingerprint": "in force", "reason": "x"},
        {"fingerprint": "first", "reason": "x", "since": 7},
        {"fingerprint": "first", "reason": "x", "since": -1},
        {"fingerprint": "first", "reason": "x", "since": "3"},
        {"fingerprint": "first"},
    ],
    ids=["a stranger's key", "the key in force", "ahead of itself", "before all", "no number", "no reason"],
)
def test_a_retirement_that_makes_no_sense_is_named_and_retires_nothing(log: Rotating, stated: dict[str, Any]) -> None:
    named = {"in force": log.keys[-1].public.fingerprint, "first": log.first.public.fingerprint}
    told = stated | {"fingerprint": named.get(stated["fingerprint"], stated["fingerprint"])}
    log.put(Draft(RETIREMENT, SUBJECT, told))

    report = look(log)

    assert found(report) == [(Code.WRONG_KEY_EVENT, "event 6")]
    assert all(term.retired is None for term in report.keys.terms)


def test_a_former_key_retires_nobody(log: Rotating) -> None:
    log.rotate()
    log.retire(log.keys[1], since=4, by=log.first)

    report = look(log)

    assert (Code.WRONG_KEY_EVENT, "event 7") in found(report)
    assert report.keys.doubts() == []


def test_the_newest_retirement_of_a_key_counts(log: Rotating) -> None:
    log.retire(log.first)
    assert look(log).keys.doubts() == []
    log.retire(log.first, since=2)
    assert [doubt.first for doubt in look(log).keys.doubts()] == [2]
    log.retire(log.first, since=0)

    report = look(log)

    assert report.intact
    assert [(doubt.first, doubt.last) for doubt in report.keys.doubts()] == [(0, 3)]


def test_a_checkpoint_is_believed_by_the_key_of_its_own_size(log: Rotating) -> None:
    ring = look(log).keys
    for batch in log.batches:
        assert ring.checkpoint(batch.checkpoint).size == batch.first + len(batch.events)
    old, new = log.keys
    for size, key in ((3, new), (4, old), (6, old)):
        with pytest.raises(NoteRetired):
            ring.checkpoint(Checkpoint(ORIGIN, size, bytes(32)).sign(key))
    with pytest.raises(NoteUnverified) as refused:
        ring.checkpoint(Checkpoint(ORIGIN, 3, bytes(32)).sign(STRANGER))
    assert not isinstance(refused.value, NoteRetired)
    with pytest.raises(NoteAltered):
        ring.checkpoint(log.batches[0].checkpoint.replace("\n3\n", "\n5\n"))


def test_an_event_that_is_about_no_key_teaches_nothing(log: Rotating) -> None:
    ring = Keyring(ORIGIN, [log.first.public])
    with pytest.raises(KeyEventRefused):
        ring.take(log.batches[0].events[0])
    assert ring.taken == 0


STEP = st.one_of(
    st.just("rotate"),
    st.tuples(st.just("retire"), st.integers(0, 5), st.none() | st.integers(0, 12)),
    st.tuples(st.just("take"), st.integers(1, 3)),
    st.tuples(st.just("forge"), st.integers(0, 5)),
)


@given(st.lists(STEP, min_size=1, max_size=8))
def test_through_any_sequence_the_key_in_force_and_no_other_is_believed(steps: list[Any]) -> None:
    log, forged, doubtful = Rotating(), set[int](), dict[bytes, int | None]()
    for step in steps:
        match step:
            case "rotate":
                log.rotate()
            case ("retire", which, since) if which < len(log.keys) - 1:
                log.retire(log.keys[which], None if since is None else min(since, log.head.size))
                doubtful[log.keys[which].public.raw] = None if since is None else min(since, log.head.size - 1)
            case ("take", count):
                log.take(count)
            case ("forge", which) if which < len(log.keys) - 1:
                forged.add(log.head.size)
                log.take(1, by=log.keys[which])
            case _:
                log.take()

    report = look(log)

    events = [subject for code, subject in found(report) if code is Code.RETIRED_KEY and subject.startswith("event")]
    assert events == [f"event {number}" for number in sorted(forged)]
    assert {code for code, _ in found(report)} <= {Code.RETIRED_KEY}
    assert [term.key for term in report.keys.terms] == [key.public for key in log.keys]
    signed = {
        event.envelope.sequence: event.envelope.key for batch in log.batches for event in batch.events
    }  # by whom, whatever the ring says
    for doubt in report.keys.doubts():
        since = doubtful[doubt.term.key.raw]
        theirs = [n for n, key in signed.items() if key == doubt.term.key.fingerprint and n not in forged]
        assert since is not None
        assert set(theirs) & set(range(since, log.head.size)) == {
            n for n in range(doubt.first, doubt.last + 1) if n not in forged
        }
    for number, key in signed.items():
        assert report.keys.term(key) is not None
        assert number in forged or any(term.holds(number) for term in report.keys.terms if term.key.fingerprint == key)


def test_a_key_teaches_nothing_at_a_place_where_it_was_not_in_force() -> None:
    """The event is signed well, by the key in force at the end; its number is one from before that key came in."""
    log = Rotating()
    log.take(3)
    former = log.first
    new = log.rotate()
    ring = Keyring(ORIGIN, [log.first.public])
    ring.take(log.batches[-1].events[-1])
    early = Rotating(keys=[new], head=Frontier())
    early.put(Draft(RETIREMENT, SUBJECT, {"fingerprint": former.public.fingerprint, "reason": "stolen"}))

    with pytest.raises(KeyEventRefused, match="not in force here"):
        ring.take(early.batches[0].events[0])

    assert ring.taken == 1
    assert all(term.retired is None for term in ring.terms)
