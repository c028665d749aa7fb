"""All pairs within a radius: of a million fingerprints, without comparing every one with every other.

The law: exact. Every pair of different rows within the radius comes out once, with its distance, but for those of
which a *hot* row is one, and hot rows are named.

1. *Identical rows are one* (``collapsed``): a million pictures had 3.5 million pairs of equal fingerprints, one blank
   hash 1,788 times. What is held many times costs as much as what is held once.
2. *Join, band by band* (``archiver.neighbours.bands``): rows that are near in a band are compared in full; a pair that
   is near in several counts in the first. At radii for which bands do not pay, every row is read past all before it.
3. *Hot rows.* Where a bucket of a band holds more than ``HOT`` rows, they may all resemble one another, and the pairs
   be as many as their square. Such a bucket's rows vote on every bit; the row nearest to the outcome is a centre, and
   all rows within the radius of it are taken out before the join, as one *ball*, if they are many. So a thousand slight
   variants of one picture are one ball and no half a million pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.bands import (
    BANDS,
    bits_set,
    expanded,
    first_band,
    keys_of,
    masks,
    portions,
    reaches,
    share,
    sorted_by,
)
from archiver.neighbours.lanes import LANES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

HOT = 2048
"""Rows in one bucket of a band; a million unrelated rows put 15 ± 4 into each."""

_MANY = 256
"""Rows within the radius of a hot bucket's centre, from which on they are a ball."""

_AT_ONCE = 512
"""Rows that are read past all before them together."""

_READ_ALL = 0.06
"""The share of rows that bands compare a row with, from which on it costs less to read all of them."""


@dataclass(frozen=True, slots=True)
class Collapsed:
    """Rows of which none are identical.

    Attributes:
        rows: the first of each set of identical rows, shape (n,), in their order.
        member: for every row of the whole, the place in ``rows`` of the one that it is identical with.
    """

    rows: NDArray[np.intp]
    member: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ball:
    """Many rows within the radius of one: a hot picture and its variants.

    Attributes:
        centre: a row.
        members: the rows within the radius of it, itself first, nearest first.
        distances: of each from the centre.
    """

    centre: int
    members: NDArray[np.intp]
    distances: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of rows within the radius, each once, ``one`` below ``other``, and the balls that were taken out first."""

    one: NDArray[np.int32]
    other: NDArray[np.int32]
    distance: NDArray[np.uint8]
    balls: list[Ball]


def collapsed(lanes: NDArray[np.uint64]) -> Collapsed:
    """Find identical rows; ``lanes`` are of shape (n, 4)."""
    order = np.lexsort(tuple(lanes[:, lane] for lane in range(LANES)))
    in_order = lanes[order]
    new = np.ones(len(lanes), dtype=np.bool_)
    new[1:] = (in_order[1:] != in_order[:-1]).any(axis=1)
    group = np.cumsum(new) - 1
    # lexsort is stable, so the first of each group is its lowest row
    first = order[new]
    rows = np.sort(first)
    member = np.empty(len(lanes), dtype=np.intp)
    member[order] = np.searchsorted(rows, first)[group]
    return Collapsed(rows, member)


def pairs(lanes: NDArray[np.uint64], radius: int) -> Pairs:
    """All pairs of these rows within the radius.

    Args:
        lanes: of shape (n, 4), none identical.
        radius: bits.
    """
    lanes = np.ascontiguousarray(lanes)
    balls, left = _balls(lanes, radius)
    joined = _read(lanes[left], radius) if share(radius) > _READ_ALL else _join(lanes[left], radius)
    found = [(left[one], left[other], distance) for one, other, distance in joined]
    one = np.concatenate([np.empty(0, np.int32), *(each for each, _, _ in found)]).astype(np.int32)
    other = np.concatenate([np.empty(0, np.int32), *(each for _, each, _ in found)]).astype(np.int32)
    distance = np.concatenate([np.empty(0, np.uint8), *(each for _, _, each in found)]).astype(np.uint8)
    return Pairs(np.minimum(one, other), np.maximum(one, other), distance, balls)


def _balls(lanes: NDArray[np.uint64], radius: int) -> tuple[list[Ball], NDArray[np.intp]]:
    """Step 3: the balls, and the rows that are in none of them."""
    left = np.arange(len(lanes))
    balls: list[Ball] = []
    for band in range(BANDS):
        tried: set[int] = set()
        while True:
            keys = keys_of(lanes[left])[:, band] if len(left) else np.empty(0, np.uint16)
            counts = np.bincount(keys, minlength=2)
            hot = [key for key in np.flatnonzero(counts > HOT).tolist() if key not in tried]
            if not hot:
                break
            key = max(hot, key=lambda each: (counts[each], each))
            tried.add(key)
            bucket = left[keys == key]
            centre = int(bucket[bits_set(lanes[bucket] ^ _vote(lanes[bucket])).argmin()])
            distances = bits_set(lanes[left] ^ lanes[centre])
            near = distances <= radius
            if int(near.sum()) < _MANY:
                continue
            members, far = left[near], distances[near]
            order = np.lexsort((members, far))
            balls.append(Ball(centre, members[order], far[order]))
            left = left[~near]
    return balls, left


def _vote(lanes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """What most rows have at each bit."""
    bits = np.unpackbits(lanes.view(np.uint8).reshape(len(lanes), -1), axis=1)
    most = bits.sum(axis=0, dtype=np.int64) * 2 > len(lanes)
    return np.packbits(most).view(np.uint64)


Found = tuple["NDArray[np.intp]", "NDArray[np.intp]", "NDArray[np.int64]"]


def _join(lanes: NDArray[np.uint64], radius: int) -> Iterator[Found]:
    """Step 2, band by band."""
    every = keys_of(lanes)
    for band, reach in enumerate(reaches(radius)):
        if reach < 0:
            continue
        order, starts = sorted_by(every[:, band])
        here, keys = lanes[order], every[order, band].astype(np.intp)
        rows = np.arange(len(order))
        for mask in masks(reach).tolist():
            # Of each pair of buckets the lower looks at the higher; within one, a row at those behind it.
            looking = rows if mask == 0 else np.flatnonzero(keys < keys ^ mask)
            partner = keys[looking] ^ mask
            begins = looking + 1 if mask == 0 else starts[partner]
            counts = starts[partner + 1] - begins
            for first, last in portions(counts):
                picked, places = expanded(begins[first:last], counts[first:last])
                one = looking[first:last][picked]
                differing = np.take(here, one, axis=0)
                differing ^= np.take(here, places, axis=0)
                distances = bits_set(differing)
                near = np.flatnonzero(distances <= radius)
                if len(near):
                    near = near[first_band(differing[near], radius) == band]
                    yield order[one[near]], order[places[near]], distances[near]


def _read(lanes: NDArray[np.uint64], radius: int) -> Iterator[Found]:
    """Step 2, without bands: every row past all before it, in blocks."""
    from archiver.neighbours.columns import Columns  # noqa: PLC0415 - only here
    from archiver.neighbours.search import search  # noqa: PLC0415 - only here

    columns = tuple(np.ascontiguousarray(lanes[:, lane]) for lane in range(LANES))
    for start in range(0, len(lanes), _AT_ONCE):
        stop = min(start + _AT_ONCE, len(lanes))
        held = Columns(tuple(column[:stop] for column in columns))
        asked = [(lanes[row : row + 1], radius) for row in range(start, stop)]
        for row, found in zip(range(start, stop), search(held, asked), strict=True):
            before = found.rows < row
            rows = found.rows[before]
            if len(rows):
                yield rows, np.full(len(rows), row), found.distances[before]
