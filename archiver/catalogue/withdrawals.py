"""Withdrawals as answers: which items were withdrawn, and what is still known of them.

The law: a withdrawal is of now, whatever the question is as of: what was withdrawn is not told as of an earlier time
either.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.dossiers import CASE, CASE_ITEM
from archiver.catalogue.evidence import events_with_subject
from archiver.catalogue.questions import BATCH, EVENT, pick
from archiver.catalogue.stated import CLAIM, LINK
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import RelationRow
from archiver.catalogue.tables.withdrawal import WithdrawalRow
from archiver.errors import withdrawn
from archiver.facts.vocabulary import RelationState, RelationType, State
from archiver.facts.withdrawal import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact

WITHDRAWAL, RELATION = table(WithdrawalRow), table(RelationRow)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """All that is told of an item that was withdrawn.

    Attributes:
        item: its SHA-256.
        number: of the withdrawal.
        recorded: when.
        authority: by whose order.
        reason: why.
        by: who carried it out.
        withheld: how many events are withheld.
        cases: the titles of the cases that it belonged to.
    """

    item: str
    number: int
    recorded: str
    authority: str
    reason: str
    by: str
    withheld: int
    cases: list[str]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"withdrawn": True, **asdict(self)}

    def told(self) -> str:
        """The same in one sentence; to be made printable by whoever shows it."""
        return f"withdrawn on {self.recorded[:10]} by order of {self.authority} (event #{self.number}): {self.reason}"


def tombstones_of(questions: Questions, items: Sequence[str]) -> dict[str, Tombstone]:
    """The tombstones of those of these items that were withdrawn."""
    return _told(questions, questions.rows(sa.select(WITHDRAWAL), WITHDRAWAL.c.item, sorted(set(items))))


def tombstones(questions: Questions, prefix: str = "") -> list[Tombstone]:
    """All tombstones of items whose SHA-256 begins so, in the order of the log."""
    query = sa.select(WITHDRAWAL).where(WITHDRAWAL.c.item >= prefix, WITHDRAWAL.c.item < prefix + "g")
    rows = questions.connection.execute(query.order_by(WITHDRAWAL.c.number)).mappings().all()
    return list(_told(questions, rows).values())


def last_withdrawal(questions: Questions) -> int | None:
    """The number of the newest withdrawal: what a cache goes by; none where nothing was withdrawn."""
    newest: int | None = questions.connection.scalar(sa.select(sa.func.max(WITHDRAWAL.c.number)))
    return newest


def _told(questions: Questions, rows: Sequence[sa.RowMapping]) -> dict[str, Tombstone]:
    cases = sorted({case for row in rows for case in row["cases"]})
    found = questions.rows(sa.select(CASE.c.entity, CASE.c.title).where(CASE.c.until.is_(None)), CASE.c.entity, cases)
    titles = {row["entity"]: row["title"] for row in found}
    return {
        row["item"]: pick(
            Tombstone,
            row,
            withheld=len(row["withheld"]),
            cases=[titles[case] for case in row["cases"] if case in titles],
        )
        for row in sorted(rows, key=lambda each: int(each["number"]))
    }


def withheld_with(questions: Questions, item: str) -> list[int]:
    """The events that are withheld with an item: those about it, and what relates it or its claims to others.

    Events that are withheld already are among them where they are about the item.
    """
    own = list(events_with_subject(questions, [item]))
    relations = sa.select(RELATION.c.number, RELATION.c.other)
    found = {row["number"] for row in questions.rows(relations, RELATION.c.other, [item])}
    claims = [row["fact"] for row in questions.rows(sa.select(CLAIM.c.fact), CLAIM.c.item, [item])]
    for end in (LINK.c.claim, LINK.c.other):
        found |= {row["number"] for row in questions.rows(sa.select(LINK.c.number), end, claims)}
    numbers: list[Any] = sorted(found | set(own))
    kinds = questions.rows(sa.select(EVENT.c.sequence, EVENT.c.kind), EVENT.c.sequence, numbers)
    return sorted(row["sequence"] for row in kinds if row["kind"] in WITHHELD)


def cases_with(questions: Questions, item: str) -> list[str]:
    """The cases that an item belongs to, by identity."""
    query = sa.select(CASE_ITEM.c.case).where(CASE_ITEM.c.until.is_(None), CASE_ITEM.c.state == State.STATED)
    return sorted({row["case"] for row in questions.rows(query, CASE_ITEM.c.item, [item])})


def confirmed_copies(questions: Questions, item: str) -> list[str]:
    """Other items that somebody confirmed to show the same, or to derive from it or it from them: they stay."""
    query = sa.select(RELATION.c.item, RELATION.c.other).where(
        RELATION.c.until.is_(None),
        RELATION.c.state == RelationState.CONFIRMED,
        RELATION.c.type != RelationType.NOT_RELATED,
    )
    rows = [*questions.rows(query, RELATION.c.item, [item]), *questions.rows(query, RELATION.c.other, [item])]
    return sorted({row[end] for row in rows for end in ("item", "other")} - {item})


def refuse_withdrawn(questions: Questions, facts: Iterable[Fact]) -> None:
    """Refuse facts that would describe anew what was withdrawn, perhaps since they were thought of.

    Raises:
        ItemWithdrawn: one does.
    """
    named: set[str] = set()
    for fact in facts:
        if fact.kind_of_fact in WITHHELD:
            named.update(value for field in ("item", "other") if isinstance(value := getattr(fact, field, None), str))
    for tombstone in tombstones_of(questions, sorted(named)).values():
        raise withdrawn(tombstone.item, tombstone.told())


def withheld_numbers(questions: Questions) -> set[int]:
    """The numbers of all events that withdrawals withhold."""
    return {number for value in questions.connection.scalars(sa.select(WITHDRAWAL.c.withheld)) for number in value}


def transactions_with(questions: Questions, items: Sequence[str] | None = None) -> list[int]:
    """The first events of the transactions that hold what is withheld with these items, or with any."""
    query = sa.select(WITHDRAWAL.c.withheld)
    rows = (
        questions.connection.execute(query).mappings().all()
        if items is None
        else questions.rows(query, WITHDRAWAL.c.item, items)
    )
    return transactions_of(questions, [number for row in rows for number in row["withheld"]])


def transactions_of(questions: Questions, numbers: Iterable[int]) -> list[int]:
    """The first events of the transactions that these events stand in."""
    wanted = sorted(set(numbers))
    firsts: set[int] = set()
    reached = -1
    for number in wanted:
        if number < reached:
            continue
        place = questions.connection.execute(
            sa.select(BATCH.c.first, BATCH.c.size)
            .where(BATCH.c.first <= number)
            .order_by(BATCH.c.first.desc())
            .limit(1)
        ).one()
        firsts.add(place.first)
        reached = place.size
    return sorted(firsts)
