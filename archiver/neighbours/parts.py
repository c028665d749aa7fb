"""Which held pictures may show the same in part: an inverted index over the codes of local features.

The index is made of the cache's rows (``archiver.derived``) and can be made again from it at any time:

* rows lie in *segments* (``archiver.neighbours.segment``), files that are never changed. Rows in none yet,
  the *tail*, are sorted in memory when they are asked about, and searched in the same way;
* when the tail is long, its rows become a segment; segments are merged from the first one on that is small beside all
  that follow it (``archiver.neighbours.coverage``). So they are few, and each code is copied a bounded number of times;
* the files say themselves which rows they cover. Of files that cover the same rows the widest counts, and whoever holds
  the lock removes the others; so a kill at any moment leaves nothing to mend, and readers need no lock;
* a damaged or missing segment is a gap, and gaps are filled as the tail is.

A shortlist is a guess: its items are to be confirmed by geometry (``archiver.likeness``). What it misses is not found
by its parts at all; ``benchmarks/parts.py`` measures how often. The same rows in the same segments give the same answer
on every machine.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archiver.derived.current import own_errors, unusable
from archiver.derived.generation import Damaged
from archiver.derived.lock import locked
from archiver.neighbours.coverage import due_for_merging, unlink, widest
from archiver.neighbours.lists import Hits, Lists, Sorted, poses
from archiver.neighbours.segment import MAKING, DamagedSegment, Segment, merged, rows_in, write
from archiver.neighbours.voting import votes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from archiver.derived.cache import FeatureCache
    from archiver.fingerprint.features import Features

RADIUS = 24
"""Bits of 128 within which two points may show the same spot. At 20 stretched copies (1.6 to 1) lose votes, at 28 there
are more than twice as many false ones, and no better shortlist."""

DOUBLINGS = 6
"""Of a query's code the six least sure prefix bits are turned over in all ways: 64 lists a point."""

MOST_TAIL = 1024
"""Rows that are sorted anew by each command that asks (100 ns of CPU a code); more are put into a segment."""

