"""What is held already and looks the same, in three levels: same bytes, same pixels, same look.

* *bytes*: the SHA-256 is held.
* *pixels*: the decoded pixels are equal (a lossless re-save, a file with other metadata). Digested only where the
  fingerprints are within ``SAME_PIXELS`` bits and the upright sizes agree: a full decode costs more than all else.
* *look*: the fingerprints are within the radius, in any of the query's eight orientations, and neither is too poor.

A blank or flat picture looks like every other one: it is found by bytes and pixels only.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.fingerprint.algorithm import CURRENT, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.inspection.facts import fingerprints
from archiver.inspection.wanted import Wanted
from archiver.neighbours.index import LookIndex
from archiver.neighbours.lanes import BITS
from storage.digest import Digest
from storage.errors import ObjectCorrupt, ObjectMissing
from storage.layout import object_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Print, Summary
    from archiver.catalogue.questions import Questions
    from archiver.facts.inspection import Fingerprint
    from archiver.fingerprint.algorithm import Algorithm
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.neighbours.neighbour import Neighbour
    from archiver.spool import Spool

CACHE = "cache"
"""The folder, in the archive's home, of what may be thrown away at any moment."""

SAME_PIXELS = 4
"""Bits: equal pixels decoded by two paths (a scaled JPEG decode, a full PNG decode) differ in few bits or none."""

_TURNED_BY = frozenset((5, 6, 7, 8))
"""EXIF orientations that exchange width and height (CIPA DC-008, tag 0x0112)."""


def refuse_no_radius(radius: int) -> None:
    """Refuse a radius within which everything is alike.

    Raises:
        UsageError: it is one, or negative.
    """
    if not 0 <= radius < BITS // 2:
        raise UsageError(
            f"--radius {radius} is no radius",
            hint=f"it counts bits of {BITS}: 0 to {BITS // 2 - 1}; unrelated pictures lie about {BITS // 2} apart",
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A held item that the query matches.

    Attributes:
        item: its SHA-256.
        level: ``bytes``, ``pixels`` or ``look``.
        distance: Hamming distance of the fingerprints in bits; 0 for equal bytes.
        orientation: what was done to the held picture to make the query.
        algorithm: what was compared.
        sensitivity: the flags that it bears, where somebody asked.
    """

    item: str
    level: str
    distance: int
    orientation: str
    algorithm: str
    sensitivity: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A picture to look for: its digest, its bytes on disk, what its inspection found."""

    digest: Digest
    path: Path
    report: Report


class LookAlikes:
    """The fingerprints held, and the search among them."""

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool) -> None:
        self._archive = archive
        self._inspector = inspector
        self._spool = spool
        self._index = opened_index(archive)
        self.computed: list[Fingerprint] = []
        """Pixel digests of held items that had to be made on the way; who records may record them."""

    @property
    def comparable(self) -> int:
        """How many held pictures can be compared."""
        return len(self._index)

    def refresh(self, questions: Questions) -> None:
        """Take in what was recorded since the last time, by this process or another."""
        self._index.refresh(questions)
        self._tell()

    def near(
        self, query: Query, questions: Questions, *, radius: int, before: int | None = None
    ) -> tuple[list[Match], list[Fingerprint]]:
        """Held pictures that the query matches by pixels or by look, best first, and the query's pixel digest if made.

        Args:
            query: the picture.
            questions: the catalogue.
            radius: bits.
            before: only pictures whose fingerprint was recorded before the event of this number.

        Raises:
            StoreError: a held picture's bytes were needed and could not be read.
        """
        (found,) = self.near_each([(query, before)], questions, radius=radius)
        return found

    def near_each(
        self, queries: Sequence[tuple[Query, int | None]], questions: Questions, *, radius: int
    ) -> list[tuple[list[Match], list[Fingerprint]]]:
        """The same for several pictures at once, each with its ``before``: the fingerprints are read once for all."""
        asked = [_asked(query.report, radius) for query, _ in queries]
        found = iter(self._index.within_each([each for each in asked if each is not None]))
        self._tell()
        return [
            ([], []) if each is None else self._matches(query, before, next(found), questions, radius)
            for (query, before), each in zip(queries, asked, strict=True)
        ]

    def _matches(
        self, query: Query, before: int | None, near: Sequence[Neighbour], questions: Questions, radius: int
    ) -> tuple[list[Match], list[Fingerprint]]:
        own = query.report.look
        comparable = own is not None and matches_by_look(own.quality)
        found = [n for n in near if n.item != str(query.digest) and (before is None or n.number < before)]
        same, made = self._same_pixels(query, found, questions)
        matches = []
        for each in found:
            if each.item in same:
                matches.append(Match(each.item, "pixels", each.distance, each.variant, same[each.item]))
            elif each.distance <= radius and comparable and matches_by_look(each.quality):
                matches.append(Match(each.item, "look", each.distance, each.variant, str(CURRENT)))
        return sorted(matches, key=_best_first), made

    def _tell(self) -> None:
        self._archive.notes += [note for note in self._index.notes if note not in self._archive.notes]
        self._index.notes.clear()

    def near_held(self, item: str, questions: Questions, *, radius: int) -> tuple[list[Match], bool]:
        """What looks like an item that is held, as it stands, by what is recorded; and whether it can be compared."""
        (found,) = self.near_held_each([item], questions, radius=radius)
        return found

    def near_held_each(
        self, items: Sequence[str], questions: Questions, *, radius: int
    ) -> list[tuple[list[Match], bool]]:
        """The same for several items at once: the fingerprints are read once for all."""
        prints = questions.prints_of(sorted(set(items)))
        own = {item: _current(prints.get(item, [])) for item in items}
        asked = {item: ({UPRIGHT: it.bits}, _radius(it.quality, radius)) for item, it in own.items() if it is not None}
        found = dict(zip(asked, self._index.within_each(list(asked.values())), strict=True))
        self._tell()
        near = {item: [n for n in found.get(item, []) if n.item != item] for item in own}
        pixels = questions.prints_of(sorted({n.item for of in near.values() for n in of if n.distance <= SAME_PIXELS}))
        theirs = _pixel_prints(pixels)
        answers = []
        for item in items:
            mine = _pixel_prints({item: prints.get(item, [])}).get(item, {})
            this = own[item]
            comparable = this is not None and matches_by_look(this.quality)
            matches = []
            for each in near[item]:
                same = [name for name, bits in theirs.get(each.item, {}).items() if mine.get(name) == bits]
                if same:
                    matches.append(Match(each.item, "pixels", each.distance, UPRIGHT, same[0]))
                elif each.distance <= radius and comparable and matches_by_look(each.quality):
                    matches.append(Match(each.item, "look", each.distance, UPRIGHT, str(CURRENT)))
            answers.append((sorted(matches, key=_best_first), comparable))
        return answers

    def _same_pixels(
        self, query: Query, found: Sequence[Neighbour], questions: Questions
    ) -> tuple[dict[str, str], list[Fingerprint]]:
        item = str(query.digest)
        near = [n.item for n in found if n.distance <= SAME_PIXELS and n.variant == UPRIGHT]
        held = questions.held(near)
        size = _upright(query.report.width, query.report.height, query.report.orientation)
        near = [each for each in near if _upright_size(held[each]) == size]
        if not near:
            return {}, []
        mine = _pixel_digests(query.report, item) or self._digests(query.path, item)
        known = _pixel_prints(questions.prints_of(near))
        for each in near:
            if each not in known:
                made = self._digests_of_held(each)
                self.computed.extend(made)
                known[each] = {f.algorithm: f.bits for f in made}
        digests = {f.algorithm: f.bits for f in mine}
        same = {
            each: algorithm
            for each in near
            for algorithm, bits in known[each].items()
            if digests.get(algorithm) == bits
        }
        return same, mine

    def _digests(self, path: Path, item: str) -> list[Fingerprint]:
        return _pixel_digests(self._inspector.inspect(path, Wanted(pixel_digest=True)), item)

    def _digests_of_held(self, item: str) -> list[Fingerprint]:
        digest = Digest.parse(item)
        try:
            with self._archive.store.open(object_name(digest), digest=digest) as stream:
                copy = self._spool.receive(stream)
        except (ObjectMissing, ObjectCorrupt):
            return []  # `verify` is where a lost or altered object is found and named; here it only cannot be compared
        try:
            return self._digests(copy.path, item)
        finally:
            copy.discard()


