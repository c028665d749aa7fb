"""JPEG (ITU-T T.81, annex B): segments and scans to the end of the image, and the pictures that its own index names.

Metadata stands in application segments, each with an identifier of its own: EXIF and XMP in APP1 (CIPA DC-008, 4.7.2;
XMP part 3, 1.1.3), ICC profiles and the Multi-Picture Format in APP2 (ICC.1:2022, annex B.4; CIPA DC-007), JUMBF in
APP11 (ISO/IEC 19566-5, annex D), Photoshop's resources in APP13.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks import photoshop
from archiver.inspection.blocks.directories import structure
from archiver.inspection.blocks.layout import Layout, Piece, Short, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.layout import Block, Data

_SOI, _EOI, _SOS, _COM, _APP0 = 0xD8, 0xD9, 0xDA, 0xFE, 0xE0
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""The next marker within or behind a scan: neither a stuffed byte nor a restart."""

_EXIF, _XMP, _MORE_XMP = b"Exif\x00", b"http://ns.adobe.com/xap/1.0/\x00", b"http://ns.adobe.com/xmp/extension/\x00"
_ICC, _MPF, _JUMBF, _PHOTOSHOP = b"ICC_PROFILE\x00", b"MPF\x00", b"JP", b"Photoshop 3.0\x00"
_MP_ENTRIES, _MP_ENTRY = 0xB002, 16
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LONGEST_HEADER: Final = 1 << 16
MOST_PICTURES: Final = 32
_LONGEST_NAME: Final = 80
_STRETCH: Final = 1 << 16
"""Bytes of filling that are looked at together: byte by byte, a minute would not do for a hundred megabytes of it."""


def walk(data: Data, layout: Layout) -> None:
    """Every segment; each scan up to the next marker."""
    segments = _Segments(data, layout)
    for marker, piece in _segments(data, layout):
        if marker == _COM:
            layout.keep("Comment", "COM", piece)
        elif _APP0 <= marker <= _APP0 + 15:
            segments.application(marker - _APP0, piece)
    segments.joined()
    if layout.end is not None:
        segments.further_pictures()


def size(data: Data, block: Block) -> tuple[int, int] | None:
    """Width and height of the JPEG that a block is, from its frame header (T.81, B.2.2); none where it has none."""
    head = block.content(data, _LONGEST_HEADER)
    if not head.startswith(b"\xff\xd8"):
        return None
    try:
        for marker, piece in _segments(head, Layout(len(head))):
            if marker in _FRAMES:
                return number(head, piece.offset + 3, ">H"), number(head, piece.offset + 1, ">H")
    except Short:
        pass
    return None


def _segments(data: Data, layout: Layout, start: int = 0) -> Iterator[tuple[int, Piece]]:
    """Marker and content of each segment of the image at ``start``; sets ``layout.end``."""
    at = start + 2
    while True:
        layout.step()
        match = _MARKER.search(data, at)
        if match is None:
            return
        layout.stray(at, _without_fill(data, at, match.start()))
        marker, at = data[match.start() + 1], match.end()
        if marker == _EOI:
            layout.end = at
            return
        if marker in {_SOI, 0x01}:  # they have no content
            continue
        length = number(data, at, ">H")
        if length < 2 or at + length > layout.size:  # noqa: PLR2004 - the length counts itself
            layout.miss("structure", match.start(), length + 2, f"segment {marker:02X} announces {length} bytes")
            return
        yield marker, Piece(at + 2, length - 2)
        at += length
        if marker == _SOS:
            found = _MARKER.search(data, at)
            at = layout.size if found is None else found.start()


def _without_fill(data: Data, start: int, end: int) -> int:
    """The end of what stands before a marker, fill bytes left out (T.81, B.1.1.2)."""
    while end > start:
        last = bytes(data[max(start, end - _STRETCH) : end])
        kept = len(last.rstrip(b"\xff"))
        end -= len(last) - kept
        if kept:
            break
    return end


