"""Which stores the log says hold the archive, and which of their copies it knows of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.questions import pick
from archiver.catalogue.tables.items import CopyRow
from archiver.catalogue.tables.keeping import StoreChangeRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import StoreState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions

STORE, COPY = table(StoreChangeRow), table(CopyRow)


@dataclass(frozen=True, slots=True)
class PromisedStore:
    """A store that was added and not taken out since; ``number`` is that of the newest statement about it."""

    number: int
    name: str
    url: str
    required: bool
    recorded: str


def promised_stores(questions: Questions) -> list[PromisedStore]:
    """The stores that the log says hold the archive beside the main one, by name."""
    added = sa.select(STORE).where(questions.stands(STORE), STORE.c.state == StoreState.ADDED).order_by(STORE.c.name)
    return [pick(PromisedStore, row) for row in questions.connection.execute(added).mappings()]


def recorded_copies(questions: Questions) -> dict[str, int]:
    """Of how many items a copy in each store is recorded, by the store's URL."""
    counted = sa.select(COPY.c.store, sa.func.count()).group_by(COPY.c.store)
    return {row[0]: row[1] for row in questions.connection.execute(counted)}


def without_copy_in(questions: Questions, items: Sequence[str], url: str) -> set[str]:
    """Which of these are items that are held, and of which no copy in the store at this URL is recorded.

    Args:
        questions: the catalogue.
        items: SHA-256s; a few hundred at a time.
        url: as copies name it.
    """
    recorded = sa.select(COPY.c.item).where(COPY.c.item.in_(list(items)), COPY.c.store == url)
    return questions.holds(list(items)) - set(questions.connection.scalars(recorded))
