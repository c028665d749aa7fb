"""Many single queries at once, by products of matrices: exact, and faster than reading for each query anew.

For bits x of a row and q of a query, the Hamming distance is the number of ones in q plus the sum of x (1 - 2 q) over
all bits: one product of a matrix of rows with a matrix of queries, whose kernel (BLAS) keeps its operands in registers.

1. *Three queries in one column.* Distances over at most 192 bits are below 256, so the weights of three queries are
   added up times 1, 256 and 65,536. All sums on the way are whole numbers below 2^24, which single precision holds
   exactly, in whatever order they are added; the three distances are the three low bytes of the outcome.
2. *Prefix.* As in ``archiver.neighbours.scan``, only the first lanes are counted, as many as leave about one in a
   hundred of unrelated rows; a sum over fewer bits is never more than the distance.
3. *Survivors* are compared in full.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.neighbours.scan import Within, nearest, places, prefix_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns

MOST_LANES: Final = 3
"""Of four lanes the sums could reach 2^24."""

LEAST: Final = 160
"""Queries from which on it pays: turning the bits of a row into numbers costs as much as reading it fifty times."""

_ROWS: Final = 1024
"""Rows that are multiplied together; twice and half as many cost the same."""
_IN_ONE: Final = 3
_PLACES: Final = np.array([1, 1 << 8, 1 << 16], dtype=np.float32)


def pays(queries: int, radius: int) -> bool:
    """Whether so many single queries cost less than reading, at this radius in bits."""
    return queries >= LEAST and prefix_of(radius)[0] <= MOST_LANES


def within(held: Columns, queries: NDArray[np.uint64], radius: int) -> list[Within]:
    """The rows within the radius of each query.

    Args:
        held: what is searched.
        queries: shape (m, 4), lane by lane.
        radius: bits.

    Raises:
        ValueError: at this radius too many lanes would be counted.
    """
    lanes, bound = prefix_of(radius)
    if lanes > MOST_LANES:
        raise ValueError(f"at a radius of {radius} the sums would not be exact")
    weights, offsets = _weights(queries[:, :lanes])
    least = np.full((weights.shape[1], 4), bound + 1, dtype=np.uint8)
    least[:, _IN_ONE] = 0  # the highest byte holds no distance, and none is below 0
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]] = []
    room = np.empty((_ROWS, weights.shape[0]), dtype=np.float32)
    for start in range(0, len(held), _ROWS):
        stop = min(start + _ROWS, len(held))
        rows = room[: stop - start]
        rows[:] = _bits(np.stack([held.span(lane, start, stop) for lane in range(lanes)], axis=1))
        sums = (rows @ weights).astype("<i4")
        sums += offsets
        near = np.less(sums.view(np.uint8).reshape(len(rows), -1), least.reshape(-1))
        row, column = np.divmod(places(near.reshape(-1)), near.shape[1])
        if len(row):
            found.append(_compared(held, row + start, _IN_ONE * (column // 4) + column % 4, queries, radius))
    return _by_query(found, len(queries))


def _weights(queries: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """The matrix of queries, three a column, and what is added to its products; padded with queries that are all zero.

    Shapes: (bits, columns) and (columns,).
    """
    padded = -len(queries) % _IN_ONE
    bits = _bits(np.concatenate([queries, np.zeros((padded, queries.shape[1]), dtype=np.uint64)]))
    ones = bits.sum(axis=1, dtype=np.float32).reshape(-1, _IN_ONE)
    signs = (1 - 2 * bits.astype(np.float32)).reshape(-1, _IN_ONE, bits.shape[1])
    weights = np.tensordot(signs, _PLACES, axes=(1, 0))
    return np.ascontiguousarray(weights.T), (ones @ _PLACES).astype(np.int32)


def _bits(lanes: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Each bit of (n, lanes) words as a number, shape (n, 64 lanes); in which order is the same for all."""
    return np.unpackbits(np.ascontiguousarray(lanes, dtype=np.uint64).view(np.uint8), axis=1)


def _compared(
    held: Columns, rows: NDArray[np.intp], asked: NDArray[np.intp], queries: NDArray[np.uint64], radius: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Rows, queries and distances of those that are within the radius in full."""
    real = asked < len(queries)
    rows, asked = rows[real], asked[real]
    distances = np.bitwise_count(held.lanes_of(rows) ^ queries[asked]).sum(axis=1, dtype=np.int64)
    close = distances <= radius
    return rows[close], asked[close], distances[close]


def _by_query(
    found: Sequence[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]], queries: int
) -> list[Within]:
    if not found:
        return [nearest([])] * queries
    rows, asked, distances = (np.concatenate([each[part] for each in found]) for part in range(3))
    order = np.lexsort((rows, asked))
    rows, asked, distances = rows[order], asked[order], distances[order]
    cuts = np.searchsorted(asked, np.arange(queries + 1)).tolist()
    return [
        Within(rows[start:stop], distances[start:stop], np.zeros(stop - start, dtype=np.intp))
        for start, stop in pairwise(cuts)
    ]
