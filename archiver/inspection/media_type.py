"""The media types that are told from content, and which of them are decoded."""

from __future__ import annotations

from enum import StrEnum


class MediaType(StrEnum):
    """IANA media types where one is registered (2025), else the customary ``x-`` name."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    APNG = "image/apng"
    WEBP = "image/webp"
    GIF = "image/gif"
    TIFF = "image/tiff"
    BMP = "image/bmp"
    HEIC = "image/heic"
    HEIC_SEQUENCE = "image/heic-sequence"
    HEIF = "image/heif"
    HEIF_SEQUENCE = "image/heif-sequence"
    AVIF = "image/avif"

    JPEG_2000 = "image/jp2"
    JPEG_2000_CODESTREAM = "image/j2c"
    JPEG_XL = "image/jxl"
    JPEG_XR = "image/jxr"
    PHOTOSHOP = "image/vnd.adobe.photoshop"
    ICON = "image/vnd.microsoft.icon"
    SVG = "image/svg+xml"
    OPENEXR = "image/x-exr"
    CANON_CR2 = "image/x-canon-cr2"
    CANON_CR3 = "image/x-canon-cr3"
    NIKON_NEF = "image/x-nikon-nef"
    SONY_ARW = "image/x-sony-arw"
    PENTAX_PEF = "image/x-pentax-pef"
    ADOBE_DNG = "image/x-adobe-dng"
    OLYMPUS_ORF = "image/x-olympus-orf"
    PANASONIC_RW2 = "image/x-panasonic-rw2"
    FUJI_RAF = "image/x-fuji-raf"

    MP4 = "video/mp4"
    QUICKTIME = "video/quicktime"
    THREE_GPP = "video/3gpp"
    THREE_GPP2 = "video/3gpp2"
    MATROSKA = "video/matroska"
    WEBM = "video/webm"
    AVI = "video/vnd.avi"
    MPEG = "video/mpeg"
    MPEG_TS = "video/mp2t"
    FLASH_VIDEO = "video/x-flv"
    WINDOWS_MEDIA = "video/x-ms-asf"
    OGG_VIDEO = "video/ogg"
    OGG_AUDIO = "audio/ogg"
    MPEG_AUDIO = "audio/mpeg"
    MP4_AUDIO = "audio/mp4"
    WAVE = "audio/vnd.wave"
    FLAC = "audio/flac"
    AMR = "audio/amr"


PREVIEWED = frozenset(
    {
        MediaType.ADOBE_DNG,
        MediaType.CANON_CR2,
        MediaType.CANON_CR3,
        MediaType.FUJI_RAF,
        MediaType.NIKON_NEF,
        MediaType.OLYMPUS_ORF,
        MediaType.PANASONIC_RW2,
        MediaType.PENTAX_PEF,
        MediaType.SONY_ARW,
    }
)
"""Camera raw: what is decoded is the preview inside (``archiver.inspection.previews``)."""

DECODERS: dict[MediaType, str] = {
    MediaType.JPEG: "JPEG",
    MediaType.PNG: "PNG",
    MediaType.APNG: "PNG",
    MediaType.WEBP: "WEBP",
    MediaType.GIF: "GIF",
    MediaType.TIFF: "TIFF",
    MediaType.BMP: "BMP",
    MediaType.HEIC: "HEIF",
    MediaType.HEIC_SEQUENCE: "HEIF",
    MediaType.HEIF: "HEIF",
    MediaType.HEIF_SEQUENCE: "HEIF",
    MediaType.AVIF: "AVIF",
    MediaType.JPEG_2000: "JPEG2000",
    MediaType.JPEG_2000_CODESTREAM: "JPEG2000",
    **dict.fromkeys(PREVIEWED, "JPEG"),
}
"""Pillow's name of the one decoder that may open a file of this type. MPO is never named: such files open as the JPEG
that they start with."""

TIFF_BASED = frozenset(
    {
        MediaType.TIFF,
        MediaType.CANON_CR2,
        MediaType.NIKON_NEF,
        MediaType.SONY_ARW,
        MediaType.PENTAX_PEF,
        MediaType.ADOBE_DNG,
    }
)
"""Types whose file is itself one TIFF structure, in which EXIF lies open."""
