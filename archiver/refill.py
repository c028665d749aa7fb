"""Making an archive's catalogue anew from its store alone.

1. The published log is checked whole; a catalogue is never made from a log that does not add up.
2. What this catalogue had committed and not published is published first, where it continues the published log; where
   it does not, it is kept in a file beside the catalogue and named. Nothing is lost silently.
3. A database that is no database any more is moved aside, not deleted.
4. The tables are made anew in one transaction, and must end at the tree that the last checkpoint signs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.archive import render_pending
from archiver.catalogue import rebuilding
from archiver.custody.batch import parse
from archiver.custody.check import check
from archiver.custody.checkpoint import parse_and_verify
from archiver.custody.merkle import Frontier
from archiver.custody.note import Verifier
from archiver.errors import ArchiverError, CatalogueError, LogError, RebuildNeeded
from archiver.logbook import LARGEST_BATCH, published, readable
from storage.errors import ObjectMissing
from storage.layout import batch_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.catalogue import Pending
    from archiver.catalogue.rebuilding import Readable


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
    count = _checked(archive)  # step 1
    pending, damaged = _waiting(archive)
    moved = _move_aside(archive) if damaged else None  # step 3
    head_before = _published_head(archive)
    fits = bool(pending) and pending[0].first == head_before.size
    kept = None
    done = 0
    if fits:  # step 2
        done = archive.publish()
        count += done
    elif pending:
        kept = _keep(archive, pending)
    head = rebuilding.replace(archive.catalogue, batches(archive))  # step 4
    tree = Frontier.parse(head.frontier) if head.size else Frontier()
    return Refilled(head.size, count, tree.root.hex() if head.size else "", done, kept, moved)


def batches(archive: Archive) -> Iterator[Readable]:
    """The published log as the catalogue takes it; the last checkpoint must sign the tree that it ends at."""
    head, checkpoint = Frontier(), ""
    for _, data in published(archive.store):
        made, head = readable(data, head, is_published=True)
        checkpoint = made[1].checkpoint
        yield made
    if checkpoint:
        signed = parse_and_verify(checkpoint, Verifier(archive.settings.origin, archive.nameplate.key))
        if (signed.size, signed.root) != (head.size, head.root):
            raise LogError("the published log does not end at the tree that its last checkpoint signs")


def _checked(archive: Archive) -> int:
    count = 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal count
        for each in published(archive.store):
            count += 1
            yield each

    report = check(counted(), [archive.nameplate.key], origin=archive.settings.origin)
    if count and not report.intact:
        raise LogError(
            f"the published log does not add up: {report.findings[0]} ({len(report.findings)} findings)",
            hint="`archiver verify` lists them; restore the named objects from another copy of the store",
        )
    return count


def _published_head(archive: Archive) -> Frontier:
    head = Frontier()
    for _, data in published(archive.store):
        head = head.extend(event.leaf for event in parse(data).events)
    return head


def _waiting(archive: Archive) -> tuple[list[Pending], bool]:
    """What is committed and not published, and whether the database is damaged."""
    try:
        return [each for each in archive.catalogue.pending() if not _is_published(archive, each)], False
    except RebuildNeeded:
        return [], False
    except CatalogueError:
        if not archive.settings.catalogue.startswith("sqlite:"):
            raise
        return [], True


def _is_published(archive: Archive, pending: Pending) -> bool:
    """Whether the store holds it after all: the backup that was restored was taken just before it was published."""
    try:
        return archive.store.read(batch_name(pending.first), limit=LARGEST_BATCH) == render_pending(pending)
    except ObjectMissing:
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
            kept.append(json.loads(render_pending(each)))
        except (ArchiverError, ValueError):
            kept.append({"first": each.first, "checkpoint": each.checkpoint, "records": list(each.records)})
    target.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target
