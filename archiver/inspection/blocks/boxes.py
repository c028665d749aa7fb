"""Files of boxes: the ISO base media family with HEIF and AVIF (ISO/IEC 14496-12:2022), JPEG 2000 and JPEG XL.

HEIF keeps EXIF and XMP as items of ``meta`` (``archiver.inspection.blocks.items``). C2PA is a ``uuid`` box (C2PA 2.1,
A.3.2) or JUMBF; XMP and IPTC-IIM have a ``uuid`` each (XMP part 3, 1.1.2; JPEG 2000's Annex I).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks import codestream, items
from archiver.inspection.blocks.layout import Layout, Piece, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.layout import Data

_UUIDS: Final = {
    bytes.fromhex("d8fec3d61b0e483c92975828877ec481"): "C2PA",
    bytes.fromhex("be7acfcb97a942e89c71999491e3afac"): "XMP",
    b"JpgTiffExif->JP2": "EXIF",
    bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"): "IPTC",
}
_PICTURE: Final = frozenset(
    {b"ftyp", b"styp", b"mdat", b"moov", b"moof", b"mfra", b"sidx", b"ssix", b"prft", b"pdin", b"pnot"}
    | {b"jP  ", b"jp2c", b"JXL ", b"jxll", b"jxlc", b"jxlp", b"jxli", b"jbrd", b"mpvd"}
)
_WITHIN: Final = frozenset({b"iprp", b"ipco", b"jp2h"})
_KNOWN: Final = _PICTURE | _WITHIN | {b"meta", b"uuid", b"free", b"skip", b"wide", b"jumb", b"xml ", b"Exif", b"brob"}
_PROFILES: Final = frozenset({b"prof", b"rICC"})


def walk(data: Data, layout: Layout) -> None:
    """Every box at the top, and within those that lead to metadata."""
    end = 0
    for kind, piece in _boxes(data, layout, Piece(0, layout.size)):
        _box(data, layout, kind, piece)
        end = piece.end
    if bytes(data[end + 4 : end + 8]) in _KNOWN:
        layout.miss("structure", end, layout.size - end, "a box ends behind the end")
    else:
        layout.end = end  # what follows, if anything, does not begin as a box


def _boxes(data: Data, layout: Layout, within: Piece) -> Iterator[tuple[bytes, Piece]]:
    """Kind and content of each box, up to what is none or does not end within."""
    start = within.offset
    while start + 8 <= within.end:
        layout.step()
        length, kind, header = number(data, start, ">I"), bytes(data[start + 4 : start + 8]), 8
        if length == 1:
            length, header = number(data, start + 8, ">Q"), 16
        stop = within.end if length == 0 else start + length
        if stop - start < header or stop > within.end or not (kind.isascii() and kind.decode().isprintable()):
            return
        yield kind, Piece(start + header, stop - start - header)
        start = stop


def _box(data: Data, layout: Layout, kind: bytes, piece: Piece) -> None:
    if kind == b"uuid":
        group = _UUIDS.get(bytes(data[piece.offset : piece.offset + 16]), "box other")
        header = 6 if group == "EXIF" and bytes(data[piece.offset + 16 : piece.offset + 20]) == b"Exif" else 0
        layout.keep(group, "uuid", _behind(piece, 16 + header))
    elif kind == b"jumb":
        layout.keep("C2PA", "jumb", Piece(piece.offset - 8, piece.length + 8))
    elif kind == b"xml ":
        known = (
            b"xmpmeta" in data[piece.offset : piece.offset + 400] or b"xpacket" in data[piece.offset : piece.end][:40]
        )
        layout.keep("XMP" if known else "box other", "xml", piece)
    elif kind == b"Exif":
        layout.keep("EXIF", "Exif", _behind(piece, 4 + number(data, piece.offset, ">I")))
    elif kind == b"brob":
        layout.miss("XMP", piece.offset, piece.length, "it is compressed with Brotli")
    elif kind == b"jp2c":
        codestream.within(data, layout, piece)
    elif kind in _WITHIN:
        _properties(data, layout, piece)
    elif kind == b"meta":
        _meta(data, layout, piece)
    elif kind not in _PICTURE:
        layout.keep("box other", "box", piece)


def _properties(data: Data, layout: Layout, within: Piece) -> None:
    """Profiles of the boxes that describe pictures (``colr``; ISO/IEC 14496-12:2022, 12.1.5; JPEG 2000, I.5.3.3)."""
    for kind, piece in _boxes(data, layout, within):
        if kind == b"ipco":
            _properties_of_items(data, layout, piece)
        else:
            _colour(data, layout, kind, piece)


def _properties_of_items(data: Data, layout: Layout, within: Piece) -> None:
    for kind, piece in _boxes(data, layout, within):
        _colour(data, layout, kind, piece)


def _colour(data: Data, layout: Layout, kind: bytes, piece: Piece) -> None:
    if kind != b"colr":
        return
    if bytes(data[piece.offset : piece.offset + 4]) in _PROFILES:
        layout.keep("ICC", "colr", _behind(piece, 4))
    elif bytes(data[piece.offset : piece.offset + 1]) == b"\x02":  # JPEG 2000's restricted profile, by its method
        layout.keep("ICC", "colr", _behind(piece, 3))


def _meta(data: Data, layout: Layout, within: Piece) -> None:
    inside = dict(_boxes(data, layout, _behind(within, 4)))
    if b"iprp" in inside:
        _properties(data, layout, inside[b"iprp"])
    if b"iinf" in inside and b"iloc" in inside:
        empty = Piece(within.end, 0)
        entries = (
            piece for kind, piece in _boxes(data, layout, items.listed(data, inside[b"iinf"])) if kind == b"infe"
        )
        items.keep(data, layout, entries, inside[b"iloc"], inside.get(b"idat", empty))


def _behind(piece: Piece, header: int) -> Piece:
    """What follows a header of so many bytes."""
    return Piece(piece.offset + header, max(0, piece.length - header))
