"""Writing a PNG: whole or not at all, never over what was there unless told, never over what was compared.

Nothing but the pixels goes in: no metadata of any original, no date, no program's name.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.placing import give_name
from storage.durability import flush

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL import Image


def refuse_taken(target: Path, inputs: Iterable[Path], *, overwrite: bool) -> None:
    """Refuse a place that no picture can be written to.

    Raises:
        InputRefused: it is a folder, no regular file, not named as a PNG, exists and may not be replaced, or is one of
            the inputs.
    """
    if target.is_dir():
        raise InputRefused(f"{target} is a folder", hint="name the file to draw, such as comparison.png")
    if target.suffix.lower() != ".png":
        raise InputRefused(
            f"{target} is not named .png", hint="what is drawn is a PNG: name it so, or programs misread it"
        )
    if not target.parent.is_dir():
        raise InputRefused(f"there is no folder {target.parent}", hint="make it first, or choose another place")
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise InputRefused(f"{target} is no regular file", hint="name a file")
    if target.exists():
        if any(each.exists() and target.samefile(each) for each in inputs):
            raise InputRefused(f"{target} is one of the two pictures", hint="choose another name: it is never replaced")
        if not overwrite:
            raise InputRefused(f"{target} exists", hint="choose another name, or say --overwrite")


def write(image: Image.Image, target: Path, *, overwrite: bool) -> None:
    """Write it; the name appears only when the file is whole.

    Raises:
        InputRefused: the name was taken meanwhile, or the place cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".archiver-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                image.save(stream, "PNG", optimize=True)
                stream.flush()
                flush(stream.fileno())
            give_name(part, target, overwrite=overwrite)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputRefused(f"{target} cannot be written: {error.strerror}", hint="check folder and space") from error
