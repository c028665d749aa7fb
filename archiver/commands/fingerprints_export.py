"""``archiver fingerprints export``: the looks of what is held, for others to compare theirs with, without a picture.

The law: a list says no more than the looks, and not of what care is owed to.

1. Items that bear a flag or a label that lets them go to no partner (TLP 2.0), and items that show one of those
   (``archiver.catalogue.care``), are left out, unless somebody asked for them.
2. So is what looks like one of them, whole or inside a frame, as it stands, turned or mirrored: its bits would give the
   other's look away, whether or not anybody confirmed yet that they are the same picture. Of the other there are only
   bits, from which those of the turned picture follow nearly; so what is a few bits further away is left out, too
   (``archiver.fingerprint.orientations.ALLOWANCE``).
3. Each look stands once, however many items have it, and the order is that of the bits: neither how many copies are
   held nor in which order they came is told. No item is named unless somebody asked for that.
4. What was left out is counted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from archiver.catalogue.care import in_care
from archiver.earlier import tell_of_earlier
from archiver.errors import InputRefused, UsageError
from archiver.facts.vocabulary import HashListForm
from archiver.fingerprint.algorithm import CURRENT, PDQ, Algorithm, radius_of
from archiver.fingerprint.orientations import ALLOWANCE, NAMES, of_bits
from archiver.interchange.lines import LENGTH
from archiver.interchange.written import Row, written
from archiver.neighbours.columns import Columns
from archiver.neighbours.lanes import LANES, arranged
from archiver.neighbours.search import search
from archiver.sharing import KEPT_FROM_PARTNERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions

_TOGETHER = 500
"""Looks that are searched for together."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        algorithm: of which fingerprints.
        lines: how many lines.
        held: how many fingerprints of it are held.
        in_care: how many of them were left out because care is owed.
        alike: how many more because they look like one of those.
        with_items: whether the items were named.
    """

    algorithm: str
    lines: int
    held: int
    in_care: int
    alike: int
    with_items: bool


@dataclass
class _Prints:
    """Fingerprints as columns, so that ten million take hundreds of megabytes and not gigabytes."""

    bits: NDArray[np.uint64]
    quality: NDArray[np.int16]
    items: list[str]
    cared_for: NDArray[np.bool_]


def fingerprints_export(
    archive: Archive,
    write: Callable[[str], Any],
    *,
    algorithm: Algorithm = CURRENT,
    form: HashListForm = HashListForm.CSV,
    include_sensitive: bool = False,
    with_items: bool = False,
) -> Exported:
    """Write the list.

    Args:
        archive: whose looks.
        write: is given the lines.
        algorithm: which fingerprints.
        form: how to write them.
        include_sensitive: also of items that care is owed to.
        with_items: name the item beside each, a line an item.

    Raises:
        UsageError: the plain PDQ form was asked for and something else to be written in it, or no lists are made of
            such fingerprints.
    """
    if algorithm.length != LENGTH:
        raise UsageError(f"of {algorithm} no lists are made", hint="they hold fingerprints of whole pictures")
    if form is HashListForm.PDQ and (algorithm is not PDQ or with_items):
        raise UsageError(
            "the plain PDQ form holds PDQ fingerprints and names no item",
            hint=f"say --algorithm {PDQ} and leave --with-items out, or choose another --format",
        )
    with archive.asking() as questions:
        cared_for = set() if include_sensitive else in_care(questions, KEPT_FROM_PARTNERS)
        prints = _prints(questions, algorithm, cared_for)
        others = _alike(questions, algorithm, prints, cared_for)
        if algorithm is CURRENT:
            tell_of_earlier(archive, questions, len(prints.items))
    alike = np.fromiter((item in others for item in prints.items), np.bool_, len(prints.items))
    rows = _rows(prints, ~(prints.cared_for | alike), with_items=with_items)
    lines = 0
    for line in written(str(algorithm), rows, form, with_items=with_items):
        write(line)
        lines += 1
    return Exported(
        algorithm=str(algorithm),
        lines=lines - (form is HashListForm.CSV),
        held=len(prints.bits),
        in_care=int(prints.cared_for.sum()),
        alike=int(alike.sum()),
        with_items=with_items,
    )


@contextmanager
def new_file(path: Path) -> Iterator[Callable[[str], Any]]:
    """A function that writes text into a new file, which is taken away again where the writing fails.

    Raises:
        InputRefused: the file exists or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            try:
                yield file.write
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise InputRefused(f"{path} exists", hint="choose another name: nothing is overwritten") from None
    except OSError as error:
        path.unlink(missing_ok=True)  # closing it wrote the rest, and there was no room
        raise InputRefused(f"{path} cannot be written: {error.strerror}", hint="check folder and space") from error


