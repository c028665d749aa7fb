"""By how much the pixels of two aligned pictures leave one another's neighbourhood, and what clipping excuses of that.

A picture that was made lighter or stronger runs into the ends of the scale, pixel by pixel; in its reduced pixels these
are mixed with others, which no rule undoes. So a pixel that clipped may be what lies beyond its end, and differs only
the other way: white letters on something dark do, a burnt-out sky does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.resampling import Shared


def excess(
    one: NDArray[np.float32], other: NDArray[np.float32], clipped: Shared | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """By how much pixels leave their counterparts' range, and the smaller of both pictures' ranges; (height, width).

    Args:
        one: shape (height, width, channels).
        other: the same of the other.
        clipped: the two as they were, where tone changed and clipping excuses what it explains; else none.
    """
    low_one, high_one = _range(one)
    low_other, high_other = _range(other)
    above = np.maximum(one - high_other, low_one - other).max(axis=2)
    below = np.maximum(low_other - one, other - high_one).max(axis=2)
    if clipped is not None:
        (dark, bright), (dark_other, bright_other) = _ends(clipped.one_clipped), _ends(clipped.other_clipped)
        above[dark | bright_other] = 0
        below[bright | dark_other] = 0
    contrast = np.minimum(high_one - low_one, high_other - low_other)
    return np.maximum(np.maximum(above, below), 0), contrast.max(axis=2)


def _ends(clipped: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where it clipped at 0 and at 255, or a neighbour did; where both, as in outlined letters, neither excuses."""
    low, high = (_range(clipped[:, :, [end]].astype(np.float32))[1][:, :, 0] > 0 for end in range(2))
    return low & ~high, high & ~low


def _range(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    padded = np.pad(samples, ((1, 1), (1, 1), (0, 0)), mode="edge")
    low = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    high = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    return (
        np.minimum(np.minimum(low[:, :-2], low[:, 1:-1]), low[:, 2:]),
        np.maximum(np.maximum(high[:, :-2], high[:, 1:-1]), high[:, 2:]),
    )
