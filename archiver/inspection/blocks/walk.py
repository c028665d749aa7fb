"""One walk for every format whose structure is known, by the media type that the content has."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks import bmp, boxes, codestream, exif, gif, jpeg, png, riff, tiff
from archiver.inspection.blocks.layout import Enough, Layout, Short
from archiver.inspection.media_type import TIFF_BASED, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.inspection.blocks.layout import Block, Data

    Walker = Callable[[Data, Layout], None]

_LONGEST_EXIF, _MOST_EXIF = 16 << 20, 4  # items of a HEIF may all name the same bytes

_WALKERS: Final[dict[MediaType, Walker]] = {
    MediaType.JPEG: jpeg.walk,
    MediaType.PNG: png.walk,
    MediaType.APNG: png.walk,
    MediaType.WEBP: riff.walk,
    MediaType.GIF: gif.walk,
    MediaType.BMP: bmp.walk,
    MediaType.TIFF: tiff.walk,
    MediaType.JPEG_2000_CODESTREAM: codestream.walk,
    **dict.fromkeys(TIFF_BASED - {MediaType.TIFF}, tiff.walk_raw),
    **dict.fromkeys(
        (
            MediaType.HEIC,
            MediaType.HEIC_SEQUENCE,
            MediaType.HEIF,
            MediaType.HEIF_SEQUENCE,
            MediaType.AVIF,
            MediaType.JPEG_2000,
            MediaType.JPEG_XL,
            MediaType.CANON_CR3,
            MediaType.MP4,
            MediaType.MP4_AUDIO,
            MediaType.QUICKTIME,
            MediaType.THREE_GPP,
            MediaType.THREE_GPP2,
        ),
        boxes.walk,
    ),
}


def walk(data: Data, media_type: MediaType) -> Layout:
    """What stands where in a file of this type; nothing but its size where the structure of the type is not known."""
    layout = Layout(len(data))
    walker = _WALKERS.get(media_type)
    if walker is None:
        return layout
    try:
        walker(data, layout)
        if media_type not in TIFF_BASED:
            layout.blocks.sort(key=_where)
            _inside_exif(data, layout)
    except Short as short:
        layout.miss("structure", short.offset, layout.size - short.offset, str(short))
    except struct.error:  # a number that is read without ``number`` and lies behind the end
        layout.miss("structure", layout.size, 0, "the file ends early")
    except Enough:
        layout.enough = True
    layout.blocks.sort(key=_where)
    return layout


def _where(block: Block) -> int:
    return block.pieces[0].offset


def _inside_exif(data: Data, layout: Layout) -> None:
    for number, block in enumerate(layout.of("EXIF")[:_MOST_EXIF]):
        if block.length > _LONGEST_EXIF:
            layout.miss("EXIF", block.pieces[0].offset, block.length, "it is longer than any is read")
            continue
        found = exif.inside(block.content(data), layout, block)
        layout.exif = layout.exif or (found if number == 0 else None)
        place = block.pieces[0]
        if found is None:
            layout.miss("EXIF", place.offset, place.length, "it does not begin with a byte order")
        elif found.astray:
            layout.miss("EXIF", place.offset, place.length, found.astray)
        if found is not None and found.enough:
            layout.enough = True
