"""What an index is filled from: the catalogue, as far as the index asks it.

The catalogue packs many fingerprints into one row of text, so that a million of them are no million Python objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from archiver.neighbours.columns import Columns, columns, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FLUSHED = 262_144
"""Rows that are handed over together, so that making a large index needs little memory."""


class Packed(Protocol):
    """Fingerprints in the order of their numbers."""

    @property
    def numbers(self) -> str:
        """Of their events, between commas."""

    @property
    def items(self) -> str:
        """64 hexadecimal digits each, one after the other."""

    @property
    def bits(self) -> str:
        """64 hexadecimal digits each, one after the other."""

    @property
    def qualities(self) -> str:
        """0 to 100, or 255 for none, between commas."""


LogPlace = tuple[int, int, str]
"""A transaction of the log: its first event's number, the log's size after it, and a digest of the log up to there."""


class Source(Protocol):
    """What the catalogue is asked, within one transaction."""

    @property
    def horizon(self) -> int | None:
        """The number of the first event that is not known yet; none at the end of the log."""

    def log_place(self, first: int | None = None) -> LogPlace | None:
        """The last transaction of the log, wherever the horizon is, or the one that begins with this event."""

    def packed_prints(self, algorithm: str, *, after: int = -1) -> Iterator[Packed]:
        """The fingerprints beyond a number that were recorded before the horizon, in portions."""


def pieces(portions: Iterable[Packed]) -> Iterator[Columns]:
    """The same fingerprints as columns, in pieces of ``FLUSHED`` rows or a few more.

    Raises:
        ValueError: they are no fingerprints of 256 bits.
    """
    waiting: list[Columns] = []
    for portion in portions:
        waiting.append(_unpacked(portion))
        if sum(map(len, waiting)) >= FLUSHED:
            yield joined(waiting)
            waiting = []
    if waiting:
        yield joined(waiting)


def _unpacked(packed: Packed) -> Columns:
    numbers = np.fromstring(packed.numbers, dtype=np.int64, sep=",")
    qualities = np.fromstring(packed.qualities, dtype=np.int64, sep=",").astype(np.uint8)
    found = columns(bytes.fromhex(packed.bits), bytes.fromhex(packed.items), numbers, qualities)
    if (numbers[1:] > numbers[:-1]).all():
        return found
    order = np.argsort(numbers)  # a database promises each column the same order, and not which
    return Columns(tuple(array[order] for array in found.arrays))
