"""Two compared pictures on one sheet: both of them, what matches, where they differ, and what changed in words.

Read from the top: the answer; the two pictures with the part that both show outlined and confirmed points joined; the
heat map with its legend; what changed. A sensitive picture is hidden (``archiver.pictures.hiding``), and with it the
lines and the map, whose shapes would tell what it shows; the sheet says so.

Only reduced pixels, numbers and words are drawn: nothing else of the files gets onto the sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

from archiver.fingerprint.algorithm import matches_by_look
from archiver.likeness.alignment import area, mapped
from archiver.pictures.canvas import CARD, CARE, DARK, DIFFERING, FAINT, INK, RULE, SHARED, Canvas, leading, wrapped
from archiver.pictures.heat import FULL, heat_map, scale_bar
from archiver.pictures.hiding import hidden
from archiver.render import short, size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.comparison import Comparison, Party
    from archiver.pictures.canvas import Rectangle

WIDTH: Final = 1600
_EDGE, _GAP, _TALLEST = 40, 60, 560
_PANEL = (WIDTH - 2 * _EDGE - _GAP) // 2
MOST_LINES: Final = 40
"""Points that are joined: more would hide the pictures."""
_MOST_REGIONS: Final = 8


def side_by_side(comparison: Comparison, *, show_sensitive: bool = False) -> Image.Image:
    """The sheet, mode ``RGB``, ``WIDTH`` pixels wide.

    Args:
        comparison: of two pictures.
        show_sensitive: draw what care is owed to as it is.
    """
    veiled = (False, False) if show_sensitive else comparison.blurred
    tiles = [_tile(party, veil) for party, veil in zip((comparison.one, comparison.other), veiled, strict=True)]
    headline = wrapped(comparison.kinship.in_words(), 22, WIDTH - 2 * _EDGE)
    top = _EDGE + leading(22) * len(headline) + 16
    beneath = top + 76 + max(tile.height for tile in tiles) + 24
    words = _words(comparison)
    legend = _legend(comparison, any(veiled))
    right = WIDTH - 2 * _EDGE - _PANEL - _GAP
    lines = sum(len(wrapped([text], 17, right)) for text in words)
    map_height = round(_PANEL * 0.62)
    height = (
        beneath
        + max(map_height + 60 + leading(15) * len(wrapped(legend, 15, _PANEL)), leading(17) * lines + 40)
        + _EDGE
    )
    canvas = Canvas(WIDTH, height)
    canvas.paragraph((_EDGE, _EDGE), comparison.kinship.in_words(), size=22, width=WIDTH - 2 * _EDGE)
    places: list[Rectangle] = []
    for number, (party, tile) in enumerate(zip((comparison.one, comparison.other), tiles, strict=True)):
        left = _EDGE + number * (_PANEL + _GAP)
        _heading(canvas, (left, top), "AB"[number], party)
        x, y = left + (_PANEL - tile.width) // 2, top + 76
        canvas.paste(tile, (x, y))
        canvas.draw.rectangle((x - 1, y - 1, x + tile.width, y + tile.height), outline=RULE)
        places.append((x, y, x + tile.width, y + tile.height))
    if comparison.kinship.alignment is not None:
        if not any(veiled):
            _lines(canvas, comparison, places)
        _boxes(canvas, comparison, places)
    for place, veil, party in zip(places, veiled, (comparison.one, comparison.other), strict=True):
        if veil:
            canvas.label((place[0] + 10, place[1] + 10), _why_hidden(party), CARE)
    _map(canvas, comparison, (_EDGE, beneath), map_height, legend, veiled=any(veiled))
    canvas.text((_EDGE + _PANEL + _GAP, beneath), "What changed", size=19)
    canvas.paragraph((_EDGE + _PANEL + _GAP, beneath + 34), words, width=right)
    return canvas.image


def _tile(party: Party, veil: bool) -> Image.Image:  # noqa: FBT001 - handed over beside its party
    raster = party.report.colour or party.report.grey
    if raster is None:
        blank = Canvas(_PANEL, 240)
        blank.draw.rectangle((0, 0, _PANEL, 240), fill=DARK)
        blank.text((20, 108), f"cannot be shown: {party.report.trouble}", colour=CARD, width=_PANEL - 40)
        return blank.image
    image = Image.fromarray(raster.array()).convert("RGB")
    scale = min(_PANEL / image.width, _TALLEST / image.height)
    shape = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image = image.resize(shape, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC)
    return hidden(image) if veil else image


def _why_hidden(party: Party) -> str:
    care = party.care.to_json()
    why = [*care["sensitivity"], *([care["tlp"]] if care["tlp"] else [])]
    return f"blurred: {', '.join(why) if why else 'it shows the same as the sensitive one'}"


def _heading(canvas: Canvas, place: tuple[int, int], letter: str, party: Party) -> None:
    x, y = place
    canvas.draw.rectangle((x, y + 2, x + 34, y + 36), fill=INK)
    canvas.text((x + 10, y + 6), letter, size=20, colour=CARD)
    shape = f"{party.upright[0]:,}×{party.upright[1]:,} pixels" if party.upright else "size unknown"
    told = f"{short(party.digest)}   {shape}   {party.report.media_type or 'unknown type'}   {size(party.size)}"
    canvas.text((x + 46, y), told, size=18, width=_PANEL - 46)
    named = party.name if not party.digest.startswith(party.name) else "an item that is held"
    canvas.text((x + 46, y + 28), named, size=15, colour=FAINT, width=_PANEL - 46)


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


def _map(
    canvas: Canvas, comparison: Comparison, place: tuple[int, int], tallest: int, legend: list[str], *, veiled: bool
) -> None:
    x, y = place
    canvas.text((x, y), "Where they differ, once aligned and with tone compensated", size=19, width=_PANEL)
    y += 34
    seen = comparison.kinship.seen
    if veiled or seen is None:
        why = (
            "not drawn: its shapes would tell what the blurred picture shows"
            if veiled
            else "not drawn: nothing to align"
        )
        canvas.draw.rectangle((x, y, x + _PANEL, y + 120), fill=CARD, outline=RULE)
        canvas.text((x + 20, y + 48), why, colour=FAINT, width=_PANEL - 40)
        canvas.paragraph((x, y + 140), legend, size=15, colour=FAINT, width=_PANEL)
        return
    drawn = heat_map(seen)
    scale = min(_PANEL / drawn.width, (tallest - 34) / drawn.height)
    drawn = drawn.resize((round(drawn.width * scale), round(drawn.height * scale)), Image.Resampling.BICUBIC)
    canvas.paste(drawn, (x, y))
    canvas.draw.rectangle((x - 1, y - 1, x + drawn.width, y + drawn.height), outline=RULE)
    y += drawn.height + 14
    canvas.text((x, y), "none", size=15, colour=FAINT)
    canvas.paste(scale_bar(240, 16), (x + 48, y + 2))
    canvas.draw.rectangle((x + 47, y + 1, x + 288, y + 18), outline=RULE)
    canvas.text((x + 298, y), f"{FULL:.0f} of 255 levels and more", size=15, colour=FAINT)
    canvas.paragraph((x, y + 30), legend, size=15, colour=FAINT, width=_PANEL)


def _legend(comparison: Comparison, veiled: bool) -> list[str]:  # noqa: FBT001 - one of two things that decide on it
    lines = []
    if comparison.kinship.alignment is not None:
        lines.append(
            "Blue outline: the part that both show. Orange boxes: regions that differ by more than encoding explains."
        )
    if comparison.points is not None and not veiled:
        shown = min(MOST_LINES, len(comparison.points))
        lines.append(f"Thin lines join {shown} of {len(comparison.points)} points that geometry confirms.")
    lines.append(
        "Drawn from reduced pixels. A line, a box or a colour shows where to look; not who changed it, or why."
    )
    return lines


def _words(comparison: Comparison) -> list[str]:
    """What changed, then what the files differ in, as lines."""
    lines = [f"{change.kind}: {change.words('A', 'B')}" for change in comparison.kinship.changes]
    if not lines:
        lines = ["nothing that could be shown"]
    lines.append("")
    looks = [party.report.look for party in (comparison.one, comparison.other)]
    if any(look is not None and not matches_by_look(look.quality) for look in looks):
        lines.append("Fingerprints: not compared (blank, or too flat).")
    elif comparison.distance is not None:
        lines.append(
            f"Fingerprints: {comparison.distance} of 256 bits apart; up to {comparison.radius} count as alike."
        )
    if comparison.verified is not None:
        lines.append(f"Points: {comparison.verified.inliers} confirmed of {comparison.verified.matched} matched.")
    lines.append("")
    lines += [f"{row.name}: {row.one} (A) / {row.other} (B)" for row in comparison.table if row.differs][:_MOST_ROWS]
    return [*lines, *([""] if comparison.notes else []), *comparison.notes]


_MOST_ROWS = 14
