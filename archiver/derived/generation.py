"""One generation of the cache on this machine: three files that only grow, and are mapped for reading.

::

    bodies     the features and then the samples of each row, one after another
    rows       one record a row: item, where its bytes are, their checksum, how many points
    commits    one record a pack: its number, how far rows and bodies reached with it, checksums

What is appended becomes true with its record in ``commits``, in this order, under a lock that the caller holds:

1. What stands behind the last commit is of a process that was killed: it is written over.
2. Bodies and rows are written, and brought to the disk.
3. The commit is written, in one call. A kill within it leaves a part of a record, which is cut off by the next.

Whoever reads needs no lock, and maps only what is committed; that is never written again. Reading trusts no number:
the last commit bears a checksum of itself and of all commits before it, each commit one of all rows up to it, and each
row one of its bytes. Anything that does not add up raises ``Damaged``, and the generation is given up for a new one,
never mended. Which damage is noticed when: commits that are cut or altered, and files that are too short, whenever
the generation is opened; altered rows and bodies when they are first read in a process, the rows a commit at a time,
before they are used.
"""

from __future__ import annotations

import mmap
import os
import struct
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from archiver.derived.keys import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, BinaryIO

    from numpy.typing import NDArray

    from archiver.derived.pack import Entry

ROW = np.dtype(
    [
        ("item", "<u8", (4,)),
        ("offset", "<u8"),
        ("features", "<u4"),
        ("samples", "<u4"),
        ("crc", "<u4"),
        ("points", "<u4"),
        ("zero", "<u8"),
    ]
)
_ROW = struct.Struct("<32sQIIIIQ")
_COMMIT = struct.Struct("<QQQIIIII")
_CRC = struct.Struct("<I")
_COMMITTED = np.dtype(
    {
        "names": ["pack", "rows", "crc"],
        "formats": ["<u8", "<u8", "<u4"],
        "offsets": [0, 8, 32],
        "itemsize": _COMMIT.size,
    }
)
"""What is looked up of a commit: its pack, the rows up to it, and their checksum."""


class Damaged(Exception):
    """The files of a generation do not add up. Never leaves this package: it is repaired from the store's packs."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A pack to take in: its number, its new entries with the number of points of each, and whether it was refused."""

    pack: int
    entries: Sequence[tuple[Entry, int]]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """What is committed: packs, rows, bytes of bodies; and the checksums of all commits and of all rows."""

    packs: int = 0
    rows: int = 0
    end: int = 0
    commits_crc: int = 0
    rows_crc: int = 0


