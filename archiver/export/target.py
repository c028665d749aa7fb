"""Where an export is written: beside its target under a name of its own, until all of it is on the disk.

An export never overwrites, and never lies inside the archive that it comes from.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.placing import give_name

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive


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
