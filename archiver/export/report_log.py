"""What the report tells of the log: its head, its key, and by when what stood in it as an authority says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Stamped:
    """A time stamp over the log.

    Attributes:
        authority: whose.
        size: how many events of the log it covers.
        time: when they existed, as the authority says (``Instant``).
        root: the SHA-256 of the authority's root certificate, hexadecimal.
    """

    authority: str
    size: int
    time: str
    root: str


@dataclass(frozen=True, slots=True)
class Log:
    """What the page tells of the log.

    Attributes:
        key: the fingerprint of the key.
        size: how many events the checkpoint is over.
        root: the root, 64 hexadecimal digits.
        opened: the numbers of the events that go along opened.
        sealed: how many go along sealed.
        stamps: the time stamps that go along.
        unstamped: how many of the events no such stamp covers.
    """

    key: str
    size: int
    root: str
    opened: frozenset[int]
    sealed: int
    stamps: Sequence[Stamped]
    unstamped: int

    def existed(self, number: int) -> Stamped | None:
        """The earliest time stamp that covers the event of this number."""
        return min((each for each in self.stamps if number < each.size), key=lambda each: each.time, default=None)
