"""``archiver store list``: each store, what it guarantees, and how much of the archive it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.holdings import Holding, holdings
from archiver.strays import Strays

if TYPE_CHECKING:
    from archiver.archive import Archive


def store_list(archive: Archive) -> list[Holding]:
    """Ask every store; looking changes nothing. A store that does not answer is in the list, with its reason."""
    strays = Strays(archive)
    found = holdings(archive.copies, strays)
    archive.notes += strays.told()
    return found
