"""``archiver assess``: a named person's judgement of an item, a claim, a sighting, a source or an affiliation.

A judgement supersedes the one before it and leaves it standing in the history (``archiver.catalogue.settling``: two
assessors at once make a chain, never a fork).

Where the archive's rule of two persons is in force (``two_person_rule`` in ``archive.toml``), ``verified`` counts only
when a second, differently named assessor says the same of the same target; until then it is shown as *in progress*. Two
names are different only where they look different: compatibility forms (``Ⅳ`` and ``IV``), case, spaces and characters
that nobody sees make no second person.
That the rule was in force is part of the judgement, so that the log says what it meant, whatever the setting becomes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from archiver.catalogue.judged import judgements
from archiver.catalogue.rows import fold
from archiver.errors import UsageError
from archiver.facts.assessment import Assessment
from archiver.facts.vocabulary import AssessmentStatus, TargetKind
from archiver.naming import target_of
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.said import Judgement
    from archiver.facts.vocabulary import (
        Confidence,
        Credibility,
        DigitalSourceType,
        MediaManipulationRating,
        Reliability,
    )

_UNSEEN: Final = ("Cf", "Cn", "Co", "Cs")
_IGNORABLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}
"""No format characters, and nothing to be seen of them either: fillers, a joiner, variation selectors, a blank."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """The judgement as recorded; ``added`` is false where the newest one says the same already.

    Attributes:
        counts_as: where the verification stands by it: not ``verified`` while a second person is awaited.
        superseded: the number of the judgement before it, where there is one.
    """

    number: int
    target: str
    target_kind: str
    item: str | None
    label: str
    status: str
    counts_as: str
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
    manipulation: MediaManipulationRating | None = None,
    digital_source_type: DigitalSourceType | None = None,
) -> Assessed:
    """Record a judgement; see ``archiver.naming.target_of`` for how a target is named.

    Raises:
        InputRefused: there is no such target.
        UsageError: the number might be several, a name or basis is empty, or a grade does not fit the target.
    """
    if not by.strip() or not basis.strip():
        raise UsageError(
            "a judgement needs a person and a basis", hint="say who judges (--by NAME) and on what (--basis TEXT)"
        )
    chosen = target_of(archive, target)
    if manipulation is not None and chosen.kind is not TargetKind.SIGHTING:
        raise UsageError(
            "--rating says how a picture was used where it was seen: it is of a sighting", hint="name sighting:NUMBER"
        )
    if digital_source_type is not None and chosen.kind is not TargetKind.ITEM:
        raise UsageError("--digital-source-type says how a picture was made: it is of an item", hint="name the item")
    before: list[Judgement] = []
    made: list[Assessment] = []

    def build(questions: Questions) -> list[Assessment]:
        before[:] = judgements(questions, [chosen.identity])[chosen.identity][-1:]
        newest = before[-1] if before else None
        awaited = archive.settings.two_person_rule and status is AssessmentStatus.VERIFIED
        seconds = _seconded(questions, newest, by) if awaited else None
        if awaited and seconds is None and newest is not None and _by_same(newest, by) and newest.seconds:
            seconds = newest.seconds  # the second person says it again
        made[:] = [
            checked(
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
                manipulation=manipulation,
                digital_source_type=digital_source_type,
                assessed=archive.now,
                awaits_second=True if awaited else None,
                seconds=seconds,
            )
        ]
        return made

    recorded = archive.record(build)
    identity = made[0].identity()
    added = identity in recorded.new
    return Assessed(
        number=recorded.numbers[identity],
        target=chosen.identity,
        target_kind=str(chosen.kind),
        item=chosen.item,
        label=chosen.label,
        status=str(status),
        counts_as=str(made[0].effective()),
        by=by.strip(),
        superseded=before[0].number if added and before else None,
        added=added,
    )


def _seconded(questions: Questions, newest: Judgement | None, by: str) -> str | None:
    """The identity of the standing ``verified`` of another person, which this one seconds."""
    if newest is None or newest.status != AssessmentStatus.VERIFIED or _by_same(newest, by):
        return None
    return questions.identity_of(newest.number)


def _by_same(judgement: Judgement, by: str) -> bool:
    return _person(judgement.assessor) == _person(by)


def _person(name: str) -> str:
    """A name as persons are told apart by it: levelled (NFKC), without case, without what nobody sees."""
    levelled = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = "".join(char for char in levelled if unicodedata.category(char) not in _UNSEEN and char not in _IGNORABLE)
    return fold(unicodedata.normalize("NFKC", seen))
