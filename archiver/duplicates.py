"""What the whole archive holds more than once: clusters of items that look alike.

The law: an item is in one cluster at the most; every member is within the radius of its cluster's medoid
(``archiver.neighbours.clusters``); two items that a person said not to be one picture are never in one cluster.

Pictures that are blank or too flat to be compared resemble everything: they are in no cluster, and the largest sets of
them with equal fingerprints are named, so that nobody takes their absence for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archiver.fingerprint.algorithm import QUALITY_BOUND
from archiver.neighbours.clusters import clusters
from archiver.neighbours.columns import ITEM, KIND, NO_QUALITY, QUALITY, joined
from archiver.neighbours.pairs import collapsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns

RADIUS = 31
"""Bits of 256 by default: re-encoded, resized, toned and slightly edited pictures; within it, comparing all pairs of a
million pictures takes about a minute. Two disjoint sets of photographs gave no match in 6.4e8 pairs."""

_WHOLE = 0
_NAMED = 5
"""Sets of blank pictures that are named."""


@dataclass(frozen=True, slots=True)
class Member:
    """An item of a cluster, its distance from the medoid in bits, and the quality of its fingerprint."""

    item: str
    distance: int
    quality: int | None


@dataclass(frozen=True, slots=True)
class Alike:
    """Items that look alike.

    Attributes:
        medoid: the item in their middle.
        members: the others, nearest first.
        beside: how many different fingerprints of other clusters are within the radius of the medoid, too.
        hot: whether so many slight variants of it are held that their pairs were not compared one by one.
    """

    medoid: Member
    members: tuple[Member, ...]
    beside: int
    hot: bool


@dataclass(frozen=True, slots=True)
class Duplicates:
    """All clusters, largest first, and what was not compared.

    Attributes:
        clusters: the clusters.
        compared: how many items were compared.
        flat: how many are blank or too flat to be.
        named: the largest sets of these with equal fingerprints: how many, and one of them.
    """

    clusters: list[Alike]
    compared: int
    flat: int
    named: list[tuple[int, str]]


def duplicates(parts: Sequence[Columns], apart: Sequence[tuple[str, str]], *, radius: int, least: int) -> Duplicates:
    """Cluster all fingerprints of whole pictures.

    Args:
        parts: an index's rows (``LookIndex.parts``); checked as they are read.
        apart: pairs of items that are never in one cluster.
        radius: bits.
        least: items that a cluster has at the least.

    Raises:
        Damaged: the rows that are kept are not what was written.
    """
    held = joined([_read(part) for part in parts])
    items, quality = held.arrays[ITEM], held.arrays[QUALITY].astype(np.int64)
    lanes = np.ascontiguousarray(np.stack(held.arrays[:ITEM], axis=1)).astype(np.uint64, copy=False)
    whole = (held.arrays[KIND] == _WHOLE) & _first_of_each(items)
    comparable = (quality != NO_QUALITY) & (quality >= QUALITY_BOUND)
    rows, flat = np.flatnonzero(whole & comparable), np.flatnonzero(whole & ~comparable)
    place = {bytes(items[row]).hex(): at for at, row in enumerate(rows.tolist())} if apart else {}
    forbidden = [(place[one], place[other]) for one, other in apart if one in place and other in place]

    def member(at: int, distance: int) -> Member:
        row = rows[at]
        return Member(bytes(items[row]).hex(), distance, int(quality[row]))

    found = [
        Alike(
            medoid=member(cluster.medoid, 0),
            members=tuple(member(at, distance) for at, distance in cluster.members),
            beside=cluster.beside,
            hot=cluster.hot,
        )
        for cluster in clusters(lanes[rows], radius, apart=forbidden, least=least)
    ]
    return Duplicates(found, len(rows), len(flat), _named(lanes[flat], items[flat]))


def _read(part: Columns) -> Columns:
    """The same rows, each column checked and in memory."""
    return type(part)(tuple(part.span(column, 0, len(part)) for column in range(len(part.arrays))))


def _first_of_each(items: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where an item stands for the first time."""
    words = np.ascontiguousarray(items).view(np.uint64)
    same = collapsed(words)
    first = np.zeros(len(items), dtype=np.bool_)
    first[same.rows] = True
    return first


def _named(lanes: NDArray[np.uint64], items: NDArray[np.generic]) -> list[tuple[int, str]]:
    same = collapsed(lanes)
    counts = np.bincount(same.member, minlength=len(same.rows))
    largest = np.argsort(-counts, kind="stable")[:_NAMED].tolist()
    return [(int(counts[at]), bytes(items[same.rows[at]]).hex()) for at in largest if counts[at] > 1]
