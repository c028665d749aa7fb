"""Everything that a file says of itself beside its picture: one walk, what is read where it leads, what is remarkable.

1. Walk through the structure (``archiver.inspection.blocks``).
2. EXIF by exifread, from its block alone, so that nobody searches the file; a chain of directories is handed over only
   as far as ``MOST_PAGES``.
3. The other groups, from their blocks (``archiver.inspection.embedded``).
4. Where each block stands, and the findings.
"""

from __future__ import annotations

import io
import mmap
import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from archiver.inspection import appended, capture, embedded, metadata, raw_profile, steering
from archiver.inspection.blocks.directories import structure
from archiver.inspection.blocks.walk import walk
from archiver.inspection.media_type import TIFF_BASED
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.directories import Structure
    from archiver.inspection.blocks.layout import Layout
    from archiver.inspection.media_type import MediaType

MOST_PAGES: Final = 16
"""Directories of a chain that exifread is given: it reads each in full, and a file may have a hundred thousand."""

MOST_MAPPED: Final = 1 << 30
"""Bytes of a file that is walked through: a child's address space is bounded."""

_LONGEST_EXIF, _LONGEST_REASON, _MOST_FINDINGS = 16 << 20, 200, 60
_MOTION: Final = frozenset({"GCamera:MotionPhoto", "GCamera:MicroVideo"})


@dataclass(frozen=True)
class Claims:
    """What a file says of itself.

    Attributes:
        said: the stage: metadata, what of it has fields of its own, places, findings.
        orientation: EXIF's, 1 to 8.
        tags: EXIF's tags as exifread gives them, for whoever reads more of them in the same process.
    """

    said: dict[str, Any]
    orientation: int | None
    tags: dict[str, Any] = field(default_factory=dict, repr=False)


def read(handle: BinaryIO, media_type: MediaType) -> Claims:
    """Read all of it; whatever cannot be read is a finding.

    Raises:
        OSError: the file cannot be mapped.
    """
    copied = media_type in TIFF_BASED
    with _mapped(handle, copied=copied) as data:
        if data is None:
            return _too_long()
        layout = walk(data, media_type)
        groups: metadata.Metadata = {}
        tags = _exif(data, layout, groups, whole=copied)
        for group, values in embedded.read(data, layout).items():
            groups.setdefault(group, {}).update(values)
        fitted = metadata.fitted(groups)
        orientation = capture.orientation(tags)
        said: dict[str, Any] = {
            "metadata": fitted,
            "orientation": orientation,
            "camera": capture.camera(tags),
            "captured": capture.captured(tags),
            "latitude": capture.latitude(tags),
            "longitude": capture.longitude(tags),
            "altitude": capture.altitude(tags),
            "places": _places(layout),
            "findings": [*_findings(data, layout, fitted)][:_MOST_FINDINGS],
        }
    return Claims(said, orientation, tags)


def several(frames: int) -> list[dict[str, Any]]:
    """The finding that there are several pictures, by how many the decoder counts."""
    return [{"code": "several-pictures", "detail": f"{frames} pictures or frames"}] if frames > 1 else []


def _too_long() -> Claims:
    why = f"a file of more than {MOST_MAPPED} bytes is not walked through"
    return Claims(
        {"metadata": {"unread": {"error": why}}, "findings": [{"code": "metadata-unread", "detail": why}]}, None
    )


@contextmanager
def _mapped(handle: BinaryIO, *, copied: bool) -> Iterator[mmap.mmap | None]:
    """The file where it lies, none where it is too long; copied on writing, so that nothing written reaches it."""
    try:
        descriptor = handle.fileno()
    except io.UnsupportedOperation:  # a picture in memory, as the server rehearses with
        handle.seek(0)
        content = handle.read()
        with mmap.mmap(-1, len(content)) as memory:
            memory[:] = content
            yield memory
        return
    if os.fstat(descriptor).st_size > MOST_MAPPED:
        yield None
        return
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY if copied else mmap.ACCESS_READ) as mapped:
        yield mapped


def _exif(data: mmap.mmap, layout: Layout, groups: metadata.Metadata, *, whole: bool) -> dict[str, Any]:
    """EXIF's tags by exifread's names; the first block's, where there are several."""
    blocks = layout.of("EXIF")
    block: bytes | mmap.mmap = data
    offset, length = 0, layout.size
    if not whole:
        written = ((content, each) for group, content, each in raw_profile.blocks(data, layout) if group == "EXIF")
        there = [(each.content(data, _LONGEST_EXIF), each) for each in blocks] or list(written)
        if not there:
            return {}
        block, first = there[0]
        offset, length = first.pieces[0].offset, first.length
        for _, another in there[1:]:
            layout.miss("EXIF", another.pieces[0].offset, another.length, "another block was read before it")
    found = layout.exif if whole or blocks else structure(block)
    if found is None:
        groups["EXIF"] = {"unread": "it has no directory"}  # the walk has noted it
        return {}
    try:
        with _few_pages(block, found) as readable:
            tags = metadata.read_exif(readable)
            groups.update(metadata.grouped(tags, readable, found))
    except Exception as error:  # noqa: BLE001 - exifread is not total, and a file's picture counts without its metadata
        why = bounded(f"{type(error).__name__}: {error}", _LONGEST_REASON)
        tags = {}
    else:
        why = "" if tags or not found.entries else "exifread reads none of its tags"
    if why:
        groups.setdefault("EXIF", {})["unread"] = why
        layout.miss("EXIF", offset, length, why)
    return tags


@contextmanager
def _few_pages(block: bytes | mmap.mmap, found: Structure) -> Iterator[bytes | mmap.mmap]:
    """The block, its chain of directories ended after ``MOST_PAGES``, where it has more."""
    last = next((each for each in found.directories if each.name == str(MOST_PAGES - 1)), None)
    if last is None or not last.next:
        yield block
        return
    width = 8 if found.big else 4
    there = bytes(block[last.next : last.next + width])
    if isinstance(block, bytes):
        yield block[: last.next] + bytes(width) + block[last.next + width :]
        return
    block[last.next : last.next + width] = bytes(width)
    try:
        yield block
    finally:
        block[last.next : last.next + width] = there


def _places(layout: Layout) -> dict[str, list[dict[str, int]]]:
    """Where each group's blocks stand."""
    places: dict[str, list[dict[str, int]]] = {}
    for block in layout.blocks:
        for piece in block.pieces:
            places.setdefault(block.group, []).append({"offset": piece.offset, "length": piece.length})
    for piece in layout.pictures:
        places.setdefault("Pictures", []).append({"offset": piece.offset, "length": piece.length})
    return places


def _findings(data: mmap.mmap, layout: Layout, groups: metadata.Metadata) -> Iterator[dict[str, Any]]:
    motion = any(tags.get(name) == "1" for tags in groups.values() for name in _MOTION)
    yield from appended.findings(data, layout, motion=motion)
    for unread in layout.unread:
        place = {"offset": unread.piece.offset, "length": unread.piece.length}
        yield {"code": "metadata-unread", "detail": f"{unread.group}: {unread.why}", **place}
    if layout.enough:
        yield {"code": "metadata-cut", "detail": "the file has more blocks or directories than are walked through"}
    if "cut" in groups:
        yield {"code": "metadata-cut", "detail": f"{groups['cut']['tags']} tags did not fit into the record"}
    for piece in layout.pictures:
        detail = "a further picture, named by the index of the Multi-Picture Format"
        yield {"code": "several-pictures", "detail": detail, "offset": piece.offset, "length": piece.length}
    yield from steering.findings(groups)
