"""When each copy was last read and found whole, from the checks that are recorded.

The law: a check counts for an item where the item was held when the check began, was in the share that was read, and
was not passed over because it had been found whole since the moment that the check was told; and where no failure of
that check names it. Nothing is counted as checked that is not said to be.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.questions import ITEM, pick
from archiver.catalogue.tables.fixity import FixityCheckRow, FixityFailureRow, RepairRow
from archiver.catalogue.tables.row import table
from archiver.facts.share import WHOLE, Share
from archiver.facts.vocabulary import CopyFault
from storage.layout import digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from archiver.catalogue.questions import Questions

CHECK, FAILURE, REPAIR = table(FixityCheckRow), table(FixityFailureRow), table(RepairRow)

_AT_ONCE = 8
"""Checks of one share that are read at once; the newest tells, unless it passed over what was found whole before."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that is recorded."""

    number: int
    store: str
    slice: str | None
    since: str | None
    log_size: int
    started: str
    ended: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A copy that a check did not find as it should be."""

    number: int
    store: str
    name: str
    fault: str
    expected: str | None
    found: str | None
    size: int | None
    detail: str | None
    started: str
    observed: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A copy that is whole again."""

    number: int
    store: str
    name: str
    fault: str
    found: str | None
    set_aside: str | None
    good_copy: str
    source: str | None
    repaired: str


@dataclass(frozen=True, slots=True)
class FoundWhole:
    """When a copy in a store was last found whole: the check's number, and when it began."""

    store: str
    number: int
    started: str


def checks(questions: Questions, store: str | None = None) -> list[Checked]:
    """The checks that are recorded, of one store or of all, oldest first."""
    query = sa.select(CHECK).where(*questions.known(CHECK)).order_by(CHECK.c.number)
    if store is not None:
        query = query.where(CHECK.c.store == store)
    return [pick(Checked, row) for row in questions.connection.execute(query).mappings()]


def last_whole(
    checks: Iterable[Checked], item: str, first: int, failed: Collection[tuple[str, str]]
) -> dict[str, FoundWhole]:
    """By store: the last check that found an item's copy whole.

    Args:
        checks: oldest first.
        item: its SHA-256.
        first: the number of the event that took it in.
        failed: store and beginning of each check that a failure of the item belongs to.
    """
    whole: dict[str, FoundWhole] = {}
    amiss: set[str] = set()
    for each in checks:
        store, share = each.store, Share.parse(each.slice) if each.slice else WHOLE
        if first >= each.log_size or not share.holds(item):
            continue
        before = whole.get(store)
        if each.since and before and before.started >= each.since and store not in amiss:
            continue  # it was passed over
        if (store, each.started) in failed:
            amiss.add(store)
            continue
        amiss.discard(store)
        whole[store] = FoundWhole(store, each.number, each.started)
    return {store: found for store, found in whole.items() if store not in amiss}


def found_whole(
    questions: Questions, items: Mapping[str, int], failed: Mapping[str, Sequence[Failed]]
) -> dict[str, list[FoundWhole]]:
    """When the copies of these items were last found whole.

    Of each share of each store the newest checks are read, back to the last one that passed nothing over: what that
    one found of an item does not depend on those before it. So a store that was audited a million times costs no more.

    Args:
        questions: at the place of the log that is asked about.
        items: by SHA-256, each with its number.
        failed: the failures of these items.
    """
    shares = [_Newest(questions, store, share) for store, share in _shares(questions)] if items else []
    found: dict[str, list[FoundWhole]] = {}
    for item, first in items.items():
        amiss = {(each.store, each.started) for each in failed.get(item, ())}
        whole: dict[str, FoundWhole] = {}
        for store in {share.store for share in shares}:
            telling = _telling([s for s in shares if s.store == store and s.share.holds(item)], first)
            whole |= last_whole(telling, item, first, amiss)
        found[item] = sorted(whole.values(), key=lambda each: each.store)
    return found


def _telling(shares: Sequence[_Newest], first: int) -> list[Checked]:
    """The checks of one store that tell of an item whose number is ``first``, oldest first."""
    telling: list[Checked] = []
    for each in heapq.merge(*(share.behind(first) for share in shares), key=lambda check: -check.number):
        if each.log_size <= first:
            continue  # it was begun before the item was taken in
        telling.append(each)
        if each.since is None:
            break
    return telling[::-1]


class _Newest:
    """The checks of one share of one store, newest first; each is read once, and only where it is asked for."""

    def __init__(self, questions: Questions, store: str, slice_: str | None) -> None:
        self.store = store
        self.share = Share.parse(slice_) if slice_ else WHOLE
        self._questions = questions
        self._mine = CHECK.c.slice.is_(None) if slice_ is None else CHECK.c.slice == slice_
        self._read: list[Checked] = []
        self._ended = False

    def behind(self, first: int) -> Iterator[Checked]:
        """Those that are recorded behind this number, newest first: one before it cannot tell of what came later."""
        place = 0
        while place < len(self._read) or self._more():
            if self._read[place].number < first:
                return
            yield self._read[place]
            place += 1

    def _more(self) -> bool:
        if self._ended:
            return False
        query = sa.select(CHECK).where(CHECK.c.store == self.store, self._mine, *self._questions.known(CHECK))
        if self._read:
            query = query.where(CHECK.c.number < self._read[-1].number)
        rows = self._questions.connection.execute(query.order_by(CHECK.c.number.desc()).limit(_AT_ONCE)).mappings()
        new = [pick(Checked, row) for row in rows]
        self._ended = len(new) < _AT_ONCE
        self._read += new
        return bool(new)


