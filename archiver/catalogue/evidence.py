"""The signed log behind the answers: which events are about an item, their records, and the tree they stand in.

What is told here is what was signed, byte for byte, and not what the tables make of it. Everything that grows with the
log or with what is asked is handed out as a stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.damage import read_from
from archiver.catalogue.questions import BATCH, CHUNK, EVENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archiver.catalogue.questions import Questions

_SPAN = 20_000
"""How many leaves are asked for in one statement."""


def events_with_subject(questions: Questions, subjects: Sequence[str]) -> dict[int, str]:
    """The numbers of all events with these subjects, each with its subject, as far as the questions reach."""
    query = sa.select(EVENT.c.sequence, EVENT.c.subject)
    if questions.horizon is not None:
        query = query.where(EVENT.c.sequence < questions.horizon)
    return {row["sequence"]: row["subject"] for row in questions.rows(query, EVENT.c.subject, subjects)}


def records(questions: Questions, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    """These events with their numbers, in order, each as the log has it: the whole event in canonical JSON."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), CHUNK):
        query = sa.select(EVENT.c.sequence, EVENT.c.record).where(EVENT.c.sequence.in_(wanted[start : start + CHUNK]))
        rows = questions.connection.execute(query.order_by(EVENT.c.sequence)).all()
        yield from ((row.sequence, row.record) for row in rows)


def records_with_subject(questions: Questions, subject: str) -> list[str]:
    """Every event with this subject, in order, wherever the horizon is; each as the log has it."""
    query = sa.select(EVENT.c.record).where(EVENT.c.subject == subject).order_by(EVENT.c.sequence)
    return list(questions.connection.scalars(query))


def leaves(questions: Questions, size: int) -> Iterator[bytes]:
    """The leaf hashes of the first events of the log, in order, 32 bytes each."""
    for start in range(0, size, _SPAN):
        query = sa.select(EVENT.c.leaf).where(EVENT.c.sequence >= start, EVENT.c.sequence < min(start + _SPAN, size))
        for leaf in questions.connection.scalars(query.order_by(EVENT.c.sequence)):
            with read_from("event.leaf"):
                read = bytes.fromhex(leaf)
            yield read


def newest_checkpoint(questions: Questions) -> str:
    """The signed checkpoint at the end of the log, whatever place of it the questions are asked of."""
    query = sa.select(BATCH.c.checkpoint).order_by(BATCH.c.first.desc()).limit(1)
    return str(questions.connection.scalar(query))
