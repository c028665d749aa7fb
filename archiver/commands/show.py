"""``archiver show``: everything that is known of one item, now or as of an earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.known import known

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.known import Known


def show(archive: Archive, item: str, *, as_of: str | None = None) -> Known:
    """All that is known of an item, or was known then.

    Raises:
        InputRefused: no such item, or it was not held then.
        UsageError: ``as_of`` is no time.
    """
    held = archive.resolve(item, as_of)
    with archive.asking(as_of) as questions:
        return known(questions, [held])[held]