def opened_index(archive: Archive, algorithm: Algorithm = CURRENT) -> LookIndex:
    """The index of the fingerprints of one algorithm, kept beside the catalogue of this archive."""
    from archiver.catalogue.tables import SCHEMA  # noqa: PLC0415 - loads the catalogue, which --help does without

    name = str(algorithm)
    folder = archive.home / CACHE / f"look-{sha256(name.encode()).hexdigest()[:16]}"
    return LookIndex(name, folder=folder, identity=f"{archive.settings.origin} {SCHEMA}")


def _current(prints: Sequence[Print]) -> Print | None:
    return next((each for each in prints if each.algorithm == str(CURRENT)), None)


def _asked(report: Report, radius: int) -> tuple[Mapping[str, str], int] | None:
    """The fingerprints to look for, and within how many bits; none where the query has none."""
    if report.look is None:
        return None
    return dict(report.turned) or {UPRIGHT: report.look.bits}, _radius(report.look.quality, radius)


def _radius(quality: int | None, radius: int) -> int:
    """Within how many bits to search: a blank picture matches by its pixels at the most, and never by its look."""
    return max(radius, SAME_PIXELS) if matches_by_look(quality) else SAME_PIXELS


def _best_first(match: Match) -> tuple[bool, int, str]:
    return match.level != "pixels", match.distance, match.item


def _pixel_digests(report: Report, item: str) -> list[Fingerprint]:
    return [f for f in fingerprints(report, item) if f.algorithm != str(CURRENT)]


def _pixel_prints(prints: Mapping[str, Sequence[Print]]) -> dict[str, dict[str, str]]:
    found = {item: {p.algorithm: p.bits for p in of if p.algorithm != str(CURRENT)} for item, of in prints.items()}
    return {item: digests for item, digests in found.items() if digests}


def _upright_size(summary: Summary) -> tuple[int | None, int | None]:
    return _upright(summary.width, summary.height, summary.orientation)


def _upright(width: int | None, height: int | None, orientation: int | None) -> tuple[int | None, int | None]:
    return (height, width) if orientation in _TURNED_BY else (width, height)
