"""Checking a whole log from its published batches.

1. Each batch has the published form, in its canonical spelling, under the name of its first number.
2. Sequence numbers run from 0 without a gap, a repetition or a change of order.
3. Each envelope names this log, and the key that is in force at its place. Which one that is, the log itself tells on
   the way, from the first key on (``archiver.custody.keyring``): an event about keys that breaks their law is a
   finding, and changes nothing. A key that was in force earlier is told from one that never was.
4. Each signature belongs to its canonical envelope.
5. Each commitment belongs to its body, where the body is not withheld.
6. Each event names the leaf of the last event with its subject, and none where there is none.
7. Each batch's checkpoint is signed, under the log's name, by the key that is in force at its size.
8. Its size and root are those of the leaves so far.
9. Every checkpoint known from elsewhere (a receipt, a time stamp, a witness) is passed on the way: without one, nobody
   can notice that the end of a log was cut off, or that all of it was written anew with the same key.
10. Something was checked at all.

Everything that does not add up is listed, not only the first thing. One altered event makes the root of its batch and
of every later one differ, and each is said. Memory is bounded by hashes: one per subject, never the bodies.

A batch in which all of it adds up is seen to at a glance (``archiver.custody.glance``), at a third of the time. Every
other one is gone through exactly, from the same state, and that alone says what is amiss.

The *log alone* can be checked, too: steps 4 and 5 are left out then, and of step 1 how the bodies are spelled, at a
tenth of the time. The signed checkpoints still bind every envelope, and so does everything else above. Events that
somebody learns from on the way are always checked whole: those about keys, and the kinds that are named.
"""

from __future__ import annotations

from collections import ChainMap
from copy import copy
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archiver.custody.batch import Batch, name_of
from archiver.custody.errors import KeyEventRefused, Malformed, NoteRetired, NoteUnverified
from archiver.custody.event import Envelope, Event, faults
from archiver.custody.finding import Code, Finding
from archiver.custody.glance import glance
from archiver.custody.keyring import KINDS, Keyring
from archiver.custody.merkle import Frontier, leaf_hash
from archiver.custody.transaction import Transaction
from archiver.custody.written import Written, is_spelled, written_where_it_can

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, MutableMapping

    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keys import VerifyKey


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and what was found.

    Attributes:
        batches: how many batches were read.
        events: how many events were read.
        withheld: how many of them came without a body, so that step 5 could not be done.
        signatures: whether step 4 was done.
        bodies: whether step 5 was done; otherwise the log alone was checked.
        head: the log that these events make.
        keys: the log's keys, as its events tell them.
        findings: everything that does not add up, in the order of the log.
    """

    batches: int
    events: int
    withheld: int
    signatures: bool
    bodies: bool
    head: Frontier
    keys: Keyring
    findings: tuple[Finding, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found; a check of nothing has found that."""
        return not self.findings


def check(
    batches: Iterable[Batch | Transaction | tuple[str, bytes]],
    keys: Collection[VerifyKey],
    *,
    origin: str,
    known: Collection[Checkpoint] = (),
    signatures: bool = True,
    opened: Collection[str] | None = None,
) -> Report:
    """Check a whole log; looking changes nothing.

    Args:
        batches: in the order of the log; as published, with the object's name, or already read.
        keys: whose signatures count at the beginning, usually one; who trusts them must have them from elsewhere than
            the log. The keys that take over later are learned on the way.
        origin: the log's name.
        known: checkpoints that this log must pass, already verified.
        signatures: whether to verify each event's signature. Without, the signed checkpoints still bind every envelope,
            at a fraction of the time.
        opened: to check the log alone, the kinds of events that are checked whole all the same: opened, and their
            signatures verified, as those about keys always are. Otherwise all are opened.
    """
    checker = Checker(keys, origin, known, signatures=signatures, opened=opened)
    findings = [finding for batch in batches for finding in checker.take(batch)]
    findings.extend(checker.finish())
    return Report(
        checker.batches,
        checker.events,
        checker.withheld,
        signatures and opened is None,
        opened is None,
        checker.head,
        checker.keys,
        tuple(findings),
    )


