"""``archiver withdraw``: erase an item where law demands it, and leave a tombstone. This cannot be taken back.

Every step may be the last one before the power fails; the same command goes on from there:

1. What forbids it is asked before anything is recorded: a legal hold or a retention, by the log and by every store
   itself, of the original and of the transactions that tell of it, in any version. A required store must answer.
2. The withdrawal is recorded and published: by whose order, why, and which events are withheld. In the same
   transaction the catalogue forgets what they stated (``archiver.catalogue.withdrawing``): from here on nobody finds
   or is shown the item, whatever still lies in a store.
3. It is erased in every store that answers (``archiver.erasing``); one that does not is named, and caught up by
   the same command or by `archiver sync`.
4. This machine's caches are thrown away, and the database lets go of what was deleted from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.protections import holds_in_force, retentions_in_force
from archiver.catalogue.withdrawals import (
    Tombstone,
    cases_with,
    confirmed_copies,
    tombstones_of,
    transactions_of,
    withheld_with,
)
from archiver.erasing import Erased, Eraser
from archiver.errors import CatalogueError, InputRefused, LogError, UsageError
from archiver.facts.withdrawal import Withdrawal
from archiver.lookalikes import forget_indexes
from archiver.provenance import checked
from archiver.render import short
from storage.digest import Digest
from storage.errors import PlaceForeign, StoreError
from storage.layout import batch_name, object_name

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.replica import Replica


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was done, or would be done.

    Attributes:
        item: its SHA-256.
        tombstone: what is told of it from now on; none where nothing was done.
        again: whether it had been withdrawn before, and this completed it.
        events: how many events are withheld.
        copies: other items that somebody confirmed to be the same picture, or made from it: they stay.
        stores: the stores that it is erased in.
        erased: what was erased now.
        notes: what is left to be done by hand.
    """

    item: str
    tombstone: Tombstone | None
    again: bool
    events: int
    copies: list[str]
    stores: list[str]
    erased: Erased
    notes: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether it is erased wherever it lay."""
        return self.tombstone is not None and not self.erased.left

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "item": self.item,
            "complete": self.complete,
            "again": self.again,
            "withdrawal": self.tombstone.to_json() if self.tombstone else None,
            "events_withheld": self.events,
            "copies_that_stay": self.copies,
            "stores": self.stores,
            "erased": self.erased.to_json(),
            "notes": self.notes,
        }


def withdraw(
    archive: Archive, item: str, *, authority: str, reason: str, by: str | None = None, dry_run: bool = False
) -> Withdrawn:
    """Withdraw an item, or complete a withdrawal that was broken off.

    Args:
        archive: whose.
        item: its SHA-256, in full.
        authority: by whose order.
        reason: why; published with the log.
        by: who carries it out; the actor by default.
        dry_run: only say what would be done.

    Raises:
        UsageError: a word is none, or this machine cannot write.
        InputRefused: a legal hold or a retention forbids it; nothing was recorded.
        StoreError: a required store does not answer; nothing was recorded.
        CatalogueError, LogError: it cannot be recorded.
    """
    if not (authority or "").strip() or not (reason or "").strip():
        raise UsageError("a withdrawal needs an authority and a reason", hint="say --authority TEXT and --reason TEXT")
    by = by or archive.actor
    checked(Withdrawal, "authority", item=item, authority=authority, reason=reason, by=by, withheld=())
    archive.ready_to_write()
    archive.publish()  # or a transaction would be published with what is withheld now
    with archive.asking() as questions:
        before = tombstones_of(questions, [item]).get(item)
        numbers, copies = withheld_with(questions, item), confirmed_copies(questions, item)
        _refuse_recorded(archive, questions, item)
        firsts = transactions_of(questions, numbers)
    _refuse_protected(archive, [object_name(Digest.parse(item)), *map(batch_name, firsts)])  # step 1
    stores = [copy.name for copy in archive.copies]
    if dry_run:
        return Withdrawn(item, None, before is not None, len(numbers), copies, stores, Erased())
    if before is None:

        def build(questions: Questions) -> list[Withdrawal]:
            _refuse_recorded(archive, questions, item)
            if tombstones_of(questions, [item]):  # another process was faster
                return []
            withheld, cases = tuple(withheld_with(questions, item)), tuple(cases_with(questions, item))
            said = {"item": item, "authority": authority, "reason": reason, "by": by}
            return [checked(Withdrawal, "authority", **said, withheld=withheld, cases=cases)]

        left = "Nothing is erased yet: then repeat the withdrawal, which does that."
        archive.record(build, afterwards=left)  # step 2
    with archive.asking() as questions:
        tombstone = tombstones_of(questions, [item])[item]
    erased = Eraser(archive, [item], thorough=True).erase(archive.copies)  # step 3
    notes = [*_forget(archive), *_beyond_reach(archive)]  # step 4
    return Withdrawn(item, tombstone, before is not None, tombstone.withheld, copies, stores, erased, notes)


def _refuse_recorded(archive: Archive, questions: Questions, item: str) -> None:
    """Step 1, by the log."""
    for hold in holds_in_force(questions, item):
        raise InputRefused(
            f"item {short(item)} is under a legal hold (#{hold.number}), on the authority of {hold.authority}",
            hint="nothing was recorded; `archiver hold ITEM --release --authority … --reason …` lifts it, if it may be",
        )
    for kept in retentions_in_force(questions, item, moment=archive.now):
        raise InputRefused(
            f"item {short(item)} is under a retention (#{kept.number}): {kept.mode} until {kept.retain_until[:10]}",
            hint="nothing was recorded; repeat the command when it has ended",
        )


def _refuse_protected(archive: Archive, names: list[str]) -> None:
    """Step 1, by what the stores say themselves; a store that is not required and does not answer is left to step 3."""
    for copy in archive.copies:
        try:
            for name in names:
                _refuse_name(archive, copy, name)
        except (LogError, StoreError) as error:
            if not copy.required:
                continue
            if isinstance(error, LogError):
                raise PlaceForeign(str(error), hint=error.hint) from error
            raise


def _refuse_name(archive: Archive, copy: Replica, name: str) -> None:
    found = copy.store.firmest(name)
    kept = found.retention is not None and found.retention.until > archive.clock.now()
    if found.legal_hold or kept:
        raise InputRefused(
            f"the store {copy.name} keeps {name} from being deleted: {found}",
            hint="nothing was recorded; a retention has to end, and a legal hold to be released, first",
        )


def _forget(archive: Archive) -> list[str]:
    forget_indexes(archive)
    _ = archive.features  # which begins anew
    try:
        archive.catalogue.forget_deleted()
    except CatalogueError as error:
        return [f"the database was not tidied, and may hold what was deleted from it: {error}; repeat the command"]
    return []


def _beyond_reach(archive: Archive) -> list[str]:
    """Files of this machine that may still tell of it, which are never deleted unasked."""
    left = [*archive.home.glob("*.damaged-*"), *archive.home.glob("unpublished-*.json")]
    return [f"{path} was put aside earlier and may tell of the item: look at it, and delete it" for path in left]
