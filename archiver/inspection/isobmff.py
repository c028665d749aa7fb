"""The Exif item of a HEIF or AVIF file, as its bytes stand in the file.

The decoders hand EXIF over rewritten (the orientation reset, maker notes lost), and exifread's own search through such
files was unbounded (its issue 249). Evidence needs the bytes themselves, so the few boxes on the way are read here:
``meta``, ``iinf``, ``iloc`` (ISO/IEC 14496-12:2022, 8.11) and the item's payload (ISO/IEC 23008-12:2022, annex
A.2.1). Every count and length is checked against its box.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

_MOST_BYTES: Final = 4 << 20
_MOST_BOXES: Final = 1000
_MOST_ITEMS: Final = 10_000


def exif_block(data: bytes | mmap) -> bytes | None:
    """The TIFF structure of the first Exif item, from its byte order mark on; none where there is none that holds."""
    try:
        payload = _payload(data)
    except (struct.error, IndexError):
        return None  # a box ends before what it announces
    if payload is None or len(payload) < 4:  # noqa: PLR2004 - the offset that A.2.1 puts in front
        return None
    (skip,) = struct.unpack_from(">I", payload)
    block = payload[4 + skip :]
    return block if block[:2] in {b"II", b"MM"} else None


def _payload(data: bytes | mmap) -> bytes | None:
    meta = next(((start, end) for kind, start, end in _boxes(data, 0, len(data)) if kind == b"meta"), None)
    if meta is None:
        return None
    inside = {kind: (start, end) for kind, start, end in _boxes(data, meta[0] + 4, meta[1])}
    if b"iinf" not in inside or b"iloc" not in inside:
        return None
    item = _exif_item(data, *inside[b"iinf"])
    if item is None:
        return None
    start, end = inside.get(b"idat", (0, 0))
    return _content(data, _extents(data[slice(*inside[b"iloc"])], item), (start, end))


def _boxes(data: bytes | mmap, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the content of each box."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            header = 16
        stop = end if size == 0 else start + size
        if (size and size < header) or stop > end:
            return
        yield kind, start + header, stop
        start = stop


def _exif_item(data: bytes | mmap, start: int, end: int) -> int | None:
    """The number of the first item of type ``Exif``."""
    long = data[start] > 0
    for kind, at, stop in _boxes(data, start + (8 if long else 6), end):
        if kind != b"infe" or stop - at < 12 or data[at] not in {2, 3}:  # noqa: PLR2004 - versions with item types
            continue
        form = ">HH4s" if data[at] == 2 else ">IH4s"  # noqa: PLR2004 - version 2 has short numbers
        number, _, item_type = struct.unpack_from(form, data, at + 4)
        if item_type == b"Exif":
            return int(number)
    return None


def _extents(iloc: bytes, wanted: int) -> tuple[int, list[tuple[int, int]]]:
    """Construction method, and (offset, length) of each extent of an item."""
    version = iloc[0]
    offset_size, length_size = iloc[4] >> 4, iloc[4] & 15
    base_size, index_size = iloc[5] >> 4, iloc[5] & 15 if version else 0
    number_size = 4 if version == 2 else 2  # noqa: PLR2004 - version 2 has long numbers
    at = 6

    def take(size: int) -> int:
        nonlocal at
        if at + size > len(iloc):
            raise IndexError("iloc ends early")
        at += size
        return int.from_bytes(iloc[at - size : at], "big")

    for _ in range(min(take(number_size), _MOST_ITEMS)):
        number = take(number_size)
        method = take(2) & 15 if version else 0
        take(2)
        base = take(base_size)
        extents = []
        for _ in range(take(2)):
            take(index_size)
            offset = take(offset_size)
            extents.append((base + offset, take(length_size)))
        if number == wanted:
            return method, extents
    return 0, []


def _content(data: bytes | mmap, found: tuple[int, list[tuple[int, int]]], idat: tuple[int, int]) -> bytes | None:
    method, extents = found
    if method not in {0, 1} or not extents or sum(length for _, length in extents) > _MOST_BYTES:
        return None
    low, high = idat if method == 1 else (0, len(data))
    pieces = []
    for offset, length in extents:
        if low + offset + length > high:
            return None
        pieces.append(bytes(data[low + offset : low + offset + length]))
    return b"".join(pieces)
