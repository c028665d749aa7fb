"""Which row an item has: sorted runs of keys beside the rows, each made once, and few of them.

A key is the first eight bytes of an item's SHA-256, read as a little-endian number. The law: runs repeat what the rows
say, may be thrown away at any moment, and never are believed against their checks.

* Rows in no run, the *tail*, are looked through one by one. Whoever appends, under the cache's lock, makes a run of a
  tail of more than ``MOST_TAIL`` rows, and merges the runs from the first one on that is small beside all that follow.
* Runs say themselves which rows they cover. Of files that cover the same rows the widest counts, and who holds the lock
  removes the others: a kill at any moment leaves nothing to mend. Nothing is brought to the disk by force.
* A run that is missing or in doubt is a gap, and looked through as the tail is, until the next append fills it.

A run is one file, all numbers little-endian::

    head       "ARCHKEY1"; first row, row after the last, the checksum of the rows up to there (of their commit),
               bits of a bucket's number, and the checksum of all this and of the two tables
    starts     4 bytes each: where the keys of each bucket begin, and at the end how many there are
    sums       4 bytes each: the checksum of each bucket's keys and rows
    keys       8 bytes each, ascending, equal ones by row; a bucket's begin with its number
    rows       4 bytes each

So a look-up opens a run by its tables, 8 bytes for 256 rows, and reads and checks one bucket of it.
"""

from __future__ import annotations

import mmap
import os
import re
import struct
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MOST_TAIL = 4096
"""Rows that are looked through one by one: some 0.3 ms."""
RATIO = 3
"""A run stays as long as it is this many times as large as all that follow it."""

_BUCKET = 256
_MOST_BITS = 24
_NAME = re.compile(r"keys-([0-9]{1,10})-([0-9]{1,10})\.run")
_MAKING = "making-"
_MAGIC = b"ARCHKEY1"
_HEAD = struct.Struct("<8sQQII")
_CRC = struct.Struct("<I")


class DamagedRun(Exception):
    """A file that is no run of these rows, or no whole one: it is passed over, and made again."""


