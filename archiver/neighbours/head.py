"""The head of a look index on disk: which rows count, of which log they are, and what they must sum up to.

The law: rows count when a head that counts them is there, and a head is replaced as a whole, by renaming a file. What
lies in the columns behind the rows that are counted is of an append that was not finished, and is nothing.

``Head.parse`` undoes ``bytes``; a head that is cut short, altered or of another making is none.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from archiver.neighbours.columns import SHAPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns

MAGIC = b"archiver look 1\n"
BLOCK = 32_768
"""Rows that are summed together, and checked together when one of them is first read."""

_POINTS = 8
_WORD = 8


class Place(NamedTuple):
    """A place of the log, and what the log was up to there.

    Attributes:
        first: the number of the first event of the transaction that ends there.
        size: how many events the log had.
        mark: a digest of all of them (of the right edge of the log's Merkle tree).
    """

    first: int
    size: int
    mark: str


class Point(NamedTuple):
    """An append that was finished.

    Attributes:
        rows: how many there were after it.
        reach: every fingerprint of a number below this one is among them.
        place: where the log stood when the rows were read.
    """

    rows: int
    reach: int
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What is counted.

    Attributes:
        identity: what the rows are: the algorithm's name, the log's origin, the projection's version.
        generation: the folder of the columns.
        points: the last appends, oldest first; the last one counts, those before serve a reader of an older state.
        sums: a checksum a block and column, shape (blocks, columns).
    """

    identity: str
    generation: str
    points: tuple[Point, ...]
    sums: NDArray[np.uint64]

    @property
    def count(self) -> int:
        """Rows that count."""
        return self.points[-1].rows if self.points else 0

    def __bytes__(self) -> bytes:
        told = {
            "identity": self.identity,
            "generation": self.generation,
            "points": self.points,
        }
        text = json.dumps(told).encode()
        body = MAGIC + len(text).to_bytes(_WORD, "little") + text + self.sums.astype("<u8").tobytes()
        return body + zlib.crc32(body).to_bytes(_WORD, "little")

    @staticmethod
    def parse(data: bytes) -> Head | None:
        """Read a head back; none where it is none, or another program's."""
        body, check = data[:-_WORD], data[-_WORD:]
        if not body.startswith(MAGIC) or zlib.crc32(body).to_bytes(_WORD, "little") != check:
            return None
        start = len(MAGIC) + _WORD
        end = start + int.from_bytes(body[len(MAGIC) : start], "little")
        try:
            told: dict[str, Any] = json.loads(body[start:end])
            points = tuple(Point(rows, reach, Place(*place)) for rows, reach, place in told["points"])
            sums = np.frombuffer(body[end:], dtype="<u8").reshape(-1, len(SHAPES))
            return Head(told["identity"], told["generation"], points, sums)
        except (ValueError, TypeError, KeyError):
            return None  # written whole, by a program that says it in another way

    def extended(self, rows: Columns, point: Point) -> Head:
        """The head after these rows."""
        sums = np.zeros((-(-point.rows // BLOCK), len(SHAPES)), dtype=np.uint64)
        sums[: len(self.sums)] = self.sums
        start = self.count
        while start < point.rows:
            stop = min(point.rows, (start // BLOCK + 1) * BLOCK)
            for column, array in enumerate(rows.arrays):
                part = array[start - self.count : stop - self.count]
                block = sums[start // BLOCK, column : column + 1]  # an array: one number alone would warn of wrapping
                block += checksum(part, before=start % BLOCK * SHAPES[column].bytes)
            start = stop
        return replace(self, points=(*self.points, point)[-_POINTS:], sums=sums)


def checksum(array: NDArray[np.generic], *, before: int = 0) -> np.uint64:
    """The sum, modulo 2^64, of the words of a block: what is appended to a block adds to its sum.

    Whatever one disk, one kill or one power cut does (a page of zeros, a changed bit, rows that never came) changes it.
    It is no defence against a person who may write the cache, and who could as well write another head.

    Args:
        array: some rows of a column.
        before: bytes of the block that stand before them.
    """
    data = np.ascontiguousarray(array).view(np.uint8).reshape(-1)
    lead, rest = before % _WORD, (before + len(data)) % _WORD
    if lead or rest:
        data = np.pad(data, (lead, -(lead + len(data)) % _WORD))
    return np.uint64(np.add.reduce(data.view("<u8"), dtype=np.uint64))
