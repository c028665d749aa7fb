"""``archiver show``: everything that is known of one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.answers import Dossier


def show(archive: Archive, item: str) -> Dossier:
    """All that is known of an item.

    Raises:
        InputRefused: no such item.
    """
    held = archive.resolve(item)
    with archive.asking() as questions:
        return questions.dossiers([held])[held]
