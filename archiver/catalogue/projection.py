"""How facts become rows. The law: the same events always make the same rows, in whatever batches they come.

Nothing here looks at a clock, at the store or at anything but the events and the rows made from earlier ones.

1. Each fact becomes the row of its kind (``archiver.catalogue.rows``).
2. A statement on a matter ends the one before it on the same matter, which is told so (``until``).
3. The first acquisition of an item makes the item.
4. The words about an item go into its full-text document.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.fulltext import add_words
from archiver.catalogue.rows import Noted, row_of, texts_of
from archiver.catalogue.tables import FACT_ROWS
from archiver.catalogue.tables.items import ItemRow, PhraseRow
from archiver.catalogue.tables.row import table
from archiver.catalogue.words import words_of
from archiver.facts.acquisition import Acquisition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.facts.fact import Fact

_ITEM = table(ItemRow)
_PHRASE = table(PhraseRow)
_CHUNK = 500


def project(connection: sa.Connection, noted: Sequence[Noted]) -> None:
    """Add the rows of these facts, which stand in the order of the log."""
    rows: dict[type[Fact], list[dict[str, Any]]] = defaultdict(list)
    items: list[dict[str, Any]] = []
    phrases: list[dict[str, Any]] = []
    for entry in noted:
        rows[type(entry.fact)].append(row_of(entry))  # step 1
        if isinstance(entry.fact, Acquisition):
            items.append(_item(entry, entry.fact))
        phrases.extend(_phrases(entry))
    for kind, made in rows.items():
        into = table(FACT_ROWS[kind])
        if "on_matter" in made[0]:
            _supersede(connection, into, made)  # step 2
        connection.execute(sa.insert(into), made)
    if items:
        _add_items(connection, items)  # step 3
    if phrases:
        connection.execute(sa.insert(_PHRASE), phrases)  # step 4
        add_words(connection, [(row["item"], row["field"], row["words"].split()) for row in phrases])


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


def _item(entry: Noted, fact: Acquisition) -> dict[str, Any]:
    return {
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
    held: set[str] = set()
    wanted = list(first)
    for start in range(0, len(wanted), _CHUNK):
        part = _ITEM.c.item.in_(wanted[start : start + _CHUNK])
        held.update(connection.scalars(sa.select(_ITEM.c.item).where(part)))
    new = [row for item, row in first.items() if item not in held]
    if new:
        connection.execute(sa.insert(_ITEM), new)


def _phrases(entry: Noted) -> list[dict[str, Any]]:
    item, texts = texts_of(entry.fact)
    if item is None:
        return []
    cut = {field: " ".join(words_of(text)) for field, text in texts.items() if text}
    return [
        {"number": entry.number, "field": field, "item": item, "words": words} for field, words in cut.items() if words
    ]
