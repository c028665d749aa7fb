"""Inclusion proofs for many leaves of one tree, and how it grew from smaller ones, in a single pass over all leaves.

``archiver.custody.merkle.inclusion_proof`` hashes the whole tree for every leaf that is asked about. Here the leaves go
by once, as a stream, and of the nodes that come into being only those are kept that some proof is made of: at most
``log2(size)`` for each leaf that is asked about, whatever the size of the log.

A node is named by its level and its place in it: node ``(level, place)`` is the root over the leaves from
``place * 2**level`` to before ``(place + 1) * 2**level``. All of RFC 6962's nodes are such perfect ones, but for those
on the right edge, which are made of perfect ones when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.custody.merkle import Frontier, node_hash

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class Proofs:
    """The proofs that some leaves stand in one tree.

    Args:
        leaves: the leaf hashes, 32 bytes each, in order; only the first ``size`` are read.
        size: the tree's size in leaves.
        wanted: the places of the leaves that will be asked about, from 0.
        earlier: the sizes of the smaller trees that will be asked about, from 1.

    Raises:
        ValueError: there are fewer leaves than that, or a place or a size lies outside.

    Attributes:
        root: the tree's root hash, 32 bytes.
    """

    def __init__(
        self, leaves: Iterable[bytes], size: int, wanted: Collection[int], earlier: Collection[int] = ()
    ) -> None:
        if not all(0 <= place < size for place in wanted) or not all(1 <= first <= size for first in earlier):
            raise ValueError(f"a leaf or a tree outside of a tree of {size}")
        self._size = size
        ranges = [*(_siblings(place, size) for place in wanted), *(_growth(first, size) for first in earlier)]
        needed = {name for each in ranges for start, end in each for name in _perfect(start, end)}
        self._nodes: dict[tuple[int, int], bytes] = {}
        edge: list[bytes] = []
        read = 0
        for leaf in leaves:
            if read == size:
                break
            level, place, node = 0, read, leaf
            self._keep(needed, (level, place), node)
            while place & 1:
                node = node_hash(edge.pop(), node)
                level, place = level + 1, place >> 1
                self._keep(needed, (level, place), node)
            edge.append(node)
            read += 1
        if read < size:
            raise ValueError(f"{read} leaves are no tree of {size}")
        self.root = Frontier(size, tuple(edge)).root

    def _keep(self, needed: set[tuple[int, int]], name: tuple[int, int], node: bytes) -> None:
        if name in needed:
            self._nodes[name] = node

    def path(self, place: int) -> list[bytes]:
        """The hashes that lead from a leaf to the root, lowest first (RFC 6962, 2.1.1: PATH).

        Raises:
            KeyError: this leaf was not among those wanted.
        """
        return [self._over(start, end) for start, end in _siblings(place, self._size)][::-1]

    def growth(self, first: int) -> list[bytes]:
        """The hashes that show that this tree begins with the one of this size (RFC 6962, 2.1.2: PROOF).

        Raises:
            KeyError: this size was not among those wanted.
        """
        return [self._over(start, end) for start, end in _growth(first, self._size)][::-1]

    def _over(self, start: int, end: int) -> bytes:
        """The root over a range of leaves: of perfect subtrees, joined from the right (RFC 6962, 2.1)."""
        *larger, node = (self._nodes[name] for name in _perfect(start, end))
        for left in reversed(larger):
            node = node_hash(left, node)
        return node


def _siblings(place: int, size: int) -> Iterator[tuple[int, int]]:
    """The ranges of leaves whose roots are a leaf's proof, from the root down."""
    start, end = 0, size
    while end - start > 1:
        middle = _middle(start, end)
        if place < middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle


def _growth(first: int, size: int) -> Iterator[tuple[int, int]]:
    """The ranges of leaves whose roots show that a tree began with its first leaves, from the root down."""
    start, end = 0, size
    while first != end:
        middle = _middle(start, end)
        if first <= middle:
            yield middle, end
            end = middle
        else:
            yield start, middle
            start = middle
    if start:  # a verifier knows the earlier tree's root, but not the root of this part of it
        yield start, end


def _middle(start: int, end: int) -> int:
    """Where a tree over these leaves splits: at the largest power of two below their number."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The perfect subtrees that a range is made of, largest first; it begins where a subtree of its size may."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level