_BLOCK = 256
"""Rows of the tail that are sorted together, so that few are sorted again when some are added."""
_MOST_ROWS = 8192
"""Rows of a segment that is made of rows and not of segments: its codes, 80 MB, are in memory at once."""
_ASKED = 64
"""Items at the least of which it is asked at a time whether they were held."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may show the same.

    Attributes:
        item: its SHA-256.
        row: of the cache.
        votes: their weight; comparable within one answer only.
        variant: which of the query's variants got the most.
    """

    item: str
    row: int
    votes: int
    variant: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to see the query: its features and, where they are known, how sure each bit is, shape (n, 128)."""

    features: Features
    sureness: NDArray[np.floating] | None = None


class PartsIndex:
    """The index over what a cache holds; making one touches nothing.

    Every call may raise SpoolError where this machine's files cannot be read or written.
    """

    def __init__(self, cache: FeatureCache) -> None:
        self._cache = cache
        self._segments: dict[Path, Segment] = {}
        self._blocks: dict[tuple[Path, int, int], Lists] = {}

    def shortlist(
        self,
        variants: Sequence[Variant],
        most: int = 20,
        *,
        held: Callable[[Sequence[str]], Collection[str]] | None = None,
        radius: int = RADIUS,
        doublings: int | None = DOUBLINGS,
    ) -> list[Candidate]:
        """The items with the most votes, best first.

        Args:
            variants: the query as it is, mirrored, its inner boxes; each votes by itself, and an item counts its best.
            most: how many items at the most.
            held: says which of some items may be candidates; it is asked down the votes, some items at a time, until
                there are enough. None: all.
            radius: bits of 128.
            doublings: see ``DOUBLINGS``; none compares with every code held: exact, and slow.
        """
        for _ in range(_TRIES):
            rows, weights, numbers = self._voted(variants, radius, doublings)
            try:
                found = list(self._best(rows, weights, numbers, most, held))
            except Damaged as error:
                self._cache.repair(error)
            else:
                return sorted(found, key=lambda each: (-each.votes, each.item))
        raise unusable(self._cache.folder)

    def _voted(
        self, variants: Sequence[Variant], radius: int, doublings: int | None
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.intp]]:
        """The rows that were voted for, the most votes first: each once, with its best weight and the variant of it."""
        searched = self._searched()
        known = len(self._cache)
        each: list[tuple[NDArray[np.uint32], NDArray[np.int64]]] = []
        for variant in variants:
            codes, points = variant.features.codes, variant.features.points
            hits = [lists.near(codes, radius, sureness=variant.sureness, doublings=doublings) for lists in searched]
            each.append(votes(Hits.together(hits), poses(points), known))
        rows = np.concatenate([np.empty(0, np.uint32), *(found for found, _ in each)])
        weights = np.concatenate([np.empty(0, np.int64), *(given for _, given in each)])
        numbers = np.repeat(np.arange(len(each)), [len(found) for found, _ in each])
        order = np.lexsort((numbers, rows, -weights))
        order = order[(weights[order] > 0) & (rows[order] < known)]  # a damaged segment may name any row
        _, firsts = np.unique(rows[order], return_index=True)
        order = order[np.sort(firsts)]
        return rows[order], weights[order], numbers[order]

    def _best(
        self,
        rows: NDArray[np.uint32],
        weights: NDArray[np.int64],
        numbers: NDArray[np.intp],
        most: int,
        held: Callable[[Sequence[str]], Collection[str]] | None,
    ) -> Iterator[Candidate]:
        start, left = 0, most
        while start < len(rows) and left > 0:
            some = range(start, min(len(rows), start + max(_ASKED, left)))
            items = [self._cache.item_at(int(rows[at])) for at in some]
            kept = items if held is None else held(items)
            right = [(at, item) for at, item in zip(some, items, strict=True) if item in kept][:left]
            for at, item in right:
                yield Candidate(item, int(rows[at]), int(weights[at]), int(numbers[at]))
            left -= len(right)
            start = some.stop

    def grow(self) -> None:
        """Put all rows into segments, and merge those that are due; waits for another process that does so."""
        for _ in range(_TRIES):
            try:
                with own_errors(self._cache.folder), self._locked() as folder:
                    if folder != self._folder():
                        continue  # a new generation was begun while this one waited
                    self._sweep(folder)
                    for first, end in self._gaps(self._cover(folder)):
                        for start in range(first, end, _MOST_ROWS):
                            self._make(folder, start, min(end, start + _MOST_ROWS))
                    self._merge(folder)
                    self._sweep(folder)
            except Damaged as error:
                self._cache.repair(error)
            except DamagedSegment:
                continue  # it was removed, and its rows are a gap now
            else:
                return
        raise unusable(self._cache.folder)

    def check(self) -> int:
        """Read every segment whole, and make those again of which a byte was changed; how many those were."""
        removed = 0
        with own_errors(self._cache.folder):
            for segment in self._cover(self._folder()):
                try:
                    segment.check()
                except DamagedSegment:
                    self._remove(segment.path)
                    removed += 1
        if removed:
            self.grow()
        return removed

    def _searched(self) -> list[Lists]:
        for _ in range(_TRIES):
            try:
                self._cache.attach()
                with own_errors(self._cache.folder):
                    cover = self._cover(self._folder())
                    gaps = self._gaps(cover)
                    if sum(end - first for first, end in gaps) <= MOST_TAIL:
                        return [*cover, *(block for gap in gaps for block in self._in_memory(*gap))]
                self.grow()
            except Damaged as error:
                self._cache.repair(error)
        raise unusable(self._cache.folder)

    def _in_memory(self, first: int, end: int) -> Iterator[Lists]:
        start = first
        while start < end:
            stop = min(end, start - start % _BLOCK + _BLOCK)
            key = (self._cache.generation, start, stop)
            if key not in self._blocks:
                if len(self._blocks) >= 2 * MOST_TAIL // _BLOCK:
                    self._blocks.clear()
                self._blocks[key] = Lists.of(self._codes(start, stop))
            yield self._blocks[key]
            start = stop

    def _codes(self, first: int, end: int) -> Sorted:
        found = ((row, self._cache.features_at(row)) for row in range(first, end))
        return Sorted.of_rows([(row, features) for row, features in found if features is not None])

    def _folder(self) -> Path:
        return self._cache.generation / "parts"

    def _cover(self, folder: Path) -> list[Segment]:
        """The segments that cover the most rows, ascending, none overlapping; damaged ones are removed on the way."""
        for _ in range(100):  # each turn but the last has met a file that is gone or goes
            cover: list[Segment] = []
            path = folder
            try:
                for path in widest(folder, len(self._cache)):
                    if path not in self._segments:
                        self._segments[path] = Segment(path)
                    cover.append(self._segments[path])
            except FileNotFoundError:
                continue  # merged by another process, just now
            except DamagedSegment:
                self._remove(path)
                continue
            self._segments = {each.path: each for each in cover}
            return cover
        raise unusable(folder)

    def _gaps(self, cover: Sequence[Segment]) -> list[tuple[int, int]]:
        at, gaps = 0, []
        for first, end in [*((each.first, each.end) for each in cover), (len(self._cache), len(self._cache))]:
            if first > at:
                gaps.append((at, first))
            at = end
        return gaps

    def _make(self, folder: Path, first: int, end: int) -> None:
        codes = self._codes(first, end)
        write(folder, first, end, [codes], len(codes))

    def _merge(self, folder: Path) -> None:
        due = due_for_merging(self._cover(folder))
        if not due:
            return
        for each in due:
            try:
                each.check()
            except DamagedSegment:
                self._remove(each.path)
                raise
        write(folder, due[0].first, due[-1].end, merged(due), sum(map(len, due)))

    def _sweep(self, folder: Path) -> None:
        """Remove what nobody needs: unfinished files of processes that are gone, and segments within wider ones."""
        kept = {each.path.name for each in self._cover(folder)}
        for path in folder.iterdir():
            if path.name.startswith(MAKING) or (rows_in(path.name) and path.name not in kept):
                unlink(path)

    def _remove(self, path: Path) -> None:
        self._segments.pop(path, None)
        unlink(path)

    @contextmanager
    def _locked(self) -> Iterator[Path]:
        self._cache.attach()
        folder = self._folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(folder / "lock"):
            self._cache.attach()
            yield folder
