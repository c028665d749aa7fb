"""Originals on their way out: verified while they are written, and named by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.errors import AnswerIsNo
from archiver.inspection.media_type import MediaType
from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt, ObjectMissing
from storage.layout import object_name

if TYPE_CHECKING:
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.spool import Received, Spool

EXTENSIONS: Final = {
    MediaType.JPEG: "jpg",
    MediaType.PNG: "png",
    MediaType.APNG: "png",
    MediaType.WEBP: "webp",
    MediaType.GIF: "gif",
    MediaType.TIFF: "tif",
    MediaType.BMP: "bmp",
    MediaType.HEIC: "heic",
    MediaType.HEIC_SEQUENCE: "heics",
    MediaType.HEIF: "heif",
    MediaType.HEIF_SEQUENCE: "heifs",
    MediaType.AVIF: "avif",
    MediaType.JPEG_2000: "jp2",
    MediaType.JPEG_2000_CODESTREAM: "j2c",
    MediaType.JPEG_XL: "jxl",
    MediaType.JPEG_XR: "jxr",
    MediaType.PHOTOSHOP: "psd",
    MediaType.ICON: "ico",
    MediaType.SVG: "svg",
    MediaType.OPENEXR: "exr",
    MediaType.CANON_CR2: "cr2",
    MediaType.CANON_CR3: "cr3",
    MediaType.NIKON_NEF: "nef",
    MediaType.SONY_ARW: "arw",
    MediaType.PENTAX_PEF: "pef",
    MediaType.ADOBE_DNG: "dng",
    MediaType.OLYMPUS_ORF: "orf",
    MediaType.PANASONIC_RW2: "rw2",
    MediaType.FUJI_RAF: "raf",
    MediaType.MP4: "mp4",
    MediaType.QUICKTIME: "mov",
    MediaType.THREE_GPP: "3gp",
    MediaType.THREE_GPP2: "3g2",
    MediaType.MATROSKA: "mkv",
    MediaType.WEBM: "webm",
    MediaType.AVI: "avi",
    MediaType.MPEG: "mpg",
    MediaType.MPEG_TS: "ts",
    MediaType.FLASH_VIDEO: "flv",
    MediaType.WINDOWS_MEDIA: "asf",
    MediaType.OGG_VIDEO: "ogv",
    MediaType.OGG_AUDIO: "oga",
    MediaType.MPEG_AUDIO: "mp3",
    MediaType.MP4_AUDIO: "m4a",
    MediaType.WAVE: "wav",
    MediaType.FLAC: "flac",
    MediaType.AMR: "amr",
}
"""The customary extension of each media type that is told; anything else is ``bin``."""


def original_name(item: str, media_type: str | None) -> str:
    """The name of an original outside the archive: its SHA-256, and an extension that programs know it by.

    The extension is told from the content; the name that the file once had is a claim, and could be anything.
    """
    known = {str(kind): extension for kind, extension in EXTENSIONS.items()}
    return f"{item}.{known.get(media_type or '', 'bin')}"


def spooled(archive: Archive, item: str, spool: Spool) -> Received:
    """A private copy of an item's bytes, verified on the way.

    Raises:
        AnswerIsNo: the stored bytes are missing or altered.
        StoreError: the store does not answer.
        SpoolError: there is no room for a copy.
    """
    digest = Digest.parse(item)
    try:
        with archive.store.open(object_name(digest), digest=digest) as stream:
            return spool.receive(stream)
    except (ObjectMissing, ObjectCorrupt) as error:
        raise AnswerIsNo(str(error), hint="restore the object from another copy of the store") from error


def write_original(archive: Archive, item: str, stream: BinaryIO) -> int:
    """Write an item's bytes, hashed on the way; they are only good if this returns. How many bytes it were.

    Raises:
        AnswerIsNo: the stored bytes are missing or altered.
        StoreError: the store does not answer.
    """
    digest, size = Digest.parse(item), 0
    try:
        with archive.store.open(object_name(digest), digest=digest) as source:
            while block := source.read(CHUNK):
                size += stream.write(block)
    except (ObjectMissing, ObjectCorrupt) as error:
        raise AnswerIsNo(str(error), hint="restore the object from another copy of the store") from error
    return size
