"""Looking a picture up: from a query that was received to everything that is known of what it matches.

1. *Inspect*, in a bounded child, in all eight orientations; find the pictures inside its frame.
2. *Look*: same bytes, same pixels, same look (``archiver.lookalikes``), of many queries together.
3. *In part* (``archiver.inparts``): where that is asked for, or where nothing was found and it is not ruled out.
4. *Join*: what is known of each match: sightings, claims, where verification stands.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from archiver.catalogue.hash_lists import hash_lists
from archiver.catalogue.withdrawals import tombstones_of
from archiver.errors import InspectionError, SpoolError
from archiver.fingerprint.algorithm import FEATURES, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.found import Found, Matched
from archiver.inspection.appearance import LONGEST, framed
from archiver.inspection.wanted import Wanted
from archiver.lookalikes import LookAlikes
from archiver.match import BYTES, LOOK, PART, Match, Query, best_first
from archiver.render import short
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.derived.cache import FeatureCache
    from archiver.drawing import Drawing
    from archiver.illustrations import Drawn, Illustrations
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.interchange.listed import Listed, Lists
    from archiver.known import Known
    from archiver.likeness.geometry import Verified
    from archiver.spool import Received, Spool

WANTED = Wanted(turned=True, grey=LONGEST)


class Depth(Enum):
    """How far to look: never in part, in part where nothing else is found, in part in any case."""

    FAST = "fast"
    AS_NEEDED = "as needed"
    DEEP = "deep"


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
        self._lists: Lists | None = None
        self._refreshed = False
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
        gone = tombstones_of(questions, [str(query.digest) for query in queries])
        near = self._look_alikes.near_each([(query, None) for query in queries], questions, radius=self._radius)
        searched = questions.count_items()
        lists = self._lists = _lists(self._archive, questions, self._lists)
        return [
            replace(
                self._answer(
                    query, alike, questions, lists, have=str(query.digest) in have, held=held, searched=searched
                ),
                withdrawn=gone.get(str(query.digest)),
            )
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
        in_part, missed = None, ""
        news = bool(alike) or (have and not held)
        if self._depth is Depth.DEEP or (self._depth is Depth.AS_NEEDED and not news):
            parts, in_part, missed = self._in_part(query, questions)  # step 3
            told = {match.item for match in matches}
            matches += [_by_part(item, verified) for item, verified in parts.items() if item not in told]
        shown = sorted(matches, key=best_first)[: self._limit]
        drawn = self._illustrations.draw(query, shown, matches, questions) if self._illustrations else {}
        shown, matches = self._confirmed(shown, drawn), self._confirmed(matches, drawn)
        answers = _known(questions, shown)  # step 4
        listed, unlisted = self._listed(query, lists)
        return Found(
            query=item,
            media_type=query.report.media_type,
            decode=query.report.decode,
            matches=[
                self._matched(query, match, answers[match.item], parts.get(match.item), drawn.get(match.item))
                for match in shown
            ],
            listed=listed,
            total=len(matches),
            searched=searched,
            comparable=self._look_alikes.comparable,
            in_part=in_part,
            radius=self._radius,
            note="; ".join(filter(None, (_why_not_by_look(query.report, framed=bool(query.inner)), missed, unlisted))),
            variants=self._look_alikes.variants(query),
            compared=self._look_alikes.compared,
        )

    def _listed(self, query: Query, lists: Lists | None) -> tuple[list[Listed], str]:
        if lists is None:
            return [], ""
        from archiver.listed import listed_of  # noqa: PLC0415 - where there are lists

        return listed_of(query, lists, self._radius, self._inspector)

    def _matched(
        self, query: Query, match: Match, known: Known, verified: Verified | None, drawn: Drawn | None
    ) -> Matched:
        if drawn is not None:
            return Matched(match, drawn.kinship, known, drawn.path)
        from archiver.kin import kin  # noqa: PLC0415 - a look-up that finds nothing does without

        samples = self._samples(match.item) if match.level == LOOK else None
        return Matched(match, kin(query, match, known, samples=samples, verified=verified), known)

    def _samples(self, item: str) -> bytes | None:
        """Coarse samples of a held picture; from the store's packs where this machine has none yet."""
        features = self._archive.features
        try:
            if not len(features):
                self._refresh(features)
            return features.samples_of(item)
        except SpoolError as error:
            self._note(f"pixels were not compared: {error}")
            return None

    def _confirmed(self, matches: Sequence[Match], drawn: Mapping[str, Drawn]) -> list[Match]:
        """The matches without those in part that the originals themselves, once read, do not show."""
        kept = []
        for match in matches:
            seen = drawn.get(match.item)
            if match.level == PART and seen is not None and seen.kinship.type is None:
                self._note(
                    f"the stored features of {short(match.item)} agree with the query, and its original does not: they "
                    "are wrong, and it is no match"
                )
            else:
                kept.append(match)
        return kept

    def _in_part(self, query: Query, questions: Questions) -> tuple[dict[str, Verified], int | None, str]:
        """What shares a part with the query, and among how many that was looked for; or why it was not."""
        if query.report.look is None:
            return {}, None, ""
        features = self._archive.features
        try:
            self._refresh(features)
            if not len(features):
                return {}, self._searched_in_part(features, questions), ""
            from archiver.inparts import in_part  # noqa: PLC0415 - OpenCV, where there is anything to look for

            found = in_part(self._archive, query.path, self._inspector, questions, without=str(query.digest))
        except (SpoolError, InspectionError) as error:
            return {}, None, f"parts of pictures were not searched: {error}"
        return found, self._searched_in_part(features, questions), ""

    def _refresh(self, features: FeatureCache) -> None:
        """Take in what other machines made, once for all queries."""
        if self._refreshed:
            return
        self._refreshed = True
        try:
            features.refresh()
        except (StoreError, SpoolError) as error:
            self._note(f"local features that others made meanwhile were not looked for: {error}")

    def _searched_in_part(self, features: FeatureCache, questions: Questions) -> int:
        """How many pictures have features, of those that are known then."""
        comparable = self._look_alikes.comparable
        if questions.horizon is None and len(features) < comparable:
            self._note(
                f"{comparable - len(features):,} of {comparable:,} pictures have no local features yet and were not "
                "searched in part: run `archiver fingerprints build`"
            )
        return min(len(features), comparable)

    def _note(self, text: str) -> None:
        if text not in self._archive.notes:
            self._archive.notes.append(text)


def _lists(archive: Archive, questions: Questions, before: Lists | None) -> Lists | None:
    """The lists that stand; those that were opened for an earlier batch stay open."""
    if before is not None:
        before.refresh(questions)
        return before
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
        return f"not compared by look: the query did not decode ({report.trouble})"
    if not matches_by_look(report.look.quality):
        told = "but for the picture inside its frame, " if framed else ""
        return (
            f"{told}not compared by look: the query is blank or too flat (quality {report.look.quality} of 100); "
            "such pictures all look alike, so only equal bytes and equal pixels count"
        )
    if report.decode != "ok":
        return f"the query is {report.decode}: it was compared by what decodes of it"
    return ""
