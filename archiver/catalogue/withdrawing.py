"""What a withdrawal does to the catalogue.

The law: once the withdrawal is projected, the catalogue is as if the events that it withholds had never had a body,
whether their bodies were read before or not. So a catalogue that lived through the withdrawal and one that is made from
the log afterwards are equal, and so is one made from a store that was not erased yet.

1. The rows of the withheld facts go, and the words and codes made of them.
2. Their events keep envelope, signature and leaf. Body and salt go, and the identity with them: it is a digest of the
   body without a salt, by which somebody could confirm a guess.
3. The item is none any more: its row and its document go, the counts of what was held go down by one from the
   transaction on that took it in, and what is still told of it bears no item's number.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.damage import read_from
from archiver.catalogue.fulltext import remove_words
from archiver.catalogue.tables import FACT_ROWS, PROJECTED
from archiver.catalogue.tables.items import FindingRow, ItemRow, PhraseRow
from archiver.catalogue.tables.log import BatchRow, EventRow
from archiver.catalogue.tables.row import table
from archiver.facts.kinds import KINDS
from archiver.facts.withdrawal import WITHHELD

if TYPE_CHECKING:
    from archiver.facts.withdrawal import Withdrawal

_EVENT, _BATCH, _ITEM = table(EventRow), table(BatchRow), table(ItemRow)
_DERIVED = (table(PhraseRow), table(FindingRow))
"""What is made of facts, under the numbers of their events."""

_CHUNK = 500


def withheld_identity(leaf: str) -> str:
    """What stands in the place of the identity of a fact that is withheld: no identity looks like it."""
    return f"withheld:{leaf}"


def without_body(record: str) -> str:
    """A whole event in canonical JSON, without body and salt; an envelope holds texts and whole numbers only."""
    with read_from("event.record"):
        event = json.loads(record) | {"body": None, "salt": None}
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def take_out(connection: sa.Connection, number: int, fact: Withdrawal) -> None:
    """Follow the steps above for the withdrawal of this number."""
    for start in range(0, len(fact.withheld), _CHUNK):
        numbers = [each for each in fact.withheld[start : start + _CHUNK] if each < number]
        for kind in sorted(WITHHELD):  # step 1
            of = table(FACT_ROWS[KINDS[kind]])
            connection.execute(sa.delete(of).where(of.c.number.in_(numbers)))
        for made in _DERIVED:
            connection.execute(sa.delete(made).where(made.c.number.in_(numbers)))
        _withhold(connection, numbers)  # step 2
    first = connection.scalar(sa.select(_ITEM.c.first).where(_ITEM.c.item == fact.item))
    if first is None:
        return
    remove_words(connection, first)  # step 3
    for of in PROJECTED:
        if "item_number" in of.c:
            connection.execute(sa.update(of).where(of.c.item_number == first).values(item_number=None))
    connection.execute(sa.update(_BATCH).where(_BATCH.c.size > first).values(held=_BATCH.c.held - 1))
    connection.execute(sa.delete(_ITEM).where(_ITEM.c.item == fact.item))


def _withhold(connection: sa.Connection, numbers: list[int]) -> None:
    query = sa.select(_EVENT.c.sequence, _EVENT.c.leaf, _EVENT.c.record)
    for row in connection.execute(query.where(_EVENT.c.sequence.in_(numbers), _EVENT.c.kind.in_(sorted(WITHHELD)))):
        without = {"identity": withheld_identity(row.leaf), "record": without_body(row.record)}
        connection.execute(sa.update(_EVENT).where(_EVENT.c.sequence == row.sequence).values(**without))
