"""Camera raw files drawn for the tests: the structure of each maker's, with a preview in it and raw data of noise."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORT, LONG, ASCII, UNDEFINED = 3, 4, 2, 7
RAW: Final = bytes(range(256)) * 40
"""What stands for sensor data."""
LOSSLESS: Final = b"\xff\xd8\xff\xc3\x00\x0b\x0e\x0f\xa0\x17\x70\x01\x01\x11\x00" + bytes(range(1, 200))
"""The beginning of a lossless JPEG of 6000 x 4000 samples, as which some makers keep sensor data."""


@dataclass(frozen=True)
class Blob:
    """An entry's value: where these bytes stand; how many (``length``); or they themselves, as ``count`` values."""

    content: bytes
    length: bool = False
    count: int = 0


@dataclass(frozen=True)
class Below:
    """An entry's value: where another directory stands."""

    entries: Sequence[tuple[int, int, Value]]


Value = int | bytes | Blob | Below
Entries = list[tuple[int, int, Value]]


def tiff(chain: Sequence[Entries], order: str = "<", head: bytes | None = None, mark: bytes = b"") -> bytes:
    """A TIFF structure of directories, one after the other; what entries point to stands behind them all.

    ``mark`` stands between header and directories.
    """
    head = head or (b"II*\x00" if order == "<" else b"MM\x00*")
    writer = _Writer(order)
    writer.size = 8 + len(mark)
    places = [writer.room(len(entries)) for entries in chain]
    for number, entries in enumerate(chain):
        following = places[number + 1] if number + 1 < len(places) else 0
        writer.directory(places[number], entries, following)
    content = bytearray(writer.size)
    content[: 8 + len(mark)] = head + struct.pack(order + "I", 8 + len(mark)) + mark
    for place, piece in writer.pieces:
        content[place : place + len(piece)] = piece
    return bytes(content)


class _Writer:
    def __init__(self, order: str) -> None:
        self.order, self.size = order, 0
        self.pieces: list[tuple[int, bytes]] = []
        self._blobs: dict[bytes, int] = {}

    def room(self, entries: int) -> int:
        return self._take(2 + 12 * entries + 4)

    def directory(self, place: int, entries: Sequence[tuple[int, int, Value]], following: int = 0) -> None:
        written = struct.pack(self.order + "H", len(entries))
        for tag, kind, value in sorted(entries, key=lambda entry: entry[0]):
            written += self._entry(tag, kind, value)
        self.pieces.append((place, written + struct.pack(self.order + "I", following)))

    def _entry(self, tag: int, kind: int, value: Value) -> bytes:
        if isinstance(value, Below):
            place = self.room(len(value.entries))
            self.directory(place, value.entries)
            value = place
        if isinstance(value, Blob) and not value.count:
            value = len(value.content) if value.length else self._blob(value.content)
        if isinstance(value, bytes):
            value = Blob(value, count=len(value))
        if isinstance(value, Blob):
            return struct.pack(self.order + "HHII", tag, kind, value.count, self._blob(value.content))
        form = "HHIHxx" if kind == SHORT else "HHII"
        return struct.pack(self.order + form, tag, kind, 1, value)

    def _blob(self, content: bytes) -> int:
        if content not in self._blobs:
            self._blobs[content] = self._take(len(content))
            self.pieces.append((self._blobs[content], content))
        return self._blobs[content]

    def _take(self, size: int) -> int:
        place = self.size
        self.size += size + size % 2
        return place


def strip(content: bytes, width: int, height: int, compression: int) -> Entries:
    """A picture of one strip."""
    return [
        *((0x100, LONG, width), (0x101, LONG, height), (0x103, SHORT, compression)),
        *((0x111, LONG, Blob(content)), (0x117, LONG, Blob(content, length=True))),
    ]


def pointer(content: bytes) -> Entries:
    """A JPEG by offset and length."""
    return [(0x201, LONG, Blob(content)), (0x202, LONG, Blob(content, length=True))]


def camera(make: bytes, orientation: int = 1) -> Entries:
    return [(0x10F, ASCII, make + b"\x00"), (0x112, SHORT, orientation)]


def dng(preview: bytes, thumbnail: bytes, orientation: int = 1, order: str = "<") -> bytes:
    """Thumbnail first, raw data and preview below it."""
    sub = Below(strip(preview, 1, 1, 7))
    first = [*strip(thumbnail, 160, 120, 7), *camera(b"Maker", orientation)]
    return tiff([[*first, (0xFE, LONG, 1), (0x14A, LONG, sub), (0xC612, 1, bytes((1, 4, 0, 0, 0)))]], order)


