"""Many queries at once: an index of bands, made in memory when a bulk job needs it and thrown away after it.

The law: exact. Cut into 16 bands of 16 bits, two fingerprints within ``radius`` bits are within ``radius // 16`` bits
in some band (the pigeonhole principle), and more sharply: where ``radius = 16 a + b``, in one of the first ``b + 1``
bands within ``a``, or in one of the others within ``a - 1`` bits. So it is enough to compare a query with the rows that
stand in a bucket so near to its own, band by band; each of them is compared in full.

It pays while few buckets are near: at a radius of 31 a query is compared with about 4,000 of a million rows, at 65 with
more than a fifth of them, one by one, which costs more than reading them all (``archiver.neighbours.scan``). ``pays``
says which.

The method is multi-index hashing (Norouzi, Punjani, Fleet, 2012: *Fast search in Hamming space with multi-index
hashing*).
"""

from __future__ import annotations

from itertools import combinations, pairwise
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.lanes import BITS, LANES
from archiver.neighbours.scan import Within, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BAND = 16
BANDS = BITS // BAND
_BUCKETS = 2**BAND

_COMPARED, _READ, _BUILT = 40.0, 2.0, 400.0
"""Nanoseconds: of comparing a query with one row of a bucket, of reading one row past a query, of taking one row into
the bands. Measured at a million rows."""

_TOGETHER = 65_536
"""Rows that are compared together, about: 2 MB of their bits stay in the core's cache."""


def reaches(radius: int) -> list[int]:
    """Within how many bits each band must be looked up; -1: not at all."""
    whole, rest = divmod(radius, BANDS)
    return [whole if band <= rest else whole - 1 for band in range(BANDS)]


def masks(reach: int) -> NDArray[np.uint16]:
    """Everything that a band may differ by within ``reach`` bits."""
    found = [sum(1 << bit for bit in bits) for count in range(reach + 1) for bits in combinations(range(BAND), count)]
    return np.array(found, dtype=np.uint16)


def share(radius: int) -> float:
    """The share of unrelated rows that a query is compared with."""
    near = [comb(BAND, count) for reach in reaches(radius) for count in range(reach + 1)]
    return float(sum(near) / _BUCKETS)


def pays(rows: int, variants: int, passes: int, radius: int) -> bool:
    """Whether making bands and asking them costs less than reading.

    Args:
        rows: how many are held.
        variants: of all queries together.
        passes: how often each row would be read past a query's variants (``scan.groups``).
        radius: bits.
    """
    return rows * (_BUILT + variants * share(radius) * _COMPARED) < rows * passes * _READ


class Bands:
    """The rows by their bands.

    Args:
        lanes: the rows' bits, shape (n, 4), contiguous.
    """

    def __init__(self, lanes: NDArray[np.uint64]) -> None:
        self._lanes = np.ascontiguousarray(lanes)
        self._sorted = [sorted_by(keys) for keys in keys_of(self._lanes).T]

    def __len__(self) -> int:
        return len(self._lanes)

    def within(self, queries: Sequence[NDArray[np.uint64]], radius: int) -> list[Within]:
        """The rows that some variant of each query comes within ``radius`` bits of.

        Args:
            queries: the variants of each, shape (variants, 4).
            radius: bits.
        """
        if not queries:
            return []
        variants = np.ascontiguousarray(np.concatenate(queries))
        query = np.repeat(np.arange(len(queries)), [len(each) for each in queries])
        place = np.concatenate([np.arange(len(each)) for each in queries])
        found = [np.empty((3, 0), dtype=np.int64)]
        for band, rows, asked in self._candidates(variants, radius):
            differing = np.take(self._lanes, rows, axis=0)
            differing ^= np.take(variants, asked, axis=0)
            distances = bits_set(differing)
            near = np.flatnonzero(distances <= radius)
            near = near[first_band(differing[near], radius) == band]
            found.append(np.stack((rows[near], distances[near], asked[near])))
        rows, distances, asked = np.concatenate(found, axis=1)
        order = np.argsort(query[asked], kind="stable")
        rows, distances, asked = rows[order], distances[order], asked[order]
        cuts = np.searchsorted(query[asked], np.arange(len(queries) + 1))
        return [
            nearest([Within(rows[start:stop], distances[start:stop], place[asked[start:stop]])])
            for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)
        ]

    def _candidates(
        self, variants: NDArray[np.uint64], radius: int
    ) -> Iterator[tuple[int, NDArray[np.intp], NDArray[np.intp]]]:
        """A band, and rows near in it, with the variant that each is to be compared with, in portions."""
        keys = keys_of(variants)
        for band, reach in enumerate(reaches(radius)):
            order, starts = self._sorted[band]
            differing = masks(reach)
            buckets = keys[:, band, np.newaxis] ^ differing
            begins = starts[buckets].ravel()
            counts = starts[buckets.astype(np.intp) + 1].ravel() - begins
            for first, last in portions(counts):
                picked, places = expanded(begins[first:last], counts[first:last])
                yield band, order[places], (first + picked) // len(differing)


def bits_set(differing: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits of each row are set, shape (n, 4) to (n,)."""
    counts = np.bitwise_count(differing)
    found = counts[:, 0].astype(np.int64)
    for lane in range(1, LANES):
        found += counts[:, lane]
    return found


def first_band(differing: NDArray[np.uint64], radius: int) -> NDArray[np.intp]:
    """The first band in which rows within the radius are near: where a pair is found in several, only there it counts.

    Args:
        differing: the bits in which each pair differs, shape (n, 4).
        radius: bits.
    """
    near = np.less_equal(np.bitwise_count(keys_of(differing)), np.array(reaches(radius)))
    found: NDArray[np.intp] = np.argmax(near, axis=1)
    return found


def keys_of(lanes: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """The bands of each row, shape (n, 16)."""
    return lanes.view(np.uint16).reshape(-1, BANDS)


def sorted_by(keys: NDArray[np.uint16]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows in the order of their keys, and where each bucket begins there, shape (buckets + 1,)."""
    order = np.argsort(keys, kind="stable")
    starts = np.zeros(_BUCKETS + 1, dtype=np.intp)
    np.cumsum(np.bincount(keys, minlength=_BUCKETS), out=starts[1:])
    return order, starts


def expanded(begins: NDArray[np.intp], counts: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Every place of every range, with the range that it is of."""
    which = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    places = np.arange(len(which)) + np.repeat(begins - ends + counts, counts)
    return which, places


def portions(counts: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Cut the ranges so that no portion has many more places than may be compared together."""
    total = np.cumsum(counts)
    cuts = np.searchsorted(total, np.arange(_TOGETHER, int(total[-1]) if len(total) else 0, _TOGETHER)).tolist()
    edges = sorted({0, *(cut + 1 for cut in cuts), len(counts)})
    yield from pairwise(edges)