class Run:
    """The sorted keys of a range of rows, mapped.

    Args:
        path: the file.
        checksum: what the rows up to the run's end sum up to.

    Raises:
        DamagedRun: it is none, or was cut, or its tables were changed.
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path, checksum: Callable[[int], int | None]) -> None:
        self.path = path
        with path.open("rb") as file:
            try:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise DamagedRun(f"{path} is empty") from error
        if len(data) < _HEAD.size + _CRC.size:
            raise DamagedRun(f"{path} is cut short")
        magic, self.first, self.end, rows_crc, bits = _HEAD.unpack_from(data)
        count, at = self.end - self.first, _HEAD.size + _CRC.size
        if magic != _MAGIC or _rows_in(path.name) != (self.first, self.end) or not 1 <= bits <= _MOST_BITS:
            raise DamagedRun(f"{path} is a run of another kind, or of other rows")
        tables = at + 4 * ((1 << bits) + 1 + (1 << bits))
        if len(data) != tables + 12 * count or rows_crc != checksum(self.end):
            raise DamagedRun(f"{path} is of another length, or of other rows")
        if crc32(data[at:tables], crc32(data[: _HEAD.size])) != _CRC.unpack_from(data, _HEAD.size)[0]:
            raise DamagedRun(f"{path}: its tables were changed")
        self._shift = np.uint64(64 - bits)
        self._starts = np.frombuffer(data, "<u4", (1 << bits) + 1, at)
        self._sums = np.frombuffer(data, "<u4", 1 << bits, at + 4 * ((1 << bits) + 1))
        self._keys = np.frombuffer(data, "<u8", count, tables)
        self._rows = np.frombuffer(data, "<u4", count, tables + 8 * count)
        self._right: set[int] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, wanted: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
        """Of each key that stands in the run: its place among those wanted, and every row that has it, ascending.

        Raises:
            DamagedRun: a bucket was changed.
        """
        buckets = wanted >> self._shift
        for bucket in sorted(set(buckets.tolist())):  # numpy's unique would load masked arrays, for 8 ms
            begin, end = self._bucket(bucket)
            keys = self._keys[begin:end]
            mine = np.flatnonzero(buckets == bucket)
            lefts = np.searchsorted(keys, wanted[mine], side="left")
            rights = np.searchsorted(keys, wanted[mine], side="right")
            for place, left, right in zip(mine.tolist(), lefts.tolist(), rights.tolist(), strict=True):
                for row in self._rows[begin + left : begin + right].tolist():
                    yield place, row

    def all(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        """All keys and their rows.

        Raises:
            DamagedRun: a bucket was changed.
        """
        for bucket in range(len(self._sums)):
            self._bucket(bucket)
        return self._keys, self._rows

    def _bucket(self, bucket: int) -> tuple[int, int]:
        begin, end = int(self._starts[bucket]), int(self._starts[bucket + 1])
        if bucket not in self._right:
            found = _sum(self._keys[begin:end], self._rows[begin:end])
            if found != int(self._sums[bucket]):
                raise DamagedRun(f"{self.path}: bucket {bucket} was changed")
            self._right.add(bucket)
        return begin, end


class Runs:
    """The runs in a folder, over rows that the caller gives.

    Args:
        folder: of the generation.
        checksum: what the rows up to one sum up to; None where no commit ends there.
        keys: the keys of the rows from one to before another, checked.
    """

    def __init__(
        self,
        folder: Path,
        checksum: Callable[[int], int | None],
        keys: Callable[[int, int], NDArray[np.uint64]],
    ) -> None:
        self.folder = folder
        self._checksum = checksum
        self._keys = keys
        self._runs: dict[Path, Run] = {}
        self._sorted: dict[tuple[int, int], tuple[NDArray[np.uint64], NDArray[np.intp]]] = {}

    def find(self, wanted: NDArray[np.uint64], rows: int) -> Iterator[tuple[int, int]]:
        """As ``Run.find``, over the first ``rows`` rows, in runs or not; in no order.

        Raises:
            OSError: the file system refuses.
        """
        cover = self._cover(rows)
        found: list[tuple[int, int]] = []
        for run in cover:
            try:
                found += run.find(wanted)
            except DamagedRun:
                self._remove(run)
                found += self._through(wanted, run.first, run.end)
        for first, end in _gaps(cover, rows):
            found += self._through(wanted, first, end)
        yield from found

    def _through(self, wanted: NDArray[np.uint64], first: int, end: int) -> Iterator[tuple[int, int]]:
        if (first, end) not in self._sorted:
            keys = self._keys(first, end)
            order = np.argsort(keys, kind="stable")
            self._sorted = {(first, end): (keys[order], order + first)}
        keys, rows = self._sorted[first, end]
        lefts, rights = (np.searchsorted(keys, wanted, side=side).tolist() for side in ("left", "right"))
        for place, (left, right) in enumerate(zip(lefts, rights, strict=True)):
            for row in rows[left:right].tolist():
                yield place, row

    def grow(self, rows: int) -> None:
        """Make runs of what is in none, where that is more than the tail may be, and merge. Under the cache's lock.

        Raises:
            OSError: there is no room, or no permission; what was there counts on.
        """
        gaps = [gap for gap in _gaps(self._cover(rows), rows) if gap[1] != rows or rows - gap[0] > MOST_TAIL]
        if not gaps:
            return
        for first, end in gaps:
            self._write(first, end, self._keys(first, end), np.arange(first, end, dtype=np.uint32))
        due = _due(self._cover(rows))
        try:
            parts = [run.all() for run in due]
        except DamagedRun:
            return  # the next look-up removes it
        if due:
            keys, numbers = (np.concatenate(column) for column in zip(*parts, strict=True))
            self._write(due[0].first, due[-1].end, keys, numbers)
        kept = {run.path.name for run in self._cover(rows)}
        for path in self.folder.iterdir():
            if path.name.startswith(_MAKING) or (_rows_in(path.name) and path.name not in kept):
                _unlink(path)

    def _write(self, first: int, end: int, keys: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
        order = np.argsort(keys, kind="stable")  # what comes ascends by rows
        keys, rows = keys[order].astype("<u8"), rows[order].astype("<u4")
        bits = max(1, min(_MOST_BITS, (len(keys) // _BUCKET).bit_length()))
        buckets = (keys >> np.uint64(64 - bits)).astype(np.int64)
        starts = np.concatenate([[0], np.cumsum(np.bincount(buckets, minlength=1 << bits))]).astype("<u4")
        cuts = starts.tolist()
        sums = np.array([_sum(keys[a:b], rows[a:b]) for a, b in pairwise(cuts)], dtype="<u4")
        head = _HEAD.pack(_MAGIC, first, end, self._checksum(end) or 0, bits)
        tables = starts.tobytes() + sums.tobytes()
        path = self.folder / f"keys-{first}-{end}.run"
        making = path.with_name(f"{_MAKING}{os.getpid()}-{path.name}")
        making.write_bytes(head + _CRC.pack(crc32(tables, crc32(head))) + tables + keys.tobytes() + rows.tobytes())
        making.replace(path)
        self._runs.pop(path, None)

    def _cover(self, rows: int) -> list[Run]:
        """The runs that cover the most rows, ascending, none overlapping."""
        passed: set[str] = set()
        while True:
            cover: list[Run] = []
            at = 0
            for first, end, path in self._files(rows, passed):
                if first < at:
                    continue
                try:
                    run = self._runs.get(path) or Run(path, self._checksum)
                except FileNotFoundError:  # merged by another process, just now
                    passed.add(path.name)
                    break
                except DamagedRun:
                    passed.add(path.name)
                    _unlink(path)
                    break
                cover.append(run)
                at = end
            else:
                self._runs = {run.path: run for run in cover}
                return cover

    def _files(self, rows: int, passed: set[str]) -> list[tuple[int, int, Path]]:
        paths = set(self._runs)  # those that are gone since are mapped still
        with suppress(FileNotFoundError):
            paths.update(path for path in self.folder.iterdir() if path.name not in passed)
        found = [(*named, path) for path in paths if (named := _rows_in(path.name)) is not None]
        return sorted((each for each in found if each[0] < each[1] <= rows), key=lambda each: (each[0], -each[1]))

    def _remove(self, run: Run) -> None:
        self._runs.pop(run.path, None)
        _unlink(run.path)


def _sum(keys: NDArray[np.uint64], rows: NDArray[np.uint32]) -> int:
    return crc32(rows.tobytes(), crc32(keys.tobytes()))


def _gaps(cover: Sequence[Run], rows: int) -> list[tuple[int, int]]:
    ends = [0, *(run.end for run in cover)]
    firsts = [*(run.first for run in cover), rows]
    return [(end, first) for end, first in zip(ends, firsts, strict=True) if first > end]


def _due(cover: Sequence[Run]) -> Sequence[Run]:
    for start, run in enumerate(cover):
        after = sum(len(later) for later in cover[start + 1 :])
        if len(run) < RATIO * after:
            return cover[start:]
    return []


def _rows_in(name: str) -> tuple[int, int] | None:
    match = _NAME.fullmatch(name)
    return (int(match[1]), int(match[2])) if match else None


def _unlink(path: Path) -> None:
    with suppress(OSError):  # gone already; mapped, on Windows; or a home that cannot be written
        path.unlink()
