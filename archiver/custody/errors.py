"""What the chain of custody refuses, drawn once.

All of it belongs to the tree in ``archiver.errors``::

    LogError                    6
    ├── Malformed               6   a text or an object that is not of the published form
    ├── EventUnverified         6   an event that does not verify: which one, and what differs
    ├── ProofUnverified         6   an inclusion or a consistency proof that proves nothing
    ├── NoteUnverified          6   a note or checkpoint without a valid signature by a known key
    │   ├── NoteAltered         6   a known key's signature stands under a text that it did not sign
    │   └── NoteRetired         6   a key signed that was not in force at that size of the log
    ├── KeyEventRefused         6   an event about keys that breaks their law
    └── DisclosureUnverified    6   disclosed fields that are not those of the committed body
    UsageError                  2
    └── KeyRefused              2   a key, or a key file, that must not be used
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import LogError, UsageError

if TYPE_CHECKING:
    from archiver.custody.finding import Code


class Malformed(LogError):
    """What was read is not of the published form."""


class EventUnverified(LogError):
    """An event does not verify.

    Attributes:
        sequence: the number that the event claims.
        code: what differs.
    """

    def __init__(self, sequence: int, code: Code, detail: str) -> None:
        super().__init__(f"event {sequence}: {detail} ({code})")
        self.sequence = sequence
        self.code = code


class ProofUnverified(LogError):
    """A Merkle proof does not lead to the root that it was made for."""


class NoteUnverified(LogError):
    """A note carries no valid signature by a key that we know."""


class NoteAltered(NoteUnverified):
    """A known key's signature does not belong to the text above it."""


class NoteRetired(NoteUnverified):
    """A key of the log signed, and was not in force where it signed."""


class KeyEventRefused(LogError):
    """An event about keys does not say what it must, or not by whom it must; it changes nothing."""


class DisclosureUnverified(LogError):
    """What was disclosed is not what was committed to."""


class KeyRefused(UsageError):
    """A key, or the file that holds it, must not be used."""
