"""A published transaction as it was read: a name, bytes, and what they say, found out once for all who ask.

The law: what is said of its events is what its bytes say, whichever way they were read. Nothing is verified here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from archiver.custody.batch import Batch, parse_loosely
from archiver.custody.errors import Malformed
from archiver.custody.merkle import HASH_BYTES
from archiver.custody.recognised import Recognised, recognise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.custody.event import Event

UNREADABLE = bytes(HASH_BYTES)
"""Stands for the leaf of an event that has none, so that those behind it keep their numbers."""


class Told(Protocol):
    """What an envelope tells of its event."""

    @property
    def sequence(self) -> int: ...  # noqa: D102 - see ``archiver.custody.event.Envelope``, also for the others
    @property
    def time(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def subject(self) -> str: ...  # noqa: D102


class Passing(Protocol):
    """An event that passes by, whichever way it was read."""

    @property
    def envelope(self) -> Told:
        """Its envelope."""

    @property
    def body(self) -> dict[str, Any] | None:
        """Its body; none where it is withheld."""

    @property
    def is_withheld(self) -> bool:
        """Whether it came without a body; cheaper than to ask for the body."""


class Transaction:
    """One published object.

    Args:
        name: the object's name.
        data: its bytes.
        bodies: whether the bodies of its events are wanted, or only now and then one.

    Attributes:
        seen: what its bytes say, where they were recognised at once.
    """

    def __init__(self, name: str, data: bytes, *, bodies: bool = True) -> None:
        self.name = name
        self.data = data
        self.seen: Recognised | None = recognise(data, bodies=bodies)
        self._batch: Batch | None = None

    def batch(self) -> Batch:
        """All of it, read the exact way, however it is spelled.

        Raises:
            Malformed: another form or format.
        """
        if self._batch is None:
            self._batch = parse_loosely(self.data)
        return self._batch

    @property
    def events(self) -> Sequence[Passing]:
        """Its events; none where its bytes are no transaction."""
        if self.seen is not None:
            return self.seen.events
        try:
            return self.batch().events
        except Malformed:
            return ()

    @property
    def leaves(self) -> list[bytes]:
        """The leaf of each of its events."""
        if self.seen is not None:
            return self.seen.leaves
        try:
            events = self.batch().events
        except Malformed:
            return []
        return [_leaf(event) for event in events]

    @property
    def checkpoint(self) -> str | None:
        """The signed checkpoint's text, not yet verified; none where its bytes are no transaction."""
        if self.seen is not None:
            return self.seen.checkpoint
        try:
            return self.batch().checkpoint
        except Malformed:
            return None


def _leaf(event: Event) -> bytes:
    try:
        return event.leaf
    except ValueError:
        return UNREADABLE
