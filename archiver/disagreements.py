"""Which claims about a picture do not agree. Pure law, no I/O.

1. Two claims contradict one another where somebody linked them so; what became of each is told beside it.
2. Values of one name and kind that differ are told together, whoever states them: numbers are compared with numbers and
   words with words, and a claim that was withdrawn states nothing any more.

That values differ is no contradiction: both may be true of different days.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.facts.vocabulary import AssessmentStatus, ClaimRelation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.catalogue.said import Stated

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Claims that do not agree: two that somebody linked, or all whose values of one name differ.

    Attributes:
        claims: their numbers.
        texts: what each states.
        claimants: who states each, where known.
        statuses: where the verification of each stands.
        why: what shows it: a link that somebody recorded, or values that differ.
        linked: whether somebody recorded it.
        name: what is valued, where values differ.
        values: the value that each states, where values differ.
    """

    claims: tuple[int, ...]
    texts: tuple[str, ...]
    claimants: tuple[str | None, ...]
    statuses: tuple[str, ...]
    why: str
    linked: bool
    name: str | None = None
    values: tuple[Value, ...] = ()

    def by_value(self) -> Iterator[tuple[Value, list[int]]]:
        """Each value, and the places of the claims that state it, in the order of the claims."""
        for value in dict.fromkeys(self.values):
            yield value, [place for place, each in enumerate(self.values) if each == value]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        told = {"claims": list(self.claims), "statuses": list(self.statuses), "why": self.why, "linked": self.linked}
        if self.name is None:
            return told
        stated = [
            {"value": value, "claims": [self.claims[place] for place in places]} for value, places in self.by_value()
        ]
        return {**told, "name": self.name, "values": stated}


def disagreements(claims: Sequence[Stated]) -> list[Disagreement]:
    """The claims among these that do not agree, and those elsewhere that somebody linked with them."""
    ordered = sorted(claims, key=lambda claim: claim.number)
    return [*_linked(ordered), *_differing(ordered)]


def _linked(claims: Sequence[Stated]) -> list[Disagreement]:  # step 1
    found: dict[tuple[int, ...], Disagreement] = {}
    for claim in claims:
        for link in claim.links:
            if link.relation != ClaimRelation.CONTRADICTS:
                continue
            mine = (claim.number, claim.text, claim.by or claim.by_account, claim.status)
            other = (link.claim, link.text, link.claimant, link.status)
            numbers, texts, claimants, statuses = zip(*sorted((mine, other), key=lambda each: each[0]), strict=True)
            why = f"{link.by} links them (#{link.number})" if link.by else f"linked as contradicting (#{link.number})"
            why = f"{why}: {link.basis}" if link.basis else why
            found.setdefault(numbers, Disagreement(numbers, texts, claimants, statuses, why, linked=True))
    return [found[pair] for pair in sorted(found)]


def _differing(claims: Sequence[Stated]) -> list[Disagreement]:  # step 2
    valued: dict[tuple[str, str, bool], list[Stated]] = defaultdict(list)
    for claim in claims:
        if claim.status != AssessmentStatus.WITHDRAWN:
            for name, value in (claim.value or {}).items():
                valued[claim.kind, name, isinstance(value, str)].append(claim)
    return [
        _difference(name, stated)
        for (_, name, _), stated in valued.items()
        if len({(claim.value or {})[name] for claim in stated}) > 1
    ]


def _difference(name: str, claims: Sequence[Stated]) -> Disagreement:
    found = Disagreement(
        claims=tuple(claim.number for claim in claims),
        texts=tuple(claim.text for claim in claims),
        claimants=tuple(claim.by or claim.by_account for claim in claims),
        statuses=tuple(claim.status for claim in claims),
        why="",
        linked=False,
        name=name,
        values=tuple((claim.value or {})[name] for claim in claims),
    )
    told = [
        f"{value} ({', '.join(f'#{found.claims[place]}' for place in places)})" for value, places in found.by_value()
    ]
    return replace(found, why=f"{name}: {', '.join(told)}")
