"""The media type, told from the first bytes and never from the name.

A type is named only for a signature of the format's own specification; what is neither picture, video nor sound
(text, nothing, a program) has none. Naming a type promises nothing about the rest of the file.
"""

from __future__ import annotations

import re
import struct
from typing import Final

from archiver.inspection.media_type import MediaType

HEAD: Final = 4096
"""Bytes that ``sniff`` asks for: the first directory of a camera's raw file lies within."""

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"GIF87a", MediaType.GIF),
    (b"GIF89a", MediaType.GIF),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", MediaType.JPEG_XL),
    (b"\xff\x0a", MediaType.JPEG_XL),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", MediaType.JPEG_2000),
    (b"\xff\x4f\xff\x51", MediaType.JPEG_2000_CODESTREAM),
    (b"II\xbc\x01", MediaType.JPEG_XR),
    (b"8BPS\x00\x01", MediaType.PHOTOSHOP),
    (b"8BPS\x00\x02", MediaType.PHOTOSHOP),
    (b"v/1\x01", MediaType.OPENEXR),
    (b"IIRO", MediaType.OLYMPUS_ORF),
    (b"IIRS", MediaType.OLYMPUS_ORF),
    (b"MMOR", MediaType.OLYMPUS_ORF),
    (b"IIU\x00", MediaType.PANASONIC_RW2),
    (b"FUJIFILMCCD-RAW ", MediaType.FUJI_RAF),
    (b"\x00\x00\x01\xba", MediaType.MPEG),
    (b"\x00\x00\x01\xb3", MediaType.MPEG),
    (b"FLV\x01", MediaType.FLASH_VIDEO),
    (b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel", MediaType.WINDOWS_MEDIA),
    (b"fLaC", MediaType.FLAC),
    (b"ID3", MediaType.MPEG_AUDIO),
    (b"#!AMR", MediaType.AMR),
)

_RIFF: Final = {b"WEBP": MediaType.WEBP, b"AVI ": MediaType.AVI, b"WAVE": MediaType.WAVE}

_BRANDS: Final = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis"), MediaType.HEIC),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), MediaType.HEIC_SEQUENCE),
    **dict.fromkeys((b"avif", b"avis"), MediaType.AVIF),
    b"crx ": MediaType.CANON_CR3,
    b"qt  ": MediaType.QUICKTIME,
    b"M4A ": MediaType.MP4_AUDIO,
    b"M4B ": MediaType.MP4_AUDIO,
}
"""Brands of ISO/IEC 14496-12 files that settle the type alone (ISO/IEC 23008-12, AV1 Image File Format 1.1)."""

_GENERIC: Final = {b"mif1": MediaType.HEIF, b"mif2": MediaType.HEIF, b"msf1": MediaType.HEIF_SEQUENCE}

_BITMAP_HEADERS: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_RAW_MAKERS: Final = (
    (b"NIKON", MediaType.NIKON_NEF),
    (b"SONY", MediaType.SONY_ARW),
    (b"PENTAX", MediaType.PENTAX_PEF),
    (b"RICOH", MediaType.PENTAX_PEF),
)
_NEW_SUBFILE_TYPE, _MAKE, _SUB_IFDS, _DNG_VERSION = 0x00FE, 0x010F, 0x014A, 0xC612
_SVG: Final = re.compile(
    rb"\A(\xef\xbb\xbf)?\s*+(<\?xml[^>]*+>\s*+)?((?><!--.*?-->|<!DOCTYPE svg[^>]*+>)\s*+)*+<(svg:)?svg[\s>]", re.DOTALL
)
"""Nothing in it is tried twice: a row of comments could else be split in as many ways as there are subsets of them."""


def sniff(head: bytes) -> MediaType | None:
    """The media type of a file that starts so.

    Args:
        head: the first ``HEAD`` bytes, or all there are.

    Returns:
        The type, or none for what is neither picture, video nor sound.
    """
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    return _png(head) or _riff(head) or _boxes(head) or _tiff(head) or _other(head)


