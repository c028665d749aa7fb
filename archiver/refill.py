"""Making an archive's catalogue anew from its store alone.

1. What this catalogue saw published and the store has lost is taken for not published: the catalogue holds it, signed.
2. What this catalogue holds and the store does not is published, where it fits into the published log; where it does
   not, it is kept in a file beside the catalogue and named. Nothing is lost silently.
3. The published log is checked whole; a catalogue is never made from a log that does not add up, or that ends before
   the newest checkpoint that this catalogue saw published.
4. An SQLite file that is no database any more, or holds what this program never makes, is moved aside, not deleted.
5. The tables are made anew in one transaction, and must end at the tree that the last checkpoint signs.
6. The indexes of looks, which were made of the catalogue as it was, are taken away.
7. Where something was withdrawn, the database lets go of what the tables before may have told of it.
"""

from __future__ import annotations

import heapq
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue import rebuilding
from archiver.catalogue.withdrawals import last_withdrawal
from archiver.custody.check import check
from archiver.custody.errors import Malformed
from archiver.custody.merkle import Frontier
from archiver.errors import ArchiverError, CatalogueDamaged, CatalogueError, LogError, RebuildNeeded
from archiver.keyrings import keyring_of_log
from archiver.logbook import LARGEST_BATCH, published, readable, rendered
from archiver.lookalikes import forget_indexes
from archiver.strays import Strays
from archiver.tombstones import Tombstones
from storage.errors import ObjectMissing
from storage.layout import EVENTS, batch_name, first_sequence_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.mirror import Pending
    from archiver.catalogue.rebuilding import Readable
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Refilled:
    """What a rebuild made.

    Attributes:
        events: how many events the log has.
        batches: in how many transactions.
        root: the tree's root, hexadecimal; empty for an empty log.
        published: how many transactions were published first.
        kept: the file that holds what could not be published, if there was any.
        moved: where a damaged database was moved, if there was one.
    """

    events: int
    batches: int
    root: str
    published: int
    kept: Path | None
    moved: Path | None


def refill(archive: Archive) -> Refilled:
    """Make the catalogue anew; see the steps above.

    Raises:
        LogError: the published log does not add up.
        CatalogueError: the database does not answer.
        StoreError: the store does not answer.
    """
    known, waiting, damaged = _held(archive)  # step 1
    done, kept = _publish(archive, waiting)  # step 2
    count, keys = _checked(archive, known)  # step 3
    moved = _move_aside(archive) if damaged else None  # step 4
    head = rebuilding.replace(archive.catalogue, batches(archive, keys))  # step 5
    forget_indexes(archive)  # step 6
    _forget_withdrawn(archive)  # step 7
    tree = Frontier.parse(head.frontier) if head.size else Frontier()
    return Refilled(head.size, count, tree.root.hex() if head.size else "", done, kept, moved)


def batches(archive: Archive, keys: Keyring) -> Iterator[Readable]:
    """The published log as the catalogue takes it; the last checkpoint must sign the tree that it ends at.

    Args:
        archive: whose log.
        keys: the log's keys.

    Raises:
        LogError: it does not add up.
        StoreError: the store does not answer.
    """
    head, checkpoint = Frontier(), ""
    tombstones = Tombstones()
    for _, data in published(archive.store):
        made, head = readable(data, head, is_published=True)
        checkpoint = made[1].checkpoint
        tombstones.take(made[1], made[2])
        yield made
    if lost := tombstones.unexplained:
        raise LogError(
            f"the body of event {lost[0]} was taken out of the published log, and no withdrawal says so",
            hint="restore the transaction from another copy of the store: `archiver verify` names it",
        )
    if checkpoint:
        signed = keys.checkpoint(checkpoint)
        if (signed.size, signed.root) != (head.size, head.root):
            raise LogError("the published log does not end at the tree that its last checkpoint signs")


