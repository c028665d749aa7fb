"""The bits of a list, at hand for a search: disposable files under the archive's ``cache/lists/``.

The law: a cache is used only while it is whole and made of the very list that it names; else it is made anew from the
list in the store. One file a list and algorithm, which is written beside its place and moved there when it is whole::

    one line of JSON, filled up to 512 bytes    what this is, of which list, how many rows, SHA-256 of all that follows
    rows x 32 bytes                             the bits, four 64-bit words, big-endian
    rows x 1 byte                               the quality; 255 where none was stated
    (rows + 1) x 8 bytes                        where each row's text ends, the first being 0, little-endian
    text                                        [line, label, item] of each row, JSON

The rows are mapped, not read: a list of a million lines costs 41 MB of disk and, while it is searched, no memory that
could not be given back.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import sys
import tempfile
from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from archiver.fingerprint.algorithm import Algorithm
    from archiver.interchange.lines import Entry

VERSION: Final = 1
_HEAD: Final = 512
_WORDS: Final = 4
_NO_QUALITY: Final = 255
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Cached:
    """A list's fingerprints of one algorithm.

    Attributes:
        bits: shape (rows, 4), 64-bit words, big-endian.
        quality: shape (rows,), 255 where none was stated.
    """

    bits: NDArray[np.uint64]
    quality: NDArray[np.uint8]
    _ends: NDArray[np.uint64]
    _text: memoryview

    def told(self, row: int) -> tuple[int, str | None, str | None]:
        """Line, label and item of a row."""
        line, label, item = json.loads(bytes(self._text[int(self._ends[row]) : int(self._ends[row + 1])]))
        return line, label, item


class _Part:
    """The rows of one algorithm while they are gathered."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self.bits: BinaryIO = files.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - the stack closes it
        self.text: BinaryIO = files.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - as above
        self.quality = bytearray()
        self.ends = array("Q", [0])

    def add(self, entry: Entry) -> None:
        self.bits.write(bytes.fromhex(entry.bits))
        self.quality.append(_NO_QUALITY if entry.quality is None else entry.quality)
        text = json.dumps([entry.line, entry.label, entry.item], separators=(",", ":")).encode()
        self.text.write(text)
        self.ends.append(self.ends[-1] + len(text))

    def write(self, target: Path, about: dict[str, Any]) -> None:
        if sys.byteorder == "big":
            self.ends.byteswap()
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as made:
            part = Path(made.name)
            try:
                made.write(b" " * _HEAD)
                for source in (self.bits, self.text):
                    source.seek(0)
                shutil.copyfileobj(self.bits, made, _BLOCK)
                made.write(self.quality)
                made.write(self.ends.tobytes())
                shutil.copyfileobj(self.text, made, _BLOCK)
                made.flush()
                body = _digest_of(part)
                head = json.dumps(about | {"rows": len(self.quality), "body": body}).encode()
                made.seek(0)
                made.write(head.ljust(_HEAD - 1) + b"\n")
                made.flush()
                os.fsync(made.fileno())
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise


def gather(folder: Path, file: str, entries: Iterable[Entry]) -> dict[Algorithm, int]:
    """Make the caches of a list of its fingerprints, all or none; how many each algorithm has.

    Args:
        folder: where caches lie; made where it is missing.
        file: SHA-256 of the list.
        entries: its fingerprints; what they raise, this raises, and makes nothing.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    parts: dict[Algorithm, _Part] = {}
    with ExitStack() as files:
        for entry in entries:
            if entry.algorithm not in parts:
                parts[entry.algorithm] = _Part(folder, files)
            parts[entry.algorithm].add(entry)
        for algorithm, part in parts.items():
            part.write(_place(folder, file, algorithm), _about(file, algorithm))
    return {algorithm: len(part.quality) for algorithm, part in parts.items()}


def opened(folder: Path, file: str, algorithm: Algorithm) -> Cached | None:
    """The cache of a list and algorithm; nothing where there is none, or it is not whole, or not of that list."""
    try:
        with _place(folder, file, algorithm).open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return None
    whole = memoryview(mapped)
    try:
        about = json.loads(bytes(whole[:_HEAD]))
        rows = about.pop("rows")
        right = about.pop("body") == _digest(whole[_HEAD:]) and about == _about(file, algorithm)
    except (ValueError, KeyError, AttributeError):
        return None
    if not right:
        return None
    at = _HEAD + rows * 8 * _WORDS
    bits = np.frombuffer(whole, ">u8", rows * _WORDS, _HEAD).reshape(rows, _WORDS)
    quality = np.frombuffer(whole, np.uint8, rows, at)
    ends = np.frombuffer(whole, "<u8", rows + 1, at + rows)
    return Cached(bits, quality, ends, whole[at + rows + 8 * (rows + 1) :])


def _about(file: str, algorithm: Algorithm) -> dict[str, Any]:
    return {"cache": "hash-list", "version": VERSION, "list": file, "algorithm": str(algorithm)}


def _place(folder: Path, file: str, algorithm: Algorithm) -> Path:
    return folder / f"{file}.{str(algorithm).replace(':', '_')}"  # a colon is no part of a name on every system


def _digest(body: memoryview) -> str:
    return hashlib.sha256(body).hexdigest()


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        stream.seek(_HEAD)
        return hashlib.file_digest(stream, "sha256").hexdigest()
