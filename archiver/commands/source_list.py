"""``archiver source list``: which agents and accounts are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.sources import every_source

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.sources import Entry
    from archiver.facts.vocabulary import SourceKind


def source_list(
    archive: Archive, *, kind: SourceKind | None = None, text: str | None = None, as_of: str | None = None
) -> list[Entry]:
    """The sources, by name.

    Args:
        archive: the archive.
        kind: only agents of this kind.
        text: only those of which a name or an alias holds this, whatever its case.
        as_of: what was known then.

    Raises:
        UsageError: ``as_of`` is no time.
    """
    with archive.asking(as_of) as questions:
        return every_source(questions, kind=None if kind is None else str(kind), words=text)
