"""What carrying out withdrawals came to, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import counted, moment, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.withdrawals import Tombstone
    from archiver.erasing import Erased


def tombstone_lines(stone: Tombstone) -> Iterator[str]:
    """All that is told of an item that was withdrawn."""
    yield f"WITHDRAWN {moment(stone.recorded)} (event #{stone.number})"
    yield f"  by order of {printable(stone.authority)}"
    yield f"  because: {printable(stone.reason)}"
    yield f"  carried out by {printable(stone.by)}; {counted(stone.withheld, 'event')} withheld"
    for title in stone.cases:
        yield f"  it belonged to the case {printable(title)}"


def erased_lines(erased: Erased) -> Iterator[str]:
    """One line for what was done, one for each thing that is not erased yet."""
    if erased.anything:
        originals = counted(erased.originals, "copy of an original", "copies of originals")
        transactions = counted(erased.transactions, "copy of a transaction", "copies of transactions")
        yield f"erased: {originals}, bodies in {transactions}, features in {counted(erased.packs, 'pack')}"
    for each in erased.left:
        yield f"NOT erased in the store {each.store}: {each.name or 'anything'}: {printable(each.why)}"
    yield from (f"note: {printable(each)}" for each in erased.notes)
