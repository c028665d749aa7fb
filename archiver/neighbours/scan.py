"""An exact radius search by reading: every row is looked at, and most are dropped after a part of their bits.

The law: recall within the radius is 1.0. A row is dropped only because a lower bound of its distance is larger than the
radius. Distances are Hamming distances in bits.

1. *Groups.* The variants of a query that differ from one another by whole complemented lanes, but for a few bits, are
   searched together (``archiver.neighbours.lanes``): of a lane that some of them complement, the smaller of its
   distance and its complement's counts. By the triangle inequality no variant is nearer than that sum less these bits.
2. *Prefix.* The sums of the first one, two, three or four lanes are held against the radius plus those few bits; how
   many lanes is what leaves at most about one in a hundred of unrelated rows, whose lanes lie 32 ± 4 bits apart
   (binomial). At a radius of 31 that is two lanes, at 65 three: one more costs every row more than it saves then.
3. *Survivors* are compared in full.

Rows are read in blocks that stay in the core's cache, all queries and groups on one block before the next.

Sums of bytes wrap at 256: three lanes reach 192 and are summed as bytes, four are summed as 16-bit numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from archiver.neighbours.lanes import BITS, LANE, LANES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns

BLOCK = 32_768
"""Rows that are read together: 256 KB a lane. Measured at 10 million rows: half of that costs a tenth more, a quarter a
quarter more, twice that the same, and a tenth less for one query that one lane answers."""

_ALIKE = 48
"""Bits, over all lanes, by which variants of one group may differ beside whole complements. Unrelated fingerprints
differ by 115 and more."""

_SPARED = -2.33
"""Standard deviations below the mean: one in a hundred lies there."""
_STRAIGHT, _EITHER = (32.0, 16.0), (32 - 4 * sqrt(2 / 3.14159265), 16 * (1 - 2 / 3.14159265))
"""Mean and variance of the distance of unrelated lanes, and of the smaller of it and its complement's."""

_FEW = 512
"""Where no more than one in so many is true, each is found for itself: at some 0.2 µs, against 0.7 ns for any."""

_AT_ONCE = 65_536
"""Survivors that are compared in full together at the most."""


class Within(NamedTuple):
    """Rows within the radius, each once, in their order.

    Attributes:
        rows: their places, shape (n,).
        distances: of the nearest variant in bits.
        variants: which variant is nearest; of several the first.
    """

    rows: NDArray[np.intp]
    distances: NDArray[np.int64]
    variants: NDArray[np.intp]


@dataclass(slots=True)
class Group:
    """Variants that are searched together, and what survived of a search so far."""

    query: int
    radius: int
    places: list[int]
    variants: NDArray[np.uint64]
    either: list[bool]
    prefix: int
    bound: int
    survivors: list[NDArray[np.intp]] = field(default_factory=list)
    waiting: int = 0


def within(held: Columns, queries: Sequence[tuple[NDArray[np.uint64], int]]) -> list[Within]:
    """The rows that some variant of each query comes within its radius of.

    Args:
        held: what is searched.
        queries: the variants of each, shape (variants, 4), lane by lane, and its radius in bits.
    """
    every = [group for place, query in enumerate(queries) for group in groups(place, *query)]
    found: list[list[Within]] = [[] for _ in queries]
    block = BLOCK if len(every) > 1 else 2 * BLOCK
    work = _Work(min(block, len(held)))
    for start in range(0, len(held), block):
        stop = min(start + block, len(held))
        lanes = _Lanes(held, start, stop, work)
        for group in every:
            rows = work.survivors(lanes, group)
            if len(rows):
                group.survivors.append(rows + start)
                group.waiting += len(rows)
                if group.waiting > _AT_ONCE:
                    found[group.query].append(_compared(held, group))
    for group in every:
        if group.waiting:
            found[group.query].append(_compared(held, group))
    return [nearest(parts) for parts in found]


