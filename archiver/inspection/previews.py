"""What a camera's raw file is shown by: the largest JPEG picture that its maker put inside, and never its raw data.

Developing raw data is a matter of taste and of the program that does it; the preview is what the camera showed. So the
report says ``preview-only``, which picture that is and where it stands. The size it tells is the preview's; that of the
raw data is in the finding, where the file states it. There is no pixel digest: it would be one of something else.

Where makers keep previews: in the directories of a TIFF structure (DNG, NEF, CR2, ARW, PEF, RW2), in Olympus' maker
note (ORF), behind a header (RAF), in boxes (CR3). A lossless JPEG, as which some store raw data, is no preview.
"""

from __future__ import annotations

import io
import mmap
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from archiver.facts.findings import FindingCode
from archiver.inspection.decoding import UNDECODABLE, Refused
from archiver.inspection.media_type import PREVIEWED, MediaType
from archiver.inspection.raw_directories import HEIGHT, ORIENTATION, WIDTH, Directories

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_BYTES: Final = 128 << 20
_MOST_SEGMENTS, _MOST_BOXES = 500, 200
_DECODED: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Frames that decoders of pictures read: baseline, extended sequential, progressive (ISO/IEC 10918-1, table B.1)."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PREVIEW_BOX: Final = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_CANON_BOX: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_INSIDE: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_RAF_JPEG: Final = 84


@dataclass(frozen=True)
class Shown:
    """What is decoded of a file.

    Attributes:
        handle: the picture's bytes: the file's own, or those of its preview.
        said: what there is to say of that, as a stage; empty of a file that is shown by itself.
        orientation: EXIF's, of the preview.
    """

    handle: BinaryIO
    said: dict[str, Any] = field(default_factory=dict)
    orientation: int | None = None


@dataclass(frozen=True, slots=True)
class _Preview:
    offset: int
    length: int
    width: int
    height: int
    exif: int | None


def shown(handle: BinaryIO, media_type: MediaType) -> Shown:
    """What is decoded of a file of this type.

    Raises:
        Refused: it is a camera's raw file, and holds no preview that could be decoded.
        OSError: the file cannot be read.
    """
    if media_type not in PREVIEWED:
        return Shown(handle)
    with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:
        structures = [Directories(data, base) for base in _structures(data, media_type)]
        preview = _largest(data, media_type, structures)
        if preview is None:
            raise Refused(
                UNDECODABLE, f"there is no decoder for {media_type}, and no preview in it that can be decoded"
            )
        content = data[preview.offset : preview.offset + preview.length]
        orientation = _orientation(structures)
        if orientation is None and preview.exif is not None:
            orientation = _orientation([Directories(data, preview.exif)])
        detail = f"a JPEG of {preview.width} x {preview.height} pixels"
        whole = _raw_size(structures)
        if whole is not None and whole[0] * whole[1] > preview.width * preview.height:
            detail += f"; the raw data states {whole[0]} x {whole[1]}"
    finding = {
        "code": FindingCode.PREVIEW_ONLY,
        "detail": detail,
        "offset": preview.offset,
        "length": len(content),
    }
    said: dict[str, Any] = {"findings": [finding]} | ({} if orientation is None else {"orientation": orientation})
    return Shown(io.BytesIO(content), said, orientation)


def _largest(data: mmap.mmap, media_type: MediaType, structures: list[Directories]) -> _Preview | None:
    """The preview with most pixels; of several such, the one with most bytes."""
    places = [place for each in structures for place in each.jpegs()]
    if media_type is MediaType.FUJI_RAF and len(data) >= _RAF_JPEG + 8:
        places.append(struct.unpack_from(">II", data, _RAF_JPEG))
    if media_type is MediaType.CANON_CR3:
        places += _canon(data)
    found = (_preview(data, offset, length) for offset, length in dict.fromkeys(places))
    return max(
        (each for each in found if each is not None),
        key=lambda each: (each.width * each.height, each.length),
        default=None,
    )


def _structures(data: mmap.mmap, media_type: MediaType) -> list[int]:
    """Where TIFF structures begin that speak of the whole picture."""
    if media_type is MediaType.FUJI_RAF:
        return []
    if media_type is MediaType.CANON_CR3:
        return [start for kind, start, _ in _boxes(data) if kind == b"CMT1"][:1]
    return [0]


def _preview(data: mmap.mmap, offset: int, length: int) -> _Preview | None:
    """The JPEG that stands there; none where it is none, or one that no decoder of pictures reads."""
    end = min(offset + min(length, _MOST_BYTES), len(data))
    if data[offset : offset + 3] != b"\xff\xd8\xff":
        return None
    at, exif = offset + 2, None
    for _ in range(_MOST_SEGMENTS):
        if at + 9 > end or data[at] != 0xFF:  # noqa: PLR2004 - a marker
            return None
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # noqa: PLR2004 - a byte of filling
            at += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            held = marker in _DECODED and width and height
            return _Preview(offset, end - offset, width, height, exif) if held else None
        if marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\x00\x00":  # noqa: PLR2004 - APP1
            exif = at + 10
        at += 2 + size
    return None


def _orientation(structures: list[Directories]) -> int | None:
    for each in structures:
        stated = each.value(each.first(), ORIENTATION)
        if stated in range(1, 9):
            return stated
    return None


def _raw_size(structures: list[Directories]) -> tuple[int, int] | None:
    """The largest size that a directory states."""
    sizes = [
        (each.value(found, WIDTH) or 0, each.value(found, HEIGHT) or 0) for each in structures for found in each.all()
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _canon(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    """Where JPEG pictures of a CR3 file stand: the preview's box, and tracks of one picture."""
    size = 0
    for kind, start, end in _boxes(data):
        if kind == b"PRVW" and end - start > 16:  # noqa: PLR2004 - its header
            yield start + 16, min(int.from_bytes(data[start + 12 : start + 16], "big"), end - start - 16)
        elif kind == b"stsz" and end - start >= 12:  # noqa: PLR2004 - one length, of all samples or of the first
            same, count = struct.unpack_from(">II", data, start + 4)
            own = int.from_bytes(data[start + 12 : start + 16], "big") if end - start >= 16 else 0  # noqa: PLR2004 - as above
            size = (same or own) if count == 1 else 0
        elif kind == b"co64" and end - start >= 16:  # noqa: PLR2004 - one offset
            count, offset = struct.unpack_from(">IQ", data, start + 4)
            if count == 1 and size:
                yield offset, size


def _boxes(data: mmap.mmap) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of the content of each box that may lead to a preview (ISO/IEC 14496-12, 4.2)."""
    waiting = [(0, len(data))]
    for _ in range(_MOST_BOXES):
        if not waiting:
            return
        start, end = waiting.pop()
        if start + 8 > end:
            continue
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1 and start + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, start + 8)
            header = 16
        stop = end if size == 0 else start + size
        if 0 < size < header or stop > end:
            continue
        waiting.append((stop, end))
        inner = start + header
        if kind == b"uuid" and data[inner : inner + 16] in {_PREVIEW_BOX, _CANON_BOX}:
            skipped = 24 if data[inner : inner + 16] == _PREVIEW_BOX else 16
            waiting.append((inner + skipped, stop))
        elif kind in _INSIDE:
            waiting.append((inner, stop))
        else:
            yield kind, inner, stop
