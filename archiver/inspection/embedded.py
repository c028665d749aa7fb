"""Embedded metadata beside EXIF's tags, read from the blocks that a walk found, group by group.

The law: what is read comes from the bytes at the place that is told for it, whatever a decoder would make of the file;
so it is the same for a picture that does not decode, or that nothing here decodes. What cannot be read is told with its
place and why, and its group is there all the same, because somebody may rely on a group's absence.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from archiver.inspection import icc, iptc, png_text, raw_profile, xmp
from archiver.inspection.blocks import jpeg, photoshop
from archiver.inspection.blocks.layout import Block, Layout, Piece
from archiver.inspection.png_text import Unreadable
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.inspection.blocks.layout import Data

    Tags = dict[str, Any]
    Read = Callable[[Data, Layout, Block], tuple[Tags, str]]

_LONGEST_TEXT, _LONGEST_PACKET, _LONGEST_PROFILE = 4_000, 100_000, 4 << 20
_MOST_OF_A_GROUP: Final = 40
"""Blocks of one group that are read; a file with more is a curiosity, and their places are told."""

_MOST_BYTES: Final = 64 << 20
"""Bytes that are read of all blocks together: an index may name the same bytes many times over."""


def read(data: Data, layout: Layout) -> dict[str, Tags]:
    """The groups; notes in the layout what could not be read."""
    groups: dict[str, Tags] = {}
    for block, reader in _readable(data, layout):
        try:
            tags, why = reader(data, layout, block)
        except Unreadable as error:
            tags, why = {}, str(error)
        _keep(groups, layout, _EXTENDED if block.kind == "APP1 extended" else block.group, block, (tags, why))
    for group, content, block in raw_profile.blocks(data, layout):
        for name, found in _turned_back(group, content):
            _keep(groups, layout, name, block, found)
    return groups


def _readable(data: Data, layout: Layout) -> Iterator[tuple[Block, Read]]:
    """The blocks that are read, each packet once: an animation may repeat its own with every frame."""
    counts: dict[str, int] = {}
    seen: set[bytes] = set()
    left = _MOST_BYTES
    for block in layout.blocks:
        reader = _READERS.get(block.group)
        if reader is None:
            continue
        counts[block.group] = counts.get(block.group, 0) + 1
        left -= block.length
        if counts[block.group] > _MOST_OF_A_GROUP or left < 0:
            layout.enough = True
            continue
        digest = hashlib.sha256(block.content(data)).digest() if block.group == "XMP" else b""
        if digest and digest in seen:
            continue
        seen.add(digest)
        yield block, reader


def _keep(groups: dict[str, Tags], layout: Layout, name: str, block: Block, found: tuple[Tags, str]) -> None:
    """Keep what a block says, and note where it could not be read."""
    tags, why = found
    if why:
        tags["unread"] = why
        layout.miss(name, block.pieces[0].offset, block.pieces[0].length, why)
    _put(groups, name, tags)


def _turned_back(group: str, content: bytes) -> Iterator[tuple[str, tuple[Tags, str]]]:
    """What a block says that stood in a PNG as text; EXIF is read by whoever reads EXIF."""
    if group == "XMP":
        yield group, _packet(content)
    elif group == "ICC":
        yield group, _profile(content)
    elif group == "Photoshop":
        inner = Layout(len(content))
        photoshop.walk(content, inner, Block("Photoshop", "text", (Piece(0, len(content)),)))
        yield from (("IPTC", iptc.data_sets(block.content(content))) for block in inner.of("IPTC"))


def digested(content: bytes) -> Tags:
    """What stands for bytes that are kept in the file alone."""
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _put(groups: dict[str, Tags], group: str, tags: Tags) -> None:
    """Add a block's tags: packets and profiles each as a group of its own, texts to those that are there."""
    if group in _APART:
        groups[_unique(group, groups)] = tags
        return
    there = groups.setdefault(group, {})
    for tag, value in tags.items():
        there[_unique(tag, there)] = value


def _unique(name: str, taken: Tags) -> str:
    """The name with a number, where it is taken; no more are ever taken than there are blocks that are read."""
    again, unique = 1, name
    while unique in taken:
        again += 1
        unique = f"{name} {again}"
    return unique


def _xmp(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    packet = block.content(data)
    return _packet(png_text.packet(packet) if block.kind == "iTXt" else packet)


def _packet(packet: bytes) -> tuple[Tags, str]:
    found, why = xmp.properties(packet)
    tags: Tags = {"packet": digested(packet), **found}
    if why:
        tags["packet"] = bounded(packet, _LONGEST_PACKET)
    return tags, why


def _iptc(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    return iptc.data_sets(block.content(data))


def _icc(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    if block.length > _LONGEST_PROFILE:
        return {}, f"a profile of {block.length} bytes"
    profile = block.content(data)
    return _profile(png_text.profile(profile) if block.kind == "iCCP" else profile)


def _profile(profile: bytes) -> tuple[Tags, str]:
    found, why = icc.described(profile)
    return {"profile": digested(profile), **found}, why


def _comment(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    return {"comment": bounded(block.content(data, 4 * _LONGEST_TEXT + 4), _LONGEST_TEXT)}, ""


def _png(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    name, text = png_text.text(block.kind, block.content(data))
    return {name: text}, ""


def _thumbnail(data: Data, _layout: Layout, block: Block) -> tuple[Tags, str]:
    tags = digested(block.content(data))
    size = jpeg.size(data, block) if block.kind != "strips" else None
    if size is not None:
        tags |= {"width": size[0], "height": size[1]}
    return {_THUMBNAILS.get(block.kind, block.kind): tags}, ""


_EXTENDED: Final = "XMP extended"
_APART: Final = frozenset({"XMP", _EXTENDED, "ICC"})
_THUMBNAILS: Final = {"JPEG": "JPEGThumbnail", "strips": "TIFFThumbnail", "APP0": "JFIF"}
_READERS: Final[dict[str, Read]] = {
    "XMP": _xmp,
    "IPTC": _iptc,
    "ICC": _icc,
    "Comment": _comment,
    "PNG": _png,
    "Thumbnail": _thumbnail,
}
