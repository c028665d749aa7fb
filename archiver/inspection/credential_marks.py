"""Whether a file carries content credentials, and where: told from its blocks, before any library is loaded for them.

Most files carry none, and cost a few reads of block headers here. A block is recognised by what the C2PA specification
2.2 (A.3, Embedding manifests into various file formats) prescribes; what is inside is the reader's business:

* JPEG: APP11 segments with a JUMBF box of the type ``c2pa``; PNG: chunk ``caBX``; WebP, AVI, WAVE: chunk ``C2PA``;
* HEIF, AVIF, MP4, QuickTime: box ``uuid`` of C2PA's identifier; JPEG XL: box ``jumb``;
* TIFF and what is based on it: tag 0xCD41 of the first directory; GIF: application extension ``C2PA_GIF``;
* anywhere else in the cloud: ``dcterms:provenance`` in the XMP packet.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BLOCKS: Final = 10_000
_MOST_ENTRIES: Final = 1000
_MOST_XMP: Final = 1 << 20
_HEAD: Final = 64
_XMP_APP1: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_C2PA_UUID: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP_UUID: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_C2PA_TAG, _XMP_TAG = 0xCD41, 0x02BC
_APP1, _APP11, _SOS, _EOI = 0xE1, 0xEB, 0xDA, 0xD9
_PROVENANCE: Final = re.compile(
    rb"""dcterms:provenance\s*+(?:=\s*+(?:"([^"<]{1,2000}+)"|'([^'<]{1,2000}+)')|>\s*+([^<]{1,2000}+)<)"""
)
"""Nothing in it is tried twice: white space by the megabyte would else be split in as many ways as there are bytes."""

STORE, XMP = "store", "xmp"


@dataclass(frozen=True, slots=True)
class Marks:
    """What there is.

    Attributes:
        offset: where the first block of embedded credentials begins, bytes from the beginning; none without any.
        length: bytes from there to the end of the last such block, the blocks' own headers included.
        remote: the address of credentials elsewhere that the XMP packet names.
    """

    offset: int | None = None
    length: int = 0
    remote: str | None = None

    def __bool__(self) -> bool:
        return self.offset is not None or self.remote is not None


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    start: int  # of the block
    content: int
    end: int


def marks(handle: BinaryIO) -> Marks:
    """What an open file says of content credentials; the position in it is left anywhere.

    Raises:
        OSError: it cannot be read.
    """
    begin: int | None = None
    end, remote = 0, None
    try:
        for block in _blocks(handle):
            if block.kind == STORE:
                begin, end = block.start if begin is None else begin, block.end
            elif remote is None:
                handle.seek(block.content)
                remote = _provenance(handle.read(min(block.end - block.content, _MOST_XMP)))
    except (struct.error, IndexError):
        pass  # the file ends within a header: what was found before stands
    return Marks(begin, end - (begin or 0) if begin is not None else 0, remote)


def _provenance(packet: bytes) -> str | None:
    """The address, where it is one: older credentials name the block inside the file there (``self#jumbf=…``)."""
    match = _PROVENANCE.search(packet)
    if match is None:
        return None
    address = unescape((match[1] or match[2] or match[3]).decode("utf-8", "replace")).strip()
    return None if address.startswith("self#") else address


