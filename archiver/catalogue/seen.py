"""Sightings as answers: with names, with what became of them, and with those that they repeat or that repeat them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.answers import Shown
from archiver.catalogue.circle import circle
from archiver.catalogue.judged import judgements
from archiver.catalogue.questions import pick
from archiver.catalogue.said import UNASSESSED, Look, Seen
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import ReachabilityRow, SightingRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions

SIGHTING, REACHABILITY = table(SightingRow), table(ReachabilityRow)

MOST_IN_A_CHAIN = 10_000
"""Sightings that a chain of reposts is followed over; a longer one is cut off there."""


def sightings_of(questions: Questions, items: Sequence[str]) -> list[Seen]:
    """The sightings of these items, in the order of the log."""
    query = sa.select(SIGHTING).where(*questions.known(SIGHTING))
    return _answers(questions, questions.rows(query, SIGHTING.c.item, items, order=SIGHTING.c.number))


def shown_by(questions: Questions, items: Sequence[str]) -> dict[str, list[Shown]]:
    """The sightings whose surroundings these items show, by item."""
    found: dict[str, list[Shown]] = defaultdict(list)
    query = sa.select(SIGHTING).where(*questions.known(SIGHTING))
    for row in questions.rows(query, SIGHTING.c.context, items, order=SIGHTING.c.number):
        found[row["context"]].append(pick(Shown, row))
    return found


def with_reposts(questions: Questions, sightings: Sequence[Seen]) -> list[Seen]:
    """These sightings, what they repeat and what repeats them, and so on in both directions."""
    found = {seen.fact: seen for seen in sightings}
    fresh = list(found.values())
    query = sa.select(SIGHTING).where(*questions.known(SIGHTING))
    while fresh and len(found) < MOST_IN_A_CHAIN:
        above = sorted({seen.repost_of_fact for seen in fresh if seen.repost_of_fact} - set(found))
        below = [seen.fact for seen in fresh]
        rows = questions.rows(query, SIGHTING.c.fact, above) + questions.rows(query, SIGHTING.c.repost_of, below)
        fresh = _answers(questions, [row for row in rows if row["fact"] not in found])
        found |= {seen.fact: seen for seen in fresh}
    return sorted(found.values(), key=lambda seen: seen.number)


def sightings_at(questions: Questions, address: str) -> list[Seen]:
    """The sightings at an address, as seen or as the page names it, in one spelling (``archiver.facts.address``)."""
    here = sa.or_(SIGHTING.c.address == address, SIGHTING.c.seen_address == address)
    query = sa.select(SIGHTING).where(here, *questions.known(SIGHTING))
    rows = questions.connection.execute(query.order_by(SIGHTING.c.number)).mappings()
    return _answers(questions, list(rows))


def sighting(questions: Questions, number: int) -> Seen | None:
    """The sighting of this number."""
    query = sa.select(SIGHTING).where(SIGHTING.c.number == number, *questions.known(SIGHTING))
    return next(iter(_answers(questions, list(questions.connection.execute(query).mappings()))), None)


def _answers(questions: Questions, rows: Sequence[sa.RowMapping]) -> list[Seen]:
    if not rows:
        return []
    facts = [row["fact"] for row in rows]
    names = circle(questions, [row[name] for row in rows for name in ("account", "publisher")], ties=False)
    reposts = questions.numbers({row["repost_of"] for row in rows if row["repost_of"]})
    looks: dict[str, list[Look]] = defaultdict(list)
    query = sa.select(REACHABILITY).where(*questions.known(REACHABILITY))
    for look in questions.rows(query, REACHABILITY.c.sighting, facts, order=REACHABILITY.c.number):
        looks[look["sighting"]].append(pick(Look, look))
    for of_one in looks.values():  # what was seen later counts, whichever was written down first
        of_one.sort(key=lambda look: (look.observed, look.number))
    judged = judgements(questions, facts)
    found = []
    for row in rows:
        publisher = names.name(row["publisher"])
        account = names.names.get(row["account"])
        fact = row["fact"]
        found.append(
            pick(
                Seen,
                row,
                account=account.name if account else None,
                publisher=publisher.name if publisher else None,
                publisher_kind=publisher.kind if publisher else None,
                repost_of=reposts.get(row["repost_of"]),
                availability=looks[fact][-1].availability if looks[fact] else None,
                looks=looks[fact],
                status=judged[fact][-1].counts_as if judged[fact] else UNASSESSED,
                assessments=judged[fact],
                account_fact=row["account"],
                publisher_entity=row["publisher"],
                repost_of_fact=row["repost_of"],
            )
        )
    return found
