"""``archiver hold``: keep items from being deleted, for longer or until somebody with authority says otherwise.

Protection only grows, but for the release of a legal hold. The steps, each of which may be the last one before the
power fails:

1. Who asks for what is checked, and whether the store can do it, before anything is changed.
2. What protects goes to the store first, item by item, is asked back, and is recorded then: a killed run leaves an item
   better protected than is recorded.
3. A release is recorded first, with authority and reason, and only then carried out: nothing is ever lifted that
   nobody answers for. A killed run leaves a hold in the store that the same command lifts.

Items are recorded some hundred at a time, and one that is refused does not stop the others.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.cases import items_of_case
from archiver.catalogue.protections import holds_of
from archiver.errors import InputRefused, UsageError
from archiver.facts.protection import LegalHold
from archiver.facts.values import instant
from archiver.facts.vocabulary import HoldState
from archiver.naming import case_called
from archiver.provenance import checked
from archiver.safekeeping import lock_missing, locks, moment_ahead, news, retention_of
from storage.digest import Digest
from storage.errors import LockRefused, ObjectMissing, StoreError
from storage.layout import object_name
from storage.protection import Mode, Protection, Retention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact

CASE = "case:"
_BATCH = 100


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
class _Order:
    """What is asked for each item."""

    until: Retention | None
    mode: Mode | None
    legal: bool
    release: bool
    authority: str | None
    reason: str | None
    enforced: bool


def hold(
    archive: Archive,
    wanted: Sequence[str],
    *,
    until: str | None = None,
    mode: Mode | None = None,
    legal: bool = False,
    release: bool = False,
    authority: str | None = None,
    reason: str | None = None,
) -> Iterator[Kept]:
    """Keep items, or those of a case (``case:TITLE``), from being deleted; or release a legal hold.

    Args:
        archive: whose.
        wanted: items and cases.
        until: the store is to keep them until then.
        mode: how firmly; as it is, or under governance, by default.
        legal: set a legal hold.
        release: release a legal hold.
        authority: on whose authority; a legal hold and its release need it.
        reason: why; a release needs it.

    Raises:
        UsageError: the words do not fit together; nothing was changed.
        InputRefused: there is no such item or case, or it holds none; nothing was changed.
        LockMissing: a retention is asked for, and the store has no lock that holds; nothing was changed.
        StoreError: the store is lost; what was told is done.
    """
    _refuse_what_does_not_fit(until, mode, legal=legal, release=release, authority=authority, reason=reason)
    ends = None if until is None else moment_ahead(archive, until, "--until")  # step 1
    archive.ready_to_write()
    items = _items(archive, wanted)
    said = {"item": items[0], "store": archive.store.url, "enforced": True, "by": archive.actor}
    if authority is not None or reason is not None:
        checked(LegalHold, "authority", **said, authority=authority or "nobody", reason=reason)
    enforced = locks(archive)
    if ends is not None and not enforced:
        raise lock_missing(archive, f"keep anything until {ends:%Y-%m-%d %H:%M:%S} UTC")
    default = Mode.GOVERNANCE if archive.settings.retention is None else Mode(archive.settings.retention.mode)
    order = _Order(
        until=None if ends is None else Retention(mode or default, ends),
        mode=mode,
        legal=legal,
        release=release,
        authority=authority,
        reason=reason,
        enforced=enforced,
    )
    for start in range(0, len(items), _BATCH):
        batch = items[start : start + _BATCH]
        yield from _released(archive, batch, order) if release else _held(archive, batch, order)


def _refuse_what_does_not_fit(
    until: str | None, mode: Mode | None, *, legal: bool, release: bool, authority: str | None, reason: str | None
) -> None:
    if not (until or legal or release):
        raise UsageError("nothing is asked for", hint="say --until DATE, --legal or --release")
    if release and (until or legal):
        raise UsageError("a hold cannot be set and released at once", hint="say --release alone")
    if mode is not None and until is None:
        raise UsageError("--retention-mode says how firmly, and no --until says until when")
    if (legal or release) and not (authority or "").strip():
        raise UsageError("a legal hold is set and released on somebody's authority", hint="say --authority TEXT")
    if release and not (reason or "").strip():
        raise UsageError("a release needs a reason", hint="say --reason TEXT")
    if reason is not None and not (legal or release):
        raise UsageError("--reason is why a legal hold is set or released", hint="say --legal or --release, too")


def _items(archive: Archive, wanted: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for word in wanted:
        if not word.startswith(CASE):
            found[archive.resolve(word)] = None
            continue
        with archive.asking() as questions:
            inside = items_of_case(questions, case_called(questions, word.removeprefix(CASE)).identity)
        if not inside:
            raise InputRefused(f"{word} holds no item", hint="`archiver case show` shows what it holds")
        found |= dict.fromkeys(inside)
    return list(found)


def _held(archive: Archive, items: Sequence[str], order: _Order) -> Iterator[Kept]:
    """Step 2; what the store does already is recorded and told, whatever ended the rest."""
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


def _protect(archive: Archive, item: str, order: _Order) -> Protection:
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


def _facts(archive: Archive, item: str, order: _Order, found: Protection) -> list[Fact]:
    store, by = archive.store.url, archive.actor
    facts: list[Fact] = []
    if order.until is not None and found.retention is not None:
        facts.append(retention_of(item, store, found.retention, by=by, authority=order.authority))
    if order.legal:
        facts.append(_hold_fact(archive, item, order, enforced=found.legal_hold))
    return facts


def _hold_fact(archive: Archive, item: str, order: _Order, *, enforced: bool) -> LegalHold:
    return LegalHold(
        item=item,
        store=archive.store.url,
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


def _released(archive: Archive, items: Sequence[str], order: _Order) -> Iterator[Kept]:
    """Step 3."""
    told: dict[str, Kept] = {}
    found: dict[str, Protection] = {}
    for item in items:
        try:
            found[item] = archive.store.protection(object_name(Digest.parse(item)))
        except ObjectMissing as error:
            told[item] = Kept(item, "failed", error=str(error), hint="restore it from another copy of the store first")
    new: set[str] = set()

    def build(questions: Questions) -> list[Fact]:
        standing = holds_of(questions, list(found))
        facts: list[Fact] = []
        for item, protection in found.items():
            here = [each for each in standing.get(item, ()) if each.store == archive.store.url]
            if here or protection.legal_hold:
                enforced = protection.legal_hold or any(each.enforced for each in here)
                facts.append(_hold_fact(archive, item, order, enforced=enforced))
            else:
                told[item] = Kept(item, "failed", error="no legal hold is on it", hint="`archiver show` tells what is")
        fresh = news(facts, questions)
        new.update(fact.subject() for fact in fresh)
        return fresh

    archive.record(build)
    for item in items:
        yield told.get(item) or _carried_out(archive, item, order, found[item], added=item in new)


def _carried_out(archive: Archive, item: str, order: _Order, found: Protection, *, added: bool) -> Kept:
    if not found.legal_hold:
        return replace(_kept(item, "released", found, order), added=added)
    try:
        left = archive.store.release_hold(object_name(Digest.parse(item)))
    except LockRefused as error:
        hint = "the release is recorded; the same command, with credentials that may, carries it out"
        return Kept(item, "failed", error=str(error), hint=hint)
    return replace(_kept(item, "released", left, order), added=added, enforced=True)


def _kept(item: str, status: str, found: Protection, order: _Order) -> Kept:
    kept = found.retention
    return Kept(
        item,
        status,
        enforced=found.legal_hold if order.legal else order.until is not None,
        retention={"mode": str(kept.mode), "until": instant(kept.until)} if kept else None,
        legal_hold=order.legal or found.legal_hold,
    )
