"""``archiver verify``: is what we hold what we took in, and does the log say so? Looking changes nothing.

0. The store's nameplate must be the one that the log's key signed: without it there is no key to check by.
1. The published log: form, sequence, signatures, commitments, chain, and the Merkle root against every checkpoint.
   Its keys are learned on the way, from the pinned one on (``archiver.custody.keyring``); what was signed by a key that
   was retired as doubtful since an earlier event is noted.
2. It must reach at least as far as the catalogue saw it published: a log that was cut off is found.
   It must extend every checkpoint that somebody kept elsewhere and hands in (``archiver.witness``).
   It must pass every checkpoint that was stamped, and the stamps themselves must verify (``archiver.stamps``).
3. The catalogue, row by row, against the projection of the log.
4. Every item and every list of fingerprints that the log names: its bytes are read and hashed against its name.
5. What lies in the store and in no event is a loose end: named, and no fault (a command was killed before it recorded).
   Of several stores one is checked so, the main one unless another is named, and nothing is read from any other; then
   the others are compared with it (``archiver.alongside``).
   What was withdrawn must lie nowhere any more, and no body may be missing that no withdrawal withholds
   (``archiver.tombstones``).
6. Something was checked at all. An archive with nothing to check is not intact by silence.

*The log alone* can be checked, at a tenth of the time that a whole check of it takes: steps 0, 1, 2 and 6, and of step
1 not the commitments, the signatures of single events, and how bodies are spelled. What somebody believes on the way is
checked whole all the same: events about keys, and withdrawals. What was left out is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from archiver.alongside import beside
from archiver.checking.copies import Reading, read_copies
from archiver.checking.fault import Fault
from archiver.checking.projected import compare_catalogue
from archiver.errors import LogError, UsageError
from archiver.facts.vocabulary import CopyFault
from archiver.logbook import published
from archiver.logwalk import Walked, walk_log
from archiver.settings import MAIN
from archiver.stamps import Coverage, coverage
from archiver.strays import Strays
from archiver.tombstones import ADVICE
from archiver.walk import STANDARD_INPUT, standard_input
from archiver.witness import Proven, Witness
from storage.digest import Digest
from storage.errors import StoreDenied, StoreError
from storage.layout import EVENTS, FORMAT, OBJECTS, digest_of, first_sequence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.replica import Replica
    from archiver.tombstones import Tombstones
    from storage.store import SingleStore

LEFT_OUT: Final = ("bodies", "event-signatures", "bytes", "catalogue", "loose-ends", "other-stores")
"""What the check of the log alone does not do."""
OF_ITEMS: Final = ("other-items", "loose-ends")
"""What the check of single items does not do."""


@dataclass(slots=True)
class Verified:
    """What was checked, what is amiss, and what is merely worth knowing.

    Attributes:
        events: events of the published log.
        items: items whose bytes were read.
        lists: lists of fingerprints whose bytes were read.
        bytes: how many bytes that were.
        root: the tree's root, hexadecimal.
        stamps: time stamps that were checked.
        stamped: how far each authority that the settings name has stamped the log.
        extends: for each checkpoint that was handed in and that the log extends, the proof.
        faults: what is amiss.
        notes: what is no fault.
        not_checked: what was left out, by name.
    """

    events: int = 0
    items: int = 0
    lists: int = 0
    bytes: int = 0
    root: str = ""
    stamps: int = 0
    stamped: list[Coverage] = field(default_factory=list)
    extends: list[Proven] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    not_checked: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether something was checked and nothing of it is amiss."""
        return not self.faults


def verify(
    archive: Archive,
    items: Sequence[str] = (),
    *,
    checkpoints: Sequence[Path] = (),
    store: str = MAIN,
    log_only: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    jobs: int = 4,
) -> Verified:
    """Check the log, the catalogue and the bytes of these items (of all, where none is named).

    Args:
        archive: the archive.
        items: SHA-256s in full.
        checkpoints: files of checkpoints that were kept elsewhere; ``-`` for standard input (once).
        store: which store is checked, by name.
        log_only: whether the log alone is checked.
        progress: told how many of how many items are done.
        jobs: how many items are read at once.

    Raises:
        InputRefused: a checkpoint's file is none, or was altered, or is of another log.
        StoreError: the store does not answer at all.
        UsageError: there is no store of this name, items are named although their bytes are not to be read, or standard
            input is named twice.
        CatalogueError: the catalogue does not answer, so it cannot be told whether it is intact.
    """
    if log_only and items:
        raise UsageError(
            "the check of the log alone reads no bytes of items", hint="leave out the items, or --log-only"
        )
    result = Verified(not_checked=LEFT_OUT if log_only else OF_ITEMS if items else ())
    copies = archive.copies  # all of them: from the next line on, the archive knows of one alone
    checked = archive.only(store)
    try:
        archive.nameplate  # noqa: B018 - step 0: read and checked when it is asked for
    except LogError as error:
        result.faults.append(Fault("nameplate", FORMAT, str(error)))
        return result
    except StoreError as error:
        if len(copies) > 1:
            error.hint += " (`archiver verify --store NAME` checks another store)"
        raise
    witness = Witness(archive, _sources(checkpoints))
    walked = _log(archive, result, witness, jobs, alone=log_only)  # steps 1 and 2
    result.extends, amiss = witness.judge(walked.keys)
    result.faults += [Fault(str(f.code), f.subject, f.detail) for f in amiss]
    if not log_only:
        _all_but_the_log(archive, (copies, checked), walked, items, result, progress=progress, jobs=jobs)
    if not result.events and not result.faults:  # step 6
        result.faults.append(Fault("nothing-checked", "archive", "the archive holds nothing, so nothing was checked"))
    return result


