"""``archiver store remove``: a store holds the archive no longer. Its bytes stay where they are.

1. What only this store holds, as far as the names tell, must be elsewhere first, unless it is told to go *anyway*.
2. ``archive.toml`` names it no longer.
3. That it was taken out is recorded. Where a killed run did not come to that, the same command does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.stores import promised_stores
from archiver.errors import AnswerIsNo, UsageError
from archiver.facts.keeping import StoreChange
from archiver.facts.vocabulary import StoreState
from archiver.holdings import PARTS, compared
from archiver.settings import MAIN
from archiver.strays import Strays

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.replica import Replica
    from storage.errors import StoreError


@dataclass(frozen=True, slots=True)
class Removed:
    """A store that was taken out; ``unknown``: why it could not be told whether it alone held something."""

    name: str
    url: str
    unknown: str


def store_remove(archive: Archive, name: str, *, anyway: bool = False) -> Removed:
    """Take a store out.

    Args:
        archive: the archive.
        name: of the store.
        anyway: also where it holds what no other store does.

    Raises:
        UsageError: there is no such store; or it is the main one; or this machine has no key.
        AnswerIsNo: it holds what no other store does.
        StoreError: another store, which is required, does not answer.
    """
    if name == MAIN:
        raise UsageError(
            "the main store cannot be taken out", hint="archive.toml names it; `archiver store list` shows the others"
        )
    _ = archive.key
    unknown, url = "", ""
    if any(copy.name == name for copy in archive.copies):
        going = archive.stores.called(name)
        url = going.url
        if not anyway:
            unknown = _refuse_to_lose(archive, going)  # step 1
        archive.take_up(tuple(each for each in archive.settings.stores if each.name != name))  # step 2
    with archive.asking() as questions:
        promised = next((each for each in promised_stores(questions) if each.name == name), None)
    if promised is None and not url:
        archive.stores.called(name)  # which says that there is none
    if promised is not None:
        gone = StoreChange(name=name, url=promised.url, required=promised.required, state=StoreState.REMOVED)
        archive.record(lambda _: [gone])  # step 3
    return Removed(name, url or (promised.url if promised else ""), unknown)


def _refuse_to_lose(archive: Archive, going: Replica) -> str:
    failed: dict[str, StoreError] = {}
    strays, copies = Strays(archive), archive.copies
    alone = [name for part in PARTS for name, holders in compared(copies, part, failed, strays) if holders == [going]]
    archive.notes += strays.told()
    if alone and going.name not in failed:
        others = {name: error for name, error in failed.items() if name != going.name}
        because = "".join(f"; the store {store} could not be asked: {error}" for store, error in others.items())
        raise AnswerIsNo(
            f"{len(alone):,} names lie in the store {going.name} alone, the first of them {alone[0]}{because}",
            hint="`archiver sync` copies them first; --anyway takes the store out all the same",
        )
    return str(failed[going.name]) if going.name in failed else ""
