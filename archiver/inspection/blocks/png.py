"""PNG and APNG (PNG third edition, clause 5): chunks up to ``IEND``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import Layout, Piece, number

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Data

_GROUPS: Final = {
    b"eXIf": "EXIF",
    b"tEXt": "PNG",
    b"zTXt": "PNG",
    b"iTXt": "PNG",
    b"tIME": "PNG",
    b"iCCP": "ICC",
    b"caBX": "C2PA",
}
_PICTURE: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)
_XMP: Final = b"XML:com.adobe.xmp\x00"


def walk(data: Data, layout: Layout) -> None:
    """Every chunk; those that are neither the picture's nor known metadata are kept as ``PNG other``."""
    at = 8
    while at < layout.size:
        layout.step()
        length, kind = number(data, at, ">I"), bytes(data[at + 4 : at + 8])
        piece = Piece(at + 8, length)
        if not kind.isalpha() or len(kind) < 4 or piece.end + 4 > layout.size:  # noqa: PLR2004 - a chunk's name
            layout.miss("structure", at, length + 12, "a chunk ends behind the end, or is none")
            return
        if kind == b"iTXt" and bytes(data[piece.offset : piece.offset + len(_XMP)]) == _XMP:
            _keep_xmp(data, layout, piece)
        elif kind in _GROUPS:
            layout.keep(_GROUPS[kind], kind.decode(), piece)
        elif kind not in _PICTURE:
            layout.keep("PNG other", kind.decode(), piece)
        at = piece.end + 4
        if kind == b"IEND":
            layout.end = at
            return


def _keep_xmp(data: Data, layout: Layout, piece: Piece) -> None:
    """The packet alone, where it is not compressed (XMP part 3, 1.1.5); else the chunk, which is read as text."""
    head = bytes(data[piece.offset : piece.offset + 200])
    compressed = head[len(_XMP) : len(_XMP) + 1] != b"\x00"
    language = head.find(b"\x00", len(_XMP) + 2)
    translated = head.find(b"\x00", language + 1)
    if compressed or language < 0 or translated < 0 or translated >= piece.length:
        layout.keep("XMP" if compressed else "PNG", "iTXt", piece)
    else:
        layout.keep("XMP", "packet", Piece(piece.offset + translated + 1, piece.length - translated - 1))
