"""Hostile files, each made in code and named by what is to be found in it: ``python -m tests.zoo.animals FOLDER``.

None is large on disk: what they cost, they cost whoever reads them without bounds.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from tests.inspection import composed

if TYPE_CHECKING:
    from collections.abc import Callable

PILLOWS_WARNING: Final = 89_478_485
"""Pixels above which Pillow warns; twice as many it refuses (``PIL.Image.MAX_IMAGE_PIXELS``)."""
OUR_BOUND: Final = 200_000_000
"""Pixels that are decoded at the most, by the settings of an archive."""

_GIB: Final = 1 << 30
_HUGE: Final = 0xFFFF_FFFF
_ESCAPES: Final = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egpj.exe\u2066<script>alert(1)</script>\r\b\x00"


def blank_png(width: int, height: int) -> bytes:
    """A whole picture of one bit a pixel, all white."""
    rows = zlib.compressobj(9)
    line = b"\x00" + b"\xff" * -(-width // 8)
    whole, rest = divmod(height, 256)
    packed = b"".join(rows.compress(line * 256) for _ in range(whole)) + rows.compress(line * rest) + rows.flush()
    return _png(width, height, composed.chunk(b"IDAT", packed), depth=1)


def _png(width: int, height: int, *chunks: bytes, depth: int = 8) -> bytes:
    header = composed.chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + composed.chunk(b"IEND", b"")


def announced_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose header announces that size; no pixels follow."""
    small = composed.jpeg()
    at = small.index(b"\xff\xc0")
    return small[: at + 5] + struct.pack(">HH", height, width) + small[at + 9 :]


def announced_gif(width: int, height: int) -> bytes:
    """A GIF of one frame of that size, with the pixels of a small one."""
    small = composed.gif()
    frame = small.index(b",\x00\x00\x00\x00")
    size = struct.pack("<HH", width, height)
    return small[:6] + size + small[10 : frame + 5] + size + small[frame + 9 :]


def announced_bmp(width: int, height: int) -> bytes:
    """A BMP of that size, with the pixels of a small one."""
    small = composed.bmp()
    return small[:18] + struct.pack("<ii", width, height) + small[26:]


def announced_tiff(width: int, height: int) -> bytes:
    """A TIFF of that size in one strip that is not there."""
    entries = (
        (256, width),
        (257, height),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, height),
        (279, _HUGE),
    )
    return b"II*\x00\x08\x00\x00\x00" + _directory(entries, 0)


def announced_webp() -> bytes:
    """The largest canvas that WebP's header can announce in its lossless form: 16,384 on each side."""
    bits = (16_383) | (16_383 << 14)
    content = b"\x2f" + struct.pack("<I", bits) + bytes(200)
    whole = b"WEBP" + composed.riff(b"VP8L", content)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def _directory(entries: tuple[tuple[int, int], ...], following: int) -> bytes:
    """A directory of long numbers."""
    packed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<I", following)


