"""The head of a log at one size, signed: the C2SP tlog-checkpoint format.

A checkpoint is a signed note whose text is the log's origin, the tree's size in decimal and the root hash in base64,
each on a line. The log signs under its origin as the key's name. It promises never to sign two checkpoints of which
one does not extend the other. Further lines are allowed by the format, signed too, and mean nothing to us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from archiver.custody import base64text, note
from archiver.custody.errors import Malformed
from archiver.custody.merkle import HASH_BYTES

if TYPE_CHECKING:
    from archiver.custody.keys import SigningKey
    from archiver.custody.note import Verifier

_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
"""Decimal without leading zeros; 18 digits stay below 2**63."""

_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first ``size`` events of the log ``origin`` have this Merkle root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise Malformed("the origin of a checkpoint is one line of text")
        if _SIZE.fullmatch(str(self.size)) is None:
            raise Malformed(f"{self.size} is no size of a log")
        if len(self.root) != HASH_BYTES:
            raise Malformed("the root hash of a checkpoint has 32 bytes")

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64text.write(self.root)}\n"

    def sign(self, key: SigningKey) -> str:
        """The checkpoint as a signed note, under the origin as the key's name.

        Raises:
            Malformed: the origin cannot be a key's name (white space, a plus sign, a control character).
        """
        return note.sign(str(self), self.origin, key)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint, without its signatures.

        Raises:
            Malformed: it is none.
        """
        *lines, rest = text.split("\n")
        if rest or len(lines) < _LINES or not all(lines):
            raise Malformed("a checkpoint has at least three lines, none of them empty")
        origin, size, root = lines[:_LINES]
        if _SIZE.fullmatch(size) is None:
            raise Malformed(f"no size of a log: {size[:40]!r}")
        return cls(origin, int(size), base64text.read(root))


def parse_and_verify(signed: str, *verifiers: Verifier) -> Checkpoint:
    """Read a signed checkpoint and believe it because one of the verifiers signed it.

    Whether its origin is the log that was meant is for the caller to compare: a key may have signed for several logs.

    Raises:
        Malformed: it is no checkpoint.
        NoteUnverified: no verifier signed it, or one of their signatures is wrong.
    """
    return Checkpoint.parse(note.verified_text(signed, verifiers))
