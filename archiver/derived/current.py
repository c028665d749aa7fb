"""Which generation of a cache is in use: one small file says so, and is replaced in one step.

Who starts a new generation holds the cache's lock. The old one's files are removed at once: whoever has mapped them
keeps them until it looks again.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archiver.errors import SpoolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POINTER = "current"
_LONGEST = 20


def current_number(folder: Path) -> int:
    """The number of the generation in use; 0, and perhaps no folder yet, before the first, or where it cannot be read.

    Raises:
        OSError: the file is there and cannot be opened.
    """
    try:
        return int((folder / _POINTER).read_bytes()[:_LONGEST])
    except (FileNotFoundError, ValueError):
        return 0


def begin_after(folder: Path, used: int) -> None:
    """Start an empty generation under a number that was never used, and remove the others.

    Raises:
        OSError: it cannot be written.
    """
    new = max([used, *(int(each.name) for each in _generations(folder))]) + 1
    (folder / str(new)).mkdir(mode=0o700)
    pointer = folder / f"{_POINTER}.new"
    pointer.write_bytes(b"%d\n" % new)
    os.replace(pointer, folder / _POINTER)  # noqa: PTH105 - named for its contract: one step
    for each in _generations(folder):
        if int(each.name) != new:
            shutil.rmtree(each, ignore_errors=True)


def _generations(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.name.isdecimal() and each.name.isascii()]


@contextmanager
def own_errors(folder: Path) -> Iterator[None]:
    """Say what the system refuses as the archive's own error.

    Raises:
        SpoolError: it refused.
    """
    try:
        yield
    except OSError as error:
        raise SpoolError(
            f"the cache of features in {folder} cannot be used: {error.strerror or error}",
            hint="free some space, or check the permissions of the archive's home; the cache itself may be removed",
        ) from error


def unusable(folder: Path) -> SpoolError:
    """What is raised where making anew does not help."""
    return SpoolError(
        f"the cache of features in {folder} is damaged as often as it is made anew",
        hint="check this machine's disk; the cache itself may be removed",
    )