def _prints(questions: Questions, algorithm: Algorithm, cared_for: set[str]) -> _Prints:
    bits, quality, items, cared = bytearray(), [], [], bytearray()
    for each in questions.prints(str(algorithm)):
        bits += bytes.fromhex(each.bits)
        quality.append(-1 if each.quality is None else each.quality)
        items.append(each.item)
        cared.append(each.item in cared_for)
    words = np.frombuffer(bytes(bits), ">u8").reshape(len(items), -1 if items else algorithm.length // 64)
    return _Prints(words, np.array(quality, np.int16), items, np.frombuffer(bytes(cared), np.bool_))


def _alike(questions: Questions, algorithm: Algorithm, prints: _Prints, cared_for: set[str]) -> set[str]:
    """The items that look like something that is left out, in any of eight orientations, and are not left out.

    The look of the whole picture and of those inside its frame count on both sides, as ``find`` compares them; so does
    what ``find`` compares by default where other fingerprints are exported, which not every item has.
    """
    of_cared_for = questions.prints_of(sorted(cared_for))
    found: set[str] = set()
    families = {each.family: each.comparable() for each in (CURRENT, algorithm)}
    for family in families.values():
        names = {str(each) for each in family}
        looks = {each.bits for of in of_cared_for.values() for each in of if each.algorithm in names}
        for each in family if looks else ():
            held = prints if each is algorithm else _prints(questions, each, cared_for)
            near = _near(held, looks, radius_of(each) + ALLOWANCE if each.by_look else 0)
            found.update(held.items[at] for at in np.flatnonzero(near).tolist())
    return found


def _near(prints: _Prints, looks: set[str], radius: int) -> NDArray[np.bool_]:
    """Which of what is not left out some look comes within the radius of, turned or mirrored."""
    found = np.zeros(len(prints.items), np.bool_)
    left = np.flatnonzero(~prints.cared_for)
    lanes = arranged(prints.bits[left].tobytes())
    turned = of_bits(np.frombuffer(bytes.fromhex("".join(sorted(looks))), np.uint8).reshape(-1, LENGTH // 8))
    variants = np.ascontiguousarray(arranged(turned.tobytes()).T).reshape(-1, len(NAMES), LANES)
    for start in range(0, len(variants), _TOGETHER):
        some = [(each, radius) for each in variants[start : start + _TOGETHER]]
        rows = np.unique(np.concatenate([near.rows for near in search(Columns(tuple(lanes)), some)]))
        found[left[rows]] = True
        left, lanes = np.delete(left, rows), np.delete(lanes, rows, axis=1)  # once is enough
    return found


def _rows(prints: _Prints, kept: NDArray[np.bool_], *, with_items: bool) -> Iterator[Row]:
    """By the bits; of equal ones the best quality first, and only that unless the items are told."""
    words = prints.bits.T[::-1]
    order = np.lexsort((-prints.quality, *words)) if not with_items else _by_item(prints)
    last = ""
    for at in order[kept[order]].tolist():
        bits = prints.bits[at].tobytes().hex()
        if bits == last and not with_items:
            continue
        last = bits
        quality = int(prints.quality[at])
        yield bits, None if quality < 0 else quality, prints.items[at] if with_items else None


def _by_item(prints: _Prints) -> NDArray[np.intp]:
    return np.array(sorted(range(len(prints.items)), key=prints.items.__getitem__), np.intp)
