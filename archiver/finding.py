"""Looking a picture up: from a query that was received to everything that is known of what it matches.

1. *Inspect*, in a bounded child, in all eight orientations; find the pictures inside its frame.
2. *Look*: same bytes, same pixels, same look (``archiver.lookalikes``), of many queries together.
3. *In part* (``archiver.inparts``): where that is asked for, or where nothing was found and it is not ruled out.
4. *Join*: what is known of each match: sightings, claims, where verification stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from archiver.errors import SpoolError
from archiver.fingerprint.algorithm import FEATURES, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.inspection.appearance import LONGEST, framed
from archiver.inspection.wanted import Wanted
from archiver.known import known
from archiver.lookalikes import LookAlikes
from archiver.match import BYTES, PART, Match, Query, best_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.known import Known
    from archiver.spool import Received, Spool

WANTED = Wanted(turned=True, grey=LONGEST)


class Depth(Enum):
    """How far to look: never in part, in part where nothing else is found, in part in any case."""

    FAST = "fast"
    AS_NEEDED = "as needed"
    DEEP = "deep"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one query.

    Attributes:
        query: SHA-256 of the query's bytes.
        media_type: what the query is, by its content.
        decode: how far it decoded.
        matches: what matches, best first, with all that is known of it.
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
    matches: list[tuple[Match, Known]]
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
            "matches": [self._match(match, known) for match, known in self.matches],
            "total": self.total,
            "searched": self.searched,
            "comparable": self.comparable,
            "searched_in_part": self.in_part,
            "note": self.note,
        }

    def _match(self, match: Match, known: Known) -> dict[str, Any]:
        dossier = known.dossier
        when, basis = known.first_seen
        return {
            **dossier.care(),
            **match.to_json(),
            "threshold": None if match.level == PART else self.radius,
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


class Finder:
    """Answers queries about one archive.

    Args:
        archive: where to look.
        inspector: looks at the queries.
        spool: where private copies lie.
        radius: within how many bits of 256 a look counts.
        limit: how many matches are told at the most.
        depth: whether to look in part.
    """

    def __init__(
        self,
        archive: Archive,
        inspector: Inspector,
        spool: Spool,
        *,
        radius: int,
        limit: int | None,
        depth: Depth = Depth.AS_NEEDED,
    ) -> None:
        self._archive, self._inspector = archive, inspector
        self._radius, self._limit, self._depth = radius, limit, depth
        self._look_alikes = LookAlikes(archive, inspector, spool)

    def query(self, received: Received) -> Query:
        """Inspect what was received (step 1); safe to call from many threads where the inspector is.

        Raises:
            InspectionError: it cannot be read.
        """
        report = self._inspector.inspect(received.path, WANTED)
        return Query(received.digest, received.path, report, framed(report))

    def answers(self, queries: Sequence[Query], questions: Questions, *, held: bool = False) -> list[Found]:
        """Answer queries together (steps 2 to 4).

        Args:
            queries: what to look for.
            questions: the catalogue, at the place of the log that is asked about.
            held: the queries are items of the archive, so that finding themselves is no news.

        Raises:
            StoreError: a held picture's bytes were needed and could not be read.
        """
        self._look_alikes.refresh(questions)
        have = questions.holds([str(query.digest) for query in queries])
        near = self._look_alikes.near_each([(query, None) for query in queries], questions, radius=self._radius)
        searched = questions.count_items()
        found = []
        for query, (alike, _) in zip(queries, near, strict=True):
            item = str(query.digest)
            matches = [Match(item, BYTES, 0, UPRIGHT, "sha256")] if item in have else []
            news = alike if held else [*matches, *alike]
            matches += alike
            deep = self._depth is Depth.DEEP or (self._depth is Depth.AS_NEEDED and not news)
            in_part = None
            if deep and query.report.look is not None:
                more, in_part = self._in_part(query, questions)
                told = {match.item for match in matches}
                matches += [match for match in more if match.item not in told]
            shown = sorted(matches, key=best_first)[: self._limit]
            answers = known(questions, [match.item for match in shown])
            found.append(
                Found(
                    query=item,
                    media_type=query.report.media_type,
                    decode=query.report.decode,
                    matches=[(match, answers[match.item]) for match in shown],
                    total=len(matches),
                    searched=searched,
                    comparable=self._look_alikes.comparable,
                    in_part=in_part,
                    radius=self._radius,
                    note=_why_not_by_look(query.report, framed=bool(query.inner)),
                )
            )
        return found

    def _in_part(self, query: Query, questions: Questions) -> tuple[list[Match], int | None]:
        from archiver.inparts import in_part  # noqa: PLC0415 - only the deepest level needs it

        features = self._archive.features
        try:
            features.refresh()
            found = in_part(self._archive, query.path, self._inspector, questions, without=str(query.digest))
        except SpoolError as error:
            self._archive.notes.append(f"not searched in part: {error}")
            return [], None
        lacking = self._look_alikes.comparable - len(features)
        if lacking > 0:
            self._archive.notes.append(
                f"{lacking:,} of {self._look_alikes.comparable:,} pictures have no local features yet and were not "
                "searched in part: run `archiver fingerprints build`"
            )
        return [
            Match(
                each.item,
                PART,
                None,
                "mirrored" if each.verified.mirrored else UPRIGHT,
                str(FEATURES),
                points=each.verified.inliers,
            )
            for each in found
        ], len(features)


def _why_not_by_look(report: Report, *, framed: bool) -> str:
    if report.look is None:
        return f"not compared by look: the query did not decode ({report.detail or report.decode})"
    if not matches_by_look(report.look.quality):
        told = "but for the picture inside its frame, " if framed else ""
        return (
            f"{told}not compared by look: the query is blank or too flat (quality {report.look.quality} of 100); "
            "such pictures all look alike, so only equal bytes and equal pixels count"
        )
    if report.decode != "ok":
        return f"the query is {report.decode}: it was compared by what decodes of it"
    return ""