class _Segments:
    """Application segments, put together where one block takes several."""

    def __init__(self, data: Data, layout: Layout) -> None:
        self._data, self._layout = data, layout
        self._exif: list[list[Piece]] = []
        self._profile: dict[int, Piece] = {}
        self._profile_parts = 0
        self._extended: dict[bytes, list[tuple[int, int, Piece]]] = {}
        self._photoshop: list[Piece] = []
        self._index: Piece | None = None

    def application(self, which: int, piece: Piece) -> None:
        """Take one application segment by its identifier."""
        head = bytes(self._data[piece.offset : piece.offset + min(piece.length, _LONGEST_NAME)])
        if which == 1 and head.startswith(_EXIF):
            self._take_exif(_behind(piece, 6))
        elif which == 1 and head.startswith(_XMP):
            self._layout.keep("XMP", "APP1", _behind(piece, len(_XMP)))
        elif which == 1 and head.startswith(_MORE_XMP):
            self._take_extended(head[len(_MORE_XMP) :], piece)
        elif which == 2 and head.startswith(_ICC) and len(head) > len(_ICC) + 1:  # noqa: PLR2004 - APP2
            self._profile.setdefault(head[len(_ICC)], _behind(piece, len(_ICC) + 2))
            self._profile_parts = head[len(_ICC) + 1]
        elif which == 2 and head.startswith(_MPF):  # noqa: PLR2004 - APP2
            self._index = self._index or _behind(piece, len(_MPF))
            self._layout.keep("MPF", "APP2", piece)
        elif which == 11 and head.startswith(_JUMBF):  # noqa: PLR2004 - APP11
            # each continuation repeats the box's header: left out, so that the pieces together are the box
            repeated = 8 if int.from_bytes(head[4:8], "big") > 1 else 0
            self._layout.keep("C2PA", "APP11", _behind(piece, 8 + repeated))
        elif which == 13 and head.startswith(_PHOTOSHOP):  # noqa: PLR2004 - APP13
            self._photoshop.append(_behind(piece, len(_PHOTOSHOP)))
        elif which == 0 and head.startswith((b"JFIF\x00", b"JFXX\x00")):
            header = 14 if head.startswith(b"JFIF") else 6
            self._layout.keep("Thumbnail", "APP0", _behind(piece, header))
        elif which != 14 or not head.startswith(b"Adobe"):  # noqa: PLR2004 - Adobe's APP14 tells the colour alone
            self._layout.keep(f"APP{which}", f"APP{which}", piece)

    def joined(self) -> None:
        """Keep what takes several segments."""
        for exif in self._exif:
            self._layout.keep("EXIF", "APP1", *exif)
        for parts in self._extended.values():
            self._keep_extended(sorted(parts, key=lambda part: part[1]))
        if self._profile:
            ordered = [self._profile[sequence] for sequence in sorted(self._profile)]
            if len(ordered) != self._profile_parts:
                why = f"{len(ordered)} of {self._profile_parts} parts of the profile are there"
                self._layout.miss("ICC", ordered[0].offset, ordered[0].length, why)
            self._layout.keep("ICC", "APP2", *ordered)
        block = self._layout.keep("Photoshop", "APP13", *self._photoshop)
        if block is not None:
            photoshop.walk(self._data, self._layout, block)

    def further_pictures(self) -> None:
        """The pictures that the Multi-Picture Format's index names, as far as each is a JPEG to its own end."""
        if self._index is None:
            return
        content = bytes(self._data[self._index.offset : self._index.end])
        found = structure(content)
        entries = found.find("0", _MP_ENTRIES) if found else None
        if found is None or entries is None:
            self._layout.miss("MPF", self._index.offset, self._index.length, "the index of further pictures")
            return
        for at in range(entries.offset, entries.offset + min(entries.length, MOST_PICTURES * _MP_ENTRY), _MP_ENTRY):
            length, offset = number(content, at + 4, found.order + "I"), number(content, at + 8, found.order + "I")
            if offset:
                self._further_picture(Piece(self._index.offset + offset, length))

    def _further_picture(self, named: Piece) -> None:
        layout = self._layout
        if named.end > layout.size or bytes(self._data[named.offset : named.offset + 2]) != b"\xff\xd8":
            layout.miss("MPF", named.offset, named.length, "the index names a picture where there is none")
            return
        if any(named.offset < other.end and other.offset < named.end for other in layout.pictures):
            return  # it was walked already: an index that names one picture often costs no more than one
        inner = Layout(named.end)
        for _ in _segments(self._data, inner, named.offset):
            layout.step()
        if inner.end is None or inner.end > named.end:
            layout.miss("MPF", named.offset, named.length, "a further picture has no end")
        else:
            layout.pictures.append(Piece(named.offset, inner.end - named.offset))

    def _take_exif(self, piece: Piece) -> None:
        starts = bytes(self._data[piece.offset : piece.offset + 2]) in {b"II", b"MM"}
        if starts or not self._exif:
            self._exif.append([piece])
        else:
            self._exif[-1].append(piece)  # a block of more than 64 KiB goes on in the next segment

    def _take_extended(self, rest: bytes, piece: Piece) -> None:
        if len(rest) < 40:  # noqa: PLR2004 - digest, length and offset
            self._layout.miss("XMP", piece.offset, piece.length, "extended XMP without its header")
            return
        whole, offset = int.from_bytes(rest[32:36], "big"), int.from_bytes(rest[36:40], "big")
        self._extended.setdefault(rest[:32], []).append((whole, offset, _behind(piece, len(_MORE_XMP) + 40)))

    def _keep_extended(self, parts: list[tuple[int, int, Piece]]) -> None:
        expected, pieces = 0, []
        for _, offset, piece in parts:
            if offset != expected:
                break
            pieces.append(piece)
            expected += piece.length
        if len(pieces) < len(parts) or expected != parts[0][0]:
            why = f"{expected} of {parts[0][0]} bytes of the extended XMP are there in order"
            self._layout.miss("XMP", parts[0][2].offset, parts[0][2].length, why)
        self._layout.keep("XMP", "APP1 extended", *pieces)


def _behind(piece: Piece, header: int) -> Piece:
    """What follows a header of so many bytes."""
    return Piece(piece.offset + header, max(0, piece.length - header))
