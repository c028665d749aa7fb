"""What an alignment says of the two frames: turned, mirrored, scaled, cut, or standing within something larger.

An angle is degrees clockwise, after mirroring where there is any, as ``archiver.fingerprint.orientations`` counts.
What lies around a picture is judged where reduced pixels are at hand: a plain border, a page or a screen, other
pictures; and where nothing sets the picture off from what lies around it, the other picture is a part cut out of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.likeness.alignment import area, holds, mapped, within_unit
from archiver.likeness.resampling import LUMA
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.alignment import Alignment

_MIDDLE = np.array([[0.5, 0.5]])
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
_STEP = 1e-4


@dataclass(frozen=True)
class Pose:
    """How the other must be laid to cover the one.

    Attributes:
        mirrored: left and right were exchanged.
        degrees: clockwise, -180 to 180.
        across: pixels of the one for each of the other, along the other's width.
        down: the same along its height.
        perspective: how much larger the nearest corner is drawn than the farthest one, less one: 0 for none.
    """

    mirrored: bool
    degrees: float
    across: float
    down: float
    perspective: float

    @property
    def scale(self) -> float:
        """Pixels of the one for each of the other, by area."""
        return float(np.sqrt(self.across * self.down))


def pose(alignment: Alignment, one: tuple[int, int], other: tuple[int, int]) -> Pose:
    """Read from the transform at the middle of what both show; ``one`` and ``other`` are their full sizes."""
    visible = alignment.in_other()
    middle = visible.mean(axis=0, keepdims=True) if len(visible) else _MIDDLE
    steps = middle + _STEP * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    places = mapped(alignment.transform, steps) * np.array(one)
    jacobian = np.stack([places[1] - places[0], places[2] - places[0]], axis=1) / (_STEP * np.array(other))
    mirrored = bool(np.linalg.det(jacobian) < 0)
    if mirrored:
        jacobian = jacobian @ np.diag([-1.0, 1.0])
    degrees = np.degrees(np.arctan2(jacobian[1, 0] - jacobian[0, 1], jacobian[0, 0] + jacobian[1, 1]))
    across, down = np.linalg.norm(jacobian, axis=0)
    corners = visible if len(visible) else _CORNERS
    depth = corners @ alignment.transform[2, :2] + alignment.transform[2, 2]
    perspective = float(np.abs(depth).max() / max(float(np.abs(depth).min()), 1e-6) - 1)
    return Pose(mirrored, float(degrees), float(across), float(down), perspective)


@dataclass(frozen=True)
class Overlap:
    """How much each frame holds of the other.

    Attributes:
        of_one: share of the one's area that the other's frame covers.
        of_other: share of the other's area that lies within the one.
        in_one: the shared part, corners in the one's unit coordinates, shape (n, 2).
        in_other: the same in the other's.
    """

    of_one: float
    of_other: float
    in_one: NDArray[np.float64]
    in_other: NDArray[np.float64]


def overlap(alignment: Alignment) -> Overlap:
    """The shares and the shared part; all empty where the frames do not meet."""
    in_one, in_other = alignment.in_one(), alignment.in_other()
    return Overlap(min(area(in_one), 1.0), min(area(in_other), 1.0), in_one, in_other)


class Around(StrEnum):
    """What lies around a picture within a larger one. The archive's own terms."""

    PLAIN = "plain"
    PAGE = "page"
    PICTURES = "pictures"
    SCENE = "scene"
    UNKNOWN = "unknown"


_PLAIN_SHARE, _UNIFORM_SHARE, _PAGE_SHARE = 0.97, 0.6, 0.45
"""Share of what lies around that is flat: of borders nearly all, of screens and pages half, of photographs less."""
_ONE_TONE: Final = 12.0
"""Levels from the median up to which a pixel belongs to a plain border."""
_FLAT_RANGE: Final = 6.0
"""Levels within 3 x 3 pixels up to which a pixel counts as flat."""
_TONE: Final = 12
"""Levels of a bin of tones: a page's ground lies within two bins that are neighbours."""
_SEAM_LEVELS, _SEAM_RATIO = 6.0, 1.8
"""A seam's median step against the third quartile of steps beside it: of 120 photographs none was told as a seam where
it was cropped at random, and all where another stood beside it (ratios from 1.5 to 2.0)."""
_REACH: Final = 4
"""Pixels of the reduced picture by which a confirmed edge may lie beside the true one."""


