"""Where the pixels of one picture lie in the other: a projective transform in unit coordinates.

The law: (0, 0) is the outer corner of the first pixel and (1, 1) that of the last one, whatever the resolution, so that
a transform found on reduced pictures holds for the full ones. ``transform`` maps the *other* picture onto the *one*:
the one is the query, the other what it is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.fingerprint.orientations import NAMES, UPRIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, right and bottom exclusive."""

GEOMETRY: Final = "points"
ORIENTATION: Final = "fingerprint"
INNER_BOX: Final = "inner-box"

_TURN = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""By a quarter, clockwise: (x, y) goes to (1 - y, x)."""
_MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


@dataclass(frozen=True)
class Alignment:
    """A transform, and what it rests on.

    Attributes:
        transform: shape (3, 3), the other's unit coordinates to the one's.
        basis: ``points`` (confirmed by geometry), ``fingerprint`` (the whole frames, in one of eight orientations) or
            ``inner-box`` (the other's frame is a box found within the one).
        inliers: how many pairs of points confirm it.
        one_content: the rectangle of the one that is picture, corners in its unit coordinates, shape (4, 2), where it
            was turned and its corners were filled; else none: all of it.
        other_content: the same of the other.
    """

    transform: NDArray[np.float64]
    basis: str
    inliers: int = 0
    one_content: NDArray[np.float64] | None = None
    other_content: NDArray[np.float64] | None = None

    @property
    def inverse(self) -> NDArray[np.float64]:
        """The one's unit coordinates to the other's."""
        return np.asarray(np.linalg.inv(self.transform), np.float64)

    def of_frame(self) -> NDArray[np.float64]:
        """The corners of the other's frame, or of what is picture in it, within the one, shape (n, 2)."""
        return mapped(self.transform, _CORNERS if self.other_content is None else within_unit(self.other_content))

    def of_own_frame(self) -> NDArray[np.float64]:
        """The corners of the one's frame, or of what is picture in it, within the other, shape (n, 2)."""
        return mapped(self.inverse, _CORNERS if self.one_content is None else within_unit(self.one_content))

    def in_one(self) -> NDArray[np.float64]:
        """What both show, corners in the one's unit coordinates, shape (n, 2); n is 0 where nothing is shared."""
        inside = within_unit(self.of_frame())
        return inside if self.one_content is None else clipped(inside, self.one_content)

    def in_other(self) -> NDArray[np.float64]:
        """The same in the other's."""
        inside = within_unit(self.of_own_frame())
        return inside if self.other_content is None else clipped(inside, self.other_content)


def by_orientation(name: str = UPRIGHT) -> Alignment:
    """The whole frames, one upon the other; ``name`` says what was done to the other to make the one.

    Raises:
        ValueError: there is no such orientation.
    """
    place = NAMES.index(name)
    turned = np.linalg.matrix_power(_TURN, place % 4)
    return Alignment(turned @ _MIRROR if place >= 4 else turned, ORIENTATION)  # noqa: PLR2004 - NAMES: four, then their mirrors


def by_inner_box(box: tuple[float, float, float, float], name: str = UPRIGHT) -> Alignment:
    """The other's whole frame lies in ``box`` of the one: left, top, right, bottom in unit coordinates."""
    left, top, right, bottom = box
    place = np.array([[right - left, 0.0, left], [0.0, bottom - top, top], [0.0, 0.0, 1.0]])
    return Alignment(place @ by_orientation(name).transform, INNER_BOX)


def by_points(transform: NDArray[np.float64], one: tuple[int, int], other: tuple[int, int], inliers: int) -> Alignment:
    """From a transform between reduced pictures.

    Args:
        transform: shape (3, 3), pixels of the other to pixels of the one; a pixel's *centre* has whole coordinates.
        one: width and height of the one's reduced picture.
        other: the same of the other's.
        inliers: pairs of points that confirm it.
    """
    to_unit = np.diag([1.0 / one[0], 1.0 / one[1], 1.0]) @ _shifted(0.5)
    to_pixels = _shifted(-0.5) @ np.diag([float(other[0]), float(other[1]), 1.0])
    whole = to_unit @ np.asarray(transform, np.float64) @ to_pixels
    return Alignment(whole / whole[2, 2], GEOMETRY, inliers)


def mapped(transform: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points, shape (n, 2), through a projective transform."""
    lifted = points @ transform[:, :2].T + transform[:, 2]
    return np.asarray(lifted[:, :2] / np.where(np.abs(lifted[:, 2:]) < _FLAT, _FLAT, lifted[:, 2:]))


_FLAT = 1e-9
"""A point on the horizon is sent far away, and not to infinity."""


def within_unit(polygon: NDArray[np.float64]) -> NDArray[np.float64]:
    """What of a convex polygon lies within the unit square, shape (m, 2); m is 0 where nothing does."""
    return clipped(polygon, _CORNERS)


def clipped(polygon: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """What of a convex polygon lies within another one, shape (m, 2); m is 0 where nothing does.

    The method is Sutherland's and Hodgman's ("Reentrant polygon clipping", CACM 17(1), 1974).
    """
    points = [np.asarray(point, np.float64) for point in polygon]
    for start, inward in _sides(by):
        kept: list[NDArray[np.float64]] = []
        for place, point in enumerate(points):
            before = points[place - 1]
            here, there = float((point - start) @ inward), float((before - start) @ inward)
            if (here >= 0) != (there >= 0):
                kept.append(before + (point - before) * (there / (there - here)))
            if here >= 0:
                kept.append(point)
        points = kept
    return np.array(points).reshape(-1, 2)


def holds(polygon: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points, shape (n, 2), lie within a convex polygon, shape (n,)."""
    inside = np.ones(len(points), bool)
    for start, inward in _sides(polygon):
        inside &= (points - start) @ inward >= 0
    return inside


def _sides(polygon: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Of each side of a convex polygon: where it begins, and the direction that points inwards."""
    middle = polygon.mean(axis=0)
    sides = []
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        across = np.array([start[1] - end[1], end[0] - start[0]])
        sides.append((start, across if float((middle - start) @ across) >= 0 else -across))
    return sides


def area(polygon: NDArray[np.float64]) -> float:
    """The area of a polygon (Gauss's shoelace), never negative."""
    if len(polygon) < 3:  # noqa: PLR2004 - a triangle at the least
        return 0.0
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def pixel_box(polygon: NDArray[np.float64], shape: tuple[int, int]) -> Box:
    """The box around a polygon in unit coordinates, in whole pixels of a picture of this width and height."""
    width, height = shape
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    left, top = max(0, round(low[0] * width)), max(0, round(low[1] * height))
    right, bottom = min(width, round(high[0] * width)), min(height, round(high[1] * height))
    return min(left, width - 1), min(top, height - 1), max(right, left + 1), max(bottom, top + 1)


def _shifted(by: float) -> NDArray[np.float64]:
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])
