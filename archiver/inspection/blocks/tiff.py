"""TIFF and what cameras make of it: directories that point to everything else.

XMP is tag 700 (XMP part 3, 1.1.4), IPTC-IIM 33723, Photoshop's resources 34377, an ICC profile 34675, JUMBF 52545
(C2PA 2.1, A.3.6). EXIF is a directory among others here; its place is that directory alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks import exif, photoshop
from archiver.inspection.blocks.layout import Block, Layout, Piece

if TYPE_CHECKING:
    from archiver.inspection.blocks.directories import Structure
    from archiver.inspection.blocks.layout import Data

_GROUPS: Final = {0x02BC: "XMP", 0x83BB: "IPTC", 0x8649: "Photoshop", 0x8773: "ICC", 0xCD41: "C2PA"}
_TILES, _TILE_LENGTHS = 0x0144, 0x0145
_POINTING: Final = ((exif.STRIPS, exif.STRIP_LENGTHS), (_TILES, _TILE_LENGTHS), (exif.JPEG, exif.JPEG_LENGTH))


def walk(data: Data, layout: Layout) -> None:
    """Metadata of a TIFF; the end is behind the last byte that anything in it points to."""
    found = _metadata(data, layout)
    if found and not found.enough and not found.astray:
        layout.end = min(_end(data, found), layout.size)


def walk_raw(data: Data, layout: Layout) -> None:
    """Metadata of a camera's raw file, whose end is not told: makers put data there that no directory points to."""
    _metadata(data, layout)


def _metadata(data: Data, layout: Layout) -> Structure | None:
    found = exif.inside(data, layout, Block("EXIF", "file", (Piece(0, layout.size),)))
    if found is None:
        layout.miss("structure", 0, layout.size, "it has no directory")
        return None
    layout.exif = found
    for directory in found.directories:
        if directory.name == "EXIF":
            layout.keep("EXIF", "directory", Piece(directory.offset, directory.length))
    for entry in found.entries:
        if entry.tag in _GROUPS and entry.directory == "0":
            block = layout.keep(_GROUPS[entry.tag], f"tag {entry.tag}", Piece(entry.offset, entry.length))
            if block is not None and block.group == "Photoshop":
                photoshop.walk(data, layout, block)
    if found.astray:
        layout.miss("structure", 0, layout.size, found.astray)
    layout.enough = layout.enough or found.enough
    return found


def _end(data: Data, found: Structure) -> int:
    ends = [8, *(directory.offset + directory.length for directory in found.directories)]
    ends += [entry.offset + entry.length for entry in found.entries]
    pointing = {tag for pair in _POINTING for tag in pair}
    values = {
        (entry.directory, entry.tag): found.numbers(data, entry) for entry in found.entries if entry.tag in pointing
    }
    for (directory, tag), offsets in values.items():
        for start, length in _POINTING:
            if tag == start:
                ends += map(int.__add__, offsets, values.get((directory, length), ()))
    return max(ends)
