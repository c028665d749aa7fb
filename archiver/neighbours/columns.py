"""Fingerprints side by side: one array a column, so that a search reads only the columns that it needs.

The law: row by row the columns are of the same fingerprint, and rows stand in the order of their event numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from archiver.neighbours.lanes import LANES, arranged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

NO_QUALITY = 255
"""Stands in the column of qualities (0 to 100) for a fingerprint that has none."""

_ITEM = 32


class Shape(NamedTuple):
    """A column: its name, what a number in it is, and how many of them a row has."""

    name: str
    dtype: str
    wide: int = 1

    @property
    def bytes(self) -> int:
        """Bytes a row."""
        return np.dtype(self.dtype).itemsize * self.wide


SHAPES = (
    *(Shape(f"lane{lane}", "<u8") for lane in range(LANES)),
    Shape("item", "|u1", _ITEM),
    Shape("number", "<i8"),
    Shape("quality", "|u1"),
    Shape("kind", "|u1"),
)
"""Every column: the four lanes of the bits, the item (its 32 raw bytes), the number of the event, the quality, and a
kind, which tells a whole picture (0) from whatever else may have a fingerprint."""

ITEM, NUMBER, QUALITY, KIND = range(LANES, len(SHAPES))
"""Places in ``SHAPES``; those of the lanes are 0 to 3."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Some fingerprints.

    Attributes:
        arrays: one a column, in the order of ``SHAPES``: shape (n,), items (n, 32).
        check: called before rows of a column are read, with the column's place and the range of rows, or with the
            sorted rows; raises where they are not what was written.
    """

    arrays: tuple[NDArray[np.generic], ...]
    check: Callable[[int, NDArray[np.intp] | range], None] | None = None

    def __len__(self) -> int:
        return len(self.arrays[0])

    def span(self, column: int, start: int, stop: int) -> NDArray[np.generic]:
        """Rows one after the other of a column."""
        if self.check is not None:
            self.check(column, range(start, stop))
        return self.arrays[column][start:stop]

    def rows(self, column: int, rows: NDArray[np.intp]) -> NDArray[np.generic]:
        """These rows of a column."""
        if self.check is not None and len(rows):
            self.check(column, rows)
        return self.arrays[column][rows]

    def lanes_of(self, rows: NDArray[np.intp]) -> NDArray[np.uint64]:
        """The bits of these rows, shape (n, 4)."""
        found = np.empty((len(rows), LANES), dtype=np.uint64)
        for lane in range(LANES):
            found[:, lane] = self.rows(lane, rows)
        return found

    def before(self, number: int) -> int:
        """How many rows were recorded before the event of this number."""
        return int(np.searchsorted(self.span(NUMBER, 0, len(self)), number))

    def first(self, count: int) -> Columns:
        """The first rows only."""
        return Columns(tuple(array[:count] for array in self.arrays), self.check)


def columns(
    bits: bytes, items: bytes, numbers: Sequence[int] | NDArray[np.int64], qualities: Sequence[int] | NDArray[np.uint8]
) -> Columns:
    """Columns of fingerprints in the order of their numbers, kind 0.

    Args:
        bits: 32 bytes a fingerprint.
        items: 32 bytes an item.
        numbers: of the events.
        qualities: 0 to 100, or ``NO_QUALITY``.

    Raises:
        ValueError: they are not of one length, or the bits no 256.
    """
    lanes = arranged(bits)
    kept = np.asarray(qualities, dtype=np.uint8)
    item = np.frombuffer(items, dtype=np.uint8).reshape(-1, _ITEM)
    number = np.asarray(numbers, dtype=np.int64)
    if not lanes.shape[1] == len(item) == len(number) == len(kept):
        raise ValueError(f"{lanes.shape[1]} fingerprints, {len(item)} items, {len(number)} numbers, {len(kept)} grades")
    return Columns((*lanes, item, number, kept, np.zeros(len(number), dtype=np.uint8)))


def joined(parts: Sequence[Columns]) -> Columns:
    """The same rows in one piece, in memory."""
    if not parts:
        return columns(b"", b"", [], [])
    if len(parts) == 1:
        return parts[0]
    return Columns(tuple(np.concatenate(arrays) for arrays in zip(*(part.arrays for part in parts), strict=True)))
