"""Sorted codes in lists: what is searched, whether it lies in a file or in memory.

A *list* holds the codes of one prefix. Within the lists that are probed (``archiver.neighbours.probing``) every code
within the radius is found, except in lists so long that they tell nothing apart: a texture that is everywhere, or one
picture in thousands of variants. Of those a sample is compared (``_sampled``), of the same rows in all of them, as far
as they have codes there: some of the variants keep their votes, and all others lose them. The second word of a code is
compared first: the first words of one list resemble each other already, and so most candidates cost half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from archiver.neighbours.probing import probes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from archiver.fingerprint.features import Features

LONGEST = 4096
"""Codes of a list that are all compared."""

SAMPLE = 512
"""Codes of a longer list that are compared."""

MOST_SAMPLED = 2048
"""Long lists that are looked into for one question in one segment: those of the query's own prefixes first."""

_SCATTER = np.uint32(2654435769)
"""2**32 divided by the golden ratio: multiplied by it, row numbers lie scattered (Knuth, TAOCP 3, 6.4)."""

_AT_ONCE = 1 << 17
"""Candidates compared at a time: their words stay in a core's cache."""

TURN = 256
"""Steps of a full turn in which the angle of a point is kept."""
OCTAVE = 24
"""Steps of a factor of two in which its scale is kept."""