class Checker:
    """The check, a batch at a time; see ``check``."""

    def __init__(
        self,
        keys: Collection[VerifyKey],
        origin: str,
        known: Collection[Checkpoint],
        *,
        signatures: bool,
        opened: Collection[str] | None = None,
    ) -> None:
        self.batches = self.events = self.withheld = 0
        self.head = Frontier()
        self._origin = origin
        self._bodies = opened is None
        self._signatures = signatures and self._bodies
        self._learned = {*KINDS, *(opened or ())}
        self.keys = Keyring(origin, keys)
        self._known = sorted(known, key=lambda checkpoint: checkpoint.size)
        self._next = 0
        self._last_of_subject: MutableMapping[str, bytes] = {}

    def trial(self) -> Checker:
        """The same state, to take a batch that may be a wrong one: what it takes leaves no trace here.

        It is judged by the log alone, not by checkpoints known from elsewhere (step 9): of two batches that both
        follow, one is a fork, whichever of them is known.
        """
        other = copy(self)
        other._part_from(self)  # noqa: SLF001 - of its own class
        return other

    def _part_from(self, first: Checker) -> None:
        self.keys = copy(first.keys)
        self.keys.terms = list(first.keys.terms)
        self._known = []
        self._last_of_subject = ChainMap({}, first._last_of_subject)

    def take(self, given: Batch | Transaction | tuple[str, bytes]) -> Iterator[Finding]:
        """Check the next batch; steps 1 to 9."""
        self.batches += 1
        if isinstance(given, Batch):
            batch, name = given, given.name
            texts = [written_where_it_can(event) for event in batch.events]
        else:
            read = given if isinstance(given, Transaction) else Transaction(*given, bodies=self._bodies)
            if self._passes(read):
                return
            name = read.name
            try:
                batch = read.batch()  # step 1
            except Malformed as error:
                yield Finding(Code.MALFORMED, name, str(error))
                return
            texts = [written_where_it_can(event) for event in batch.events]
            if not is_spelled(batch, texts, read.data):
                yield Finding(Code.NOT_CANONICAL, name, "the batch is not written in its canonical form")
            if PurePosixPath(name).name != batch.name:
                yield Finding(Code.MISNAMED, name, f"the batch begins with event {batch.first}")
        if batch.first != batch.events[0].envelope.sequence:
            yield Finding(Code.OUT_OF_SEQUENCE, name, f"the batch says that it begins with event {batch.first}")
        leaves: list[bytes] = []
        for event, text in zip(batch.events, texts, strict=True):
            yield from self._take_event(event, text, leaves)
        yield from self._grow(leaves)
        yield from self._take_checkpoint(name, batch.checkpoint)

    def _passes(self, read: Transaction) -> bool:
        """Whether all of it adds up, seen at a glance; otherwise nothing was changed."""
        seen = read.seen
        if seen is None or self._next != self.head.size or PurePosixPath(read.name).name != name_of(seen.first):
            return False
        if self._known and self._known[0].size <= self.head.size + len(seen.events):  # step 9
            return False
        passed = glance(
            seen,
            self.head,
            self._last_of_subject,
            self.keys,
            left=self._learned if not self._bodies else KINDS,
            bodies=self._bodies,
            signatures=self._signatures,
        )
        if passed is None:
            return False
        self.events += len(seen.events)
        self.withheld += passed.withheld
        self.head, self._next = passed.head, passed.head.size
        self._last_of_subject.update(passed.last_of_subject)
        return True

    def _take_event(self, event: Event, text: Written | None, leaves: list[bytes]) -> Iterator[Finding]:
        envelope = event.envelope
        where = f"event {envelope.sequence}"
        self.events += 1
        self.withheld += event.body is None
        if envelope.sequence != self._next:  # step 2
            detail = f"event {self._next} was expected here, and event {envelope.sequence} found"
            yield Finding(Code.OUT_OF_SEQUENCE, where, detail)
        self._next = envelope.sequence + 1
        if envelope.log != self._origin:  # step 3
            yield Finding(Code.WRONG_LOG, where, f"an event of another log, {envelope.log}")
        term = self.keys.term(envelope.key)
        if term is None:
            yield Finding(Code.UNKNOWN_KEY, where, f"signed by a key that we do not know, {envelope.key}")
        elif term.until is not None:
            detail = f"signed by the key {envelope.key}, which may sign nothing from event {term.until} on"
            yield Finding(Code.RETIRED_KEY, where, detail)
        try:
            message = text.message if text else envelope.canonical()
        except ValueError as error:
            yield Finding(Code.NOT_CANONICAL, where, str(error))
            return
        if self._bodies or envelope.kind in self._learned:
            key = term.key if term is not None and (self._signatures or not self._bodies) else None
            for code, detail in faults(event, message, key, fields=text.fields if text else None):  # steps 4 and 5
                yield Finding(code, where, detail)
        if envelope.kind in KINDS:
            try:
                self.keys.take(event)
            except KeyEventRefused as error:
                yield Finding(Code.WRONG_KEY_EVENT, where, f"this event about keys changes nothing: {error}")
        leaves.append(leaf_hash(message))
        yield from self._chain(envelope, leaves[-1])

    def _chain(self, envelope: Envelope, leaf: bytes) -> Iterator[Finding]:
        expected = self._last_of_subject.get(envelope.subject)
        if envelope.previous != (expected and expected.hex()):  # step 6
            detail = f"names {envelope.previous or 'no event'} as the one before it about {envelope.subject}"
            yield Finding(Code.BROKEN_CHAIN, f"event {envelope.sequence}", detail)
        self._last_of_subject[envelope.subject] = leaf

    def _grow(self, leaves: list[bytes]) -> Iterator[Finding]:
        used = 0
        while self._known and self._known[0].size <= self.head.size + len(leaves) - used:  # step 9
            checkpoint = self._known.pop(0)
            take = checkpoint.size - self.head.size
            self.head = self.head.extend(leaves[used : used + take])
            used += take
            if (checkpoint.origin, checkpoint.root) != (self._origin, self.head.root):
                detail = (
                    f"the checkpoint known from elsewhere, {checkpoint.root.hex()} at {checkpoint.size}, is not passed"
                )
                yield Finding(Code.NOT_AN_EXTENSION, "log", detail)
        self.head = self.head.extend(leaves[used:])

    def _take_checkpoint(self, name: str, signed: str) -> Iterator[Finding]:
        try:
            checkpoint = self.keys.checkpoint(signed)  # step 7
        except NoteRetired as error:
            yield Finding(Code.RETIRED_KEY, name, str(error))
            return
        except (Malformed, NoteUnverified) as error:
            yield Finding(Code.WRONG_CHECKPOINT, name, str(error))
            return
        if checkpoint.origin != self._origin:
            yield Finding(Code.WRONG_CHECKPOINT, name, f"the checkpoint of another log, {checkpoint.origin}")
        if (checkpoint.size, checkpoint.root) != (self.head.size, self.head.root):  # step 8
            detail = (
                f"the signed root at {checkpoint.size} is {checkpoint.root.hex()}; "
                f"the events give {self.head.root.hex()} at {self.head.size}"
            )
            yield Finding(Code.WRONG_ROOT, name, detail)

    def finish(self) -> Iterator[Finding]:
        """Nothing comes any more; steps 9 and 10."""
        yield from self._grow([])
        for checkpoint in self._known:
            detail = f"the log ends at {self.head.size}, but a checkpoint of {checkpoint.size} is known from elsewhere"
            yield Finding(Code.NOT_AN_EXTENSION, "log", detail)
        if not self.events:  # step 10
            yield Finding(Code.NOTHING_CHECKED, "log", "there was no event to check")
