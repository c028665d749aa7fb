"""Where a block is said to stand it stands, and no file whatever makes a walk raise, run wild or run long."""

from __future__ import annotations

import itertools
import struct
import time
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection.blocks import layout as layouts
from archiver.inspection.blocks.directories import MOST_DIRECTORIES, structure
from archiver.inspection.blocks.layout import Block, Layout, Piece
from archiver.inspection.blocks.walk import walk
from archiver.inspection.media_type import MediaType
from archiver.inspection.sniff import HEAD, sniff
from tests.inspection import composed

composed_once = cache(lambda form: composed.WHOLE[form]())


def walked(content: bytes) -> Layout:
    media_type = sniff(content[:HEAD])
    assert media_type is not None
    return walk(content, media_type)


def cut(content: bytes, group: str) -> list[bytes]:
    return [block.content(content) for block in walked(content).of(group)]


EXPECTED = {
    "jpeg": {"EXIF", "XMP", "ICC", "IPTC", "Comment", "Photoshop", "C2PA", "MakerNote", "GPS", "Thumbnail"},
    "png": {"EXIF", "XMP", "ICC", "PNG", "C2PA", "MakerNote", "GPS", "Thumbnail"},
    "webp": {"EXIF", "XMP", "ICC", "C2PA", "MakerNote", "GPS", "Thumbnail"},
    "gif": {"XMP", "ICC", "Comment"},
    "tiff": {"EXIF", "XMP", "ICC", "IPTC", "MakerNote", "GPS"},
    "heif": {"EXIF", "XMP", "ICC", "C2PA", "MakerNote", "GPS", "Thumbnail"},
    "avif": {"EXIF", "XMP", "ICC", "MakerNote", "GPS", "Thumbnail"},
    "jp2": {"XMP", "Comment"},
    "bmp": set[str](),
}


@pytest.mark.parametrize("form", composed.WHOLE)
def test_cut_out_at_its_place_every_block_is_what_was_put_there(form: str) -> None:
    content = composed_once(form)
    found = walked(content)
    assert {block.group for block in found.blocks} == EXPECTED[form]
    assert (found.unread, found.strays, found.behind, found.enough) == ([], [], [], False)
    assert found.end == len(content)
    for group, put in {
        "XMP": composed.XMP,
        "ICC": composed.profile(),
        "MakerNote": composed.NOTE,
        "Thumbnail": composed.THUMBNAIL,
        "IPTC": composed.IPTC,
        "Comment": composed.COMMENT,
    }.items():
        for block in found.of(group)[:1]:
            if block.kind != "iCCP":  # compressed there
                assert block.content(content).startswith(put)
                assert block.length == len(put) or form == "gif"
    if form not in {"tiff", "gif", "jp2", "bmp"}:
        assert cut(content, "EXIF") == [composed.exif()]


def test_a_block_of_several_segments_is_put_together_in_its_own_order() -> None:
    content = composed_once("jpeg")
    packet, extended = cut(content, "XMP")
    assert packet == composed.XMP
    assert extended == composed.XMP.replace(b"CreatorTool", b"Nickname")
    assert b"".join(cut(content, "C2PA")) == composed.box(b"jumb", bytes(40))
    assert [block.content(content) for block in walked(content).of("Comment")] == [composed.COMMENT, b"and once more"]


@pytest.mark.parametrize("form", composed.WHOLE)
@pytest.mark.parametrize("more", [b"\x00", b"PK\x03\x04 and so on", bytes(9), b"<html>"])
def test_what_follows_is_told_by_its_place(form: str, more: bytes) -> None:
    content = composed_once(form)
    assert walked(content + more).behind == [Piece(len(content), len(more))]


def test_a_progressive_picture_ends_behind_its_last_scan() -> None:
    content = composed.jpeg(progressive=True)
    assert content.count(b"\xff\xda") > 3
    assert walked(content + b"more").behind == [Piece(len(content), 4)]


