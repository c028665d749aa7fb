"""Whether a picture shows what care is owed to, confirmed or not: nothing of the kind is drawn sharp unasked.

Care holds for an item and its confirmed copies. But a repost that nobody has decided on yet shows the same face, and
so does a picture from outside. So before anything is drawn, the archive is asked by look, within the default radius,
inside frames too, as things stand now. A part of a picture (a crop beyond what a look tells) is known only where it was
searched for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.answers import Care
from archiver.catalogue.care import care
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.lookalikes import LookAlikes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.inspection.inspector import Inspector
    from archiver.match import Query
    from archiver.spool import Spool


class Guard:
    """Asks for look-alikes that care is owed to.

    Args:
        archive: whose items.
        inspector: looks at pictures where pixels have to be compared.
        spool: where private copies lie.
    """

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool) -> None:
        self._look_alikes = LookAlikes(archive, inspector, spool)

    def of_picture(self, query: Query, questions: Questions) -> bool:
        """Whether a picture in hand looks like an item that care is owed to, or is one.

        Raises:
            StoreError: a held picture's bytes were needed and could not be read.
        """
        now = questions.now()
        self._look_alikes.refresh(now)
        ((near, _),) = self._look_alikes.near_each([(query, None)], now, radius=DEFAULT_RADIUS)
        return self.of_items([str(query.digest), *(match.item for match in near)], now)

    def of_held(self, items: Sequence[str], questions: Questions) -> bool:
        """Whether one of these items, or what looks like one of them, is owed care."""
        now = questions.now()
        self._look_alikes.refresh(now)
        near = self._look_alikes.near_held_each(items, now, radius=DEFAULT_RADIUS)
        return self.of_items([*items, *(match.item for found, _ in near for match in found)], now)

    @staticmethod
    def of_items(items: Iterable[str], questions: Questions) -> bool:
        """Whether one of these items itself is owed care, as things stand now."""
        held = sorted(questions.now().holds(sorted(set(items))))
        flags, labels = care(questions, held)
        return any(Care(flags[item], labels[item]).guarded for item in held)
