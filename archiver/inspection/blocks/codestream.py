"""JPEG 2000's codestream (ITU-T T.800, annex A): its comments, and where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import Layout, Piece, number

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Data

_COM, _SOT, _SOC, _EOC, _SOD = 0xFF64, 0xFF90, 0xFF4F, 0xFFD9, 0xFF93
_TEXT: Final = 1


def walk(data: Data, layout: Layout) -> None:
    """A file that is a codestream alone."""
    layout.end = within(data, layout, Piece(0, layout.size))


def within(data: Data, layout: Layout, piece: Piece) -> int | None:
    """Keep the comments of the main header; returns where the codestream ends, where that is told."""
    at = piece.offset + 2
    while at + 4 <= piece.end:
        layout.step()
        marker, length = number(data, at, ">H"), number(data, at + 2, ">H")
        if marker == _SOT:
            return _end_of_tiles(data, layout, piece, at)
        if marker < 0xFF00 or length < 2 or at + 2 + length > piece.end:  # noqa: PLR2004 - the length counts itself
            break
        if marker == _COM and length > 4 and number(data, at + 4, ">H") == _TEXT:  # noqa: PLR2004 - COM's own header
            layout.keep("Comment", "COM", Piece(at + 6, length - 4))
        elif marker == _COM:
            layout.keep("codestream other", "COM", Piece(at + 4, length - 2))
        at += 2 + length
    layout.miss("structure", at, piece.end - at, "the header of the codestream ends early")
    return None


def _end_of_tiles(data: Data, layout: Layout, piece: Piece, at: int) -> int | None:
    """From tile part to tile part, each of which says how long it is; the last one may leave it open."""
    while at + 12 <= piece.end and number(data, at, ">H") == _SOT:
        layout.step()
        length = number(data, at + 6, ">I")
        if length == 0 or at + length > piece.end:
            return None
        at += max(length, 12)
    return at + 2 if at + 2 <= piece.end and number(data, at, ">H") == _EOC else None
