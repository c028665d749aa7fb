"""The question behind ``archiver list``: which items, in which order, from where on.

The law: a page continues behind an item by the very order it was cut from, so nothing is shown twice and nothing left
out, however many items arrive meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.chosen import Condition, best_way
from archiver.catalogue.filters import Filter, sets_of
from archiver.catalogue.questions import CHUNK, INSPECTION, ITEM, Questions
from archiver.catalogue.seen import SIGHTING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archiver.catalogue.chosen import Number

COUNTED_UP_TO = 10_000
"""Items that are counted at the most: who has more narrows the question."""


class Sort(StrEnum):
    """By what the items are sorted."""

    TAKEN_IN = "taken-in"
    PUBLISHED = "published"
    CAPTURED = "captured"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in order, and how many pass in all; ``more`` where they were only counted up to a bound."""

    items: list[str]
    total: int
    more: bool


def listed(
    questions: Questions,
    chosen: Filter,
    *,
    sort: Sort = Sort.TAKEN_IN,
    reverse: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> Page:
    """The items that pass the filter, the newest (or largest) first; ``reverse`` turns that round.

    Args:
        questions: at the place of the log that is asked about.
        chosen: the filter.
        sort: by what.
        reverse: the oldest (or smallest) first.
        after: continue behind this item.
        limit: how many at the most.
    """
    way = best_way(questions, sets_of(questions, chosen), COUNTED_UP_TO + 1)
    connection = questions.connection
    known = _before(questions.horizon)
    passing = way.numbers(known, reverse=reverse)
    counted = list(connection.scalars(passing.limit(COUNTED_UP_TO + 1)))
    if sort is Sort.TAKEN_IN and after is None and limit is not None and limit <= CHUNK:
        query = sa.select(ITEM.c.item).where(ITEM.c.first.in_(counted[:limit]))  # the page was counted already
    elif sort is Sort.TAKEN_IN:
        beyond = known if after is None else _before(questions.horizon, _number(questions, after), reverse=reverse)
        page = way.numbers(beyond, reverse=reverse).limit(limit).subquery()
        query = sa.select(ITEM.c.item).join_from(page, ITEM, ITEM.c.first == page.c.number)
    else:
        key = _key(questions, sort)
        query = sa.select(ITEM.c.item).where(ITEM.c.first.in_(passing.order_by(None)))
        if after is not None:
            query = query.where(_behind(questions, key, after, reverse=reverse))
        query = query.order_by(key.asc() if reverse else key.desc()).limit(limit)
    items = list(connection.scalars(query.order_by(ITEM.c.first.asc() if reverse else ITEM.c.first.desc())))
    return Page(items, min(len(counted), COUNTED_UP_TO), len(counted) > COUNTED_UP_TO)


def located(questions: Questions) -> list[tuple[str, float, float]]:
    """The items that say where they were taken: item, degrees north, degrees east."""
    columns = (INSPECTION.c.item, INSPECTION.c.latitude, INSPECTION.c.longitude)
    placed = (INSPECTION.c.latitude.is_not(None), INSPECTION.c.longitude.is_not(None))
    rows = questions.connection.execute(sa.select(*columns).where(*placed, questions.stands(INSPECTION)))
    return [(row.item, row.latitude, row.longitude) for row in rows]


def _before(
    horizon: int | None, after: int | None = None, *, reverse: bool = False
) -> Callable[[Number], Sequence[Condition]]:
    """What holds of a number that is known and comes behind another one in the list."""

    def conditions(number: Number) -> Sequence[Condition]:
        known = [] if horizon is None else [number < horizon]
        return known if after is None else [*known, number > after if reverse else number < after]

    return conditions


def _number(questions: Questions, item: str) -> int:
    number: int = questions.connection.execute(sa.select(ITEM.c.first).where(ITEM.c.item == item)).scalar_one()
    return number


def _key(questions: Questions, sort: Sort) -> sa.ColumnElement[Any]:
    """What is sorted by before the order of the log; items without such a time sort as the oldest."""
    if sort is Sort.SIZE:
        return ITEM.c.size
    if sort is Sort.PUBLISHED:
        published = (SIGHTING.c.item == ITEM.c.item, *questions.known(SIGHTING))
        found = sa.select(sa.func.min(SIGHTING.c.earliest)).where(*published)
    else:
        captured = (INSPECTION.c.item == ITEM.c.item, questions.stands(INSPECTION))
        found = sa.select(sa.func.max(INSPECTION.c.earliest)).where(*captured)
    # Text is compared by its bytes, on PostgreSQL as on SQLite, or pages would differ.
    collation = "C" if questions.connection.dialect.name == "postgresql" else "BINARY"
    return sa.collate(sa.func.coalesce(found.correlate(ITEM).scalar_subquery(), ""), collation)


def _behind(questions: Questions, key: sa.ColumnElement[Any], after: str, *, reverse: bool) -> Condition:
    row = questions.connection.execute(sa.select(key, ITEM.c.first).where(ITEM.c.item == after)).one()
    first: Condition = ITEM.c.first > row[1] if reverse else ITEM.c.first < row[1]
    beyond: Condition = key > row[0] if reverse else key < row[0]
    return sa.or_(beyond, sa.and_(key == row[0], first))
