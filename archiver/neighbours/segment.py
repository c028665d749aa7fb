"""A segment: the sorted codes of a range of the cache's rows, in one file that is never changed.

The file is made beside its place, brought to the disk and renamed into it; a kill leaves a part that nobody reads. It
is mapped for reading, by any number of processes. All numbers are little-endian, and sections begin at multiples of
``_PAGE`` bytes::

    head        "ARCHSEG1"; first row, row after the last, prefix bits, how many codes; the checksums of the sections,
                and one of all this
    lists       4 bytes each: where the codes of each prefix begin, and at the end how many codes there are
    seconds     8 bytes a code: its second word
    firsts      8 bytes a code: its first word; the codes ascend by it, equal ones by row
    rows        4 bytes a code: the row of the cache
    poses       2 bytes a code: scale and angle of the point, in steps

So 22 bytes a code and a few for the lists: 10 KB an item of 450 points. The order of the codes follows from the rows
alone, however the segment came about: merged segments are, byte for byte, what the same rows give at once.

A reader trusts the head, whose checksum it looks at; whatever else was damaged can hide or invent votes, and never make
it read outside of the file. ``check`` hashes all of it, and is asked before segments are merged.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
from contextlib import suppress
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from archiver.neighbours.lists import Lists, Sorted, prefix_bits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

MOST_CODES = 2**32 - 1
"""Of one segment: what four bytes can count."""
MAKING = "making-"
"""What the names of unfinished files begin with."""

_NAME = re.compile(r"segment-([0-9]{1,10})-([0-9]{1,10})\.codes")
_MAGIC = b"ARCHSEG1"
_HEAD = struct.Struct("<8sIIIQ5I")
_CRC = struct.Struct("<I")
_SECTIONS = ("<u4", "<u8", "<u8", "<u4", "<u2")
_PAGE = 4096
_MOST_BITS = 28
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_PART = 1 << 18
"""Codes that are merged at a time, on average."""


class DamagedSegment(Exception):
    """A file that is no segment, or no whole one: whoever meets it removes it, and makes it again from the cache."""


def name_of(first: int, end: int) -> str:
    """The file name of the segment of the rows from ``first`` to before ``end``."""
    return f"segment-{first}-{end}.codes"


def rows_in(name: str) -> tuple[int, int] | None:
    """The rows in a segment's file name; none where it is not one."""
    match = _NAME.fullmatch(name)
    return (int(match[1]), int(match[2])) if match else None


