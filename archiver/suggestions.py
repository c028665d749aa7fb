"""Suggested relations: what an upload found alike becomes a question to a person, once.

The law: a pair about which anything is recorded (suggested, confirmed, rejected, by whomever) is not suggested again.
Only the best pairs of a file are suggested, so that a picture that looks like many others asks for few decisions; all
of them are on its receipt, and ``archiver find`` tells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.facts.relation import Relation
from archiver.facts.vocabulary import RelationState, RelationType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions
    from archiver.match import Match
    from archiver.receipt import Receipt

MOST = 3
"""Pairs that one file suggests at the most."""

MOST_OF_CLUSTER = 20
"""Pairs that one cluster of duplicates suggests at the most."""

PROGRAM = "archiver"
"""Who suggests."""


def suggestions(receipts: Sequence[Receipt]) -> list[Relation]:
    """The pairs that these receipts suggest, the best of each first."""
    return [
        _suggested(receipt.item, match.item, match)
        for receipt in receipts
        if receipt.item is not None
        for match in receipt.lookalikes[:MOST]
    ]


def of_cluster(medoid: str, members: Sequence[Match]) -> list[Relation]:
    """The pairs that a cluster suggests: its medoid with each of the nearest members, and no two members."""
    return [_suggested(member.item, medoid, member) for member in members[:MOST_OF_CLUSTER]]


def undecided(suggested: Sequence[Relation], questions: Questions) -> list[Relation]:
    """Those of these pairs about which nothing is recorded yet, each once."""
    pairs = {relation.matter(): relation for relation in reversed(suggested)}
    known = questions.standing(Relation.kind_of_fact, list(pairs))
    return [relation for matter, relation in pairs.items() if matter not in known]


def _suggested(item: str, other: str, match: Match) -> Relation:
    return Relation(
        item=item,
        other=other,
        type=RelationType.ALTERNATE_OF,
        state=RelationState.SUGGESTED,
        by=PROGRAM,
        basis=_basis(match),
    )


def _basis(match: Match) -> str:
    return f"{match.how()} ({match.algorithm})"
