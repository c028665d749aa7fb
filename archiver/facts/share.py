"""A share of the originals: ``3/30`` is the third of thirty.

The law: the digests are cut into as many ranges of equal width, so that the shares 1 to t hold every digest once, and
which share an item is in never changes with what else is held.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

MOST = 9999
_SHARE = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")
_DIGITS = 16
"""Of a SHA-256 that decide: 64 bits, far more than a share is narrow."""


@dataclass(frozen=True, slots=True)
class Share:
    """The share ``number`` of ``of``; ``parse`` undoes ``str``."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` gives.

        Raises:
            ValueError: it is no share.
        """
        match = _SHARE.fullmatch(text)
        if match is None or int(match[1]) > int(match[2]):
            raise ValueError(f"{text[:40]!r} is no share: write n/t with n from 1 to t, and t at most {MOST}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, sha256: str) -> bool:
        """Whether this digest, hexadecimal and in full, is in this share."""
        return int(sha256[:_DIGITS], 16) * self.of >> (4 * _DIGITS) == self.number - 1


WHOLE = Share(1, 1)
"""All of them."""
