"""The answer to a look-up: what matches, how it is related, how often that is chance, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from archiver.fingerprint.rates import Among, rate_at
from archiver.match import LOOK, PART
from archiver.render import short

if TYPE_CHECKING:
    from archiver.fingerprint.rates import Rate
    from archiver.interchange.listed import Listed
    from archiver.known import Known
    from archiver.likeness.relation import Kinship
    from archiver.match import Match

QUERY: Final = "query"
"""What the query is called in a relation."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A match, how the query is related to it, all that is known of it, and the picture of both where one was drawn."""

    match: Match
    kinship: Kinship
    known: Known
    picture: str | None = None

    def to_json(self, radius: int) -> dict[str, Any]:
        """As plain JSON values; ``radius`` is what was asked for."""
        dossier, known = self.known.dossier, self.known
        when, basis = known.first_seen
        threshold = {LOOK: radius, PART: None}.get(self.match.level, 0)
        return {
            **dossier.care(),
            **self.match.to_json(),
            "threshold": threshold,
            "false_match_rates": [rate.to_json() for rate in rates(self.match.level, radius)],
            "relation": self.kinship.to_json(QUERY, short(self.match.item)),
            **({"picture": self.picture} if self.picture else {}),
            "status": dossier.status,
            "first_seen": when,
            "first_seen_basis": basis,
            "taken_in": dossier.summary.taken_in,
            "media_type": dossier.summary.media_type,
            "width": dossier.summary.width,
            "height": dossier.summary.height,
            "copies_confirmed": known.copies,
            "origins": known.origins.to_json(),
            "sightings": dossier.sightings_json(),
            "claims": dossier.claims_json(),
            "disagreements": [each.to_json() for each in known.disagreements],
        }


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one query.

    Attributes:
        query: SHA-256 of the query's bytes.
        media_type: what the query is, by its content.
        decode: how far it decoded.
        matches: what matches, best first, with all that is known of it.
        listed: what lists of other archives say of it: listed, not held.
        total: how many match, of which ``matches`` may be the first few.
        searched: how many items were searched by bytes.
        comparable: how many of them could be compared by look.
        in_part: how many of them were searched in part; none where that was not done.
        radius: within how many bits a look counts.
        note: why the query was not compared by look, where it was not.
    """

    query: str
    media_type: str | None
    decode: str | None
    matches: list[Matched]
    listed: list[Listed]
    total: int
    searched: int
    comparable: int
    in_part: int | None
    radius: int
    note: str

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        return {
            "query": self.query,
            "media_type": self.media_type,
            "decode": self.decode,
            "matches": [each.to_json(self.radius) for each in self.matches],
            "listed": [each.to_json() for each in self.listed],
            "total": self.total,
            "searched": self.searched,
            "comparable": self.comparable,
            "searched_in_part": self.in_part,
            "note": self.note,
        }


def rates(level: str, radius: int) -> list[Rate]:
    """How often unrelated pictures match at this level, as far as it was measured; of bytes and pixels none do."""
    if level != LOOK:
        return []
    return [rate for among in Among if (rate := rate_at(radius, among)) is not None]
