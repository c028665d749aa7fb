"""How facts become rows. The law: the same events always make the same rows, in whatever batches they come.

Nothing here looks at a clock, at the store or at anything but the events and the rows made from earlier ones.

1. The first acquisition of an item makes the item; its number is the item's number.
2. Each fact becomes the row of its kind (``archiver.catalogue.rows``), and bears its item's number, whether the item
   came before it or comes after it.
3. A statement on a matter ends the one before it on the same matter, which is told so (``until``).
4. The words about an item go into its full-text document. What an inspection found remarkable is listed by its code.
5. A withdrawal takes the facts that it withholds out again (``archiver.catalogue.withdrawing``).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.fulltext import add_words
from archiver.catalogue.rows import Noted, row_of, texts_of
from archiver.catalogue.tables import FACT_ROWS, PROJECTED
from archiver.catalogue.tables.items import FindingRow, ItemRow, PhraseRow
from archiver.catalogue.tables.log import EventRow
from archiver.catalogue.tables.row import table
from archiver.catalogue.withdrawing import take_out
from archiver.catalogue.words import words_of
from archiver.facts.acquisition import Acquisition
from archiver.facts.inspection import Inspection
from archiver.facts.withdrawal import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Sequence

_ITEM = table(ItemRow)
_PHRASE = table(PhraseRow)
_FINDING = table(FindingRow)
_EVENT = table(EventRow)
_CHUNK = 500


def project(connection: sa.Connection, noted: Sequence[Noted]) -> None:
    """Add the rows of these facts, which stand in the order of the log."""
    start = 0
    for place, entry in enumerate(noted):
        if isinstance(entry.fact, Withdrawal):
            _add(connection, noted[start : place + 1])
            take_out(connection, entry.number, entry.fact)  # step 5
            start = place + 1
    if start < len(noted):
        _add(connection, noted[start:])


def _add(connection: sa.Connection, noted: Sequence[Noted]) -> None:
    rows: dict[sa.Table, list[dict[str, Any]]] = defaultdict(list)
    acquired: list[Noted] = []
    for entry in noted:
        rows[table(FACT_ROWS[type(entry.fact)])].append(row_of(entry))
        rows[_PHRASE].extend(_phrases(entry))
        if isinstance(entry.fact, Inspection):
            rows[_FINDING].extend(_findings(entry, entry.fact))
        if isinstance(entry.fact, Acquisition):
            acquired.append(entry)
    bearing = [row for into, made in rows.items() if "item_number" in into.c for row in made]
    numbers, new = _items(connection, acquired, {row["item"] for row in bearing if row["item"]})  # step 1
    late = _late(connection, new, noted[0].number) if new else []
    for row in bearing:
        row["item_number"] = numbers.get(row["item"])  # step 2
    for into, made in rows.items():
        if made and "on_matter" in made[0]:
            _supersede(connection, into, made)  # step 3
        if made:
            connection.execute(sa.insert(into), made)
    add_words(connection, [*rows[_PHRASE], *late])  # step 4


def _items(
    connection: sa.Connection, acquired: Sequence[Noted], mentioned: set[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """Add the items that are new; an item that is held keeps its number. The numbers of all, and of the new ones."""
    numbers: dict[str, int] = {}
    wanted = sorted(mentioned)
    for start in range(0, len(wanted), _CHUNK):
        part = _ITEM.c.item.in_(wanted[start : start + _CHUNK])
        numbers.update(
            {row[0]: row[1] for row in connection.execute(sa.select(_ITEM.c.item, _ITEM.c.first).where(part))}
        )
    new: dict[str, int] = {}
    made = []
    for entry in acquired:
        row = _item(entry)
        if row["item"] not in numbers:
            numbers[row["item"]] = new[row["item"]] = entry.number
            made.append(row)
    if made:
        connection.execute(sa.insert(_ITEM), made)
    return numbers, new


def _late(connection: sa.Connection, new: dict[str, int], start: int) -> list[dict[str, Any]]:
    """Tell what was said earlier about items that come only now which number they have; the words about them."""
    said_before: list[str] = []
    wanted = sorted(new)
    for at in range(0, len(wanted), _CHUNK):
        about = (_EVENT.c.subject.in_(wanted[at : at + _CHUNK]), _EVENT.c.sequence < start)
        said_before += connection.scalars(sa.select(_EVENT.c.subject).where(*about).distinct())
    phrases: list[dict[str, Any]] = []
    for item in said_before:
        earlier = sa.select(_EVENT.c.sequence).where(_EVENT.c.subject == item, _EVENT.c.sequence < start)
        for of in (each for each in PROJECTED if "item_number" in each.c):
            connection.execute(sa.update(of).where(of.c.number.in_(earlier)).values(item_number=new[item]))
        phrases += [
            dict(row) for row in connection.execute(_PHRASE.select().where(_PHRASE.c.number.in_(earlier))).mappings()
        ]
    return phrases


def _supersede(connection: sa.Connection, into: sa.Table, made: Sequence[dict[str, Any]]) -> None:
    """Write down where earlier statements on the same matters end: among these rows, and in the table."""
    first: dict[str, int] = {}
    last: dict[str, dict[str, Any]] = {}
    for row in made:
        matter = row["on_matter"]
        first.setdefault(matter, row["number"])
        if matter in last:
            last[matter]["until"] = row["number"]
        last[matter] = row
    standing = set[str]()
    matters = list(first)
    for start in range(0, len(matters), _CHUNK):
        part = into.c.on_matter.in_(matters[start : start + _CHUNK])
        standing.update(connection.scalars(sa.select(into.c.on_matter).where(part, into.c.until.is_(None))))
    if standing:
        end = sa.update(into).where(into.c.on_matter == sa.bindparam("of_matter"), into.c.until.is_(None))
        ended = [{"of_matter": matter, "at": first[matter]} for matter in sorted(standing)]
        connection.execute(end.values(until=sa.bindparam("at")), ended)


def _item(entry: Noted) -> dict[str, Any]:
    fact = entry.fact
    names = ("item", "size", "taken_in", "file_name")
    return {"first": entry.number} | {name: getattr(fact, name) for name in names}


def _findings(entry: Noted, found: Inspection) -> list[dict[str, Any]]:
    codes = dict.fromkeys(finding["code"] for finding in found.findings or ())
    return [{"number": entry.number, "code": code, "item": found.item} for code in codes]


def _phrases(entry: Noted) -> list[dict[str, Any]]:
    item, texts = texts_of(entry.fact)
    if item is None:
        return []
    cut = {field: " ".join(words_of(text)) for field, text in texts.items() if text}
    return [
        {"number": entry.number, "field": field, "item": item, "words": words} for field, words in cut.items() if words
    ]