def _png(head: bytes) -> MediaType | None:
    """PNG, or APNG where ``acTL`` comes before the picture data (PNG third edition, 5.6)."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    position = 8
    while position + 8 <= len(head):
        length, kind = struct.unpack_from(">I4s", head, position)
        if kind == b"acTL":
            return MediaType.APNG
        if kind == b"IDAT":
            break
        position += length + 12
    return MediaType.PNG


def _riff(head: bytes) -> MediaType | None:
    return _RIFF.get(head[8:12]) if head.startswith(b"RIFF") else None


def _boxes(head: bytes) -> MediaType | None:
    """The ISO base media family: the major brand, or else the first compatible brand that says more."""
    if head[4:8] in {b"moov", b"mdat", b"wide"}:
        return MediaType.QUICKTIME  # QuickTime before there was a file type box
    if head[4:8] != b"ftyp":
        return None
    size = min(struct.unpack_from(">I", head)[0], 512)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    major = brands[0]
    if major in _BRANDS:
        return _BRANDS[major]
    if major in _GENERIC:
        stills = (_BRANDS[brand] for brand in brands if brand in _BRANDS and _BRANDS[brand].startswith("image/"))
        return next(stills, _GENERIC[major])
    if major.startswith(b"3g2"):
        return MediaType.THREE_GPP2
    return MediaType.THREE_GPP if major.startswith(b"3g") else MediaType.MP4


def _tiff(head: bytes) -> MediaType | None:
    order = {b"II*\x00": "<", b"MM\x00*": ">", b"II+\x00": "<", b"MM\x00+": ">"}.get(head[:4])
    if order is None:
        return None
    if head[8:10] == b"CR" and order == "<":
        return MediaType.CANON_CR2
    return _raw_by_directory(head, order) or MediaType.TIFF


def _raw_by_directory(head: bytes, order: str) -> MediaType | None:
    """A camera's raw file: DNG says so; others put a small preview first and name their maker."""
    if len(head) < 8:  # noqa: PLR2004 - a TIFF header
        return None
    (directory,) = struct.unpack_from(order + "I", head, 4)
    if directory + 2 > len(head):
        return None
    (count,) = struct.unpack_from(order + "H", head, directory)
    entries = {}
    for at in range(directory + 2, min(directory + 2 + 12 * count, len(head) - 11), 12):
        tag, _, length, value = struct.unpack_from(order + "HHII", head, at)
        entries[tag] = (length, value)
    if _DNG_VERSION in entries:
        return MediaType.ADOBE_DNG
    if not {_MAKE, _SUB_IFDS, _NEW_SUBFILE_TYPE} <= entries.keys() or entries[_NEW_SUBFILE_TYPE][1] & 1 == 0:
        return None
    length, value = entries[_MAKE]
    maker = head[value : value + length].upper()
    return next((media_type for name, media_type in _RAW_MAKERS if maker.startswith(name)), None)


def _other(head: bytes) -> MediaType | None:
    """Formats that a few bytes at the start do not settle alone."""
    return _bitmap(head) or _container(head) or _stream(head) or (MediaType.SVG if _SVG.match(head) else None)


def _bitmap(head: bytes) -> MediaType | None:
    """BMP where its second header has a size that exists; ICO where it announces pictures."""
    if head.startswith(b"BM"):
        return MediaType.BMP if int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS else None
    if head.startswith(b"\x00\x00\x01\x00") and int.from_bytes(head[4:6], "little") and head[9:10] == b"\x00":
        return MediaType.ICON
    return None


def _container(head: bytes) -> MediaType | None:
    """Matroska and WebM by their document type (RFC 8794), Ogg by its first stream (RFC 5334)."""
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return MediaType.WEBM if b"\x42\x82\x84webm" in head[:64] else MediaType.MATROSKA
    if head.startswith(b"OggS"):
        return MediaType.OGG_VIDEO if b"theora" in head[:256] else MediaType.OGG_AUDIO
    return None


def _stream(head: bytes) -> MediaType | None:
    """MPEG streams: three transport packets of 188 bytes (ISO/IEC 13818-1), or a frame of layer III."""
    if [head[at : at + 1] for at in (0, 188, 376)] == [b"G"] * 3:
        return MediaType.MPEG_TS
    return MediaType.MPEG_AUDIO if head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"} else None
