"""The published log, walked from its beginning to its end for whoever checks an archive. Looking changes nothing.

1. The log's keys are asked of the catalogue first, because the time stamps, and what is known from elsewhere, must be
   judged by them before the walk; of the log itself where the catalogue tells nothing that verifies.
2. The walk (``archiver.custody.check``) learns the keys again, from the pinned one on.
   *The log alone* can be walked: no bodies are opened but those that somebody believes on the way, and no signatures
   of single events are verified but theirs. Withdrawals are believed.
   What lies among the transactions and is none of this log (``archiver.strays``) is named, and passes nobody by.
3. Where the log tells of more keys than the catalogue did, 1 and 2 are done again with these: what a key signed that
   the catalogue does not know yet is no fault of whoever signed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.chronology import Chronology
from archiver.custody.check import check
from archiver.custody.transaction import Transaction
from archiver.errors import CatalogueDamaged, LogError, RebuildNeeded
from archiver.keyrings import keyring_of_log
from archiver.logbook import published
from archiver.stamps import every_stamp
from archiver.strays import CODE as STRAY
from archiver.strays import Strays
from archiver.tombstones import WITHDRAWAL, Tombstones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.archive import Archive
    from archiver.chronology import Oddity
    from archiver.custody.check import Report
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Keyring
    from archiver.stamps import Judged
    from archiver.witness import Witness


@dataclass(frozen=True, slots=True)
class Amiss:
    """What is amiss with the newest checkpoint that the catalogue saw published, or lies where the log would."""

    code: str
    subject: str
    detail: str


@dataclass(slots=True)
class Walked:
    """What was seen on the way.

    Attributes:
        report: what the check says.
        keys: the log's keys.
        stamps: the time stamps, judged.
        loose: names among them that belong to none.
        known: the checkpoints that the log must pass.
        amiss: what is amiss with those of the catalogue, and what is no transaction.
        items: the items that the log says were taken in, by SHA-256; none where the log alone was walked.
        lists: the same of lists of fingerprints.
        oddities: what is odd about the times of events.
        tombstones: what the log says was withdrawn; not among the items any more.
    """

    report: Report
    keys: Keyring
    stamps: list[Judged]
    loose: tuple[str, ...]
    known: list[Checkpoint]
    amiss: list[Amiss]
    items: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    oddities: list[Oddity] = field(default_factory=list)
    tombstones: Tombstones = field(default_factory=Tombstones)


def walk_log(archive: Archive, witness: Witness, jobs: int, *, alone: bool = False) -> Walked:
    """Walk the log; see the steps above.

    Args:
        archive: whose.
        witness: sees every transaction pass by.
        jobs: how many time stamps are read at once.
        alone: whether the log alone is walked.

    Raises:
        InputRefused: a checkpoint that was handed in was altered.
        StoreError: the store does not answer.
        CatalogueError: the catalogue does not answer.
    """
    keys = keys_of(archive)  # step 1
    walked = _walk(archive, keys, witness, jobs, alone=alone)  # step 2
    if walked.report.keys.taken > keys.taken:  # step 3
        return _walk(archive, walked.report.keys, witness, jobs, alone=alone)
    return walked


def _walk(archive: Archive, keys: Keyring, witness: Witness, jobs: int, *, alone: bool) -> Walked:
    witness.begin(keys)
    strays = Strays(archive)
    items: set[str] = set()
    lists: set[str] = set()
    tombstones = Tombstones()

    def passing() -> Iterator[Transaction]:
        for name, data in strays.without(published(archive.store), archive.copies[0].name):
            transaction = Transaction(name, data, bodies=not alone)
            events = transaction.events
            tombstones.pass_by(events)
            witness.pass_by(transaction)
            for event in events:
                chronology.pass_by(event.envelope.sequence, event.envelope.time)
            if not alone:
                items.update(e.envelope.subject for e in events if e.envelope.kind == "acquisition")
                lists.update(file for e in events if e.envelope.kind == "hash-list" and (file := list_of(e.body)))
            yield transaction

    stamps, loose = every_stamp(archive, jobs, keys)
    bounds = [
        (s.checkpoint.size, s.token.time) for s in stamps if s.checkpoint and s.token and not (s.fault or s.untrusted)
    ]
    chronology = Chronology(bounds)
    known, amiss = seen_published(archive, keys)
    known += [each.checkpoint for each in stamps if each.checkpoint is not None]
    opened = [WITHDRAWAL] if alone else None
    report = check(passing(), [archive.nameplate.key], origin=archive.settings.origin, known=known, opened=opened)
    amiss += [Amiss(STRAY, name, each) for name, each in zip(sorted(strays.found), strays.told(), strict=True)]
    held = items - tombstones.items.keys()
    return Walked(
        report, keys, stamps, loose, known, amiss, held, lists, oddities=chronology.oddities(), tombstones=tombstones
    )


def keys_of(archive: Archive) -> Keyring:
    """The log's keys (step 1)."""
    try:
        return archive.keys
    except (CatalogueDamaged, LogError):
        return keyring_of_log(archive.store, archive.settings.origin, archive.nameplate.key)


def list_of(body: dict[str, Any] | None) -> str | None:
    """The SHA-256 of the list that a statement is about; the check itself finds a statement that is none."""
    file = (body or {}).get("file")
    return file if isinstance(file, str) and re.fullmatch("[0-9a-f]{64}", file) else None


def seen_published(archive: Archive, keys: Keyring) -> tuple[list[Checkpoint], list[Amiss]]:
    """The newest checkpoint that the catalogue saw published: the log must pass it; and what is amiss with it."""
    try:
        text = archive.catalogue.last_published_checkpoint()
        return ([] if text is None else [keys.checkpoint(text)]), []
    except (CatalogueDamaged, RebuildNeeded) as error:
        return [], [Amiss("catalogue-unreadable", "catalogue", str(error))]
    except LogError as error:
        return [], [Amiss("catalogue-differs", "catalogue", f"its newest checkpoint is not ours: {error}")]
