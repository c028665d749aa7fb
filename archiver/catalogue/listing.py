"""The question behind ``archiver list``: which items, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue import questions as q
from archiver.catalogue.answers import UNASSESSED
from archiver.catalogue.tables import PhraseRow, table

if TYPE_CHECKING:
    from archiver.catalogue.answers import Summary

PHRASE = table(PhraseRow)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the listed items have in common.

    Attributes:
        status: where their verification stands.
        source: a name (of a publisher, of whoever they came from, of a claimant) or an account ``platform:handle``.
        since: taken in at or after this ``Instant``.
        until: taken in at or before this ``Instant``.
        words: words that all occur in what is said of the item (captions, claims, notes, bases, URLs, file names).
    """

    status: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    words: tuple[str, ...] = ()


def listed(questions: q.Questions, chosen: Filter, *, limit: int | None) -> tuple[list[Summary], int]:
    """The newest items that pass the filter, and how many there are in all."""
    connection = questions.connection
    conditions = _conditions(connection, chosen)
    total = connection.scalar(sa.select(sa.func.count()).select_from(q.ITEM).where(*conditions)) or 0
    query = sa.select(q.ITEM).where(*conditions).order_by(q.ITEM.c.first.desc()).limit(limit)
    return [q.summary(row) for row in connection.execute(query).mappings()], total


def _conditions(connection: sa.Connection, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if chosen.status == UNASSESSED:
        conditions.append(sa.or_(q.ITEM.c.status.is_(None), q.ITEM.c.status == UNASSESSED))
    elif chosen.status is not None:
        conditions.append(q.ITEM.c.status == chosen.status)
    if chosen.since is not None:
        conditions.append(q.ITEM.c.taken_in >= chosen.since)
    if chosen.until is not None:
        conditions.append(q.ITEM.c.taken_in <= chosen.until)
    if chosen.source is not None:
        conditions.append(_from_source(connection, chosen.source))
    for word in chosen.words:
        pattern = word.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        matching = sa.select(PHRASE.c.item).where(PHRASE.c.folded.like(f"%{pattern}%", escape="\\"))
        conditions.append(q.ITEM.c.item.in_(matching))
    return conditions


def _from_source(connection: sa.Connection, source: str) -> sa.ColumnElement[bool]:
    folded = source.casefold()
    agents = [
        row.entity
        for row in connection.execute(sa.select(q.AGENT.c.entity, q.AGENT.c.name))
        if row.name.casefold() == folded
    ]
    accounts = [
        row.fact
        for row in connection.execute(sa.select(q.ACCOUNT.c.fact, q.ACCOUNT.c.platform, q.ACCOUNT.c.handle))
        if f"{row.platform}:{row.handle}".casefold() == folded
    ]
    named = [
        sa.select(q.SIGHTING.c.item).where(q.SIGHTING.c.publisher.in_(agents)),
        sa.select(q.SIGHTING.c.item).where(q.SIGHTING.c.account.in_(accounts)),
        sa.select(q.ACQUISITION.c.item).where(q.ACQUISITION.c.source.in_(agents)),
        sa.select(q.CLAIM.c.item).where(q.CLAIM.c.claimant.in_(agents)),
        sa.select(q.CLAIM.c.item).where(q.CLAIM.c.claimant_account.in_(accounts)),
    ]
    return q.ITEM.c.item.in_(sa.union(*named))
