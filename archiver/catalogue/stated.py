"""Claims as answers: who makes them, how they stand to one another, what came of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.circle import Circle, circle
from archiver.catalogue.judged import judgements
from archiver.catalogue.questions import pick
from archiver.catalogue.said import UNASSESSED, Linked, Stated
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import ClaimLinkRow, ClaimRow
from archiver.facts.vocabulary import ClaimRelation, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.catalogue.questions import Questions
    from archiver.catalogue.said import Judgement

CLAIM, LINK = table(ClaimRow), table(ClaimLinkRow)

_SYMMETRIC = (ClaimRelation.CONTRADICTS, ClaimRelation.SAME_AS)


def claims_of(questions: Questions, items: Sequence[str]) -> dict[str, list[Stated]]:
    """The claims about these items, by item, in the order of the log."""
    query = sa.select(CLAIM).where(*questions.known(CLAIM))
    rows = questions.rows(query, CLAIM.c.item, items, order=CLAIM.c.number)
    facts = [row["fact"] for row in rows]
    links = _links(questions, facts)
    others = {row["fact"]: row for row in _others(questions, links, set(facts))} | {row["fact"]: row for row in rows}
    names = circle(
        questions,
        [row[name] for row in others.values() for name in ("claimant", "claimant_account")],
        ties=False,
    )
    judged = judgements(questions, list(others))
    sightings = questions.numbers({row["sighting"] for row in rows if row["sighting"]})
    found: dict[str, list[Stated]] = defaultdict(list)
    for row in rows:
        history = judged[row["fact"]]
        linked = _linked(row["fact"], links, others, names)
        claimant = names.name(row["claimant"])
        account = names.names.get(row["claimant_account"])
        found[row["item"]].append(
            pick(
                Stated,
                row,
                by=claimant.name if claimant else None,
                by_account=account.name if account else None,
                sighting=sightings.get(row["sighting"]),
                status=_status(history),
                assessments=history,
                links=[replace(link, status=_status(judged[fact])) for fact, link in linked],
                claimant_entity=row["claimant"],
                account_fact=row["claimant_account"],
            )
        )
    return found


def _status(history: Sequence[Judgement]) -> str:
    return history[-1].counts_as if history else UNASSESSED


def _links(questions: Questions, claims: Sequence[str]) -> list[sa.RowMapping]:
    query = sa.select(LINK).where(questions.stands(LINK), LINK.c.state == State.STATED)
    rows = [*questions.rows(query, LINK.c.claim, claims), *questions.rows(query, LINK.c.other, claims)]
    return sorted({row["number"]: row for row in rows}.values(), key=lambda row: row["number"])


def _others(questions: Questions, links: Sequence[sa.RowMapping], have: set[str]) -> list[sa.RowMapping]:
    wanted = {link[end] for link in links for end in ("claim", "other")} - have
    return questions.rows(sa.select(CLAIM).where(*questions.known(CLAIM)), CLAIM.c.fact, sorted(wanted))


def _linked(
    claim: str, links: Sequence[sa.RowMapping], claims: dict[str, sa.RowMapping], names: Circle
) -> Iterator[tuple[str, Linked]]:
    """How a claim stands to others, each by the other's identity."""
    for link in links:
        if claim not in (link["claim"], link["other"]):
            continue
        passive = link["claim"] != claim and link["relation"] not in _SYMMETRIC
        other = claims[link["other"] if link["claim"] == claim else link["claim"]]
        claimant = names.name(other["claimant"]) or names.name(other["claimant_account"])
        yield (
            other["fact"],
            Linked(
                number=link["number"],
                relation=link["relation"],
                passive=passive,
                claim=other["number"],
                item=other["item"],
                text=other["text"],
                claimant=claimant.name if claimant else None,
                value=other["value"],
                by=link["by"],
                basis=link["basis"],
            ),
        )
