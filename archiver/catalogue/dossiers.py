"""All that is recorded of items, by item, in a fixed number of statements however many they are.

Flags and sharing labels are those of now, whatever the question is as of (``archiver.catalogue.care``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from archiver.catalogue.answers import CopyHeld, Disclosed, Dossier, InCase, Tagged, TakenIn
from archiver.catalogue.care import care
from archiver.catalogue.checked import failures, found_whole, repairs
from archiver.catalogue.circle import circle
from archiver.catalogue.damage import read_from
from archiver.catalogue.judged import judgements
from archiver.catalogue.protections import holds_of, retentions_of
from archiver.catalogue.questions import INSPECTION, pick
from archiver.catalogue.related import relations_of
from archiver.catalogue.seen import shown_by
from archiver.catalogue.stated import claims_of
from archiver.catalogue.tables.handling import CaseItemRow, CaseRow, TagRow
from archiver.catalogue.tables.items import AcquisitionRow, CopyRow, DisclosureRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance

    from archiver.catalogue.questions import Questions
    from archiver.catalogue.said import Seen

ACQUISITION, COPY, DISCLOSURE = table(AcquisitionRow), table(CopyRow), table(DisclosureRow)
CASE, CASE_ITEM, TAG = table(CaseRow), table(CaseItemRow), table(TagRow)

Answer = TypeVar("Answer", bound="DataclassInstance")


def dossiers(questions: Questions, items: Sequence[str], sightings: Sequence[Seen]) -> dict[str, Dossier]:
    """All that is recorded of these items, by item; items that are not held are absent.

    Args:
        questions: at the place of the log that is asked about.
        items: which.
        sightings: those of the items, among others maybe, in the order of the log.
    """
    summaries = questions.held(items)
    wanted = list(summaries)
    flags, labels = care(questions, wanted)
    seen: dict[str, list[Seen]] = defaultdict(list)
    for sighting in sightings:
        seen[sighting.item or ""].append(sighting)
    stated, judged = claims_of(questions, wanted), judgements(questions, wanted)
    related, cases = relations_of(questions, wanted), _cases(questions, wanted)
    taken, inspected = _acquisitions(questions, wanted), _inspections(questions, wanted)
    prints, kept = questions.prints_of(wanted), _of_kind(questions, CopyHeld, COPY, wanted)
    tags, disclosed = _tags(questions, wanted), _of_kind(questions, Disclosed, DISCLOSURE, wanted)
    shows = shown_by(questions, wanted)
    retained, holds = retentions_of(questions, wanted), holds_of(questions, wanted)
    failed, mended = failures(questions, wanted), repairs(questions, wanted)
    checked = found_whole(questions, {item: summary.number for item, summary in summaries.items()}, failed)
    return {
        item: Dossier(
            summary=summary,
            flags=flags[item],
            sharing=labels[item],
            acquisitions=taken[item],
            inspections=inspected[item],
            fingerprints=prints.get(item, []),
            sightings=seen[item],
            claims=stated.get(item, []),
            assessments=judged[item],
            relations=related.get(item, []),
            cases=cases[item],
            tags=tags[item],
            copies=kept[item],
            disclosures=disclosed[item],
            checks=checked[item],
            failures=failed[item],
            repairs=mended[item],
            shows=shows.get(item, []),
            retentions=retained.get(item, []),
            legal_holds=holds.get(item, []),
        )
        for item, summary in summaries.items()
    }


def _acquisitions(questions: Questions, items: Sequence[str]) -> dict[str, list[TakenIn]]:
    query = sa.select(ACQUISITION).where(*questions.known(ACQUISITION))
    rows = questions.rows(query, ACQUISITION.c.item, items, order=ACQUISITION.c.number)
    names = circle(questions, [row["source"] for row in rows], ties=False)
    found: dict[str, list[TakenIn]] = defaultdict(list)
    for row in rows:
        source = names.name(row["source"])
        taken = pick(TakenIn, row, source=source.name if source else None, source_entity=row["source"])
        found[row["item"]].append(taken)
    return found


def _inspections(questions: Questions, items: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    inner = ("item", "item_number", "fact", "actor", "on_matter", "until", "earliest", "latest")
    query = sa.select(INSPECTION).where(*questions.known(INSPECTION))
    for row in questions.rows(query, INSPECTION.c.item, items, order=INSPECTION.c.number):
        found[row["item"]].append({name: value for name, value in row.items() if name not in inner})
    return found


def _cases(questions: Questions, items: Sequence[str]) -> dict[str, list[InCase]]:
    query = sa.select(CASE_ITEM).where(questions.stands(CASE_ITEM), CASE_ITEM.c.state == State.STATED)
    rows = questions.rows(query, CASE_ITEM.c.item, items, order=CASE_ITEM.c.number)
    wanted = sorted({row["case"] for row in rows})
    whole = questions.rows(sa.select(CASE).where(questions.stands(CASE)), CASE.c.entity, wanted)
    cases = {row["entity"]: row for row in whole}
    found: dict[str, list[InCase]] = defaultdict(list)
    for row in rows:
        with read_from(f"case_item {row['number']}"):
            case = cases[row["case"]]
        found[row["item"]].append(InCase(case["number"], case["title"], case["state"], row["note"]))
    return found


def _tags(questions: Questions, items: Sequence[str]) -> dict[str, list[Tagged]]:
    found: dict[str, list[Tagged]] = defaultdict(list)
    query = sa.select(TAG).where(questions.stands(TAG), TAG.c.state == State.STATED)
    for row in questions.rows(query, TAG.c.item, items, order=TAG.c.number):
        found[row["item"]].append(pick(Tagged, row))
    return found


def _of_kind(
    questions: Questions, kind: type[Answer], of: sa.Table, items: Sequence[str]
) -> defaultdict[str, list[Answer]]:
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for row in questions.rows(sa.select(of).where(*questions.known(of)), of.c.item, items, order=of.c.number):
        found[row["item"]].append(pick(kind, row))
    return found