def _blocks(handle: BinaryIO) -> Iterator[_Block]:
    handle.seek(0, 2)
    size = handle.tell()
    handle.seek(0)
    head = handle.read(16)
    match head[:4]:
        case b"\x89PNG":
            return _png(handle, size)
        case b"RIFF":
            return _riff(handle, size)
        case b"II*\x00" | b"MM\x00*" | b"II+\x00" | b"MM\x00+":
            return _tiff(handle, head, size)
        case b"GIF8":
            return _gif(handle, head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(handle)
    boxes = head[4:8] == b"ftyp" or head.startswith(b"\x00\x00\x00\x0cJXL ")
    return _boxes(handle, size) if boxes else iter(())


def _jpeg(handle: BinaryIO) -> Iterator[_Block]:
    at, ours = 2, set()
    for _ in range(_MOST_BLOCKS):
        handle.seek(at)
        head = handle.read(4 + _HEAD)
        marker, length = head[1], struct.unpack_from(">H", head, 2)[0]
        if head[0] != 0xFF or marker in {_SOS, _EOI}:  # noqa: PLR2004 - the byte that every marker begins with
            return
        if marker == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        end = at + 2 + length
        if marker == _APP11 and head[4:6] == b"JP" and (b"c2pa" in head or head[6:8] in ours):
            ours.add(head[6:8])  # the box's number; its later segments repeat the header only
            yield _Block(STORE, at, at + 4, end)
        elif marker == _APP1 and head.startswith(_XMP_APP1, 4):
            yield _Block(XMP, at, at + 4 + len(_XMP_APP1), end)
        at = end


def _png(handle: BinaryIO, size: int) -> Iterator[_Block]:
    at = 8
    for _ in range(_MOST_BLOCKS):
        handle.seek(at)
        head = handle.read(8 + _HEAD)
        length, kind = struct.unpack_from(">I4s", head)
        end = min(at + 12 + length, size)
        if kind == b"caBX":
            yield _Block(STORE, at, at + 8, end)
        elif kind == b"iTXt" and head.startswith(b"XML:com.adobe.xmp\x00", 8):
            yield _Block(XMP, at, at + 8, end - 4)
        at = end


def _riff(handle: BinaryIO, size: int) -> Iterator[_Block]:
    at = 12
    for _ in range(_MOST_BLOCKS):
        handle.seek(at)
        kind, length = struct.unpack("<4sI", handle.read(8))
        end = min(at + 8 + length, size)
        if kind == b"C2PA":
            yield _Block(STORE, at, at + 8, end)
        elif kind == b"XMP ":
            yield _Block(XMP, at, at + 8, end)
        at = end + (length & 1)


def _boxes(handle: BinaryIO, size: int) -> Iterator[_Block]:
    """The ISO base media family, and JPEG XL, whose container has the same boxes."""
    at = 0
    for _ in range(_MOST_BLOCKS):
        handle.seek(at)
        head = handle.read(32 + _HEAD)
        length, kind = struct.unpack_from(">I4s", head)
        header = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", head, 8)
            header = 16
        if length and length < header:
            return
        end = min(at + length, size) if length else size
        identifier = head[header : header + 16]
        if (kind == b"uuid" and identifier == _C2PA_UUID) or (kind == b"jumb" and b"c2pa" in head[: header + _HEAD]):
            yield _Block(STORE, at, at + header, end)
        elif kind == b"uuid" and identifier == _XMP_UUID:
            yield _Block(XMP, at, at + header + 16, end)
        elif kind == b"xml ":
            yield _Block(XMP, at, at + header, end)
        at = end


def _tiff(handle: BinaryIO, head: bytes, size: int) -> Iterator[_Block]:
    order, large = "<" if head[:2] == b"II" else ">", b"+" in head[:4]
    first = struct.unpack_from(order + ("Q" if large else "I"), head, 8 if large else 4)[0]
    if first >= size:  # no system seeks to any place that eight bytes can name
        return
    handle.seek(first)
    (count,) = struct.unpack(order + ("Q" if large else "H"), handle.read(8 if large else 2))
    entry = struct.Struct(order + ("HHQQ" if large else "HHII"))
    entries = handle.read(entry.size * min(count, _MOST_ENTRIES))
    for tag, _, length, value in entry.iter_unpack(entries[: len(entries) // entry.size * entry.size]):
        if tag in {_C2PA_TAG, _XMP_TAG} and value < size:
            yield _Block(STORE if tag == _C2PA_TAG else XMP, value, value, min(value + length, size))


def _gif(handle: BinaryIO, head: bytes) -> Iterator[_Block]:
    """Extensions before the first picture, which is where C2PA puts its own."""
    at = 13 + (3 << ((head[10] & 7) + 1) if head[10] & 0x80 else 0)
    for _ in range(_MOST_BLOCKS):
        handle.seek(at)
        block = handle.read(14)
        if block[0] != 0x21:  # noqa: PLR2004 - no extension
            return
        start, at = at, at + 2
        application = block[3:14] if block[1] == 0xFF else b""  # noqa: PLR2004 - the application extension
        for _ in range(_MOST_BLOCKS):
            handle.seek(at)
            length = handle.read(1)[0]
            at += 1 + length
            if not length:
                break
        else:
            return
        if application.startswith(b"C2PA_GIF"):
            yield _Block(STORE, start, start + 14, at)
        elif application == b"XMP DataXMP":
            yield _Block(XMP, start, start + 14, at)
