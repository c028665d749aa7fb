"""Two related items of a bundle, compared as ``archiver compare`` compares two pictures, and drawn for the report.

The law: what is told is found in the two originals, which both go along, and in the record as it was cut for whoever
reads; so it tells nobody more than the bundle holds. Where care is owed to either, both are hidden
(``archiver.pictures.hiding``), because they may show the same. A pair that cannot be read costs the report nothing but
its picture, and that is told.

Looked at are a few pictures at a time, however many pairs there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from archiver.comparison import compared, looked_at
from archiver.errors import AnswerIsNo, InspectionError
from archiver.export.data_address import data_address
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.originals import spooled
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Collection

    from archiver.archive import Archive
    from archiver.comparison import Comparison, Party
    from archiver.inspection.inspector import Inspector
    from archiver.known import Known
    from archiver.spool import Spool

WIDTH: Final = 1200
"""Pixels of a drawn pair, with the gap between the two."""
_TALLEST, _MAP_WIDTH = 420, 520
_MOST: Final = 6
"""Pictures that are kept in memory, reduced, because the next pair may hold them again."""


@dataclass(frozen=True)
class Pair:
    """Two items, compared.

    Attributes:
        comparison: how they are related; the one is A, the other B.
        both: both pictures as a ``data:`` address, with what both show outlined.
        differing: where they differ, the same; none where that cannot be shown, or would show what is hidden.
        legend: what outlines and lines mean.
        veiled: whether they are hidden.
    """

    comparison: Comparison
    both: str
    differing: str | None
    legend: list[str]
    veiled: bool


class Pairs:
    """Compares and draws, one pair at a time.

    Args:
        archive: where the originals are read from.
        inspector: decodes them.
        spool: where private copies lie.
        veiled: the items whose pictures are hidden.
    """

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool, veiled: Collection[str]) -> None:
        self._archive, self._inspector, self._spool, self._veiled = archive, inspector, spool, veiled
        self._seen: dict[str, Party | None] = {}

    def pair(self, one: Known, other: Known) -> Pair | None:
        """Two items whose originals both go along; ``None`` where one of them cannot be read."""
        from archiver.pictures.heat import heat_map  # noqa: PLC0415 - only where a picture is drawn
        from archiver.pictures.pair import legend, pair  # noqa: PLC0415 - as above

        parties = [self._party(each) for each in (one, other)]
        if parties[0] is None or parties[1] is None:
            return None
        found = compared(parties[0], parties[1], radius=DEFAULT_RADIUS)
        veil = any(found.blurred)
        both = pair(found, (veil, veil), width=WIDTH, tallest=_TALLEST)
        seen = found.kinship.seen
        differing = None
        if seen is not None and not veil:
            drawn = heat_map(seen)
            scale = _MAP_WIDTH / max(drawn.size)
            differing = data_address(drawn.resize((round(drawn.width * scale), round(drawn.height * scale))))
        return Pair(found, data_address(both), differing, legend(found, (veil, veil)), veil)

    def _party(self, known: Known) -> Party | None:
        item = known.dossier.item
        if item not in self._seen:
            while len(self._seen) >= _MOST:
                del self._seen[next(iter(self._seen))]
            self._seen[item] = self._looked_at(known)
        self._seen[item] = self._seen.pop(item)  # used last, forgotten last
        return self._seen[item]

    def _looked_at(self, known: Known) -> Party | None:
        item, first = known.dossier.item, known.origins.first
        try:
            copy = spooled(self._archive, item, self._spool)
            try:
                party = looked_at(item, copy, self._inspector)
            finally:
                copy.discard()
        except (AnswerIsNo, InspectionError) as error:
            note = f"{short(item)} could not be compared: {error}"
            if note not in self._archive.notes:
                self._archive.notes.append(note)
            return None
        return replace(
            party,
            held=True,
            care=known.dossier.owed,
            first_seen=(first.earliest, first.surely) if first else None,
            shows_sensitive=item in self._veiled,
        )
