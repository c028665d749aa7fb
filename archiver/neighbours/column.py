"""An exact radius search over 256-bit fingerprints, held as one numpy column.

The law: recall within the radius is 1.0. There is no approximate step; a row is left out only because its distance was
computed and is larger. Indexes that approximate (HNSW, IVF) lose neighbours within the radius: not for evidence.

Distances are Hamming distances in bits. They are summed as 16-bit numbers: a sum of bytes would wrap at 256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BITS = 256
_WORDS = BITS // 64
_FIRST_ROOM = 1024


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item within the radius.

    Attributes:
        item: its SHA-256.
        distance: in bits.
        variant: which of the query's variants came closest.
        quality: of its fingerprint.
        number: of the event that recorded its fingerprint.
    """

    item: str
    distance: int
    variant: str
    quality: int | None
    number: int


class Column:
    """Fingerprints of one algorithm, in the order in which they were recorded."""

    def __init__(self) -> None:
        self._bits = np.empty((_FIRST_ROOM, _WORDS), dtype=np.uint64)
        self._items: list[str] = []
        self._qualities: list[int | None] = []
        self._numbers: list[int] = []
        self.watermark = -1
        """The largest event number that was added."""

    def __len__(self) -> int:
        return len(self._items)

    def extend(self, prints: Iterable[tuple[int, str, str, int | None]]) -> None:
        """Add (event number, item, hexadecimal bits, quality), in the order of the numbers.

        Raises:
            ValueError: the bits are not 256.
        """
        for number, item, bits, quality in prints:
            if len(self._items) == len(self._bits):
                self._bits = np.concatenate([self._bits, np.empty_like(self._bits)])
            self._bits[len(self._items)] = words(bits)
            self._items.append(item)
            self._qualities.append(quality)
            self._numbers.append(number)
            self.watermark = max(self.watermark, number)

    def within(self, variants: Mapping[str, str], radius: int) -> list[Neighbour]:
        """Items that some variant of the query comes within ``radius`` bits of, nearest first.

        ``variants`` are the query's fingerprints by name (its orientations); of equal distances the first name wins.
        """
        best: dict[str, Neighbour] = {}
        held = self._bits[: len(self._items)]
        for name, bits in variants.items():
            distances = np.bitwise_count(held ^ words(bits)).sum(axis=1, dtype=np.uint16)
            for row in np.flatnonzero(distances <= radius):
                item, distance = self._items[row], int(distances[row])
                if item not in best or distance < best[item].distance:
                    best[item] = Neighbour(item, distance, name, self._qualities[row], self._numbers[row])
        return sorted(best.values(), key=lambda n: (n.distance, n.item))


def words(bits: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """256 bits in hexadecimal as four 64-bit words.

    Raises:
        ValueError: the bits are not 256.
    """
    raw = bytes.fromhex(bits)
    if len(raw) * 8 != BITS:
        raise ValueError(f"a fingerprint of {len(raw) * 8} bits cannot be compared with one of {BITS}")
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)
