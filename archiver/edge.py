"""Whether catalogue and published log end together: an answer from a catalogue that is behind would be a lie.

What lies where the log would go on and is no transaction of it (``archiver.strays``) is refused as what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import RebuildNeeded
from storage.errors import ObjectMissing
from storage.layout import batch_name

if TYPE_CHECKING:
    from archiver.strays import Mirrored


class Edge:
    """The end of one archive's log.

    Args:
        archive: which.
    """

    def __init__(self, archive: Mirrored) -> None:
        self._archive = archive
        self._checked = False

    def refuse_when_behind(self) -> None:
        """Refuse a catalogue that is older than the log; another process may append meanwhile, which is no fault."""
        while not self._checked:
            size = self._archive.catalogue.head().size
            if not self._is_published(size):
                self._checked = True
            elif self._archive.catalogue.head().size == size:
                self._refuse_a_stray(batch_name(size))
                raise RebuildNeeded(
                    f"the published log goes on behind this catalogue, which ends with {size} events",
                    hint="the catalogue is older than the log (a restored backup?): run `archiver rebuild`, "
                    "then repeat the command",
                )

    def refuse_a_lost_end(self) -> None:
        """Refuse a store that lacks the newest transaction that was seen published."""
        newest = self._archive.catalogue.last_published()
        if newest is not None and not self._is_published(newest):
            raise RebuildNeeded(
                f"the store has lost the end of the published log: {batch_name(newest)} is missing",
                hint="restore it from another copy of the store, or run `archiver rebuild`, which publishes it again "
                "from this catalogue",
            )

    def _refuse_a_stray(self, name: str) -> None:
        """Refuse what is not the log that goes on, and was put where it would."""
        from archiver.strays import Strays  # noqa: PLC0415 - hardly ever needed

        Strays(self._archive).refuse(name)

    def _is_published(self, first: int) -> bool:
        try:
            self._archive.stores.plain.head(batch_name(first))
        except ObjectMissing:
            return False
        return True
