"""A segment: the codes of a range of the cache's rows, sorted, in one file that is never changed.

The file is made beside its place and renamed into it when it is whole; a kill leaves a part that nobody reads. It is
mapped for reading, by any number of processes. All numbers are little-endian; every section begins at a multiple of
``_PAGE``::

    head        "ARCHSEG1", the numbers of ``_HEAD``, the checksum of each section, and a checksum of all this
    lists       4 bytes: where the codes of each prefix begin, and at the end how many codes there are
    seconds     8 bytes a code: its second word
    firsts      8 bytes a code: its first word; the codes ascend by it, and equal ones by row
    rows        4 bytes a code: the row of the cache
    poses       2 bytes a code: the scale and the angle of the point, as steps

A reader trusts no number of it further than that it may miss what a damaged list hides: nothing is read outside of the
file, and ``check`` hashes all of it.

The number of prefix bits grows with the segment (``prefix_bits``), so that the lists of a large one grow slower than it
does. Within the lists that are probed (``archiver.neighbours.probing``) every code within the radius is found. The second
word is compared first: the first words of one list resemble each other already, so it is the second that tells codes
apart, and three quarters of the file need not be read for most candidates.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from archiver.neighbours.probing import probes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

VERSION = 1
LONGEST = 4096
"""Codes of a list that are looked at: a longer one is of a texture that is everywhere, and tells nothing apart."""

_MAGIC = b"ARCHSEG1"
_HEAD = struct.Struct("<8sIIIIQ")
_SECTIONS = (("lists", "<u4"), ("seconds", "<u8"), ("firsts", "<u8"), ("rows", "<u4"), ("poses", "<u2"))
_PAGE = 4096
_AT_ONCE = 1 << 17
"""Candidates compared at a time: their words stay in a core's cache."""


class DamagedSegment(Exception):
    """A file that is no segment, or no whole one: it is removed and made again."""


def prefix_bits(codes: int) -> int:
    """Of a segment of so many codes: three quarters of what would give every code a list of its own."""
    return max(1, min(28, round(0.75 * np.log2(max(codes, 2)))))


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
    def together(each: list[Hits]) -> Hits:
        """All of them, in order."""
        if not each:
            return Hits(np.empty(0, "i4"), np.empty(0, "u4"), np.empty(0, "u1"), np.empty(0, "u2"))
        return Hits(
            np.concatenate([hits.points for hits in each]),
            np.concatenate([hits.rows for hits in each]),
            np.concatenate([hits.distances for hits in each]),
            np.concatenate([hits.poses for hits in each]),
        )


class Lists:
    """Sorted codes with the beginnings of their lists: what is searched, in a file or in memory."""

    def __init__(self, codes: Sorted, lists: NDArray[np.uint32], bits: int) -> None:
        self.codes = codes
        self._lists = lists
        self.bits = bits

    @staticmethod
    def of(codes: Sorted) -> Lists:
        """In memory."""
        bits = prefix_bits(len(codes.firsts))
        return Lists(codes, beginnings(codes.firsts, bits), bits)

    def near(
        self,
        query: NDArray[np.uint64],
        radius: int,
        *,
        sureness: NDArray[np.floating] | None = None,
        doublings: int | None,
    ) -> Hits:
        """Codes within ``radius`` bits of the query's, shape (m, 2), in the lists that are probed; in all without
        ``doublings``.
        """
        size = len(self.codes.firsts)
        if doublings is None:
            points = np.arange(len(query))
            starts, ends = np.zeros(len(query), np.int64), np.full(len(query), size)
        else:
            wanted = probes(query[:, 0], self.bits, sureness, doublings)
            points = np.repeat(np.arange(len(query)), wanted.shape[1])
            order = np.argsort(wanted, axis=None, kind="stable")  # neighbours in the file one after another
            points, wanted = points[order], wanted.ravel()[order]
            starts, ends = self._lists[wanted].astype(np.int64), self._lists[wanted + 1].astype(np.int64)
            ends = np.minimum(ends, size)
            useful = (ends > starts) & (ends - starts <= LONGEST)
            points, starts, ends = points[useful], starts[useful], ends[useful]
        return Hits.together(list(self._compared(query, radius, points, starts, ends - starts)))

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
