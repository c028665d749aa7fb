"""Clusters of what looks alike: stars around a medoid, and no chains.

The law: every member is within the radius of its medoid, so no two members are further apart than twice the radius; no
two members are a pair that was said to be kept apart. What chains of resemblance lead to (A like B, B like C, … until
all is one) cannot happen: a 64-bit hash at a radius of 10 merged 7.2 of 10 million pictures into one that way.

1. *Medoids.* The row that most others resemble is the first medoid, of several the one that is nearest to them in sum,
   of these the lowest row; what it has within the radius is its star. So on with what is left.
2. *Overlaps.* A row that several medoids have within the radius goes to the nearest, of several to the earlier one. How
   many rows of other stars a medoid has within the radius as well is told (``beside``).
3. *Kept apart.* Members enter nearest first; one that is to be kept apart from a member that is in stays out. Those
   that stay out of one star make stars of their own in the same way.

The same rows give the same clusters, in whatever order they are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.bands import bits_set
from archiver.neighbours.pairs import collapsed, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from archiver.neighbours.pairs import Collapsed, Pairs


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows that look alike.

    Attributes:
        medoid: the row in their middle.
        members: the others with their distances from it, nearest first.
        beside: how many rows of other clusters are within the radius of the medoid, too.
        hot: whether it was taken out before the join, because too many rows shared a bucket.
    """

    medoid: int
    members: tuple[tuple[int, int], ...]
    beside: int = 0
    hot: bool = False

    def __len__(self) -> int:
        return 1 + len(self.members)


def clusters(
    lanes: NDArray[np.uint64], radius: int, *, apart: Iterable[tuple[int, int]] = (), least: int = 2
) -> list[Cluster]:
    """The clusters of these rows, largest first, of equal ones the lowest medoid first.

    Args:
        lanes: the rows' bits, shape (n, 4); the order of the rows decides between equals.
        radius: bits.
        apart: pairs of rows that are never in one cluster.
        least: rows that a cluster has at the least.
    """
    same = collapsed(lanes)
    bits = np.ascontiguousarray(lanes[same.rows])
    found = pairs(bits, radius)
    stars, distances, beside = _stars(len(bits), np.bincount(same.member, minlength=len(bits)), found)
    hot = {ball.centre for ball in found.balls}
    forbidden: dict[int, set[int]] = defaultdict(set)
    for one, other in apart:
        forbidden[one].add(other)
        forbidden[other].add(one)
    made = [
        cluster
        for medoid, rows in _by_star(stars, distances, same)
        for cluster in _split(rows, forbidden, lanes, radius, beside.get(medoid, 0), hot=medoid in hot)
        if len(cluster) >= least
    ]
    return sorted(made, key=lambda cluster: (-len(cluster), cluster.medoid))


def _stars(
    count: int, weight: NDArray[np.int64], found: Pairs
) -> tuple[NDArray[np.int64], NDArray[np.int64], Mapping[int, int]]:
    """Steps 1 and 2: of each different fingerprint its medoid and its distance from it; what lies beside medoids."""
    one = np.concatenate([found.one, found.other]).astype(np.int64)
    other = np.concatenate([found.other, found.one]).astype(np.int64)
    far = np.concatenate([found.distance, found.distance])
    order = np.lexsort((other, one))
    one, other, far = one[order], other[order], far[order]
    starts = np.searchsorted(one, np.arange(count + 1))
    degree = weight - 1 + np.bincount(one, weights=weight[other], minlength=count).astype(np.int64)
    total = np.bincount(one, weights=far * weight[other], minlength=count).astype(np.int64)
    medoid = np.full(count, -1, dtype=np.int64)
    distance = np.zeros(count, dtype=np.int64)
    for ball in found.balls:
        medoid[ball.members], distance[ball.members] = ball.centre, ball.distances
    medoids = [ball.centre for ball in found.balls]
    for row in np.lexsort((np.arange(count), total, -degree)).tolist():
        if medoid[row] >= 0 or not degree[row]:
            continue
        medoid[row] = row
        medoids.append(row)
        near = slice(starts[row], starts[row + 1])
        free = medoid[other[near]] < 0
        medoid[other[near][free]], distance[other[near][free]] = row, far[near][free]
    is_medoid = np.zeros(count, dtype=np.bool_)
    is_medoid[medoids] = True
    rank = np.full(count, count, dtype=np.int64)
    rank[medoids] = np.arange(len(medoids))
    rays = np.flatnonzero(is_medoid[one] & ~is_medoid[other])
    best = rays[np.lexsort((rank[one[rays]], far[rays], other[rays]))]
    nearest, first = np.unique(other[best], return_index=True)
    best = best[first]
    medoid[nearest], distance[nearest] = one[best], far[best]
    beside = np.bincount(one[rays][medoid[other[rays]] != one[rays]], minlength=count)
    return medoid, distance, {row: int(beside[row]) for row in medoids}


def _by_star(
    medoid: NDArray[np.int64], distance: NDArray[np.int64], same: Collapsed
) -> list[tuple[int, list[tuple[int, int]]]]:
    """The rows of each star with their distances, nearest first, all rows of one fingerprint among them."""
    of = medoid[same.member]
    rows = np.flatnonzero(of >= 0)
    order = rows[np.lexsort((rows, distance[same.member[rows]], of[rows]))]
    if not len(order):
        return []
    cuts = np.flatnonzero(np.diff(of[order], prepend=-1)).tolist()
    return [
        (int(of[part[0]]), list(zip(part.tolist(), distance[same.member[part]].tolist(), strict=True)))
        for start, stop in zip(cuts, [*cuts[1:], len(order)], strict=True)
        for part in [order[start:stop]]
    ]


def _split(
    rows: list[tuple[int, int]],
    forbidden: Mapping[int, set[int]],
    lanes: NDArray[np.uint64],
    radius: int,
    beside: int,
    *,
    hot: bool,
) -> list[Cluster]:
    """Step 3: one cluster of a star, or several, where some of its rows are to be kept apart."""
    made: list[Cluster] = []
    while rows:
        entered: list[tuple[int, int]] = []
        inside: set[int] = set()
        left: list[int] = []
        for row, far in rows:
            if far > radius or not inside.isdisjoint(forbidden.get(row, ())):
                left.append(row)
            else:
                entered.append((row, far))
                inside.add(row)
        made.append(Cluster(entered[0][0], tuple(entered[1:]), beside, hot))
        distances = bits_set(lanes[left] ^ lanes[left[0]]).tolist() if left else []
        rows = sorted(zip(left, distances, strict=True), key=lambda each: (each[1], each[0]))
    return made
