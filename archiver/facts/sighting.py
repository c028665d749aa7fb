"""Where a picture was seen, and what somebody states about it."""

from __future__ import annotations

from typing import ClassVar

from archiver.facts.fact import ItemFact
from archiver.facts.values import Edtf, Instant, Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import (
    AssessmentStatus,
    ClaimKind,
    Confidence,
    Credibility,
    Reliability,
    TargetKind,
    TimeBasis,
)


class Sighting(ItemFact):
    """This picture was seen there.

    Account and publisher are two things: an agency's picture may be seen on an account that is not the agency's.

    Attributes:
        url: as it was seen.
        account: the account it was seen on, by identity.
        publisher: the agent who published it there, by identity.
        published: when it was published, as stated.
        published_basis: how that is known.
        caption: the words beside it.
        observed: when it was seen, by our clock.
        observer: who saw it, where stated.
    """

    kind_of_fact: ClassVar[str] = "sighting"
    incidental: ClassVar[frozenset[str]] = frozenset({"observed", "observer"})

    item: Sha256Hex
    url: Raw | None = None
    account: Sha256Hex | None = None
    publisher: Sha256Hex | None = None
    published: Edtf | None = None
    published_basis: TimeBasis = TimeBasis.UNKNOWN
    caption: Text | None = None
    observed: Instant
    observer: Name | None = None


class Claim(ItemFact):
    """Someone states something about the picture (schema.org ``Claim``). Claims may contradict one another.

    Attributes:
        text: the statement.
        kind: what it is about.
        claimant: the agent who states it, by identity; none where it is not known who does.
        claimant_account: the account that states it, by identity.
        sighting: the sighting that carried the statement, by identity.
        url: where it is stated.
    """

    kind_of_fact: ClassVar[str] = "claim"

    item: Sha256Hex
    text: Text
    kind: ClaimKind = ClaimKind.OTHER
    claimant: Sha256Hex | None = None
    claimant_account: Sha256Hex | None = None
    sighting: Sha256Hex | None = None
    url: Raw | None = None


class Assessment(ItemFact):
    """A named person's judgement, with its basis. It supersedes, and never changes, the one before it.

    Reliability and credibility are held apart and empty unless somebody judged: ``F`` and ``6`` are judgements too.

    Attributes:
        item: the item that the judgement concerns (of a claim: the claim's item).
        target_kind: what is judged.
        target: its identity (of an item: its SHA-256).
        status: where the verification stands.
        assessor: the person, by name.
        basis: what the judgement rests on.
        methods: how it was reached.
        reliability: of the source, A to F.
        credibility: of the information, 1 to 6.
        confidence: of the assessor.
        assessed: when, by our clock.
        supersedes: the identity of the assessment before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "assessment"
    incidental: ClassVar[frozenset[str]] = frozenset({"assessed"})

    item: Sha256Hex
    target_kind: TargetKind
    target: Sha256Hex
    status: AssessmentStatus
    assessor: Name
    basis: Text
    methods: tuple[Name, ...] = ()
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    confidence: Confidence | None = None
    assessed: Instant
    supersedes: Sha256Hex | None = None

    def judgement(self) -> dict[str, object]:
        """What is judged and how, without when and instead of what: equal for a mere repetition."""
        return {k: v for k, v in self.body().items() if k not in ("assessed", "supersedes")}
