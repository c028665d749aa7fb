"""What people said, as answers: sightings, claims and judgements. Plain frozen values, no row behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from archiver.facts.vocabulary import AssessmentStatus

UNASSESSED = "unverified"
"""How the absence of any assessment is shown."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """An assessment: who judged what, how, on what basis; ``counts_as`` is where the verification stands by it."""

    number: int
    target: str
    target_kind: str
    status: str
    assessor: str
    basis: str
    methods: list[str]
    reliability: str | None
    credibility: str | None
    confidence: str | None
    manipulation: str | None
    digital_source_type: str | None
    assessed: str
    awaits_second: bool | None
    seconds: str | None
    supersedes: str | None
    counts_as: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked whether a sighting can still be seen where it was."""

    number: int
    availability: str
    observed: str
    by: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting, with the names of account and publisher; ``repost_of`` is the number of the sighting it repeats."""

    number: int
    item: str | None
    url: str | None
    canonical: str | None
    channel: str | None
    account: str | None
    publisher: str | None
    publisher_kind: str | None
    published: str | None
    published_basis: str
    caption: str | None
    language: str | None
    repost_of: int | None
    context: str | None
    observed: str
    observer: str | None
    note: str | None
    availability: str | None
    looks: list[Look]
    status: str
    assessments: list[Judgement]
    fact: str = field(repr=False)
    account_fact: str | None = field(default=None, repr=False)
    publisher_entity: str | None = field(default=None, repr=False)
    repost_of_fact: str | None = field(default=None, repr=False)
    earliest: str | None = field(default=None, repr=False)
    latest: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The sighting as plain JSON values."""
        inner = ("fact", "account_fact", "publisher_entity", "repost_of_fact", "earliest", "latest")
        return {name: value for name, value in asdict(self).items() if name not in inner}

    @property
    def dismissed(self) -> bool:
        """Whether a person judged that it was not so, or took it back: it is told, and counts for nothing."""
        return self.status in (AssessmentStatus.REFUTED, AssessmentStatus.WITHDRAWN)

    @property
    def surely(self) -> str:
        """By when it surely was there: it was published by then, or somebody saw it.

        So the vaguest statement does not win: ``2024`` surely was published only when 2024 had ended, unless somebody
        saw it before.
        """
        return self.observed if self.seen_first else self.latest or self.observed

    @property
    def seen_first(self) -> bool:
        """Whether that somebody saw it tells more than when it is said to have been published."""
        return self.published is None or self.latest is None or self.observed < self.latest

    def time(self) -> tuple[str, str]:
        """What shows by when it surely was there, and how that is known."""
        if self.published is None or self.seen_first:
            return self.observed, "observed"
        return self.published, f"published, {self.published_basis}"

    def order(self) -> tuple[str, str, int]:
        """By when it surely was there; of two of one moment, the one first that may have been there before."""
        return self.surely, self.earliest or ("" if self.published else self.observed), self.number


def earliest(sightings: list[Seen]) -> Seen | None:
    """The sighting that was there first (``Seen.order``), of those that count."""
    return min((seen for seen in sightings if not seen.dismissed), key=Seen.order, default=None)


@dataclass(frozen=True, slots=True)
class Linked:
    """How a claim stands to another one: ``relation`` read from the claim that carries this (``of`` it, if passive).

    ``status`` is where the verification of the other claim stands.
    """

    number: int
    relation: str
    passive: bool
    claim: int
    item: str
    text: str
    claimant: str | None
    value: dict[str, Any] | None
    by: str | None
    basis: str | None
    status: str = UNASSESSED


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim, who makes it, how it stands to others, and where its verification stands."""

    number: int
    text: str
    kind: str
    value: dict[str, Any] | None
    manner: str | None
    by: str | None
    by_account: str | None
    url: str | None
    sighting: int | None
    recorded: str
    status: str
    assessments: list[Judgement]
    links: list[Linked]
    fact: str = field(repr=False)
    claimant_entity: str | None = field(default=None, repr=False)
    account_fact: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The claim as plain JSON values."""
        inner = ("fact", "claimant_entity", "account_fact")
        return {name: value for name, value in asdict(self).items() if name not in inner}
