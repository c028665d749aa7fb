"""WebP (RFC 9649): RIFF chunks up to the size that the first one states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import Layout, Piece, number

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Data

_GROUPS: Final = {b"EXIF": "EXIF", b"XMP ": "XMP", b"ICCP": "ICC", b"C2PA": "C2PA"}
_PICTURE: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})


def walk(data: Data, layout: Layout) -> None:
    """Every chunk; those that are neither the picture's nor known metadata are kept as ``RIFF other``."""
    end = 8 + number(data, 4, "<I")
    if end > layout.size:
        layout.miss("structure", 0, layout.size, f"{end} bytes are announced")
    at, stop = 12, min(end, layout.size)
    while at + 8 <= stop:
        layout.step()
        kind, length = bytes(data[at : at + 4]), number(data, at + 4, "<I")
        piece = Piece(at + 8, length)
        if piece.end > stop:
            layout.miss("structure", at, length + 8, "a chunk ends behind the end")
            return
        if kind == b"EXIF" and bytes(data[piece.offset : piece.offset + 6]) == b"Exif\x00\x00":
            piece_of_structure = Piece(piece.offset + 6, max(0, length - 6))  # JPEG's prefix, which some writers add
            layout.keep("EXIF", "EXIF", piece_of_structure)
        elif kind in _GROUPS:
            layout.keep(_GROUPS[kind], kind.decode(), piece)
        elif kind not in _PICTURE:
            layout.keep("RIFF other", "chunk", piece)
        at = piece.end + (length & 1)
    if end <= layout.size:
        layout.stray(at, stop)
        layout.end = min(end + (end & 1), layout.size)
