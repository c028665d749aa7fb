"""A check of a log finds whatever was done to it, says where, and says when there was nothing to check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody import note
from archiver.custody.batch import Batch, render
from archiver.custody.check import Report, check
from archiver.custody.checkpoint import Checkpoint, parse_and_verify
from archiver.custody.finding import Code, Finding
from archiver.custody.keys import SigningKey
from archiver.custody.merkle import Frontier
from archiver.custody.note import Verifier
from tests.custody.ways import check_every_way

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from archiver.custody.event import Envelope, Event
    from tests.custody.conftest import Log


def look(log: Log, batches: list[Batch], *, known: Collection[Checkpoint] = (), signatures: bool = True) -> Report:
    return check_every_way(batches, [log.key.public], origin=log.origin, known=known, signatures=signatures)


def codes(report: Report) -> set[Code]:
    return {finding.code for finding in report.findings}


def heads(log: Log) -> list[Checkpoint]:
    verifier = Verifier(log.origin, log.key.public)
    return [parse_and_verify(batch.checkpoint, verifier) for batch in log.batches]


def with_event(log: Log, number: int, change: Callable[[Event], Event]) -> list[Batch]:
    """The log with one event changed, everything else as it was."""
    return [
        replace(
            batch,
            events=tuple(change(event) if event.envelope.sequence == number else event for event in batch.events),
        )
        for batch in log.batches
    ]


def regrouped(log: Log, order: list[int]) -> list[Batch]:
    """The third batch (events 4, 5, 6) with its events chosen anew by index."""
    *before, last = log.batches
    return [*before, replace(last, events=tuple(last.events[index] for index in order))]


def test_an_honest_log_is_intact_as_published_and_as_read(log: Log) -> None:
    for batches in (log.published, log.batches):
        report = check(batches, [log.key.public], origin=log.origin, known=heads(log))
        assert report.findings == ()
        assert report.intact
        assert (report.batches, report.events, report.withheld, report.signatures) == (3, 7, 0, True)
        assert report.head.root == heads(log)[-1].root


def test_nothing_checked_is_a_finding(log: Log) -> None:
    report = check([], [log.key.public], origin=log.origin)
    assert report.findings == (Finding(Code.NOTHING_CHECKED, "log", "there was no event to check"),)
    assert not report.intact
    assert Code.NOTHING_CHECKED in codes(check([("000000000000.json", b"")], [log.key.public], origin=log.origin))


def test_the_checkpoint_of_an_empty_log_is_passed_even_by_nothing(log: Log) -> None:
    known = [Checkpoint(log.origin, 0, Frontier().root), Checkpoint(log.origin, 1, bytes(32))]
    assert codes(check([], [], origin=log.origin, known=known[:1])) == {Code.NOTHING_CHECKED}
    assert codes(check([], [], origin=log.origin, known=known)) == {Code.NOTHING_CHECKED, Code.NOT_AN_EXTENSION}


def test_without_a_key_nothing_is_believed(log: Log) -> None:
    report = check(log.batches, [], origin=log.origin)
    assert codes(report) == {Code.UNKNOWN_KEY, Code.WRONG_CHECKPOINT}
    assert len(report.findings) == 7 + 3


@given(st.integers(0, 2), st.integers(0, 1_000_000), st.integers(1, 255))
def test_no_byte_of_a_published_log_can_be_changed(log: Log, batch: int, place: int, mask: int) -> None:
    published = log.published
    name, data = published[batch]
    changed = bytearray(data)
    changed[place % len(data)] ^= mask
    published[batch] = (name, bytes(changed))
    assert not check(published, [log.key.public], origin=log.origin).intact


@pytest.mark.parametrize(
    ("order", "named"),
    [([0, 2], "event 6"), ([1, 0, 2], "event 5"), ([0, 0, 1, 2], "event 4"), ([0, 1, 1, 2], "event 5")],
    ids=["drop", "reorder", "duplicate", "duplicate-later"],
)
@pytest.mark.attack("event-moved")
def test_a_dropped_reordered_or_repeated_event_is_named(log: Log, order: list[int], named: str) -> None:
    report = look(log, regrouped(log, order))
    assert named in {finding.subject for finding in report.findings if finding.code is Code.OUT_OF_SEQUENCE}
    assert Code.WRONG_ROOT in codes(report)


@pytest.mark.attack("event-renumbered")
def test_a_renumbered_event_is_named(log: Log) -> None:
    report = look(log, with_event(log, 5, lambda event: replace(event, envelope=replace(event.envelope, sequence=9))))
    assert {Code.OUT_OF_SEQUENCE, Code.WRONG_SIGNATURE, Code.WRONG_ROOT} == codes(report)
    assert Finding(Code.WRONG_SIGNATURE, "event 9", "the signature does not belong to this envelope") in report.findings


def test_dropping_the_last_event_of_a_batch_shows_in_the_root(log: Log) -> None:
    assert codes(look(log, regrouped(log, [0, 1]))) == {Code.WRONG_ROOT}


def test_a_missing_batch_is_found(log: Log) -> None:
    first, _, third = log.batches
    report = look(log, [first, third])
    assert codes(report) == {Code.OUT_OF_SEQUENCE, Code.BROKEN_CHAIN, Code.WRONG_ROOT}
    assert report.findings[0].detail == "event 3 was expected here, and event 4 found"
    assert not look(log, log.batches[1:]).intact


def test_a_changed_body_is_found_and_named_and_nothing_else(log: Log) -> None:
    report = look(log, with_event(log, 2, lambda event: replace(event, body={**(event.body or {}), "number": 99})))
    assert [(finding.code, finding.subject) for finding in report.findings] == [(Code.WRONG_COMMITMENT, "event 2")]


def test_a_changed_signature_is_found_and_named_and_nothing_else(log: Log) -> None:
    report = look(log, with_event(log, 2, lambda event: replace(event, signature=bytes(64))))
    assert [(finding.code, finding.subject) for finding in report.findings] == [(Code.WRONG_SIGNATURE, "event 2")]


def test_all_findings_are_listed_not_only_the_first(log: Log) -> None:
    batches = with_event(log, 1, lambda event: replace(event, signature=bytes(64)))
    changed = replace(log, batches=batches)
    batches = with_event(changed, 6, lambda event: replace(event, salt=bytes(32)))
    found = [(finding.code, finding.subject) for finding in look(log, batches).findings]
    assert found == [(Code.WRONG_SIGNATURE, "event 1"), (Code.WRONG_COMMITMENT, "event 6")]


def test_an_altered_envelope_is_found_even_without_checking_signatures(log: Log) -> None:
    batches = with_event(log, 6, lambda event: replace(event, envelope=replace(event.envelope, actor="Eve")))
    report = look(log, batches, signatures=False)
    assert codes(report) == {Code.WRONG_ROOT}
    assert not report.signatures
    assert look(log, log.batches, signatures=False).intact


def test_a_rewritten_event_signed_by_the_same_key_breaks_chain_and_root(log: Log) -> None:
    def rewrite(event: Event) -> Event:
        envelope = replace(event.envelope, actor="Eve")
        return replace(event, envelope=envelope, signature=log.key.sign(envelope.canonical()))

    report = look(log, with_event(log, 1, rewrite))
    assert codes(report) == {Code.BROKEN_CHAIN, Code.WRONG_ROOT}
    assert [finding.subject for finding in report.findings if finding.code is Code.BROKEN_CHAIN] == ["event 3"]


def test_a_log_under_another_name_or_by_another_key_is_found(log: Log, new_log: Callable[..., Log]) -> None:
    report = look(log, new_log([2], key=log.key, origin="archive.example/other").batches)
    assert codes(report) == {Code.WRONG_LOG, Code.WRONG_CHECKPOINT}
    report = look(log, new_log([2]).batches)
    assert codes(report) == {Code.UNKNOWN_KEY, Code.WRONG_CHECKPOINT}


def signed_anew(log: Log, change: Callable[[Event], Envelope]) -> list[Batch]:
    """The log with every envelope changed, and all that follows from it signed again, by whoever holds the key."""
    head, batches = Frontier(), list[Batch]()
    for batch in log.batches:
        events = [
            replace(event, envelope=envelope, signature=log.key.sign(envelope.canonical()))
            for event in batch.events
            for envelope in [change(event)]
        ]
        head = head.extend([event.leaf for event in events])
        checkpoint = Checkpoint(log.origin, head.size, head.root).sign(log.key)
        batches.append(Batch(events[0].envelope.sequence, tuple(events), checkpoint))
    return batches


@pytest.mark.parametrize(
    ("changed", "code", "count"),
    [
        ({"log": "archive.example/other"}, Code.WRONG_LOG, 7),
        ({"sequence": 9}, Code.OUT_OF_SEQUENCE, 2),
        ({"previous": "0" * 64}, Code.BROKEN_CHAIN, 7),
        ({"key": "0" * 64}, Code.UNKNOWN_KEY, 7),
    ],
    ids=["log", "sequence", "previous", "key"],
)
def test_whoever_holds_the_key_cannot_sign_what_does_not_fit_together(
    log: Log, changed: dict[str, Any], code: Code, count: int
) -> None:
    """Root, checkpoints and signatures are all right, and one thing alone is wrong."""

    def change(event: Event) -> Envelope:
        envelope = replace(event.envelope, previous=None, subject=f"item {event.envelope.sequence}")
        if "sequence" in changed and envelope.sequence != 2:
            return envelope
        return replace(envelope, **changed)

    findings = look(log, signed_anew(log, change)).findings

    assert [finding.code for finding in findings] == [code] * count


def test_a_log_whose_key_was_changed_is_intact_when_both_keys_are_known(log: Log, new_log: Callable[..., Log]) -> None:
    keys = [SigningKey.generate().public, log.key.public]
    assert check(log.batches, keys, origin=log.origin).intact


def test_a_checkpoint_that_is_not_the_logs_is_found(log: Log) -> None:
    first, *rest = log.batches
    size, root = 3, heads(log)[0].root
    for checkpoint, code in (
        (Checkpoint(log.origin, size, root).sign(SigningKey.generate()), Code.WRONG_CHECKPOINT),
        (Checkpoint("archive.example/other", size, root).sign(log.key), Code.WRONG_CHECKPOINT),
        (Checkpoint(log.origin, size, bytes(32)).sign(log.key), Code.WRONG_ROOT),
        (Checkpoint(log.origin, size + 1, root).sign(log.key), Code.WRONG_ROOT),
        (note.sign(str(Checkpoint("archive.example/other", size, root)), log.origin, log.key), Code.WRONG_CHECKPOINT),
        ("", Code.WRONG_CHECKPOINT),
    ):
        report = look(log, [replace(first, checkpoint=checkpoint), *rest])
        assert [(finding.code, finding.subject) for finding in report.findings] == [(code, first.name)]


@pytest.mark.attack("transaction-misnamed")
def test_a_misnamed_or_respelled_object_is_found_and_still_checked(log: Log) -> None:
    (name, data), *rest = log.published
    report = check([("log/events/000000000001.json", data), *rest], [log.key.public], origin=log.origin)
    assert codes(report) == {Code.MISNAMED}
    report = check([(name, data.replace(b",", b" ,")), *rest], [log.key.public], origin=log.origin)
    assert Code.NOT_CANONICAL in codes(report)
    report = check(
        [(name, data.replace(b'{"checkpoint"', b'{ "checkpoint"')), *rest], [log.key.public], origin=log.origin
    )
    assert codes(report) == {Code.NOT_CANONICAL}
    assert report.events == 7


def test_an_unreadable_object_is_named_and_the_rest_is_checked(log: Log) -> None:
    first, (name, _), third = log.published
    report = check([first, (name, b"\x00"), third], [log.key.public], origin=log.origin)
    assert report.findings[0].code is Code.MALFORMED
    assert report.findings[0].subject == name
    assert report.events == 6
    assert {Code.OUT_OF_SEQUENCE, Code.WRONG_ROOT} <= codes(report)


def test_a_lone_surrogate_in_a_published_event_is_found_not_stumbled_over(log: Log) -> None:
    (name, data), *rest = log.published
    for changed in (data.replace("ü".encode(), b"\\ud800", 1), data.replace(b"Ada", b"\\ud800", 1)):
        assert changed != data
        report = check([(name, changed), *rest], [log.key.public], origin=log.origin)
        assert (Code.NOT_CANONICAL, "event 0") in [(finding.code, finding.subject) for finding in report.findings]


def test_a_first_number_that_is_not_the_first_events_is_found(log: Log) -> None:
    first, *rest = log.batches
    report = look(log, [replace(first, first=1), *rest])
    assert [(finding.code, finding.subject) for finding in report.findings] == [
        (Code.OUT_OF_SEQUENCE, "000000000001.json")
    ]


def test_withheld_bodies_are_counted_and_the_rest_still_verifies(log: Log) -> None:
    batches = [replace(batch, events=tuple(event.withhold() for event in batch.events)) for batch in log.batches]
    report = check([(batch.name, render(batch)) for batch in batches], [log.key.public], origin=log.origin)
    assert report.intact
    assert report.withheld == 7


def test_a_log_whose_end_was_cut_off_is_only_found_by_a_known_checkpoint(log: Log) -> None:
    shorter = log.batches[:-1]
    assert look(log, shorter).intact
    report = look(log, shorter, known=heads(log))
    assert [finding.code for finding in report.findings] == [Code.NOT_AN_EXTENSION]
    assert "ends at 4" in report.findings[0].detail


def test_a_log_written_anew_with_the_same_key_is_only_found_by_a_known_checkpoint(
    log: Log, new_log: Callable[..., Log]
) -> None:
    forged = new_log([2, 3, 5], key=log.key)
    assert look(log, forged.batches).intact
    report = look(log, forged.batches, known=heads(log))
    assert [finding.code for finding in report.findings] == [Code.NOT_AN_EXTENSION] * 3


def test_known_checkpoints_may_lie_within_a_batch_and_come_in_any_order(log: Log) -> None:
    leaves = [event.leaf for batch in log.batches for event in batch.events]
    known = [Checkpoint(log.origin, size, Frontier().extend(leaves[:size]).root) for size in (6, 0, 3, 7, 1, 1)]
    assert look(log, log.batches, known=known).intact
    other = [replace(checkpoint, origin="archive.example/other") for checkpoint in known]
    assert len(look(log, log.batches, known=other).findings) == 6


def test_a_finding_reads_as_a_sentence() -> None:
    assert (
        str(Finding(Code.WRONG_ROOT, "000000000004.json", "it differs")) == "000000000004.json: it differs (wrong-root)"
    )
