"""The fingerprints of one algorithm, to be searched: what is kept on disk, and behind it what the catalogue has since.

The law: the answer is that of comparing the query with every fingerprint that the catalogue's transaction sees, and
with no other one, whatever state the kept rows are in.

1. *Whose rows?* Kept rows are believed if the catalogue's log is, up to where they were read, the very log that they
   were read from: the digest of its Merkle tree's right edge must be the same. To a transaction that is older than the
   last append an earlier one serves. Rows of which this cannot be said are not searched.
2. *The tail*: what the catalogue holds beyond them, by the numbers of its events.
3. *Kept.* The tail is appended to what is kept, where nobody else is writing and the question is to the end of the log
   (one to an earlier place would shorten what is kept). Rows of another log are made anew. Whatever cannot be kept is
   held in memory.
4. *Checked.* Kept rows are checked when they are first read (``archiver.neighbours.kept``). Where they are not what was
   written, everything is read from the catalogue again, and the search is repeated.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import TYPE_CHECKING

from archiver.neighbours.columns import NUMBER, Columns, joined
from archiver.neighbours.head import Place, Point
from archiver.neighbours.kept import Damaged, Kept, Mapped
from archiver.neighbours.lanes import lanes_of
from archiver.neighbours.neighbour import Neighbour, nearest_first, neighbours
from archiver.neighbours.search import search
from archiver.neighbours.source import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from archiver.neighbours.head import Head
    from archiver.neighbours.source import LogPlace, Source


class LookIndex:
    """The fingerprints of one algorithm that one transaction after another sees.

    Args:
        algorithm: its full name; other fingerprints are not searched.
        folder: where to keep the rows; none to hold them in memory.
        identity: of the catalogue: its log's origin, and its projection's version.
    """

    def __init__(self, algorithm: str, *, folder: Path | None = None, identity: str = "") -> None:
        self._algorithm = algorithm
        self._kept = None if folder is None else Kept(folder, f"{algorithm} {identity}")
        self._source: Source | None = None
        self._horizon: int | None = None
        self._mapped: Mapped | None = None
        self._kept_rows: list[Columns] = []
        self._held: list[Columns] = []
        self._held_from = self._reach = 0  # the number from which on rows are held in memory, and up to which
        self._doubted = ""
        self.notes: list[str] = []
        """What the user should know: that rows were damaged, that they could not be kept."""

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    @property
    def parts(self) -> list[Columns]:
        """The rows that are searched, in the order of their numbers: what is kept, then what is held in memory."""
        return [*self._kept_rows, *self._held]

    def refresh(self, source: Source) -> None:
        """See what this transaction sees.

        Raises:
            CatalogueError: the catalogue does not answer, or holds what is no fingerprint.
        """
        self._source = source
        try:
            self._see(source)
        except Damaged as damage:
            self.repair(damage)

    def within(self, variants: Mapping[str, str], radius: int) -> list[Neighbour]:
        """Items that some variant of the query comes within ``radius`` bits of, nearest first.

        ``variants`` are the query's fingerprints by name (its orientations); of equal distances the first name wins.

        Raises:
            ValueError: a variant has not 256 bits.
        """
        (found,) = self.within_each([(variants, radius)])
        return found

    def within_each(self, queries: Sequence[tuple[Mapping[str, str], int]]) -> list[list[Neighbour]]:
        """The same for several queries, each with its radius, in one pass over the rows."""
        asked = [(lanes_of(list(variants.values())), radius) for variants, radius in queries]
        names = [list(variants) for variants, _ in queries]
        while True:
            try:
                return self._search(asked, names)
            except Damaged as damage:
                self.repair(damage)

    def _search(self, asked: Sequence[tuple[NDArray[np.uint64], int]], names: list[list[str]]) -> list[list[Neighbour]]:
        found: list[list[Neighbour]] = [[] for _ in asked]
        for part in self.parts:
            for place, hits in enumerate(search(part, asked)):
                found[place] += neighbours(part, hits, names[place])
        return [nearest_first(each, order) for each, order in zip(found, names, strict=True)]

    def repair(self, damage: Damaged) -> None:
        """Read everything from the catalogue again, because kept rows are not what was written (step 4)."""
        self.notes.append(f"the look index in {self._kept and self._kept.folder} was damaged ({damage}): made anew")
        if self._doubted:
            self._kept = None  # what was just made anew is damaged again: nothing is to be kept on this disk
        self._doubted = self._mapped.head.generation if self._mapped else "unread"
        if self._source is not None:
            self._see(self._source, again=True)

    def _see(self, source: Source, *, again: bool = False) -> None:
        end = source.log_place()
        point, newest = (None, True) if again else self._open(source, end)  # step 1
        if again:
            self._mapped, self._kept_rows = None, []
        reach = point.reach if point else 0
        if again or reach != self._held_from or source.horizon != self._horizon:
            self._held, self._held_from, self._reach = [], reach, reach
        self._horizon = source.horizon
        tail = pieces(source.packed_prints(self._algorithm, after=self._reach - 1))  # step 2
        first = next(tail, None)
        waiting = [*self._held, *([] if first is None else [first])]
        self._held = []
        if waiting:
            may = newest and source.horizon is None
            self._keep(chain(waiting, tail), source, Place(*end) if may and end else None, point)  # step 3

    def _open(self, source: Source, end: LogPlace | None) -> tuple[Point | None, bool]:
        """Take what is kept and is of this log: the append that serves, and whether another one may follow."""
        before, self._mapped, self._kept_rows = self._mapped, None, []
        mapped = self._mapping()
        if mapped is None or end is None:
            return None, True
        if before is not None:
            mapped.known_right(before)
        for point in reversed(mapped.head.points):
            if point.place.size <= end[1]:
                if not _is_of(source, point):
                    return None, True
                self._mapped = mapped
                rows = mapped.columns.first(point.rows)
                if source.horizon is not None and source.horizon < point.reach:
                    rows = rows.first(rows.before(source.horizon))
                self._kept_rows = [rows]
                return point, point is mapped.head.points[-1]
        return None, False  # of a later state of the log, or of another log: this transaction cannot tell

    def _mapping(self) -> Mapped | None:
        try:
            return self._kept.open() if self._kept else None
        except OSError as error:
            self._cannot_keep(error)
            return None

    def _keep(self, rows: Iterable[Columns], source: Source, where: Place | None, point: Point | None) -> None:
        """Append rows to what is kept, as far as that may be, and hold the others in memory."""
        with self._writing(source, where, point) as begun:
            made = begun
            for piece in rows:
                self._reach = int(piece.arrays[NUMBER][-1]) + 1
                if made is not None and where is not None and self._kept is not None:
                    try:
                        made = self._kept.append(made, piece, Point(made.count + len(piece), self._reach, where))
                        continue
                    except OSError as error:
                        self._cannot_keep(error)
                        self._change_over(begun, made)
                        made = None
                self._held.append(piece)
            self._change_over(begun, made)
        self._held = [joined(self._held)] if self._held else []

    @contextmanager
    def _writing(self, source: Source, where: Place | None, point: Point | None) -> Iterator[Head | None]:
        """The head to append to, while nobody else may; none where nothing is to be kept."""
        if self._kept is None or where is None:
            yield None
            return
        with ExitStack() as stack:
            head = None
            try:
                if stack.enter_context(self._kept.writing()):
                    head = self._head(self._kept, source, point)
            except OSError as error:
                self._cannot_keep(error)
            yield head

    def _head(self, kept: Kept, source: Source, point: Point | None) -> Head | None:
        """The head to append to, now that nobody else writes; none where somebody wrote since it was read."""
        now = kept.open()
        if point is not None:
            same = now is not None and now.head.points[-1] == point
            return now.head if now is not None and same else None
        if now is None or now.head.generation == self._doubted:
            return kept.begin()
        last = now.head.points[-1]
        end = source.log_place()
        foreign = end is not None and last.place.size <= end[1] and not _is_of(source, last)
        return kept.begin() if foreign else None

    def _change_over(self, before: Head | None, after: Head | None) -> None:
        """Read from now on what was just kept."""
        if self._kept is None or after is None or after is before:
            return
        self._kept.sweep(after)
        mapped = Mapped(self._kept.folder / after.generation, after)
        if self._mapped is not None:
            mapped.known_right(self._mapped)
        self._mapped, self._kept_rows = mapped, [mapped.columns]
        self._held_from = after.points[-1].reach

    def _cannot_keep(self, error: OSError) -> None:
        note = f"the look index cannot be kept: {error}; it was made in memory, which takes longer each time"
        if note not in self.notes:
            self.notes.append(note)


def _is_of(source: Source, point: Point) -> bool:
    place = point.place
    return source.log_place(place.first) == (place.first, place.size, place.mark)
