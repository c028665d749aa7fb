"""Where an export is written: beside its target under a name of its own, until all of it is on the disk.

An export never overwrites, and never lies inside the archive that it comes from. One that is killed leaves the folder
beside its target, with what was written so far; the next to the same target names it, and removes nothing: whoever has
originals lying about decides that.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.export.bundle import DATA, ORIGINALS
from archiver.placing import give_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.archive import Archive

_RANDOM = "[a-z0-9_]{8}"
"""What ``tempfile.mkdtemp`` appends."""


@contextmanager
def folder_beside(output: Path) -> Iterator[Path]:
    """A new folder beside the target, locked while it is written; it goes at the end, unless the process is killed.

    Raises:
        OSError: it cannot be made.
    """
    beside = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}-"))
    try:
        with _locked(beside):
            yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def remains(output: Path) -> Iterator[str]:
    """What exports to the same target left that did not end: a sentence each, in the order of their names."""
    name = re.compile(re.escape(f".{output.name}-") + _RANDOM)
    try:
        beside = sorted(each for each in output.parent.iterdir() if name.fullmatch(each.name))
    except OSError:
        return  # nothing can be written there either, which whoever writes says
    for path in beside:
        if path.is_symlink() or not path.is_dir():
            continue
        with _locked(path) as free:
            if free:
                holds = any(path.glob(f"*/{DATA}/{ORIGINALS}/*"))
                what = "it holds originals" if holds else "it may hold parts of a bundle"
                yield f"an export that did not end left {path}; remove it: {what}"


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold a folder; whether nobody else does. Where the system has no such locks, nobody does."""
    if sys.platform == "win32":
        yield True
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # somebody else's: it is named all the same
        yield True
        return
    free = True
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            free = False
        except OSError:  # a network file system without locks
            pass
        yield free
    finally:
        os.close(descriptor)


def refuse_target(archive: Archive, output: Path) -> None:
    """Refuse a place that is taken, is not there, or lies inside the archive.

    Raises:
        InputRefused: it does.
    """
    if os.path.lexists(output):
        raise InputRefused(f"{output} exists", hint="an export never overwrites: name a folder that is not there yet")
    if not output.parent.is_dir():
        raise InputRefused(f"the folder {output.parent} does not exist", hint="make it, or choose another place")
    place = output.parent.resolve()
    if any(place.is_relative_to(own.resolve()) for own in archive.own_folders()):
        raise InputRefused(f"{output} lies inside the archive itself", hint="choose a place outside of it")


def is_zip(output: Path) -> bool:
    """Whether a ZIP file is wanted."""
    return output.suffix.lower() == ".zip"


def take_name(beside: Path, output: Path) -> None:
    """Give what lies in the folder beside the target the target's name.

    Raises:
        OSError: it cannot have it.
    """
    part = beside / output.name
    if part.is_dir():
        part.rename(output)  # all that this could replace is an empty folder made this very instant
        return
    give_name(part, output)
