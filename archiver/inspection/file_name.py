"""Whether a file's name says another format than its content has.

The law: no cry of wolf. An ending that is not in the table says nothing; one that is customary for the content is no
mismatch, whatever else it is used for; so is the raw file of a camera that is a TIFF by its content.
"""

from __future__ import annotations

from typing import Any, Final

from archiver.inspection.media_type import TIFF_BASED, MediaType
from archiver.inspection.text import bounded

_HEIF: Final = frozenset(
    {MediaType.HEIC, MediaType.HEIC_SEQUENCE, MediaType.HEIF, MediaType.HEIF_SEQUENCE, MediaType.AVIF}
)
_VIDEO: Final = frozenset(
    {
        MediaType.MP4,
        MediaType.QUICKTIME,
        MediaType.THREE_GPP,
        MediaType.THREE_GPP2,
        MediaType.MP4_AUDIO,
    }
)
_MPEG: Final = frozenset({MediaType.MPEG, MediaType.MPEG_TS, MediaType.MPEG_AUDIO})
_MATROSKA: Final = frozenset({MediaType.MATROSKA, MediaType.WEBM})
_OGG: Final = frozenset({MediaType.OGG_VIDEO, MediaType.OGG_AUDIO, MediaType.FLAC})

ENDINGS: Final[dict[str, frozenset[MediaType]]] = {
    **dict.fromkeys(["jpg", "jpeg", "jpe", "jfif", "jif", "mpo", "jps", "thm"], frozenset({MediaType.JPEG})),
    **dict.fromkeys(["png", "apng"], frozenset({MediaType.PNG, MediaType.APNG})),
    "webp": frozenset({MediaType.WEBP}),
    "gif": frozenset({MediaType.GIF}),
    **dict.fromkeys(["bmp", "dib"], frozenset({MediaType.BMP})),
    **dict.fromkeys(["tif", "tiff"], TIFF_BASED),
    **dict.fromkeys(["heic", "heif", "heics", "heifs", "hif", "avif", "avifs"], _HEIF),
    **dict.fromkeys(["jp2", "jpx", "jpm"], frozenset({MediaType.JPEG_2000})),
    **dict.fromkeys(["j2k", "j2c", "jpc"], frozenset({MediaType.JPEG_2000_CODESTREAM, MediaType.JPEG_2000})),
    "jxl": frozenset({MediaType.JPEG_XL}),
    **dict.fromkeys(["jxr", "wdp", "hdp"], frozenset({MediaType.JPEG_XR})),
    **dict.fromkeys(["psd", "psb"], frozenset({MediaType.PHOTOSHOP})),
    **dict.fromkeys(["ico", "cur"], frozenset({MediaType.ICON, MediaType.PNG})),
    "svg": frozenset({MediaType.SVG}),
    "exr": frozenset({MediaType.OPENEXR}),
    **dict.fromkeys(
        [
            "dng",
            "nef",
            "nrw",
            "cr2",
            "arw",
            "sr2",
            "srf",
            "pef",
            "ptx",
            "srw",
            "3fr",
            "iiq",
            "erf",
            "mef",
            "mos",
            "kdc",
            "dcr",
        ],
        TIFF_BASED,
    ),
    "cr3": frozenset({MediaType.CANON_CR3}),
    "orf": TIFF_BASED | {MediaType.OLYMPUS_ORF},
    **dict.fromkeys(["rw2", "rwl", "raw"], TIFF_BASED | {MediaType.PANASONIC_RW2}),
    "raf": frozenset({MediaType.FUJI_RAF}),
    **dict.fromkeys(["mp4", "m4v", "mov", "qt", "3gp", "3g2", "m4a", "m4b"], _VIDEO),
    **dict.fromkeys(["mkv", "mka", "webm"], _MATROSKA),
    "avi": frozenset({MediaType.AVI}),
    **dict.fromkeys(["mpg", "mpeg", "vob", "m2ts", "mts", "mp2", "mp3"], _MPEG),
    "flv": frozenset({MediaType.FLASH_VIDEO}),
    **dict.fromkeys(["wmv", "wma", "asf"], frozenset({MediaType.WINDOWS_MEDIA})),
    **dict.fromkeys(["ogg", "oga", "ogv", "opus", "spx", "flac"], _OGG),
    "wav": frozenset({MediaType.WAVE, MediaType.MPEG_AUDIO}),
    "amr": frozenset({MediaType.AMR}),
    **dict.fromkeys(
        ["pdf", "doc", "docx", "xls", "xlsx", "zip", "rar", "7z", "exe", "htm", "html", "txt", "csv", "json", "xml"],
        frozenset[MediaType](),
    ),
}
"""What content is customary under an ending, lower case; nothing that is told from content is, under the last ones."""


def of_name(media_type: str | None, file_name: str) -> dict[str, Any] | None:
    """The finding, or none.

    Args:
        media_type: the content's, as ``archiver.inspection.sniff`` tells it; none for what is neither picture, video
            nor sound, which is then a finding under an ending that promises one of these.
        file_name: the name under which the file came, its folders left out or not.
    """
    name, mark, ending = file_name.rpartition(".")
    customary = ENDINGS.get(ending.lower()) if mark and name else None
    if customary is None or media_type in customary or (media_type is None and not customary):
        return None
    content = media_type or "neither picture, video nor sound"
    return {"code": "type-mismatch", "detail": f"the name ends in .{bounded(ending, 20)}, the content is {content}"}
