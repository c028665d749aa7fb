"""How facts become rows. The law: the same events always make the same rows, in whatever batches they come.

Nothing here looks at a clock, at the store or at anything but the events and the rows made from earlier ones.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.tables import FACT_ROWS, ItemRow, PhraseRow, table
from archiver.facts import edtf
from archiver.facts.acquisition import Acquisition
from archiver.facts.inspection import Inspection
from archiver.facts.sighting import Assessment, Claim, Sighting
from archiver.facts.source import Agent
from archiver.facts.values import instant
from archiver.facts.vocabulary import TargetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.facts.fact import Fact

_ITEM = table(ItemRow)
_PHRASE = table(PhraseRow)
_OF = "of_item"
_INSPECTED = ("media_type", "width", "height", "orientation", "decode")


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact with what its event says of the recording."""

    number: int
    identity: str
    fact: Fact
    recorded: str
    actor: str


def project(connection: sa.Connection, noted: Sequence[Noted]) -> None:
    """Add the rows of these facts, which stand in the order of the log."""
    rows: dict[type[Fact], list[dict[str, Any]]] = defaultdict(list)
    items: list[dict[str, Any]] = []
    inspected: dict[str, dict[str, Any]] = {}
    judged: dict[str, dict[str, Any]] = {}
    phrases: list[dict[str, Any]] = []
    for entry in noted:
        fact = entry.fact
        row = _row(entry)
        rows[type(fact)].append(row)
        match fact:
            case Acquisition():
                items.append(_item(entry, fact))
            case Inspection():
                inspected[fact.item] = {name: row[name] for name in _INSPECTED} | {_OF: fact.item}
            case Assessment(target_kind=TargetKind.ITEM):
                judged[fact.item] = {"status": row["status"], _OF: fact.item}
            case _:
                pass
        phrases.extend(_phrases(entry))
    for kind, made in rows.items():
        connection.execute(sa.insert(table(FACT_ROWS[kind])), made)
    if items:
        _add_items(connection, items)
    for changes in (inspected, judged):
        if changes:
            change = sa.update(_ITEM).where(_ITEM.c.item == sa.bindparam(_OF))
            connection.execute(change, list(changes.values()))
    if phrases:
        connection.execute(sa.insert(_PHRASE), phrases)


def _row(entry: Noted) -> dict[str, Any]:
    fact = entry.fact
    row = fact.model_dump(mode="json")
    row |= {"number": entry.number, "fact": entry.identity, "recorded": entry.recorded, "actor": entry.actor}
    match fact:
        case Agent():
            row["entity"] = fact.subject()
        case Sighting():
            row |= _bounds(fact.published)
        case _:
            pass
    return row


def _bounds(published: str | None) -> dict[str, str | None]:
    if published is None:
        return {"earliest": None, "latest": None}
    stated = edtf.parse(published)
    return {
        "earliest": instant(stated.earliest) if stated.earliest else None,
        "latest": instant(stated.latest) if stated.latest else None,
    }


def _item(entry: Noted, fact: Acquisition) -> dict[str, Any]:
    empty = dict.fromkeys((*_INSPECTED, "status"))
    return empty | {
        "item": fact.item,
        "first": entry.number,
        "size": fact.size,
        "taken_in": fact.taken_in,
        "file_name": fact.file_name,
    }


def _add_items(connection: sa.Connection, items: list[dict[str, Any]]) -> None:
    """Add the items that are new; an item that is held keeps its first acquisition."""
    first: dict[str, dict[str, Any]] = {}
    for row in items:
        first.setdefault(row["item"], row)
    held = set(connection.scalars(sa.select(_ITEM.c.item).where(_ITEM.c.item.in_(list(first)))))
    new = [row for item, row in first.items() if item not in held]
    if new:
        connection.execute(sa.insert(_ITEM), new)


def _phrases(entry: Noted) -> list[dict[str, Any]]:
    fact = entry.fact
    words: dict[str, str | None]
    match fact:
        case Acquisition():
            words = {"note": fact.note, "file_name": fact.file_name}
        case Sighting():
            words = {"caption": fact.caption, "url": fact.url}
        case Claim():
            words = {"claim": fact.text}
        case Assessment():
            words = {"basis": fact.basis}
        case _:
            return []
    return [
        {"number": entry.number, "field": field, "item": fact.item, "folded": text.casefold()}
        for field, text in words.items()
        if text
    ]
