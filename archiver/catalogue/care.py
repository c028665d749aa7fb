"""What care is owed to items: their flags, and with whom they may be shared.

The law: care is of now, whatever the question is as of: what was learnt later counts for who looks at what was known
then. And it holds for whatever shows the same: a flag and a label hold for every confirmed copy of the item, and for
what shows the surroundings of a sighting of it (a saved page, a screenshot), step by step. A sighting that was judged
refuted or withdrawn still says what its surroundings show.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.answers import Flag, Label
from archiver.catalogue.questions import pick
from archiver.catalogue.related import CONFIRMED, RELATION, copies_of, reached
from archiver.catalogue.seen import SIGHTING
from archiver.catalogue.tables.handling import SensitivityRow, SharingRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import FlagState, TrafficLight

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.catalogue.questions import Questions

SENSITIVITY, SHARING = table(SensitivityRow), table(SharingRow)

_STRICTNESS = list(TrafficLight)
"""The labels, the strictest first."""


def care(questions: Questions, items: Iterable[str]) -> tuple[dict[str, list[Flag]], dict[str, Label | None]]:
    """The flags of items and of all that they show, and the strictest sharing label among them, as they stand now."""
    now = questions.now()
    shown = shown_in(now, items)
    every = sorted({each for all_shown in shown.values() for each in all_shown})
    flagged: dict[str, list[Flag]] = defaultdict(list)
    query = sa.select(SENSITIVITY).where(now.stands(SENSITIVITY), SENSITIVITY.c.state == FlagState.FLAGGED)
    for row in now.rows(query, SENSITIVITY.c.item, every, order=SENSITIVITY.c.number):
        flagged[row["item"]].append(pick(Flag, row, of=None))
    query = sa.select(SHARING).where(now.stands(SHARING))
    labelled = {row["item"]: pick(Label, row, of=None) for row in now.rows(query, SHARING.c.item, every)}
    flags: dict[str, list[Flag]] = {}
    labels: dict[str, Label | None] = {}
    for item, all_shown in shown.items():
        flags[item] = [
            flag if each == item else replace(flag, of=each) for each in all_shown for flag in flagged.get(each, ())
        ]
        found = [
            labelled[each] if each == item else replace(labelled[each], of=each)
            for each in all_shown
            if each in labelled
        ]
        labels[item] = min(found, key=lambda label: _STRICTNESS.index(TrafficLight(label.tlp)), default=None)
    return flags, labels


def shown_in(questions: Questions, items: Iterable[str]) -> dict[str, list[str]]:
    """For each item, all items that it shows, as a confirmed copy or as surroundings of a sighting, itself first."""
    start = sorted(set(items))
    edges: dict[str, set[str]] = defaultdict(set)
    seen, fresh = set(start), start
    copies = sa.select(RELATION.c.item, RELATION.c.other).where(questions.stands(RELATION), *CONFIRMED)
    around = sa.select(SIGHTING.c.context, SIGHTING.c.item).where(
        SIGHTING.c.item.is_not(None), *questions.known(SIGHTING)
    )
    while fresh:
        for end in (RELATION.c.item, RELATION.c.other):
            for row in questions.rows(copies, end, fresh):
                edges[row["item"]].add(row["other"])
                edges[row["other"]].add(row["item"])
        for row in questions.rows(around, SIGHTING.c.context, fresh):
            edges[row["context"]].add(row["item"])
        fresh = sorted({other for item in fresh for other in edges.get(item, ())} - seen)
        seen.update(fresh)
    return {item: reached(item, edges) for item in start}


def showing(questions: Questions, own: sa.Select[Any]) -> list[str]:
    """The items that show one of those that are selected, as a copy or as surroundings, without those themselves."""
    found = set(copies_of(questions, own))
    around = sa.select(SIGHTING.c.context).where(SIGHTING.c.context.is_not(None), *questions.known(SIGHTING))
    fresh = {*questions.connection.scalars(around.where(SIGHTING.c.item.in_(own)))}
    fresh |= _contexts(questions, around, found)
    fresh -= found
    copies = sa.select(RELATION.c.item, RELATION.c.other).where(questions.stands(RELATION), *CONFIRMED)
    while fresh:
        found |= fresh
        ordered = sorted(fresh)
        rows = [*questions.rows(copies, RELATION.c.item, ordered), *questions.rows(copies, RELATION.c.other, ordered)]
        fresh = {row[end] for row in rows for end in ("item", "other")} | _contexts(questions, around, fresh)
        fresh -= found
    column: sa.Column[Any] = own.selected_columns.values()[0]  # type: ignore[assignment] # what is selected is a column
    return sorted(found - {row["item"] for row in questions.rows(own, column, sorted(found))})


def in_care(questions: Questions, labels: Iterable[str]) -> set[str]:
    """Every item that bears a flag or one of these labels now, and every item that shows one of them."""
    now = questions.now()
    flagged = sa.select(SENSITIVITY.c.item).where(now.stands(SENSITIVITY), SENSITIVITY.c.state == FlagState.FLAGGED)
    labelled = sa.select(SHARING.c.item).where(now.stands(SHARING), SHARING.c.tlp.in_([str(each) for each in labels]))
    found: set[str] = set()
    for own in (flagged, labelled):
        found.update(now.connection.scalars(own))
        found.update(showing(now, own))
    return found


def _contexts(questions: Questions, around: sa.Select[Any], items: Iterable[str]) -> set[str]:
    wanted: Sequence[str] = sorted(items)
    return {row["context"] for row in questions.rows(around, SIGHTING.c.item, wanted)}
