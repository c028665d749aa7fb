"""Whether two pictures are the same to the pixel: digests of all their pixels, made only where it may be so.

A full decode costs more than all else, so the pixels are digested only where the fingerprints are within
``SAME_PIXELS`` bits and the upright sizes agree, of both pictures; and two JPEGs only where their coarse samples, which
one decoder made of both, hardly differ. The digest of a held picture is kept for those who record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.errors import AnswerIsNo, SpoolError
from archiver.fingerprint.algorithm import Algorithm
from archiver.fingerprint.raster import upright_size
from archiver.inspection.appearance import coarse
from archiver.inspection.facts import fingerprints
from archiver.inspection.media_type import MediaType
from archiver.inspection.wanted import Wanted
from archiver.originals import spooled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Print, Summary
    from archiver.catalogue.questions import Questions
    from archiver.facts.inspection import Fingerprint
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.match import Query
    from archiver.spool import Spool

SAME_PIXELS: Final = 4
"""Bits: equal pixels decoded by two paths (a scaled JPEG decode, a full PNG decode) differ in few bits or none."""


SAME_SAMPLES: Final = 8
"""Of 1,024 coarse samples of two JPEGs with equal pixels, how many may differ. Where a file was re-written without loss
(other metadata, other scans), none does; between 12 photographs and themselves encoded again at quality 90, 32 at the
least."""


class SamePixels:
    """Compares pixels by their digests, and remembers those that it had to make."""

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool) -> None:
        self._archive = archive
        self._inspector = inspector
        self._spool = spool
        self._known: dict[str, list[Fingerprint]] = {}
        self.computed: list[Fingerprint] = []
        """Digests of held items that had to be made on the way; who records may record them."""

    def among(
        self, query: Query, near: Sequence[str], questions: Questions
    ) -> tuple[dict[str, str], list[Fingerprint]]:
        """Those of some held items that show the query's very pixels, by algorithm, and the query's digest if made.

        Args:
            query: the picture.
            near: items whose fingerprints lie within ``SAME_PIXELS`` bits.
            questions: the catalogue.

        Raises:
            StoreError: a held picture's bytes were needed and could not be read.
        """
        item = str(query.digest)
        held = questions.held(near)
        size = upright_size(query.report.width, query.report.height, query.report.orientation)
        near = [each for each in near if upright_size(*_coded(held[each])) == size and self._may_be(query, held[each])]
        if not near:
            return {}, []
        mine = _digests(query.report, item) or self._made(query.path, item)
        self._known[item] = mine
        known = pixel_prints(questions.prints_of(near))
        for each in near:
            if each not in known:
                known[each] = {f.algorithm: f.bits for f in self._made_of_held(each)}
        digests = {f.algorithm: f.bits for f in mine}
        same = {
            each: algorithm
            for each in near
            for algorithm, bits in known[each].items()
            if digests.get(algorithm) == bits
        }
        return same, mine

    def _may_be(self, query: Query, held: Summary) -> bool:
        """Whether the pixels may be equal, as far as samples tell that are at hand of both."""
        if not query.report.samples or {query.report.media_type, held.media_type} != {MediaType.JPEG}:
            return True
        try:
            theirs = self._archive.features.samples_of(held.item)
        except SpoolError:
            return True
        mine = coarse(query.report.samples)
        return theirs is None or sum(a != b for a, b in zip(mine, theirs, strict=True)) <= SAME_SAMPLES

    def _made(self, path: Path, item: str) -> list[Fingerprint]:
        """The digest of a picture, made once for all that it is compared with."""
        if item not in self._known:
            self._known[item] = self._digested(path, item)
        return self._known[item]

    def _digested(self, path: Path, item: str) -> list[Fingerprint]:
        return _digests(self._inspector.inspect(path, Wanted(pixel_digest=True)), item)

    def _made_of_held(self, item: str) -> list[Fingerprint]:
        if item in self._known:
            return self._known[item]
        try:
            copy = spooled(self._archive, item, self._spool)
        except AnswerIsNo:
            return []  # `verify` is where a lost or altered object is found and named; here it only cannot be compared
        try:
            made = self._made(copy.path, item)
        finally:
            copy.discard()
        self.computed.extend(made)
        return made


def pixel_prints(prints: Mapping[str, Sequence[Print]]) -> dict[str, dict[str, str]]:
    """Of the fingerprints of some items, their pixel digests: bits by algorithm; items without any are left out."""
    found = {item: {p.algorithm: p.bits for p in of if _is_digest(p.algorithm)} for item, of in prints.items()}
    return {item: digests for item, digests in found.items() if digests}


def _digests(report: Report, item: str) -> list[Fingerprint]:
    return [f for f in fingerprints(report, item) if _is_digest(f.algorithm)]


def _is_digest(algorithm: str) -> bool:
    return not Algorithm.parse(algorithm).by_look


def _coded(summary: Summary) -> tuple[int | None, int | None, int | None]:
    return summary.width, summary.height, summary.orientation
