"""``archiver stamp``: trusted time for the newest checkpoint, from each authority (``archiver.stamping``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.stamping import stamped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.stamping import Asked


def stamp(archive: Archive, named: Sequence[str] = ()) -> Iterator[Asked]:
    """Ask the authorities of these names or addresses (all that the settings name, where none is given).

    Raises:
        UsageError: the settings name no authority, or not this one; nobody was asked.
        AnswerIsNo: the log is empty.
        RebuildNeeded: the catalogue is older than the log, or the store has lost its end.
        StoreError: the store does not answer.
    """
    yield from stamped(archive, named)