class Segment(Lists):
    """A segment in its file, mapped.

    Attributes:
        path: the file.
        first: the first row that it covers.
        end: the row after the last.

    Raises:
        DamagedSegment: the head or the size is wrong.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self.first, self.end, bits, count, self._checksums = _read_head(file.read(_HEAD.size + _CRC.size), path)
            lengths = _lengths(bits, count)
            *places, size = _places(lengths)
            found = os.fstat(file.fileno()).st_size
            if found != size:
                raise DamagedSegment(f"{path} has {found} bytes, and should have {size}")
            self._mapped = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        self._sections = [
            np.frombuffer(self._mapped, dtype, length, place)
            for dtype, length, place in zip(_SECTIONS, lengths, places, strict=True)
        ]
        super().__init__(Sorted(*_by_row(self._sections[1:])), self._sections[0], bits)

    def check(self) -> None:
        """Read all of it.

        Raises:
            DamagedSegment: a byte was changed.
        """
        for section, checksum in zip(self._sections, self._checksums, strict=True):
            found = 0
            for start in range(0, len(section), _PART):
                found = crc32(section[start : start + _PART].tobytes(), found)
            if found != checksum:
                raise DamagedSegment(f"{self.path}: its bytes were changed")


def write(folder: Path, first: int, end: int, pieces: Iterable[Sorted], count: int) -> Segment:
    """Make the segment of the rows from ``first`` to before ``end``, whose ``count`` codes come in ascending pieces.

    Raises:
        OSError: it cannot be written.
    """
    bits = prefix_bits(count)
    lengths = _lengths(bits, count)
    places = _places(lengths)
    making = folder / f"{MAKING}{os.getpid()}-{name_of(first, end)}"
    counts = np.zeros(1 << bits, np.int64)
    checksums = [0] * len(_SECTIONS)
    try:
        with os.fdopen(os.open(making, _FLAGS, 0o600), "wb") as file:
            file.truncate(places[-1])
            done = 0
            for piece in pieces:
                if not len(piece):
                    continue
                prefixes = (piece.firsts >> np.uint64(64 - bits)).astype(np.int64)
                some = np.bincount(prefixes - prefixes[0])
                counts[prefixes[0] : prefixes[0] + len(some)] += some
                columns: tuple[NDArray[Any], ...] = (piece.seconds, piece.firsts, piece.rows, piece.poses)
                for number, column in enumerate(columns, 1):
                    data = column.astype(_SECTIONS[number], copy=False).tobytes()
                    checksums[number] = crc32(data, checksums[number])
                    file.seek(places[number] + done * column.itemsize)
                    file.write(data)
                done += len(piece)
            lists = np.concatenate([[0], np.cumsum(counts)]).astype("<u4").tobytes()
            checksums[0] = crc32(lists)
            file.seek(places[0])
            file.write(lists)
            head = _HEAD.pack(_MAGIC, first, end, bits, count, *checksums)
            file.seek(0)
            file.write(head + _CRC.pack(crc32(head)))
            file.flush()
            os.fsync(file.fileno())
        making.replace(folder / name_of(first, end))
    except BaseException:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise
    return Segment(folder / name_of(first, end))


def merged(segments: Sequence[Segment]) -> Iterator[Sorted]:
    """The codes of segments of ascending rows in ascending pieces, of which only one is in memory at a time."""
    total = sum(len(each) for each in segments)
    parts = max(1, total // _PART)
    bounds = (np.arange(1, parts, dtype=np.float64) * (2.0**64 / parts)).astype(np.uint64)
    cuts = [[0, *np.searchsorted(each.codes.firsts, bounds).tolist(), len(each)] for each in segments]
    for part in range(parts):
        ranges = [slice(cut[part], cut[part + 1]) for cut in cuts]
        yield Sorted.of(
            *(
                np.concatenate([getattr(each.codes, column)[some] for each, some in zip(segments, ranges, strict=True)])
                for column in ("firsts", "seconds", "rows", "poses")
            )
        )


def _by_row(columns: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], ...]:
    seconds, firsts, rows, poses = columns
    return firsts, seconds, rows, poses


def _read_head(head: bytes, path: Path) -> tuple[int, int, int, int, tuple[int, ...]]:
    if len(head) != _HEAD.size + _CRC.size or head[-_CRC.size :] != _CRC.pack(crc32(head[: -_CRC.size])):
        raise DamagedSegment(f"{path} does not begin as a segment does")
    magic, first, end, bits, count, *checksums = _HEAD.unpack(head[: -_CRC.size])
    if magic != _MAGIC or not 1 <= bits <= _MOST_BITS or count > MOST_CODES or rows_in(path.name) != (first, end):
        raise DamagedSegment(f"{path} is a segment of another kind, or of other rows")
    return first, end, bits, count, tuple(checksums)


def _lengths(bits: int, count: int) -> tuple[int, ...]:
    return ((1 << bits) + 1, count, count, count, count)


def _places(lengths: Sequence[int]) -> list[int]:
    """Where each section begins, and where the file ends, in bytes."""
    places = [_PAGE]
    for dtype, length in zip(_SECTIONS, lengths, strict=True):
        size = length * np.dtype(dtype).itemsize
        places.append(-(-(places[-1] + size) // _PAGE) * _PAGE)
    return places
