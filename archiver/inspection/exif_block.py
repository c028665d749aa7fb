"""A TIFF block opened just far enough to fetch single entries that exifread leaves out.

``exifread`` with ``details=False`` skips maker notes (a lying count in one costs minutes) and, with them, the user
comment. Both are read here as plain bytes. Nothing is trusted: counts and offsets are checked against the block.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mmap import mmap

EXIF_POINTER, MAKER_NOTE, USER_COMMENT = 0x8769, 0x927C, 0x9286
_MOST_ENTRIES: Final = 1000
_BYTE, _UNDEFINED = 1, 7


def exif_directory(block: bytes | mmap, wanted: frozenset[int]) -> dict[int, bytes]:
    """The bytes of the wanted entries of type BYTE or UNDEFINED in the Exif directory.

    Args:
        block: a TIFF structure, from its byte order mark on.
        wanted: tag numbers.

    Returns:
        tag → value; an entry whose value does not lie within the block is left out.
    """
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8:  # noqa: PLR2004 - a TIFF header
        return {}
    pointer = _entries(block, order, struct.unpack_from(order + "I", block, 4)[0]).get(EXIF_POINTER)
    if pointer is None:
        return {}
    found = {}
    for tag, (kind, count, value) in _entries(block, order, pointer[2]).items():
        if tag not in wanted or kind not in {_BYTE, _UNDEFINED}:
            continue
        content = struct.pack(order + "I", value)[:count] if count <= 4 else block[value : value + count]  # noqa: PLR2004 - TIFF 6.0: up to 4 bytes stand in the entry
        if len(content) == count:
            found[tag] = content
    return found


def _entries(block: bytes | mmap, order: str, offset: int) -> dict[int, tuple[int, int, int]]:
    """Tag → (type, count, value or offset) of the directory at ``offset``, as far as it lies within the block."""
    if offset + 2 > len(block):
        return {}
    (count,) = struct.unpack_from(order + "H", block, offset)
    last = min(offset + 2 + 12 * min(count, _MOST_ENTRIES), len(block) - 11)
    entries: dict[int, tuple[int, int, int]] = {}
    for at in range(offset + 2, last, 12):
        tag, kind, length, value = struct.unpack_from(order + "HHII", block, at)
        entries.setdefault(tag, (kind, length, value))
    return entries
