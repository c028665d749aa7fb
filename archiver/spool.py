"""Receiving: a private copy of the bytes, hashed on the way in.

The law: a path is opened once. From then on only the spooled copy is read, so the bytes that were hashed are the bytes
that are inspected and stored, whatever happens to the original in between.

Nothing is brought to the disk here: what a power cut takes was never acknowledged, and a store that links a copy in
brings it to the disk itself.

A file that changes meanwhile is refused: half of what it was and half of what it became is nobody's picture.

A spool directory belongs to one process and is locked by it; what a killed process left behind is swept by the next.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archiver.errors import InputRefused, SpoolError
from storage.digest import CHUNK, Digest

if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

_SOCKET = frozenset({errno.ENXIO, errno.EOPNOTSUPP})
"""How the system refuses to open a socket (Linux, macOS)."""
_LOCK = "lock"
_BESIDE_OTHERS = "archiver-"
"""What the name begins with where the directory lies among those of other programs."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it was received.

    Attributes:
        path: the private copy.
        digest: SHA-256 of its bytes.
        size: bytes.
        modified: what the file system said of the original's last change, where it was a file.
    """

    path: Path
    digest: Digest
    size: int
    modified: datetime | None

    def discard(self) -> None:
        """Remove the private copy."""
        self.path.unlink(missing_ok=True)


class Spool:
    """A private directory for copies, gone with the process that made it."""

    def __init__(self, parent: Path | None, *, largest_file: int) -> None:
        self._parent = parent
        self._largest = largest_file
        self._prefix = f"{'' if parent else _BESIDE_OTHERS}spool-"
        self._lock: BinaryIO | None = None
        self.directory = Path()

    def __enter__(self) -> Self:
        try:
            if self._parent is not None:
                self._parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(self._parent or Path(tempfile.gettempdir()), f"{self._prefix}*")
            while not self._claim():
                pass  # another process swept the directory before it was locked: make a new one
        except OSError as error:
            raise _no_room(error) from error
        return self

    def _claim(self) -> bool:
        self.directory = Path(tempfile.mkdtemp(prefix=self._prefix, dir=self._parent))
        self._lock = (self.directory / _LOCK).open("wb")
        return _hold(self._lock) and (self.directory / _LOCK).exists()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()

    def receive(self, source: Path | BinaryIO | None) -> Received:
        """Copy a file or a stream, hashing on the way.

        Raises:
            InputRefused: it cannot be read, is no regular file, is larger than the limit, or changed meanwhile.
        """
        if source is None:
            raise InputRefused("standard input is closed", hint="name a file, or pipe one in")
        if not isinstance(source, Path):
            return self._copy(source, None)
        with opened(source, largest_file=self._largest) as stream:
            before = os.fstat(stream.fileno())
            received = self._copy(stream, _moment(before.st_mtime))
            if _state(os.fstat(stream.fileno())) != _state(before):
                received.discard()
                raise InputRefused(
                    "changed while it was read",
                    hint="wait until whatever writes it has finished (a download, a copy), and repeat the command",
                )
            return received

    def _copy(self, stream: BinaryIO, modified: datetime | None) -> Received:
        try:
            descriptor, name = tempfile.mkstemp(dir=self.directory)
        except OSError as error:
            raise _no_room(error) from error
        path, hasher, size = Path(name), sha256(), 0
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as copy:
                while block := _next_block(stream):
                    size += len(block)
                    if size > self._largest:
                        raise _too_large(size, self._largest)  # noqa: TRY301 - the clean-up below is for this too
                    hasher.update(block)
                    _write_all(copy, block)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _no_room(error) from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Received(path, Digest(hasher.digest()), size, modified)


def _state(about: os.stat_result) -> tuple[int, int]:
    return about.st_size, about.st_mtime_ns


def _moment(seconds: float) -> datetime | None:
    """When the file system says that the file was changed; nothing where it says a year that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def opened(source: Path, *, largest_file: int) -> BinaryIO:
    """A regular file, open for reading.

    Raises:
        InputRefused: it cannot be read, is no regular file, or is larger than the limit.
    """
    # Non-blocking, so that a named pipe is refused instead of waited for; no effect on a regular file.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(source, flags)
    except FileNotFoundError:
        raise InputRefused("does not exist", hint="check the path") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in _SOCKET:
            raise _no_file() from error
        raise _unreadable(error) from error
    about = os.fstat(descriptor)
    if stat.S_ISREG(about.st_mode) and about.st_size <= largest_file:
        return os.fdopen(descriptor, "rb", buffering=0)
    os.close(descriptor)
    if not stat.S_ISREG(about.st_mode):
        raise _no_file()
    raise _too_large(about.st_size, largest_file)


def _no_file() -> InputRefused:
    return InputRefused("is no regular file", hint="copy what it holds into a file, or pipe it in as -")


def _next_block(stream: BinaryIO) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> InputRefused:
    reason = error.strerror if isinstance(error, OSError) else error
    return InputRefused(f"cannot be read: {reason}", hint="check its permissions and its disk")


def _no_room(error: OSError) -> SpoolError:
    return SpoolError(
        f"the private spool cannot be written: {error.strerror}",
        hint="free some space, or check the permissions of the archive's home; nothing was lost, repeat the command",
    )


def _write_all(copy: BinaryIO, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[copy.write(view) :]


def _too_large(size: int, largest: int) -> InputRefused:
    return InputRefused(
        f"holds {size:,} bytes or more, and the limit is {largest:,}",
        hint="raise largest_file in archive.toml, up to what the store takes in one put",
    )


def _hold(lock: BinaryIO, *, wait: bool = True) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _sweep(parent: Path, pattern: str) -> None:
    """Remove what killed processes of this user left: directories whose lock nobody holds any more."""
    if sys.platform == "win32":
        return
    for left in parent.glob(pattern):
        try:
            about = left.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
                continue
            with (left / _LOCK).open("rb") as lock:
                if _hold(lock, wait=False):
                    shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # just being made, or just being removed, by another process