class Generation:
    """The files in one folder, which exists.

    Raises:
        Damaged: see the module.
        OSError: the files cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state = _State()
        self._commits = b""
        self._packs: set[int] = set()
        self._free = 0
        self._records = memoryview(b"")
        self._rows: NDArray[np.void] = np.empty(0, ROW)
        self._ends: NDArray[np.int64] = np.empty(0, np.int64)
        """Of each commit: the row after its last."""
        self._right: NDArray[np.bool_] = np.empty(0, np.bool_)
        """Of each commit: whether its rows were found right in this process."""
        self._bodies = memoryview(b"")
        self._runs = Runs(folder, self._rows_sum, self._keys)
        self.refresh()

    def __len__(self) -> int:
        return self._state.rows

    @property
    def packs(self) -> set[int]:
        """The numbers of all packs that were taken in or refused; not to be changed."""
        self._packs.update(np.frombuffer(self._commits, _COMMITTED)["pack"][len(self._packs) :].tolist())
        return self._packs

    @property
    def free(self) -> int:
        """The least number of a pack that was not taken in."""
        packs = self.packs
        while self._free in packs:
            self._free += 1
        return self._free

    @property
    def refused(self) -> int:
        """How many packs were refused."""
        return sum(record[4] for record in _COMMIT.iter_unpack(self._commits))

    def refresh(self) -> bool:
        """Take in what was committed since; whether there was anything.

        Raises:
            Damaged, OSError: see the class.
        """
        known = self._state
        with ExitStack() as open_files:
            commits, rows, bodies = (_opened(self.folder / name, open_files) for name in ("commits", "rows", "bodies"))
            if commits is None:
                if known.packs:
                    raise Damaged(f"{self.folder}: commits are missing")
                return False
            commits.seek(known.packs * _COMMIT.size)
            new = commits.read()
            new = new[: len(new) - len(new) % _COMMIT.size]
            if not new:
                if os.fstat(commits.fileno()).st_size < known.packs * _COMMIT.size:
                    raise Damaged(f"{self.folder}: commits were cut")
                return False
            state = self._checked(new)
            if state.rows > known.rows:
                if rows is None or bodies is None:
                    raise Damaged(f"{self.folder}: rows or bodies are missing")
                self._map(rows, bodies, state)
        self._commits += new
        self._state = state
        self._ends = np.frombuffer(self._commits, _COMMITTED)["rows"].astype(np.int64)
        self._right = np.concatenate([self._right, np.zeros(len(self._ends) - len(self._right), np.bool_)])
        return True

    def _checked(self, new: bytes) -> _State:
        """The state after the new commits, of which the last one vouches for all before it."""
        last = new[-_COMMIT.size :]
        pack_, rows, end, number, _refused, rows_crc, before, crc = _COMMIT.unpack(last)
        del pack_
        packs = self._state.packs + len(new) // _COMMIT.size
        if crc != crc32(last[: -_CRC.size]) or number != packs - 1:
            raise Damaged(f"{self.folder}: the last commit is no commit")
        if before != crc32(new[: -_COMMIT.size], self._state.commits_crc):
            raise Damaged(f"{self.folder}: an earlier commit was changed")
        if rows < self._state.rows or end < self._state.end:
            raise Damaged(f"{self.folder}: a commit takes something back")
        return _State(packs, rows, end, crc32(last, before), rows_crc)

    def _map(self, rows: BinaryIO, bodies: BinaryIO, state: _State) -> None:
        known = self._state
        if os.fstat(rows.fileno()).st_size < state.rows * _ROW.size or os.fstat(bodies.fileno()).st_size < state.end:
            raise Damaged(f"{self.folder}: rows or bodies were cut")
        mapped = mmap.mmap(rows.fileno(), state.rows * _ROW.size, access=mmap.ACCESS_READ)
        if state.end > known.end:
            self._bodies = memoryview(mmap.mmap(bodies.fileno(), state.end, access=mmap.ACCESS_READ))
        self._records = memoryview(mapped)
        self._rows = np.frombuffer(mapped, ROW)

    def check(self, rows: NDArray[np.intp]) -> None:
        """Check the rows of the commits that these rows came with, each commit once in a process.

        Raises:
            Damaged: one is not what was written.
        """
        self._check(sorted(set(np.searchsorted(self._ends, rows, side="right").tolist())))

    def _check(self, asked: Sequence[int]) -> None:
        table = np.frombuffer(self._commits, _COMMITTED)
        for commit in asked:
            if self._right[commit]:
                continue
            first, before = (int(table[commit - 1]["rows"]), int(table[commit - 1]["crc"])) if commit else (0, 0)
            end, after = int(table[commit]["rows"]), int(table[commit]["crc"])
            if crc32(self._records[first * _ROW.size : end * _ROW.size], before) != after:
                raise Damaged(f"{self.folder}: a row from {first:,} on was changed")
            self._right[commit] = True

    def item(self, row: int) -> bytes:
        """The item of a row.

        Raises:
            Damaged: the row is not what was written.
        """
        self.check(np.array([row]))
        return bytes(self._rows["item"][row].tobytes())

    def rows_of(self, items: Sequence[bytes]) -> NDArray[np.intp]:
        """The row of each item (32 bytes), or -1.

        Raises:
            Damaged: a row that was read is not what was written.
            OSError: see the class.
        """
        found = np.full(len(items), -1, np.intp)
        wanted = np.frombuffer(b"".join(items), "<u8").reshape(-1, 4)
        pairs = np.array(list(self._runs.find(wanted[:, 0], len(self))), np.intp).reshape(-1, 2)
        places, rows = pairs[:, 0], pairs[:, 1]
        self.check(rows)
        right = (self._rows["item"][rows] == wanted[places]).all(axis=1)  # others begin alike
        found[places[right]] = rows[right]
        return found

    def _keys(self, first: int, end: int) -> NDArray[np.uint64]:
        begin, last = np.searchsorted(self._ends, [first, end - 1], side="right").tolist()
        self._check(range(begin, last + 1))
        return np.ascontiguousarray(self._rows["item"][first:end, 0])

    def _rows_sum(self, end: int) -> int | None:
        commit = int(np.searchsorted(self._ends, end))
        if commit == len(self._ends) or int(self._ends[commit]) != end:
            return None
        return int(np.frombuffer(self._commits, _COMMITTED)[commit]["crc"])

    def body(self, row: int) -> tuple[bytes, bytes]:
        """The features and the samples of a row, each possibly empty.

        Raises:
            Damaged: they are not what was written.
        """
        self.check(np.array([row]))
        found = self._rows[row]
        start, middle = int(found["offset"]), int(found["offset"]) + int(found["features"])
        end = middle + int(found["samples"])
        data = bytes(self._bodies[start:end])
        if crc32(data) != int(found["crc"]):
            raise Damaged(f"{self.folder}: the bytes of row {row} were changed")
        return data[: middle - start], data[middle - start :]

    def append(self, batches: Sequence[Batch]) -> None:
        """Take packs in, under the lock of the cache; the generation is refreshed before and after.

        Raises:
            Damaged, OSError: see the class.
        """
        self.refresh()
        state, records, bodies, commits = self._state, bytearray(), bytearray(), bytearray()
        rows_crc, commits_crc, end, count = state.rows_crc, state.commits_crc, state.end, state.rows
        for number, batch in enumerate(batches, state.packs):
            fresh = bytearray()
            for entry, points in batch.entries:
                body = entry.features + entry.samples
                lengths = len(entry.features), len(entry.samples)
                fresh += _ROW.pack(entry.item, end, *lengths, crc32(body), points, 0)
                bodies += body
                end += len(body)
                count += 1
            records += fresh
            rows_crc = crc32(fresh, rows_crc)
            commit = _COMMIT.pack(batch.pack, count, end, number, batch.refused, rows_crc, commits_crc, 0)
            commit = commit[: -_CRC.size] + _CRC.pack(crc32(commit[: -_CRC.size]))
            commits_crc = crc32(commit, commits_crc)
            commits += commit
        if records:
            _write(self.folder / "bodies", state.end, bodies, flush=True)  # steps 1 and 2
            _write(self.folder / "rows", state.rows * _ROW.size, records, flush=True)
        _write(self.folder / "commits", state.packs * _COMMIT.size, commits, flush=False)  # step 3
        self.refresh()
        with suppress(OSError):  # look-ups do without, and take longer
            self._runs.grow(len(self))


def _opened(path: Path, open_files: ExitStack) -> BinaryIO | None:
    try:
        return open_files.enter_context(path.open("rb"))
    except FileNotFoundError:
        return None


def _write(path: Path, at: int, data: bytes | bytearray, *, flush: bool) -> None:
    """Write at a place, over whatever stands there."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0) as file:
        file.seek(at)
        rest: memoryview[Any] = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
        if flush:
            os.fsync(file.fileno())
