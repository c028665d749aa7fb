"""Whether a small picture and a thumbnail show the same, or one a part of the other: normalised correlation.

The measure is the normalised cross-correlation of both, reduced to the same few pixels by averages (J. P. Lewis, Fast
Normalized Cross-Correlation, Vision Interface 1995): 1 for the same picture however bright or contrasty, about 0 for
unrelated ones. Thresholds were chosen by measurement; the figures stand in ``docs/sanity.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Grey = NDArray[np.float64]

SAME: Final = 0.88
"""Correlation of the whole from which on two show the same."""

PART: Final = 0.9
"""Correlation from which on one shows a part of the other; higher, because it is the best of many places."""

FLAT: Final = 4.0
"""Standard deviation, of 255, below which a picture shows nothing that could be compared."""

_SIDE: Final = 32
_LONGEST: Final = 64
_SHORTEST: Final = 12
_ASPECTS: Final = 0.02
_BAR_LEVEL, _BAR_NOISE, _WIDEST_BAR, _LEAST_ALIKE = 24.0, 8.0, 3, 10
_INSIDE: Final = tuple(scale / 100 for scale in range(100, 40, -5))
_AROUND: Final = tuple(scale / 100 for scale in range(100, 65, -5))


@dataclass(frozen=True, slots=True)
class Part:
    """One picture found in another.

    Attributes:
        correlation: how alike they are there.
        share: of the thumbnail's area that the picture covers, 0 to 1; 1 where the thumbnail lies within the picture.
    """

    correlation: float
    share: float


def turned(grey: Grey, orientation: int) -> Grey:
    """What a picture of this EXIF orientation, 1 to 8, looks like upright (CIPA DC-008-2019, tag 0x0112)."""
    turns = {
        1: grey,
        2: grey[:, ::-1],
        3: grey[::-1, ::-1],
        4: grey[::-1],
        5: grey.T,
        6: np.rot90(grey, -1),
        7: grey[::-1, ::-1].T,
        8: np.rot90(grey),
    }
    return turns[orientation]


def without_bars(grey: Grey) -> Grey:
    """Without the black bars that cameras put around a picture of another shape; the same where there are none.

    Bars stand on two opposite sides and are nearly as wide, up to a third of the side each.
    """
    top, bottom = _pair(grey)
    left, right = _pair(grey.T)
    bare = grey[top : len(grey) - bottom, left : grey.shape[1] - right]
    return bare if 2 * bare.size >= grey.size else grey  # dark all around: a picture at night


def whole(picture: Grey, aspect: float, thumbnail: Grey) -> float:
    """How alike the two are, each taken whole, or cut in its middle to the shape of the other.

    Args:
        picture: its samples, squeezed into a square.
        aspect: the picture's width by its height.
        thumbnail: its samples, in its own shape; where it has black bars, both with and without them.
    """
    bare = without_bars(thumbnail)
    return max(
        _correlation(resized(one, _SIDE, _SIDE), resized(other, _SIDE, _SIDE))
        for each in ((thumbnail,) if bare.shape == thumbnail.shape else (thumbnail, bare))
        for one, other in _cut(picture, aspect, each)
    )


def part(picture: Grey, aspect: float, thumbnail: Grey) -> Part:
    """Where the picture fits best within the thumbnail, or the thumbnail within the picture; arguments as above."""
    thumbnail = without_bars(thumbnail)
    best = Part(-1.0, 1.0)
    width, height = _within(thumbnail.shape[1] / thumbnail.shape[0], _LONGEST)
    small = resized(thumbnail, height, width)
    for scale in _INSIDE:
        across, down = _fitted(aspect, width, height, scale)
        if min(across, down) >= _SHORTEST:
            found = _best(small, resized(picture, down, across))
            best = max(best, Part(found, across * down / (width * height)), key=lambda each: each.correlation)
    width, height = _within(aspect, _LONGEST)
    large = resized(picture, height, width)
    for scale in _AROUND:
        across, down = _fitted(thumbnail.shape[1] / thumbnail.shape[0], width, height, scale)
        if min(across, down) >= _SHORTEST:
            best = max(
                best, Part(_best(large, resized(thumbnail, down, across)), 1.0), key=lambda each: each.correlation
            )
    return best


def resized(grey: Grey, height: int, width: int) -> Grey:
    """By averages over areas, smaller or larger."""
    return _averages(grey.shape[0], height) @ grey @ _averages(grey.shape[1], width).T


@cache
def _averages(before: int, after: int) -> Grey:
    """Row by row the weights with which ``before`` samples make one of ``after``."""
    edges = np.linspace(0, before, after + 1)[:, np.newaxis]
    samples = np.arange(before)
    overlap = np.minimum(edges[1:], samples + 1) - np.maximum(edges[:-1], samples)
    weights = np.maximum(overlap, 0)
    return weights / weights.sum(axis=1, keepdims=True)  # type: ignore[no-any-return] # numpy's stubs say Any


def _pair(lines: Grey) -> tuple[int, int]:
    """How many lines at either end are bars."""
    first, last = _bars(lines), _bars(lines[::-1])
    alike = first and last and abs(first - last) * _LEAST_ALIKE <= len(lines)
    return (first, last) if alike else (0, 0)


def _bars(lines: Grey) -> int:
    """How many lines from the first on are a bar."""
    most = len(lines) // _WIDEST_BAR
    dark = (lines[:most].mean(axis=1) < _BAR_LEVEL) & (lines[:most].std(axis=1) < _BAR_NOISE)
    return most if dark.all() else int(np.argmin(dark))


def _cut(picture: Grey, aspect: float, thumbnail: Grey) -> Iterator[tuple[Grey, Grey]]:
    yield picture, thumbnail
    narrower = thumbnail.shape[1] / thumbnail.shape[0] / aspect
    if abs(narrower - 1) <= _ASPECTS:
        return
    if narrower < 1:
        yield _middle(picture, 1, narrower), thumbnail
        yield picture, _middle(thumbnail, narrower, 1)
    else:
        yield _middle(picture, 1 / narrower, 1), thumbnail
        yield picture, _middle(thumbnail, 1, 1 / narrower)


def _middle(grey: Grey, down: float, across: float) -> Grey:
    height, width = max(1, round(grey.shape[0] * down)), max(1, round(grey.shape[1] * across))
    top, left = (grey.shape[0] - height) // 2, (grey.shape[1] - width) // 2
    return grey[top : top + height, left : left + width]


def _within(aspect: float, longest: float) -> tuple[int, int]:
    """Width and height of this shape with so many pixels along the longer side."""
    return max(1, round(longest * min(1.0, aspect))), max(1, round(longest / max(1.0, aspect)))


def _fitted(aspect: float, width: int, height: int, scale: float) -> tuple[int, int]:
    """Width and height of the largest of this shape within a frame, times ``scale``; never more than the frame."""
    down = min(width / aspect, height) * scale
    return min(width, round(down * aspect)), min(height, round(down))


def _correlation(one: Grey, other: Grey) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale > 0 else 0.0


def _best(large: Grey, small: Grey) -> float:
    """The correlation at the place in ``large`` where ``small`` fits best; flat places do not count."""
    height, width = small.shape
    centred = small - small.mean()
    windows = sliding_window_view(large, (height, width))
    products = np.tensordot(windows, centred, axes=([2, 3], [0, 1]))
    spread = _sums(large**2, height, width) - _sums(large, height, width) ** 2 / (height * width)
    rich = spread > FLAT**2 * height * width
    scale = np.sqrt(np.where(rich, spread, 1.0) * (centred**2).sum())
    return float(np.where(rich & (scale > 0), products / np.maximum(scale, 1e-9), -1.0).max())


def _sums(grey: Grey, height: int, width: int) -> Grey:
    """The sum over every window, by a summed-area table."""
    table = np.pad(grey, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    summed: Grey = table[height:, width:] - table[:-height, width:] - table[height:, :-width] + table[:-height, :-width]
    return summed
