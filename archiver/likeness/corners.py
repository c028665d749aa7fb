"""The corners that a turn leaves: what of a picture is picture, where it was turned and its corners were filled.

The law: a picture is cut to a turned rectangle only where everything beyond it has one tone, in all four corners, and
where that tone ends along straight edges, as a picture does and a page of text does not. What is found is no more than
the place of the picture; the alignment says by how much it was turned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.likeness.alignment import GEOMETRY, mapped
from archiver.likeness.resampling import LUMA
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.alignment import Alignment
    from archiver.likeness.frames import Pose

_TURNED: Final = 1.0
"""Degrees off a quarter turn from which on a turn leaves corners."""
_SMALLEST: Final = 128
_PATCH: Final = 3
_ONE_TONE: Final = 12.0
"""Levels from the corners' own tone up to which a pixel is filled."""
_FILLED, _LEAST = 0.97, 0.01
"""Share of what lies beyond the rectangle that is filled, and share of the picture that must lie there."""
_BEGINS, _STRAIGHT = 0.25, 0.6
"""Share of a full line's pixels at which a picture begins, and which three of its four edges must have."""
_PICTURE: Final = 0.6
"""Share of the rectangle that must not be of the corners' tone."""
_LEAST_PERSPECTIVE: Final = 0.06


def without_corners(
    alignment: Alignment, posed: Pose, one: NDArray[np.uint8] | None, other: NDArray[np.uint8] | None
) -> Alignment:
    """The alignment with what is picture in each of the two, where corners were filled.

    Args:
        alignment: where the other lies in the one.
        posed: the pose that follows from it.
        one: the one's reduced pixels, shape (height, width) or (height, width, 3); or none.
        other: the same of the other.
    """
    if alignment.basis != GEOMETRY or posed.perspective > _LEAST_PERSPECTIVE:
        return alignment
    return replace(
        alignment,
        one_content=None if one is None else _content(one, alignment.transform),
        other_content=None if other is None else _content(other, alignment.inverse),
    )


def _content(samples: NDArray[np.uint8], transform: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The turned rectangle that is picture, corners in unit coordinates, shape (4, 2); none where there is none.

    Args:
        samples: of the picture.
        transform: the unit coordinates of the picture that it is compared with, to its own.
    """
    height, width = samples.shape[:2]
    if min(height, width) < _SMALLEST:
        return None
    ends = mapped(transform, np.array([[0.45, 0.5], [0.55, 0.5]])) * (width, height)
    angle = float(np.arctan2(*(ends[1] - ends[0])[::-1]))
    if abs((np.degrees(angle) + 45) % 90 - 45) < _TURNED:
        return None
    grey = samples.astype(np.float32) @ LUMA if samples.ndim == 3 else samples.astype(np.float32)  # noqa: PLR2004 - rows, columns, channels
    patches = [grey[rows, columns] for rows in _ENDS for columns in _ENDS]
    tone = median(np.stack(patches))
    if any(float(np.abs(patch - tone).max()) > _ONE_TONE for patch in patches):
        return None
    picture = np.abs(grey - tone) > _ONE_TONE
    y, x = np.mgrid[0.5:height, 0.5:width]
    axes = [x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)]
    spans = [_span(axis, picture) for axis in axes]
    if any(span is None for span in spans):
        return None
    (left, right, straight), (top, bottom, also) = (span for span in spans if span is not None)
    beyond = (axes[0] < left - 1) | (axes[0] > right + 1) | (axes[1] < top - 1) | (axes[1] > bottom + 1)
    if (
        straight + also < 3  # noqa: PLR2004 - of four edges
        or beyond.mean() < _LEAST
        or (~picture[beyond]).mean() < _FILLED
        or picture[~beyond].mean() < _PICTURE
    ):
        return None
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(corners @ turn / (width, height), np.float64)


_ENDS: Final = (slice(None, _PATCH), slice(-_PATCH, None))


def _span(axis: NDArray[np.float64], picture: NDArray[np.bool_]) -> tuple[float, float, int] | None:
    """Where along an axis the picture begins and ends, and how many of these two edges are straight."""
    low = float(axis.min())
    lines = np.bincount((axis[picture] - low).astype(np.intp)) if picture.any() else np.zeros(1, np.intp)
    full = float(np.percentile(lines, 90))
    held = np.flatnonzero(lines >= max(full * _BEGINS, 1))
    if full < _PATCH or len(held) < _PATCH:
        return None
    first, last = int(held[0]), int(held[-1])
    edges = (lines[first + 1 : first + 1 + _PATCH], lines[last - _PATCH : last])
    return low + first, low + last + 1, sum(float(edge.mean()) >= full * _STRAIGHT for edge in edges)
