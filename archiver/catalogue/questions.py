"""Questions that the catalogue answers, each in a fixed number of statements however many items it is about.

Every question is asked of one place of the log, its *horizon*: what was recorded before it, and nothing later. The end
of the log is now; an earlier place is what the archive knew then, by the log and not by any clock in a row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from archiver.catalogue.answers import NO_QUALITY, PackedPrints, Print, Summary
from archiver.catalogue.damage import damaged, read_from
from archiver.catalogue.said import UNASSESSED
from archiver.catalogue.tables import FACT_ROWS
from archiver.catalogue.tables.items import FingerprintRow, InspectionRow, ItemRow
from archiver.catalogue.tables.log import BatchRow, EventRow
from archiver.catalogue.tables.row import known, stands, table
from archiver.catalogue.tables.statements import AssessmentRow
from archiver.facts.kinds import KINDS
from archiver.fingerprint.algorithm import Algorithm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from _typeshed import DataclassInstance

ITEM = table(ItemRow)
EVENT = table(EventRow)
BATCH = table(BatchRow)
INSPECTION = table(InspectionRow)
FINGERPRINT = table(FingerprintRow)
ASSESSMENT = table(AssessmentRow)

Answer = TypeVar("Answer", bound="DataclassInstance")

CHUNK = 500
"""How many values one IN list holds at the most."""

PACK = 20_000
"""How many fingerprints are packed into one row of an answer."""

_INSPECTED = ("media_type", "width", "height", "orientation", "decode")


@dataclass(frozen=True, slots=True)
class Standing:
    """The statement that stands on a matter: its number, its identity, and what it states."""

    number: int
    identity: str
    statement: dict[str, Any]


class Questions:
    """Questions over one open transaction.

    Args:
        connection: the transaction.
        horizon: the number of the first event that is not known yet; ``None`` for the end of the log.
    """

    def __init__(self, connection: sa.Connection, horizon: int | None = None) -> None:
        self.connection = connection
        self.horizon = horizon

    def as_of(self, instant: str) -> Questions:
        """The same questions to what was recorded up to this ``Instant``."""
        later = sa.select(sa.func.min(EVENT.c.sequence)).where(EVENT.c.time > instant)
        return Questions(self.connection, self.connection.scalar(later))

    def at(self, number: int) -> Questions:
        """The same questions to what was recorded up to the event of this number."""
        return Questions(self.connection, number + 1)

    def last_event(self) -> int | None:
        """The number of the last event of the log, wherever the horizon is; none where the log is empty."""
        last: int | None = self.connection.scalar(sa.select(sa.func.max(EVENT.c.sequence)))
        return last

    def now(self) -> Questions:
        """The same questions to the end of the log."""
        return Questions(self.connection)

    def known(self, of: sa.FromClause) -> Sequence[sa.ColumnElement[bool]]:
        """The condition that a row was recorded before the horizon."""
        return known(of, self.horizon)

    def stands(self, of: sa.FromClause) -> sa.ColumnElement[bool]:
        """The condition that a row was recorded before the horizon and not superseded before it."""
        return stands(of, self.horizon)

    def held(self, items: Sequence[str]) -> dict[str, Summary]:
        """The items among these that the archive holds."""
        rows = self.rows(sa.select(ITEM).where(*self._item_known()), ITEM.c.item, items)
        wanted = [row["item"] for row in rows]
        columns = [INSPECTION.c.item, *(INSPECTION.c[name] for name in _INSPECTED)]
        found = self.rows(sa.select(*columns).where(self.stands(INSPECTION)), INSPECTION.c.item, wanted)
        inspected = {row["item"]: {name: row[name] for name in _INSPECTED} for row in found}
        judged = self.statuses(wanted)
        return {
            row["item"]: Summary(
                item=row["item"],
                number=row["first"],
                size=row["size"],
                taken_in=row["taken_in"],
                file_name=row["file_name"],
                **(inspected.get(row["item"]) or dict.fromkeys(_INSPECTED)),
                status=judged.get(row["item"], UNASSESSED),
            )
            for row in rows
        }

    def holds(self, items: Sequence[str]) -> set[str]:
        """Those of these items that the archive holds."""
        return {row["item"] for row in self.rows(sa.select(ITEM.c.item).where(*self._item_known()), ITEM.c.item, items)}

    def statuses(self, targets: Sequence[str]) -> dict[str, str]:
        """Where the verification of these targets stands, of those that somebody judged."""
        query = sa.select(ASSESSMENT.c.target, ASSESSMENT.c.counts_as).where(self.stands(ASSESSMENT))
        return {row["target"]: row["counts_as"] for row in self.rows(query, ASSESSMENT.c.target, targets)}

    def count_items(self) -> int:
        """How many items the archive holds."""
        query = sa.select(BATCH.c.size, BATCH.c.held).order_by(BATCH.c.first.desc()).limit(1)
        if self.horizon is not None:
            query = query.where(BATCH.c.first < self.horizon)
        last = self.connection.execute(query).first()
        if last is None:
            return 0
        if self.horizon is None or last.size <= self.horizon:
            return int(last.held)
        later = sa.select(sa.func.count()).select_from(ITEM)
        beyond = self.connection.scalar(later.where(ITEM.c.first >= self.horizon, ITEM.c.first < last.size))
        return int(last.held) - (beyond or 0)

    def starting_with(self, prefix: str, limit: int = 3) -> list[str]:
        """Items whose SHA-256 begins so, a few at the most: enough to tell one from several."""
        query = sa.select(ITEM.c.item).where(ITEM.c.item >= prefix, ITEM.c.item < prefix + "g", *self._item_known())
        return list(self.connection.scalars(query.order_by(ITEM.c.item).limit(limit)))

    def numbers(self, facts: Iterable[str]) -> dict[str, int]:
        """The numbers of the facts of these identities that are recorded."""
        query = sa.select(EVENT.c.identity, EVENT.c.sequence)
        if self.horizon is not None:
            query = query.where(EVENT.c.sequence < self.horizon)
        return {row["identity"]: row["sequence"] for row in self.rows(query, EVENT.c.identity, list(facts))}

    def identity_of(self, number: int) -> str | None:
        """The identity of the fact of this number."""
        identity: str | None = self.connection.scalar(self._event(EVENT.c.identity, number))
        return identity

    def kind_of_event(self, number: int) -> str | None:
        """The kind of the fact of this number; ``None`` where there is no such number."""
        kind: str | None = self.connection.scalar(self._event(EVENT.c.kind, number))
        return kind

    def row_of_event(self, kind: str, number: int) -> dict[str, Any] | None:
        """The fact of this kind and number, column by column."""
        of = table(FACT_ROWS[KINDS[kind]])
        row = self.connection.execute(sa.select(of).where(of.c.number == number, *self.known(of))).mappings().first()
        return None if row is None else dict(row)

    def standing(self, kind: str, matters: Sequence[str]) -> dict[str, Standing]:
        """The statements of this kind that stand on these matters, by matter."""
        fact = KINDS[kind]
        of = table(FACT_ROWS[fact])
        found = {}
        for row in self.rows(sa.select(of).where(self.stands(of)), of.c.on_matter, list(matters)):
            with read_from(f"{of.name} {row['number']}"):
                stated = fact.model_validate({name: row[name] for name in fact.model_fields})
            found[row["on_matter"]] = Standing(row["number"], row["fact"], stated.statement())
        return found

    def log_place(self, first: int | None = None) -> tuple[int, int, str] | None:
        """A transaction of the log, wherever the horizon is: its first event, the log's size after it, and a digest.

        The digest is of the right edge of the log's Merkle tree, so it is one of everything up to there.

        Args:
            first: the number of its first event; the last transaction by default.
        """
        query = sa.select(BATCH.c.first, BATCH.c.size, BATCH.c.frontier)
        query = query.order_by(BATCH.c.first.desc()).limit(1) if first is None else query.where(BATCH.c.first == first)
        row = self.connection.execute(query).first()
        return None if row is None else (row[0], row[1], sha256(row[2].encode()).hexdigest())

    def packed_prints(self, algorithm: str, *, after: int = -1) -> Iterator[PackedPrints]:
        """Every fingerprint of this algorithm beyond a number, in order, many packed into each row of the answer.

        Raises:
            CatalogueDamaged: a row is not as long as its algorithm says, so the others would be taken for what they
                are not.
        """
        digits = Algorithm.parse(algorithm).digits
        while True:
            packed = self._packed(algorithm, after)
            if not packed.count:
                return
            if (packed.bits_short, packed.bits_long) != (digits, digits):
                raise damaged(f"the catalogue holds fingerprints {algorithm} of other than {digits} digits")
            yield packed
            after = packed.last

    def _packed(self, algorithm: str, after: int) -> PackedPrints:
        columns = (FINGERPRINT.c.number, FINGERPRINT.c.item, FINGERPRINT.c.bits, FINGERPRINT.c.quality)
        query = sa.select(*columns).where(
            FINGERPRINT.c.algorithm == algorithm, FINGERPRINT.c.number > after, *self.known(FINGERPRINT)
        )
        part = query.order_by(FINGERPRINT.c.number).limit(PACK).subquery()
        text = sa.func.aggregate_strings
        told = (
            sa.func.count(),
            sa.func.max(part.c.number),
            sa.func.min(sa.func.length(part.c.bits)),
            sa.func.max(sa.func.length(part.c.bits)),
            text(sa.cast(part.c.number, sa.Text), ","),
            text(part.c.item, ""),
            text(part.c.bits, ""),
            text(sa.cast(sa.func.coalesce(part.c.quality, NO_QUALITY), sa.Text), ","),
        )
        return PackedPrints(*self.connection.execute(sa.select(*told)).one())

    def prints(self, algorithm: str) -> Iterator[Print]:
        """Every fingerprint of this algorithm, in the order of the numbers, one by one."""
        query = sa.select(FINGERPRINT).where(FINGERPRINT.c.algorithm == algorithm, *self.known(FINGERPRINT))
        for row in self.connection.execute(query.order_by(FINGERPRINT.c.number)).mappings():
            yield pick(Print, row)

    def prints_of(self, items: Sequence[str]) -> dict[str, list[Print]]:
        """Every fingerprint of these items."""
        found: dict[str, list[Print]] = defaultdict(list)
        query = sa.select(FINGERPRINT).where(*self.known(FINGERPRINT))
        for row in self.rows(query, FINGERPRINT.c.item, items, order=FINGERPRINT.c.number):
            found[row["item"]].append(pick(Print, row))
        return found

    def rows(
        self,
        query: sa.Select[Any],
        column: sa.Column[Any],
        values: Sequence[str],
        *,
        order: sa.Column[Any] | None = None,
    ) -> list[sa.RowMapping]:
        """The rows whose column has one of these values, however many they are."""
        found: list[sa.RowMapping] = []
        for start in range(0, len(values), CHUNK):
            part = query.where(column.in_(values[start : start + CHUNK]))
            found += self.connection.execute(part if order is None else part.order_by(order)).mappings().all()
        return found

    def _item_known(self) -> Sequence[sa.ColumnElement[bool]]:
        return () if self.horizon is None else (ITEM.c.first < self.horizon,)

    def _event(self, column: sa.Column[Any], number: int) -> sa.Select[Any]:
        query = sa.select(column).where(EVENT.c.sequence == number)
        return query if self.horizon is None else query.where(EVENT.c.sequence < self.horizon)


def pick(kind: type[Answer], row: sa.RowMapping, **changed: Any) -> Answer:
    """Make an answer of a row: each field from ``changed``, else from the column of its name."""
    return kind(**changed, **{name: row[name] for name in _names(kind) if name not in changed})


@cache
def _names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
