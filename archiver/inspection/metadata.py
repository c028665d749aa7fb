"""Embedded metadata, raw and by group: what the file *claims*, not what is so.

The law: group → tag → JSON value, never one flat dictionary, because ``Image DateTime`` and ``EXIF DateTimeOriginal``
are different claims. A value is

* text as the file has it (``archiver.inspection.text.visible``);
* for numbers ``{"text": as exifread prints it, "values": [the raw numbers]}``, rationals as ``"n/d"`` (in lowest terms,
  as exifread hands them over);
* for bytes ``{"hex": …}``, and from 256 bytes on ``{"bytes": length, "sha256": …}``; maker notes, thumbnails and
  colour profiles always the latter.

The whole is bounded: what no longer fits is counted in the group ``cut``.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import math
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from archiver.inspection.blocks.directories import MAKER_NOTE, USER_COMMENT
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from mmap import mmap
    from types import ModuleType

    from exifread.core.ifd_tag import IfdTag

    from archiver.inspection.blocks.directories import Structure

Metadata = dict[str, dict[str, Any]]

MOST_BYTES: Final = 256 << 10
"""Bytes of JSON that embedded metadata may have; camera files measured have 2 to 20 KiB, XMP packets up to 100."""

_LONGEST_TEXT, _MOST_VALUES, _LONGEST_HEX, _LONGEST_NOTE = 4_000, 256, 256, 64 << 20
_BYTES: Final = frozenset({1, 7})  # BYTE and UNDEFINED
_NAMED_THUMBNAILS: Final = frozenset({"JPEGThumbnail", "TIFFThumbnail"})
_USER_COMMENT_CODES: Final = {
    b"ASCII\x00\x00\x00": "ascii",
    b"JIS\x00\x00\x00\x00\x00": "iso2022_jp",
    b"\x00" * 8: "utf-8",
}


def read_exif(block: bytes | mmap) -> dict[str, Any]:
    """What exifread finds in a TIFF structure, by its own names (``"EXIF DateTimeOriginal"``).

    Raises:
        Exception: of any kind; exifread is not total.
    """
    exifread = _exifread()
    source = io.BytesIO(block) if isinstance(block, bytes) else cast("BinaryIO", block)
    return dict(exifread.process_file(source, details=False))


@cache
def _exifread() -> ModuleType:
    import exifread  # noqa: PLC0415 - the command line starts without it

    logging.getLogger("exifread").setLevel(logging.CRITICAL + 1)  # it prints what it dislikes
    return exifread


def grouped(tags: dict[str, Any], block: bytes | mmap, found: Structure) -> Metadata:
    """Exifread's tags by group, with the maker note and the user comment that exifread left out."""
    groups: Metadata = {}
    for full_name, tag in tags.items():
        if full_name in _NAMED_THUMBNAILS:
            groups.setdefault("Thumbnail", {})[full_name] = _digested(tag)
        else:
            group, _, name = full_name.partition(" ")
            groups.setdefault(group, {})[name or group] = _value(tag)
    for number, name, read in ((MAKER_NOTE, "MakerNote", _digested), (USER_COMMENT, "UserComment", _comment)):
        entry = found.find("EXIF", number)
        if entry and entry.kind in _BYTES and entry.length <= _LONGEST_NOTE:
            groups.setdefault("EXIF", {})[name] = read(bytes(block[entry.offset : entry.offset + entry.length]))
    return groups


def fitted(groups: Metadata) -> Metadata:
    """The metadata within ``MOST_BYTES``, with a count of the tags that did not fit."""
    named = {
        bounded(group, 80): {bounded(name, 200): value for name, value in tags.items()}
        for group, tags in groups.items()
    }
    if _size(named) <= MOST_BYTES:
        return named
    kept: Metadata = {}
    room, cut = MOST_BYTES, 0
    for group, tags in named.items():
        for name, value in tags.items():
            size = _size([group, name, value])
            if size > room:
                cut += 1
                continue
            room -= size
            kept.setdefault(group, {})[name] = value
    kept["cut"] = {"tags": cut, "bound": MOST_BYTES}
    return kept


def _size(value: Any) -> int:
    return len(json.dumps(value))


def _value(tag: IfdTag) -> Any:
    values = tag.values
    if isinstance(values, (str, bytes)):
        return bounded(values, _LONGEST_TEXT)
    if tag.field_type == 7:  # noqa: PLR2004 - UNDEFINED: bytes of the tag's own law
        content = bytes(value & 0xFF for value in values)
        return {"text": bounded(str(tag.printable), 500), **_bytes(content, tag.field_length)}
    if not values and tag.field_length:
        return {"bytes": tag.field_length}  # exifread reads no list of a thousand or more
    raw = [_number(value) for value in values[:_MOST_VALUES]]
    return {
        "text": bounded(str(tag.printable), 500),
        "values": raw,
        **({"count": len(values)} if len(values) > len(raw) else {}),
    }


def _number(value: Any) -> int | float | str:
    if isinstance(value, tuple):  # exifread leaves floats in the tuple of struct
        value = value[0]
    if hasattr(value, "num"):
        return f"{value.num}/{value.den}"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return int(value)


def _bytes(content: bytes, length: int) -> dict[str, Any]:
    if len(content) != length:
        return {"bytes": length}
    return {"hex": content.hex()} if length < _LONGEST_HEX else _digested(content)


def _digested(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _comment(content: bytes) -> Any:
    """A user comment, whose first eight bytes name its character code (CIPA DC-008-2019, tag 0x9286)."""
    code, text = content[:8], content[8:]
    encodings: tuple[str, ...]
    if code == b"UNICODE\x00":
        encodings = ("utf-16", "utf-16-be") if text[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-16-be", "utf-16-le")
    else:
        encodings = (_USER_COMMENT_CODES.get(code, "ascii"),)
    if not text.strip(b"\x00 "):
        return ""
    for encoding in encodings:
        try:
            return bounded(text.decode(encoding).rstrip("\x00 "), _LONGEST_TEXT)
        except UnicodeDecodeError:
            continue
    return _bytes(content, len(content))