def groups(place: int, query: NDArray[np.uint64], radius: int) -> Iterator[Group]:
    """The groups of a query, which stands at this place among the others; every row is read once for each group."""
    left = list(range(len(query)))
    while left:
        base = query[left[0]]
        far = np.bitwise_count(query[left] ^ base).astype(np.int64)
        rest = np.minimum(far, LANE - far)
        alike = rest.sum(axis=1) <= _ALIKE
        alike[0] = True
        either = (far[alike] > LANE // 2).any(axis=0)
        prefix, bound = _prefix(either, rest[alike], radius)
        places = [each for each, same in zip(left, alike, strict=True) if same]
        yield Group(place, radius, places, query[places], [bool(each) for each in either], prefix, bound)
        left = [each for each, same in zip(left, alike, strict=True) if not same]


def prefix_of(radius: int) -> tuple[int, int]:
    """How many lanes of a single query to sum, and what their sum may be at the most (step 2)."""
    return _prefix(np.zeros(LANES, dtype=np.bool_), np.zeros((1, LANES), dtype=np.int64), radius)


def _prefix(either: NDArray[np.bool_], rest: NDArray[np.int64], radius: int) -> tuple[int, int]:
    """How many lanes to sum, and what their sum may be at the most."""
    mean = variance = 0.0
    bound = radius
    for lanes in range(1, LANES + 1):
        middle, spread = _EITHER if either[lanes - 1] else _STRAIGHT
        mean, variance = mean + middle, variance + spread
        bound = radius + int(rest[:, :lanes].sum(axis=1).max())
        if (bound + 0.5 - mean) / sqrt(variance) <= _SPARED:
            return lanes, bound
    return LANES, bound


class _Lanes:
    """The lanes of a block as they differ from a query, each read when it is first asked for.

    From one query to the next they are turned in place: what is read and written stays the same memory.
    """

    def __init__(self, held: Columns, start: int, stop: int, work: _Work) -> None:
        self._held, self._start, self._stop, self._room = held, start, stop, work.differing
        self._of: dict[int, np.uint64] = {}

    def __len__(self) -> int:
        return self._stop - self._start

    def differing(self, lane: int, of: np.uint64) -> NDArray[np.uint64]:
        """The bits of a lane in which each row differs from the query's."""
        room = self._room[lane, : len(self)]
        before = self._of.get(lane)
        if before is None:
            np.bitwise_xor(self._held.span(lane, self._start, self._stop), of, out=room)
        else:
            np.bitwise_xor(room, before ^ of, out=room)
        self._of[lane] = of
        return room


class _Work:
    """Room for one block of at the most so many rows, made once."""

    def __init__(self, most: int) -> None:
        self.differing = np.empty((LANES, most), dtype=np.uint64)
        self._count = np.empty(most, dtype=np.uint8)
        self._other = np.empty(most, dtype=np.uint8)
        self._sum = np.empty(most, dtype=np.uint8)
        self._wide = np.empty(most, dtype=np.uint16)
        self._kept = np.empty(most, dtype=np.bool_)

    def survivors(self, lanes: _Lanes, group: Group) -> NDArray[np.intp]:
        """The rows of a block whose first lanes do not rule them out, by their place in it."""
        size = len(lanes)
        total: NDArray[np.uint8] | NDArray[np.uint16] = self._sum[:size]
        self._distances(lanes, group, 0, self._sum[:size])
        if group.prefix == LANES:
            total = self._wide[:size]
            np.copyto(total, self._sum[:size])
        for lane in range(1, group.prefix):
            np.add(total, self._distances(lanes, group, lane, self._count[:size]), out=total)
        kept = np.less_equal(
            total, min(group.bound, BITS if group.prefix == LANES else BITS - 1), out=self._kept[:size]
        )
        return places(kept)

    def _distances(self, lanes: _Lanes, group: Group, lane: int, count: NDArray[np.uint8]) -> NDArray[np.uint8]:
        np.bitwise_count(lanes.differing(lane, group.variants[0, lane]), out=count)
        if group.either[lane]:
            other = np.subtract(np.uint8(LANE), count, out=self._other[: len(count)])
            np.minimum(count, other, out=count)
        return count


def places(kept: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where it is true. Mostly that is nowhere or at a few places, which a search for a byte finds soonest."""
    raw = kept.tobytes()
    found: list[int] = []
    place = raw.find(1)
    while place >= 0:
        found.append(place)
        if len(found) > len(kept) // _FEW:
            return np.flatnonzero(kept)
        place = raw.find(1, place + 1)
    return np.array(found, dtype=np.intp)


def _compared(held: Columns, group: Group) -> Within:
    """The survivors that are within the radius, their distances made in full."""
    rows = np.concatenate(group.survivors)
    group.survivors.clear()
    group.waiting = 0
    bits = held.lanes_of(rows)
    best = np.full(len(rows), BITS + 1, dtype=np.int64)
    which = np.zeros(len(rows), dtype=np.intp)
    for place, variant in zip(group.places, group.variants, strict=True):
        distances = np.bitwise_count(bits ^ variant).sum(axis=1, dtype=np.int64)
        nearer = distances < best
        best[nearer] = distances[nearer]
        which[nearer] = place
    near = best <= group.radius
    return Within(rows[near], best[near], which[near])


def nearest(parts: Sequence[Within]) -> Within:
    """One answer of several: of each row its nearest variant."""
    if not parts:
        return Within(np.empty(0, np.intp), np.empty(0, np.int64), np.empty(0, np.intp))
    rows = np.concatenate([part.rows for part in parts])
    distances = np.concatenate([part.distances for part in parts])
    variants = np.concatenate([part.variants for part in parts])
    order = np.lexsort((variants, distances, rows))
    rows = rows[order]
    first = np.ones(len(rows), dtype=np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return Within(rows[first], distances[order][first], variants[order][first])
