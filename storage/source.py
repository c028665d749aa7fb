"""The bytes handed to a put: a seekable stream from where it stood, held to its declaration."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.digest import Digest
from storage.errors import SourceChanged

if TYPE_CHECKING:
    from typing import BinaryIO


class Source:
    """A stream seen from where it stood when it was handed in: that place is position 0.

    HTTP clients rewind a body to 0 before they send it again, wherever the caller's stream began.
    """

    def __init__(self, stream: BinaryIO, *, digest: Digest, size: int) -> None:
        self._stream = stream
        self._origin = stream.tell()
        self.digest = digest
        self.size = size

    def read(self, size: int = -1, /) -> bytes:
        """Read on from where it stands."""
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place, and give it."""
        if whence == os.SEEK_SET:
            offset += self._origin
        return self._stream.seek(offset, whence) - self._origin

    def tell(self) -> int:
        """Where it stands."""
        return self._stream.tell() - self._origin

    def check_size(self) -> None:
        """Compare the number of bytes with the declaration, and rewind.

        Raises:
            SourceChanged: it differs.
        """
        found = self.seek(0, os.SEEK_END)
        self.seek(0)
        if found != self.size:
            raise SourceChanged(f"{found} bytes were handed in, {self.size} declared; nothing was stored")

    def check_bytes(self) -> None:
        """Hash the bytes, compare them with the declaration, and rewind.

        Raises:
            SourceChanged: they differ.
        """
        self.seek(0)
        found, size = Digest.of_stream(self)
        self.seek(0)
        check_declared(self.digest, self.size, found, size)


def check_declared(digest: Digest, size: int, found: Digest, found_size: int) -> None:
    """Compare what was read with what was declared.

    Raises:
        SourceChanged: it differs.
    """
    if (found, found_size) != (digest, size):
        raise SourceChanged(
            f"the bytes handed in ({found_size} bytes, SHA-256 {found}) are not those declared "
            f"({size} bytes, SHA-256 {digest}); nothing was stored",
            hint="The source changed while it was being read. Take it in again from the beginning.",
        )
