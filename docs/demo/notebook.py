"""The stand-in for the notebook page: ruled paper, handwriting that means nothing, and a soldier who faces a drone.

The strokes are grouped as syllables are, and are no script: nothing can be read but the words STAND-IN.
"""

from __future__ import annotations

from math import cos, sin, tau
from typing import TYPE_CHECKING

from PIL import Image

from docs.demo.brush import Brush, Colour, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = (960, 1280)
_PAPER: Colour = (232, 226, 206)
_RULE: Colour = (150, 172, 196)
_MARGIN: Colour = (206, 128, 122)
_INK: Colour = (44, 52, 104)
_TABLE: Colour = (86, 64, 48)
_FIRST_LINE, _SPACE, _LEFT, _RIGHT = 196, 44, 168, 800


def draw() -> Image.Image:
    """The picture, 960 x 1280, mode ``RGB``; the same every time."""
    brush = Brush(SIZE, _PAPER, seed=3000)
    brush.mottle(220, 0.22)
    brush.mottle(4, 0.14)
    _ruling(brush)
    for line in (0, 1, 2, 3, 4, 5, 19, 20, 21, 22):
        _writing(brush, _FIRST_LINE + line * _SPACE, until=_RIGHT - brush.chance.uniform(0, 1) ** 3 * 380)
    _soldier(brush)
    _drone(brush)
    _ground(brush)
    brush.words("STAND-IN", (560, 112), 44, (150, 44, 40), turned=2)
    _wear(brush)
    _on_a_table(brush)
    return brush.finished(grain=0.14, dark_corners=0.34)


def _ruling(brush: Brush) -> None:
    for y in range(_FIRST_LINE, SIZE[1] - 40, _SPACE):
        brush.stroke([(0, y), (SIZE[0], y + 1)], 1.6, _RULE, smooth=False)
    brush.stroke([(140, 0), (138, SIZE[1])], 2.2, _MARGIN, smooth=False)
    for y in range(70, SIZE[1], 120):
        brush.limb([(52, y, 15)], (58, 46, 38), relief=0.5)


def _hand(brush: Brush, points: Sequence[Place], width: float = 3, ink: Colour = _INK) -> None:
    """A line as a hand draws it: not quite where it was meant."""
    wobble = brush.chance.uniform
    brush.stroke([(x + wobble(-1.6, 1.6), y + wobble(-1.6, 1.6)) for x, y in points], width, ink)


def _ring(brush: Brush, middle: Place, reach: Place, width: float = 3) -> None:
    points = [(middle[0] + reach[0] * cos(a / 12 * tau), middle[1] + reach[1] * sin(a / 12 * tau)) for a in range(14)]
    _hand(brush, points, width)


def _writing(brush: Brush, line: float, until: float) -> None:
    chance, x = brush.chance, _LEFT + brush.chance.uniform(0, 30)
    while x < until:
        for _ in range(chance.randint(1, 4)):
            _block(brush, x, line - 8)
            x += 27
        x += chance.uniform(12, 22)


def _block(brush: Brush, x: float, foot: float) -> None:
    """A few strokes in a square."""
    chance = brush.chance
    for _ in range(chance.randint(2, 3)):
        at, up = x + chance.uniform(0, 8), foot - chance.uniform(4, 20)
        match chance.randint(0, 3):
            case 0:
                _hand(brush, [(at, up), (at + 14, up - 1)], 2.4)
            case 1:
                _hand(brush, [(at + 8, foot - 25), (at + 7, foot)], 2.4)
            case 2:
                _ring(brush, (at + 6, up), (5, 5), 2.2)
            case _:
                _hand(brush, [(at, up - 6), (at + 12, up - 6), (at + 10, up + 6)], 2.4)


