"""The way of a file into a local store: its steps are numbered in ``storage.local``.

Everything here works on open directories, and raises OSError for its caller to translate.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from storage.digest import CHUNK, Digest
from storage.durability import flush
from storage.local_tree import open_regular
from storage.source import Source, check_declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = "lock"
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


@contextmanager
def temporary(incoming: int) -> Iterator[str]:
    """A fresh name in the incoming directory; whatever stands there at the end goes."""
    entry = secrets.token_hex(16)
    try:
        yield entry
    finally:
        with suppress(FileNotFoundError):
            os.unlink(entry, dir_fd=incoming)


def copy_in(body: Source, incoming: int, entry: str) -> None:
    """Write the bytes to a file of their own, hash them on the way, and bring them to the disk (steps 1 and 2).

    Raises:
        SourceChanged: they are not as declared.
    """
    state = hashlib.sha256()
    size = 0
    body.seek(0)
    descriptor = os.open(
        entry, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=incoming
    )
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        while chunk := body.read(CHUNK):
            state.update(chunk)
            size += len(chunk)
            if size > body.size:
                break  # more than declared: nothing past it is wanted
            rest = memoryview(chunk)
            while rest:
                rest = rest[file.write(rest) :]
        check_declared(body.digest, body.size, Digest(state.digest()), size)
        _settle(descriptor)


def link_in(path: Path, body: Source, incoming: int, entry: str) -> bool:
    """Link a private file in instead of copying it; False where that cannot be done (steps 1 and 2).

    What was linked is looked at under our own name, where nobody can exchange it any more: it must be a regular file of
    ours, of the declared size, known by no third name.
    """
    try:
        os.link(path, entry, dst_dir_fd=incoming, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINKS | {errno.EXDEV, errno.EACCES}:
            return False
        raise
    try:
        descriptor = open_regular(incoming, entry)
    except OSError:
        descriptor = -1
    if descriptor >= 0:
        try:
            found = os.fstat(descriptor)
            if (found.st_size, found.st_nlink, found.st_uid) == (body.size, 2, os.geteuid()):
                _settle(descriptor)
                return True
        finally:
            os.close(descriptor)
    os.unlink(entry, dir_fd=incoming)
    return False


def _settle(descriptor: int) -> None:
    """Make a file read-only and bring it to the disk; its pages need not stay in memory, for few are read again.

    Otherwise an upload of a folder drives everything else out of the system's cache, and each file's pages are made
    anew: to take the last file's again costs less.
    """
    with suppress(PermissionError):  # FAT has no modes; there the mount decides them
        os.fchmod(descriptor, 0o444)
    flush(descriptor)
    if hasattr(os, "posix_fadvise"):  # not on macOS
        with suppress(OSError):  # advice only
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def publish(incoming: int, entry: str, directory: int, last: str) -> None:
    """Give a whole file its name (step 3).

    Raises:
        FileExistsError: the name is taken.
    """
    if not linked(entry, last, incoming, directory):
        _publish_under_lock(incoming, entry, directory, last)


def linked(entry: str, other: str, directory: int, other_directory: int) -> bool:
    """Give a file a second name; False where the file system has no hard links.

    Raises:
        FileExistsError: the other name is taken.
    """
    try:
        os.link(entry, other, src_dir_fd=directory, dst_dir_fd=other_directory, follow_symlinks=False)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    return True


def _publish_under_lock(incoming: int, entry: str, directory: int, last: str) -> None:
    lock = os.open(_LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=incoming)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            os.stat(last, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(entry, last, src_dir_fd=incoming, dst_dir_fd=directory)
        else:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), last)
    finally:
        os.close(lock)  # which lets the lock go
