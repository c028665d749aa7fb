"""From a SIFT descriptor to 128 bits, with a mirrored picture's bits one exclusive-or away.

The law: a bit is the sign of one fixed, orthogonal projection of the RootSIFT descriptor against a fixed threshold. The
descriptor is an array of 4 rows x 4 columns of cells x 8 directions; the projections are the products of the cosine
transform (DCT-II) down and across the cells with the real Fourier basis of the directions. Each of these either keeps
its value or changes its sign when the patch is mirrored about its own direction (rows reversed, directions negated), so
the code of a mirrored patch is the code with the bits of ``MIRROR`` turned over.

RootSIFT is the square root of the L1-normalised descriptor (R. Arandjelovic and A. Zisserman, "Three things everyone
should know to improve object retrieval", CVPR 2012).

Measured on 39,792 pairs of points that show the same spot in two copies of a picture (105 photographs; copies resized,
turned, cropped, in perspective, blurred, toned and as JPEG of quality 15 to 80), against 400,000 pairs of points of
different pictures, the share of true pairs that are nearer than all but 1 in 10,000 of the others: the exact Euclidean
distance of 512 bytes 0.92; signs of principal components 0.90; these signs 0.88; signs of a random rotation 0.81;
each of the 128 numbers against its own median 0.80.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS: Final = 128
_CELLS, _DIRECTIONS = 4, 8

_ORDER: Final = (
    25, 1, 2, 3, 34, 10, 8, 12, 17, 4, 16, 41, 32, 9, 35, 36, 42, 44, 20, 43, 11, 19, 66, 40,
    67, 28, 0, 74, 6, 37, 5, 73, 45, 68, 51, 48, 38, 100, 64, 57, 14, 98, 24, 46, 26, 27, 60, 22,
    52, 81, 84, 29, 76, 89, 91, 82, 99, 72, 83, 13, 106, 33, 75, 69, 21, 56, 90, 54, 92, 59, 18, 80,
    53, 65, 7, 93, 39, 49, 15, 114, 115, 108, 97, 61, 107, 31, 85, 47, 78, 70, 30, 101, 124, 50, 120, 23,
    121, 96, 62, 116, 77, 113, 104, 102, 105, 71, 122, 86, 58, 109, 110, 117, 125, 112, 88, 55, 94, 123, 79, 103,
    63, 126, 118, 87, 95, 127, 119, 111,
)  # fmt: skip
"""Which projection each bit is of, the first bit being the highest of the first word. Taken greedily: the bit that two
copies of a spot most seldom disagree about, is nearest to half ones, and is least correlated with those before it. The
first bit differs in 4 % of true pairs, each of the first sixteen in at most 13, the last ones in 25."""

_THRESHOLDS: Final = {
    0: 0.7763, 1: 0.0864, 3: 0.1399, 5: 0.0282, 7: 0.0238, 8: -0.0056, 9: 0.0116, 11: 0.0025,
    13: 0.002, 15: 0.0008, 16: -0.0887, 17: -0.0901, 19: -0.041, 21: -0.0163, 23: -0.0064, 24: 0.001,
    25: -0.0026, 27: -0.0009, 29: -0.0007, 31: -0.0001, 34: -0.0114, 36: -0.0028, 38: -0.0015, 42: 0.0379,
    44: 0.004, 46: 0.0018, 50: 0.0044, 52: 0.0023, 54: 0.0005, 58: -0.0079, 60: -0.0007, 62: -0.0004,
    64: -0.0648, 65: -0.0048, 67: -0.0322, 69: -0.0121, 71: -0.0069, 72: 0.0012, 73: -0.004, 75: 0.0007,
    77: -0.0013, 79: -0.0004, 80: 0.016, 81: 0.0119, 83: 0.01, 85: 0.0038, 87: 0.0011, 88: -0.0003,
    89: 0.0012, 91: -0.0003, 93: 0.0005, 95: 0.0001, 98: 0.0054, 100: 0.0012, 102: 0.0008, 106: -0.0099,
    108: 0.0031, 110: 0.0006, 114: -0.0035, 116: -0.0014, 118: -0.0002, 122: 0.0023, 124: -0.0058, 126: -0.0011,
}  # fmt: skip
"""Medians of the projections over 61,635 points of 105 photographs, so that every bit is as often one as not. Those not
named are 0: the ones that change their sign in the mirror, as any picture and its mirror image are equally likely
(their measured medians were within 0.0006)."""


def _cosines(length: int) -> NDArray[np.float64]:
    frequency, place = np.arange(length)[:, np.newaxis], np.arange(length)[np.newaxis, :]
    basis = np.cos(np.pi * (2 * place + 1) * frequency / (2 * length)) * np.sqrt(2 / length)
    basis[0] /= np.sqrt(2)
    return np.asarray(basis)


def _waves(length: int) -> NDArray[np.float64]:
    """Constant, then cosine and sine of each frequency, then the alternating one: orthonormal rows."""
    turn = 2 * np.pi * np.arange(length) / length
    rows = [np.full(length, np.sqrt(1 / length))]
    for frequency in range(1, length // 2):
        rows += [np.cos(frequency * turn) * np.sqrt(2 / length), np.sin(frequency * turn) * np.sqrt(2 / length)]
    return np.array([*rows, np.cos(length // 2 * turn) * np.sqrt(1 / length)])


def _odd(projection: int) -> bool:
    """Whether a projection changes its sign in the mirror: an odd frequency down the rows, or else a sine."""
    down, direction = projection // (_CELLS * _DIRECTIONS), projection % _DIRECTIONS
    sine = direction in range(2, _DIRECTIONS - 1, 2)
    return (down % 2 == 1) != sine


_ALL = np.kron(np.kron(_cosines(_CELLS), _cosines(_CELLS)), _waves(_DIRECTIONS))
_BASIS = np.ascontiguousarray(_ALL[list(_ORDER)].T.astype(np.float32))
_LEVELS = np.array([_THRESHOLDS.get(projection, 0.0) for projection in _ORDER], dtype=np.float32)


def words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Rows of 128 bits as two words each, shape (n, 2); the first bit is the highest of the first word."""
    return np.packbits(bits, axis=-1).view(">u8").astype(np.uint64)


MIRROR: Final = words(np.array([[_odd(projection) for projection in _ORDER]]))[0]
"""The bits that are turned over in the code of the mirrored patch, shape (2,)."""


def projections(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each bit's projection lies over its threshold.

    Args:
        descriptors: SIFT as OpenCV lays it out, shape (n, 128): rows, columns, directions.

    Returns:
        Shape (n, 128), in the order of the bits.
    """
    import cv2  # noqa: PLC0415 - loaded already by whoever has descriptors

    mass = np.maximum(descriptors.sum(axis=1, keepdims=True), np.float32(1e-9))
    # not numpy's product: its threads keep spinning for 20 ms of CPU after a task of half a millisecond
    levels = np.broadcast_to(_LEVELS, (len(descriptors), BITS)).copy()
    return np.asarray(cv2.gemm(np.sqrt(descriptors / mass), _BASIS, 1.0, levels, -1.0), dtype=np.float32)


def codes(over: NDArray[np.float32]) -> NDArray[np.uint64]:
    """The codes of ``projections``, shape (n, 2)."""
    return words(over > 0)
