"""What is held already and looks the same, from the fingerprints that are recorded.

* *bytes*: the SHA-256 is held.
* *pixels*: the decoded pixels are equal (``archiver.samepixels``): a lossless re-save, a file with other metadata.
* *look*: the fingerprints are within the radius, in any of the query's eight orientations, and neither is too poor.
  The pictures inside a frame count like whole ones, on both sides: a screenshot finds what it shows, and is found by
  it.
* *part*: local features agree on how one lies in the other (``archiver.inparts``): asked for, or the last resort.

A blank or flat picture looks like every other one: it is found by bytes and pixels only.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from archiver.earlier import CACHE, tell_of_earlier
from archiver.fingerprint.algorithm import CURRENT, INNER, matches_by_look
from archiver.fingerprint.orientations import UPRIGHT
from archiver.match import LOOK, PIXELS, Match, best_first
from archiver.neighbours.index import LookIndex
from archiver.samepixels import SAME_PIXELS, SamePixels, pixel_prints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Print
    from archiver.catalogue.questions import Questions
    from archiver.facts.inspection import Fingerprint
    from archiver.fingerprint.algorithm import Algorithm
    from archiver.inspection.inspector import Inspector
    from archiver.match import Box, Query
    from archiver.neighbours.neighbour import Neighbour
    from archiver.spool import Spool


@dataclass(frozen=True, slots=True)
class _Ask:
    """One picture to search for: a whole one, or one inside a frame.

    Attributes:
        variants: its fingerprints by orientation.
        comparable: whether it may match by look.
        frame: where it lies in the query, of one inside a frame.
    """

    variants: Mapping[str, str]
    comparable: bool
    frame: Box | None = None


@dataclass(frozen=True, slots=True)
class _Near:
    """A fingerprint that lies within the radius, and which side of the comparison was inside a frame."""

    ask: _Ask
    to: Neighbour
    framed: bool


class LookAlikes:
    """The fingerprints held, and the search among them."""

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool) -> None:
        self._archive = archive
        self._whole = opened_index(archive)
        self._inner = opened_index(archive, INNER)
        self._pixels = SamePixels(archive, inspector, spool)

    @property
    def computed(self) -> list[Fingerprint]:
        """Pixel digests of held items that had to be made on the way; who records may record them."""
        return self._pixels.computed

    @property
    def comparable(self) -> int:
        """How many held pictures can be compared."""
        return len(self._whole)

    @property
    def compared(self) -> int:
        """With how many held fingerprints each of a query's is compared: of whole pictures, and of those in frames."""
        return len(self._whole) + len(self._inner)

    def variants(self, query: Query) -> int:
        """How many fingerprints of a query are looked for by look."""
        return sum(len(ask.variants) for ask in _asks(query) if ask.comparable)

    def refresh(self, questions: Questions) -> None:
        """Take in what was recorded since the last time, by this process or another."""
        for index in (self._whole, self._inner):
            index.refresh(questions)
        self._tell()
        tell_of_earlier(self._archive, questions, self.comparable)

    def near_each(
        self, queries: Sequence[tuple[Query, int | None]], questions: Questions, *, radius: int
    ) -> list[tuple[list[Match], list[Fingerprint]]]:
        """Held pictures that queries match by pixels or by look, best first, and each query's pixel digest if made.

        The fingerprints are read once for all queries.

        Args:
            queries: each picture, and the number of an event: only pictures whose fingerprint was recorded before it.
            questions: the catalogue.
            radius: bits.

        Raises:
            StoreError: a held picture's bytes were needed and could not be read.
        """
        near = self._search([_asks(query) for query, _ in queries], radius)
        found = []
        for (query, before), each in zip(queries, near, strict=True):
            kept = [n for n in each if n.to.item != str(query.digest) and (before is None or n.to.number < before)]
            same, made = self._pixels.among(query, _as_near_as_pixels(kept), questions)
            found.append((_matches(kept, same, radius, questions), made))
        return found

    def near_held_each(
        self, items: Sequence[str], questions: Questions, *, radius: int
    ) -> list[tuple[list[Match], bool]]:
        """What looks like items that are held, as they stand, by what is recorded; and whether each can be compared.

        The fingerprints are read once for all of them.
        """
        prints = questions.prints_of(sorted(set(items)))
        asks = [_asks_of_held(prints.get(item, [])) for item in items]
        near = [
            [n for n in found if n.to.item != item]
            for item, found in zip(items, self._search(asks, radius), strict=True)
        ]
        close = sorted({item for found in near for item in _as_near_as_pixels(found)})
        theirs, ours = pixel_prints(questions.prints_of(close)), pixel_prints(prints)
        answers = []
        for item, ask, found in zip(items, asks, near, strict=True):
            mine = ours.get(item, {})
            same = {
                other: algorithm
                for other in _as_near_as_pixels(found)
                for algorithm, bits in theirs.get(other, {}).items()
                if mine.get(algorithm) == bits
            }
            answers.append((_matches(found, same, radius, questions), any(each.comparable for each in ask)))
        return answers

    def _search(self, asks: Sequence[Sequence[_Ask]], radius: int) -> list[list[_Near]]:
        """What lies within the radius of each of several queries, in both indexes."""
        flat = [(place, ask) for place, each in enumerate(asks) for ask in each]
        wanted = [(ask.variants, max(radius, SAME_PIXELS) if ask.comparable else SAME_PIXELS) for _, ask in flat]
        found: list[list[_Near]] = [[] for _ in asks]
        for index, framed in ((self._whole, False), (self._inner, True)):
            if len(index):
                for (place, ask), near in zip(flat, index.within_each(wanted), strict=True):
                    found[place] += [_Near(ask, each, framed) for each in near]
        self._tell()
        return found

    def _tell(self) -> None:
        for index in (self._whole, self._inner):
            self._archive.notes += [note for note in index.notes if note not in self._archive.notes]
            index.notes.clear()


