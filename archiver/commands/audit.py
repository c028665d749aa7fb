"""``archiver audit``: read every copy in every store, say what is amiss, record it, and repair if told to.

1. Each store must be this archive's: its nameplate is signed and names this log. One that is not, or does not answer,
   is named; the others are read.
2. The time stamps of all stores, then the log of all stores: the same bytes everywhere, and those that the signed
   checkpoints demand (``archiver.auditing.log_copies``).
3. The catalogue must hold the items that the log names, and no other. With ``deep`` it is compared row by row, and
   each store is tried anew: does it still do what it was seen to do (``archiver.auditing.promises``)?
4. Of each store, every original and every list of fingerprints that is due: read in full and hashed.
5. What lies in a store and in no event is a loose end.
6. It is recorded: one summary a store, and one failure for each copy that is amiss. Nothing else is written. Where a
   store does not take that, it is recorded all the same, and said to be on its way.
7. Only where asked for, copies are repaired (``archiver.auditing.repairing``), each of them recorded.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from archiver.auditing.both_ways import items_differ, loose_ends
from archiver.auditing.logs import audit_logs
from archiver.auditing.outcome import Audited
from archiver.auditing.promises import broken_promises
from archiver.auditing.repairing import Mender
from archiver.auditing.store_audit import Asked, StoreAudit
from archiver.auditing.unrecorded import found_whole
from archiver.checking.copies import JOBS
from archiver.checking.fault import Fault
from archiver.checking.projected import compare_catalogue
from archiver.errors import LogError, Unpublished
from archiver.facts.fixity import Repair
from archiver.facts.vocabulary import CopyFault
from archiver.logbook import published
from storage.errors import StoreError
from storage.layout import FORMAT, OBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from archiver.archive import Archive
    from archiver.auditing.copy_amiss import Amiss
    from archiver.auditing.log_copies import LogCopies
    from archiver.auditing.stamp_copies import StampCopies
    from archiver.facts.fact import Fact
    from archiver.replica import Replica

_REPAIRS_AT_ONCE = 50
"""Repairs in one transaction: so few are found whole, and not told how, where a command is killed and repeated."""


def audit(
    archive: Archive,
    *,
    stores: Sequence[str] = (),
    asked: Asked | None = None,
    repair: bool = False,
    restart: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    jobs: int = JOBS,
) -> Audited:
    """Follow the steps above.

    Args:
        archive: the archive.
        stores: the names of the stores to audit; all by default.
        asked: which originals, and how deep; all of them by default.
        repair: whether to repair what can be repaired.
        restart: whether an audit that was broken off is begun anew instead of taken up.
        progress: told how many of how many copies are done.
        jobs: how many are read at once.

    Raises:
        UsageError: there is no such store, or this machine cannot record, or just this audit is running already.
        LogError: the main store is not this archive's.
        CatalogueError: the catalogue does not answer.
    """
    return _Audit(archive, asked or Asked(), jobs).run(stores, repair=repair, restart=restart, progress=progress)


class _Audit:
    def __init__(self, archive: Archive, asked: Asked, jobs: int) -> None:
        self._archive = archive
        self._asked = asked
        self._jobs = jobs
        self._why: LogError | StoreError | None = None
        self._late: list[tuple[Unpublished, Sequence[Fact]]] = []
        """What is recorded and was not put into every store, and why not."""
        self.result = Audited()

    def run(
        self, stores: Sequence[str], *, repair: bool, restart: bool, progress: Callable[[int, int], None]
    ) -> Audited:
        refused = self._refused()
        copies = self._copies(stores)  # step 1
        with ExitStack() as open_notebooks:
            parts = []
            for place, copy in enumerate(copies):
                parts.append(StoreAudit(self._archive, copy, place, self._asked, restart=restart))
                open_notebooks.callback(parts[-1].notebook.leave)
            return self._run(copies, parts, repair=repair, recordable=refused is None, progress=progress)

    def _run(
        self,
        copies: Sequence[Replica],
        parts: Sequence[StoreAudit],
        *,
        repair: bool,
        recordable: bool,
        progress: Callable[[int, int], None],
    ) -> Audited:
        result = self.result
        stamps, log = self._log(copies, [part.kept.log_size for part in parts if part.kept])  # step 2
        self._catalogue(log)  # step 3
        facts: list[Fact] = []
        for part, copy in zip(parts, copies, strict=True):
            found, made = part.run(log, stamps, progress, self._jobs)  # step 4
            result.stores.append(found)
            facts += made
            if found.check is None:
                detail = "stopped answering; what was read until then is kept, and the same command goes on from there"
                result.silent.append(Fault("store-silent", copy.name, detail))
            self._loose_ends(copy, log)  # step 5
            if self._asked.deep:
                self._promises(copy)
        if not log.head.size and not result.faults and not result.silent:
            detail = "the archive holds nothing, so nothing was checked"
            result.faults.append(Fault("nothing-checked", "archive", detail))
        unrecorded = self._record(facts) if recordable else facts  # step 6
        self._close(parts)
        if repair:
            unrecorded = self._repair(unrecorded)  # step 7
        if unrecorded:
            detail = f"{len(unrecorded)} facts of this audit could not be recorded: {self._why}"
            into = result.silent if isinstance(self._why, StoreError) else result.faults
            into.append(Fault("not-recorded", "archive", detail))
        self._not_in_every_store()
        self._close(parts)
        return result

    def _close(self, parts: Sequence[StoreAudit]) -> None:
        """What is recorded needs no notebook any more: whoever is killed in repairing shall read anew."""
        for part, found in zip(parts, self.result.stores, strict=True):
            if found.number is not None:
                part.notebook.finish()

    def _refused(self) -> LogError | StoreError | None:
        """Why nothing can be recorded as things are: the findings are told all the same.

        What a command that was killed has committed is published first, as by whoever records next: a transaction that
        is on its way into the stores is no loss.
        """
        try:
            self._archive.ready_to_write()
            self._archive.publish()
        except (LogError, StoreError) as error:
            self._why = error
            return error
        return None

    def _copies(self, wanted: Sequence[str]) -> list[Replica]:
        copies = [self._archive.stores.called(name) for name in dict.fromkeys(wanted)] or self._archive.copies
        found = []
        for copy in copies:
            try:
                copy.nameplate  # noqa: B018 - read and checked when it is asked for
                found.append(copy)
            except LogError as error:
                self.result.faults.append(Fault("nameplate", f"{FORMAT} in the store {copy.name}", str(error)))
            except StoreError as error:
                self.result.silent.append(Fault("store-silent", copy.name, str(error)))
        return found

    def _log(self, copies: Sequence[Replica], sizes: Sequence[int]) -> tuple[StampCopies, LogCopies]:
        result, logs = self.result, audit_logs(self._archive, copies, sizes, self._jobs)
        stamps, log = logs.stamps, logs.log
        result.faults += logs.faults
        result.notes += [*stamps.notes, *log.notes]
        result.events, result.items, result.stamps = log.head.size, len(log.named.items), len(stamps.judged)
        result.root = log.head.root.hex() if log.head.size else ""
        return stamps, log

    def _catalogue(self, log: LogCopies) -> None:
        faults = self.result.faults
        if self._asked.deep:
            compare_catalogue(self._archive, log.head.size, faults, self.result.notes, lambda: self._published(log))
            return
        faults += items_differ(self._archive, log)

    def _published(self, log: LogCopies) -> Iterator[tuple[str, bytes]]:
        return (each for each in published(self._archive.store) if each[0] in log.digests)

    def _loose_ends(self, copy: Replica, log: LogCopies) -> None:
        try:
            for end in loose_ends(copy, self._asked.share, log):
                (self.result.faults if end.code == "not-erased" else self.result.notes).append(end)
        except StoreError as error:
            self.result.silent.append(Fault("store-silent", copy.name, str(error)))

    def _promises(self, copy: Replica) -> None:
        try:
            self.result.faults += broken_promises(copy)
        except StoreError as error:
            self.result.silent.append(Fault("store-silent", copy.name, str(error)))

    def _record(self, facts: Sequence[Fact]) -> Sequence[Fact]:
        """Record; what could not be, so that the findings are told all the same."""
        if not facts:
            return ()
        try:
            numbers: Mapping[str, int] = self._archive.record(lambda _: facts).numbers
        except Unpublished as error:
            numbers = error.numbers
            self._late.append((error, facts))
        except (LogError, StoreError) as error:
            self._why = error
            return facts
        for found in self.result.stores:
            if found.check is not None:
                found.number = numbers.get(found.check.identity(), found.number)
        return ()

    def _not_in_every_store(self) -> None:
        """What is recorded counts, and is still on its way; a later record may have put it there."""
        if not self._late or not self._archive.catalogue.pending():
            return
        numbers = [error.numbers[fact.identity()] for error, facts in self._late for fact in facts]
        puts = "`archiver sync`" if len(self._archive.copies) > 1 else "whatever records next"
        detail = (
            f"{len(numbers)} facts of this audit (#{min(numbers)} to #{max(numbers)}) are recorded, and not yet in "
            f"every store: {self._late[-1][0]}; {puts} puts them there"
        )
        self.result.silent.append(Fault("not-published", "archive", detail))

    def _repair(self, unrecorded: Sequence[Fact]) -> Sequence[Fact]:
        """Step 7; what could not be recorded before is recorded once the log is whole."""
        result = self.result
        copies = [copy for copy in self._archive.copies if self._answers(copy)]
        mender, made = Mender(self._archive, copies), list[Repair]()
        amiss = [each for store in result.stores for each in store.amiss]
        result.silent += [mender.unreadable(each) for each in amiss if each.fault is CopyFault.UNREADABLE]
        for each in sorted([each for each in amiss if each.fault is not CopyFault.UNREADABLE], key=_log_first):
            outcome = mender.mend(each)
            if isinstance(outcome, Repair):
                made.append(outcome)
            else:
                result.faults.append(outcome)
            if len(made) >= _REPAIRS_AT_ONCE and not unrecorded:
                unrecorded = self._repaired(made)
                made = []
        result.faults += mender.unprotected
        unrecorded = self._record([*unrecorded]) if unrecorded else ()
        unrecorded = [*unrecorded, *self._repaired(made)]
        if unrecorded:
            return unrecorded
        audited = {store.url for store in result.stores}
        return self._repaired(found_whole(self._archive, [copy for copy in copies if copy.url in audited]))

    def _repaired(self, made: Sequence[Repair]) -> Sequence[Fact]:
        self.result.repairs += made
        return self._record(made)

    @staticmethod
    def _answers(copy: Replica) -> bool:
        try:
            copy.nameplate  # noqa: B018 - read and checked when it is asked for
        except (LogError, StoreError):
            return False
        return True


def _log_first(amiss: Amiss) -> tuple[bool, str, bool]:
    """The log before the rest: without it nothing can be recorded. Bytes before what keeps them."""
    return amiss.name.startswith(OBJECTS), amiss.name, amiss.fault is CopyFault.UNPROTECTED