def mpf(first: int, second: int) -> bytes:
    """The index of two pictures, at the beginning of a JPEG: offsets count from its byte order mark."""
    first = max(0, first - 10)
    entries = struct.pack("<IIIHH", 0x030000, first, 0, 0, 0) + struct.pack("<IIIHH", 0, second, first, 0, 0)
    index = struct.pack("<HHHII", 2, 0xB001, 4, 1, 2) + struct.pack("<HHII", 0xB002, 7, 32, 38) + bytes(4)
    return composed.segment(0xE2, b"MPF\x00II*\x00\x08\x00\x00\x00" + index + entries)


def test_a_further_picture_that_the_index_names_is_not_what_follows() -> None:
    second = composed.jpeg(size=(16, 16))
    first = composed.jpeg(mpf(0, 0))
    whole = composed.jpeg(mpf(len(first), len(second))) + second
    found = walked(whole + b"more")
    assert found.pictures == [Piece(len(first), len(second))]
    assert found.behind == [Piece(len(whole), 4)]


def test_an_index_hides_nothing_by_naming_it_a_picture() -> None:
    first = composed.jpeg(mpf(0, 0))
    for hidden in (b"PK\x03\x04" + bytes(60), b"\xff\xd8\xff\xe0" + bytes(60), composed.jpeg()[:-2]):
        found = walked(composed.jpeg(mpf(len(first), len(hidden))) + hidden)
        assert found.pictures == []
        assert found.behind == [Piece(len(first), len(hidden))]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=6), st.integers(-5, 90), st.integers(-5, 90)
)
def test_a_part_of_a_block_stands_where_it_is_said(pieces: list[tuple[int, int]], start: int, length: int) -> None:
    data = bytes(range(100))
    block = Block("any", "any", tuple(Piece(offset, size) for offset, size in pieces))
    content = block.content(data)
    part = Block("any", "any", block.part(start, length)).content(data)
    inside = start >= 0 and length > 0 and start + length <= len(content)
    assert part == (content[start : start + length] if inside else b"")


def checked(content: bytes, media_type: MediaType) -> None:
    """What holds of every walk: it returns, and everything it tells lies within the file."""
    found = walk(content, media_type)
    pieces = [piece for block in found.blocks for piece in block.pieces]
    for piece in (*pieces, *found.pictures, *found.behind, *found.strays, *(each.piece for each in found.unread)):
        assert 0 <= piece.offset <= piece.end <= len(content)
    assert all(piece.length > 0 for piece in pieces)
    assert all(block.length == len(block.content(content)) for block in found.blocks)
    assert len(pieces) <= layouts.MOST_PIECES
    assert found.end is None or 0 <= found.end <= len(content)


@given(st.data(), st.sampled_from([*composed.WHOLE]))
def test_no_damage_whatever_makes_a_walk_raise_or_leave_the_file(data: st.DataObject, form: str) -> None:
    content = bytearray(composed_once(form))
    media_type = sniff(bytes(content[:HEAD]))
    assert media_type is not None
    spots = [block.pieces[0].offset for block in walk(bytes(content), media_type).blocks]
    near = st.sampled_from(spots or [0]).flatmap(lambda spot: st.integers(max(0, spot - 24), spot + 24))
    anywhere = st.integers(0, len(content) - 1)
    for at, value in data.draw(st.lists(st.tuples(near | anywhere, st.binary(min_size=1, max_size=8)), max_size=5)):
        content[at : at + len(value)] = value
    checked(bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))]), media_type)


@given(st.binary(max_size=400), st.sampled_from([*MediaType]))
def test_noise_is_walked_as_any_type(noise: bytes, media_type: MediaType) -> None:
    checked(noise, media_type)


