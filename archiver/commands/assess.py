"""``archiver assess``: a named person's judgement of an item or a claim, with its basis.

A judgement supersedes the one before it and leaves it standing in the history. The newest one is looked up inside the
transaction that records, so two assessors at once make a chain, never a fork.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.archive import SHORTEST_PREFIX
from archiver.catalogue.questions import Target
from archiver.errors import InputRefused, UsageError
from archiver.facts.sighting import Assessment
from archiver.facts.vocabulary import AssessmentStatus, TargetKind
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.vocabulary import Confidence, Credibility, Reliability

_NUMBER = re.compile(r"(?:claim|sighting)?[:#]?([0-9]{1,11})")


@dataclass(frozen=True, slots=True)
class Assessed:
    """The judgement as recorded; ``added`` is false where the newest one says the same already."""

    number: int
    target: str
    target_kind: str
    item: str
    status: str
    by: str
    superseded: int | None
    added: bool


def assess(
    archive: Archive,
    target: str,
    *,
    status: AssessmentStatus,
    by: str,
    basis: str,
    methods: Sequence[str] = (),
    reliability: Reliability | None = None,
    credibility: Credibility | None = None,
    confidence: Confidence | None = None,
) -> Assessed:
    """Record a judgement of an item (by its SHA-256 or a prefix) or of a claim (by its number).

    Raises:
        InputRefused: no such item and no such claim.
        UsageError: the number might be either, or a name or basis is empty.
    """
    if not by.strip() or not basis.strip():
        raise UsageError(
            "a judgement needs a person and a basis", hint="say who judges (--by NAME) and on what (--basis TEXT)"
        )
    chosen = _target(archive, target)
    before: list[int] = []

    def build(questions: Questions) -> list[Assessment]:
        newest = questions.newest_judgement(chosen.identity)
        supersedes = questions.identity_of(newest.number) if newest else None
        made = checked(
            Assessment,
            "basis",
            item=chosen.item,
            target_kind=chosen.kind,
            target=chosen.identity,
            status=status,
            assessor=by,
            basis=basis,
            methods=tuple(methods),
            reliability=reliability,
            credibility=credibility,
            confidence=confidence,
            assessed=archive.now,
            supersedes=supersedes,
        )
        if newest is not None and newest.says(made.judgement()):
            before.append(newest.number)
            return []
        if newest is not None:
            before.append(newest.number)
        return [made]

    recorded = archive.record(build)
    added = bool(recorded.new)
    return Assessed(
        number=next(iter(recorded.numbers.values())) if added else before[0],
        target=chosen.identity,
        target_kind=str(chosen.kind),
        item=chosen.item,
        status=str(status),
        by=by.strip(),
        superseded=before[0] if added and before else None,
        added=added,
    )


def _target(archive: Archive, text: str) -> Target:
    match = _NUMBER.fullmatch(text.strip())
    numbered = None
    if match is not None:
        with archive.asking() as questions:
            numbered = questions.target(int(match[1]))
            explicit = not text.strip().isdigit()
            begins = [] if explicit or len(text.strip()) < SHORTEST_PREFIX else questions.starting_with(text.strip())
        if numbered is not None and begins:
            raise UsageError(
                f"{text} is a number, and an item begins so as well",
                hint=f"write claim:{text} for the number, or more digits of the item",
            )
        if numbered is not None:
            return numbered
        if explicit or len(text.strip()) < SHORTEST_PREFIX:
            raise InputRefused(f"there is no claim {match[1]}", hint="`archiver show ITEM` lists an item's claims")
    item = archive.resolve(text)
    return Target(TargetKind.ITEM, item, item, "")
