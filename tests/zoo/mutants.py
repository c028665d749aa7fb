"""Files of every format, damaged by chance: the same number makes the same mutant everywhere.

A mutant is a good file with one to four of its bytes, numbers or stretches changed, or cut short. Of a PNG, every other
one has its checksums made good again, so that decoders look at what was changed.
"""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pillow_heif

from tests import drawing
from tests.inspection import composed

if TYPE_CHECKING:
    from collections.abc import Callable

    Chance = np.random.Generator

_EXTREMES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF)
_LONGEST_STRETCH: Final = 64


def _drawn(form: str, **options: Any) -> bytes:
    content = io.BytesIO()
    picture, second = (drawing.photo(seed, (64, 48)) for seed in (1, 2))
    if form == "HEIF":
        pillow_heif.from_pillow(picture).save(content)
    else:
        picture.save(content, form, **({"append_images": [second]} if options.get("save_all") else {}), **options)
    return content.getvalue()


@cache
def originals() -> list[bytes]:
    """The good files: each format with all its blocks of metadata, and once more as it is commonly written."""
    plain = [
        _drawn("JPEG", progressive=True),
        _drawn("PNG", save_all=True),
        _drawn("GIF", save_all=True),
        _drawn("TIFF", compression="tiff_lzw"),
        _drawn("TIFF", save_all=True, compression="tiff_adobe_deflate"),
        _drawn("WEBP", lossless=True),
        _drawn("WEBP", save_all=True),
        _drawn("JPEG2000"),
        _drawn("AVIF"),
        _drawn("HEIF"),
        _drawn("BMP"),
    ]
    return [make() for make in composed.WHOLE.values()] + plain


def mutant(number: int) -> bytes:
    """The mutant of this number."""
    chance = np.random.default_rng(number)
    good = originals()
    content = bytearray(good[number % len(good)])
    for _ in range(int(chance.integers(1, 5))):
        change = _CHANGES[int(chance.integers(len(_CHANGES)))]
        change(content, chance)
    if chance.random() < 0.2:
        del content[_place(content, chance) :]
    if content.startswith(b"\x89PNG") and chance.random() < 0.5:
        _checksums(content)
    return bytes(content)


def _place(content: bytearray, chance: Chance) -> int:
    """Anywhere, and as often within the first bytes, where the structure is."""
    length = len(content) if chance.random() < 0.5 else min(len(content), 512)
    return int(chance.integers(length)) if length else 0


def _flip(content: bytearray, chance: Chance) -> None:
    for _ in range(int(chance.integers(1, 17))):
        if content:
            content[_place(content, chance)] ^= 1 << int(chance.integers(8))


def _extreme(content: bytearray, chance: Chance) -> None:
    width = int(2 ** chance.integers(4))
    order = "big" if chance.random() < 0.5 else "little"
    value = _EXTREMES[int(chance.integers(len(_EXTREMES)))] & ((1 << 8 * width) - 1)
    at = _place(content, chance)
    content[at : at + width] = value.to_bytes(width, "big" if order == "big" else "little")


def _stretch(content: bytearray, chance: Chance) -> tuple[int, int]:
    start = _place(content, chance)
    return start, start + int(chance.integers(1, _LONGEST_STRETCH))


def _leave_out(content: bytearray, chance: Chance) -> None:
    start, end = _stretch(content, chance)
    del content[start:end]


def _repeat(content: bytearray, chance: Chance) -> None:
    start, end = _stretch(content, chance)
    content[end:end] = content[start:end] * int(chance.integers(1, 9))


def _transplant(content: bytearray, chance: Chance) -> None:
    start, end = _stretch(content, chance)
    at = _place(content, chance)
    content[at : at + end - start] = content[start:end]


_CHANGES: Final[tuple[Callable[[bytearray, Chance], None], ...]] = (
    _flip,
    _flip,
    _extreme,
    _extreme,
    _leave_out,
    _repeat,
    _transplant,
)


def _checksums(content: bytearray) -> None:
    """Make good the checksums of all chunks that lie within the file."""
    at = 8
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        if at + 12 + length > len(content):
            return
        struct.pack_into(">I", content, at + 8 + length, zlib.crc32(content[at + 4 : at + 8 + length]))
        at += 12 + length
