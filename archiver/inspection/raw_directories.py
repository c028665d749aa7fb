"""The directories of a TIFF structure, as cameras' raw files use them, and the JPEG pictures that they point to.

Read by TIFF 6.0 and its technical note 1 (sub-directories), of which a raw file of these makers is a dialect. Nothing
is trusted: the number of directories and entries is bounded, each is visited once, every offset is checked.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

_MOST_DIRECTORIES, _MOST_ENTRIES, _MOST_VALUES = 64, 1000, 64
_SIZES: Final = {1: 1, 3: 2, 4: 4, 7: 1, 13: 4}
"""Bytes of a value by its type: BYTE, SHORT, LONG, UNDEFINED, IFD."""
_LETTERS: Final = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I"}

WIDTH, HEIGHT, STRIPS, ORIENTATION, STRIP_LENGTHS, SUB_DIRECTORIES = 0x100, 0x101, 0x111, 0x112, 0x117, 0x14A
JPEG, JPEG_LENGTH, PANASONIC_JPEG, EXIF = 0x201, 0x202, 0x02E, 0x8769
MAKER_NOTE, OLYMPUS_SETTINGS, OLYMPUS_START, OLYMPUS_LENGTH = 0x927C, 0x2020, 0x101, 0x102
_OLYMPUS: Final = {b"OLYMPUS\x00": 12, b"OM SYSTEM\x00": 16}
"""How a maker note begins, and where its directory does; offsets in it count from the beginning of the note."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its type, how many values, and where they stand, bytes from the beginning of the data."""

    kind: int
    count: int
    at: int


class Directories:
    """The structure in ``data`` that begins at ``base``; every offset in it counts from there."""

    def __init__(self, data: bytes | mmap, base: int = 0) -> None:
        self._data, self._base = data, base
        self._order = {b"II": "<", b"MM": ">"}.get(data[base : base + 2], "")

    def first(self) -> dict[int, Entry]:
        """The first directory; empty where there is none."""
        return self.at(self._base + self._number("I", self._base + 4)) if self._order else {}

    def all(self) -> Iterator[dict[int, Entry]]:
        """Each directory of the chain with its sub-directories, each once."""
        if not self._order:
            return
        waiting = [self._base + self._number("I", self._base + 4)]
        seen: set[int] = set()
        while waiting and len(seen) < _MOST_DIRECTORIES:
            place = waiting.pop(0)
            if place == self._base or place in seen:
                continue
            seen.add(place)
            found = self.at(place)
            yield found
            waiting += [self._base + offset for offset in self.values(found.get(SUB_DIRECTORIES))]
            waiting.append(self._base + self._number("I", place + 2 + 12 * self._number("H", place)))

    def at(self, place: int) -> dict[int, Entry]:
        """The directory at this place of the data, as far as it lies within."""
        found: dict[int, Entry] = {}
        count = min(self._number("H", place), _MOST_ENTRIES)
        for entry in range(place + 2, min(place + 2 + 12 * count, len(self._data) - 11), 12):
            tag, kind, values = struct.unpack_from(self._order + "HHI", self._data, entry)
            inline = _SIZES.get(kind, 5) * values <= 4  # noqa: PLR2004 - TIFF 6.0: up to 4 bytes stand in the entry
            found.setdefault(
                tag, Entry(kind, values, entry + 8 if inline else self._base + self._number("I", entry + 8))
            )
        return found

    def values(self, entry: Entry | None) -> tuple[int, ...]:
        """The whole numbers of an entry, at most 64; none where there is none, or they lie outside."""
        if entry is None or entry.kind not in _SIZES or not 1 <= entry.count <= _MOST_VALUES:
            return ()
        form = f"{self._order}{entry.count}{_LETTERS[entry.kind]}"
        return struct.unpack_from(form, self._data, entry.at) if self._within(entry.at, struct.calcsize(form)) else ()

    def value(self, found: dict[int, Entry], tag: int) -> int | None:
        """The one whole number of this tag."""
        values = self.values(found.get(tag))
        return values[0] if len(values) == 1 else None

    def jpegs(self) -> Iterator[tuple[int, int]]:
        """Offset and length of whatever a directory says is a JPEG, or is the only strip of a picture."""
        for found in self.all():
            for start, length in ((JPEG, JPEG_LENGTH), (STRIPS, STRIP_LENGTHS)):
                offset, size = self.value(found, start), self.value(found, length)
                if offset and size:
                    yield self._base + offset, size
            if PANASONIC_JPEG in found and found[PANASONIC_JPEG].kind == 7:  # noqa: PLR2004 - UNDEFINED
                yield found[PANASONIC_JPEG].at, found[PANASONIC_JPEG].count
            yield from self._olympus(found)

    def _olympus(self, found: dict[int, Entry]) -> Iterator[tuple[int, int]]:
        """The preview that an Olympus maker note points to."""
        pointer = self.value(found, EXIF)
        note = self.at(self._base + pointer).get(MAKER_NOTE) if pointer else None
        if note is None:
            return
        head = self._data[note.at : note.at + 10]
        skipped = next((skip for begins, skip in _OLYMPUS.items() if head.startswith(begins)), None)
        if skipped is None:
            return
        inside = Directories(self._data, note.at)
        inside._order = self._order
        settings = inside.at(note.at + skipped).get(OLYMPUS_SETTINGS)
        if settings is None:
            return
        place = settings.at if settings.kind == 7 else note.at + (inside.value({0: settings}, 0) or 0)  # noqa: PLR2004 - UNDEFINED: the directory itself
        chosen = inside.at(place)
        offset, size = inside.value(chosen, OLYMPUS_START), inside.value(chosen, OLYMPUS_LENGTH)
        if offset and size:
            yield note.at + offset, size

    def _number(self, form: str, place: int) -> int:
        form = self._order + form
        if not self._within(place, struct.calcsize(form)):
            return 0
        return int(struct.unpack_from(form, self._data, place)[0])

    def _within(self, place: int, length: int) -> bool:
        return 0 <= place <= len(self._data) - length