def _sources(checkpoints: Sequence[Path]) -> list[tuple[str, Path | BinaryIO | None]]:
    if len([path for path in checkpoints if str(path) == STANDARD_INPUT]) > 1:
        raise UsageError("--checkpoint: standard input was named twice", hint="name files for all checkpoints but one")
    return [
        ("standard input", standard_input()) if str(path) == STANDARD_INPUT else (str(path), path)
        for path in checkpoints
    ]


def _all_but_the_log(
    archive: Archive,
    stores: tuple[Sequence[Replica], Replica],
    walked: Walked,
    items: Sequence[str],
    result: Verified,
    *,
    progress: Callable[[int, int], None],
    jobs: int,
) -> None:
    held, lists, (copies, checked) = walked.items, walked.lists, stores
    strays = {each.subject for each in walked.amiss}

    def log() -> Iterator[tuple[str, bytes]]:
        return (each for each in published(archive.store) if each[0] not in strays)

    compare_catalogue(archive, result.events, result.faults, result.notes, log)  # step 3
    wanted = sorted(set(items) or held)
    for unknown in sorted(set(items) - held):
        result.faults.append(Fault("not-in-log", unknown, "no event of the log says that this item was taken in"))
    also = [] if items else sorted(lists - held)
    _bytes(checked.store, [*(item for item in wanted if item in held), *also], result, progress, jobs)  # step 4
    result.items, result.lists = result.items - len(also), len(also)
    if not items:
        try:
            _loose_ends(archive, held | lists, walked.tombstones, result)  # step 5
        except StoreDenied as error:  # a folder that lets nobody look: all the rest was checked, and is told
            detail = f"what it holds cannot be told: {error}"
            result.faults.append(Fault("store-silent", checked.name, detail))
    for each in beside(copies, checked, walked.tombstones, Strays(archive)) if len(copies) > 1 else ():
        (result.faults if each.grave else result.notes).append(Fault(each.code, each.subject, each.detail))


def _log(archive: Archive, result: Verified, witness: Witness, jobs: int, *, alone: bool) -> Walked:
    walked = walk_log(archive, witness, jobs, alone=alone)
    report = walked.report
    result.events = report.events
    result.root = report.head.root.hex() if report.head.size else ""
    result.faults += [Fault(f.code, f.subject, f.detail) for f in walked.amiss]
    _stamps(archive, result, walked)
    if report.batches or walked.known:
        result.faults += [Fault(str(f.code), f.subject, f.detail) for f in report.findings]
    result.notes += [Fault(odd.code, f"event {odd.event}", odd.detail) for odd in walked.oddities]
    result.faults += [Fault(*each) for each in walked.tombstones.amiss()]
    for doubt in walked.keys.doubts():
        result.notes.append(Fault("doubtful", f"events {doubt.first} to {doubt.last}", doubt.told()))
    return walked


def _stamps(archive: Archive, result: Verified, walked: Walked) -> None:
    for name in walked.loose:
        detail = "lies among the time stamps and belongs to none (a stamp that was broken off?)"
        result.notes.append(Fault("loose-end", name, detail))
    for each in walked.stamps:
        if each.fault:
            result.faults.append(Fault(each.code, str(each.place), each.fault))
        elif each.untrusted:
            detail = f"its signature holds, and nobody here vouches for its root: {each.untrusted}"
            result.notes.append(Fault("stamp-untrusted", str(each.place), detail))
    result.stamps = len(walked.stamps)
    result.stamped = coverage(archive, walked.stamps, result.events)


def _bytes(
    store: SingleStore, items: Sequence[str], result: Verified, progress: Callable[[int, int], None], jobs: int
) -> None:
    readings = read_copies(store, map(Digest.parse, items), jobs)
    for done, reading in enumerate(readings, start=1):
        result.items += 1
        result.bytes += reading.size
        if reading.fault is not None:
            result.faults.append(_fault(reading))
        progress(done, len(items))


def _fault(reading: Reading) -> Fault:
    item = str(reading.digest)
    match reading.fault:
        case CopyFault.MISSING:
            return Fault("object-missing", item, "the store does not hold its bytes")
        case CopyFault.CORRUPT:
            return Fault("object-corrupt", item, f"the stored bytes have another SHA-256, {reading.found}")
        case _:
            return Fault("object-unreadable", item, reading.detail)


def _loose_ends(archive: Archive, held: set[str], tombstones: Tombstones, result: Verified) -> None:
    for name in archive.store.names(OBJECTS):
        digest = digest_of(name)
        if str(digest) in tombstones.items and str(digest) not in held:
            result.faults.append(Fault("not-erased", str(digest), f"was withdrawn, and its bytes lie here: {ADVICE}"))
        elif digest is None or str(digest) not in held:
            result.notes.append(Fault("loose-end", name, "lies in the store and in no event of the log"))
    for name in archive.store.names(EVENTS):
        if first_sequence_of(name) is None:
            result.notes.append(Fault("loose-end", name, "lies among the log's transactions and is none"))
