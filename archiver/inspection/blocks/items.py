"""The items of HEIF and AVIF that are metadata: EXIF and XMP, as their bytes stand in the file.

The decoders hand EXIF over rewritten (the orientation reset, maker notes lost), and exifread's own search through such
files was unbounded (its issue 249). ``iinf`` says what an item is, ``iloc`` where it stands (ISO/IEC 14496-12:2022,
8.11.3 and 8.11.6); an Exif item begins with the offset of its TIFF structure (ISO/IEC 23008-12:2022, A.2.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import Layout, Piece, Short, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.inspection.blocks.layout import Data

_MOST_ITEMS: Final = 100_000
_LONG_NAMES: Final = 200
_XMP: Final = b"application/rdf+xml"
_FILE, _IDAT = 0, 1


def listed(data: Data, iinf: Piece) -> Piece:
    """Where the entries of ``iinf`` stand."""
    header = 8 if number(data, iinf.offset, "B") else 6
    return Piece(iinf.offset + header, max(0, iinf.length - header))


def keep(data: Data, layout: Layout, entries: Iterable[Piece], iloc: Piece, idat: Piece) -> None:
    """Keep the items that are metadata.

    Args:
        data: the file.
        layout: where they are kept.
        entries: what each item is (``infe``).
        iloc: where the items stand.
        idat: where those stand that lie within ``meta``.
    """
    wanted = dict(kind for kind in (_kind(data, entry) for entry in entries) if kind[1])
    if not wanted:
        return
    for item, (method, extents) in _Places(data, iloc).of(wanted.keys(), layout).items():
        group, base = wanted[item], idat.offset if method == _IDAT else 0
        pieces = [Piece(base + offset, length) for offset, length in extents]
        limit = idat.end if method == _IDAT else layout.size
        if method not in {_FILE, _IDAT} or not pieces or any(piece.end > limit for piece in pieces):
            layout.miss(group, iloc.offset, iloc.length, "an item does not lie where its place is told")
            continue
        if group == "EXIF":
            pieces = _from_byte_order(data, pieces)
        layout.keep(group, "item", *pieces)


def _kind(data: Data, entry: Piece) -> tuple[int, str]:
    """Number of an item and its group, which is empty for what is no metadata."""
    version = number(data, entry.offset, "B")
    if version not in {2, 3}:  # older ones have no types
        return 0, ""
    width, form = (2, ">H") if version == 2 else (4, ">I")  # noqa: PLR2004 - version 2 has short numbers
    at = entry.offset + 4 + width + 2
    kind, item = bytes(data[at : at + 4]), number(data, entry.offset + 4, form)
    names = bytes(data[at + 4 : min(entry.end, at + 4 + _LONG_NAMES)]).split(b"\x00")
    if kind == b"mime" and len(names) > 1 and names[1] == _XMP:
        return item, "XMP"
    return item, "EXIF" if kind == b"Exif" else ""


def _from_byte_order(data: Data, pieces: list[Piece]) -> list[Piece]:
    """The TIFF structure alone, where it stands in one piece; else from what its first four bytes say."""
    first = pieces[0]
    skip = 4 + (number(data, first.offset, ">I") if first.length > 4 else 0)  # noqa: PLR2004 - the offset in front
    if skip >= first.length:
        return pieces
    return [Piece(first.offset + skip, first.length - skip), *pieces[1:]]


class _Places:
    """``iloc``, read once from beginning to end."""

    def __init__(self, data: Data, iloc: Piece) -> None:
        self._data, self._at, self._end = data, iloc.offset + 4, iloc.end
        self._version = number(data, iloc.offset, "B")
        sizes = self._take(2)
        self._offset, self._length, self._base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
        self._index = sizes & 15 if self._version else 0
        self._number = 4 if self._version == 2 else 2  # noqa: PLR2004 - version 2 has long numbers

    def of(self, wanted: Iterable[int], layout: Layout) -> dict[int, tuple[int, list[tuple[int, int]]]]:
        """Of each wanted item: construction method, and offset and length of each extent."""
        left, found = set(wanted), {}
        for _ in range(min(self._take(self._number), _MOST_ITEMS)):
            layout.step()
            item = self._take(self._number)
            method = self._take(2) & 15 if self._version else 0
            self._take(2)
            base = self._take(self._base)
            extents = []
            for _ in range(self._take(2)):
                layout.step()
                self._take(self._index)
                offset = base + self._take(self._offset)
                extents.append((offset, self._take(self._length)))
            if item in left:
                left.remove(item)
                found[item] = method, extents
            if not left:
                break
        return found

    def _take(self, size: int) -> int:
        if self._at + size > self._end:
            raise Short(self._at, "the places of the items end early")
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "big")
