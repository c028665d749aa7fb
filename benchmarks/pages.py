"""Documents, drawn: pages as investigators collect them, each number another one. They are drawn, and nobody's.

Four kinds by turns: a ruled page with handwriting (loops, in the rhythm of words), a typed letter, a form of boxes with
entries, and a table. Paper, margins, spacing, ink, tilt and light vary; all of a kind share what makes documents
resemble one another: light paper, dark lines of even spacing, text from margin to margin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE: Final = (900, 1200)
KINDS: Final = ("ruled", "typed", "form", "table")
_LETTERS: Final = "eeeettaaooiinnsshhrrddllccuummwwffggyyppbbvvkkjxqz"

Chance = np.random.Generator


def _happens(chance: Chance, share: float) -> bool:
    """In this share of the cases."""
    return bool(chance.random() < share)


def page(number: int) -> tuple[str, Image.Image]:
    """The kind of the page of this number, and the page: grey, about 900 x 1200 pixels, standing."""
    chance = np.random.default_rng((number, 4))
    kind = KINDS[number % len(KINDS)]
    paper = int(chance.integers(215, 252))
    image = Image.new("L", SIZE, paper)
    _DRAWN[kind](ImageDraw.Draw(image), chance)
    image = image.rotate(float(chance.normal(0, 0.8)), Image.Resampling.BICUBIC, fillcolor=paper)
    samples = np.asarray(image.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.4, 1.2)))), np.float64)
    light = np.linspace(1, 1 - chance.uniform(0, 0.25), SIZE[0])[None, :]
    light = light if _happens(chance, 0.5) else light[:, ::-1]
    noisy = samples * light + chance.normal(0, chance.uniform(1, 4), samples.shape)
    return kind, Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _ruled(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    every, left = int(chance.integers(26, 48)), int(chance.integers(50, 130))
    top, ink = int(chance.integers(60, 150)), int(chance.integers(150, 210))
    for y in range(top, SIZE[1] - 40, every):
        draw.line((0, y, SIZE[0], y), fill=ink)
    if _happens(chance, 0.6):
        draw.line((left, 0, left, SIZE[1]), fill=ink - 20, width=2)
    last = int(chance.integers(top + 6 * every, SIZE[1] - 40))
    for y in range(top, last, every):
        if _happens(chance, 0.9):
            _scrawl(draw, chance, left + 12, y - 4, every)


def _scrawl(draw: ImageDraw.ImageDraw, chance: Chance, x: float, y: int, height: int) -> None:
    end = SIZE[0] - chance.integers(20, 300)
    while x < end:
        width = float(chance.uniform(25, 110))
        steps = max(8, int(width / 2))
        along = np.linspace(0, width, steps)
        up = height * 0.32 * np.abs(np.sin(along / 5 + chance.uniform(0, 3))) * chance.uniform(0.4, 1.3, steps)
        points = [(x + a, y - u) for a, u in zip(along.tolist(), up.tolist(), strict=True)]
        draw.line(points, fill=int(chance.integers(20, 90)), width=int(chance.integers(2, 4)))
        x += width + float(chance.uniform(10, 24))


def _typed(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    size, left = int(chance.integers(15, 24)), int(chance.integers(60, 140))
    font, y = ImageFont.load_default(size), int(chance.integers(60, 200))
    if _happens(chance, 0.5):
        draw.text((left, y - 30), _words(chance, 3).upper(), fill=20, font=ImageFont.load_default(size + 12))
        y += 40
    end = int(chance.integers(SIZE[1] // 2, SIZE[1] - 80))
    while y < end:
        if _happens(chance, 0.12):
            y += int(size * 1.5)
            continue
        draw.text((left, y), _line(chance, font, SIZE[0] - 2 * left), fill=int(chance.integers(10, 60)), font=font)
        y += int(size * 1.5)


def _form(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    font, y = ImageFont.load_default(16), int(chance.integers(50, 120))
    draw.text((80, y), _words(chance, 4).upper(), fill=20, font=ImageFont.load_default(26))
    y += 60
    while y < SIZE[1] - 120:
        height, columns = int(chance.integers(36, 90)), int(chance.integers(1, 4))
        width = (SIZE[0] - 120) // columns
        for column in range(columns):
            x = 60 + column * width
            draw.rectangle((x, y, x + width - 10, y + height), outline=40, width=2)
            draw.text((x + 6, y + 3), _words(chance, 2), fill=60, font=font)
            if _happens(chance, 0.7):
                draw.text((x + 10, y + height - 26), _words(chance, 2), fill=30, font=ImageFont.load_default(20))
        y += height + int(chance.integers(4, 24))


def _table(draw: ImageDraw.ImageDraw, chance: Chance) -> None:
    font, rows = ImageFont.load_default(14), int(chance.integers(18, 40))
    columns = np.sort(chance.integers(90, SIZE[0] - 90, int(chance.integers(2, 7)))).tolist()
    top, left, right = int(chance.integers(60, 200)), 50, SIZE[0] - 50
    every = (SIZE[1] - top - 60) // rows
    for row in range(rows + 1):
        draw.line((left, top + row * every, right, top + row * every), fill=50, width=1 + (row <= 1))
    for x in (left, *columns, right):
        draw.line((x, top, x, top + rows * every), fill=50)
    for row in range(rows):
        for x in (left, *columns):
            if _happens(chance, 0.85):
                draw.text((x + 4, top + row * every + 4), str(int(chance.integers(1, 99999))), fill=40, font=font)


def _words(chance: Chance, most: int) -> str:
    lengths = chance.integers(2, 10, int(chance.integers(1, most + 1))).tolist()
    return " ".join("".join(chance.choice(list(_LETTERS), length)) for length in lengths)


def _line(chance: Chance, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    text = _words(chance, 3)
    while font.getlength(text) < width * chance.uniform(0.85, 1):
        text += " " + _words(chance, 2)
    return text


_DRAWN: Final[dict[str, Callable[[ImageDraw.ImageDraw, Chance], None]]] = {
    "ruled": _ruled,
    "typed": _typed,
    "form": _form,
    "table": _table,
}