def scans(count: int, side: int) -> bytes:
    """A progressive JPEG whose every scan makes the decoder walk through all of its coefficients once more."""
    table = bytes((0, *(16 for _ in range(64))))
    # one code of one bit: for DC "no difference", for AC a run of 32,767 blocks without a coefficient (T.81, G.1.2.2)
    huffman = composed.segment(0xC4, b"\x00\x01" + bytes(15) + b"\x00") + composed.segment(
        0xC4, b"\x10\x01" + bytes(15) + b"\xe0"
    )
    frame = composed.segment(0xC2, struct.pack(">BHHBBBB", 8, side, side, 1, 1, 0x11, 0))
    blocks = (side // 8) ** 2
    first = composed.segment(0xDA, bytes((1, 1, 0x00, 0, 0, 0x00))) + bytes(-(-blocks // 8))
    # the run's length follows its code in 14 bits, all of them set: 0, then 14 times 1, stuffed where a byte is FF
    runs = -(-blocks // 32_767)
    packed = int("011111111111111" * runs + "1" * (-15 * runs % 8), 2).to_bytes(-(-15 * runs // 8), "big")
    empty = composed.segment(0xDA, bytes((1, 1, 0x00, 1, 63, 0x00))) + packed.replace(b"\xff", b"\xff\x00")
    return b"\xff\xd8" + composed.segment(0xDB, table) + frame + huffman + first + empty * count + b"\xff\xd9"


def with_exif(block: bytes) -> bytes:
    """A JPEG with this TIFF structure."""
    return composed.jpeg(composed.segment(0xE1, b"Exif\x00\x00" + block))


def maker_note(maker: bytes) -> bytes:
    """A structure whose maker note announces four billion bytes, behind the name of a maker whose notes are known."""
    at = 8 + 2 + 2 * 12 + 4
    name = maker.ljust(20, b"\x00")
    first = (
        struct.pack("<H", 2)
        + struct.pack("<HHII", 0x010F, 2, 20, at)
        + struct.pack("<HHII", 0x8769, 4, 1, at + 20)
        + bytes(4)
    )
    note = struct.pack("<H", 1) + struct.pack("<HHII", 0x927C, 7, _HUGE, 8) + bytes(4)
    return b"II*\x00\x08\x00\x00\x00" + first + name + note


def lying_counts() -> bytes:
    """A structure in which every entry announces four billion values of eight bytes."""
    entries = b"".join(struct.pack("<HHII", 0x0100 + number, 5, _HUGE, 8) for number in range(200))
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 200) + entries + bytes(4)


def chain(directories: int, *, circle: bool = False) -> bytes:
    """A TIFF of so many directories, each a picture of one pixel; in a circle, the last leads to the first."""
    length = 2 + 9 * 12 + 4
    fixed = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))
    parts = [b"II*\x00", struct.pack("<I", 12), bytes(4)]
    for number in range(directories):
        last = number + 1 == directories
        parts.append(_directory(fixed, (12 if circle else 0) if last else 12 + (number + 1) * length))
    return b"".join(parts)


@cache
def inflating(size: int) -> bytes:
    """A zlib stream of so many zeros, a multiple of a MiB, made without compressing them all: one MiB, repeated."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    mib = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    checksum = struct.pack(">HH", size % 65_521, 1)  # Adler-32 of zeros
    return b"\x78\xda" + mib * (size >> 20) + end + checksum


def many_texts(count: int) -> bytes:
    """A PNG of so many texts, each of which inflates to just under a MiB: no single one is out of the ordinary."""
    text = zlib.compress(bytes(1_000_000), 9)
    return composed.png(*(composed.chunk(b"zTXt", b"t%d\x00\x00" % number + text) for number in range(count)))


def frames(count: int, *, trailer: bool = True) -> bytes:
    """A GIF of so many frames."""
    small = composed.gif()
    start = small.index(b",\x00\x00\x00\x00")
    return small[:start] + small[start:-1] * count + (b";" if trailer else b"")


def sub_blocks_without_end() -> bytes:
    """A GIF whose comment never ends."""
    return composed.gif()[:-1] + b"!\xfe" + (b"\xff" + bytes(255)) * 4000


def many_segments() -> bytes:
    """A JPEG of a hundred thousand comments of no bytes."""
    return composed.jpeg(composed.segment(0xFE, b"") * 100_000)


def fill_bytes() -> bytes:
    """A JPEG with a megabyte of fill bytes before each of a few markers."""
    return composed.jpeg(*((b"\xff" * (1 << 20)) + composed.segment(0xFE, b"x") for _ in range(3)))


def nested_boxes(depth: int) -> bytes:
    """A HEIF whose ``meta`` holds a box within a box, and so on."""
    inner = b""
    for _ in range(depth):
        inner = (
            composed.box(b"iprp", composed.box(b"ipco", inner)[:8] + inner)
            if len(inner) < 60_000
            else composed.box(b"ipco", inner)
        )
    return composed.box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic") + composed.box(b"meta", bytes(4) + inner)


def heif_with(size: int, *, large: int | None = None) -> bytes:
    """A HEIF whose ``meta`` lies about its size."""
    whole = bytearray(composed.whole_heif())
    at = whole.index(b"meta") - 4
    whole[at : at + 4] = struct.pack(">I", size)
    if large is not None:
        whole[at + 8 : at + 8] = struct.pack(">Q", large)
    return bytes(whole)


def item_places(count: int) -> bytes:
    """A HEIF whose index announces as many items as it can, each of as many pieces."""
    entries = composed.box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH4s", 1, 0, b"Exif") + b"\x00")
    iinf = composed.box(b"iinf", bytes(4) + struct.pack(">H", 0xFFFF) + entries * 3)
    extents = struct.pack(">HHH", 1, 0, 0xFFFF) + struct.pack(">II", 0, 1) * count
    iloc = composed.box(b"iloc", bytes(4) + b"\x44\x00" + struct.pack(">H", 0xFFFF) + extents)
    return composed.box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic") + composed.box(b"meta", bytes(4) + iinf + iloc)


def laughing_xmp() -> bytes:
    """A packet whose entities multiply to a billion laughs."""
    entities = b'<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
    )
    return b"<?xml version='1.0'?><!DOCTYPE x [" + entities + b"]><x>&j;</x>"


def deep_xmp() -> bytes:
    """A packet of elements within elements."""
    return composed.XMP.replace(b"<rdf:RDF", b"<a>" * 5000 + b"<rdf:RDF")


def with_xmp(packet: bytes) -> bytes:
    """A JPEG with this packet."""
    return composed.jpeg(composed.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet))


def counted_profile() -> bytes:
    """An ICC profile that announces four billion tags, and a description of four billion letters."""
    profile = bytearray(composed.profile())
    profile[128:132] = struct.pack(">I", _HUGE)
    at = profile.index(b"mluc")
    profile[at + 8 : at + 12] = struct.pack(">I", _HUGE)
    profile[at + 20 : at + 24] = struct.pack(">I", _HUGE)
    return composed.jpeg(composed.segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + bytes(profile)))


def escapes() -> bytes:
    """A JPEG whose every text would steer a terminal or a page."""
    text = _ESCAPES.encode()
    block = Image.Exif()
    block[0x010E] = block[0x010F] = block[0x0110] = block[0x013B] = _ESCAPES
    return composed.jpeg(
        composed.segment(0xE1, block.tobytes()),
        composed.segment(
            0xE1,
            b"http://ns.adobe.com/xap/1.0/\x00" + composed.XMP.replace(b"a darkroom", b"\xc2\x9b31m\xe2\x80\xaegpj"),
        ),
        composed.segment(
            0xED,
            b"Photoshop 3.0\x00" + composed.resource(0x0404, b"\x1c\x02\x78" + struct.pack(">H", len(text)) + text),
        ),
        composed.segment(0xFE, text),
    )


def many_markups() -> bytes:
    """A drawing behind hundreds of comments, which a careless pattern splits in as many ways as there are subsets."""
    return b"<!---->" * 580 + b"x"


_UNDER: Final = 9_459
_JUST_UNDER_OURS: Final = 14_142

ANIMALS: Final[dict[bytes, Callable[[], bytes]]] = {
    b"pixels-just-under-pillows-warning.png": partial(blank_png, _UNDER, _UNDER),
    b"pixels-just-over-pillows-warning.png": partial(blank_png, _UNDER + 1, _UNDER + 1),
    b"pixels-just-under-our-bound.png": partial(blank_png, _JUST_UNDER_OURS, _JUST_UNDER_OURS),
    b"pixels-just-over-our-bound.png": partial(blank_png, _JUST_UNDER_OURS + 1, _JUST_UNDER_OURS),
    b"pixels-far-over-our-bound.png": partial(_png, 0x7FFF_FFFF, 0x7FFF_FFFF),
    b"pixels-far-over-our-bound.jpg": partial(announced_jpeg, 65_500, 65_500),
    b"pixels-far-over-our-bound.gif": partial(announced_gif, 65_535, 65_535),
    b"pixels-far-over-our-bound.bmp": partial(announced_bmp, 0x7FFF_FFFF, 0x7FFF_FFFF),
    b"pixels-far-over-our-bound.tif": partial(announced_tiff, 0x7FFF_FFFF, 0x7FFF_FFFF),
    b"pixels-far-over-our-bound.webp": announced_webp,
    b"pixels-announced-and-not-there.jpg": partial(announced_jpeg, 14_000, 14_000),
    b"pixels-announced-and-not-there.gif": partial(announced_gif, 14_000, 14_000),
    b"pixels-announced-and-not-there.tif": partial(announced_tiff, 14_000, 14_000),
    b"scans-by-the-thousand.jpg": partial(scans, 5_000, 4_096),
    b"maker-note-of-four-billion-bytes.jpg": lambda: with_exif(maker_note(b"NIKON CORPORATION")),
    b"maker-note-of-four-billion-bytes-more.jpg": lambda: with_exif(maker_note(b"Canon")),
    b"entries-of-four-billion-values.jpg": lambda: with_exif(lying_counts()),
    b"entries-of-four-billion-values.tif": lying_counts,
    b"directories-by-the-hundred-thousand.tif": partial(chain, 100_000),
    b"directories-in-a-circle.tif": partial(chain, 3, circle=True),
    b"directory-that-leads-to-itself.tif": partial(chain, 1, circle=True),
    b"text-that-inflates-to-a-gib.png": lambda: composed.png(composed.chunk(b"zTXt", b"a\x00\x00" + inflating(_GIB))),
    b"international-text-that-inflates.png": lambda: composed.png(
        composed.chunk(b"iTXt", b"a\x00\x01\x00\x00\x00" + inflating(_GIB))
    ),
    b"packet-that-inflates-to-a-gib.png": lambda: composed.png(
        composed.chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + inflating(_GIB))
    ),
    b"profile-that-inflates-to-a-gib.png": lambda: composed.png(
        composed.chunk(b"iCCP", b"a\x00\x00" + inflating(_GIB))
    ),
    b"texts-that-inflate-together.png": partial(many_texts, 2_000),
    b"frames-by-the-thousand.gif": partial(frames, 3_000),
    b"frames-without-a-trailer.gif": partial(frames, 100, trailer=False),
    b"comment-without-end.gif": sub_blocks_without_end,
    b"segments-by-the-hundred-thousand.jpg": many_segments,
    b"fill-bytes-by-the-million.jpg": fill_bytes,
    b"box-of-size-zero.heic": partial(heif_with, 0),
    b"box-of-size-one.heic": partial(heif_with, 1, large=_GIB),
    b"box-of-size-one-and-all-bits.heic": partial(heif_with, 1, large=(1 << 64) - 1),
    b"box-of-size-one-and-less-than-its-header.heic": partial(heif_with, 1, large=3),
    b"box-of-size-seven.heic": partial(heif_with, 7),
    b"box-of-four-billion-bytes.heic": partial(heif_with, _HUGE),
    b"boxes-nested-by-the-thousand.heic": partial(nested_boxes, 5_000),
    b"items-by-the-million.heic": partial(item_places, 60_000),
    b"entities-that-multiply.jpg": lambda: with_xmp(laughing_xmp()),
    b"elements-within-elements.jpg": lambda: with_xmp(deep_xmp()),
    b"profile-of-four-billion-tags.jpg": counted_profile,
    b"escapes-in-every-text.jpg": escapes,
    b"comments-that-split-in-many-ways.jpg": many_markups,
    b"name\nof two lines.jpg": composed.jpeg,
    b"name\x1b]0;owned\x07\x1b[2J.jpg": partial(composed.jpeg, composed.segment(0xFE, b"1")),
    "name\u202egpj.png".encode(): partial(composed.png, composed.chunk(b"tEXt", b"a\x002")),
    b"name\xff\xfe\x80.jpg": partial(composed.jpeg, composed.segment(0xFE, b"3")),
    b"name\r\b\x7f\xc2\x9b.jpg": partial(composed.jpeg, composed.segment(0xFE, b"4")),
    b"name $(reboot) `id` ; & | ' \".jpg": partial(composed.jpeg, composed.segment(0xFE, b"5")),
    b"-rf": partial(composed.jpeg, composed.segment(0xFE, b"6")),
    b"name" + b"x" * 247 + b".jpg": partial(composed.jpeg, composed.segment(0xFE, b"7")),
}
"""By file name, whose first words are the finding."""


def release(folder: Path) -> None:
    """Write all of them into a folder."""
    for name, make in ANIMALS.items():
        (folder / os.fsdecode(name)).write_bytes(make())


if __name__ == "__main__":
    release(Path(sys.argv[1]))
