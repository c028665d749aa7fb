"""Contact sheets: a cluster of look-alikes as thumbnails, with short hash, distance, status and first sighting.

Sensitive thumbnails are hidden (``archiver.pictures.hiding``), and so are all others of the sheet that show the same:
whoever makes the rows says which. A sheet holds at most ``MOST`` thumbnails and says how many it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import Image

from archiver.pictures.canvas import CARD, CARE, DARK, FAINT, RULE, Canvas, leading
from archiver.pictures.hiding import hidden
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.fingerprint.raster import Raster

MOST: Final = 60
_ACROSS: Final = 5
_SIDE: Final = 280
_GAP: Final = 24
_EDGE: Final = 40
_LINES: Final = 4


@dataclass(frozen=True)
class Thumbnail:
    """One picture of a sheet.

    Attributes:
        item: its SHA-256.
        raster: its reduced upright pixels; none where they cannot be had.
        distance: bits to the picture that the cluster is told around, 0 for that one; none where it is not known.
        status: where verification stands.
        first_seen: when it was first seen, as told to people; none where no sighting is known.
        care: the flags and the label that make it sensitive, as told to people; empty where it is not.
        veiled: hide it.
    """

    item: str
    raster: Raster | None
    distance: int | None
    status: str
    first_seen: str | None = None
    care: str = ""
    veiled: bool = False


def contact_sheet(rows: Sequence[Thumbnail], title: str) -> Image.Image:
    """The sheet, mode ``RGB``, 1,600 pixels wide; ``title`` stands at its head."""
    shown = rows[:MOST]
    down = max(1, -(-len(shown) // _ACROSS))
    cell = _SIDE + 8 + _LINES * leading(15) + _GAP
    canvas = Canvas(2 * _EDGE + _ACROSS * _SIDE + (_ACROSS - 1) * _GAP, 2 * _EDGE + 56 + down * cell)
    canvas.text((_EDGE, _EDGE - 8), title, size=22, width=canvas.image.width - 2 * _EDGE)
    for number, row in enumerate(shown):
        x = _EDGE + (number % _ACROSS) * (_SIDE + _GAP)
        _thumbnail(canvas, row, (x, _EDGE + 40 + number // _ACROSS * cell))
    if len(rows) > len(shown):
        left = f"{len(rows) - len(shown):,} more are not drawn"
        canvas.text((_EDGE, canvas.image.height - _EDGE), left, size=17, colour=FAINT)
    return canvas.image


def _thumbnail(canvas: Canvas, row: Thumbnail, place: tuple[int, int]) -> None:
    x, y = place
    canvas.draw.rectangle((x, y, x + _SIDE, y + _SIDE), fill=CARD, outline=RULE)
    if row.raster is None:
        canvas.draw.rectangle((x, y, x + _SIDE, y + _SIDE), fill=DARK)
        canvas.text((x + 12, y + _SIDE // 2 - 10), "cannot be shown", colour=CARD, width=_SIDE - 24)
    else:
        image = Image.fromarray(row.raster.array()).convert("RGB")
        scale = min((_SIDE - 2) / image.width, (_SIDE - 2) / image.height)
        shape = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(shape, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
        drawn = hidden(image) if row.veiled else image
        canvas.paste(drawn, (x + (_SIDE - drawn.width) // 2 + 1, y + (_SIDE - drawn.height) // 2 + 1))
    if row.veiled:
        canvas.label((x + 8, y + 8), f"blurred: {row.care or 'shows the same'}", CARE, width=_SIDE - 16)
    far = "" if row.distance is None else f"   {row.distance} of 256 bits apart" if row.distance else "   0 bits"
    lines = [f"{short(row.item)}{far}", row.status, f"first seen {row.first_seen or 'unknown'}", row.care]
    for number, line in enumerate(lines):
        below = y + _SIDE + 8 + number * leading(15)
        canvas.text((x, below), line, size=15, colour=CARE if number == _LINES - 1 else FAINT, width=_SIDE)
