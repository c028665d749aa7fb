"""The lines of a list, at hand for a search: disposable files under the archive's ``cache/lists/``.

The law: nothing in a cache is believed unchecked, and a cache that is not what was written for the very list that it
names is made anew from the list in the store. One file a list and algorithm, which is written beside its place and
moved there when it is whole::

    one line of JSON, filled up to 512 bytes   what this is, of which list, how many rows, how long the text is, SHA-256
                                               of the checksums that follow, and of all that this line says
    blocks x 4 lanes x 8 bytes                 the checksum of each block of a lane (``archiver.neighbours.head``)
    4 lanes x rows x 8 bytes                   the bits, as they are searched (``archiver.neighbours.lanes``)
    (rows + 1) x 8 bytes                       where each row's text ends, the first being 0
    rows x 4 bytes                             CRC-32 of each row's number and text
    text                                       [line, bits, quality, label, item] of each row, JSON

Numbers are little-endian. The head and the sizes are checked when a cache is opened, a block of bits when a search
first reads it, a row's text whenever it is told: so opening costs nothing that grows with the list. The rows are
mapped, not read, and cost no memory that could not be given back. As with the index of looks, the checks notice
whatever a disk, a kill or a power cut does, and are no defence against a person who may write the cache.
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
from zlib import crc32

import numpy as np

from archiver.interchange.lines import Entry
from archiver.neighbours.columns import Columns
from archiver.neighbours.head import BLOCK, checksum
from archiver.neighbours.kept import Damaged
from archiver.neighbours.lanes import LANES, arranged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from archiver.fingerprint.algorithm import Algorithm

VERSION: Final = 2
_HEAD: Final = 512
_BITS: Final = 32
_WORD: Final = 8


@dataclass(frozen=True, slots=True)
class Cached:
    """A list's fingerprints of one algorithm.

    Attributes:
        columns: the four lanes of the bits and nothing else; a search in them raises ``Damaged`` where a block is not
            what was written.
    """

    columns: Columns
    _algorithm: Algorithm
    _ends: NDArray[np.uint64]
    _checks: NDArray[np.uint32]
    _text: memoryview

    def __len__(self) -> int:
        return len(self._checks)

    def told(self, row: int) -> Entry:
        """The line that a row was made of.

        Raises:
            Damaged: it is not what was written.
        """
        start, stop = int(self._ends[row]), int(self._ends[row + 1])
        text = bytes(self._text[start:stop])
        if stop > len(self._text) or _check(row, text) != self._checks[row]:
            raise Damaged(f"row {row:,}")
        line, bits, quality, label, item = json.loads(text)
        return Entry(line, self._algorithm, bits, quality, label, item)


class _Part:
    """The rows of one algorithm while they are gathered."""

    def __init__(self, folder: Path, files: ExitStack) -> None:
        self.bits: BinaryIO = files.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - the stack closes it
        self.text: BinaryIO = files.enter_context(tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - as above
        self.ends = array("Q", [0])
        self.checks = array("I")

    def __len__(self) -> int:
        return len(self.checks)

    def add(self, entry: Entry) -> None:
        told = [entry.line, entry.bits, entry.quality, entry.label, entry.item]
        text = json.dumps(told, separators=(",", ":")).encode()
        self.bits.write(bytes.fromhex(entry.bits))
        self.text.write(text)
        self.checks.append(_check(len(self), text))
        self.ends.append(self.ends[-1] + len(text))

    def write(self, target: Path, about: dict[str, Any]) -> None:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as made:
            part = Path(made.name)
            try:
                sums = b"".join(checksum(lanes[lane]).tobytes() for lanes in self._blocks() for lane in range(LANES))
                told = about | {"rows": len(self), "text": self.ends[-1], "sums": hashlib.sha256(sums).hexdigest()}
                made.write(json.dumps(told | {"head": _digest(told)}).encode().ljust(_HEAD - 1) + b"\n")
                made.write(sums)
                for lane in range(LANES):
                    made.writelines(lanes[lane].astype("<u8").tobytes() for lanes in self._blocks())
                made.write(_little(self.ends))
                made.write(_little(self.checks))
                self.text.seek(0)
                shutil.copyfileobj(self.text, made, BLOCK * _BITS)
                made.flush()
                os.fsync(made.fileno())
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise

    def _blocks(self) -> Iterator[NDArray[np.uint64]]:
        """The lanes of each block of rows."""
        self.bits.seek(0)
        while raw := self.bits.read(BLOCK * _BITS):
            yield arranged(raw)


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
    return {algorithm: len(part) for algorithm, part in parts.items()}


def opened(folder: Path, file: str, algorithm: Algorithm) -> Cached | None:
    """The cache of a list and algorithm; nothing where there is none, or not of that list, or not of its size."""
    try:
        with _place(folder, file, algorithm).open("rb") as stream:
            whole = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):
        return None
    head = _head(whole, file, algorithm)
    if head is None:
        return None
    rows, text, expected = head
    blocks = -(-rows // BLOCK)
    lengths = (blocks * LANES * _WORD, rows * LANES * _WORD, (rows + 1) * _WORD, rows * 4, text)
    places = [_HEAD + sum(lengths[:count]) for count in range(len(lengths) + 1)]
    if len(whole) != places[-1] or hashlib.sha256(whole[_HEAD : places[1]]).hexdigest() != expected:
        return None
    sums = np.frombuffer(whole, "<u8", blocks * LANES, places[0]).reshape(blocks, LANES)
    lanes = np.frombuffer(whole, "<u8", rows * LANES, places[1]).reshape(LANES, rows)
    ends = np.frombuffer(whole, "<u8", rows + 1, places[2])
    checks = np.frombuffer(whole, "<u4", rows, places[3])
    columns = Columns(tuple(lanes), _Blocks(lanes, sums).check)
    return Cached(columns, algorithm, ends, checks, whole[places[4] :])


class _Blocks:
    """The blocks of a cache, each checked once, when it is first read."""

    def __init__(self, lanes: NDArray[np.uint64], sums: NDArray[np.uint64]) -> None:
        self._lanes, self._sums = lanes, sums
        self._right = np.zeros(sums.shape, dtype=np.bool_)

    def check(self, lane: int, rows: NDArray[np.intp] | range) -> None:
        """Check the blocks of a lane that these sorted rows lie in.

        Raises:
            Damaged: one is not what was written.
        """
        if not len(rows):
            return
        for block in range(int(rows[0]) // BLOCK, int(rows[-1]) // BLOCK + 1):
            if not self._right[block, lane]:
                part = self._lanes[lane, block * BLOCK : (block + 1) * BLOCK]
                if checksum(part) != self._sums[block, lane]:
                    raise Damaged(f"lane {lane}, rows from {block * BLOCK:,}")
                self._right[block, lane] = True


def _head(whole: memoryview, file: str, algorithm: Algorithm) -> tuple[int, int, str] | None:
    """How many rows and bytes of text a cache says it has, and the digest of its checksums; none of any other file."""
    try:
        told = json.loads(bytes(whole[:_HEAD]))
        said = told.pop("head")
        if said != _digest(told) or told != told | _about(file, algorithm):
            return None
        rows, text, sums = told["rows"], told["text"], told["sums"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return (rows, text, sums) if type(rows) is int and type(text) is int and min(rows, text) >= 0 else None


def _about(file: str, algorithm: Algorithm) -> dict[str, Any]:
    return {"cache": "hash-list", "version": VERSION, "list": file, "algorithm": str(algorithm)}


def _place(folder: Path, file: str, algorithm: Algorithm) -> Path:
    return folder / f"{file}.{str(algorithm).replace(':', '_')}"  # a colon is no part of a name on every system


def _digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _check(row: int, text: bytes) -> int:
    """Of the number too, so that no row can stand for another."""
    return crc32(text, crc32(row.to_bytes(_WORD, "little")))


def _little(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
