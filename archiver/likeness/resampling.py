"""Two pictures brought onto one grid, so that they can be compared pixel by pixel.

The grid lies over what both show, in the one's own orientation, and is never finer than either picture's reduced pixels
there: enlarging invents detail, and invented detail would be told as a difference. What is reduced is averaged over
whole pixels first and read between pixels then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from archiver.likeness.alignment import area, holds, mapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.alignment import Alignment

LONGEST = 320
"""Pixels along the longer side of the grid: fine enough for a line of text, coarse enough that what JPEG and resampling
leave behind averages out."""

_SMALLEST = 12


@dataclass(frozen=True)
class Shared:
    """What two pictures both show, on one grid.

    Attributes:
        one: shape (height, width, channels), float32, 0 to 255.
        other: the same of the other picture, brought into place.
        shown: shape (height, width): where the other shows anything.
        left: where the grid begins in the one, in unit coordinates; ``top``, ``right`` and ``bottom`` likewise.
        one_clipped: shape (height, width, 2): where pixels of the one, as they were, lie at 0 and at 255.
        other_clipped: the same of the other.
        palette: whether one of the two has few colours, as a GIF: others may be mixed of dots of these.
    """

    one: NDArray[np.float32]
    other: NDArray[np.float32]
    shown: NDArray[np.bool_]
    left: float
    top: float
    right: float
    bottom: float
    one_clipped: NDArray[np.bool_]
    other_clipped: NDArray[np.bool_]
    palette: bool = False

    def exchanged(self) -> Shared:
        """The same with one and other exchanged, still in the place of the one."""
        return replace(
            self,
            one=self.other,
            other=self.one,
            one_clipped=self.other_clipped,
            other_clipped=self.one_clipped,
        )

    def corners(self, box: tuple[int, int, int, int]) -> NDArray[np.float64]:
        """A box of the grid as corners in the one's unit coordinates, shape (4, 2)."""
        height, width = self.shown.shape
        x = self.left + (self.right - self.left) * np.array([box[0], box[2], box[2], box[0]]) / width
        y = self.top + (self.bottom - self.top) * np.array([box[1], box[1], box[3], box[3]]) / height
        return np.stack([x, y], axis=1)


def shared(
    one: NDArray[np.uint8], other: NDArray[np.uint8], alignment: Alignment, longest: int = LONGEST
) -> Shared | None:
    """Both pictures on one grid over what both show; none where that is hardly anything.

    Args:
        one: shape (height, width) or (height, width, 3).
        other: the same; where only one of the two has colour, grey is compared.
        alignment: where the other lies in the one.
        longest: pixels along the grid's longer side, at the most.
    """
    first, second = _alike(one, other)
    polygon = alignment.in_one()
    if len(polygon) == 0:
        return None
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    extent = (high - low) * np.array([first.shape[1], first.shape[0]])
    finer = np.sqrt(_detail(first, second, alignment, polygon))
    scale = min(1.0, 1.0 / max(finer, 1e-6), longest / max(extent))
    width, height = (max(1, round(float(side) * scale)) for side in extent)
    if min(width, height) < _SMALLEST:
        return None
    x = low[0] + (high[0] - low[0]) * (np.arange(width) + 0.5) / width
    y = low[1] + (high[1] - low[1]) * (np.arange(height) + 0.5) / height
    places = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    there = mapped(alignment.inverse, places)
    shown = ((there >= 0) & (there <= 1)).all(axis=1)
    for content, spots in ((alignment.one_content, places), (alignment.other_content, there)):
        if content is not None:
            shown &= holds(content, spots)
    shown = shown.reshape(height, width)
    step = 1.0 / scale
    here = _read(first, places, step).reshape(height, width, -1)
    brought = _read(second, there, step / max(finer, 1e-6)).reshape(height, width, -1)
    return Shared(
        here,
        brought,
        shown,
        *(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
        one_clipped=_read(_clipped(first), places, step).reshape(height, width, 2) > _TOUCHED,
        other_clipped=_read(_clipped(second), there, step / max(finer, 1e-6)).reshape(height, width, 2) > _TOUCHED,
        palette=_of_a_palette(one) or _of_a_palette(other),
    )


def _clipped(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shape (height, width, 2): 1 where a channel lies at 0, and where one lies at 255."""
    return np.stack([samples.min(axis=2) <= 1, samples.max(axis=2) >= _BRIGHTEST], axis=2).astype(np.float32)


_BRIGHTEST, _TOUCHED = 254, 0.02


def _of_a_palette(samples: NDArray[np.uint8]) -> bool:
    if samples.ndim != 3:  # noqa: PLR2004 - rows, columns, channels
        return False
    some = samples.reshape(-1, 3)[:: max(1, samples.size // (3 * _LOOKED_AT))].astype(np.int32)
    if (some == some[:, :1]).all():
        return False  # grey has no more than that in any case
    return len(np.unique(some @ np.array([65536, 256, 1], np.int32))) <= _PALETTE


_LOOKED_AT = 50_000
_PALETTE = 256


def _alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    coloured = one.ndim == 3 and other.ndim == 3  # noqa: PLR2004 - rows, columns, channels
    made = []
    for samples in (one, other):
        values = samples.astype(np.float32)
        if values.ndim == 3 and not coloured:  # noqa: PLR2004 - as above
            values = values @ LUMA
        made.append(values if values.ndim == 3 else values[:, :, np.newaxis])  # noqa: PLR2004 - as above
    return made[0], made[1]


LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Luma of ITU-R BT.601."""


def _detail(
    one: NDArray[np.float32], other: NDArray[np.float32], alignment: Alignment, polygon: NDArray[np.float64]
) -> float:
    """How many pixels the one spends on what the other spends one on, over what both show."""
    there = area(mapped(alignment.inverse, polygon)) * other.shape[0] * other.shape[1]
    return float(area(polygon) * one.shape[0] * one.shape[1] / max(there, 1e-6))


def _read(samples: NDArray[np.float32], places: NDArray[np.float64], step: float) -> NDArray[np.float32]:
    """Samples at places in unit coordinates, shape (n, channels); ``step`` is the grid's step in pixels of these."""
    height, width, _ = samples.shape
    factor = max(1, min(round(step), height, width))
    if factor > 1:
        rows, columns = height // factor, width // factor
        cut = samples[: rows * factor, : columns * factor]
        samples = cut.reshape(rows, factor, columns, factor, -1).mean(axis=(1, 3), dtype=np.float32)
    x = np.clip(places[:, 0] * width / factor - 0.5, 0, samples.shape[1] - 1).astype(np.float32)
    y = np.clip(places[:, 1] * height / factor - 0.5, 0, samples.shape[0] - 1).astype(np.float32)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right, below = np.minimum(left + 1, samples.shape[1] - 1), np.minimum(top + 1, samples.shape[0] - 1)
    across, down = (x - left)[:, np.newaxis], (y - top)[:, np.newaxis]
    upper = samples[top, left] * (1 - across) + samples[top, right] * across
    lower = samples[below, left] * (1 - across) + samples[below, right] * across
    return np.asarray(upper * (1 - down) + lower * down, np.float32)
