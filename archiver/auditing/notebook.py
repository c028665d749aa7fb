"""What a running audit has read of one store, so that one that was killed goes on where it stopped.

1. A notebook belongs to one audit: the log up to a size and root, the store, the share and the rest of the words. Its
   first line says which, and when the audit began.
2. Each line behind it is one copy that was read within that audit, in the order of the plan, and ends with a checksum
   over the first line and itself. What does not fit is no line, and it ends there: nothing counts as checked that was
   not read within this very audit.
3. It is valid for a week: a check that took longer says too little about any moment.
4. It is a cache: taken away, the audit begins anew. It goes when the audit's summary is recorded.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

from archiver.checking.copies import Reading
from archiver.errors import SpoolError, UsageError
from archiver.facts.values import parse_instant
from archiver.facts.vocabulary import CopyFault
from storage.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

FORMAT = "archiver-audit-1"
VALID = timedelta(days=7)
_FOLDER = "cache/audits"
_CHECKSUM = 16
_EACH = 16
"""Readings between two flushes: so few are read again after a kill."""


@dataclass(frozen=True, slots=True)
class Title:
    """Which audit a notebook belongs to; see ``archiver.facts.fixity.FixityCheck``."""

    origin: str
    store: str
    slice: str | None
    since: str | None
    deep: bool
    log_size: int
    log_root: str
    started: str

    def text(self) -> bytes:
        """The first line."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True).encode() + b"\n"


class Notebook:
    """The notebook of one store and one way of asking; held by one process at a time.

    Args:
        home: the archive's home.
        store: the store's URL.
        words: what else makes it another audit.

    Raises:
        UsageError: another process is auditing just that.
        SpoolError: the cache cannot be written.
    """

    def __init__(self, home: Path, store: str, words: tuple[str | None, ...]) -> None:
        name = hashlib.sha256(json.dumps([store, *words]).encode()).hexdigest()[:32]
        self.path = home / _FOLDER / f"{name}.txt"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
        except OSError as error:
            raise SpoolError(
                f"{self.path} cannot be written: {error.strerror}", hint="an audit keeps its progress there"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UsageError(
                f"another audit of {store} with the same words is running", hint="wait for it to end"
            ) from None
        self.title: Title | None = None
        self._unflushed = 0

    def kept(self, *, now: str) -> Title | None:
        """Which audit was broken off here, if one was that may be taken up."""
        self._file.seek(0)
        line = self._file.readline()
        try:
            values = json.loads(line)
            if values.pop("format") != FORMAT:
                return None
            title = Title(**values)
            age = parse_instant(now) - parse_instant(title.started)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return title if title.text() == line and timedelta(0) <= age <= VALID else None

    def begin(self, title: Title) -> None:
        """Begin anew."""
        self.title = title
        self._file.seek(0)
        self._file.truncate()
        self._file.write(title.text())
        self._file.flush()

    def take_up(self, title: Title) -> Generator[Reading]:
        """What was read, in order; behind it is where ``note`` goes on."""
        self.title = title
        self._file.seek(len(title.text()))
        good = self._file.tell()
        try:
            for line in self._file:
                reading = self._read(line)
                if reading is None:
                    break
                yield reading
                good += len(line)
        finally:
            self._file.seek(good)
            self._file.truncate()

    def note(self, reading: Reading) -> None:
        """Write down one more."""
        said = f"{reading.digest} {reading.fault or 'whole'} {reading.found or '-'} {reading.size}".encode()
        self._file.write(said + b" " + self._checksum(said) + b"\n")
        self._unflushed += 1
        if self._unflushed >= _EACH:
            self._file.flush()
            self._unflushed = 0

    def leave(self) -> None:
        """Keep it for the next time, as the end of the process does, too."""
        self._file.close()

    def finish(self) -> None:
        """What it says is recorded: it goes. To be finished twice harms nothing."""
        if not self._file.closed:
            self.path.unlink(missing_ok=True)
            self._file.close()

    def _checksum(self, said: bytes) -> bytes:
        title = self.title.text() if self.title else b""
        return hashlib.sha256(title + said).hexdigest()[:_CHECKSUM].encode()

    def _read(self, line: bytes) -> Reading | None:
        said, _, checksum = line.rstrip(b"\n").rpartition(b" ")
        if not line.endswith(b"\n") or checksum != self._checksum(said):
            return None
        digest, outcome, found, size = said.decode().split(" ")
        fault = None if outcome == "whole" else CopyFault(outcome)
        return Reading(Digest.parse(digest), fault, None if found == "-" else Digest.parse(found), int(size))
