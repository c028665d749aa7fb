"""Small pictures for the report: reduced in the bounded child, drawn anew, without metadata.

The law: what does not go along is not shown. A picture that care is owed to is shown as nothing but
a few patches of tone (``archiver.pictures.hiding``): the page does not hold it, so no click and no tool brings it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.errors import AnswerIsNo, InspectionError
from archiver.export.data_address import data_address
from archiver.inspection.wanted import Wanted
from archiver.originals import spooled

if TYPE_CHECKING:
    from collections.abc import Collection

    from archiver.archive import Archive
    from archiver.inspection.inspector import Inspector
    from archiver.known import Known
    from archiver.spool import Spool

WANTED: Final = Wanted(colour=480)


class Thumbnails:
    """Makes small pictures, one at a time.

    Args:
        archive: where the originals are read from.
        inspector: decodes them.
        spool: where private copies lie.
        veiled: the items whose pictures are hidden.
    """

    def __init__(self, archive: Archive, inspector: Inspector, spool: Spool, veiled: Collection[str]) -> None:
        self._archive, self._inspector, self._spool, self._veiled = archive, inspector, spool, veiled

    def address(self, known: Known) -> str | None:
        """The picture as a ``data:`` address (JPEG); ``None`` where there is none to be had."""
        from PIL import Image  # noqa: PLC0415 - only where a picture is drawn

        from archiver.pictures.hiding import hidden  # noqa: PLC0415 - as above

        item = known.dossier.item
        try:
            copy = spooled(self._archive, item, self._spool)
        except AnswerIsNo as error:
            self._archive.notes.append(f"{item[:12]} could not be drawn: {error}")
            return None
        try:
            raster = self._inspector.inspect(copy.path, WANTED).colour
        except InspectionError as error:
            self._archive.notes.append(f"{item[:12]} could not be drawn: {error}")
            return None
        finally:
            copy.discard()
        if raster is None:
            return None
        image = Image.fromarray(raster.array()).convert("RGB")
        return data_address(hidden(image) if item in self._veiled else image)
