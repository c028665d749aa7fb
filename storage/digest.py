"""The digest that names all bytes: SHA-256 (FIPS 180-4), whole, in one spelling.

``parse`` undoes ``str``, and accepts nothing else: no upper case, no prefix, no shortened form, no lost leading zero.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from storage.errors import InvalidDigest

if TYPE_CHECKING:
    from typing import Self

CHUNK = 256 * 1024
"""Bytes read at a time: large enough that calls do not count, small enough to stay in a core's cache."""

_HEX = re.compile(r"[0-9a-f]{64}")
_BYTES = 32
_SHORT = 12


class Readable(Protocol):
    """Whatever gives bytes: at most as many as asked for, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Read on from where it stands."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256: 32 bytes, ordered as its hexadecimal text is.

    Raises:
        InvalidDigest: ``value`` is not 32 bytes.
    """

    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != _BYTES:
            raise InvalidDigest(f"a SHA-256 has {_BYTES} bytes, not {len(self.value)}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` gives: 64 lower-case hexadecimal digits.

        Raises:
            InvalidDigest: anything else.
        """
        if _HEX.fullmatch(text) is None:
            raise InvalidDigest(
                f"not a SHA-256: {text[:80]!r}",
                hint="Write all 64 hexadecimal digits, in lower case, and nothing else.",
            )
        return cls(bytes.fromhex(text))

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Hash bytes held in memory."""
        return cls(hashlib.sha256(data).digest())

    @classmethod
    def of_stream(cls, stream: Readable) -> tuple[Self, int]:
        """Hash a stream from where it stands to its end, in constant memory; give its digest and size."""
        state = hashlib.sha256()
        size = 0
        while chunk := stream.read(CHUNK):
            state.update(chunk)
            size += len(chunk)
        return cls(state.digest()), size

    def __str__(self) -> str:
        return self.value.hex()

    @property
    def short(self) -> str:
        """The first 12 hexadecimal digits: for people, never a key."""
        return self.value.hex()[:_SHORT]

    @property
    def base64(self) -> str:
        """The spelling of S3's ``ChecksumSHA256``."""
        return base64.b64encode(self.value).decode("ascii")
