"""What was stated on a matter at any time, whatever stands now."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.damage import read_from
from archiver.catalogue.tables import FACT_ROWS
from archiver.catalogue.tables.row import table
from archiver.facts.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions


def ever_stated(questions: Questions, kind: str, matters: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The statements of this kind on these matters, by matter, in the order of the log."""
    fact = KINDS[kind]
    of = table(FACT_ROWS[fact])
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    query = sa.select(of).where(*questions.known(of))
    for row in questions.rows(query, of.c.on_matter, matters, order=of.c.number):
        with read_from(f"{of.name} {row['number']}"):
            stated = fact.model_validate({name: row[name] for name in fact.model_fields})
        found[row["on_matter"]].append(stated.statement())
    return found
