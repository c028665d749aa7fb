"""Two compared pictures beside one another, as one picture: what both show outlined, confirmed points joined.

The law: a picture that is hidden (``archiver.pictures.hiding``) is joined to nothing, for lines between points would
tell what it shows; where the shared part lies is told all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

from archiver.likeness.alignment import area, mapped
from archiver.pictures.canvas import CARD, CARE, DARK, DIFFERING, RULE, SHARED, Canvas
from archiver.pictures.hiding import hidden

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.comparison import Comparison, Party
    from archiver.pictures.canvas import Rectangle

GAP: Final = 60
"""Pixels between the two."""
MOST_LINES: Final = 40
"""Points that are joined: more would hide the pictures."""
_MOST_REGIONS: Final = 8
_BORDER: Final = 1


def pair(comparison: Comparison, veiled: tuple[bool, bool], *, width: int, tallest: int) -> Image.Image:
    """Both pictures, mode ``RGB``, ``width`` pixels wide and two pixels higher than the higher one.

    Args:
        comparison: of the two.
        veiled: which of them is hidden.
        width: of both, and the gap between them.
        tallest: the height that neither exceeds.
    """
    panel = (width - GAP) // 2
    parties = (comparison.one, comparison.other)
    tiles = [_tile(party, panel, tallest, veil) for party, veil in zip(parties, veiled, strict=True)]
    canvas = Canvas(width, max(tile.height for tile in tiles) + 2 * _BORDER)
    places: list[Rectangle] = []
    for number, tile in enumerate(tiles):
        x, y = number * (panel + GAP) + (panel - tile.width) // 2, _BORDER
        canvas.paste(tile, (x, y))
        canvas.draw.rectangle((x - 1, y - 1, x + tile.width, y + tile.height), outline=RULE)
        places.append((x, y, x + tile.width, y + tile.height))
    if comparison.kinship.alignment is not None:
        if not any(veiled):
            _lines(canvas, comparison, places)
        _boxes(canvas, comparison, places)
    for place, veil, party in zip(places, veiled, parties, strict=True):
        if veil:
            canvas.label((place[0] + 10, place[1] + 10), _why_hidden(party), CARE, width=panel - 20)
    return canvas.image


def legend(comparison: Comparison, veiled: tuple[bool, bool]) -> list[str]:
    """What the outlines and lines mean, a sentence each."""
    lines = []
    if comparison.kinship.alignment is not None:
        lines.append(
            "Blue outline: the part that both show. Orange boxes: regions that differ by more than encoding explains."
        )
    if comparison.points is not None and not any(veiled):
        shown = min(MOST_LINES, len(comparison.points))
        lines.append(f"Thin lines join {shown} of {len(comparison.points)} points that geometry confirms.")
    lines.append(
        "Drawn from reduced pixels. A line, a box or a colour shows where to look; not who changed it, or why."
    )
    return lines


def _tile(party: Party, panel: int, tallest: int, veil: bool) -> Image.Image:  # noqa: FBT001 - handed over beside its party
    raster = party.report.colour or party.report.grey
    if raster is None:
        blank = Canvas(panel, panel // 3)
        blank.draw.rectangle((0, 0, panel, panel // 3), fill=DARK)
        blank.text((20, panel // 6 - 12), f"cannot be shown: {party.report.trouble}", colour=CARD, width=panel - 40)
        return blank.image
    image = Image.fromarray(raster.array()).convert("RGB")
    scale = min(panel / image.width, tallest / image.height)
    shape = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image = image.resize(shape, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
    return hidden(image) if veil else image


def _why_hidden(party: Party) -> str:
    care = party.care.to_json()
    why = [*care["sensitivity"], *([care["tlp"]] if care["tlp"] else [])]
    return f"blurred: {', '.join(why) if why else 'it shows the same as the sensitive one'}"


def _within(points: NDArray[np.float64], place: Rectangle) -> NDArray[np.float64]:
    left, top, right, bottom = place
    return np.asarray(points * (right - left, bottom - top) + (left, top))


def _lines(canvas: Canvas, comparison: Comparison, places: list[Rectangle]) -> None:
    """Confirmed points, joined: as many as stay readable, taken evenly over the picture."""
    spots = comparison.points
    if spots is None:
        return
    order = np.argsort(np.floor(spots[:, 1] * 12) * 100 + spots[:, 0], kind="stable")
    chosen = order[np.linspace(0, len(order) - 1, min(MOST_LINES, len(order))).round().astype(int)]
    layer = Image.new("RGBA", canvas.image.size, (0, 0, 0, 0))
    ink = ImageDraw.Draw(layer)
    for spot in spots[chosen]:
        start, end = _within(spot[:2], places[0]), _within(spot[2:], places[1])
        ink.line((*start, *end), fill=(*SHARED, 95), width=1)
        for at in (start, end):
            ink.ellipse((at[0] - 3, at[1] - 3, at[0] + 3, at[1] + 3), fill=(*CARD, 230), outline=(*SHARED, 255))
    canvas.image.paste(layer, (0, 0), layer)


def _boxes(canvas: Canvas, comparison: Comparison, places: list[Rectangle]) -> None:
    """The part that both show, in each of them; and the regions that differ."""
    alignment = comparison.kinship.alignment
    if alignment is None:
        return
    for quad, place in ((alignment.in_one(), places[0]), (alignment.in_other(), places[1])):
        _polygon(canvas, _within(quad, place))
    seen = comparison.kinship.seen
    if seen is None:
        return
    for region in seen.differences.regions[:_MOST_REGIONS]:
        corners = seen.shared.corners(region.box)
        for points, place in ((corners, places[0]), (mapped(alignment.inverse, corners), places[1])):
            spots = _within(np.clip(points, 0, 1), place)
            low, high = spots.min(axis=0), spots.max(axis=0)
            canvas.outline((round(low[0]), round(low[1]), round(high[0]), round(high[1])), DIFFERING)


def _polygon(canvas: Canvas, spots: NDArray[np.float64]) -> None:
    if len(spots) < 3:  # noqa: PLR2004 - no area
        return
    low, high = spots.min(axis=0), spots.max(axis=0)
    if area(spots) > _UPRIGHT * float(np.prod(high - low)):
        canvas.outline((round(low[0]), round(low[1]), round(high[0]), round(high[1])), SHARED)
        return
    corners = [(float(x), float(y)) for x, y in spots]
    canvas.draw.polygon(corners, outline=CARD, width=6)
    canvas.draw.polygon(corners, outline=SHARED, width=3)


_UPRIGHT: Final = 0.98
"""Share of the box around an outline from which on it is drawn as that box: a fit wavers by a pixel."""
