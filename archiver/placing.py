"""A file gets its name only when it is whole, and takes nobody else's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archiver.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path


def give_name(part: Path, target: Path, *, overwrite: bool = False) -> None:
    """Give a file that was written beside its place the name that it is for.

    Args:
        part: the file, on the same file system.
        target: its name.
        overwrite: whether it may replace what bears that name.

    Raises:
        InputRefused: something bears that name, and may not be replaced.
        OSError: the folder cannot be written.
    """
    if overwrite:
        part.replace(target)
        return
    try:
        os.link(part, target)  # fails where the name was taken meanwhile, unlike a rename
    except FileExistsError:
        raise InputRefused(f"{target} exists", hint="choose another name") from None
    except OSError:
        with target.open("xb"):  # no hard links here: claim the name first
            part.replace(target)
