"""Whom an archive trusts to sign content credentials: a file of root certificates, named by its SHA-256.

The law: a trust list is known by its bytes. Its digest is taken when the archive is opened for looking, and recorded
with every answer that was given by it; a file that was exchanged in between is no longer that list, and is not used.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from archiver.errors import UsageError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_MOST_BYTES: Final = 8 << 20
_BEGINS: Final = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class TrustList:
    """A list of roots, and of time-stamping authorities' roots.

    Attributes:
        path: a PEM file.
        sha256: of its bytes, hexadecimal.
    """

    path: str
    sha256: str

    @classmethod
    def of(cls, path: Path) -> TrustList:
        """The list in a file.

        Raises:
            UsageError: it cannot be read, or holds no certificate.
        """
        try:
            with path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except OSError as error:
            raise UsageError(
                f"the trust list {path} cannot be read: {error.strerror}",
                hint="archive.toml names it under [credentials]",
            ) from error
        if len(content) > _MOST_BYTES or _BEGINS not in content:
            raise UsageError(
                f"the trust list {path} is no file of PEM certificates",
                hint="archive.toml names it under [credentials]",
            )
        return cls(str(path.absolute()), hashlib.sha256(content).hexdigest())

    def open(self) -> AbstractContextManager[BinaryIO | None]:
        """The file, to be read later by a process that may open none then; nothing where it is not there any more."""
        try:
            return Path(self.path).open("rb")
        except OSError:
            return nullcontext()

    def certificates(self, file: BinaryIO | None) -> str | None:
        """The PEM text in the opened file; none where it was not there any more, or is no longer what it was."""
        content = b"" if file is None else file.read(_MOST_BYTES + 1)
        return content.decode("utf-8", "replace") if hashlib.sha256(content).hexdigest() == self.sha256 else None
