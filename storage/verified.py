"""Reading that ends well only if every byte was right.

1. Every byte that comes from the store goes into the hash.
2. One chunk is always held back. It is handed out when another chunk follows it, or when the end has come and the
   digest is the expected one; otherwise ObjectCorrupt is raised.
3. An error stays: every later read raises it again, so that no caller can take it for the end.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer


class _Verifying(io.RawIOBase):
    """The rules above over a function that reads at most so many bytes, none at the end."""

    def __init__(self, read: Callable[[int], bytes], name: str, expected: Digest) -> None:
        self._read = read
        self._name = name
        self._expected = expected
        self._state = hashlib.sha256()
        self._ready = memoryview(b"")
        self._held: bytes | None = None
        self._ended = False
        self._error: StoreError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and not self._ended:
            self._advance()
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _advance(self) -> None:
        """Make the held chunk ready, and hold the next one in its place."""
        if self._error is not None:
            raise self._error  # rule 3
        try:
            chunk = self._read(CHUNK)
            self._state.update(chunk)  # rule 1
            if not chunk:
                found = Digest(self._state.digest())
                if found != self._expected:
                    raise ObjectCorrupt(self._name, self._expected, found)  # rule 2
                self._ended = True
        except StoreError as error:
            self._error = error
            raise
        self._ready = memoryview(self._held or b"")
        self._held = chunk


def verified_reader(read: Callable[[int], bytes], name: str, expected: Digest) -> io.BufferedReader:
    """A stream over ``read`` that follows the rules above.

    Args:
        read: gives at most as many bytes as asked for, none at the end; raises only StoreError.
        name: for the error.
        expected: the digest of the whole.
    """
    return io.BufferedReader(_Verifying(read, name, expected), CHUNK)
