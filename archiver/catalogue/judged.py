"""Judgements as answers, each target's whole history, oldest first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.questions import ASSESSMENT, pick
from archiver.catalogue.said import Judgement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions


def judgements(questions: Questions, targets: Sequence[str]) -> defaultdict[str, list[Judgement]]:
    """The judgements of these targets, by target, in the order of the log; the last one stands."""
    found: defaultdict[str, list[Judgement]] = defaultdict(list)
    query = sa.select(ASSESSMENT).where(*questions.known(ASSESSMENT))
    for row in questions.rows(query, ASSESSMENT.c.target, targets, order=ASSESSMENT.c.number):
        found[row["target"]].append(pick(Judgement, row))
    return found
