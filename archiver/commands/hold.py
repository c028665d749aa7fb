"""``archiver hold``: keep items from being deleted, for longer or until somebody with authority says otherwise.

Who asks for what is checked, and whether the store can do it, before anything is changed. Items are then held or
released some hundred at a time (``archiver.holding``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.cases import items_of_case
from archiver.errors import InputRefused, UsageError
from archiver.facts.protection import LegalHold
from archiver.holding import Order, held, released
from archiver.naming import case_called
from archiver.provenance import checked
from archiver.safekeeping import lock_missing, locks, moment_ahead
from storage.protection import Mode, Retention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.holding import Kept

CASE = "case:"
_BATCH = 100


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
    ends = None if until is None else moment_ahead(archive, until, "--until")
    archive.ready_to_write()
    items = _items(archive, wanted)
    said = {"item": items[0], "store": archive.store.url, "enforced": True, "by": archive.actor}
    if authority is not None or reason is not None:
        checked(LegalHold, "authority", **said, authority=authority or "nobody", reason=reason)
    enforced = locks(archive)
    if ends is not None and not enforced:
        raise lock_missing(archive, f"keep anything until {ends:%Y-%m-%d %H:%M:%S} UTC")
    default = Mode.GOVERNANCE if archive.settings.retention is None else Mode(archive.settings.retention.mode)
    order = Order(
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
        yield from released(archive, batch, order) if release else held(archive, batch, order)


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
