"""From single points that resemble each other to rows that may show the same picture.

1. Of several points of one row that a query's point resembles, the nearest counts: a texture repeated within a picture
   votes once.
2. A vote weighs less the more rows the point resembles (a stroke of text, the corner of a window), and the farther its
   code is: the weights of Jegou, Douze and Schmid, "Hamming embedding and weak geometric consistency for large scale
   image search", ECCV 2008.
3. Where a picture was turned and scaled as a whole, its true votes agree about the turn and the scale. A row counts the
   votes of its best turn or of its best scale, whichever are fewer (the same paper's weak geometric consistency).

Weights are whole numbers, so that the order of summing does not matter; equal rows are ordered by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.lists import OCTAVE, TURN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.neighbours.lists import Hits

SPREAD = 12.0
"""Bits at which a vote weighs 1/e of one at distance 0. Of 10, 12, 14, 16, 20 and none at all, 12 had the best recall
within the best 10 of 100,000 items (``benchmarks/parts.py`` has the set-up)."""

MOST_ROWS = 8192
"""Rows whose votes are looked at for agreement: those with the heaviest. Bounds memory in archives of millions."""

_STEPS = 16
"""Of a vote's weight, to a whole number."""
_TURN_BIN, _SCALE_BIN = TURN // 16, OCTAVE * 2 // 3
"""Steps of angle and of scale that count as the same; votes of two neighbouring bins are counted together."""
_SCALE_BINS = 2 * 256 // _SCALE_BIN + 2


def votes(hits: Hits, poses: NDArray[np.uint16], rows: int) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The rows that were voted for, ascending, and the weight of their votes.

    Args:
        hits: pairs of points.
        poses: of the query's points, by number.
        rows: how many rows were searched.
    """
    hits = _nearest(hits)  # step 1
    often = np.bincount(hits.points)[hits.points] if len(hits.points) else np.empty(0, np.int64)
    rarity = np.log2(1 + rows / np.maximum(often, 1))
    weights = np.rint(_STEPS * rarity * np.exp(-((hits.distances / SPREAD) ** 2))).astype(np.int64)  # step 2
    found, which = np.unique(hits.rows, return_inverse=True)
    if len(found) > MOST_ROWS:
        heaviest = np.argsort(-np.bincount(which, weights=weights), kind="stable")[:MOST_ROWS]
        kept = np.flatnonzero(np.isin(which, heaviest))
        hits, weights = hits.at(kept), weights[kept]
        found, which = np.unique(hits.rows, return_inverse=True)
    mine, theirs = poses[hits.points].astype(np.int32), hits.poses.astype(np.int32)
    turn = ((mine & 0xFF) - (theirs & 0xFF)) % TURN // _TURN_BIN
    scale = ((mine >> 8) - (theirs >> 8) + 256) // _SCALE_BIN
    by_turn = _summed(which, turn, weights, (len(found), TURN // _TURN_BIN))
    by_scale = _summed(which, scale, weights, (len(found), _SCALE_BINS))
    agreed_turn = (by_turn + np.roll(by_turn, -1, axis=1)).max(axis=1, initial=0)
    agreed_scale = (by_scale[:, :-1] + by_scale[:, 1:]).max(axis=1, initial=0)
    return found, np.minimum(agreed_turn, agreed_scale)  # step 3


def _nearest(hits: Hits) -> Hits:
    """Of every point and row the nearest pair; of equal distances the one of the smaller pose."""
    pair = (hits.points.astype(np.int64) << 32) | hits.rows
    order = np.lexsort((hits.poses, hits.distances, pair))
    pair = pair[order]
    kept = order[np.concatenate([[True], pair[1:] != pair[:-1]])] if len(pair) else order
    return hits.at(kept)


def _summed(
    which: NDArray[np.intp], bins: NDArray[np.int32], weights: NDArray[np.int64], shape: tuple[int, int]
) -> NDArray[np.int64]:
    # Sums of whole numbers far below 2**53: exact in the floats that bincount adds.
    flat = np.bincount(which * shape[1] + bins, weights=weights, minlength=shape[0] * shape[1])
    return flat.astype(np.int64).reshape(shape)