def nef(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """Big-endian; the preview below the first directory."""
    first = [*camera(b"NIKON CORPORATION", orientation), (0xFE, LONG, 1), (0x14A, LONG, Below(pointer(preview)))]
    return tiff([first, [*strip(LOSSLESS, 6000, 4000, 6)], pointer(thumbnail)], ">")


def arw(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """Preview in the first directory, thumbnail in the second, raw data below."""
    raw = Below(strip(RAW, 6000, 4000, 32767))
    first = [*camera(b"SONY", orientation), *pointer(preview), (0xFE, LONG, 1), (0x14A, LONG, raw)]
    return tiff([first, pointer(thumbnail)])


def cr2(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """Four directories: the preview as a strip, a thumbnail, a small picture, lossless raw data."""
    chain = [
        [*strip(preview, 900, 700, 6), *camera(b"Canon", orientation)],
        pointer(thumbnail),
        strip(RAW, 300, 200, 1),
        strip(LOSSLESS, 6000, 4000, 6),
    ]
    return tiff(chain, mark=b"CR\x02\x00" + bytes(4))


def pef(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """As Sony's, by another maker."""
    first = [*camera(b"PENTAX", orientation), *pointer(thumbnail), (0xFE, LONG, 1), (0x14A, LONG, 0)]
    return tiff([first, pointer(preview)], ">")


def rw2(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """The preview is one entry's value."""
    entries = [*camera(b"Panasonic", orientation), (0x2E, UNDEFINED, preview)]
    return tiff([[*entries, (0x111, LONG, Blob(RAW)), (0x117, LONG, Blob(RAW, length=True))]], head=b"IIU\x00")


def orf(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """The preview is named in the maker note, whose offsets count from its own beginning."""
    outer = struct.pack("<HHHIII", 1, 0x2020, 13, 1, 30, 0)
    settings = struct.pack("<HHHIIHHIII", 2, 0x101, LONG, 1, 60, 0x102, LONG, 1, len(preview), 0)
    note = b"OLYMPUS\x00II\x03\x00" + outer + settings + preview
    below = Below([(0x927C, UNDEFINED, note)])
    return tiff([[*camera(b"OLYMPUS", orientation), (0x8769, LONG, below)]], head=b"IIRO")


def raf(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """The preview behind a header; the orientation is the preview's own."""
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\x00") + struct.pack(">II", 160, len(preview))
    return head.ljust(160, b"\x00") + preview + RAW


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content


def cr3(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """Boxes: the first directory, then the preview."""
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", tiff([camera(b"Canon", orientation)]))
    shown = box(b"PRVW", struct.pack(">IHHHHI", 0, 1, 1620, 1080, 1, len(preview)) + preview)
    held = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + bytes(8) + shown
    start = box(b"ftyp", b"crx \x00\x00\x00\x01crx isom")
    return start + box(b"moov", box(b"uuid", canon)) + box(b"uuid", held) + box(b"mdat", RAW)


def cr3_full(preview: bytes, thumbnail: bytes, orientation: int = 1) -> bytes:
    """The preview is a track's only sample, and larger than the thumbnail in its box."""
    start = box(b"ftyp", b"crx \x00\x00\x00\x01crx isom")
    small = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + bytes(8)
    small += box(b"PRVW", struct.pack(">IHHHHI", 0, 1, 160, 120, 1, len(thumbnail)) + thumbnail)
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"CMT1", tiff([camera(b"Canon", orientation)]))

    def boxes(at: int) -> bytes:
        table = box(b"stsz", struct.pack(">III", 0, len(preview), 1)) + box(b"co64", struct.pack(">IIQ", 0, 1, at))
        track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", table))))
        return start + box(b"moov", box(b"uuid", canon) + track) + box(b"uuid", small)

    return boxes(len(boxes(0)) + 8) + box(b"mdat", preview + RAW)


WRITERS: Final = {
    "image/x-adobe-dng": dng,
    "image/x-nikon-nef": nef,
    "image/x-sony-arw": arw,
    "image/x-canon-cr2": cr2,
    "image/x-pentax-pef": pef,
    "image/x-panasonic-rw2": rw2,
    "image/x-olympus-orf": orf,
    "image/x-fuji-raf": raf,
    "image/x-canon-cr3": cr3,
}
"""Media type → what draws such a file: ``(preview, thumbnail, orientation)``."""
