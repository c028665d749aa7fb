"""What a walk through a file's structure comes to."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mmap import mmap

    from archiver.inspection.blocks.directories import Structure

    Data = bytes | mmap

MOST_STEPS: Final = 500_000
"""Segments, chunks, boxes or sub-blocks that are walked in one file: an animation of an hour has fewer."""

MOST_PIECES: Final = 1_000
"""Pieces of blocks that are kept of one file; camera files have up to 60."""

MOST_UNREAD: Final = 20
"""Places told of what could not be read; the first ones, because what follows is often their consequence."""


class Short(Exception):
    """Something ends before what it announces: where it starts, and what it is."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset = offset


class Enough(Exception):
    """A bound was reached."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that stand together.

    Attributes:
        offset: bytes from the beginning of the file.
        length: bytes.
    """

    offset: int
    length: int

    @property
    def end(self) -> int:
        """The offset of the first byte behind it."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True)
class Block:
    """A block of metadata.

    Attributes:
        group: whose group it is in what is recorded (``EXIF``, ``XMP`` …).
        kind: what its own format calls it (``APP1``, ``tEXt``).
        pieces: where it stands, in the order in which its pieces belong together.
    """

    group: str
    kind: str
    pieces: tuple[Piece, ...]

    @property
    def length(self) -> int:
        """Bytes, all pieces together."""
        return sum(piece.length for piece in self.pieces)

    def content(self, data: Data, most: int | None = None) -> bytes:
        """The block itself, cut out of the file; the first ``most`` bytes of it, where that is given."""
        rest = self.length if most is None else most
        parts = []
        for piece in self.pieces:
            parts.append(bytes(data[piece.offset : piece.offset + min(piece.length, rest)]))
            rest -= len(parts[-1])
            if rest <= 0:
                break
        return b"".join(parts)

    def part(self, start: int, length: int) -> tuple[Piece, ...]:
        """Where ``length`` bytes from ``start`` on of the block stand in the file; nothing where it has not so many."""
        if start < 0 or length <= 0 or start + length > self.length:
            return ()
        found = []
        for piece in self.pieces:
            if start < piece.length:
                taken = min(length, piece.length - start)
                found.append(Piece(piece.offset + start, taken))
                length -= taken
                if not length:
                    break
            start = max(0, start - piece.length)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of the file that could not be read: which group it belongs to, where it stands, and why."""

    group: str
    piece: Piece
    why: str


@dataclass
class Layout:
    """What stands where.

    Attributes:
        size: of the file, in bytes.
        blocks: blocks of metadata, in the order of the file.
        pictures: further pictures that belong to the file by its own index (Multi-Picture Format).
        strays: bytes between the parts of the format that belong to none of them.
        unread: what could not be read.
        end: where the picture's own format ends; none where the walk did not get there.
        exif: the directories of the first block of EXIF, or of the file where it is a TIFF.
        enough: a bound ended the walk.
    """

    size: int
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Piece] = field(default_factory=list)
    strays: list[Piece] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    end: int | None = None
    exif: Structure | None = None
    enough: bool = False
    _steps: int = 0
    _pieces: int = 0

    def step(self) -> None:
        """Count one step of the walk.

        Raises:
            Enough: it was one too many.
        """
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise Enough

    def keep(self, group: str, kind: str, *pieces: Piece) -> Block | None:
        """Keep a block, where it has bytes and all of them lie within the file."""
        whole = tuple(piece for piece in pieces if piece.length > 0)
        if not whole or any(piece.offset < 0 or piece.end > self.size for piece in whole):
            return None
        self._pieces += len(whole)
        if self._pieces > MOST_PIECES:
            self.enough = True
            return None
        block = Block(group, kind, whole)
        self.blocks.append(block)
        return block

    def miss(self, group: str, offset: int, length: int, why: str) -> None:
        """Note what could not be read, as far as it lies within the file."""
        if len(self.unread) < MOST_UNREAD and 0 <= offset <= self.size:
            self.unread.append(Unread(group, Piece(offset, max(0, min(length, self.size - offset))), why))

    def stray(self, start: int, end: int) -> None:
        """Note bytes that belong to nothing."""
        if end > start and len(self.strays) < MOST_UNREAD:
            self.strays.append(Piece(start, end - start))

    def of(self, group: str) -> list[Block]:
        """The blocks of one group."""
        return [block for block in self.blocks if block.group == group]

    @property
    def behind(self) -> list[Piece]:
        """What follows the end of the format and is none of its further pictures, in the order of the file."""
        if self.end is None:
            return []
        found, at = [], self.end
        for picture in sorted(self.pictures, key=lambda piece: piece.offset):
            if picture.offset > at:
                found.append(Piece(at, picture.offset - at))
            at = max(at, picture.end)
        if at < self.size:
            found.append(Piece(at, self.size - at))
        return found


def number(data: Data, at: int, form: str) -> int:
    """One number in ``struct``'s notation.

    Raises:
        Short: it does not lie within the data.
    """
    size = struct.calcsize(form)
    if at < 0 or at + size > len(data):
        raise Short(max(0, min(at, len(data))), "the file ends early")
    return int(struct.unpack_from(form, data, at)[0])
