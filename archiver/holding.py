"""What keeps items from being deleted, carried out in the store and recorded; or a legal hold lifted again.

Protection only grows, but for the release of a legal hold. Each step may be the last one before the power fails:

1. What protects goes to the store first, item by item, is asked back, and is recorded then: a killed run leaves an item
   better protected than is recorded.
2. A release is recorded first, with authority and reason, and only then carried out: nothing is ever lifted that
   nobody answers for. A killed run leaves a hold in the store that the same command lifts.

One item that is refused does not stop the others.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.protections import holds_of
from archiver.errors import InputRefused, LogError
from archiver.facts.protection import LegalHold
from archiver.facts.values import instant
from archiver.facts.vocabulary import HoldState
from archiver.safekeeping import news, retention_of
from storage.digest import Digest
from storage.errors import LockRefused, ObjectMissing, StoreError
from storage.layout import object_name
from storage.protection import Mode, Protection, Retention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one item.

    Attributes:
        item: its SHA-256.
        status: ``held``, ``released``, or ``failed``.
        added: whether anything new was recorded.
        enforced: whether the store keeps it from being deleted; of a release, whether the store did.
        retention: how firmly and until when the store keeps it, as it says itself.
        legal_hold: whether a legal hold is in force now.
        error: why it failed.
        hint: what to do about it.
    """

    item: str
    status: str
    added: bool = False
    enforced: bool = False
    retention: dict[str, str] | None = None
    legal_hold: bool = False
    error: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        if self.status == "failed":
            return {"item": self.item, "status": self.status, "error": self.error, "hint": self.hint}
        return {name: value for name, value in asdict(self).items() if name not in {"error", "hint"}}


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for each item.

    Attributes:
        until: the store is to keep it until then.
        mode: how firmly, where somebody said so; otherwise as it is, or as ``until`` says.
        legal: set a legal hold.
        release: release one.
        authority: on whose authority.
        reason: why.
        enforced: whether the store has a lock that holds.
    """

    until: Retention | None
    mode: Mode | None
    legal: bool
    release: bool
    authority: str | None
    reason: str | None
    enforced: bool


def held(archive: Archive, items: Sequence[str], order: Order) -> Iterator[Kept]:
    """Step 1: set what is asked for; what the store does already is recorded and told, whatever ended the rest."""
    told: list[Kept] = []
    facts: list[Fact] = []
    lost: StoreError | None = None
    for item in items:
        try:
            found = _protect(archive, item, order)
        except (InputRefused, LockRefused, ObjectMissing) as error:
            told.append(Kept(item, "failed", error=str(error), hint=error.hint))
        except StoreError as error:  # no further item can succeed
            lost = error
            break
        else:
            facts += _facts(archive, item, order, found)
            told.append(_kept(item, "held", found, order))
    new = _recorded(archive, facts)
    yield from (replace(kept, added=kept.item in new) for kept in told)
    if lost is not None:
        raise lost


def _protect(archive: Archive, item: str, order: Order) -> Protection:
    name = object_name(Digest.parse(item))
    found = archive.store.protection(name)
    before, asked = found.retention, order.until
    if asked is not None and before is not None and before.until > archive.clock.now():
        if order.mode is None:
            asked = Retention(before.mode, asked.until)
        if not asked.covers(before):
            raise InputRefused(
                f"a retention is never shortened or softened; in force is {before}",
                hint="name a later moment; before its end nobody may delete it",
            )
    if not order.enforced:
        return found
    return archive.store.protect(name, Protection(asked, legal_hold=order.legal))


def _facts(archive: Archive, item: str, order: Order, found: Protection) -> list[Fact]:
    facts: list[Fact] = []
    for store in archive.stores.promising:
        if order.until is not None and found.retention is not None:
            facts.append(retention_of(item, store, found.retention, by=archive.actor, authority=order.authority))
        if order.legal:
            facts.append(_hold_fact(archive, item, order, store, enforced=found.legal_hold))
    return facts


def _hold_fact(archive: Archive, item: str, order: Order, store: str, *, enforced: bool) -> LegalHold:
    return LegalHold(
        item=item,
        store=store,
        state=HoldState.RELEASED if order.release else HoldState.SET,
        enforced=enforced,
        by=archive.actor,
        authority=order.authority or "",
        reason=order.reason,
    )


def _recorded(archive: Archive, facts: Sequence[Fact]) -> set[str]:
    """Record what is new; the items of which something was."""
    new: set[str] = set()

    def build(questions: Questions) -> list[Fact]:
        fresh = news(facts, questions)
        new.update(fact.subject() for fact in fresh)
        return fresh

    if facts:
        archive.record(build)
    return new


def released(archive: Archive, items: Sequence[str], order: Order) -> Iterator[Kept]:
    """Step 2: release the legal holds of these items, in whichever store they were recorded."""
    told: dict[str, Kept] = {}
    found: dict[str, Protection] = {}
    for item in items:
        try:
            found[item] = _held_anywhere(archive, object_name(Digest.parse(item)))
        except ObjectMissing as error:
            told[item] = Kept(item, "failed", error=str(error), hint="restore it from another copy of the store first")
    new: set[str] = set()

    def build(questions: Questions) -> list[Fact]:
        standing = holds_of(questions, list(found))
        facts: list[Fact] = []
        for item, protection in found.items():
            recorded = {each.store: each.enforced for each in standing.get(item, ())}
            if protection.legal_hold:
                recorded |= dict.fromkeys(archive.stores.promising, True)
            facts += [_hold_fact(archive, item, order, store, enforced=held) for store, held in recorded.items()]
            if not recorded:
                told[item] = Kept(item, "failed", error="no legal hold is on it", hint="`archiver show` tells what is")
        fresh = news(facts, questions)
        new.update(fact.subject() for fact in fresh)
        return fresh

    archive.record(build, afterwards="The release is not carried out: then repeat the command.")
    for item in items:
        yield told.get(item) or _carried_out(archive, item, order, found[item], added=item in new)


def _held_anywhere(archive: Archive, name: str) -> Protection:
    """What is in force, with a legal hold if any of the stores has one.

    A release that was killed between two stores leaves it in one of them, and what counts as promised is the weakest.
    """
    found = archive.store.protection(name)
    if found.legal_hold or len(archive.copies) == 1:
        return found
    for copy in archive.copies:
        try:
            if copy.store.protection(name).legal_hold:
                return replace(found, legal_hold=True)
        except (LogError, StoreError):
            if copy.required:
                raise
    return found


def _carried_out(archive: Archive, item: str, order: Order, found: Protection, *, added: bool) -> Kept:
    if not found.legal_hold:
        return replace(_kept(item, "released", found, order), added=added)
    try:
        left = archive.store.release_hold(object_name(Digest.parse(item)))
    except LockRefused as error:
        hint = "the release is recorded; the same command, with credentials that may, carries it out"
        return Kept(item, "failed", error=str(error), hint=hint)
    return replace(_kept(item, "released", left, order), added=added, enforced=True)


def _kept(item: str, status: str, found: Protection, order: Order) -> Kept:
    kept = found.retention
    return Kept(
        item,
        status,
        enforced=found.legal_hold if order.legal else order.until is not None,
        retention={"mode": str(kept.mode), "until": instant(kept.until)} if kept else None,
        legal_hold=order.legal or found.legal_hold,
    )
