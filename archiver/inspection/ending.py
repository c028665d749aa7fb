"""Where a file says that it ends, and the same file filled up to there.

Some decoders refuse a file that ends early, and would decode what there is of it if only the rest were there. So the
rest is filled with zeros, in memory, when strict decoding has failed: lossy WebP and AVIF then decode from the top down
to near the end of their bytes, HEIF likewise or tile by tile, JPEG 2000 as a whole in less detail. What the zeros
decode to is the decoder's filling, as with every ``truncated`` picture.
"""

from __future__ import annotations

import io
import os
import struct
from typing import BinaryIO, Final

_MOST_BYTES: Final = 256 << 20
_MOST_OF_IT: Final = 10
"""A file that states more than ten times what there is of it is not believed: a tenth of a picture shows nothing."""
_MOST_PARTS: Final = 10_000
_START_OF_TILE_PART, _END_OF_CODESTREAM = b"\xff\x90", b"\xff\xd9"


def missing(handle: BinaryIO, decoder: str) -> int:
    """How many bytes there are less than the file states; 0 where it states nothing, or nothing that can be so.

    Args:
        handle: the file; its position is changed.
        decoder: Pillow's name of the format.

    Raises:
        OSError: the file cannot be read.
    """
    size = handle.seek(0, os.SEEK_END)
    try:
        if decoder == "WEBP":
            stated = struct.unpack("<I", _at(handle, 4, 4))[0] + 8
        elif decoder in {"HEIF", "AVIF"}:
            stated = _boxes_end(handle, size)
        elif decoder == "JPEG2000":
            stated = _tiles_end(handle, size)
        else:
            return 0
    except struct.error:
        return 0
    return stated - size if size < stated <= min(_MOST_BYTES, _MOST_OF_IT * size) else 0


def filled(handle: BinaryIO, lacking: int) -> BinaryIO:
    """The file with so many zeros behind it.

    Raises:
        OSError: the file cannot be read.
        MemoryError: it does not fit.
    """
    handle.seek(0)
    return io.BytesIO(handle.read(_MOST_BYTES) + bytes(lacking))


def _boxes_end(handle: BinaryIO, size: int) -> int:
    """The end of the last box (ISO/IEC 14496-12, 4.2)."""
    place = 0
    for _ in range(_MOST_PARTS):
        if place >= size:
            break
        place += _box(handle, place)[0] or size - place
    return place


def _box(handle: BinaryIO, place: int) -> tuple[int, bytes, int]:
    """Length, kind and length of the header of a box; 0 for one that goes on to the end."""
    length, kind = struct.unpack(">I4s", _at(handle, place, 8))
    if length == 1:
        return max(16, struct.unpack(">Q", _at(handle, place + 8, 8))[0]), kind, 16
    return (max(8, length) if length else 0), kind, 8


def _tiles_end(handle: BinaryIO, size: int) -> int:
    """The end of the last tile-part, and of the mark behind it (ISO/IEC 15444-1, A.4.2)."""
    place = 0
    if _at(handle, 0, 2) != b"\xff\x4f":
        for _ in range(_MOST_PARTS):
            length, kind, header = _box(handle, place)
            if kind == b"jp2c":
                place += header
                break
            if not length:
                return 0
            place += length
    place += 2
    for _ in range(_MOST_PARTS):
        mark, length = struct.unpack(">2sH", _at(handle, place, 4))
        if mark == _START_OF_TILE_PART:
            length = struct.unpack(">I", _at(handle, place + 6, 4))[0] - 2
            if length < 0:  # it goes on to the end
                return 0
        place += 2 + length
        if place >= size:
            break
        if _at(handle, place, 2) == _END_OF_CODESTREAM:
            return 0
    return place + 2


def _at(handle: BinaryIO, place: int, length: int) -> bytes:
    if place >= handle.seek(0, os.SEEK_END):  # no system seeks to any place that eight bytes can name
        return b""
    handle.seek(place)
    return handle.read(length)
