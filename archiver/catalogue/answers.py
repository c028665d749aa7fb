"""What the catalogue answers about items: plain frozen values. No row and no connection is behind them."""

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

    def time(self) -> tuple[str, str]:
        """When it was there, as far as that is known, and how that is known."""
        if self.published is not None:
            return self.published, f"published, {self.published_basis}"
        return self.observed, "observed"

    def order(self) -> tuple[bool, bool, str, str, int]:
        """By when it surely was published; those whose publication is unknown come behind, by when they were observed.

        So the vaguest statement does not win: ``2024`` surely was published only when 2024 had ended.
        """
        if self.published is None:
            return True, False, self.observed, "", self.number
        return False, self.latest is None, self.latest or "", self.earliest or "", self.number


def earliest(sightings: list[Seen]) -> Seen | None:
    """The sighting that was there first (``Seen.order``), of those that count."""
    return min((seen for seen in sightings if not seen.dismissed), key=Seen.order, default=None)


@dataclass(frozen=True, slots=True)
class Linked:
    """How a claim stands to another one: ``relation`` read from the claim that carries this (``of`` it, if passive)."""

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


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An acquisition."""

    number: int
    taken_in: str
    clock: str
    method: str
    collector: str | None
    file_name: str | None
    path: str | None
    file_modified: str | None
    source: str | None
    url: str | None
    note: str | None
    host: str | None
    actor: str
    source_entity: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """The acquisition as plain JSON values."""
        return {name: value for name, value in asdict(self).items() if name != "source_entity"}


@dataclass(frozen=True, slots=True)
class CopyHeld:
    """Where a copy lies."""

    number: int
    store: str
    name: str
    size: int
    stored: str
    check: str


@dataclass(frozen=True, slots=True)
class Print:
    """A fingerprint of an item; ``number`` is the sequence number of its event."""

    number: int
    item: str
    algorithm: str
    bits: str
    quality: int | None


@dataclass(frozen=True, slots=True)
class Related:
    """A relation, read from one of its two items: ``item`` is the other one."""

    number: int
    item: str
    type: str
    direction: str
    action: str | None
    state: str
    by: str
    basis: str
    recorded: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Care is owed; ``of`` is the confirmed copy that the flag was set on, where it is not this item itself."""

    number: int
    flag: str
    by: str
    basis: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """With whom an item may be shared."""

    number: int
    tlp: str
    by: str
    basis: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class InCase:
    """A case that an item belongs to; ``number`` names the case."""

    number: int
    title: str
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag of an item."""

    number: int
    scheme: str
    code: str
    label: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An item left the archive."""

    number: int
    profile: str
    recipient: str | None
    reason: str | None
    bytes_included: bool
    record: str
    disclosed: str
    actor: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A sighting whose surroundings an item shows: its number, whose picture it is of, and where it was."""

    number: int
    item: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One item on one line."""

    item: str
    number: int
    size: int
    taken_in: str
    file_name: str | None
    media_type: str | None
    width: int | None
    height: int | None
    orientation: int | None
    decode: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is recorded of one item."""

    summary: Summary
    flags: list[Flag]
    sharing: Label | None
    acquisitions: list[TakenIn]
    inspections: list[dict[str, Any]]
    fingerprints: list[Print]
    sightings: list[Seen]
    claims: list[Stated]
    assessments: list[Judgement]
    relations: list[Related]
    cases: list[InCase]
    tags: list[Tagged]
    copies: list[CopyHeld]
    disclosures: list[Disclosed]
    shows: list[Shown]

    @property
    def item(self) -> str:
        """The item's SHA-256."""
        return self.summary.item

    @property
    def status(self) -> str:
        """The newest judgement of the item itself; ``unverified`` where there is none."""
        return self.summary.status

    @property
    def first_seen(self) -> tuple[str | None, str | None]:
        """The earliest sighting's time and how it is known (``published``, else ``observed``)."""
        first = earliest(self.sightings)
        if first is None:
            return None, None
        return (first.published, "published") if first.published is not None else (first.observed, "observed")

    def care(self) -> dict[str, Any]:
        """What comes before anything else: the flags, and with whom it may be shared."""
        return {
            "sensitivity": sorted({flag.flag for flag in self.flags}),
            "tlp": self.sharing.tlp if self.sharing else None,
        }

    def to_json(self) -> dict[str, Any]:
        """The whole dossier as plain JSON values."""
        when, basis = self.first_seen
        return {
            **self.care(),
            **asdict(self.summary),
            "first_seen": when,
            "first_seen_basis": basis,
            "flags": [asdict(flag) for flag in self.flags],
            "sharing": asdict(self.sharing) if self.sharing else None,
            "acquisitions": [taken.to_json() for taken in self.acquisitions],
            "inspections": self.inspections,
            "fingerprints": [
                {"algorithm": p.algorithm, "bits": p.bits, "quality": p.quality} for p in self.fingerprints
            ],
            "sightings": self.sightings_json(),
            "claims": self.claims_json(),
            "assessments": [asdict(a) for a in self.assessments],
            "relations": [asdict(r) for r in self.relations],
            "cases": [asdict(c) for c in self.cases],
            "tags": [asdict(t) for t in self.tags],
            "copies": [asdict(c) for c in self.copies],
            "disclosures": [asdict(d) for d in self.disclosures],
            "shows": [asdict(each) for each in self.shows],
        }

    def sightings_json(self) -> list[dict[str, Any]]:
        """The sightings as plain JSON values."""
        return [seen.to_json() for seen in self.sightings]

    def claims_json(self) -> list[dict[str, Any]]:
        """The claims as plain JSON values."""
        return [stated.to_json() for stated in self.claims]
