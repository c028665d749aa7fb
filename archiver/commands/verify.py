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
6. Something was checked at all. An archive with nothing to check is not intact by silence.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.rebuilding import differences
from archiver.custody.batch import parse_loosely
from archiver.custody.check import check
from archiver.custody.errors import Malformed
from archiver.custody.merkle import Frontier
from archiver.errors import ArchiverError, CatalogueDamaged, LogError, RebuildNeeded
from archiver.keyrings import keyring_of_log
from archiver.logbook import published, readable, rendered
from archiver.stamps import Coverage, Judged, coverage, every_stamp
from archiver.witness import Proven, Witness
from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt, ObjectMissing, StoreError
from storage.layout import EVENTS, FORMAT, OBJECTS, digest_of, first_sequence_of, object_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.mirror import Pending
    from archiver.catalogue.rebuilding import Readable
    from archiver.custody.check import Report
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Doubt, Keyring

MOST_DIFFERENCES = 1000
"""How many differing rows are listed; a catalogue with more is beyond reading, and ``rebuild`` is the answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is amiss: a code for machines, where, and a sentence for people."""

    code: str
    subject: str
    detail: str


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

    @property
    def intact(self) -> bool:
        """Whether something was checked and nothing is amiss."""
        return not self.faults


def verify(
    archive: Archive,
    items: Sequence[str] = (),
    *,
    checkpoints: Sequence[Path] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    jobs: int = 4,
) -> Verified:
    """Check the log, the catalogue and the bytes of these items (of all, where none is named).

    Args:
        archive: the archive.
        items: SHA-256s in full.
        checkpoints: files of checkpoints that were kept elsewhere.
        progress: told how many of how many items are done.
        jobs: how many items are read at once.

    Raises:
        InputRefused: a checkpoint's file is none, or was altered, or is of another log.
        StoreError: the store does not answer at all.
        CatalogueError: the catalogue does not answer, so it cannot be told whether it is intact.
    """
    result = Verified()
    try:
        archive.nameplate  # noqa: B018 - step 0: read and checked when it is asked for
    except LogError as error:
        result.faults.append(Fault("nameplate", FORMAT, str(error)))
        return result
    witness = Witness(archive, checkpoints)
    held, lists, keys = _log(archive, result, witness, jobs)  # steps 1 and 2
    result.extends, amiss = witness.judge(keys)
    result.faults += [Fault(str(f.code), f.subject, f.detail) for f in amiss]
    _catalogue(archive, result)  # step 3
    wanted = sorted(set(items) or held)
    for unknown in sorted(set(items) - held):
        result.faults.append(Fault("not-in-log", unknown, "no event of the log says that this item was taken in"))
    also = [] if items else sorted(lists - held)
    _bytes(archive, [*(item for item in wanted if item in held), *also], result, progress, jobs)  # step 4
    result.items, result.lists = result.items - len(also), len(also)
    if not items:
        _loose_ends(archive, held | lists, result)  # step 5
    if not result.events and not result.faults:  # step 6
        result.faults.append(Fault("nothing-checked", "archive", "the archive holds nothing, so nothing was checked"))
    return result


def _log(archive: Archive, result: Verified, witness: Witness, jobs: int) -> tuple[set[str], set[str], Keyring]:
    """The items that the log names, and the lists of fingerprints, each by SHA-256; and the log's keys."""
    held: set[str] = set()
    lists: set[str] = set()

    def passing() -> Iterator[tuple[str, bytes]]:
        witness.begin()
        for name, data in published(archive.store):
            try:
                batch = parse_loosely(data)
                events = batch.events
                witness.pass_by(batch)
            except Malformed:
                events = ()  # the check itself finds and names it
            held.update(e.envelope.subject for e in events if e.envelope.kind == "acquisition")
            lists.update(file for e in events if e.envelope.kind == "hash-list" and (file := _list_of(e.body)))
            yield name, data

    def walk(keys: Keyring) -> tuple[list[Judged], tuple[str, ...], list[Checkpoint], list[Fault], Report]:
        witness.read(keys)  # a file that was altered is refused before anything is read
        judged, loose = every_stamp(archive, jobs, keys)
        known, amiss = _seen_published(archive, keys)
        known += [each.checkpoint for each in judged if each.checkpoint is not None]
        return judged, loose, known, amiss, check(passing(), [archive.nameplate.key], origin=keys.origin, known=known)

    keys = _keys(archive)
    judged, loose, known, amiss, report = walk(keys)
    if report.keys.taken > keys.taken:  # the catalogue does not know all keys: what they signed is no fault
        keys = report.keys
        judged, loose, known, amiss, report = walk(keys)
    result.faults += amiss
    _tell_stamps(result, judged, loose)
    result.events = report.events
    result.root = report.head.root.hex() if report.head.size else ""
    result.stamped = coverage(archive, judged, report.events)
    if report.batches or known:
        result.faults += [Fault(str(f.code), f.subject, f.detail) for f in report.findings]
    result.notes += [Fault("doubtful", f"events {each.first} to {each.last}", _doubt(each)) for each in keys.doubts()]
    return held, lists, keys


def _keys(archive: Archive) -> Keyring:
    """The log's keys by the catalogue; by the log itself where the catalogue tells nothing that verifies."""
    try:
        return archive.keys
    except (CatalogueDamaged, LogError):
        return keyring_of_log(archive.store, archive.settings.origin, archive.nameplate.key)


