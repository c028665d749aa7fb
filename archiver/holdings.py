"""What each store holds of what all of them together hold: found by comparing their names, never from a journal.

1. Only names that an archive makes count; what else lies in a store is `verify`'s to name.
2. Listings are streamed side by side, so memory does not grow with the archive.
3. What lies under the name of a transaction and is none of this log (``archiver.strays``) is lacking nowhere.
4. A store that fails is named with its reason, and what it holds is not known; the others are still compared.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from archiver.errors import LogError
from storage.errors import PlaceForeign, StoreError
from storage.layout import EVENTS, FEATURES, OBJECTS, TIMESTAMPS, digest_of, first_sequence_of, pack_of, stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.replica import Replica
    from archiver.strays import Strays
    from storage.guarantees import Guarantees

PARTS = {"objects": OBJECTS, "transactions": EVENTS, "stamps": TIMESTAMPS, "packs": FEATURES}
"""What an archive consists of, in the order in which a store is filled: nothing is said before what it is said of."""


@dataclass(slots=True)
class Holding:
    """One store, as it was found.

    Attributes:
        name: its short name.
        url: where it is.
        required: whether nothing is acknowledged before it holds the bytes.
        error: why it could not be asked; empty where it could.
        guarantees: what its nameplate says it was seen to do; none where that could not be read.
        holds: how many objects, transactions of the log, objects of time stamps and packs of features.
        lacks: how many of each another store holds and this one does not.
    """

    name: str
    url: str
    required: bool
    error: str = ""
    guarantees: Guarantees | None = None
    holds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    lacks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    @property
    def filled(self) -> bool:
        """Whether it could be asked and lacks nothing."""
        return not self.error and not any(self.lacks.values())


def holdings(copies: Sequence[Replica], strays: Strays, parts: Sequence[str] = tuple(PARTS)) -> list[Holding]:
    """Ask every store what it holds of these parts of the archive; looking changes nothing."""
    found = {copy.name: Holding(copy.name, copy.url, copy.required) for copy in copies}
    asked = []
    for copy in copies:
        try:
            found[copy.name].guarantees = copy.nameplate.guarantees
            asked.append(copy)
        except (LogError, StoreError) as error:
            found[copy.name].error = str(error)
    failed: dict[str, StoreError] = {}
    for part in parts:
        for _, holders in compared(asked, part, failed, strays):
            for copy in asked:
                of = found[copy.name]
                (of.holds if copy in holders else of.lacks)[part] += 1
    for name, why in failed.items():
        found[name].error = str(why)
    return list(found.values())


def compared(
    copies: Sequence[Replica], part: str, failed: dict[str, StoreError], strays: Strays
) -> Iterator[tuple[str, list[Replica]]]:
    """Every name of one part of the archive, ascending, with the stores that have it.

    Args:
        copies: the stores.
        part: one of ``PARTS``.
        failed: is told, by the store's name, why one could not be listed to the end.
        strays: is told of what lies among the transactions and is none, which is left out.
    """

    def of(number: int, copy: Replica) -> Iterator[tuple[str, int]]:
        try:
            for name in copy.store.names(PARTS[part]):
                if _belongs(name):
                    yield name, number
        except LogError as error:
            failed.setdefault(copy.name, PlaceForeign(str(error), hint=error.hint))
        except StoreError as error:
            failed.setdefault(copy.name, error)

    merged = heapq.merge(*(of(number, copy) for number, copy in enumerate(copies) if copy.name not in failed))
    for name, same in groupby(merged, key=lambda pair: pair[0]):
        holders = [copies[number] for _, number in same]
        if not strays.lies(name, holders):
            yield name, holders


def _belongs(name: str) -> bool:
    return (
        digest_of(name) is not None
        or first_sequence_of(name) is not None
        or stamp_of(name) is not None
        or pack_of(name) is not None
    )
