"""Which files a command's paths name: files as they are, folders with all that is in them, ``-`` for standard input.

Nothing is passed over silently: what is skipped (hidden files, links to folders, pipes and devices inside a folder) is
told, and what cannot be read is told as a failure. The order is the paths' own, and by name within a folder.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """A file to take in; ``path`` is ``None`` for standard input."""

    label: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Passed:
    """What is not taken in, and why; ``failed`` where that is not as it should be."""

    label: str
    why: str
    failed: bool


def walk(paths: Sequence[str]) -> Iterator[Input | Passed]:
    """The files that the paths name."""
    for text in paths:
        if text == STANDARD_INPUT:
            yield Input(STANDARD_INPUT, None)
            continue
        path = Path(text)
        if path.is_dir():
            yield from _folder(path)
        else:
            yield Input(text, path)


def _folder(folder: Path) -> Iterator[Input | Passed]:
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
            yield from _folder(path)
        elif entry.is_symlink() and path.is_dir():
            yield Passed(str(path), "a link to a folder", failed=False)
        elif entry.is_file() or entry.is_symlink():
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
