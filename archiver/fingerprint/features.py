"""What can be recognised of a part of a picture: points, and a 128-bit code of what is around each.

The law is the algorithm's name, ``FEATURES`` in ``archiver.fingerprint.algorithm``. Points and descriptors are SIFT's
(D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 60(2), 2004), as OpenCV finds them; of more
points than are wanted, every part of the picture keeps its strongest, so that one lively corner does not use up all.

Positions, scales and angles are rounded to what ``pack`` writes before anything is done with them, so that features
read back equal those just found.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from archiver.fingerprint import codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import cv2
    from numpy.typing import NDArray

SIDE: Final = 512
"""Pixels of the longer side of a held picture on which points are looked for."""
MOST: Final = 450
"""Points kept of a held picture."""
QUERY_SIDE: Final = 1024
QUERY_MOST: Final = 1500

_STRONGEST: Final = 600
"""Points described before the quota; describing one costs 0.02 ms. With 450 to 800, all but one of 29 were alike."""
_CONTRAST: Final = 0.01
"""SIFT's contrast threshold (0.04 by default): faint pictures have points too, and the strongest are chosen anyway."""
_MARKED: Final = 0.03
"""A higher one that is tried first: where it gives enough points, they are the strongest of those that the lower one
gives, and what is grainy costs no more than what is not (50 ms in place of 65 of a picture with a camera's grain)."""
_GRID: Final = 6
"""Cells along each side for the quota. Without it, the parts of a collage of four were confirmed in 0.90 of cases, with
it in 0.93 (29 pictures, everything else alike)."""
_SMALLEST: Final = 24
"""Pixels of the shorter side below which a picture has no points."""

_HEADER: Final = struct.Struct("<HHH")
_ROW: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1"), ("code", ">u8", (2,))])
_PLACE: Final = 32
"""Steps of a pixel in which positions are written: 16 bits reach to 2,047 pixels."""
_OCTAVE: Final = 24
"""Steps of a factor of two in which scales are written: from 1 to 1,580 pixels in a byte."""
_TURN: Final = 256
"""Steps of a full turn in which angles are written."""


@dataclass(frozen=True, eq=False)
class Features:
    """The points of one picture and their codes.

    Attributes:
        width: of the reduced picture on which the points were found, in pixels.
        height: of the same.
        points: shape (n, 4): x, y (pixels), scale (diameter in pixels), angle (radians, 0 to 2π, clockwise as seen).
        codes: shape (n, 2): 128 bits each.
    """

    width: int
    height: int
    points: NDArray[np.float32]
    codes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.codes)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Features)
            and (self.width, self.height) == (other.width, other.height)
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.codes, other.codes)
        )

    __hash__ = None  # type: ignore[assignment] # arrays have none

    def pack(self) -> bytes:
        """Six bytes and 22 a point: 9.9 KB for 450 points."""
        rows = np.zeros(len(self), dtype=_ROW)
        rows["x"], rows["y"], rows["scale"], rows["angle"] = _steps(self.points)
        rows["code"] = self.codes
        return _HEADER.pack(self.width, self.height, len(self)) + rows.tobytes()

    @staticmethod
    def unpack(packed: bytes) -> Features:
        """Undoes ``pack``, but for what rounding of positions takes away (nothing, if ``features`` found them).

        Raises:
            ValueError: the bytes are not what ``pack`` writes.
        """
        if len(packed) < _HEADER.size:
            raise ValueError(f"{len(packed)} bytes are too few to be features")
        width, height, count = _HEADER.unpack_from(packed)
        if len(packed) != _HEADER.size + count * _ROW.itemsize:
            raise ValueError(f"{count} points are not written in {len(packed)} bytes")
        rows = np.frombuffer(packed, dtype=_ROW, offset=_HEADER.size)
        points = _from_steps(rows["x"], rows["y"], rows["scale"], rows["angle"])
        return Features(width, height, points, rows["code"].astype(np.uint64).reshape(count, 2))


def features(grey: NDArray[np.uint8], most: int = MOST) -> Features:
    """The features of a held picture.

    Args:
        grey: luma, shape (height, width); the longer side at most 2,047 pixels, ``SIDE`` for what is stored.
        most: points to keep.

    Raises:
        ValueError: a side is longer than can be written.
    """
    return _looked(grey, most, _STRONGEST, (_MARKED, _CONTRAST))[0]


