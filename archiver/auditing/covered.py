"""A commitment to what was read and how it ended: a summary of a million readings can be held to it.

The law: SHA-256 over one line for each object, ``NAME OUTCOME SHA256`` and a newline, in this order: originals and
lists of fingerprints by digest, then the log, then its time stamps, each by name. OUTCOME is ``whole`` or the fault;
SHA256 is what was found, ``-`` where nothing was. Whoever has the log at the size that the check names can write
these lines anew: what the check should have read follows from the log, its share and its ``since``, and everything that
was not whole has a failure of its own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.facts.vocabulary import CopyFault
    from storage.digest import Digest


class Covered:
    """The lines, hashed as they come."""

    def __init__(self) -> None:
        self._state = hashlib.sha256()
        self.objects = 0
        self.bytes = 0

    def add(self, name: str, fault: CopyFault | None, found: Digest | None, size: int) -> None:
        """The next object."""
        self._state.update(f"{name} {fault or 'whole'} {found or '-'}\n".encode())
        self.objects += 1
        self.bytes += size

    @property
    def sha256(self) -> str:
        """The commitment to what was added so far."""
        return self._state.hexdigest()
