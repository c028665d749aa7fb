"""``archiver rebuild``: throw the catalogue away and make it anew from the store alone.

Of several stores all that are required must answer, so that the log is not taken for shorter than it is; or one is
named, and nothing but that one is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import LogError
from archiver.refill import Refilled, refill
from storage.errors import StoreError

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.replica import Replica


def rebuild(archive: Archive, store: str | None = None) -> Refilled:
    """Make the catalogue anew.

    Args:
        archive: the archive.
        store: the one store that is asked; all of them together by default.

    Raises:
        UsageError: there is no store of this name.
        LogError: the published log does not add up; a catalogue is never made from such a log.
        CatalogueError: the database does not answer.
        StoreError: the store does not answer.
    """
    if store is not None:
        archive.only(store)
    elif len(archive.copies) > 1:
        for copy in archive.copies:
            if copy.required:
                _refuse_unless_it_answers(copy)
    done = refill(archive)
    archive.refuse_unless_current()  # a listing that was damaged on its way may have shown less than there is
    return done


def _refuse_unless_it_answers(copy: Replica) -> None:
    try:
        _ = copy.nameplate
    except (LogError, StoreError) as error:
        error.hint += f" (`archiver rebuild --from NAME` asks one store alone, where {copy.name} is gone for good)"
        raise
