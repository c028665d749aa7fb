"""IPTC-IIM 4.2: data sets by record, number and name, in the character set that the data sets themselves state.

Data set 1:90 names the set by an escape sequence of ISO 2022 (IIM 4.2, 5.6.1; 1.5). What it does not name is read as
UTF-8, and bytes that are none stay visible as such (``archiver.inspection.text``): no encoding is guessed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKER, _HEADER, _EXTENDED = 0x1C, 5, 0x8000
_LONGEST_TEXT, _MOST_SETS, _LONGEST_EXTENDED = 4_000, 2_000, 4
_CHARACTER_SET: Final = (1, 90)
_CHARACTER_SETS: Final = {
    b"\x1b%G": "utf-8",
    b"\x1b%/I": "utf-8",
    b"\x1b.A": "latin-1",
    b"\x1b-A": "latin-1",
    b"\x1b-B": "iso8859-2",
    b"\x1b-L": "iso8859-5",
    b"\x1b-G": "iso8859-6",
    b"\x1b-F": "iso8859-7",
    b"\x1b-H": "iso8859-8",
}
_NUMBERS: Final = frozenset({(1, 0), (1, 20), (1, 22), (2, 0)})
_BINARY: Final = frozenset({(2, 202)})
_NAMES: Final = {
    1: {
        0: "Model Version", 5: "Destination", 20: "File Format", 22: "File Format Version", 30: "Service Identifier",
        40: "Envelope Number", 50: "Product I.D.", 60: "Envelope Priority", 70: "Date Sent", 80: "Time Sent",
        90: "Coded Character Set", 100: "UNO", 120: "ARM Identifier", 122: "ARM Version",
    },
    2: {
        0: "Record Version", 3: "Object Type Reference", 4: "Object Attribute Reference", 5: "Object Name",
        7: "Edit Status", 8: "Editorial Update", 10: "Urgency", 12: "Subject Reference", 15: "Category",
        20: "Supplemental Category", 22: "Fixture Identifier", 25: "Keywords", 26: "Content Location Code",
        27: "Content Location Name", 30: "Release Date", 35: "Release Time", 37: "Expiration Date",
        38: "Expiration Time", 40: "Special Instructions", 42: "Action Advised", 45: "Reference Service",
        47: "Reference Date", 50: "Reference Number", 55: "Date Created", 60: "Time Created",
        62: "Digital Creation Date", 63: "Digital Creation Time", 65: "Originating Program", 70: "Program Version",
        75: "Object Cycle", 80: "By-line", 85: "By-line Title", 90: "City", 92: "Sublocation", 95: "Province/State",
        100: "Country/Primary Location Code", 101: "Country/Primary Location Name",
        103: "Original Transmission Reference", 105: "Headline", 110: "Credit", 115: "Source",
        116: "Copyright Notice", 118: "Contact", 120: "Caption/Abstract", 122: "Writer/Editor",
        125: "Rasterized Caption", 130: "Image Type", 131: "Image Orientation", 135: "Language Identifier",
        200: "ObjectData Preview File Format", 201: "ObjectData Preview File Format Version",
        202: "ObjectData Preview Data",
    },
}  # fmt: skip


def data_sets(content: bytes) -> tuple[dict[str, list[Any]], str]:
    """The values of each data set (``2:120 Caption/Abstract``), and why the reading ended early, empty where not."""
    whole = content.rstrip(b"\x00")
    found: dict[str, list[Any]] = {}
    encoding, at = "utf-8", 0
    for record, number, value, end in _sets(content):
        if (record, number) == _CHARACTER_SET:
            encoding = _CHARACTER_SETS.get(value, encoding)
        name = f"{record}:{number} {_NAMES.get(record, {}).get(number, '')}".strip()
        found.setdefault(name, []).append(_value(record, number, value, encoding))
        at = end
    if sum(map(len, found.values())) >= _MOST_SETS:
        return found, f"it has more than {_MOST_SETS} data sets"
    return found, f"what stands at {at} of {len(content)} bytes is no data set" if at < len(whole) else ""


def _sets(content: bytes) -> Iterator[tuple[int, int, bytes, int]]:
    """Record, number, value and end of each data set, up to what is none."""
    at = 0
    for _ in range(_MOST_SETS):
        if at + _HEADER > len(content) or content[at] != _MARKER:
            return
        record, number, length = content[at + 1], content[at + 2], int.from_bytes(content[at + 3 : at + 5], "big")
        at += _HEADER
        if length & _EXTENDED:  # the length of the length (IIM 4.2, 1.5.5)
            size = length & ~_EXTENDED
            if size > _LONGEST_EXTENDED:
                return
            length = int.from_bytes(content[at : at + size], "big")
            at += size
        if at + length > len(content):
            return
        yield record, number, content[at : at + length], at + length
        at += length


def _value(record: int, number: int, value: bytes, encoding: str) -> Any:
    if (record, number) == _CHARACTER_SET:  # an escape sequence: told without the character that terminals obey
        return bounded(value.replace(b"\x1b", b"ESC "), _LONGEST_TEXT)
    if (record, number) in _NUMBERS and len(value) == 2:  # noqa: PLR2004 - binary numbers of two bytes
        return int.from_bytes(value, "big")
    if (record, number) in _BINARY:
        return {"bytes": len(value), "sha256": hashlib.sha256(value).hexdigest()}
    return bounded(value.decode(encoding, "surrogateescape"), _LONGEST_TEXT)
