"""Items of which something decoded: what fingerprints and local features can be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.questions import CHUNK, FINGERPRINT, INSPECTION, ITEM
from archiver.facts.vocabulary import DecodeStatus

if TYPE_CHECKING:
    from archiver.catalogue.answers import Summary
    from archiver.catalogue.questions import Questions

_DECODED = (DecodeStatus.OK, DecodeStatus.DECODED_WITH_ERRORS, DecodeStatus.TRUNCATED)


def decoded(questions: Questions, *, lacking: str | None = None, after: int = -1, limit: int = CHUNK) -> list[Summary]:
    """Items of which something decoded, oldest first, a few at a time.

    Args:
        questions: the catalogue.
        lacking: only items without a fingerprint of the algorithm of this name.
        after: only items whose first acquisition has a larger number.
        limit: how many at the most.
    """
    query = _such(questions, sa.select(ITEM.c.item)).where(ITEM.c.first > after)
    if lacking is not None:
        has = sa.select(FINGERPRINT.c.item).where(FINGERPRINT.c.algorithm == lacking, *questions.known(FINGERPRINT))
        query = query.where(ITEM.c.item.not_in(has))
    found = list(questions.connection.scalars(query.order_by(ITEM.c.first).limit(limit)))
    held = questions.held(found)
    return [held[item] for item in found]


def count_decoded(questions: Questions) -> int:
    """Of how many items something decoded."""
    return questions.connection.scalar(_such(questions, sa.select(sa.func.count()))) or 0


def newest_print(questions: Questions, algorithm: str) -> int | None:
    """The number of the last fingerprint of the algorithm of this name; none where there is none."""
    last = sa.select(sa.func.max(FINGERPRINT.c.number)).where(FINGERPRINT.c.algorithm == algorithm)
    newest: int | None = questions.connection.scalar(last.where(*questions.known(FINGERPRINT)))
    return newest


def count_without(questions: Questions, algorithm: str, *, having: str) -> int:
    """How many items have a fingerprint of the one algorithm (``having``), and none of the other.

    It reads every fingerprint of both: a second for a million.
    """
    known = questions.known(FINGERPRINT)
    has = sa.select(FINGERPRINT.c.item).where(FINGERPRINT.c.algorithm == algorithm, *known)
    items = sa.select(sa.func.count(FINGERPRINT.c.item.distinct()))
    items = items.where(FINGERPRINT.c.algorithm == having, FINGERPRINT.c.item.not_in(has), *known)
    return questions.connection.scalar(items) or 0


def _such(questions: Questions, columns: sa.Select[Any]) -> sa.Select[Any]:
    joined = sa.join(ITEM, INSPECTION, sa.and_(INSPECTION.c.item == ITEM.c.item, questions.stands(INSPECTION)))
    first_known = () if questions.horizon is None else (ITEM.c.first < questions.horizon,)
    return columns.select_from(joined).where(INSPECTION.c.decode.in_(_DECODED), *first_known)
