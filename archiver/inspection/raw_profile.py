"""Blocks of metadata that ImageMagick and its kin write into PNG as text: a keyword, a length, hexadecimal digits.

``Raw profile type exif`` holds what a JPEG's APP1 does, ``iptc`` and ``8bim`` Photoshop's resources, ``xmp`` a packet,
``icc`` and ``icm`` a profile. Each is turned back into the block that it was; its place is the chunk's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from archiver.inspection import png_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.layout import Block, Data, Layout

_NAME: Final = re.compile(rb"Raw profile type (exif|APP1|iptc|8bim|xmp|icc|icm)\x00")
_LONGEST_NUMBER: Final = 12
_EXIF: Final = b"Exif\x00\x00"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_GROUPS: Final = {b"iptc": "Photoshop", b"8bim": "Photoshop", b"xmp": "XMP", b"icc": "ICC", b"icm": "ICC"}


def blocks(data: Data, layout: Layout) -> Iterator[tuple[str, bytes, Block]]:
    """Group, content and chunk of each; notes in the layout which could not be turned back."""
    for chunk in layout.of("PNG"):
        match = _NAME.match(chunk.content(data, 40))
        if match is None or chunk.kind not in {"tEXt", "zTXt"}:
            continue
        try:
            content = _turned_back(chunk.kind, chunk.content(data)[match.end() :])
        except png_text.Unreadable as error:
            layout.miss("PNG", chunk.pieces[0].offset, chunk.length, str(error))
            continue
        if content.startswith(_XMP):
            yield "XMP", content.removeprefix(_XMP), chunk
        else:
            yield _GROUPS.get(match[1], "EXIF"), content.removeprefix(_EXIF), chunk


def _turned_back(kind: str, rest: bytes) -> bytes:
    text = png_text.inflated(rest[1:]) if kind == "zTXt" else rest
    try:
        _, length, digits = text.split(None, 2)
        content = bytes.fromhex(digits.decode("ascii"))
        stated = int(length[:_LONGEST_NUMBER])
    except ValueError as error:
        raise png_text.Unreadable("it is no profile in hexadecimal digits") from error
    if len(content) != stated:
        raise png_text.Unreadable("it has another length than it states")
    return content
