"""``archiver source show``: everything that is known of one source, now or as of an earlier time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.profiles import profiles
from archiver.naming import source_called

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.profiles import Profile


def source_show(archive: Archive, name: str, *, as_of: str | None = None) -> Profile:
    """All that is known of a source, or was known then.

    Raises:
        InputRefused: nobody is called so, or was then.
        UsageError: several are, or ``as_of`` is no time.
    """
    with archive.asking(as_of) as questions:
        (profile,) = profiles(questions, [source_called(questions, name)])
    return profile
