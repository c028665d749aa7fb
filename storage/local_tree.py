"""Directories and files below one root, reached without following a symbolic link.

1. The root is opened by its path (that it is a link is its owner's choice); everything below is opened from the
   directory above it, never through a link, so nobody who can write into the store can lead a read or a write out of
   it.
2. A directory's entry counts as durable once the directory above it was synchronised; each process makes sure of that
   itself, once for each directory, because one that is merely seen may not have reached the disk.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from storage.durability import flush
from storage.errors import PlaceMissing
from storage.layout import is_name
from storage.os_errors import Misplaced, own_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # O_NONBLOCK: a FIFO must not hang the reader


_NOT_PLAIN = frozenset({errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.EOPNOTSUPP})
"""How the system refuses to open a link, what is no directory, and a socket (Linux, macOS)."""

_KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a directory",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def _kind(mode: int) -> str:
    return _KINDS.get(stat.S_IFMT(mode), "something else")


class Tree:
    """The directories below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._durable: set[tuple[str, ...]] = set()

    @contextmanager
    def top(self) -> Iterator[int]:
        """The root's descriptor.

        Raises:
            PlaceMissing: there is no such directory.
        """
        try:
            descriptor = os.open(self.root, _DIRECTORY)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise PlaceMissing(
                f"there is no store at {self.root}", hint="Create it first, check the path, or mount the disk it is on."
            ) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def directory(self, parts: tuple[str, ...], *, create: bool = False) -> Iterator[int]:
        """The descriptor of the directory ``parts`` below the root; with ``create``, made (0700) and durable."""
        with self.top() as top:
            here = os.dup(top)
            try:
                for depth, part in enumerate(parts, start=1):
                    below = self._step(here, part, parts[:depth], create=create)
                    os.close(here)
                    here = below
                yield here
            finally:
                os.close(here)

    def _step(self, here: int, part: str, path: tuple[str, ...], *, create: bool) -> int:
        if create and path not in self._durable:
            with suppress(FileExistsError):
                os.mkdir(part, 0o700, dir_fd=here)
            flush(here)  # rule 2
            self._durable.add(path)
        try:
            return os.open(part, _DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
        except FileNotFoundError:
            if not create:
                raise
        except OSError as error:
            if error.errno not in _NOT_PLAIN:
                raise
            found = _kind(os.stat(part, dir_fd=here, follow_symlinks=False).st_mode)
            raise Misplaced(f"lies behind {'/'.join(path)}, which is {found} where a directory belongs") from error
        self._durable.discard(path)  # someone took it away since
        return self._step(here, part, path, create=create)

    def names(self, prefix: str) -> Iterator[str]:
        """The names of all regular files that are names of a store, sorted by character."""
        with self.top() as top:
            yield from _walk(top, self.root, "", prefix)


def open_regular(directory: int, entry: str) -> int:
    """Open a regular file for reading, by its entry in an open directory.

    Raises:
        Misplaced: it is a link, a directory, a device or the like.
        OSError: there is none, or it cannot be opened.
    """
    try:
        descriptor = os.open(entry, _FILE, dir_fd=directory)
    except OSError as error:
        if error.errno not in _NOT_PLAIN:
            raise
        found = os.stat(entry, dir_fd=directory, follow_symlinks=False).st_mode
        raise Misplaced(f"is {_kind(found)} where a file belongs") from error
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise Misplaced(f"is {_kind(mode)} where a file belongs")
    return descriptor


def _walk(directory: int, root: Path, path: str, prefix: str) -> Iterator[str]:
    found: list[str] = []
    with own_errors(str(root / path)), os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found.append(entry.name + "/")
            elif entry.is_file(follow_symlinks=False):
                found.append(entry.name)
    # With the slash as part of the key, "a-b" comes before "a/x", as in a sorted list of whole names.
    for entry_name in sorted(found):
        name = path + entry_name
        if not entry_name.endswith("/"):
            if name.startswith(prefix) and is_name(name):
                yield name
        elif is_name(name[:-1]) and (name.startswith(prefix) or prefix.startswith(name)):
            below = None
            with own_errors(str(root / name)), suppress(FileNotFoundError):
                below = os.open(entry_name[:-1], _DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
            if below is None:
                continue
            try:
                yield from _walk(below, root, name, prefix)
            finally:
                os.close(below)
