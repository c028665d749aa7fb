"""The directories of a TIFF structure (TIFF 6.0, section 2; BigTIFF), as far as they lead to metadata.

EXIF is such a structure wherever it stands, and so are a TIFF file, most cameras' raw files and the index of the
Multi-Picture Format. Nothing is trusted: no directory is entered twice, directories and entries are bounded, and an
entry whose value does not lie within the structure is left out.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.inspection.blocks.layout import Data

MOST_DIRECTORIES: Final = 256
"""Directories that are entered; camera files have up to 10, scans of a book have one a page."""
MOST_ENTRIES: Final = 20_000
"""Entries of all directories together."""
MOST_NUMBERS: Final = 1 << 20

EXIF, GPS, INTEROPERABILITY, SUB = 0x8769, 0x8825, 0xA005, 0x014A
MAKER_NOTE, USER_COMMENT = 0x927C, 0x9286
_NAMES: Final = {EXIF: "EXIF", GPS: "GPS", INTEROPERABILITY: "Interoperability", SUB: "Sub"}
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE: Final = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}


class Entry(NamedTuple):
    """One entry: where its value stands within the structure.

    Attributes:
        directory: which directory it is of: ``0``, ``1`` … in the order of the chain, ``EXIF``, ``GPS``, ``Sub`` …
        tag: its number.
        kind: the type of its values, by TIFF's number.
        values: how many.
        offset: of its value, from the beginning of the structure.
        length: of its value, in bytes.
    """

    directory: str
    tag: int
    kind: int
    values: int
    offset: int
    length: int


class Directory(NamedTuple):
    """Where one directory stands within the structure; ``next`` is where the pointer to its successor stands."""

    name: str
    offset: int
    length: int
    next: int


@dataclass
class Structure:
    """The directories that were found.

    Attributes:
        order: of the bytes, in ``struct``'s notation.
        big: it is a BigTIFF.
        directories: in the order in which they were entered.
        entries: of all of them.
        astray: why it is not all there, where it is not.
        enough: a bound ended it.
    """

    order: str
    big: bool
    directories: list[Directory] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    astray: str = ""
    enough: bool = False

    def find(self, directory: str, tag: int) -> Entry | None:
        """The first entry of a tag in a directory."""
        return next((entry for entry in self.entries if entry.tag == tag and entry.directory == directory), None)

    def numbers(self, data: Data, entry: Entry | None) -> tuple[int, ...]:
        """The values of an entry, where they are whole numbers."""
        code = _WHOLE.get(entry.kind) if entry else None
        if entry is None or code is None:
            return ()
        return struct.unpack_from(f"{self.order}{min(entry.values, MOST_NUMBERS)}{code}", data, entry.offset)


def structure(data: Data) -> Structure | None:
    """The directories of the structure at the beginning of ``data``; none where there is no TIFF header."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(data[:2]))
    if order is None or len(data) < 8:  # noqa: PLR2004 - a TIFF header
        return None
    big = struct.unpack_from(order + "H", data, 2)[0] == 43  # noqa: PLR2004 - BigTIFF's version number
    if big and len(data) < 16:  # noqa: PLR2004 - a BigTIFF header
        return None
    found = Structure(order, big)
    first = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)[0]
    waiting, entered, chain = [("0", first)], set[int](), 0
    while waiting:
        name, offset = waiting.pop()
        if not offset:
            continue
        if offset in entered:
            found.astray = found.astray or f"directory {name} points back to one that was read already"
            continue
        if len(entered) >= MOST_DIRECTORIES:
            found.enough = True
            break
        entered.add(offset)
        before = len(found.entries)
        following = _read(data, found, name, offset)
        if name.isdecimal():
            chain += 1
            waiting.append((str(chain), following))
        waiting.extend(_pointed(data, found, found.entries[before:]))
    return found


def _read(data: Data, found: Structure, name: str, offset: int) -> int:
    """Read one directory; returns where the next one of the chain stands, 0 for nowhere."""
    head, size, form = (8, 20, "HHQQ") if found.big else (2, 12, "HHII")
    if offset + head > len(data):
        found.astray = found.astray or f"directory {name} lies behind the end"
        return 0
    count = struct.unpack_from(found.order + ("Q" if found.big else "H"), data, offset)[0]
    start, inline = offset + head, 8 if found.big else 4
    there = min(count, (len(data) - start) // size)
    if there < count:
        found.astray = found.astray or f"directory {name} ends behind the end"
    room = MOST_ENTRIES - len(found.entries)
    if there > room:
        there, found.enough = room, True
    for at in range(start, start + there * size, size):
        tag, kind, values, value = struct.unpack_from(found.order + form, data, at)
        length = _SIZES.get(kind, 0) * values
        where = at + size - inline if length <= inline else value
        if length and where + length <= len(data):
            found.entries.append(Entry(name, tag, kind, values, where, length))
    following = start + count * size
    if following + inline > len(data):
        found.directories.append(Directory(name, offset, min(head + count * size, len(data) - offset), 0))
        return 0
    found.directories.append(Directory(name, offset, head + count * size + inline, following))
    return int(struct.unpack_from(found.order + ("Q" if found.big else "I"), data, following)[0])


def _pointed(data: Data, found: Structure, entries: list[Entry]) -> Iterator[tuple[str, int]]:
    """The directories that entries point to."""
    for entry in entries:
        if entry.tag in _NAMES:
            for offset in found.numbers(data, entry)[:MOST_DIRECTORIES]:
                yield _NAMES[entry.tag], offset
