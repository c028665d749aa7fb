"""Which files a command's paths name: files as they are, folders with all that is in them, ``-`` for standard input.

Nothing is passed over silently: what is skipped (hidden files, links to folders, pipes and devices inside a folder) is
told, and what cannot be read is told as a failure. The order is the paths' own, and by name within a folder.
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """A file to take in; ``path`` is ``None`` for standard input."""

    label: str
    path: Path | None

    def size(self) -> int:
        """About how many bytes it holds; 0 where that is not known."""
        try:
            return 0 if self.path is None else self.path.stat().st_size
        except (OSError, ValueError):
            return 0


@dataclass(frozen=True, slots=True)
class Passed:
    """What is not taken in, and why; ``failed`` where that is not as it should be."""

    label: str
    why: str
    failed: bool


def walk(paths: Sequence[str], *, own: Sequence[Path] = ()) -> Iterator[Input | Passed]:
    """The files that the paths name.

    Args:
        paths: the command's words.
        own: the archive's own folders, which are no evidence and are passed over.
    """
    homes = {path.resolve() for path in own}
    for text in paths:
        if text == STANDARD_INPUT:
            yield Input(STANDARD_INPUT, None)
        elif not text:
            yield Passed("''", "an empty path names nothing (a variable that is not set?)", failed=True)
        elif os.path.isdir(text):  # noqa: PTH112 - unlike Path.is_dir it raises nothing, whatever the path is
            yield from _folder(Path(text), homes)
        else:
            yield Input(text, Path(text))


def _folder(folder: Path, homes: set[Path]) -> Iterator[Input | Passed]:
    if homes and folder.resolve() in homes:
        yield Passed(str(folder), "this archive's own", failed=False)
        return
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Passed(str(folder), f"the folder cannot be read: {error.strerror}", failed=True)
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            yield Passed(str(path), "hidden", failed=False)
        elif entry.is_dir(follow_symlinks=False):
            yield from _folder(path, homes)
        elif entry.is_symlink() and os.path.isdir(path):  # noqa: PTH112 - as above
            yield Passed(str(path), "a link to a folder", failed=False)
        elif entry.is_symlink() or entry.is_file():
            yield Input(str(path), path)
        else:
            yield Passed(str(path), _kind(path), failed=False)


def _kind(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "gone"
    kinds = ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a device"))
    return next((name for test, name in kinds if test(mode)), "no regular file")


def refuse_twice(paths: Sequence[str]) -> None:
    """Refuse words that name standard input more than once: what is read of it first is gone for the second.

    Raises:
        UsageError: they do.
    """
    if paths.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input was named twice", hint="name files for all inputs but one")


def nothing_came() -> InputRefused:
    """What is said of standard input where it ends before its first byte, as one that is closed does."""
    return InputRefused("standard input holds nothing", hint="name a file, or pipe one in")


def standard_input() -> BinaryIO | None:
    """The bytes of standard input; nothing where it is closed."""
    return None if sys.stdin is None else sys.stdin.buffer
