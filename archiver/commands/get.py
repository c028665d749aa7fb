"""``archiver get``: an item's bytes, verified on the way out.

1. An item that is flagged, itself or what it shows (``archiver.catalogue.care``), is only written for who says that
   the flag was read.
2. The bytes go into a temporary file beside the target and are hashed on the way.
3. Only when the digest is right does the file get its name; an existing file is never overwritten unasked.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.catalogue.care import care
from archiver.errors import AnswerIsNo, InputRefused, ItemWithdrawn
from archiver.originals import write_original
from archiver.placing import give_name
from archiver.sharing import told
from storage.durability import flush

if TYPE_CHECKING:
    from typing import BinaryIO

    from archiver.archive import Archive


@dataclass(frozen=True, slots=True)
class Got:
    """An item that was written out: its digest was checked."""

    item: str
    path: str
    size: int


def get(
    archive: Archive,
    item: str,
    output: Path | BinaryIO,
    *,
    overwrite: bool = False,
    acknowledge_sensitive: bool = False,
) -> Got:
    """Write an item's bytes to a file (or a stream, which is only good if this returns).

    Raises:
        InputRefused: no such item, it is flagged and that was not acknowledged, or the file exists.
        AnswerIsNo: the stored bytes are missing or altered, or the item was withdrawn; no file is made.
        StoreError: the store does not answer.
    """
    try:
        held = archive.resolve(item)
    except ItemWithdrawn as error:
        raise AnswerIsNo(str(error), hint=error.hint) from error
    if not acknowledge_sensitive:
        _refuse_flagged(archive, held)
    if not isinstance(output, Path):
        return Got(held, "-", write_original(archive, held, output))
    if output.is_dir():
        raise InputRefused(f"{output} is a folder", hint="name the file to write: -o FILE")
    if output.is_symlink() or (output.exists() and not output.is_file()):
        raise InputRefused(f"{output} is no regular file", hint="name a file, or - for standard output")
    if output.exists() and not overwrite:
        raise InputRefused(f"{output} exists", hint="choose another name, or say --overwrite")
    try:
        descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=".archiver-")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                size = write_original(archive, held, stream)
                stream.flush()
                flush(stream.fileno())
            give_name(part, output, overwrite=overwrite)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputRefused(f"{output} cannot be written: {error.strerror}", hint="check folder and space") from error
    return Got(held, str(output), size)


def _refuse_flagged(archive: Archive, item: str) -> None:
    with archive.asking() as questions:
        flags, _ = care(questions, [item])
    if flags[item]:
        raise InputRefused(
            f"item {item} is flagged: " + "; ".join(told(flag) for flag in flags[item]),
            hint="care is owed before it is opened or passed on: say --acknowledge-sensitive to get it",
        )
