"""A look index kept on disk beside the catalogue: columns that are mapped into memory, and only ever grow.

The law: what is kept can be thrown away at any moment, and never is believed against its checks.

* Files: ``head`` (``archiver.neighbours.head``), ``lock``, and a folder a *generation* with one file a column.
* An append writes behind the rows that count, in every column, and then replaces the head. Rows that count are never
  written again, so that whoever has mapped them reads on undisturbed. Killed anywhere in between, or out of room, the
  old head counts the old rows. Nothing is brought to the disk by force: what a power cut takes fails its check.
* What is in doubt is made anew in a generation of its own; the head changes over to it, and the old one is removed
  (who has mapped it keeps it).
* One writer at a time, by a lock that ends with its process. Nobody waits for it: who does not get it holds the rows in
  memory. So does a system without such locks.

Which damage is noticed when: a head that is cut or altered, another log, algorithm or projection, and columns that are
too short, whenever the index is opened; altered rows when a search first reads them in a process, block by block of
``head.BLOCK`` rows and only in the columns that it reads, before it uses them.
"""

from __future__ import annotations

import mmap
import os
import secrets
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.columns import SHAPES, Columns
from archiver.neighbours.head import BLOCK, Head, checksum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

    from archiver.neighbours.head import Point

_TRIES = 5
"""How often a head is read whose generation is gone by then: its writer changed over in between."""


class Damaged(Exception):
    """Rows that are kept are not what was written."""


class _Checks:
    """Which blocks of the columns were found right, and finding it out.

    It holds the arrays and not the ``Columns`` that ask it: in a circle they would stay mapped, each with a descriptor,
    until the garbage collector comes by.
    """

    def __init__(self, head: Head, arrays: Sequence[NDArray[np.generic]]) -> None:
        self._head, self._arrays = head, arrays
        self.right = np.zeros(head.sums.shape, dtype=np.bool_)

    def check(self, column: int, rows: NDArray[np.intp] | range) -> None:
        """Check the blocks of a column that these rows lie in, each once.

        Raises:
            Damaged: one is not what was written.
        """
        if isinstance(rows, range):
            blocks = range(rows.start // BLOCK, (rows.stop - 1) // BLOCK + 1) if rows else range(0)
            left = [block for block in blocks if not self.right[block, column]]
        else:
            left = [block for block in sorted(set((rows // BLOCK).tolist())) if not self.right[block, column]]
        for block in left:
            part = self._arrays[column][block * BLOCK : min((block + 1) * BLOCK, self._head.count)]
            if checksum(part) != self._head.sums[block, column]:
                raise Damaged(f"{SHAPES[column].name}, rows from {block * BLOCK:,}")
            self.right[block, column] = True


class Mapped:
    """The rows that a head counts, mapped into memory."""

    def __init__(self, folder: Path, head: Head) -> None:
        self.head = head
        mapped = [_mapped(folder, column, head.count) for column in range(len(SHAPES))]
        self._files = [file for _, file in mapped]
        arrays = tuple(array for array, _ in mapped)
        self._checks = _Checks(head, arrays)
        self.columns = Columns(arrays, self._checks.check)

    def known_right(self, before: Mapped) -> None:
        """Blocks that were found right before an append need not be read again, where the file is the same one."""
        if before.head.generation == self.head.generation:
            whole = min(before.head.count, self.head.count) // BLOCK
            same = [now is not None and now == then for now, then in zip(self._files, before._files, strict=True)]
            self._checks.right[:whole, same] = before._checks.right[:whole, same]


def _mapped(folder: Path, column: int, count: int) -> tuple[NDArray[np.generic], tuple[int, int] | None]:
    """The rows of a column, and which file they are in: its device and inode."""
    shape = SHAPES[column]
    wide = () if shape.wide == 1 else (shape.wide,)
    if not count:
        return np.empty((0, *wide), dtype=shape.dtype), None
    size = count * shape.bytes
    with (folder / shape.name).open("rb") as file:
        of = os.fstat(file.fileno())
        try:
            held = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        except ValueError as error:  # longer than the file
            raise Damaged(f"{shape.name} is cut short") from error
    rows = np.frombuffer(held, dtype=shape.dtype, count=count * shape.wide).reshape(count, *wide)
    return rows, (of.st_dev, of.st_ino)


class Kept:
    """One index on disk.

    Args:
        folder: where.
        identity: what the rows are; rows of another identity are none.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        self._identity = identity

    def open(self) -> Mapped | None:
        """The rows that count; none where there are none, or where they are in doubt.

        Raises:
            OSError: the file system refuses.
        """
        for _ in range(_TRIES):
            head = self._head()
            if head is None:
                return None
            try:
                return Mapped(self.folder / head.generation, head)
            except FileNotFoundError:
                continue  # changed over in between; or somebody removed the columns
            except Damaged:
                return None
        return None

    def _head(self) -> Head | None:
        try:
            head = Head.parse((self.folder / "head").read_bytes())
        except FileNotFoundError:
            return None
        if head is None or head.identity != self._identity or len(head.sums) != -(-head.count // BLOCK):
            return None  # no head, another index's, or one that sums up other blocks
        return head

    @contextmanager
    def writing(self) -> Iterator[bool]:
        """Whether this process alone may write meanwhile.

        Raises:
            OSError: the folder cannot be made.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("wb") as lock:
            yield _hold(lock)

    def begin(self) -> Head:
        """The head of a new generation that has no row yet. To be called while writing.

        Raises:
            OSError: its folder cannot be made.
        """
        generation = f"rows-{secrets.token_hex(8)}"
        (self.folder / generation).mkdir(mode=0o700)
        return Head(self._identity, generation, (), np.zeros((0, len(SHAPES)), dtype=np.uint64))

    def append(self, head: Head, rows: Columns, point: Point) -> Head:
        """Add rows behind those that the head counts, and have them counted. To be called while writing.

        Raises:
            OSError: there is no room, or no permission; what counted before counts on.
        """
        folder = self.folder / head.generation
        for shape, array in zip(SHAPES, rows.arrays, strict=True):
            path = folder / shape.name
            with path.open("r+b" if path.exists() else "x+b") as file:
                file.seek(head.count * shape.bytes)
                file.write(np.ascontiguousarray(array).data)
        extended = head.extended(rows, point)
        part = self.folder / "head.part"
        part.write_bytes(bytes(extended))
        part.replace(self.folder / "head")
        return extended

    def sweep(self, head: Head) -> None:
        """Remove every generation but this head's. To be called while writing."""
        for left in self.folder.glob("rows-*"):
            if left.name != head.generation:
                shutil.rmtree(left, ignore_errors=True)


def _hold(lock: BinaryIO) -> bool:
    if sys.platform == "win32":
        return False
    with suppress(OSError):
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
