"""``archiver fingerprints lists``: which lists of fingerprints others gave us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.hash_lists import HashListHeld, hash_lists

if TYPE_CHECKING:
    from archiver.archive import Archive


def fingerprints_lists(archive: Archive, *, withdrawn: bool = False, as_of: str | None = None) -> list[HashListHeld]:
    """The lists, by name.

    Args:
        archive: the archive.
        withdrawn: those too that no longer stand.
        as_of: what stood then.

    Raises:
        UsageError: ``as_of`` is no time.
    """
    with archive.asking(as_of) as questions:
        return hash_lists(questions, withdrawn=withdrawn)
