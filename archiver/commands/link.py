"""``archiver link``: somebody finds that one claim supports, contradicts, refines or repeats another, or takes it back.

The claims may be about different items; the link is told with both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.facts.claim import ClaimLink
from archiver.facts.vocabulary import State, TargetKind
from archiver.naming import numbered
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.vocabulary import ClaimRelation
    from archiver.naming import Target


@dataclass(frozen=True, slots=True)
class Linked:
    """The link as recorded; ``added`` is false where it was recorded already."""

    number: int
    claim: int
    text: str
    relation: str
    other: int
    other_text: str
    by: str
    basis: str | None
    retracted: bool
    added: bool


def link(
    archive: Archive,
    claim: str,
    relation: ClaimRelation,
    other: str,
    *,
    by: str,
    basis: str | None = None,
    retract: bool = False,
) -> Linked:
    """Record how two claims stand to one another.

    Args:
        archive: the archive.
        claim: the number of the one.
        relation: what it does to the other.
        other: the number of the other.
        by: who finds so.
        basis: why.
        retract: take back what was found.

    Raises:
        InputRefused: there is no such claim, or nothing to take back.
        UsageError: both are the same claim, or a word is malformed.
    """
    ends: list[Target] = []
    made: list[ClaimLink] = []

    def build(questions: Questions) -> list[ClaimLink]:
        ends[:] = [numbered(questions, TargetKind.CLAIM, text) for text in (claim, other)]
        one, two = ends
        if one.identity == two.identity:
            raise UsageError(f"both are claim {claim}", hint="name two claims")
        found = checked(
            ClaimLink,
            "by",
            item=one.item,
            claim=one.identity,
            relation=relation,
            other=two.identity,
            by=by,
            basis=basis,
            state=State.RETRACTED if retract else State.STATED,
        )
        standing = questions.standing("claim-link", [found.matter()]).get(found.matter())
        if retract and (standing is None or standing.statement["state"] != State.STATED):
            raise InputRefused(
                f"nobody says that claim {claim} {relation} claim {other}", hint="`archiver show ITEM` tells the links"
            )
        if standing is not None and standing.statement["claim"] != one.identity:  # the same, named from the other end
            turned = {"item": two.item, "claim": two.identity, "other": one.identity}
            found = checked(ClaimLink, "by", **(found.body() | turned))
        made[:] = [found]
        return made

    recorded = archive.record(build)
    fact = made[0]
    return Linked(
        number=recorded.numbers[fact.identity()],
        claim=ends[0].number,
        text=ends[0].label,
        relation=str(relation),
        other=ends[1].number,
        other_text=ends[1].label,
        by=fact.by or "",
        basis=fact.basis,
        retracted=retract,
        added=fact.identity() in recorded.new,
    )
