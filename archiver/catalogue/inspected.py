"""What inspections found, and which items an inspector has not looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.questions import INSPECTION, ITEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.catalogue.questions import Questions


def findings_of(questions: Questions, items: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    """What the inspection that stands found remarkable, by item; one of which nobody looked for it is absent."""
    query = sa.select(INSPECTION.c.item, INSPECTION.c.findings).where(questions.stands(INSPECTION))
    rows = questions.rows(query, INSPECTION.c.item, items)
    return {row["item"]: row["findings"] for row in rows if row["findings"] is not None}


def due(
    questions: Questions,
    inspector: str | None,
    *,
    among: Sequence[str] | None = None,
    after: int = -1,
    limit: int | None = None,
) -> list[str]:
    """Items to look at, oldest first.

    Args:
        questions: the catalogue.
        inspector: leave out what this one has looked at, whatever stands now; nothing by default.
        among: only these.
        after: only items whose first acquisition has a larger number.
        limit: how many at the most.
    """
    query = sa.select(ITEM.c.item, ITEM.c.first).where(ITEM.c.first > after, *_due(inspector))
    if among is None:
        return list(questions.connection.scalars(query.order_by(ITEM.c.first).limit(limit)))
    rows = sorted(questions.rows(query, ITEM.c.item, among), key=lambda row: int(row["first"]))
    return [row["item"] for row in rows][:limit]


def count_due(questions: Questions, inspector: str | None) -> int:
    """How many items there are to look at in all; see ``due``."""
    if inspector is None:
        return questions.count_items()
    return questions.connection.scalar(sa.select(sa.func.count()).select_from(ITEM).where(*_due(inspector))) or 0


def _due(inspector: str | None) -> Sequence[sa.ColumnElement[bool]]:
    if inspector is None:
        return ()
    by = INSPECTION.alias("looked")
    looked = sa.select(by.c.number).where(by.c.item == ITEM.c.item, by.c.inspector == inspector)
    return (sa.not_(sa.exists(looked)),)
