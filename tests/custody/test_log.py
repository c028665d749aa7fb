"""Appending numbers, chains, signs and publishes in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.batch import Batch, parse, render
from archiver.custody.checkpoint import parse_and_verify
from archiver.custody.errors import Malformed
from archiver.custody.event import Draft, verify
from archiver.custody.log import append
from archiver.custody.merkle import Frontier, root
from archiver.custody.note import Verifier
from archiver.errors import LogError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.custody.keys import SigningKey
    from tests.custody.conftest import Log

WORDS: dict[str, Any] = {
    "origin": "archive.example/desk",
    "time": "2026-11-23T14:53:53.123456Z",
    "actor": "Ada Lovelace",
    "tool": "archiver 0.1.0",
}


def test_events_are_numbered_on_and_every_one_verifies(log: Log) -> None:
    events = [event for batch in log.batches for event in batch.events]
    assert [event.envelope.sequence for event in events] == list(range(7))
    assert all(verify(event, log.key.public) for event in events)


def test_each_event_names_the_last_one_about_its_subject_across_and_within_batches(log: Log) -> None:
    last: dict[str, str] = {}
    for event in (event for batch in log.batches for event in batch.events):
        assert event.envelope.previous == last.get(event.envelope.subject)
        last[event.envelope.subject] = event.leaf.hex()


def test_each_batch_ends_with_the_signed_root_of_the_log_so_far(log: Log) -> None:
    leaves: list[bytes] = []
    for batch in log.batches:
        leaves += [event.leaf for event in batch.events]
        checkpoint = parse_and_verify(batch.checkpoint, Verifier(log.origin, log.key.public))
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (log.origin, len(leaves), root(leaves))


def test_the_new_head_and_the_last_of_each_subject_are_handed_back(key: SigningKey) -> None:
    drafts = [Draft("k", "a", {"n": 1}), Draft("k", "b", {"n": 2}), Draft("k", "a", {"n": 3})]
    done = append(Frontier(), drafts, **WORDS, key=key, last_of_subject={})
    leaves = [event.leaf for event in done.batch.events]
    assert done.head == Frontier().extend(leaves)
    assert done.last_of_subject == {"a": leaves[2].hex(), "b": leaves[1].hex()}


def test_every_event_has_a_salt_of_its_own(log: Log) -> None:
    salts = {event.salt for batch in log.batches for event in batch.events}
    assert len(salts) == 7


def test_the_same_salts_make_the_same_bytes(key: SigningKey) -> None:
    drafts = [Draft("k", "a", {"n": 1.5, "ü": ["x", None]})]
    once, again = (append(Frontier(), drafts, **WORDS, key=key, last_of_subject={}, salts=bytes) for _ in range(2))
    assert render(once.batch) == render(again.batch)


def test_nothing_cannot_be_appended(key: SigningKey) -> None:
    with pytest.raises(ValueError, match="nothing to append"):
        append(Frontier(), [], **WORDS, key=key, last_of_subject={})


@pytest.mark.parametrize(
    ("name", "value"),
    [("origin", "two words"), ("origin", ""), ("time", "now"), ("actor", ""), ("tool", "a\nb")],
)
def test_a_word_of_another_form_is_not_recorded(key: SigningKey, name: str, value: str) -> None:
    with pytest.raises(Malformed):
        append(Frontier(), [Draft("k", "a", {"n": 1})], **{**WORDS, name: value}, key=key, last_of_subject={})


def test_a_body_that_json_cannot_carry_is_not_recorded(key: SigningKey) -> None:
    for value in ("\ud800", float("nan"), {1, 2}):
        with pytest.raises(ValueError, match="no canonical JSON form"):
            append(Frontier(), [Draft("k", "a", {"n": value})], **WORDS, key=key, last_of_subject={})


def test_a_published_batch_is_a_round_trip_in_one_line(log: Log) -> None:
    for batch in log.batches:
        data = render(batch)
        assert parse(data) == batch
        assert data.count(b"\n") == 1
        assert data.endswith(b"}\n")


def test_a_batch_is_named_so_that_names_sort_as_the_log_runs(log: Log) -> None:
    assert [batch.name for batch in log.batches] == ["000000000000.json", "000000000003.json", "000000000004.json"]


@given(st.integers(0, 100_000), st.integers(1, 255))
def test_a_changed_byte_of_a_batch_never_parses_to_the_same_batch(log: Log, place: int, mask: int) -> None:
    data = render(log.batches[1])
    changed = bytearray(data)
    changed[place % len(data)] ^= mask
    try:
        batch = parse(bytes(changed))
    except Malformed:
        return
    assert batch != log.batches[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: data.replace(b",", b", ", 1),
        lambda data: data.replace(b'"first":3', b'"first":3.0'),
        lambda data: data.replace(b'"first":3', b'"first":"3"'),
        lambda data: data.replace(b'"first":3', b'"first":3,"first":3'),
        lambda data: data.replace(b'"first":3', b'"first":3,"more":3'),
        lambda data: data.replace(b"archiver-events-1", b"archiver-events-2"),
        lambda data: data.replace("ü".encode(), b"\\u00fc"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"[" + data + b"]",
        lambda data: data[:0],
    ],
)
def test_another_spelling_or_form_of_a_batch_is_refused(log: Log, change: Callable[[bytes], bytes]) -> None:
    data = render(log.batches[1])
    assert change(data) != data
    with pytest.raises(Malformed):
        parse(change(data))


@pytest.mark.parametrize("events", ["[]", "{}", "null", "[[]]", "[null]"])
def test_a_batch_without_events_is_refused(events: str) -> None:
    with pytest.raises(Malformed):
        parse(f'{{"checkpoint":"","events":{events},"first":0,"format":"archiver-events-1"}}\n'.encode())


def test_a_batch_without_events_cannot_be_made() -> None:
    with pytest.raises(LogError):
        Batch(0, (), "")
