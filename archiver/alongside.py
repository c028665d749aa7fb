"""What the other stores hold beside the one that was checked; looking changes nothing.

1. Each says that it is of this archive.
2. No store lacks what another one holds, by their names.
3. The log and its time stamps are the same bytes everywhere: by the digest that a store keeps, where it keeps one, and
   by reading them where it does not. Originals bear their digest as their name; `archiver audit` reads every copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import LogError
from archiver.holdings import compared
from archiver.logbook import LARGEST_BATCH
from archiver.strays import CODE, told
from archiver.tombstones import ADVICE, withheld
from storage.digest import Digest
from storage.errors import StoreError
from storage.layout import FORMAT, digest_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from archiver.replica import Replica
    from archiver.strays import Strays
    from archiver.tombstones import Tombstones

_PARTS = ("objects", "transactions", "stamps")
_COMPARED = ("transactions", "stamps")


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing about the stores: a code for machines, where, a sentence; ``grave`` where it is a fault."""

    code: str
    subject: str
    detail: str
    grave: bool


def beside(copies: Sequence[Replica], checked: Replica, tombstones: Tombstones, strays: Strays) -> list[Beside]:
    """Compare all stores with the one that was checked.

    Args:
        copies: the stores.
        checked: the one of them that was checked.
        tombstones: what the log says was withdrawn: a store that still has it is behind, and not the others.
        strays: tells what lies among the transactions and is none: a store that has it is not ahead.
    """
    found: list[Beside] = []
    asked = [copy for copy in copies if copy is checked or _answers(copy, found)]
    failed: dict[str, StoreError] = {}
    lacks: dict[str, list[str]] = {copy.name: [] for copy in asked}
    counts = dict.fromkeys(lacks, 0)
    for part in _PARTS:
        for name, holders in compared(asked, part, failed, strays):
            item = str(digest_of(name))
            if item in tombstones.items:
                found += [_unerased(copy, item) for copy in holders if copy is not checked]
                continue
            for copy in asked:
                if copy not in holders:
                    counts[copy.name] += 1
                    lacks[copy.name] = lacks[copy.name] or [name]
            if part in _COMPARED:
                found += _differing(name, holders, checked, tombstones.named)
    found += _strays(strays, checked)
    for copy in asked:
        if error := failed.get(copy.name):
            found.append(_silent(copy, error))
        elif counts[copy.name]:
            first = f"the first: {lacks[copy.name][0]}"
            detail = f"it lacks {counts[copy.name]:,} names that another store holds ({first}): run `archiver sync`"
            found.append(Beside("store-behind", copy.name, detail, copy.required))
    return found


def _strays(strays: Strays, checked: Replica) -> list[Beside]:
    """Those of the other stores: of the checked one, its own check says so."""
    found = [(name, store) for name, stores in strays.found.items() for store in stores if store != checked.name]
    return [Beside(CODE, name, told(name, store), grave=True) for name, store in found]


def _answers(copy: Replica, found: list[Beside]) -> bool:
    try:
        _ = copy.nameplate
    except LogError as error:
        found.append(Beside("nameplate", f"{FORMAT} in the store {copy.name}", str(error), grave=True))
        return False
    except StoreError as error:
        found.append(_silent(copy, error))
        return False
    return True


def _silent(copy: Replica, error: StoreError) -> Beside:
    return Beside("store-silent", copy.name, f"what it holds cannot be told: {error}", copy.required)


def _unerased(copy: Replica, what: str) -> Beside:
    return Beside("not-erased", what, f"was withdrawn, and lies in the store {copy.name}: {ADVICE}", grave=True)


def _differing(name: str, holders: Sequence[Replica], checked: Replica, named: Collection[int]) -> Iterator[Beside]:
    digests: dict[str, Digest] = {}
    for copy in holders if len(holders) > 1 else ():
        try:
            digests[copy.name] = _digest(copy, name)
        except StoreError as error:
            yield Beside("copy-unreadable", name, f"in the store {copy.name}: {error}", grave=True)
    against = checked.name if checked.name in digests else next(iter(digests), "")
    for store, digest in digests.items():
        if digest == digests[against]:
            continue
        here = next(copy for copy in holders if copy.name == store)
        there = next(copy for copy in holders if copy.name == against)
        try:
            stays, other = _without(here, name, named), _without(there, name, named)
        except StoreError as error:
            yield Beside("copy-unreadable", name, f"in the store {store} or {against}: {error}", grave=True)
            continue
        if stays == other:
            if digest != stays:  # of the checked store, its own check says so
                yield _unerased(here, name)
        else:
            detail = f"the store {store} holds other bytes under this name than the store {against}"
            yield Beside("copy-differs", name, detail, grave=True)


def _without(copy: Replica, name: str, named: Collection[int]) -> Digest:
    """The digest of what is to stay of a copy."""
    return Digest.of(withheld(copy.store.read(name, limit=LARGEST_BATCH), named))


def _digest(copy: Replica, name: str) -> Digest:
    return copy.store.head(name).digest or Digest.of(copy.store.read(name, limit=LARGEST_BATCH))
