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

from archiver.catalogue.hash_lists import hash_lists
from archiver.errors import SpoolError
from archiver.fingerprint.algorithm import FEATURES, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.fingerprint.rates import Among, rate_at
from archiver.inspection.appearance import LONGEST, framed
from archiver.inspection.wanted import Wanted
from archiver.lookalikes import LookAlikes
from archiver.match import BYTES, LOOK, PART, Match, Query, best_first
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.drawing import Drawing
    from archiver.fingerprint.rates import Rate
    from archiver.illustrations import Illustrations
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.interchange.listed import Listed, Lists
    from archiver.known import Known
    from archiver.likeness.geometry import Verified
    from archiver.likeness.relation import Kinship
    from archiver.spool import Received, Spool

WANTED = Wanted(turned=True, grey=LONGEST)
QUERY = "query"
"""What the query is called in a relation."""


class Depth(Enum):
    """How far to look: never in part, in part where nothing else is found, in part in any case."""

    FAST = "fast"
    AS_NEEDED = "as needed"
    DEEP = "deep"


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


class Finder:
    """Answers queries about one archive.

    Args:
        archive: where to look.
        inspector: looks at the queries.
        spool: where private copies lie.
        radius: within how many bits of 256 a look counts.
        limit: how many matches are told at the most.
        depth: whether to look in part.
        drawing: draw each query beside each of its matches.

    Raises:
        InputRefused: the pictures cannot be written.
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
        drawing: Drawing | None = None,
    ) -> None:
        self._archive, self._inspector = archive, inspector
        self._radius, self._limit, self._depth = radius, limit, depth
        self._look_alikes = LookAlikes(archive, inspector, spool)
        self._illustrations = _illustrations(archive, inspector, spool, drawing, radius)

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
        lists = _lists(self._archive, questions)
        return [
            self._answer(query, alike, questions, lists, have=str(query.digest) in have, held=held, searched=searched)
            for query, (alike, _) in zip(queries, near, strict=True)
        ]

    def _answer(
        self,
        query: Query,
        alike: Sequence[Match],
        questions: Questions,
        lists: Lists | None,
        *,
        have: bool,
        held: bool,
        searched: int,
    ) -> Found:
        item = str(query.digest)
        matches = [*([Match(item, BYTES, 0, UPRIGHT, "sha256")] if have else []), *alike]
        parts: dict[str, Verified] = {}
        in_part = None
        news = bool(alike) or (have and not held)
        if self._depth is Depth.DEEP or (self._depth is Depth.AS_NEEDED and not news):
            parts, in_part = self._in_part(query, questions)  # step 3
            told = {match.item for match in matches}
            matches += [_by_part(item, verified) for item, verified in parts.items() if item not in told]
        shown = sorted(matches, key=best_first)[: self._limit]
        answers = _known(questions, shown)  # step 4
        drawn = self._illustrations.draw(query, shown, questions) if self._illustrations else {}
        return Found(
            query=item,
            media_type=query.report.media_type,
            decode=query.report.decode,
            matches=[
                Matched(
                    match,
                    self._kin(query, match, answers[match.item], parts.get(match.item)),
                    answers[match.item],
                    drawn.get(match.item),
                )
                for match in shown
            ],
            listed=self._listed(query, lists),
            total=len(matches),
            searched=searched,
            comparable=self._look_alikes.comparable,
            in_part=in_part,
            radius=self._radius,
            note=_why_not_by_look(query.report, framed=bool(query.inner)),
        )

    def _listed(self, query: Query, lists: Lists | None) -> list[Listed]:
        if lists is None:
            return []
        from archiver.listed import listed_of  # noqa: PLC0415 - where there are lists

        return listed_of(query, lists, self._radius, self._inspector)

    def _kin(self, query: Query, match: Match, known: Known, verified: Verified | None) -> Kinship:
        from archiver.kin import kin  # noqa: PLC0415 - a look-up that finds nothing does without

        samples = self._archive.features.samples_of(match.item) if match.level == LOOK else None
        return kin(query, match, known.dossier, samples=samples, verified=verified)

    def _in_part(self, query: Query, questions: Questions) -> tuple[dict[str, Verified], int | None]:
        from archiver.inparts import in_part  # noqa: PLC0415 - only the deepest level needs it

        if query.report.look is None:
            return {}, None
        features = self._archive.features
        try:
            features.refresh()
            found = in_part(self._archive, query.path, self._inspector, questions, without=str(query.digest))
        except SpoolError as error:
            self._archive.notes.append(f"not searched in part: {error}")
            return {}, None
        lacking = self._look_alikes.comparable - len(features)
        if lacking > 0:
            self._archive.notes.append(
                f"{lacking:,} of {self._look_alikes.comparable:,} pictures have no local features yet and were not "
                "searched in part: run `archiver fingerprints build`"
            )
        return found, len(features)


def _lists(archive: Archive, questions: Questions) -> Lists | None:
    if not hash_lists(questions):
        return None
    from archiver.interchange.listed import Lists  # noqa: PLC0415 - most archives were given none

    return Lists(archive, questions)


def _known(questions: Questions, shown: Sequence[Match]) -> dict[str, Known]:
    if not shown:
        return {}
    from archiver.known import known  # noqa: PLC0415 - a look-up that finds nothing does without

    return known(questions, [match.item for match in shown])


def _illustrations(
    archive: Archive, inspector: Inspector, spool: Spool, drawing: Drawing | None, radius: int
) -> Illustrations | None:
    if drawing is None:
        return None
    from archiver.illustrations import Illustrations  # noqa: PLC0415 - only where something is drawn

    drawing.ready()
    return Illustrations(archive, inspector, spool, drawing, radius)


def _by_part(item: str, verified: Verified) -> Match:
    turned = "mirrored" if verified.mirrored else UPRIGHT
    return Match(item, PART, None, turned, str(FEATURES), points=verified.inliers)


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
