"""Cases as answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.dossiers import CASE, CASE_ITEM
from archiver.catalogue.rows import fold
from archiver.facts.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions

LONGEST_NUMBER = 15
"""Digits of a number of the log; what has more is no number of ours, and no database takes it."""


@dataclass(frozen=True, slots=True)
class CaseHeld:
    """A case as it stands; ``number`` is that of the first statement about it, and later ones name it too."""

    number: int
    identity: str
    title: str
    mandate: str | None
    lead: str | None
    members: list[str]
    retention: str | None
    state: str
    reason: str | None
    recorded: str
    items: int


def every_case(questions: Questions) -> list[CaseHeld]:
    """The cases, those first of which something was said the longest ago."""
    rows = questions.connection.execute(sa.select(CASE).where(questions.stands(CASE)).order_by(CASE.c.number))
    return _answers(questions, list(rows.mappings()))


def case_of(questions: Questions, text: str) -> CaseHeld | None:
    """The case of this title, or of this number."""
    standing = sa.select(CASE).where(questions.stands(CASE))
    rows = list(questions.connection.execute(standing.where(CASE.c.folded == fold(text))).mappings())
    number = text.removeprefix("case:").removeprefix("#")
    if not rows and number.isdecimal() and len(number) <= LONGEST_NUMBER:
        row = questions.row_of_event("case", int(number))
        if row is not None:
            rows = questions.rows(standing, CASE.c.entity, [row["entity"]])
    return next(iter(_answers(questions, rows)), None)


def items_of_case(questions: Questions, case: str) -> list[str]:
    """The items of a case, in the order in which they came to it."""
    inside = (CASE_ITEM.c.case == case, questions.stands(CASE_ITEM), CASE_ITEM.c.state == State.STATED)
    return list(questions.connection.scalars(sa.select(CASE_ITEM.c.item).where(*inside).order_by(CASE_ITEM.c.number)))


def _answers(questions: Questions, rows: Sequence[sa.RowMapping]) -> list[CaseHeld]:
    inside = (questions.stands(CASE_ITEM), CASE_ITEM.c.state == State.STATED)
    query = sa.select(CASE_ITEM.c.case, sa.func.count().label("items")).where(*inside).group_by(CASE_ITEM.c.case)
    entities = [row["entity"] for row in rows]
    counts = {row["case"]: row["items"] for row in questions.rows(query, CASE_ITEM.c.case, entities)}
    begun = sa.select(CASE.c.entity, sa.func.min(CASE.c.number).label("first")).group_by(CASE.c.entity)
    first = {row["entity"]: row["first"] for row in questions.rows(begun, CASE.c.entity, entities)}
    names = ("title", "mandate", "lead", "members", "retention", "state", "reason", "recorded")
    return [
        CaseHeld(
            number=first[row["entity"]],
            identity=row["entity"],
            items=counts.get(row["entity"], 0),
            **{name: row[name] for name in names},
        )
        for row in rows
    ]
