"""What an ICC profile says of itself (ICC.1:2022, 7.2, 10.15 and, for version 2, ICC.1:2001-04, 6.5.17)."""

from __future__ import annotations

from typing import Final

from archiver.inspection.text import bounded

_HEADER, _ENTRY, _MOST_TAGS, _MOST_LANGUAGES = 128, 12, 200, 200
_LONGEST_TEXT: Final = 500


def described(profile: bytes) -> tuple[dict[str, str], str]:
    """Version, class, colour space and description, and why they could not all be read, empty where they could."""
    if len(profile) < _HEADER + 4 or profile[36:40] != b"acsp":
        return {}, "it is no profile"
    found = {
        "version": f"{profile[8]}.{profile[9] >> 4}",
        "class": bounded(profile[12:16], 20).strip(),
        "space": bounded(profile[16:20], 20).strip(),
    }
    for at in range(_HEADER + 4, _HEADER + 4 + _ENTRY * min(_number(profile, _HEADER), _MOST_TAGS), _ENTRY):
        if profile[at : at + 4] == b"desc":
            start = _number(profile, at + 4)
            description = _description(profile[start : start + _number(profile, at + 8)])
            if description is None:
                return found, "its description is none"
            return found | {"description": bounded(description, _LONGEST_TEXT)}, ""
    return found, "it has no description"


def _description(tag: bytes) -> str | bytes | None:
    if tag[:4] == b"desc":
        return tag[12 : 12 + _number(tag, 8)].rstrip(b"\x00")
    if tag[:4] != b"mluc" or _number(tag, 12) != _ENTRY:
        return None
    records = [tag[at : at + _ENTRY] for at in range(16, 16 + _ENTRY * min(_number(tag, 8), _MOST_LANGUAGES), _ENTRY)]
    records.sort(key=lambda record: record[:2] != b"en")  # English where there is one, else the first
    for record in records[:1]:
        start = _number(record, 8)
        units = tag[start : start + _number(record, 4)]
        return units[: len(units) & ~1].decode("utf-16-be", "surrogatepass").rstrip("\x00")  # half a unit is none
    return None


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")
