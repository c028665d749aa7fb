"""What the log says that a store holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.logwalk import list_of
from archiver.tombstones import Tombstones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.custody.transaction import Passing


@dataclass(slots=True)
class Named:
    """What the log names, each by SHA-256 and with the number of the event that did so first.

    Attributes:
        items: what was taken in.
        lists: lists of fingerprints.
        tombstones: what was withdrawn; not among the items any more.
    """

    items: dict[str, int] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    tombstones: Tombstones = field(default_factory=Tombstones)

    def pass_by(self, events: Sequence[Passing]) -> None:
        """Take note of the events of the next published transaction."""
        self.tombstones.pass_by(events)
        for event in events:
            envelope = event.envelope
            if envelope.kind == "acquisition":
                self.items.setdefault(envelope.subject, envelope.sequence)
            elif envelope.kind == "hash-list" and (file := list_of(event.body)):
                self.lists.setdefault(file, envelope.sequence)
        for item in self.tombstones.items:
            self.items.pop(item, None)
