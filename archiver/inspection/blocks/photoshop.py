"""Photoshop's image resources: a list of numbered blocks, in JPEG, TIFF and Photoshop's own files.

Adobe Photoshop File Formats Specification, *Image Resource Blocks*. IPTC-IIM is number 0x0404, a thumbnail 0x040C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Block, Data, Layout

IPTC, THUMBNAIL, ICC, EXIF, XMP = 0x0404, 0x040C, 0x040F, 0x0422, 0x0424
_SIGNATURES: Final = frozenset({b"8BIM", b"PHUT", b"DCSR", b"AgHg", b"MeSa"})
_THUMBNAIL_HEADER: Final = 28
_MOST_BYTES: Final = 64 << 20
_GROUPS: Final = {IPTC: "IPTC", THUMBNAIL: "Thumbnail", ICC: "ICC", EXIF: "EXIF", XMP: "XMP"}


def walk(data: Data, layout: Layout, block: Block) -> None:
    """Keep the resources that are read."""
    content, at = block.content(data, _MOST_BYTES), 0
    while at + 12 <= len(content):
        layout.step()
        if content[at : at + 4] not in _SIGNATURES:
            break
        resource = int.from_bytes(content[at + 4 : at + 6], "big")
        start = at + 6 + (content[at + 6] | 1) + 1  # the name, padded to an even length with its count
        length = int.from_bytes(content[start : start + 4], "big")
        start += 4
        if start + length > len(content):
            break
        if resource in _GROUPS:
            header = _THUMBNAIL_HEADER if resource == THUMBNAIL else 0
            layout.keep(_GROUPS[resource], f"Photoshop {resource:04X}", *block.part(start + header, length - header))
        at = start + length + (length & 1)
    if content[at:].strip(b"\x00"):
        layout.miss("Photoshop", *_place(block, at), "a resource that is none, or ends behind the end")


def _place(block: Block, at: int) -> tuple[int, int]:
    pieces = block.part(at, block.length - at)
    return (pieces[0].offset, pieces[0].length) if pieces else (block.pieces[0].offset, 0)
