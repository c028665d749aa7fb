"""256 bits as four words of 64, arranged so that the orientations of one query can be searched together.

The law: the arrangement is a permutation of the bits, the same for everything that is compared, so that every Hamming
distance stays what it was; ``arranged`` of two fingerprints are as far apart as the fingerprints.

A fingerprint is a matrix of 16 x 16 signs of frequencies, row by row. A *lane* is one of the four words: the signs at
even rows and even columns, even and odd, odd and even, odd and odd. Mirroring a picture changes the sign of every odd
horizontal frequency, turning it upside down that of every odd vertical one: so, but for the few bits near the median,
a lane of the mirrored query is that of the upright one or its complement, and the distance to the complement is 64
less the distance (``archiver.neighbours.scan``). For bits that are arranged otherwise it is only a permutation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BITS = 256
LANES = 4
LANE = BITS // LANES
_BYTES = BITS // 8
_LINE = 16
"""Rows of the matrix, and columns of it: a row is one 16-bit number."""


def arranged(raw: bytes | bytearray | memoryview) -> NDArray[np.uint64]:
    """Fingerprints, 32 bytes each and one after the other, as an array of shape (4, n): lane by lane.

    Raises:
        ValueError: these are no whole fingerprints.
    """
    if len(raw) % _BYTES:
        raise ValueError(f"{len(raw)} bytes are no fingerprints of {BITS} bits")
    lines = np.frombuffer(raw, dtype=">u2").reshape(-1, _LINE).astype(np.uint16)
    lanes = np.empty((LANES, len(lines)), dtype=np.uint64)
    for odd_row in (0, 1):
        some = lines[:, odd_row::2]
        for odd_column in (0, 1):
            lane = _every_second_bit(some if odd_column else some >> np.uint16(1))
            lanes[2 * odd_row + odd_column] = lane.view(np.uint64)[:, 0]
    return lanes


def _every_second_bit(lines: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """The bits 0, 2, … 14 of each number, closed up."""
    found = lines & 0x5555
    found = (found | found >> 1) & 0x3333
    found = (found | found >> 2) & 0x0F0F
    return np.ascontiguousarray((found | found >> 4).astype(np.uint8))


def lanes_of(fingerprints: Sequence[str]) -> NDArray[np.uint64]:
    """Fingerprints in hexadecimal, as an array of shape (n, 4): one after the other.

    Raises:
        ValueError: one of them is no 256 bits in hexadecimal.
    """
    for bits in fingerprints:
        if len(bits) != 2 * _BYTES:
            raise ValueError(f"a fingerprint of {4 * len(bits)} bits cannot be compared with one of {BITS}")
    return np.ascontiguousarray(arranged(bytes.fromhex("".join(fingerprints))).T)
