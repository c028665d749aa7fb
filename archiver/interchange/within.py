"""An exact search among mapped fingerprints: nothing within the radius is missed, and memory stays bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_ROWS: Final = 1 << 16


def within(bits: NDArray[np.uint64], variants: Mapping[str, str], radius: int) -> dict[int, tuple[int, str]]:
    """Rows that some variant comes within ``radius`` bits of: distance and variant, the nearest of each row.

    Args:
        bits: shape (rows, words), 64-bit words, big-endian.
        variants: by name, hexadecimal, as many bits as a row; of equal distances the first name wins.
        radius: bits.
    """
    best: dict[int, tuple[int, str]] = {}
    for start in range(0, len(bits), _ROWS):
        part = bits[start : start + _ROWS]
        for name, text in variants.items():
            query: NDArray[Any] = np.frombuffer(bytes.fromhex(text), ">u8")
            distances = np.bitwise_count(part ^ query).sum(axis=1, dtype=np.uint16)
            for at in np.flatnonzero(distances <= radius).tolist():
                distance = int(distances[at])
                if start + at not in best or distance < best[start + at][0]:
                    best[start + at] = distance, name
    return best
