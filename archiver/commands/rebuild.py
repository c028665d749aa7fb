"""``archiver rebuild``: throw the catalogue away and make it anew from the store alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.refill import Refilled, refill

if TYPE_CHECKING:
    from archiver.archive import Archive


def rebuild(archive: Archive) -> Refilled:
    """Make the catalogue anew.

    Raises:
        LogError: the published log does not add up; a catalogue is never made from such a log.
        CatalogueError: the database does not answer.
        StoreError: the store does not answer.
    """
    return refill(archive)
