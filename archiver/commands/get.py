"""``archiver get``: an item's bytes, verified on the way out.

1. The bytes go into a temporary file beside the target and are hashed on the way.
2. Only when the digest is right does the file get its name; an existing file is never overwritten unasked.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import AnswerIsNo, InputRefused
from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt, ObjectMissing
from storage.layout import object_name

if TYPE_CHECKING:
    from typing import BinaryIO

    from archiver.archive import Archive


@dataclass(frozen=True, slots=True)
class Got:
    """An item that was written out: its digest was checked."""

    item: str
    path: str
    size: int


def get(archive: Archive, item: str, output: Path | BinaryIO, *, overwrite: bool = False) -> Got:
    """Write an item's bytes to a file (or a stream, which is only good if this returns).

    Raises:
        InputRefused: no such item, or the file exists.
        AnswerIsNo: the stored bytes are missing or altered; no file is made.
        StoreError: the store does not answer.
    """
    held = archive.resolve(item)
    if not isinstance(output, Path):
        return Got(held, "-", _copy(archive, held, output))
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
                size = _copy(archive, held, stream)
                stream.flush()
                os.fsync(stream.fileno())
            _name(part, output, overwrite=overwrite)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise InputRefused(f"{output} cannot be written: {error.strerror}", hint="check folder and space") from error
    return Got(held, str(output), size)


def _copy(archive: Archive, item: str, stream: BinaryIO) -> int:
    digest, size = Digest.parse(item), 0
    try:
        with archive.store.open(object_name(digest), digest=digest) as source:
            while block := source.read(CHUNK):
                size += stream.write(block)
    except (ObjectMissing, ObjectCorrupt) as error:
        raise AnswerIsNo(str(error), hint="restore the object from another copy of the store") from error
    return size


def _name(part: Path, output: Path, *, overwrite: bool) -> None:
    if overwrite:
        part.replace(output)
        return
    try:
        os.link(part, output)  # fails where the name was taken meanwhile, unlike a rename
    except FileExistsError:
        raise InputRefused(f"{output} exists", hint="choose another name, or say --overwrite") from None
    except OSError:
        with output.open("xb"):  # no hard links here: claim the name first
            part.replace(output)
