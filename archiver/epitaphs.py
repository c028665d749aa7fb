"""What is still told of items that were withdrawn: their tombstones, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.withdrawals import tombstones, tombstones_of
from archiver.errors import ItemWithdrawn

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.withdrawals import Tombstone


def held_or_withdrawn(archive: Archive, text: str) -> str:
    """The item of this SHA-256 or unique prefix, held or withdrawn.

    Raises:
        InputRefused: there is none.
    """
    try:
        return archive.resolve(text)
    except ItemWithdrawn as error:
        return error.item


def tombstone(archive: Archive, item: str) -> Tombstone:
    """All that is told of an item that was withdrawn."""
    with archive.asking() as questions:
        return tombstones_of(questions, [item])[item]


def every_tombstone(archive: Archive) -> list[Tombstone]:
    """All items that were withdrawn, in the order of the log."""
    with archive.asking() as questions:
        return tombstones(questions)
