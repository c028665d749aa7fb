"""A contact sheet of items that look alike: each as a small picture, with what is known of it.

The pictures are read from the store and decoded in bounded children, as any other. What care is owed to is blurred
unless that is asked for; and because the pictures of one sheet show the same, what is owed to one, or to what looks
like one, is owed to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import AnswerIsNo, InspectionError
from archiver.inspection.wanted import Wanted
from archiver.originals import spooled
from archiver.pictures.contact_sheet import MOST, Thumbnail, contact_sheet
from archiver.pictures.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Care
    from archiver.catalogue.questions import Questions
    from archiver.drawing import Drawing
    from archiver.fingerprint.raster import Raster
    from archiver.guard import Guard
    from archiver.inspection.inspector import Inspector
    from archiver.known import Known
    from archiver.spool import Spool

WANTED = Wanted(colour=280)


def draw_sheet(
    archive: Archive,
    rows: Sequence[tuple[Known, int]],
    title: str,
    target: Path,
    *,
    inspector: Inspector,
    spool: Spool,
    drawing: Drawing,
    guard: Guard,
    questions: Questions,
) -> None:
    """Draw one sheet.

    Args:
        archive: where the pictures are read from.
        rows: what is known of each item, and its distance in bits from the first.
        title: stands at the head.
        target: the PNG.
        inspector: decodes the pictures.
        spool: where private copies lie.
        guard: knows what looks like something that care is owed to.
        questions: the catalogue.
        drawing: whether to write over, and to show what is sensitive.

    Raises:
        InputRefused: the PNG exists or cannot be written.
        StoreError: the store does not answer.
    """
    veiled = not drawing.show_sensitive and guard.of_held([known.dossier.item for known, _ in rows], questions)
    thumbnails = [
        Thumbnail(
            item=known.dossier.item,
            raster=_raster(archive, known.dossier.item, inspector, spool) if place < MOST else None,
            distance=distance,
            status=known.dossier.status,
            first_seen=known.first_seen[0],
            care=_told(known.dossier.owed),
            veiled=veiled,
        )
        for place, (known, distance) in enumerate(rows)
    ]
    write(contact_sheet(thumbnails, title), target, overwrite=drawing.overwrite)


def _told(owed: Care) -> str:
    told = owed.to_json()
    return ", ".join([*told["sensitivity"], *([told["tlp"]] if told["tlp"] else [])])


def _raster(archive: Archive, item: str, inspector: Inspector, spool: Spool) -> Raster | None:
    try:
        copy = spooled(archive, item, spool)
    except AnswerIsNo as error:
        archive.notes.append(f"{item[:12]} could not be drawn: {error}")
        return None
    try:
        return inspector.inspect(copy.path, WANTED).colour
    except InspectionError as error:
        archive.notes.append(f"{item[:12]} could not be drawn: {error}")
        return None
    finally:
        copy.discard()
