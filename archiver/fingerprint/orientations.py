"""The eight ways in which a query may have been turned or mirrored, each as a fingerprint to look for.

A name says what was done to the *held* picture to make the *query*: where the fingerprint named ``rotated-90`` is
found, the query is the held picture turned by 90° clockwise. ``mirrored`` swaps left and right;
``mirrored-rotated-90`` is mirrored first and turned clockwise then. ``upright`` is the query as it stands.

The law: the bits under a name equal, bit for bit, ``imagehash.phash(turned back, hash_size=16)`` of the query turned
back by Pillow's exact transpositions. Two reductions and one pass of transforms do it: Pillow's resize was found
to commute with both mirrorings (366 of 366 pictures) but not with transposition (it rounds to eight bits between its
two passes: 218 of 366 differ), so the transposed picture is reduced too. The coefficients are
transformed anew for each turn rather than by changing signs, because where a symmetric picture's coefficients are zero
up to rounding, rounding decides the bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from archiver.fingerprint.cosine import low_frequencies
from archiver.fingerprint.perceptual import digits_of_each, matrix

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PIL import Image

    Number = TypeVar("Number", bound=np.generic)
    Change = Callable[[NDArray[Number]], NDArray[Number]]

UPRIGHT: Final = "upright"
NAMES: Final = (
    UPRIGHT,
    "rotated-90",
    "rotated-180",
    "rotated-270",
    "mirrored",
    "mirrored-rotated-90",
    "mirrored-rotated-180",
    "mirrored-rotated-270",
)


def orientations(grey: Image.Image) -> tuple[tuple[str, str], ...]:
    """The eight fingerprints to look for.

    Args:
        grey: the query's reduced upright grey picture, mode ``L``.

    Returns:
        (name, 64 hexadecimal digits) in the order of ``NAMES``.
    """
    from archiver.fingerprint.reduction import lying  # noqa: PLC0415 - Pillow, which matrices do without

    return exactly(matrix(grey), matrix(lying(grey)))


def exactly(standing: NDArray[np.uint8], lying: NDArray[np.uint8]) -> tuple[tuple[str, str], ...]:
    """The same from the reduced matrices, shape (64, 64), of the upright picture and of the transposed one."""
    return _named(low_frequencies(_turned_back(standing, lying)))


def nearly(coefficients: NDArray[np.float64]) -> tuple[tuple[str, str], ...]:
    """The same from the coefficients of the upright picture alone, for a receipt, at a hundredth of the cost.

    Turning a picture transposes its coefficients and changes the signs of every other row or column. What that leaves
    out is the rounding of Pillow's resize, which does not commute with transposition: the names that turn by a quarter
    may differ by a few bits from ``orientations``; ``upright`` never does.

    Args:
        coefficients: of the upright reduced picture, shape (16, 16) (``low_frequencies``).
    """
    sign = np.where(np.arange(len(coefficients)) % 2, -1.0, 1.0)
    turned = eight_ways(coefficients, coefficients.T, lambda m: m * sign[:, np.newaxis], lambda m: m * sign)
    return _named(np.stack(turned))


def eight_ways(
    standing: NDArray[Number], lying: NDArray[Number], down: Change[Number], across: Change[Number]
) -> tuple[NDArray[Number], ...]:
    """A picture's samples, coefficients or bits, turned eight ways in the order of ``NAMES``.

    Args:
        standing: of the picture as it stands.
        lying: of the transposed picture.
        down: what turning it upside down does to them: to samples, to the signs of every other row of coefficients.
        across: what exchanging left and right does.
    """
    return (
        standing,
        down(lying),
        down(across(standing)),
        across(lying),
        across(standing),
        down(across(lying)),
        down(standing),
        lying,
    )


_SIDE: Final = 16
"""Frequencies along each side of a fingerprint's matrix."""

ALLOWANCE: Final = 20
"""Bits by which what ``of_bits`` derives may lie beside the fingerprint of the turned picture. Measured on 533
photographs in the seven other orientations: of ``CURRENT`` 6 by the median, at most 20 for 99 of 100 photographs, and
30 at the most; of PDQ 6, 20 and 24."""


def of_bits(raw: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Nearly the eight fingerprints of each picture, from the bits that are stored of it and nothing else.

    A bit is the sign of a coefficient beside the median. Turning a picture transposes the coefficients and changes the
    signs of every other row or column; the median lies so near to zero that this turns their bits over, but for the few
    between it and its negative (``ALLOWANCE``). That holds of the frequencies 0 to 15, row by row, and of PDQ's 1 to
    16, which are written from the last to the first: those that a mirror turns round stand at the odd places of both.

    Args:
        raw: fingerprints of 256 bits, shape (n, 32).

    Returns:
        Shape (n, 8, 32), in the order of ``NAMES``; ``upright`` as it was.
    """
    side = _SIDE
    standing = np.unpackbits(raw, axis=1).reshape(-1, side, side)
    odd = (np.arange(side) % 2).astype(np.uint8)
    lying = standing.transpose(0, 2, 1)
    turned = eight_ways(standing, lying, lambda m: m ^ odd[:, np.newaxis], lambda m: m ^ odd)
    return np.packbits(np.stack(turned, axis=1).reshape(len(raw), len(NAMES), side * side), axis=2)


def _named(coefficients: NDArray[np.float64]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(NAMES, digits_of_each(coefficients), strict=True))


def _turned_back(standing: NDArray[np.uint8], lying: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The reduced query turned back eight ways, shape (8, 64, 64), in the order of ``NAMES``."""
    return np.stack(eight_ways(standing, lying, lambda m: m[::-1, :], lambda m: m[:, ::-1]))
