"""The lists of fingerprints that others gave us, as answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.questions import pick
from archiver.catalogue.rows import fold
from archiver.catalogue.tables.exchange import HashListRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import State

if TYPE_CHECKING:
    from archiver.catalogue.questions import Questions

HASH_LIST = table(HashListRow)


@dataclass(frozen=True, slots=True)
class HashListHeld:
    """A list as it stands; ``number`` is that of the newest statement about it, ``file`` the SHA-256 of its bytes."""

    number: int
    name: str
    given_by: str | None
    file: str
    size: int
    form: str
    algorithms: list[str]
    lines: int
    note: str | None
    received: str
    state: str
    by: str | None
    reason: str | None
    recorded: str

    @property
    def stands(self) -> bool:
        """Whether it is looked in: it was not withdrawn."""
        return self.state == State.STATED


def hash_lists(questions: Questions, *, withdrawn: bool = False) -> list[HashListHeld]:
    """The lists that stand, by name; those that were withdrawn too, where asked for."""
    query = sa.select(HASH_LIST).where(questions.stands(HASH_LIST))
    if not withdrawn:
        query = query.where(HASH_LIST.c.state == State.STATED)
    found = [pick(HashListHeld, row) for row in questions.connection.execute(query).mappings()]
    return sorted(found, key=lambda each: (fold(each.name), each.name))


def hash_list_called(questions: Questions, name: str) -> HashListHeld | None:
    """The list of this name, withdrawn or not, whatever its case; the one spelled just so before others."""
    query = sa.select(HASH_LIST).where(questions.stands(HASH_LIST), HASH_LIST.c.folded == fold(name))
    rows: list[Any] = list(questions.connection.execute(query).mappings())
    rows.sort(key=lambda row: (row["name"] != name.strip(), row["number"]))
    return pick(HashListHeld, rows[0]) if rows else None
