"""A list of fingerprints, written. The law: what is written here is read back by ``archiver.interchange.lines``.

No cell can be taken for a formula: an algorithm's name begins with a letter, and everything else is digits.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, assert_never

from archiver.facts.vocabulary import HashListForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = tuple[str, int | None, str | None]
"""Bits, quality, and the item where it is told."""


def written(algorithm: str, rows: Iterable[Row], form: HashListForm, *, with_items: bool) -> Iterator[str]:
    """The lines of a list, each with its end.

    Args:
        algorithm: the full name; the plain PDQ form leaves it out.
        rows: the fingerprints, in the order in which they are to stand.
        form: how to write it.
        with_items: whether the items are told; the plain PDQ form has no place for them.
    """
    match form:
        case HashListForm.CSV:
            yield ",".join(("algorithm", "bits", "quality", *(("item",) if with_items else ()))) + "\r\n"
            for bits, quality, item in rows:
                told = "" if quality is None else str(quality)
                yield ",".join((algorithm, bits, told, *((item or "",) if with_items else ()))) + "\r\n"
        case HashListForm.JSONL:
            for bits, quality, item in rows:
                line = {"algorithm": algorithm, "bits": bits, "quality": quality}
                yield json.dumps(line | {"item": item} if with_items else line) + "\n"
        case HashListForm.PDQ:
            for bits, quality, _ in rows:
                yield f"{bits}\n" if quality is None else f"{bits},{quality}\n"
        case _:
            assert_never(form)