def around(
    samples: NDArray[np.uint8],
    placed: NDArray[np.float64],
    shown: NDArray[np.float64] | None = None,
    content: NDArray[np.float64] | None = None,
) -> Around:
    """What lies outside of a picture's place in a larger one.

    Args:
        samples: the larger one, reduced, shape (height, width) or (height, width, 3).
        placed: shape (3, 3), the picture's unit coordinates to the larger one's.
        shown: what both show, corners in the larger one's unit coordinates, where that is not all of the picture.
        content: what of the larger one is picture, where something else is not looked at.
    """
    grey = (samples.astype(np.float32) @ LUMA) if samples.ndim == 3 else samples.astype(np.float32)  # noqa: PLR2004 - rows, columns, channels
    outside = ~_inside(within_unit(mapped(placed, _CORNERS)) if shown is None else shown, grey.shape)
    if content is not None:
        height, width = grey.shape
        y, x = np.mgrid[0.5:height, 0.5:width]
        outside &= holds(content, np.stack([x / width, y / height], axis=-1).reshape(-1, 2)).reshape(grey.shape)
    if outside.sum() < _FEW:
        return Around.UNKNOWN
    beside = grey[outside]
    if float((np.abs(beside - median(beside)) <= _ONE_TONE).mean()) >= _PLAIN_SHARE:
        return Around.PLAIN
    seams = _seams(grey, placed)
    if not seams:
        return Around.UNKNOWN
    if sum(seams) * 2 <= len(seams):
        return Around.SCENE
    tones = np.bincount((beside / _TONE).astype(np.intp))
    uniform = float((tones[:-1] + tones[1:]).max() if len(tones) > 1 else tones.max()) / len(beside)
    page = uniform >= _UNIFORM_SHARE and float(_flat(grey)[outside].mean()) >= _PAGE_SHARE
    return Around.PAGE if page else Around.PICTURES


_FEW = 64


def _inside(polygon: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels within a convex polygon in unit coordinates, or within ``_REACH`` pixels of it."""
    height, width = shape
    reach = _REACH if max(shape) >= _LARGE else 1
    corners = polygon * (width, height)
    middle = corners.mean(axis=0)
    x, y = np.arange(width)[np.newaxis, :] + 0.5, np.arange(height)[:, np.newaxis] + 0.5
    inside = np.ones(shape, bool)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < 1e-6:  # noqa: PLR2004 - two corners in one place bound nothing
            continue
        normal = np.array([along[1], -along[0]]) / length
        sign = 1.0 if float((middle - start) @ normal) >= 0 else -1.0
        inside &= sign * ((x - start[0]) * normal[0] + (y - start[1]) * normal[1]) >= -reach
    return inside


_LARGE = 256


def _flat(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    padded = np.pad(grey, 1, mode="edge")
    rows = [padded[start : start + grey.shape[0]] for start in range(3)]
    low, high = np.minimum.reduce(rows), np.maximum.reduce(rows)
    wide = grey.shape[1]
    lowest = np.minimum.reduce([low[:, start : start + wide] for start in range(3)])
    highest = np.maximum.reduce([high[:, start : start + wide] for start in range(3)])
    return np.asarray(highest - lowest <= _FLAT_RANGE)


def _seams(grey: NDArray[np.float32], placed: NDArray[np.float64]) -> list[bool]:
    """For each side with something beyond it: does the picture break off there along most of the edge?

    The larger picture is read along lines parallel to each side, in the picture's own coordinates, so it may be turned.
    """
    height, width = grey.shape
    sides = []
    corners = mapped(placed, _CORNERS) * (width, height)
    for axis, edge in ((0, 0.0), (0, 1.0), (1, 0.0), (1, 1.0)):
        start, end = (corners[[0, 3]], corners[[1, 2]]) if axis == 0 else (corners[[0, 1]], corners[[3, 2]])
        depth = float(np.hypot(*(end.mean(axis=0) - start.mean(axis=0))))
        if depth < 4 * _REACH:
            continue
        step = 1.0 / depth  # of the picture's depth: a pixel of the larger one
        along = np.linspace(0.04, 0.96, _ALONG)
        offsets = np.arange(-6 * _REACH, 6 * _REACH + 1)
        across = edge + offsets * step
        grid = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)
        places = mapped(placed, grid if axis == 0 else grid[:, ::-1])
        inside = ((places >= 0) & (places <= 1)).all(axis=1).reshape(_ALONG, len(offsets))
        x = np.clip((places[:, 0] * width).astype(np.intp), 0, width - 1)
        y = np.clip((places[:, 1] * height).astype(np.intp), 0, height - 1)
        lines = grey[y, x].reshape(_ALONG, len(offsets))
        beyond = offsets > 0 if edge == 1.0 else offsets < 0
        seen = inside.mean(axis=0) > _MOSTLY
        if (seen & beyond).sum() < _REACH:
            continue
        steps = np.abs(lines[:, 2:] - lines[:, :-2])  # at offsets[1:-1], between the two neighbours
        both = inside[:, 2:] & inside[:, :-2]
        typical = np.array(
            [median(steps[both[:, at], at]) if both[:, at].any() else np.nan for at in range(steps.shape[1])]
        )
        near = np.abs(offsets[1:-1]) <= _REACH
        here, there = typical[near], typical[~near & np.isfinite(typical)]
        if len(there) and np.isfinite(here).any():
            bound = max(_SEAM_LEVELS, _SEAM_RATIO * float(np.percentile(there, 75)))
            sides.append(bool(np.nanmax(here) >= bound))
    return sides


_ALONG: Final = 96
"""Places along each side."""
_MOSTLY = 0.7
