"""What the catalogue answers: plain frozen values, ready for JSON. No row and no connection is behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

UNASSESSED = "unverified"
"""How the absence of any assessment is shown."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """An assessment: who judged what, how, on what basis."""

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
    assessed: str
    supersedes: str | None

    def says(self, judgement: dict[str, Any]) -> bool:
        """Whether it says the very same as ``Assessment.judgement()`` of another."""
        stated = {f.name: getattr(self, f.name) for f in fields(self)}
        mine = {k: v for k, v in stated.items() if v is not None and k not in ("number", "assessed", "supersedes")}
        return mine == {k: v for k, v in judgement.items() if k != "item"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting, with the names of account and publisher."""

    number: int
    url: str | None
    account: str | None
    publisher: str | None
    publisher_kind: str | None
    published: str | None
    published_basis: str
    caption: str | None
    observed: str
    observer: str | None
    earliest: str | None = field(default=None, repr=False)
    latest: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim, who makes it, and where its verification stands."""

    number: int
    text: str
    kind: str
    by: str | None
    by_account: str | None
    url: str | None
    sighting: int | None
    recorded: str
    status: str
    assessments: list[Judgement]


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
    """All that is known of one item, as of now."""

    summary: Summary
    acquisitions: list[TakenIn]
    inspections: list[dict[str, Any]]
    fingerprints: list[Print]
    sightings: list[Seen]
    claims: list[Stated]
    assessments: list[Judgement]
    copies: list[CopyHeld]

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
        dated = [s for s in self.sightings if s.published is not None]
        if dated:  # by the moment at which it surely was published, so that the vaguest statement does not win
            first = min(dated, key=lambda s: (s.latest is None, s.latest or "", s.earliest or ""))
            return first.published, "published"
        if self.sightings:
            return min(s.observed for s in self.sightings), "observed"
        return None, None

    def to_json(self) -> dict[str, Any]:
        """The whole dossier as plain JSON values."""
        when, basis = self.first_seen
        return {
            **asdict(self.summary),
            "first_seen": when,
            "first_seen_basis": basis,
            "acquisitions": [asdict(a) for a in self.acquisitions],
            "inspections": self.inspections,
            "fingerprints": [
                {"algorithm": p.algorithm, "bits": p.bits, "quality": p.quality} for p in self.fingerprints
            ],
            "sightings": self.sightings_json(),
            "claims": self.claims_json(),
            "assessments": [asdict(a) for a in self.assessments],
            "copies": [asdict(c) for c in self.copies],
        }

    def sightings_json(self) -> list[dict[str, Any]]:
        """The sightings as plain JSON values."""
        return [{k: v for k, v in asdict(s).items() if k not in ("earliest", "latest")} for s in self.sightings]

    def claims_json(self) -> list[dict[str, Any]]:
        """The claims as plain JSON values."""
        return [asdict(c) for c in self.claims]
