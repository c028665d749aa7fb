"""What the catalogue answers about items: plain frozen values. No row and no connection is behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.facts.findings import in_order, named
from archiver.facts.vocabulary import RelationState, TrafficLight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.catalogue.checked import Failed, FoundWhole, Repaired
    from archiver.catalogue.said import Judgement, Seen, Stated


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
    region: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        told = {"algorithm": self.algorithm, "bits": self.bits, "quality": self.quality}
        return told | ({"region": self.region} if self.region else {})


NO_QUALITY = 255
"""Stands for a fingerprint that has no quality, among packed ones."""


@dataclass(frozen=True, slots=True)
class PackedPrints:
    """Many fingerprints of one algorithm in one row, so that a million of them are no million rows.

    Attributes:
        count: how many.
        last: the largest number among them.
        bits_short: digits of the shortest bits.
        bits_long: digits of the longest bits.
        numbers: of their events, between commas.
        items: one after the other, in the order of the numbers.
        bits: one after the other, in the same order.
        qualities: between commas, in the same order; ``NO_QUALITY`` for none.
    """

    count: int
    last: int
    bits_short: int
    bits_long: int
    numbers: str
    items: str
    bits: str
    qualities: str


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

    @property
    def decided(self) -> bool:
        """Whether a person confirmed or rejected it."""
        return self.state != RelationState.SUGGESTED


def decided_between(relations: Iterable[Related], other: str) -> list[Related]:
    """What persons decided of an item, of which these are the relations, and the other one."""
    return [each for each in relations if each.item == other and each.decided]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A person says that two items are not related, and what other persons confirmed makes them one picture.

    Attributes:
        relation: the number of the relation that says that they are not related.
        item: the one.
        other: the other.
        by: who says so.
        basis: why.
        against: the numbers of the relations that lead from the one to the other.
    """

    relation: int
    item: str
    other: str
    by: str
    basis: str
    against: list[int]


@dataclass(frozen=True, slots=True)
class Flag:
    """Care is owed; ``of`` is the item that the flag was set on, where it is not this one itself but what it shows."""

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


_GUARDED = frozenset({TrafficLight.RED, TrafficLight.AMBER_STRICT, TrafficLight.AMBER})


@dataclass(frozen=True, slots=True)
class Care:
    """What care is owed to an item."""

    flags: list[Flag]
    label: Label | None

    @property
    def guarded(self) -> bool:
        """Whether it is not to be shown to whoever looks over a shoulder: any flag, or a label that few may see."""
        return bool(self.flags) or (self.label is not None and self.label.tlp in _GUARDED)

    @property
    def needed(self) -> bool:
        """Whether there is anything to heed before it is shown or passed on: any flag, or a label that sets a limit."""
        return bool(self.flags) or (self.label is not None and self.label.tlp != TrafficLight.CLEAR)

    def to_json(self) -> dict[str, Any]:
        """In words: the flags, and with whom it may be shared."""
        return {
            "sensitivity": sorted({flag.flag for flag in self.flags}),
            "tlp": self.label.tlp if self.label else None,
        }


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
class RetentionHeld:
    """A store keeps an item's copy until then, as it said itself."""

    number: int
    store: str
    mode: str
    retain_until: str
    by: str
    authority: str | None


@dataclass(frozen=True, slots=True)
class HoldHeld:
    """A legal hold; where the store does not enforce it, it binds the archive alone."""

    number: int
    store: str
    enforced: bool
    by: str
    authority: str
    reason: str | None
    recorded: str


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
    checks: list[FoundWhole]
    failures: list[Failed]
    repairs: list[Repaired]
    shows: list[Shown]
    retentions: list[RetentionHeld]
    legal_holds: list[HoldHeld]

    @property
    def item(self) -> str:
        """The item's SHA-256."""
        return self.summary.item

    @property
    def status(self) -> str:
        """The newest judgement of the item itself; ``unverified`` where there is none."""
        return self.summary.status

    @property
    def inspection(self) -> dict[str, Any] | None:
        """The inspection that stands."""
        return self.inspections[-1] if self.inspections else None

    @property
    def findings(self) -> list[dict[str, Any]] | None:
        """What it found remarkable, the gravest first (``archiver.facts.findings``); none if it did not look."""
        found = self._found
        return None if found is None else in_order(found)

    @property
    def named_findings(self) -> list[dict[str, str]]:
        """Only which there are and how much they weigh, each once, the gravest first."""
        return list(named(self._found))

    @property
    def _found(self) -> list[dict[str, Any]] | None:
        found: list[dict[str, Any]] | None = self.inspections[-1]["findings"] if self.inspections else None
        return found

    @property
    def owed(self) -> Care:
        """What care is owed to it."""
        return Care(self.flags, self.sharing)

    def care(self) -> dict[str, Any]:
        """What comes before anything else: the flags, and with whom it may be shared."""
        return self.owed.to_json()

    def to_json(self) -> dict[str, Any]:
        """The whole dossier as plain JSON values."""
        return {
            **self.care(),
            **asdict(self.summary),
            "flags": [asdict(flag) for flag in self.flags],
            "sharing": asdict(self.sharing) if self.sharing else None,
            "acquisitions": [taken.to_json() for taken in self.acquisitions],
            "findings": self.findings,
            "inspections": self.inspections,
            "fingerprints": [each.to_json() for each in self.fingerprints],
            "sightings": self.sightings_json(),
            "claims": self.claims_json(),
            "assessments": [asdict(a) for a in self.assessments],
            "relations": [asdict(r) for r in self.relations],
            "cases": [asdict(c) for c in self.cases],
            "tags": [asdict(t) for t in self.tags],
            "copies": [asdict(c) for c in self.copies],
            "disclosures": [asdict(d) for d in self.disclosures],
            "checks": [asdict(each) for each in self.checks],
            "failures": [asdict(each) for each in self.failures],
            "repairs": [asdict(each) for each in self.repairs],
            "shows": [asdict(each) for each in self.shows],
            "retentions": [asdict(each) for each in self.retentions],
            "legal_holds": [asdict(each) for each in self.legal_holds],
        }

    def sightings_json(self) -> list[dict[str, Any]]:
        """The sightings as plain JSON values."""
        return [seen.to_json() for seen in self.sightings]

    def claims_json(self) -> list[dict[str, Any]]:
        """The claims as plain JSON values."""
        return [stated.to_json() for stated in self.claims]