HOSTILE: dict[str, Any] = {
    "segments": lambda size: b"\xff\xd8" + composed.segment(0xE5, b"x") * (size // 5),
    "scans": lambda size: b"\xff\xd8" + composed.segment(0xDA, b"x") * (size // 5),
    "stuffed": lambda size: b"\xff\xd8" + composed.segment(0xDA, b"x") + b"\xff\x00" * (size // 2),
    "fill": lambda size: b"\xff\xd8" + b"\xff" * size,
    "comments": lambda size: b"\xff\xd8" + composed.segment(0xFE, b"x") * (size // 5),
    "chunks": lambda size: composed.png()[:33] + composed.chunk(b"tEXt", b"") * (size // 12),
    "boxes": lambda size: composed.box(b"ftyp", b"heic0000") + composed.box(b"free", b"") * (size // 8),
    "nested": lambda size: composed.box(b"ftyp", b"heic0000") + b"".join(
        struct.pack(">I4s", size - at, b"iprp" if at % 16 else b"ipco") for at in range(0, size, 8)
    ),
    "sub-blocks": lambda size: composed.gif()[:-1] + b"!\xfe" + b"\x01x" * (size // 2),
    "extensions": lambda size: composed.gif()[:-1] + b"!\xfe\x00" * (size // 3),
    "riff": lambda size: b"RIFF\xff\xff\xff\x7fWEBP" + composed.riff(b"junk", b"") * (size // 8),
    "chain": lambda size: composed.long_chain(size // 18),
    "tile parts": lambda size: b"\xff\x4f\xff\x51\x00\x02"
    + (b"\xff\x90\x00\x0a" + bytes(4) + b"\x0c" + bytes(3)) * (size // 12),
    "resources": lambda size: composed.jpeg(
        *[composed.segment(0xED, b"Photoshop 3.0\x00" + composed.resource(1, b"") * 1000)] * (size // 12_000)
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_twice_as_long_a_file_takes_no_more_than_twice_as_long(kind: str) -> None:
    costs = []
    for size in (30_000, 120_000):
        content = HOSTILE[kind](size)
        media_type = sniff(content[:HEAD]) or MediaType.JPEG_2000_CODESTREAM
        costs.append(min(_cost(content, media_type) for _ in range(2)))
        checked(content, media_type)
    assert costs[1] < 12 * max(costs[0], 0.001)  # four times, with room for the noise of a busy machine


def _cost(content: bytes, media_type: MediaType) -> float:
    began = time.process_time()
    walk(content, media_type)
    return time.process_time() - began


def test_a_hundred_thousand_directories_are_walked_up_to_the_bound_and_that_is_told() -> None:
    content = composed.long_chain(100_000)
    found = structure(content)
    assert found is not None
    assert (len(found.directories), found.enough) == (MOST_DIRECTORIES, True)
    assert walked(content).enough


@pytest.mark.parametrize("bound", ["MOST_STEPS", "MOST_PIECES"])
def test_a_bound_that_is_reached_is_told(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not walked(composed_once("jpeg")).enough
    monkeypatch.setattr(layouts, bound, 3)
    assert walked(composed_once("jpeg")).enough


def test_a_directory_that_points_to_itself_is_read_once() -> None:
    found = structure(b"II*\x00\x08\x00\x00\x00" + struct.pack("<HHHII", 1, 0x8769, 4, 1, 8) + struct.pack("<I", 8))
    assert found is not None
    assert len(found.directories) == 1
    assert "points back" in found.astray


def test_a_big_tiff_is_walked_too() -> None:
    entry = struct.pack("<HHQQ", 0x02BC, 1, len(composed.XMP), 16 + 8 + 20 + 8)
    content = (
        b"II+\x00\x08\x00\x00\x00" + struct.pack("<Q", 16) + struct.pack("<Q", 1) + entry + bytes(8) + composed.XMP
    )
    assert cut(content, "XMP") == [composed.XMP]
    assert walked(content).end == len(content)


def test_sizes_of_all_kinds_stay_within_structs_reach() -> None:
    for big, order in itertools.product((b"*\x00", b"+\x00"), ("<", ">")):
        head = b"II" if order == "<" else b"MM"
        checked(head + (big if order == "<" else big[::-1]) + b"\xff" * 60, MediaType.TIFF)
