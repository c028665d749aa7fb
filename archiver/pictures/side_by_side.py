"""Two compared pictures on one sheet: both of them, what matches, where they differ, and what changed in words.

Read from the top: the answer; the two pictures with the part that both show outlined and confirmed points joined
(``archiver.pictures.pair``); the heat map with its legend; what changed. A sensitive picture is hidden
(``archiver.pictures.hiding``), and with it the lines and the map, whose shapes would tell what it shows; the sheet
says so.

Only reduced pixels, numbers and words are drawn: nothing else of the files gets onto the sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image

from archiver.pictures.canvas import CARD, FAINT, INK, RULE, Canvas, leading, wrapped
from archiver.pictures.heat import FULL, heat_map, scale_bar
from archiver.pictures.pair import GAP, legend, pair
from archiver.pictures.words import changed, measured
from archiver.render import short, size

if TYPE_CHECKING:
    from archiver.comparison import Comparison, Party

WIDTH: Final = 1600
_EDGE, _TALLEST = 40, 560
_PANEL = (WIDTH - 2 * _EDGE - GAP) // 2


def side_by_side(comparison: Comparison, *, show_sensitive: bool = False) -> Image.Image:
    """The sheet, mode ``RGB``, ``WIDTH`` pixels wide.

    Args:
        comparison: of two pictures.
        show_sensitive: draw what care is owed to as it is.
    """
    veiled = (False, False) if show_sensitive else comparison.blurred
    both = pair(comparison, veiled, width=WIDTH - 2 * _EDGE, tallest=_TALLEST)
    headline = wrapped(comparison.kinship.in_words(), 22, WIDTH - 2 * _EDGE)
    top = _EDGE + leading(22) * len(headline) + 16
    beneath = top + 74 + both.height + 24
    words = _words(comparison)
    explained = legend(comparison, veiled)
    right = WIDTH - 2 * _EDGE - _PANEL - GAP
    lines = sum(len(wrapped([text], 17, right)) for text in words)
    map_height = round(_PANEL * 0.62)
    height = (
        beneath
        + max(map_height + 60 + leading(15) * len(wrapped(explained, 15, _PANEL)), leading(17) * lines + 40)
        + _EDGE
    )
    canvas = Canvas(WIDTH, height)
    canvas.paragraph((_EDGE, _EDGE), comparison.kinship.in_words(), size=22, width=WIDTH - 2 * _EDGE)
    for number, party in enumerate((comparison.one, comparison.other)):
        _heading(canvas, (_EDGE + number * (_PANEL + GAP), top), "AB"[number], party)
    canvas.paste(both, (_EDGE, top + 75))
    _map(canvas, comparison, (_EDGE, beneath), map_height, explained, veiled=any(veiled))
    canvas.text((_EDGE + _PANEL + GAP, beneath), "What changed", size=19)
    canvas.paragraph((_EDGE + _PANEL + GAP, beneath + 34), words, width=right)
    return canvas.image


def _heading(canvas: Canvas, place: tuple[int, int], letter: str, party: Party) -> None:
    x, y = place
    canvas.draw.rectangle((x, y + 2, x + 34, y + 36), fill=INK)
    canvas.text((x + 10, y + 6), letter, size=20, colour=CARD)
    shape = f"{party.upright[0]:,}×{party.upright[1]:,} pixels" if party.upright else "size unknown"
    told = f"{short(party.digest)}   {shape}   {party.report.media_type or 'unknown type'}   {size(party.size)}"
    canvas.text((x + 46, y), told, size=18, width=_PANEL - 46)
    named = party.name if not party.digest.startswith(party.name) else "an item that is held"
    canvas.text((x + 46, y + 28), named, size=15, colour=FAINT, width=_PANEL - 46)


def _map(
    canvas: Canvas, comparison: Comparison, place: tuple[int, int], tallest: int, explained: list[str], *, veiled: bool
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
        canvas.paragraph((x, y + 140), explained, size=15, colour=FAINT, width=_PANEL)
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
    canvas.paragraph((x, y + 30), explained, size=15, colour=FAINT, width=_PANEL)


def _words(comparison: Comparison) -> list[str]:
    """What changed, then what the files differ in, as lines."""
    lines = [*changed(comparison), "", *measured(comparison), ""]
    lines += [f"{row.name}: {row.one} (A) / {row.other} (B)" for row in comparison.table if row.differs][:_MOST_ROWS]
    return [*lines, *([""] if comparison.notes else []), *comparison.notes]


_MOST_ROWS = 14
