"""Who recorded a fact, when, and with which program: what the event says around what it states."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.damage import read_from
from archiver.catalogue.questions import CHUNK, EVENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Recording:
    """The recording of a fact; ``actor`` is ``None`` where that is withheld."""

    number: int
    kind: str
    recorded: str
    actor: str | None
    tool: str


def recordings(questions: Questions, numbers: Iterable[int]) -> dict[int, Recording]:
    """The recordings of the facts of these numbers, by number."""
    wanted, found = sorted(set(numbers)), {}
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(EVENT.c.sequence, EVENT.c.record).where(EVENT.c.sequence.in_(wanted[start : start + CHUNK]))
        for number, record in questions.connection.execute(query):
            with read_from(f"event {number}"):
                envelope = json.loads(record)["envelope"]
                said = [envelope[name] for name in ("kind", "time", "actor", "tool")]
            found[number] = Recording(number, *said)
    return found