def _shares(questions: Questions) -> list[tuple[str, str | None]]:
    """The stores that were ever checked, each with the shares in which it was; each found behind the one before it."""
    stores = sa.select(sa.func.min(CHECK.c.store).label("store")).cte("stores", recursive=True)
    behind = sa.select(sa.func.min(CHECK.c.store)).where(CHECK.c.store > stores.c.store).scalar_subquery()
    stores = stores.union_all(sa.select(behind).where(stores.c.store.is_not(None)))
    least = sa.select(sa.func.min(CHECK.c.slice)).where(CHECK.c.store == stores.c.store).scalar_subquery()
    shares = sa.select(stores.c.store, least.label("slice")).where(stores.c.store.is_not(None))
    found = shares.cte("shares", recursive=True)
    further = sa.select(sa.func.min(CHECK.c.slice)).where(CHECK.c.store == found.c.store, CHECK.c.slice > found.c.slice)
    found = found.union_all(sa.select(found.c.store, further.scalar_subquery()).where(found.c.slice.is_not(None)))
    # The last one of each store has no share: all of it, whether or not it was ever checked so.
    return [(row.store, row.slice) for row in questions.connection.execute(sa.select(found))]


def not_found_whole_since(questions: Questions, store: str, since: str, items: Mapping[str, int]) -> list[str]:
    """Which of these items and lists were not found whole in a store since then.

    Only checks are looked at that can tell: those since then, and those before that a later one relied upon.
    """
    recorded = checks(questions, store)
    start = since
    while earlier := [e.since for e in recorded if e.started >= start and e.since and e.since < start]:
        start = min(earlier)
    recent = [each for each in recorded if each.started >= start]
    query = sa.select(FAILURE.c.name, FAILURE.c.started).where(
        *questions.known(FAILURE), FAILURE.c.store == store, FAILURE.c.started >= start
    )
    failed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in questions.connection.execute(query):
        failed[str(digest_of(row.name))].add((store, row.started))  # a list of fingerprints is no item, and may fail
    found = []
    for item, first in items.items():
        whole = last_whole(recent, item, first, failed.get(item, ())).get(store)
        if whole is None or whole.started < since:
            found.append(item)
    return found


def items_before(questions: Questions, size: int) -> dict[str, int]:
    """The items that are held at this size of the log, each with the number of the event that took it in first."""
    query = sa.select(ITEM.c.item, ITEM.c.first).where(ITEM.c.first < size)
    return {row[0]: row[1] for row in questions.connection.execute(query)}


def failures(questions: Questions, items: Sequence[str]) -> defaultdict[str, list[Failed]]:
    """What checks found amiss with copies of these items, oldest first."""
    query = sa.select(FAILURE).where(*questions.known(FAILURE))
    found: defaultdict[str, list[Failed]] = defaultdict(list)
    for row in questions.rows(query, FAILURE.c.item, items, order=FAILURE.c.number):
        found[row["item"]].append(pick(Failed, row))
    return found


def repairs(questions: Questions, items: Sequence[str]) -> defaultdict[str, list[Repaired]]:
    """How copies of these items became whole again, oldest first."""
    found: defaultdict[str, list[Repaired]] = defaultdict(list)
    for row in questions.rows(
        sa.select(REPAIR).where(*questions.known(REPAIR)), REPAIR.c.item, items, order=REPAIR.c.number
    ):
        found[row["item"]].append(pick(Repaired, row))
    return found


def unrepaired(questions: Questions, store: str) -> dict[tuple[str, bool], tuple[str | None, Failed]]:
    """The last loss in a store of each name, with its item, that no repair is recorded of.

    That its bytes were lost is one thing, that it was not protected as promised (true in the key) another.
    """
    lost: dict[tuple[str, bool], tuple[str | None, Failed]] = {}
    query = sa.select(FAILURE).where(*questions.known(FAILURE), FAILURE.c.store == store).order_by(FAILURE.c.number)
    for row in questions.connection.execute(query).mappings():
        if row["fault"] != CopyFault.UNREADABLE:
            lost[row["name"], row["fault"] == CopyFault.UNPROTECTED] = row["item"], pick(Failed, row)
    mended = sa.select(REPAIR.c.name, REPAIR.c.fault, sa.func.max(REPAIR.c.number)).where(
        *questions.known(REPAIR), REPAIR.c.store == store
    )
    for name, fault, number in questions.connection.execute(mended.group_by(REPAIR.c.name, REPAIR.c.fault)):
        place = name, fault == CopyFault.UNPROTECTED
        if place in lost and lost[place][1].number < number:
            del lost[place]
    return lost