def _doubt(doubt: Doubt) -> str:
    retired = doubt.term.retired
    told = f" (retired by event {retired.event}: {retired.reason})" if retired else ""
    return (
        f"signed by the key {doubt.term.key.fingerprint}, which somebody else may have had by then{told}; what a "
        "checkpoint kept elsewhere or a time stamp covers, and is from before then, is not in doubt"
    )


def _tell_stamps(result: Verified, judged: list[Judged], loose: tuple[str, ...]) -> None:
    for name in loose:
        detail = "lies among the time stamps and belongs to none (a stamp that was broken off?)"
        result.notes.append(Fault("loose-end", name, detail))
    for each in judged:
        if each.fault:
            result.faults.append(Fault(each.code, str(each.place), each.fault))
        elif each.untrusted:
            detail = f"its signature holds, and nobody here vouches for its root: {each.untrusted}"
            result.notes.append(Fault("stamp-untrusted", str(each.place), detail))
    result.stamps = len(judged)


def _list_of(body: dict[str, Any] | None) -> str | None:
    """The SHA-256 of the list that a statement is about; the check itself finds a statement that is none."""
    file = (body or {}).get("file")
    return file if isinstance(file, str) and re.fullmatch("[0-9a-f]{64}", file) else None


def _seen_published(archive: Archive, keys: Keyring) -> tuple[list[Checkpoint], list[Fault]]:
    """The newest checkpoint that the catalogue saw published: the log must pass it; and what is amiss with it."""
    try:
        text = archive.catalogue.last_published_checkpoint()
        return ([] if text is None else [keys.checkpoint(text)]), []
    except (CatalogueDamaged, RebuildNeeded) as error:
        return [], [Fault("catalogue-unreadable", "catalogue", str(error))]
    except LogError as error:
        return [], [Fault("catalogue-differs", "catalogue", f"its newest checkpoint is not ours: {error}")]


def _catalogue(archive: Archive, result: Verified) -> None:
    def log(size: int, waiting: list[Pending]) -> Iterator[Readable]:
        return _projected(archive, size, waiting, result)

    try:
        size = archive.catalogue.head().size
        if size < result.events:
            detail = f"it ends with {size} events, and the published log with {result.events}: run `archiver rebuild`"
            result.faults.append(Fault("catalogue-behind", "catalogue", detail))
        for number, difference in enumerate(differences(archive.catalogue, log)):
            if number == MOST_DIFFERENCES:
                result.faults.append(Fault("catalogue-differs", "catalogue", "more rows differ and are not listed"))
                break
            where = f"{difference.table} {difference.key}"
            result.faults.append(Fault("catalogue-differs", where, difference.detail))
    except (CatalogueDamaged, RebuildNeeded) as error:
        fault = Fault("catalogue-unreadable", "catalogue", str(error))
        if fault not in result.faults:
            result.faults.append(fault)


def _projected(archive: Archive, size: int, waiting: list[Pending], result: Verified) -> Iterator[Readable]:
    """What the catalogue should hold: the published log up to ``size``, then what is committed and unpublished."""
    tree = Frontier()
    unpublished = {each.first: each for each in waiting}
    try:
        for _, data in published(archive.store):
            if tree.size >= size:
                break
            made, tree = readable(data, tree, is_published=tree.size not in unpublished)
            unpublished.pop(made[0], None)
            yield made
        for first, each in sorted(unpublished.items()):
            made, tree = readable(rendered(each), tree, is_published=False)
            yield made
            detail = f"{len(each.records)} events are committed and not published: the next command publishes them"
            result.notes.append(Fault("unpublished", f"event {first}", detail))
    except ArchiverError as error:
        result.faults.append(Fault("log-unreadable", "log", f"the catalogue was compared only up to here: {error}"))


def _bytes(
    archive: Archive, items: Sequence[str], result: Verified, progress: Callable[[int, int], None], jobs: int
) -> None:
    with ThreadPoolExecutor(jobs) as pool:
        for done, (size, fault) in enumerate(pool.map(lambda item: _read(archive, item), items), start=1):
            result.items += 1
            result.bytes += size
            if fault is not None:
                result.faults.append(fault)
            progress(done, len(items))


def _read(archive: Archive, item: str) -> tuple[int, Fault | None]:
    digest, size = Digest.parse(item), 0
    try:
        with archive.store.open(object_name(digest), digest=digest) as stream:
            while block := stream.read(CHUNK):
                size += len(block)
    except ObjectMissing:
        return size, Fault("object-missing", item, "the store does not hold its bytes")
    except ObjectCorrupt as error:
        return size, Fault("object-corrupt", item, f"the stored bytes have another SHA-256, {error.found}")
    except StoreError as error:
        return size, Fault("object-unreadable", item, str(error))
    return size, None


def _loose_ends(archive: Archive, held: set[str], result: Verified) -> None:
    for name in archive.store.names(OBJECTS):
        digest = digest_of(name)
        if digest is None or str(digest) not in held:
            result.notes.append(Fault("loose-end", name, "lies in the store and in no event of the log"))
    for name in archive.store.names(EVENTS):
        if first_sequence_of(name) is None:
            result.notes.append(Fault("loose-end", name, "lies among the log's transactions and is none"))
