"""Packs: the features of some items as one object of the store.

A pack is a disposable derivative: it is in no log, nobody signed it, and whoever writes to the store can write one. So
a pack is read as a stranger's file is: every number in it is bounded and checked before it is used, and a pack that
breaks one rule is refused whole.

All numbers are little-endian and unsigned::

    0    8  "ARCHPCK2"
    8    2  length of the algorithm's full name, in bytes
    10   2  zero
    12   4  how many entries: 1 to MOST_ENTRIES
    16      the algorithm's full name, ASCII
            one row an entry: 32 bytes SHA-256 of the item, 4 bytes length of its features, 4 bytes of its samples
            the features and then the samples of each entry, in the order of the rows
            32 bytes SHA-256 of all this: a name says a number only, and a disk may err
            the end: nothing follows

The items strictly ascend, so the same entries give the same bytes, and no item stands twice. ``read`` undoes ``write``.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from archiver.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_ENTRIES = 4096
LARGEST_FEATURES = 64 * 1024
"""Bytes an item: some eight times what 500 points need."""

SAMPLES = 32 * 32
"""Bytes: 32 rows of 32 grey samples, where they are kept at all."""

LARGEST = 32 * 1024 * 1024
"""Bytes of a whole pack: what is held in memory at once, and well below what every store takes in one put."""

_MAGIC = b"ARCHPCK2"
_HEAD = struct.Struct("<8sHHI")
_ROW = struct.Struct("<32sII")
_SUM = 32
_NAME = re.compile(rb"[\x21-\x7e]{1,200}")


class InvalidPack(InputRefused):
    """Bytes that are no pack, or one of another algorithm."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is derived of one item.

    Attributes:
        item: the 32 bytes of its SHA-256.
        features: ``Features.pack()``; empty where the picture was looked at and shows none.
        samples: ``SAMPLES`` bytes of grey, or empty.

    Raises:
        InvalidPack: something is longer or shorter than it may be.
    """

    item: bytes
    features: bytes
    samples: bytes

    def __post_init__(self) -> None:
        if len(self.item) != 32:  # noqa: PLR2004 - SHA-256
            raise InvalidPack(f"an item has 32 bytes, not {len(self.item)}")
        _check_lengths(len(self.features), len(self.samples))

    @property
    def size(self) -> int:
        """Bytes of a pack that this entry takes."""
        return _ROW.size + len(self.features) + len(self.samples)


def _check_lengths(features: int, samples: int) -> None:
    if features > LARGEST_FEATURES:
        raise InvalidPack(f"an item's features have at most {LARGEST_FEATURES} bytes, not {features}")
    if samples not in {0, SAMPLES}:
        raise InvalidPack(f"an item has no samples or {SAMPLES}, not {samples}")


def write(algorithm: str, entries: Iterable[Entry]) -> bytes:
    """The bytes of a pack, whatever the order of its entries.

    Raises:
        InvalidPack: there are none or too many entries, an item stands twice, or the algorithm's name is none.
    """
    name = algorithm.encode("ascii", "replace")
    if _NAME.fullmatch(name) is None:
        raise InvalidPack(f"not the name of an algorithm: {algorithm[:80]!r}")
    ordered = sorted(entries, key=lambda entry: entry.item)
    _check_count(len(ordered))
    if any(one.item == next_.item for one, next_ in pairwise(ordered)):
        raise InvalidPack("an item stands twice in one pack")
    parts = [_HEAD.pack(_MAGIC, len(name), 0, len(ordered)), name]
    parts += [_ROW.pack(entry.item, len(entry.features), len(entry.samples)) for entry in ordered]
    parts += [part for entry in ordered for part in (entry.features, entry.samples)]
    data = b"".join(parts)
    data += sha256(data).digest()
    if len(data) > LARGEST:
        raise InvalidPack(f"a pack has at most {LARGEST:,} bytes, not {len(data):,}")
    return data


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_ENTRIES:
        raise InvalidPack(f"a pack has 1 to {MOST_ENTRIES} entries, not {count}")


def read(algorithm: str, data: bytes) -> list[Entry]:
    """The entries of a pack of this algorithm, items ascending; undoes ``write``.

    Raises:
        InvalidPack: the bytes break any rule of the module.
    """
    name = algorithm.encode("ascii", "replace")
    if len(data) > LARGEST or len(data) < _HEAD.size + _SUM:
        raise InvalidPack(f"no pack has {len(data):,} bytes")
    data, checksum = data[:-_SUM], data[-_SUM:]
    magic, length, zero, count = _HEAD.unpack_from(data)
    if magic != _MAGIC or zero:
        raise InvalidPack("does not begin as a pack does")
    if sha256(data).digest() != checksum:
        raise InvalidPack("its bytes were changed, or it was cut, or it goes on after its end")
    if data[_HEAD.size : _HEAD.size + length] != name:
        raise InvalidPack(f"is no pack of {algorithm}")
    _check_count(count)
    rows = _HEAD.size + length
    body = rows + count * _ROW.size
    if body > len(data):
        raise InvalidPack("ends within its rows")
    return list(_entries(data, rows, body, count))


def _entries(data: bytes, rows: int, body: int, count: int) -> Iterator[Entry]:
    before = b""
    for at in range(rows, rows + count * _ROW.size, _ROW.size):
        item, features, samples = _ROW.unpack_from(data, at)
        _check_lengths(features, samples)
        if item <= before:
            raise InvalidPack("its items do not ascend")
        if body + features + samples > len(data):
            raise InvalidPack("ends within its entries")
        middle = body + features
        yield Entry(item, data[body:middle], data[middle : middle + samples])
        before, body = item, middle + samples
    if body != len(data):
        raise InvalidPack("goes on after its end")


def in_packs(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The entries in as few groups as packs can hold, in their order."""
    group: list[Entry] = []
    size = room = LARGEST - _HEAD.size - 200 - _SUM  # the longest name
    for entry in entries:
        if group and (len(group) == MOST_ENTRIES or size < entry.size):
            yield group
            group, size = [], room
        group.append(entry)
        size -= entry.size
    if group:
        yield group
