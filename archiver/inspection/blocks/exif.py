"""What EXIF's directories point to within their block: satellite position, maker note, thumbnails.

CIPA DC-008-2023, 4.6. A maker note is kept as it stands: what is in it only its maker knows, and offsets in it count
from wherever the maker liked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.directories import MAKER_NOTE, Structure, structure

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Block, Data, Layout

STRIPS, STRIP_LENGTHS, JPEG, JPEG_LENGTH = 0x0111, 0x0117, 0x0201, 0x0202
_MOST_STRIPS: Final = 100


def inside(content: Data, layout: Layout, block: Block) -> Structure | None:
    """Keep what a structure points to.

    Args:
        content: of the block, from the byte order mark on.
        layout: where it is kept.
        block: where the structure stands in the file.
    """
    found = structure(content)
    if found is None:
        return None
    for directory in found.directories:
        if directory.name == "GPS":
            layout.keep("GPS", "directory", *block.part(directory.offset, directory.length))
    for entry in found.entries:
        if entry.tag == MAKER_NOTE and entry.directory == "EXIF":
            layout.keep("MakerNote", "tag 37500", *block.part(entry.offset, entry.length))
    for name in dict.fromkeys(directory.name for directory in found.directories):
        _thumbnail(content, found, name, layout, block)
    return found


def _thumbnail(content: Data, found: Structure, name: str, layout: Layout, block: Block) -> None:
    """The smaller picture that a directory behind the first one points to."""
    offsets, lengths = (found.numbers(content, found.find(name, tag)) for tag in (JPEG, JPEG_LENGTH))
    if name != "0" and offsets and lengths and lengths[0]:
        if layout.keep("Thumbnail", "JPEG", *block.part(offsets[0], lengths[0])) is None:
            place = block.pieces[0]
            why = f"a thumbnail of {lengths[0]} bytes at {offsets[0]} of the block does not lie within it"
            layout.miss("Thumbnail", place.offset, place.length, why)
    elif name == "1" and block.kind != "file":
        strips, lengths = (found.numbers(content, found.find(name, tag)) for tag in (STRIPS, STRIP_LENGTHS))
        parts = zip(strips[:_MOST_STRIPS], lengths, strict=False)
        layout.keep("Thumbnail", "strips", *(piece for part in parts for piece in block.part(*part)))