def _held(archive: Archive) -> tuple[list[Checkpoint], list[Pending], bool]:
    """The newest checkpoint seen published, what the store does not hold, and whether the database is to be moved."""
    catalogue, is_a_file = archive.catalogue, archive.settings.catalogue.startswith("sqlite:")
    try:
        text = catalogue.last_published_checkpoint()
        stored = {first_sequence_of(name) for name in archive.store.names(EVENTS)}
        lost = [first for first in catalogue.batches() if first not in stored]
        if lost:
            catalogue.published(lost, held=False)
        waiting = [each for each in catalogue.pending() if not _is_published(archive, each)]
    except RebuildNeeded:
        return [], [], False
    except CatalogueDamaged as error:
        if not is_a_file:
            error.hint = (
                "what is committed there and not published cannot be read, so its tables are left alone: name another "
                "database as `catalogue` in archive.toml, run `archiver rebuild`, and keep this one until that is right"
            )
            raise
        return [], [], True
    return _seen(archive, text), waiting, is_a_file and not rebuilding.is_as_made(catalogue)


def _seen(archive: Archive, text: str | None) -> list[Checkpoint]:
    """The checkpoint that the catalogue saw published; one that no key of the log signed was put there by somebody."""
    if not text:
        return []
    try:
        return [archive.keys.checkpoint(text)]
    except (CatalogueDamaged, LogError):  # of the checkpoint, or of what the catalogue tells of the keys
        keys = keyring_of_log(archive.store, archive.settings.origin, archive.nameplate.key)
    try:
        return [keys.checkpoint(text)]
    except LogError:
        return []


def _publish(archive: Archive, waiting: list[Pending]) -> tuple[int, Path | None]:
    """Publish what fits into the published log, and keep the rest; how many transactions, and where the rest is."""
    if not waiting:
        return 0, None
    try:
        ours = {batch_name(each.first): rendered(each) for each in waiting}
    except LogError:
        return 0, _keep(archive, waiting)
    if ours.keys() & set(archive.store.names(EVENTS)):
        return 0, _keep(archive, waiting)
    whole = heapq.merge(published(archive.store), sorted(ours.items()))
    fits = check(whole, [archive.nameplate.key], origin=archive.settings.origin).intact
    if not fits:
        _refuse_strays(archive)
    return (archive.publish(), None) if fits else (0, _keep(archive, waiting))


def _checked(archive: Archive, known: list[Checkpoint]) -> tuple[int, Keyring]:
    count = 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal count
        for each in published(archive.store):
            count += 1
            yield each

    report = check(counted(), [archive.nameplate.key], origin=archive.settings.origin, known=known)
    if (count or known) and not report.intact:
        _refuse_strays(archive)
        raise LogError(
            f"the published log does not add up: {report.findings[0]} ({len(report.findings)} findings)",
            hint="`archiver verify` lists them; restore the named objects from another copy of the store",
        )
    return count, report.keys


def _refuse_strays(archive: Archive) -> None:
    """Say what it is that does not fit, where it is none of the log's."""
    strays = Strays(archive)
    for name in archive.store.names(EVENTS):
        strays.refuse(name)


def _forget_withdrawn(archive: Archive) -> None:
    try:
        with archive.catalogue.asking() as questions:
            withdrawn = last_withdrawal(questions) is not None
        if withdrawn:
            archive.catalogue.forget_deleted()
    except CatalogueError as error:
        archive.notes.append(f"the database may still hold what was withdrawn, deleted and not overwritten: {error}")


def _is_published(archive: Archive, pending: Pending) -> bool:
    """Whether the store holds it after all: the backup that was restored was taken just before it was published."""
    try:
        return archive.store.read(batch_name(pending.first), limit=LARGEST_BATCH) == rendered(pending)
    except (ObjectMissing, Malformed):  # what is malformed is kept, and never published
        return False


def _move_aside(archive: Archive) -> Path | None:
    archive.catalogue.close()
    path = archive.home / archive.settings.catalogue.removeprefix("sqlite:")
    stamp = archive.now.replace(":", "").replace(".", "")
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    if not path.exists():
        return None
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
    return target


def _keep(archive: Archive, pending: list[Pending]) -> Path:
    stamp = archive.now.replace(":", "").replace(".", "")
    target = archive.home / f"unpublished-{stamp}.json"
    kept = []
    for each in pending:
        try:
            kept.append(json.loads(rendered(each)))
        except (ArchiverError, ValueError):
            kept.append({"first": each.first, "checkpoint": each.checkpoint, "records": list(each.records)})
    target.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target