def _soldier(brush: Brush) -> None:
    """From the side, rifle raised towards the upper right."""
    _ring(brush, (296, 682), (27, 30), 4)
    _hand(brush, [(262, 676), (268, 646), (298, 634), (328, 648), (336, 674), (262, 676)], 5)
    _hand(brush, [(306, 682), (312, 684)], 4)
    _hand(brush, [(292, 712), (284, 780), (280, 846)], 6)
    _hand(brush, [(318, 714), (330, 780), (322, 846)], 6)
    _hand(brush, [(280, 846), (322, 846)], 5)
    _hand(brush, [(286, 848), (262, 906), (248, 972), (230, 976)], 7)
    _hand(brush, [(318, 848), (352, 902), (346, 974), (374, 978)], 7)
    _hand(brush, [(312, 732), (356, 756), (396, 722)], 6)
    _hand(brush, [(296, 730), (330, 772), (362, 744)], 6)
    _hand(brush, [(322, 764), (400, 716), (486, 662)], 8)
    _hand(brush, [(366, 742), (378, 776)], 6)
    for step in range(9):
        _hand(brush, [(290 + step % 2, 724 + step * 13), (322, 718 + step * 13)], 1.8)
    for puff in ((494, 642), (512, 660), (500, 676)):
        _hand(brush, [(488, 660), puff], 3)


def _drone(brush: Brush) -> None:
    """Four rotors, a camera that looks down, and where it looks."""
    _hand(brush, [(638, 560), (736, 552), (742, 596), (644, 604), (638, 560)], 6)
    for row in range(5):
        _hand(brush, [(646, 568 + row * 8), (734, 562 + row * 8)], 2)
    for hub, arm in (
        ((570, 528), (640, 566)),
        ((808, 514), (736, 558)),
        ((590, 626), (644, 600)),
        ((800, 612), (740, 592)),
    ):
        _hand(brush, [arm, hub], 6)
        _ring(brush, hub, (58, 13), 4)
        _ring(brush, hub, (6, 6), 5)
    _ring(brush, (672, 622), (17, 17), 5)
    _hand(brush, [(668, 624), (676, 620)], 5)
    for step in range(9):
        x, y = 640 - step * 31, 640 + step * 11
        _hand(brush, [(x, y), (x - 16, y + 6)], 3, (150, 44, 40))
    for fin in (0, 1):
        _hand(brush, [(716 + fin * 12, 606), (722 + fin * 12, 650)], 5)
    _hand(brush, [(708, 650), (746, 648), (744, 672), (710, 674), (708, 650)], 5)


def _ground(brush: Brush) -> None:
    _hand(brush, [(170, 984), (330, 978), (520, 990), (700, 976), (870, 984)], 4)
    for x in range(180, 870, 17):
        _hand(brush, [(x, 984), (x + 6, 984 - brush.chance.uniform(8, 24))], 2)
    for root, tall in ((560, 150), (640, 110), (820, 170)):
        _hand(brush, [(root, 980), (root + 4, 980 - tall)], 5)
        for twig in range(1, 6):
            y = 980 - tall * twig / 6
            reach = 46 * (1 - twig / 8)
            _hand(brush, [(root - reach, y + 18), (root + 2, y), (root + reach, y + 20)], 3)


def _wear(brush: Brush) -> None:
    """A fold across the page, a stain, and light from one side."""
    brush.stroke([(0, 742), (480, 738), (960, 744)], 2, (206, 198, 176))
    brush.stroke([(0, 745), (480, 741), (960, 747)], 2, (244, 240, 226))
    brush.shadow((812, 1120), (90, 60), 0.12)
    brush.shadow((800, 1150), (50, 30), 0.1)


def _on_a_table(brush: Brush) -> None:
    """Seen at a slight angle, with the table at the edges."""
    width, height = brush.size
    table = Brush(SIZE, _TABLE, seed=1000)
    for grain in range(60):
        y = grain * 22 + table.chance.uniform(-8, 8)
        wood: Colour = (70, 50, 36) if grain % 2 else (100, 76, 58)
        table.stroke([(0, y), (480, y + table.chance.uniform(-14, 14)), (960, y)], table.chance.uniform(2, 7), wood)
    table.soften(0.8)
    corners = (-0.05, -0.03, -0.025, 1.035, 1.03, 1.02, 1.055, -0.045)
    quad = tuple(part * (width, height)[n % 2] for n, part in enumerate(corners))
    how = (brush.size, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    mask = Image.new("L", brush.size, 255).transform(*how)
    table.picture.paste((30, 24, 20), (14, 18), mask)
    table.picture.paste(brush.picture.transform(*how), mask=mask)
    brush.picture = table.picture
