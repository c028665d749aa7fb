"""What the report tells of the log: its head, its keys and which of them is in doubt, and by when what stood in it."""

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
class Signer:
    """A key that signed the log.

    Attributes:
        key: its fingerprint.
        since: the number of the first event that it may sign.
        until: the number of the first event that it may not sign any more; none while it is in force.
        why: why it was brought in; none where that is withheld, or it was the first.
        retired: the number of the event that says it is not to be trusted any more, where there is one.
        retired_why: why; none where that is withheld.
        doubtful: the first and the last event whose signature somebody else may have made, where there are any.
    """

    key: str
    since: int
    until: int | None
    why: str | None
    retired: int | None
    retired_why: str | None
    doubtful: tuple[int, int] | None


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
        signers: the keys that signed the log, one after the other.
    """

    key: str
    size: int
    root: str
    opened: frozenset[int]
    sealed: int
    stamps: Sequence[Stamped]
    unstamped: int
    signers: Sequence[Signer]

    @property
    def doubtful(self) -> list[Signer]:
        """The keys that signed events which somebody else may have signed with them."""
        return [each for each in self.signers if each.doubtful]

    def in_doubt(self, number: int) -> bool:
        """Whether somebody else may have signed the event of this number."""
        return any(first <= number <= last for first, last in (each.doubtful for each in self.signers if each.doubtful))

    def existed(self, number: int) -> Stamped | None:
        """The earliest time stamp that covers the event of this number."""
        return min((each for each in self.stamps if number < each.size), key=lambda each: each.time, default=None)
