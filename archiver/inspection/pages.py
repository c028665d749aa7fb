"""How many pictures a TIFF holds: its chain of directories, walked once.

TIFF 6.0, 2, and BigTIFF: a count of entries, the entries, and where the next directory stands. The chain ends with a
zero, where it leaves the file, or where it comes back to a directory that was counted.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_MOST: Final = 500_000
"""Directories that are counted; a scanned archive box in one file has some thousands."""

_CLASSIC: Final = (4, "H", 12, "I")
_BIG: Final = (8, "Q", 20, "Q")
"""Where the first offset stands, how a count is written, how long an entry is, how an offset is written."""


def count(handle: BinaryIO) -> int:
    """The directories of the chain, one at the least, ``_MOST`` at the most."""
    handle.seek(0)
    head = handle.read(4)
    order = "<" if head.startswith(b"II") else ">"
    at, counts, entry, offsets = _BIG if head[2:] in {b"+\x00", b"\x00+"} else _CLASSIC
    entered: set[int] = set()
    offset = _number(handle, at, order + offsets)
    while offset and offset not in entered and len(entered) < _MOST:
        entries = _number(handle, offset, order + counts)
        if not entries:
            break
        entered.add(offset)
        offset = _number(handle, offset + struct.calcsize(counts) + entries * entry, order + offsets)
    return max(1, len(entered))


def _number(handle: BinaryIO, at: int, form: str) -> int:
    """A number of the file, 0 where it lies behind the end."""
    size = struct.calcsize(form)
    if at >= 1 << 63:  # no file is as long, and no system seeks there
        return 0
    handle.seek(at)
    content = handle.read(size)
    return int(struct.unpack(form, content)[0]) if len(content) == size else 0
