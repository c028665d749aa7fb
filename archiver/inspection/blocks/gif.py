"""GIF89a: blocks and their sub-blocks up to the trailer.

Comments and application data come in sub-blocks of up to 255 bytes, each a piece. XMP alone does not (XMP part 3,
1.1.2): the packet lies there as it is, read as sub-blocks by its characters, and 258 bytes behind it catch the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import MOST_PIECES, Layout, Piece, Short, number

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Data

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION, _PLAIN_TEXT = 0xFE, 0xFF, 0x01
_XMP: Final = b"XMP DataXMP"
_GROUPS: Final = {b"ICCRGBG1": "ICC", b"C2PA_GIF": "C2PA"}  # by identifier, three bytes of version behind
_INNOCENT: Final = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})
_CATCH: Final = 258


def walk(data: Data, layout: Layout) -> None:
    """Every block."""
    at = 13 + _colours(number(data, 10, "B"))
    while at < layout.size:
        layout.step()
        kind = data[at]
        if kind == _TRAILER:
            layout.end = at + 1
            return
        if kind == _IMAGE:
            at = _sub_blocks(data, layout, at + 11 + _colours(number(data, at + 9, "B")), 0)[1]
        elif kind == _EXTENSION:
            at = _extension(data, layout, at)
        else:
            layout.miss("structure", at, layout.size - at, f"a block of the unknown kind {kind:02X}")
            return


def _colours(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _extension(data: Data, layout: Layout, at: int) -> int:
    label = number(data, at + 1, "B")
    pieces, end = _sub_blocks(data, layout, at + 2)
    if label == _COMMENT:
        layout.keep("Comment", "comment extension", *pieces)
    elif label == _PLAIN_TEXT:
        layout.keep("Comment", "plain text", *pieces[1:])
    elif label == _APPLICATION and pieces:
        name = bytes(data[pieces[0].offset : pieces[0].end])
        if name == _XMP:
            start, stop = pieces[0].end, end - _CATCH
            if bytes(data[stop : stop + 3]) == b"\x01\xff\xfe":
                layout.keep("XMP", "XMP DataXMP", Piece(start, max(0, stop - start)))
            else:  # written as ordinary data, without what catches the reader
                layout.keep("XMP", "XMP DataXMP", *pieces[1:])
        elif name[:8] in _GROUPS:
            layout.keep(_GROUPS[name[:8]], "application extension", *pieces[1:])
        elif name not in _INNOCENT:
            layout.keep("GIF other", "application extension", *pieces)
    return end


def _sub_blocks(data: Data, layout: Layout, at: int, most: int = MOST_PIECES + 1) -> tuple[list[Piece], int]:
    """The sub-blocks, ``most`` of them, and where the next block begins."""
    pieces: list[Piece] = []
    while at < layout.size:
        layout.step()
        length = data[at]
        if not length:
            return pieces, at + 1
        if len(pieces) < most:
            pieces.append(Piece(at + 1, length))
        at += 1 + length
    raise Short(layout.size, "the file ends within a block")