def poses(points: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Scale and angle of points (x, y, scale, angle), shape (n, 4), in steps: the scale is the higher byte."""
    scale = np.clip(np.rint(np.log2(np.maximum(points[:, 2], 1)) * OCTAVE), 0, 255).astype(np.uint16)
    angle = (np.rint(points[:, 3] * (TURN / (2 * np.pi))) % TURN).astype(np.uint16)
    return np.asarray((scale << np.uint16(8)) | angle)


def prefix_bits(codes: int) -> int:
    """Of a segment of so many codes: four fifths of what would give every code a list of its own."""
    return max(1, min(28, round(0.8 * math.log2(max(codes, 2)))))


@dataclass(frozen=True, slots=True)
class Sorted:
    """Codes with their rows and poses, ascending by the first word, equal ones by row; all of shape (n,)."""

    firsts: NDArray[np.uint64]
    seconds: NDArray[np.uint64]
    rows: NDArray[np.uint32]
    poses: NDArray[np.uint16]

    @staticmethod
    def of(
        firsts: NDArray[np.uint64], seconds: NDArray[np.uint64], rows: NDArray[np.uint32], poses: NDArray[np.uint16]
    ) -> Sorted:
        """Sort what comes in the order of the rows."""
        order = np.argsort(firsts, kind="stable")
        return Sorted(firsts[order], seconds[order], rows[order], poses[order])

    @staticmethod
    def of_rows(found: Sequence[tuple[int, Features]]) -> Sorted:
        """The codes of rows of the cache, which ascend."""
        codes = np.concatenate([np.empty((0, 2), np.uint64), *(features.codes for _, features in found)])
        lengths = [len(features.codes) for _, features in found]
        rows = np.repeat(np.array([row for row, _ in found], dtype=np.uint32), lengths)
        points = np.concatenate([np.empty((0, 4), np.float32), *(features.points for _, features in found)])
        return Sorted.of(codes[:, 0], codes[:, 1], rows, poses(points))

    def __len__(self) -> int:
        return len(self.firsts)


@dataclass(frozen=True, slots=True)
class Hits:
    """Codes within the radius of a query's: shape (n,) each.

    Attributes:
        points: which point of the query.
        rows: of the cache.
        distances: bits.
        poses: of the held points.
    """

    points: NDArray[np.int32]
    rows: NDArray[np.uint32]
    distances: NDArray[np.uint8]
    poses: NDArray[np.uint16]

    @staticmethod
    def together(each: Sequence[Hits]) -> Hits:
        """All of them, in order."""
        none = Hits(np.empty(0, np.int32), np.empty(0, np.uint32), np.empty(0, np.uint8), np.empty(0, np.uint16))
        return Hits(
            *(np.concatenate(columns) for columns in zip(*(hits.columns() for hits in (none, *each)), strict=True))
        )

    def at(self, which: NDArray[np.intp]) -> Hits:
        """Some of them."""
        return Hits(*(column[which] for column in self.columns()))

    def columns(self) -> tuple[NDArray[Any], ...]:
        """All of it, as it is constructed."""
        return self.points, self.rows, self.distances, self.poses


class Lists:
    """Sorted codes with the beginnings of their lists: what is searched, in a file or in memory."""

    def __init__(self, codes: Sorted, lists: NDArray[np.uint32], bits: int) -> None:
        self.codes = codes
        self._lists = lists
        self.bits = bits

    def __len__(self) -> int:
        return len(self.codes)

    @staticmethod
    def of(codes: Sorted) -> Lists:
        """In memory."""
        bits = prefix_bits(len(codes))
        return Lists(codes, beginnings(codes.firsts, bits), bits)

    def near(
        self,
        query: NDArray[np.uint64],
        radius: int,
        *,
        sureness: NDArray[np.floating] | None = None,
        doublings: int | None,
    ) -> Hits:
        """Codes within ``radius`` bits of some code of the query.

        Args:
            query: codes, shape (m, 2).
            radius: bits of 128.
            sureness: of the query's bits; see ``archiver.neighbours.probing``.
            doublings: how many bits are turned over to find the lists to look into; none looks at every code.
        """
        size = len(self.codes)
        found: list[Hits] = []
        if doublings is None:
            points = np.arange(len(query))
            starts, ends = np.zeros(len(query), np.int64), np.full(len(query), size)
        else:
            wanted = probes(query[:, 0], self.bits, sureness, doublings)
            width = wanted.shape[1]
            points = np.repeat(np.arange(len(query)), width)
            order = np.argsort(wanted, axis=None, kind="stable")  # neighbours in the file one after another
            points, wanted = points[order], wanted.ravel()[order]
            starts, ends = self._lists[wanted].astype(np.int64), self._lists[wanted + 1].astype(np.int64)
            ends = np.minimum(ends, size)
            lengths = ends - starts
            long = np.flatnonzero(lengths > LONGEST)
            if len(long) > MOST_SAMPLED:
                long = np.sort(long[np.argsort(order[long] % width, kind="stable")[:MOST_SAMPLED]])
            found = list(self._sampled(query, radius, points[long], starts[long], ends[long]))
            useful = (lengths > 0) & (lengths <= LONGEST)
            points, starts, ends = points[useful], starts[useful], ends[useful]
        found += self._compared(query, radius, points, starts, ends - starts)
        return Hits.together(found)

    def _sampled(
        self,
        query: NDArray[np.uint64],
        radius: int,
        points: NDArray[np.intp],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> Iterator[Hits]:
        """Compare with some codes of long lists, a list at a time.

        1. Of at most ``LONGEST`` codes, at equal steps from the first one on, the rows are looked up.
        2. Their rows have an order of their own, the same in all lists: by ``row * _SCATTER`` modulo 2**32. The first
           ``SAMPLE`` codes in it are compared.
        """
        for start in np.unique(starts):
            mine = np.flatnonzero(starts == start)
            end = int(ends[mine[0]])
            at = np.arange(start, end, -(-(end - start) // LONGEST))  # step 1
            scattered = self.codes.rows[at] * _SCATTER
            if len(at) > SAMPLE:  # step 2
                last = np.partition(scattered, SAMPLE - 1)[SAMPLE - 1]
                at = at[np.flatnonzero(scattered <= last)[:SAMPLE]]
            which = np.repeat(points[mine], len(at))
            yield self._near(query, radius, which, np.tile(at, len(mine)))

    def _near(self, query: NDArray[np.uint64], radius: int, points: NDArray[np.intp], at: NDArray[np.int64]) -> Hits:
        """Compare pairs: a point of the query, and the place of a code."""
        distances = np.bitwise_count(query[points, 1] ^ self.codes.seconds[at])
        distances += np.bitwise_count(query[points, 0] ^ self.codes.firsts[at])
        near = np.flatnonzero(distances <= radius)
        at = at[near]
        return Hits(points[near].astype(np.int32), self.codes.rows[at], distances[near], self.codes.poses[at])

    def _compared(
        self,
        query: NDArray[np.uint64],
        radius: int,
        points: NDArray[np.intp],
        starts: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> Iterator[Hits]:
        codes, until = self.codes, np.cumsum(lengths)
        begin = 0
        while begin < len(points):
            done = int(until[begin - 1]) if begin else 0
            end = max(begin + 1, int(np.searchsorted(until, done + _AT_ONCE, side="right")))
            some = lengths[begin:end]
            at = np.repeat(starts[begin:end] - (until[begin:end] - some - done), some)
            at += np.arange(len(at))
            seconds = np.repeat(query[points[begin:end], 1], some)
            seconds ^= codes.seconds[at]
            distances = np.bitwise_count(seconds)
            near = np.flatnonzero(distances <= radius)
            at, distances = at[near], distances[near]
            which = points[begin:end][np.searchsorted(until[begin:end] - done, near, side="right")]
            distances += np.bitwise_count(codes.firsts[at] ^ query[which, 0])
            near = np.flatnonzero(distances <= radius)
            at = at[near]
            yield Hits(which[near].astype(np.int32), codes.rows[at], distances[near], codes.poses[at])
            begin = end


def beginnings(firsts: NDArray[np.uint64], bits: int) -> NDArray[np.uint32]:
    """Where the codes of each prefix begin among ascending first words, and at the end how many there are."""
    counts = np.bincount((firsts >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    return np.concatenate([[0], np.cumsum(counts)]).astype("<u4")