def query_features(grey: NDArray[np.uint8], most: int = QUERY_MOST) -> tuple[Features, NDArray[np.float32]]:
    """The features of a query, which may be larger and have more points, and how sure each of their bits is.

    Args:
        grey: luma, shape (height, width), the longer side ``QUERY_SIDE`` pixels where the picture has as many.
        most: points to keep.

    Returns:
        The features, and the distance of every bit's projection from its threshold, shape (n, 128), in the order of
        the bits; the smallest are the likeliest to differ in another copy.
    """
    found, over = _looked(grey, most, 2 * most, (_CONTRAST,))
    return found, np.abs(over)


def mirrored(found: Features) -> Features:
    """What the picture's mirror image (left and right exchanged) would give, without looking again."""
    points = found.points.copy()
    points[:, 0] = found.width - 1 - points[:, 0]
    points[:, 3] = (np.pi - points[:, 3]) % (2 * np.pi)
    return Features(found.width, found.height, _rounded(points), found.codes ^ codes.MIRROR)


def _looked(
    grey: NDArray[np.uint8], most: int, strongest: int, contrasts: Sequence[float]
) -> tuple[Features, NDArray[np.float32]]:
    """Points of the first of these contrasts that gives as many as are wanted, or of the last."""
    height, width = grey.shape
    if max(width, height) * _PLACE > np.iinfo(np.uint16).max:
        raise ValueError(f"a picture of {width} x {height} pixels is too large for features: reduce it")
    none = Features(width, height, np.empty((0, 4), np.float32), np.empty((0, 2), np.uint64))
    if min(width, height) < _SMALLEST:
        return none, np.empty((0, codes.BITS), np.float32)
    import cv2  # noqa: PLC0415 - 60 ms, which reading back and comparing features do without

    cv2.setNumThreads(1)
    found: Sequence[cv2.KeyPoint] = ()
    descriptors: NDArray[Any] = np.empty((0, codes.BITS), np.float32)
    for contrast in contrasts:
        sift = cv2.SIFT.create(nfeatures=strongest, contrastThreshold=contrast, enable_precise_upscale=True)
        found, descriptors = sift.detectAndCompute(np.ascontiguousarray(grey), None)
        if len(found) >= most:
            break
    if not found:
        return none, np.empty((0, codes.BITS), np.float32)
    points, strength = _read(found)
    kept = _spread(points, strength, (width, height), most)
    over = codes.projections(np.asarray(descriptors[kept], dtype=np.float32))
    return Features(width, height, _rounded(points[kept]), codes.codes(over)), over


def _read(found: Sequence[cv2.KeyPoint]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rows = np.array([(*each.pt, each.size, each.angle, each.response) for each in found], dtype=np.float32)
    rows[:, 3] = np.radians(rows[:, 3])
    return rows[:, :4], rows[:, 4]


def _spread(
    points: NDArray[np.float32], strength: NDArray[np.float32], size: tuple[int, int], most: int
) -> NDArray[np.intp]:
    """Which points to keep, strongest first: of every cell its share, and what is left over by strength alone."""
    order = np.lexsort((points[:, 3], points[:, 0], points[:, 1], -strength))
    across, down = (np.minimum(points[order, axis] * _GRID / size[axis], _GRID - 1).astype(int) for axis in (0, 1))
    cell = across * _GRID + down
    rank = np.empty(len(order), dtype=int)
    for each in np.unique(cell):
        inside = np.flatnonzero(cell == each)
        rank[inside] = np.arange(len(inside))
    share = most // _GRID**2
    first = np.argsort(rank >= share, kind="stable")[:most]
    return order[np.sort(first)]


def _steps(points: NDArray[np.float32]) -> tuple[NDArray[np.float64], ...]:
    x, y, scale, angle = points.astype(np.float64).T
    return (
        np.clip(np.rint(x * _PLACE), 0, np.iinfo(np.uint16).max),
        np.clip(np.rint(y * _PLACE), 0, np.iinfo(np.uint16).max),
        np.clip(np.rint(np.log2(np.maximum(scale, 1)) * _OCTAVE), 0, np.iinfo(np.uint8).max),
        np.rint(angle / (2 * np.pi) * _TURN) % _TURN,
    )


def _from_steps(*steps: NDArray[np.generic]) -> NDArray[np.float32]:
    x, y, scale, angle = (each.astype(np.float64) for each in steps)
    columns = (x / _PLACE, y / _PLACE, np.exp2(scale / _OCTAVE), angle * (2 * np.pi / _TURN))
    return np.stack(columns, axis=1).astype(np.float32)


def _rounded(points: NDArray[np.float32]) -> NDArray[np.float32]:
    return _from_steps(*_steps(points))
