"""The log in every store: the same bytes everywhere, and those that the signed checkpoints demand.

1. The catalogue says first which transactions were published, then each store which it holds: what somebody publishes
   meanwhile is missed by neither. What a store holds there and is none (``archiver.strays``) is named, and no other
   store lacks it.
2. Each transaction is read from every store. As long as all give the same bytes and these follow the log so far, that
   is all there is to it.
3. Otherwise the log is gone through once more, from its beginning: of the different bytes for a transaction, and those
   that the catalogue would publish, those are right that follow the log so far, every signature and commitment
   verified. Every other copy is amiss. Two that are both right are a log that somebody signed twice: nobody is told
   which is right.
4. Where no bytes follow, what comes behind cannot be judged by its root any more. There, copies that differ or are
   missing are named, and nobody is told which bytes would be right: nothing is repaired from what is not proved.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from archiver.auditing.copy_amiss import Amiss
from archiver.catalogue.withdrawals import withheld_numbers
from archiver.checking.fault import Fault
from archiver.checking.named import Named
from archiver.custody.check import Checker
from archiver.custody.merkle import Frontier
from archiver.custody.transaction import Transaction
from archiver.errors import ArchiverError
from archiver.facts.values import parse_instant
from archiver.facts.vocabulary import CopyFault
from archiver.logbook import LARGEST_BATCH, rendered
from archiver.strays import CODE, Strays, told
from archiver.tombstones import ADVICE, fullest, withheld
from storage.digest import Digest
from storage.errors import ObjectMissing, StoreError
from storage.layout import EVENTS, batch_name, first_sequence_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from archiver.archive import Archive
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Keyring
    from archiver.replica import Replica

Copies = list["bytes | CopyFault"]
"""One transaction as each store gives it, in their order."""


@dataclass(slots=True)
class LogCopies:
    """What the log in all stores came to.

    Attributes:
        named: what the log names.
        head: the log that its transactions make.
        keys: the log's keys, as its events tell them.
        roots: the root at each of the sizes that were asked for and that a transaction ends at, hexadecimal.
        digests: of each transaction, by name, what each store gave: its digest and size, or what is amiss.
        times: when the last event of each transaction was recorded, by name.
        amiss: copies that are not as they should be.
        faults: what is amiss with the log itself.
        notes: what is no fault.
    """

    named: Named = field(default_factory=Named)
    head: Frontier = field(default_factory=Frontier)
    keys: Keyring | None = None
    roots: dict[int, str] = field(default_factory=dict)
    digests: dict[str, list[tuple[Digest, int] | CopyFault]] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    amiss: list[Amiss] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


class LogAudit:
    """Reads the log of all these stores.

    Args:
        archive: the archive.
        copies: the stores that answer.
        known: checkpoints that the log must pass.
        sizes: at which the root is wanted.
        jobs: how many are read at once.
    """

    def __init__(
        self,
        archive: Archive,
        copies: Sequence[Replica],
        *,
        known: Collection[Checkpoint],
        sizes: Collection[int],
        jobs: int,
    ) -> None:
        self._archive = archive
        self._copies = copies
        self._known = known
        self._sizes = set(sizes)
        self._jobs = jobs
        self._named = _withdrawn(archive)
        self._strays = Strays(archive)
        self._unerased: dict[tuple[str, str], Fault] = {}
        """Copies that still hold what was withdrawn, by name and store."""

    def run(self) -> LogCopies:
        """Follow the steps above.

        Raises:
            StoreError: a store does not tell what it holds.
        """
        names, notes = self._names()  # step 1
        done = self._quick(names) or self._careful(names)  # steps 2 and 3
        done.notes += notes
        for name, stores in self._strays.found.items():
            done.faults += [Fault(CODE, name, told(name, store)) for store in stores]
        done.faults += [Fault(*each) for each in done.named.tombstones.amiss()]
        done.faults += self._unerased.values()
        return done

    def _names(self) -> tuple[list[str], list[Fault]]:
        notes: list[Fault] = []
        names = set(self._published())
        for copy in self._copies:
            for name in copy.store.names(EVENTS):
                if first_sequence_of(name) is None:
                    detail = f"lies among the log's transactions in the store {copy.name} and is none"
                    notes.append(Fault("loose-end", name, detail))
                else:
                    names.add(name)
        return sorted(name for name in names if not self._strays.lies(name, self._copies)), notes

    def _published(self) -> list[str]:
        """What the catalogue saw published; a catalogue that cannot say so is for others to name."""
        try:
            last = self._archive.catalogue.last_published()
            firsts = [] if last is None else [each for each in self._archive.catalogue.batches() if each <= last]
        except ArchiverError:
            return []
        return [batch_name(first) for first in firsts]

    def _checker(self) -> Checker:
        """Signatures, too: the checkpoints bind every envelope, and say nothing of the bytes of its signature."""
        first = [self._archive.nameplate.key]
        return Checker(first, self._archive.settings.origin, self._known, signatures=True)

    def _quick(self, names: Sequence[str]) -> LogCopies | None:
        done, checker = LogCopies(), self._checker()
        for name, copies in self._read(names):
            data = copies[0]
            if isinstance(data, CopyFault) or any(other != data for other in copies[1:]):
                return None
            read = Transaction(name, data)
            if any(checker.take(read)):
                return None
            self._pass(done, checker, read)
            done.digests[name] = [(Digest.of(data), len(data))] * len(copies)
        if any(checker.finish()) and (names or self._known):
            return None
        return done

    def _careful(self, names: Sequence[str]) -> LogCopies:
        done, checker, broken = LogCopies(), self._checker(), False
        for name, copies in self._read(names):
            ours = self._ours(name)
            candidates = list(dict.fromkeys([each for each in [*copies, ours] if isinstance(each, bytes)]))
            right = [each for each in candidates if not any(checker.trial().take((name, each)))]
            right = fullest(right)
            if len(right) > 1:
                detail = "the stores hold different transactions that are both signed: somebody forked the log"
                done.faults.append(Fault("log-forked", name, detail))
            proved, held = len(right) == 1, {each for each in copies if isinstance(each, bytes)}
            if not right:
                right, broken = [*held] if broken and len(held) == 1 else [], True
            if len(right) <= 1:
                self._amiss(done, name, copies, right[0] if right else None, proved=proved)
            taken = right[:1] or [each for each in copies if isinstance(each, bytes)][:1]
            for data in taken:
                read = Transaction(name, data)
                done.faults += [Fault(str(f.code), f.subject, f.detail) for f in checker.take(read)]
                self._pass(done, checker, read)
            if not taken:
                done.faults.append(
                    Fault(
                        "log-lost",
                        name,
                        "no store holds this transaction any more, and nothing else proves what it was",
                    )
                )
            done.digests[name] = [(Digest.of(each), len(each)) if isinstance(each, bytes) else each for each in copies]
        ended = list(checker.finish())
        if names or self._known:
            done.faults += [Fault(str(f.code), f.subject, f.detail) for f in ended]
        return done

    def _amiss(self, done: LogCopies, name: str, copies: Copies, right: bytes | None, *, proved: bool) -> None:
        expected = Digest.of(right) if right is not None and proved else None
        for copy, given in zip(self._copies, copies, strict=True):
            now = self._read_one(copy, name) if given is CopyFault.MISSING else given  # it may just be published
            if isinstance(now, CopyFault):
                done.amiss.append(Amiss(copy, name, now, expected, detail="the store did not give it"))
            elif now != right:
                done.amiss.append(Amiss(copy, name, CopyFault.CORRUPT, expected, Digest.of(now), len(now)))

    def _ours(self, name: str) -> bytes | None:
        """What the catalogue would publish under this name."""
        first = first_sequence_of(name)
        try:
            held = None if first is None else self._archive.catalogue.transaction(first)
            return None if held is None else rendered(held)
        except ArchiverError:
            return None

    def _pass(self, done: LogCopies, checker: Checker, read: Transaction) -> None:
        done.head, done.keys = checker.head, checker.keys
        if checker.head.size in self._sizes:
            done.roots[checker.head.size] = checker.head.root.hex()
        done.named.pass_by(read.events)
        if read.events:
            with suppress(ValueError):  # the check has named it
                done.times[read.name] = parse_instant(read.events[-1].envelope.time)

    def _read(self, names: Sequence[str]) -> Iterator[tuple[str, Copies]]:
        def read(name: str) -> Copies:
            return [self._without(copy, name, self._read_one(copy, name)) for copy in self._copies]

        wanted = iter(names)
        with ThreadPoolExecutor(self._jobs) as pool:
            under_way = deque((name, pool.submit(read, name)) for name in islice(wanted, 2 * self._jobs))
            while under_way:
                name, future = under_way.popleft()
                yield name, future.result()
                under_way += [(each, pool.submit(read, each)) for each in islice(wanted, 1)]

    def _without(self, copy: Replica, name: str, data: bytes | CopyFault) -> bytes | CopyFault:
        """What is to stay of a copy; where there is more, that is named."""
        if isinstance(data, CopyFault):
            return data
        without = withheld(data, self._named)
        if without is not data:
            detail = f"the store {copy.name} still holds bodies that were withdrawn: {ADVICE}"
            self._unerased[name, copy.name] = Fault("not-erased", name, detail)
        return without

    @staticmethod
    def _read_one(copy: Replica, name: str) -> bytes | CopyFault:
        try:
            return copy.store.read(name, limit=LARGEST_BATCH)
        except ObjectMissing:
            return CopyFault.MISSING
        except StoreError:
            return CopyFault.UNREADABLE


def _withdrawn(archive: Archive) -> set[int]:
    """The events that withdrawals withhold; a catalogue that cannot say so is for others to name."""
    try:
        with archive.catalogue.asking() as questions:
            return withheld_numbers(questions)
    except ArchiverError:
        return set()
