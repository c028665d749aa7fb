"""``archiver find``: have we this picture already, and what is known of it? Looking changes nothing.

1. *Receive*: the query is copied and hashed (``archiver.spool``), or an item's bytes are read from the store.
2. *Inspect*, in a bounded child, in all eight orientations.
3. *Look*: same bytes, same pixels, same look (``archiver.lookalikes``).
4. *Join*: what is known of each match: sightings, claims, where verification stands.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.errors import InputRefused
from archiver.fingerprint.algorithm import DEFAULT_RADIUS, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.inspection.wanted import Wanted
from archiver.known import known
from archiver.lookalikes import LookAlikes, Match, Query, refuse_no_radius
from archiver.originals import spooled
from archiver.spool import Received, Spool
from archiver.walk import STANDARD_INPUT, standard_input

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        query: SHA-256 of the query's bytes.
        media_type: what the query is, by its content.
        decode: how far it decoded.
        matches: what matches, best first, with all that is known of it.
        total: how many match, of which ``matches`` may be the first few.
        searched: how many items were searched by bytes.
        comparable: how many of them could be compared by look.
        radius: within how many bits a look counts.
        note: why the query was not compared by look, where it was not.
    """

    query: str
    media_type: str | None
    decode: str | None
    matches: list[tuple[Match, Known]]
    total: int
    searched: int
    comparable: int
    radius: int
    note: str

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON values."""
        return {
            "query": self.query,
            "media_type": self.media_type,
            "decode": self.decode,
            "matches": [self._match(match, known) for match, known in self.matches],
            "total": self.total,
            "searched": self.searched,
            "comparable": self.comparable,
            "note": self.note,
        }

    def _match(self, match: Match, known: Known) -> dict[str, Any]:
        dossier = known.dossier
        when, basis = known.first_seen
        return {
            **dossier.care(),
            "item": match.item,
            "match": match.level,
            "distance": match.distance,
            "threshold": self.radius,
            "algorithm": match.algorithm,
            "orientation": match.orientation,
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


def find(
    archive: Archive,
    query: str,
    *,
    inspector: Inspector,
    radius: int = DEFAULT_RADIUS,
    limit: int | None = 20,
    as_of: str | None = None,
) -> Found:
    """Look for a picture: a file, ``-`` for standard input, or an item that is held.

    Args:
        archive: where to look.
        query: a path, or an item's SHA-256 or a prefix of it; an existing file wins.
        inspector: looks at the query.
        radius: within how many bits of 256 a look counts.
        limit: how many matches at the most.
        as_of: among what was held then, with what was known then.

    Raises:
        UsageError: the radius is none.
        InputRefused: no such file and no such item.
        AnswerIsNo: the item's bytes are missing or altered in the store.
    """
    refuse_no_radius(radius)
    limits = archive.settings.limits
    with Spool(None, largest_file=limits.largest_file) as spool:
        received = _receive(archive, query, spool, as_of)  # step 1
        report = inspector.inspect(received.path, Wanted(turned=True))  # step 2
        look_alikes = LookAlikes(archive, inspector, spool)
        with archive.asking(as_of) as questions:
            item = str(received.digest)
            matches = [Match(item, "bytes", 0, UPRIGHT, "sha256")] if questions.holds([item]) else []
            look_alikes.refresh(questions)
            alike, _ = look_alikes.near(Query(received.digest, received.path, report), questions, radius=radius)
            matches += alike  # step 3
            shown = matches[:limit]
            answers = known(questions, [match.item for match in shown])  # step 4
            searched = questions.count_items()
    return Found(
        query=item,
        media_type=report.media_type,
        decode=report.decode,
        matches=[(match, answers[match.item]) for match in shown],
        total=len(matches),
        searched=searched,
        comparable=look_alikes.comparable,
        radius=radius,
        note=_why_not_by_look(report),
    )


def _receive(archive: Archive, query: str, spool: Spool, as_of: str | None) -> Received:
    if query == STANDARD_INPUT:
        return spool.receive(standard_input())
    if os.path.exists(query):  # noqa: PTH110 - unlike Path.exists it raises nothing, whatever the path is
        return spool.receive(Path(query))
    try:
        item = archive.resolve(query, as_of)
    except InputRefused as error:
        raise InputRefused(f"there is no file {query!r}, and {error}", hint=error.hint) from error
    return spooled(archive, item, spool)


def _why_not_by_look(report: Report) -> str:
    if report.look is None:
        return f"not compared by look: the query did not decode ({report.detail or report.decode})"
    if not matches_by_look(report.look.quality):
        return (
            f"not compared by look: the query is blank or too flat (quality {report.look.quality} of 100); "
            "such pictures all look alike, so only equal bytes and equal pixels count"
        )
    if report.decode != "ok":
        return f"the query is {report.decode}: it was compared by what decodes of it"
    return ""
