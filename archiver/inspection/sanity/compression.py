"""Whether a JPEG's coefficients are spread as if it had been compressed before, with other tables.

A coefficient that was quantised twice, first by a step of q1 and then by one of q2, leaves a histogram with gaps or
peaks that come back periodically (J. Lukáš, J. Fridrich, *Estimation of Primary Quantization Matrix in Double
Compressed JPEG Images*, DFRWS 2003; A. C. Popescu, H. Farid, *Statistical Tools for Digital Forensics*, 2004). What it
would look like after one compression is estimated from the picture itself, shifted by half a block (calibration, after
Fridrich and others 2002), and what after two from the same, quantised by each step that the first may have had.

1. The 8 x 8 blocks of the decoded luma, and those of the same samples four pixels off, are transformed (ITU-T T.81,
   A.3.3), at the lowest frequencies only: in the others nearly everything is zero.
2. For each frequency: how much likelier the histogram is under the best first step than without one, in bits for each
   block; the file's own step, its divisors, and steps that hardly differ, are left out.
3. The mean over the frequencies that tell anything, against the threshold.

What cannot be told: a first compression by the same tables, or much finer than the second; one on another grid (the
picture was cut or resized in between); pictures of few blocks, or too coarsely compressed, for a histogram. numpy is
loaded by whoever asks: the process that works out fingerprints has it already.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

THRESHOLD: Final = 0.05
"""Bits a block. See ``docs/sanity.md`` for how often it errs."""

FEWEST_BLOCKS: Final = 1000
"""Blocks with structure that a histogram takes."""

_FREQUENCIES: Final = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1))
_LARGEST_STEP: Final = 32
_BINS: Final = 15
_REACH: Final = 2048
"""Half steps of one: the largest coefficient of eight-bit samples is 1024."""
_MOST_IN_ONE: Final = 0.9
_NOISE: Final = 0.6
"""Standard deviation that rounding to whole samples, twice with colour in between, leaves on a coefficient."""
_EDGE: Final = 8
_FLAT, _WHITE = 2, 255


def bits(samples: NDArray[np.uint8], table: Sequence[int]) -> float | None:
    """How much likelier two compressions are than one; none where it cannot be told.

    Args:
        samples: luma as decoded, shape (height, width), both multiples of 8, on the file's own grid.
        table: the 64 quantisation steps of luma, row by row.
    """
    own, shifted = _blocks(samples), _blocks(samples[4:-4, 4:-4])
    if min(len(own), len(shifted)) < FEWEST_BLOCKS:
        return None
    basis = _basis()
    coded, free = own @ basis, shifted @ basis
    told = [
        _gain(coded[:, column], free[:, column], int(table[8 * row + across]))
        for column, (row, across) in enumerate(_FREQUENCIES)
    ]
    usable = [each for each in told if each is not None]
    return float(np.mean(usable)) if len(usable) >= 3 else None  # noqa: PLR2004 - a third of the frequencies


def _gain(coded: Reals, free: Reals, step: int) -> float | None:
    """Step 2 for one frequency."""
    if not 1 <= step <= _LARGEST_STEP:
        return None
    seen = np.bincount(np.clip(np.rint(coded / step).astype(np.int64), -_BINS, _BINS) + _BINS, minlength=2 * _BINS + 1)
    if seen.max() > _MOST_IN_ONE * seen.sum():
        return None
    seen[[0, -1]] = 0
    if not seen.any():
        return None
    half = np.clip(np.floor(2 * free).astype(np.int64), -_REACH, _REACH - 1) + _REACH
    below = np.concatenate(([0], np.cumsum(np.bincount(half, minlength=2 * _REACH))))
    alone = float(seen @ _log(np.diff(below[_edges(step, _BINS)]).astype(np.float64)))
    gains = [
        float(seen @ _log(spread @ np.diff(below[edges]))) - alone
        for edges, spread in (_model(step, first) for first in range(2, _LARGEST_STEP + 1) if step % first)
    ]
    return max(0.0, *gains) / float(seen.sum())


def _edges(step: int, most: int) -> NDArray[np.int64]:
    """Where the levels of a step begin and end, the ``most`` to either side of zero, in half steps of one."""
    return np.clip(step * np.arange(-2 * most - 1, 2 * most + 2, 2) + _REACH, 0, 2 * _REACH)


@cache
def _model(step: int, first: int) -> tuple[NDArray[np.int64], Reals]:
    """The levels of a first step, and by column the chances with which each falls into each bin of the second."""
    most = int(_BINS * step / first) + 2
    centres = first * np.arange(-most, most + 1)
    bounds = step * (np.arange(-_BINS, _BINS + 2) - 0.5)
    below = _normal((bounds[:, np.newaxis] - centres) / _NOISE)
    return _edges(first, most), np.diff(below, axis=0)


def _normal(values: NDArray[np.floating[Any]]) -> Reals:
    """The normal distribution, by the logistic one with its shape (off by a hundredth at the most)."""
    return 1 / (1 + np.exp(-1.702 * np.clip(values, -30, 30)))  # type: ignore[no-any-return] # numpy's stubs say Any


def _log(histogram: Reals) -> Reals:
    """Logarithms to base 2 of a histogram as chances, with a little for what was not seen."""
    chances = histogram + 0.5
    return np.log2(chances / chances.sum())  # type: ignore[no-any-return] # numpy's stubs say Any


def _blocks(samples: NDArray[np.uint8]) -> Reals:
    """The blocks with structure that are not cut off at black or white, 64 samples each."""
    height, width = (side // _EDGE for side in samples.shape)
    tiled = samples[: height * _EDGE, : width * _EDGE].reshape(height, _EDGE, width, _EDGE)
    blocks = tiled.transpose(0, 2, 1, 3).reshape(-1, _EDGE * _EDGE)
    low, high = blocks.min(axis=1), blocks.max(axis=1)
    kept: Reals = blocks[(low > 0) & (high < _WHITE) & (high - low > _FLAT)].astype(np.float64)
    return kept


@cache
def _basis() -> Reals:
    """By column the two-dimensional cosines of the frequencies (ITU-T T.81, A.3.3)."""
    points = np.arange(_EDGE)
    cosines = [
        np.cos((2 * points + 1) * order * np.pi / 16) * (0.5 if order else 0.5 / 2**0.5) for order in range(_EDGE)
    ]
    return np.stack([np.outer(cosines[row], cosines[across]).ravel() for row, across in _FREQUENCIES], axis=1)
