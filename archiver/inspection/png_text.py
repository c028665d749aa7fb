"""What PNG's chunks of metadata say (PNG third edition, 11.3.3 and 11.3.6), inflated within a bound.

A bomb costs no more than the bound: what does not fit is not inflated.
"""

from __future__ import annotations

import zlib
from typing import Final

from archiver.inspection.text import bounded

MOST_INFLATED: Final = 4 << 20
"""Bytes that one chunk may inflate to; profiles have up to some 3 MB, texts much less."""

_LONGEST_TEXT, _LONGEST_NAME = 4_000, 200


class Unreadable(Exception):
    """Why a chunk could not be read."""


def inflated(content: bytes, most: int = MOST_INFLATED) -> bytes:
    """A compressed text or profile.

    Raises:
        Unreadable: it is damaged, or inflates to more than ``most`` bytes.
    """
    inflating = zlib.decompressobj()
    try:
        whole = inflating.decompress(content, most)
    except zlib.error as error:
        raise Unreadable("its compressed part is damaged") from error
    if inflating.unconsumed_tail or (not inflating.eof and len(whole) >= most):
        raise Unreadable(f"it inflates to more than {most} bytes")
    if not inflating.eof:
        raise Unreadable("its compressed part ends early")
    return whole


def text(kind: str, content: bytes) -> tuple[str, str]:
    """Keyword and text of a chunk; an international one has its language behind the keyword: ``Title [de]``.

    Raises:
        Unreadable: it is not laid out as its kind must be.
    """
    if kind == "tIME":
        return "tIME", _time(content)
    keyword, mark, rest = content.partition(b"\x00")
    if not mark:
        raise Unreadable("it has no keyword")
    name = bounded(keyword.decode("latin-1"), _LONGEST_NAME)
    if kind == "tEXt":
        return name, bounded(rest.decode("latin-1"), _LONGEST_TEXT)
    if kind == "zTXt":
        return name, bounded(inflated(rest[1:]).decode("latin-1"), _LONGEST_TEXT)
    language, whole = _international(rest)
    return f"{name} [{bounded(language, 40)}]" if language else name, bounded(whole, _LONGEST_TEXT)


def packet(content: bytes) -> bytes:
    """The XMP packet of an international chunk."""
    return _international(content.partition(b"\x00")[2])[1]


def profile(content: bytes) -> bytes:
    """The profile of an ``iCCP`` chunk."""
    return inflated(content.partition(b"\x00")[2][1:])


def _international(rest: bytes) -> tuple[bytes, bytes]:
    """Language and text of an ``iTXt`` chunk, from its compression flag on."""
    parts = rest[2:].split(b"\x00", 2)
    if len(rest) < 2 or len(parts) < 3:  # noqa: PLR2004 - two flags; language, translated keyword, text
        raise Unreadable("it is not laid out as an international text")
    return parts[0], inflated(parts[2]) if rest[0] else parts[2]


def _time(content: bytes) -> str:
    if len(content) != 7:  # noqa: PLR2004 - year, month, day, hour, minute, second
        raise Unreadable("it is no time")
    month, day, hour, minute, second = content[2:]
    return f"{int.from_bytes(content[:2], 'big'):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
