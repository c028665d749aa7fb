"""What stands behind a picture's end, or where no viewer looks, and what it begins with.

Two findings. ``trailing-data`` says what follows the end of the format, innocent or not, by what it begins with: phones
put motion pictures and blocks of their own there, and fill with zeros. ``polyglot`` says that the file is a second
format too: a ZIP whose directory adds up, an archive, a program, a page or a PDF, in a place that belongs to no picture
data. Compressed pixels are not searched: what stands there is noise to every reader but one that is told its offset.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from archiver.inspection.blocks.layout import Piece
from archiver.render import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.layout import Data, Layout

    Finding = dict[str, Any]

_MOST_SEARCHED: Final = 64 << 20
_MOST_OF_A_KIND: Final = 5
_PDF_HEAD: Final = 1024
"""Bytes within which readers of PDF look for its header (ISO 32000-1:2008, annex H of Adobe's implementation notes)."""

_PROGRAM: Final = b"MZ"
_SIGNATURES: Final = {
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x7fELF": "an ELF program",
    b"%PDF-1.": "a PDF",
    b"%PDF-2.": "a PDF",
    _PROGRAM: "a Windows program",
}
_ELF_CLASSES: Final = frozenset(bytes((width, order, 1)) for width in (1, 2) for order in (1, 2))
_PAGES: Final = re.compile(rb"<(?:!doctype\s+html|(?:html|script|body|iframe|svg)[\s>]|\?php)", re.IGNORECASE)
_CHUNK, _OVERLAP = 1 << 20, 64
"""Bytes that are searched together: ``bytes`` are searched several times faster than a mapped file is."""

_WITHOUT_PAGES: Final = frozenset({"EXIF", "XMP", "ICC", "IPTC", "Thumbnail", "MakerNote", "GPS", "C2PA", "Photoshop"})
"""Groups whose text is looked at as text (``archiver.inspection.steering``), or that hold no text."""
_WITHIN_OTHERS: Final = frozenset({"Thumbnail", "MakerNote", "GPS"})

_BEGINNINGS: Final = (
    (re.compile(rb"\xff\xd8\xff"), "a JPEG that no index of the file names"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive"),
    (re.compile(rb"Rar!\x1a\x07"), "a RAR archive"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), "a 7z archive"),
    (re.compile(rb"\x89PNG\r\n"), "a PNG"),
    (re.compile(rb"GIF8[79]a"), "a GIF"),
    (re.compile(rb"%PDF-"), "a PDF"),
    (re.compile(rb"\x7fELF"), "an ELF program"),
    (re.compile(rb"\s*<(!doctype html|html|script|svg|\?php)", re.IGNORECASE), "a page or script"),
)
_VIDEO: Final = re.compile(rb"[\x00-\xff]{4}ftyp")
_SAMSUNG_MOTION: Final = b"MotionPhoto_Data"
_SAMSUNG_END: Final = b"SEFT"


def findings(data: Data, layout: Layout, *, motion: bool) -> list[Finding]:
    """Both findings, by place.

    Args:
        data: the file.
        layout: what stands where in it.
        motion: the file's XMP says that it is a motion photo.
    """
    found = [_trailing(data, piece, motion=motion) for piece in layout.behind]
    found += [
        {
            "code": "trailing-data",
            "detail": f"{counted(piece.length, 'byte')} between the parts of the format",
            **_at(piece),
        }
        for piece in layout.strays
    ]
    return found + [
        {"code": "polyglot", "detail": detail, "offset": offset} for detail, offset in _second_formats(data, layout)
    ]


def _trailing(data: Data, piece: Piece, *, motion: bool) -> Finding:
    followed = counted(piece.length, "byte follows", "bytes follow")
    return {
        "code": "trailing-data",
        "detail": f"{followed} the picture's end: {_named(data, piece, motion=motion)}",
        **_at(piece),
    }


def _at(piece: Piece) -> dict[str, int]:
    return {"offset": piece.offset, "length": piece.length}


def _named(data: Data, piece: Piece, *, motion: bool) -> str:
    """What it is, as far as its beginning and its end say."""
    head = bytes(data[piece.offset : min(piece.end, piece.offset + 64)])
    tail = bytes(data[max(piece.offset, piece.end - 4) : piece.end])
    if not head.strip(b"\x00") and _filled(data, piece):
        return "zeros alone, as some cameras and disks fill up with"
    if not head.strip() and piece.length <= len(head):
        return "white space alone"
    if tail == _SAMSUNG_END:
        moving = ", with a motion picture" if _SAMSUNG_MOTION in data[piece.offset : piece.offset + 4096] else ""
        return f"a block of Samsung's own (it ends with SEFT){moving}"
    if _VIDEO.match(head):
        return "an MP4 video" + (", as the file's XMP announces for a motion photo" if motion else "")
    name = next((name for pattern, name in _BEGINNINGS if pattern.match(head)), None)
    return name or f"it begins with {head[:16].hex(' ')}"


def _filled(data: Data, piece: Piece) -> bool:
    """Whether it is nothing but zeros."""
    return re.compile(rb"[^\x00]").search(data, piece.offset, piece.end) is None


def _second_formats(data: Data, layout: Layout) -> Iterator[tuple[str, int]]:
    """What the file is besides, and where that begins."""
    archive = _zip(data, layout.size)
    if archive is not None:
        yield archive
    counts: dict[str, set[int]] = {}
    head = bytes(data[: _PDF_HEAD + 8]).find(b"%PDF-")
    if 0 <= head < _PDF_HEAD:
        counts["a PDF"] = {head}
        yield "a PDF", head
    for piece, pages in _searched(layout):
        for name, offset in _within(data, piece, pages=pages):
            offsets = counts.setdefault(name, set())
            if offset not in offsets and len(offsets) < _MOST_OF_A_KIND:
                offsets.add(offset)
                yield name, offset


def _searched(layout: Layout) -> Iterator[tuple[Piece, bool]]:
    """Where is looked, and whether for pages too: blocks, what belongs to nothing, what follows."""
    left = _MOST_SEARCHED
    wheres = [(piece, True) for piece in (*layout.behind, *layout.strays)]
    wheres += [
        (piece, block.group not in _WITHOUT_PAGES)
        for block in layout.blocks
        if block.group not in _WITHIN_OTHERS
        for piece in block.pieces
    ]
    for piece, pages in wheres:
        if left <= 0:
            return
        yield Piece(piece.offset, min(piece.length, left)), pages
        left -= piece.length


def _within(data: Data, piece: Piece, *, pages: bool) -> Iterator[tuple[str, int]]:
    for start in range(piece.offset, piece.end, _CHUNK):
        chunk = bytes(data[start : min(piece.end, start + _CHUNK + _OVERLAP)])
        last = start + _CHUNK
        for signature, name in _SIGNATURES.items():
            at = chunk.find(signature)
            while at >= 0 and start + at < last:
                if _holds(data, signature, start + at):
                    yield name, start + at
                at = chunk.find(signature, at + 1)
        if pages:
            matches = (start + match.start() for match in _PAGES.finditer(chunk))
            yield from (("a page or script", offset) for offset in matches if offset < last)


def _holds(data: Data, signature: bytes, at: int) -> bool:
    """Whether more than the first bytes is there, where those alone are few."""
    if signature == b"\x7fELF":
        return bytes(data[at + 4 : at + 7]) in _ELF_CLASSES
    return signature != _PROGRAM or _is_program(data, at)


def _is_program(data: Data, at: int) -> bool:
    """Whether ``MZ`` begins a program: its header says where another one stands (PE Format, *MS-DOS stub*)."""
    header = int.from_bytes(data[at + 0x3C : at + 0x40], "little")
    return 0x40 <= header <= 0x1000 and bytes(data[at + header : at + header + 4]) == b"PE\x00\x00"  # noqa: PLR2004 - a stub has no more


def _zip(data: Data, size: int) -> tuple[str, int] | None:
    """A ZIP that a reader finds from the file's end: its last record says where its directory stands.

    APPNOTE.TXT 6.3.10, 4.3.16. The directory must stand there; four letters alone are no archive.
    """
    start = max(0, size - 65_557)  # the record and the longest comment
    tail = bytes(data[start:size])
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        length, members = (
            int.from_bytes(tail[at + 12 : at + 16], "little"),
            int.from_bytes(tail[at + 10 : at + 12], "little"),
        )
        directory = start + at - length
        if members and directory >= 0 and bytes(data[directory : directory + 4]) == b"PK\x01\x02":
            first = directory - int.from_bytes(tail[at + 16 : at + 20], "little")
            begins = first if first >= 0 and bytes(data[first : first + 4]) == b"PK\x03\x04" else None
            if begins is None:
                begins = int.from_bytes(data[directory + 42 : directory + 46], "little")
            return f"a ZIP archive of {counted(members, 'member')}", min(begins, directory)
        at = tail.rfind(b"PK\x05\x06", 0, at)
    return None
