"""The mirror of the log inside the catalogue: what was appended, in which transaction, and whether it is published.

The law: an event and its rows come into being together or not at all, and the log's sequence number is the primary key,
so that two writers can never both append the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from archiver.catalogue.fulltext import make_index
from archiver.catalogue.projection import project
from archiver.catalogue.rows import Noted
from archiver.catalogue.tables import MIRRORED, PROJECTED, SCHEMA
from archiver.catalogue.tables.items import ItemRow
from archiver.catalogue.tables.log import AboutRow, BatchRow, EventRow
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import INDEX_OF_SUGGESTED
from archiver.errors import CatalogueError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.facts.fact import Fact

EVENT = table(EventRow)
BATCH = table(BatchRow)
ITEM = table(ItemRow)
ABOUT = table(AboutRow)


@dataclass(frozen=True, slots=True)
class LogHead:
    """Where the log stands: how many events, and the right edge of its tree as text."""

    size: int
    frontier: str


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """A signed event, as the catalogue keeps it; ``record`` is the whole event in canonical JSON."""

    sequence: int
    kind: str
    subject: str
    time: str
    actor: str
    leaf: str
    record: str


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """The events of one transaction, with the signed checkpoint after them."""

    head: LogHead
    checkpoint: str
    events: tuple[SealedEvent, ...]


class Seal(Protocol):
    """Makes signed events of facts, behind the given head; ``last`` is each subject's newest leaf hash."""

    def __call__(self, head: LogHead, facts: Sequence[Fact], last: Mapping[str, str]) -> SealedBatch:
        """Sign the facts as the events that follow ``head``."""
        ...


@dataclass(frozen=True, slots=True)
class Pending:
    """A committed transaction that the store does not hold yet."""

    first: int
    checkpoint: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the facts: each one's number, by identity, and which of them are new."""

    numbers: dict[str, int]
    new: frozenset[str]
    size: int


def make_tables(connection: sa.Connection, origin: str) -> None:
    """Make every table that is not there, and say which version of the projection they are, and of which log."""
    present = set(sa.inspect(connection).get_table_names())
    for name, definitions in _definitions(connection.engine.url.drivername):
        if name not in present:
            for each in definitions:
                connection.exec_driver_sql(each)
    connection.exec_driver_sql(INDEX_OF_SUGGESTED)
    make_index(connection)
    if connection.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.name == "schema")) is None:
        about = {"schema": str(SCHEMA), "origin": origin}
        connection.execute(sa.insert(ABOUT), [{"name": name, "value": value} for name, value in about.items()])


@cache
def _definitions(driver: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The statements that make each table and its indexes, by its name; said once, however many catalogues are made."""
    dialect = sa.make_url(f"{driver}://").get_dialect()()
    told = []
    for each in (*MIRRORED, *PROJECTED):
        made: list[DDLElement] = [CreateTable(each)]
        made += [CreateIndex(index) for index in sorted(each.indexes, key=lambda index: str(index.name))]
        told.append((each.name, tuple(str(element.compile(dialect=dialect)) for element in made)))
    return tuple(told)


def add_batch(
    connection: sa.Connection,
    first: int,
    batch: SealedBatch,
    facts: Sequence[tuple[str, Fact | None]],
    *,
    published: bool,
) -> None:
    """Add the events of a batch and their rows.

    Args:
        connection: the transaction.
        first: the number of the first event.
        batch: the events.
        facts: identity and fact, in the order of the events; no fact where the body is withheld.
        published: whether the store holds the batch.
    """
    rows = [
        {
            "sequence": event.sequence,
            "kind": event.kind,
            "subject": event.subject,
            "identity": identity,
            "leaf": event.leaf,
            "time": event.time,
            "record": event.record,
        }
        for event, (identity, _) in zip(batch.events, facts, strict=True)
    ]
    if rows and rows[0]["sequence"] != first:
        raise CatalogueError(f"a batch that begins with event {rows[0]['sequence']} cannot follow event {first - 1}")
    connection.execute(sa.insert(EVENT), rows)
    project(
        connection,
        [
            Noted(event.sequence, identity, fact, event.time, event.actor)
            for event, (identity, fact) in zip(batch.events, facts, strict=True)
            if fact is not None
        ],
    )
    connection.execute(
        sa.insert(BATCH).values(
            first=first,
            size=batch.head.size,
            checkpoint=batch.checkpoint,
            frontier=batch.head.frontier,
            held=_held(connection, first),
            published=published,
        )
    )


def _held(connection: sa.Connection, first: int) -> int:
    """How many items are held: after the transaction before, and those whose first acquisition is of this one."""
    before = connection.scalar(sa.select(BATCH.c.held).order_by(BATCH.c.first.desc()).limit(1)) or 0
    new = connection.scalar(sa.select(sa.func.count()).select_from(ITEM).where(ITEM.c.first >= first)) or 0
    return int(before + new)


def head(connection: sa.Connection) -> LogHead:
    """Where the log stands, as this transaction sees it."""
    row = connection.execute(sa.select(BATCH.c.size, BATCH.c.frontier).order_by(BATCH.c.first.desc()).limit(1)).first()
    return LogHead(0, "") if row is None else LogHead(row.size, row.frontier)


def pending(connection: sa.Connection) -> list[Pending]:
    """Committed transactions that are not published yet, oldest first, as this transaction sees them."""
    waiting = sa.select(BATCH).where(BATCH.c.published.is_(sa.false())).order_by(BATCH.c.first)
    return [_pending(connection, row) for row in connection.execute(waiting).all()]


def transaction(connection: sa.Connection, first: int) -> Pending | None:
    """The transaction that begins with this event, published or not, as this transaction sees it."""
    row = connection.execute(sa.select(BATCH).where(BATCH.c.first == first)).first()
    return None if row is None else _pending(connection, row)


def _pending(connection: sa.Connection, row: sa.Row[Any]) -> Pending:
    events = sa.select(EVENT.c.record).where(EVENT.c.sequence >= row.first, EVENT.c.sequence < row.size)
    return Pending(row.first, row.checkpoint, tuple(connection.scalars(events.order_by(EVENT.c.sequence))))