def opened_index(archive: Archive, algorithm: Algorithm = CURRENT) -> LookIndex:
    """The index of the fingerprints of one algorithm, kept beside the catalogue of this archive."""
    from archiver.catalogue.tables import SCHEMA  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.catalogue.withdrawals import last_withdrawal  # noqa: PLC0415 - as above

    with archive.catalogue.asking() as questions:
        newest = last_withdrawal(questions)  # rows that were kept before it may be of what was withdrawn
    since = "" if newest is None else f" {newest}"
    name = str(algorithm)
    folder = archive.home / CACHE / f"look-{sha256(name.encode()).hexdigest()[:16]}"
    _forget_before(folder, newest)
    return LookIndex(name, folder=folder, identity=f"{archive.settings.origin} {SCHEMA}{since}")


def _forget_before(folder: Path, newest: int | None) -> None:
    """Throw rows away that were kept before the newest withdrawal; where that is refused, they are not believed."""
    mark = folder / "withdrawn"
    with suppress(OSError):
        if newest is None or not folder.exists() or (mark.exists() and mark.read_text() == str(newest)):
            return
        shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
        mark.write_text(str(newest))


def forget_indexes(archive: Archive) -> None:
    """Take the indexes of looks away; the next look-up makes them anew, of the catalogue as it is then."""
    for folder in sorted((archive.home / CACHE).glob("look-*")):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            archive.notes.append(f"{folder} holds what an earlier catalogue said, and stays: {error}; remove it")


def _asks(query: Query) -> list[_Ask]:
    """What to search for: the whole picture in its orientations, and those inside its frame; nothing of no picture."""
    own = query.report.look
    if own is None:
        return []
    whole = _Ask(dict(query.report.turned) or {UPRIGHT: own.bits}, matches_by_look(own.quality))
    return [whole, *(_Ask(dict(each.turned), comparable=True, frame=each.box) for each in query.inner)]


def _asks_of_held(prints: Sequence[Print]) -> list[_Ask]:
    return [
        _Ask({UPRIGHT: each.bits}, matches_by_look(each.quality), _box(each.region))
        for each in prints
        if each.algorithm in {str(CURRENT), str(INNER)}
    ]


def _as_near_as_pixels(near: Sequence[_Near]) -> list[str]:
    """The items that may show the same pixels: whole against whole, as they stand, in few bits."""
    return [
        n.to.item
        for n in near
        if n.to.distance <= SAME_PIXELS and n.to.variant == UPRIGHT and n.ask.frame is None and not n.framed
    ]


def _matches(near: Sequence[_Near], same: Mapping[str, str], radius: int, questions: Questions) -> list[Match]:
    """Each item once, at its best level; by look, as it is nearest."""
    best: dict[str, tuple[Match, int | None]] = {}
    for match, number in _each(near, same, radius):
        if match.item not in best or best_first(match) < best_first(best[match.item][0]):
            best[match.item] = match, number
    regions = _regions([(match.item, number) for match, number in best.values() if number is not None], questions)
    found = [
        match if number is None else replace(match, held_frame=_box(regions.get(number)))
        for match, number in best.values()
    ]
    return sorted(found, key=best_first)


def _each(near: Sequence[_Near], same: Mapping[str, str], radius: int) -> Iterator[tuple[Match, int | None]]:
    """Every match, with the number of the held picture's fingerprint where that is of one inside a frame."""
    for n in near:
        to, whole = n.to, n.ask.frame is None and not n.framed
        if whole and to.item in same:
            yield Match(to.item, PIXELS, to.distance, to.variant, same[to.item]), None
        elif to.distance <= radius and n.ask.comparable and matches_by_look(to.quality):
            algorithm = str(INNER if n.framed else CURRENT)
            match = Match(to.item, LOOK, to.distance, to.variant, algorithm, frame=n.ask.frame)
            yield match, to.number if n.framed else None


def _regions(framed: Sequence[tuple[str, int]], questions: Questions) -> dict[int, str | None]:
    """Where the pictures of these fingerprints lie in their items, by the number of the fingerprint."""
    prints = questions.prints_of(sorted({item for item, _ in framed})) if framed else {}
    return {each.number: each.region for of in prints.values() for each in of}


def _box(region: str | None) -> Box | None:
    """A region as a fact states it (``archiver.facts.values.Region``), as a box."""
    if region is None:
        return None
    left, top, width, height = (int(side) for side in region.removeprefix("xywh=").split(","))
    return left, top, left + width, top + height
