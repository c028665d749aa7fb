"""A named person's judgement. Nothing is verified unless one says so, with a basis."""

from __future__ import annotations

from typing import ClassVar

from archiver.facts.fact import Fact
from archiver.facts.values import Instant, Name, Sha256Hex, Text
from archiver.facts.vocabulary import (
    AssessmentStatus,
    Confidence,
    Credibility,
    DigitalSourceType,
    MediaManipulationRating,
    Reliability,
    TargetKind,
)


class Assessment(Fact):
    """A named person's judgement, with its basis. It supersedes, and never changes, the one before it.

    Reliability and credibility are held apart and empty unless somebody judged: ``F`` and ``6`` are judgements too.

    Attributes:
        item: the item that the judgement concerns (of a claim: the claim's item); none where a source is judged.
        target_kind: what is judged.
        target: its identity (of an item: its SHA-256).
        status: where the verification stands.
        assessor: the person, by name.
        basis: what the judgement rests on.
        methods: how it was reached; the Berkeley Protocol (2022) names source, technical and content analysis.
        reliability: of the source, A to F.
        credibility: of the information, 1 to 6.
        confidence: of the assessor.
        manipulation: of a sighting: how the picture was used there.
        digital_source_type: of an item: how the picture was made.
        assessed: when, by our clock.
        awaits_second: whether the archive's rule of two persons was in force: ``verified`` counts only when a second
            assessor says the same.
        seconds: the identity of the assessment, by another person, that this one seconds.
        supersedes: the identity of the assessment before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "assessment"
    incidental: ClassVar[frozenset[str]] = frozenset({"assessed"})

    item: Sha256Hex | None = None
    target_kind: TargetKind
    target: Sha256Hex
    status: AssessmentStatus
    assessor: Name
    basis: Text
    methods: tuple[Name, ...] = ()
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    confidence: Confidence | None = None
    manipulation: MediaManipulationRating | None = None
    digital_source_type: DigitalSourceType | None = None
    assessed: Instant
    awaits_second: bool | None = None
    seconds: Sha256Hex | None = None
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The item, or the source that is judged."""
        return self.item or self.target

    def matter(self) -> str:
        """What is judged."""
        return self.target

    def effective(self) -> AssessmentStatus:
        """Where the verification stands by it: not ``verified`` while a second person is awaited."""
        if self.status is AssessmentStatus.VERIFIED and self.awaits_second and self.seconds is None:
            return AssessmentStatus.IN_PROGRESS
        return self.status
