"""The answer to a look-up: what matches, how it is related, how often that is chance, and what is known of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from archiver.catalogue.answers import decided_between
from archiver.fingerprint.part_rates import PART_MEASURED
from archiver.fingerprint.rates import Among, chance, rate_at
from archiver.match import LOOK, PART
from archiver.render import short

if TYPE_CHECKING:
    from archiver.catalogue.answers import Related
    from archiver.catalogue.withdrawals import Tombstone
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

    def decided(self, query: str) -> list[Related]:
        """What persons decided of it and the query, where that is held, too."""
        return decided_between(self.known.dossier.relations, query)

    def to_json(self, query: str, radius: int) -> dict[str, Any]:
        """As plain JSON values; ``query`` is its SHA-256, ``radius`` what was asked for."""
        dossier, known = self.known.dossier, self.known
        when, basis = known.first_seen
        threshold = {LOOK: radius, PART: None}.get(self.match.level, 0)
        return {
            **dossier.care(),
            **self.match.to_json(),
            "threshold": threshold,
            "false_match_rates": _rates(self.match, radius),
            "relation": self.kinship.to_json(QUERY, short(self.match.item)),
            **({"picture": self.picture} if self.picture else {}),
            "decided": [asdict(each) for each in self.decided(query)],
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
        variants: how many fingerprints were looked for, by look: eight of each picture, whole or inside the frame.
        withdrawn: the tombstone, where these very bytes were withdrawn.
        compared: how many held fingerprints each of them was compared with.
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
    variants: int = 0
    compared: int = 0
    withdrawn: Tombstone | None = None

    def by_chance(self) -> dict[str, float | None]:
        """How many matches by look chance is to be expected to give this very search, at the most, by what is held."""
        return {str(among): chance(self.radius, self.variants, self.compared, among) for among in Among}

    def chance_told(self) -> str:
        """The same in words."""
        known = [f"{number:.2g} among {among}" for among, number in self.by_chance().items() if number is not None]
        return f"matches by look to be expected by chance in this search, at the most: {' and '.join(known)}"

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        return {
            "query": self.query,
            "media_type": self.media_type,
            "decode": self.decode,
            "matches": [each.to_json(self.query, self.radius) for each in self.matches],
            "listed": [each.to_json() for each in self.listed],
            "withdrawn": self.withdrawn.to_json() if self.withdrawn else None,
            "total": self.total,
            "searched": self.searched,
            "comparable": self.comparable,
            "searched_in_part": self.in_part,
            "expected_by_chance": self.by_chance(),
            "note": self.note,
        }


def rates(level: str, radius: int) -> list[Rate]:
    """How often unrelated pictures match by look, as far as it was measured; of bytes and pixels none do."""
    if level != LOOK:
        return []
    return [rate for among in Among if (rate := rate_at(radius, among)) is not None]


def _rates(match: Match, radius: int) -> list[dict[str, Any]]:
    if match.level == PART:
        return [rate.to_json() for rate in PART_MEASURED]
    framed = match.frame is not None or match.held_frame is not None
    return [rate.to_json(framed=framed) for rate in rates(match.level, radius)]
