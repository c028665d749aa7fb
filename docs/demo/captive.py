"""The stand-in for the captive photo: a seated man whose face is covered, held by two uniformed men, in the snow.

Nobody is shown: the figures are drawn from nothing, and the picture says that it is a stand-in.
"""

from __future__ import annotations

from math import cos, sin, tau
from typing import TYPE_CHECKING

from docs.demo.brush import Brush, Colour, lit

if TYPE_CHECKING:
    from PIL import Image

SIZE = (1280, 960)
_HORIZON = 415
_THINNEST = 1.2
"""Pixels: thinner wood does not branch."""
_COAT: Colour = (112, 106, 84)
_CLOTH: Colour = (214, 206, 190)
_UNIFORM: Colour = (118, 124, 92)
_UNIFORM_DARK: Colour = (70, 74, 52)
_VEST: Colour = (72, 76, 58)
_LEATHER: Colour = (46, 40, 36)
_SKIN: Colour = (196, 158, 132)
_BARK: Colour = (72, 64, 60)


def draw() -> Image.Image:
    """The picture, 1280 x 960, mode ``RGB``; the same every time."""
    brush = Brush(SIZE, (200, 204, 208), seed=20241227)
    _sky_and_ground(brush)
    _tree_line(brush)
    _vehicle(brush)
    brush.soften(1.6)
    _log_wall(brush)
    for root, height, lean in ((92, 430, 0.05), (1196, 500, -0.06), (1050, 300, 0.02)):
        _tree(brush, (root, 560), height, lean, 15)
    brush.soften(0.7)
    _standing(brush, 395, toward=1, armed=True)
    _standing(brush, 890, toward=-1, armed=False)
    _seated(brush)
    _holding_arms(brush)
    _label(brush)
    return brush.finished(grain=0.2, dark_corners=0.3)


def _sky_and_ground(brush: Brush) -> None:
    brush.slope((150, 160, 172), (214, 214, 210), (0, _HORIZON))
    brush.mottle(150, 0.45, (0, _HORIZON))
    brush.slope((206, 208, 210), (150, 146, 140), (_HORIZON, SIZE[1]))
    brush.mottle(60, 0.35, (_HORIZON, SIZE[1]))
    brush.mottle(9, 0.25, (_HORIZON, SIZE[1]))
    for rut in range(-4, 9):
        start, end = 640 + rut * 36, 640 + (rut - 2) * 330
        brush.stroke([(start, _HORIZON + 4), ((start * 2 + end) / 3, 600), (end, 960)], 5 + abs(rut), (128, 120, 112))
    for _ in range(140):
        x, y = brush.chance.uniform(0, 1280), brush.chance.uniform(560, 950)
        brush.shadow((x, y), (brush.chance.uniform(6, 26) * y / 800, brush.chance.uniform(2, 6) * y / 800), 0.35)


def _tree_line(brush: Brush) -> None:
    for step in range(210):
        x, tall = step * 6.2 + brush.chance.uniform(-4, 4), brush.chance.uniform(40, 120)
        grey = round(brush.chance.uniform(96, 140))
        brush.stroke(
            [(x, _HORIZON + 8), (x + brush.chance.uniform(-7, 7), _HORIZON - tall)], 2.4, (grey, grey + 3, grey + 8)
        )


def _tree(brush: Brush, root: tuple[float, float], length: float, lean: float, width: float) -> None:
    x, y = root
    tip = (x + sin(lean) * length * 0.42, y - cos(lean) * length * 0.42)
    brush.limb([(x, y, width / 2), (*tip, width / 2.8)], _BARK)
    if width > _THINNEST:
        for side in (-1, 1):
            turn = lean + side * brush.chance.uniform(0.2, 0.62)
            _branch(brush, tip, length * brush.chance.uniform(0.55, 0.72), turn, width * 0.6)


def _branch(brush: Brush, root: tuple[float, float], length: float, lean: float, width: float) -> None:
    tip = (root[0] + sin(lean) * length * 0.42, root[1] - cos(lean) * length * 0.42)
    brush.stroke([root, tip], width, lit(_BARK, 0.8))
    if width > _THINNEST:
        for side in (-1, 0, 1):
            turn = lean * 0.9 + side * brush.chance.uniform(0.25, 0.7)
            _branch(brush, tip, length * brush.chance.uniform(0.5, 0.75), turn, width * 0.58)


def _vehicle(brush: Brush) -> None:
    green = (88, 92, 74)
    brush.shadow((1090, 556), (190, 16), 0.7)
    brush.shape([(930, 520), (940, 420), (1010, 405), (1250, 400), (1270, 520)], green, relief=14, smooth=False)
    brush.shape([(960, 412), (1000, 338), (1100, 334), (1112, 408)], lit(green, 0.9), relief=8, smooth=False)
    brush.shape([(980, 404), (1010, 352), (1050, 350), (1052, 404)], (58, 66, 74), relief=4, smooth=False)
    brush.shape([(1066, 404), (1064, 350), (1092, 350), (1100, 404)], (58, 66, 74), relief=4, smooth=False)
    for x in (990, 1200):
        brush.limb([(x, 530, 42)], (44, 44, 44))
        brush.limb([(x, 530, 18)], (120, 120, 116))


def _log_wall(brush: Brush) -> None:
    brush.shadow((330, 590), (340, 30), 0.6)
    for row in range(8):
        y = 575 - row * 33
        wood = lit((134, 108, 82), brush.chance.uniform(0.8, 1.1))
        ends = (-20, 690 - row * brush.chance.uniform(0, 9))
        brush.limb([(ends[0], y, 17), (ends[1], y + brush.chance.uniform(-3, 3), 17)], wood, relief=0.6)
        brush.limb([(ends[1], y, 15)], (196, 170, 132), relief=0.3)
        for ring in (10, 5):
            loop = [(ends[1] + ring * cos(a / 9 * tau), y + ring * sin(a / 9 * tau)) for a in range(10)]
            brush.stroke(loop, 1.2, (140, 112, 80))
    brush.shape(
        [(-20, 326), (120, 306), (330, 312), (560, 300), (690, 322), (690, 342), (-20, 342)], (226, 228, 230), relief=8
    )


def _standing(brush: Brush, x: float, toward: int, *, armed: bool) -> None:
    """A uniformed man, with helmet and rifle if armed; ``toward`` is 1 when he turns to the right."""

    def at(across: float, down: float) -> tuple[float, float]:
        return x + toward * across, down

    brush.shadow((x + 20, 925), (130, 22), 0.75)
    for hip, knee, foot in ((-34, -44, -52), (36, 44, 40)):
        brush.limb([(*at(hip, 600), 50), (*at(knee, 745), 40), (*at(foot, 890), 29)], _UNIFORM, blotches=_UNIFORM_DARK)
        brush.limb([(*at(foot, 900), 27), (*at(foot + 22, 922), 20)], _LEATHER)
        brush.stroke([at(knee - 30, 700), at(knee, 716), at(knee + 32, 706)], 3, (58, 62, 44))
    brush.limb([(*at(-88, 385), 36), (*at(-112, 500), 31), (*at(-64, 592), 25)], _UNIFORM, blotches=_UNIFORM_DARK)
    body = [at(-98, 360), at(-40, 330), at(44, 330), at(94, 366), at(86, 500), at(84, 628), at(-78, 628), at(-90, 500)]
    brush.shape(body, _UNIFORM, relief=34, blotches=_UNIFORM_DARK)
    vest = [at(-70, 366), at(-30, 352), at(34, 352), at(70, 368), at(76, 552), at(-72, 552)]
    brush.shape(vest, _VEST, relief=22)
    for left, top in ((-62, 462), (-18, 462), (26, 462), (-40, 396)):
        pouch = [at(left, top), at(left + 38, top), at(left + 38, top + 66), at(left, top + 66)]
        brush.shape(pouch, lit(_VEST, 1.15), relief=7, smooth=False)
        brush.stroke([at(left + 2, top + 20), at(left + 36, top + 20)], 2, (44, 46, 36))
    brush.stroke([at(-78, 596), at(0, 604), at(82, 596)], 13, _LEATHER)
    if armed:
        brush.stroke([at(-66, 356), at(0, 470), at(70, 590)], 7, (40, 40, 38))
        brush.stroke([at(-58, 430), at(8, 520), at(62, 612)], 17, (34, 34, 36), smooth=False)
        brush.stroke([at(-18, 486), at(-34, 540)], 13, (30, 30, 32), smooth=False)
    brush.limb([(*at(0, 318), 36), (*at(2, 300), 36)], lit(_UNIFORM_DARK, 0.9))
    brush.limb([(*at(2, 262), 50), (*at(4, 290), 44)], (74, 74, 66))
    brush.limb([(*at(2, 256), 24), (*at(34, 258), 14)], _SKIN, relief=0.8)
    brush.stroke([at(14, 254), at(26, 252)], 5, (40, 32, 30))
    brush.stroke([at(36, 254), at(42, 254)], 5, (40, 32, 30))
    if armed:
        helmet = [
            at(-60, 250),
            at(-56, 206),
            at(-6, 180),
            at(44, 196),
            at(60, 236),
            at(30, 240),
            at(-24, 242),
            at(-46, 272),
        ]
        brush.shape(helmet, lit(_UNIFORM, 0.95), relief=26, blotches=_UNIFORM_DARK)
        brush.stroke([at(-48, 262), at(-34, 312), at(12, 334)], 4, (40, 40, 34))
    else:
        cap = [at(-50, 262), at(-52, 222), at(-8, 192), at(40, 208), at(54, 244), at(0, 240)]
        brush.shape(cap, (92, 92, 96), relief=20)
        for rib in (-36, -20, -4, 12, 28):
            brush.stroke([at(rib, 240), at(rib * 0.8, 208)], 2, (66, 66, 70))


def _seated(brush: Brush) -> None:
    brush.shadow((650, 905), (190, 30), 0.8)
    brush.shape([(548, 690), (742, 690), (748, 850), (544, 850)], (150, 122, 82), relief=18, smooth=False)
    for y in (728, 768, 808):
        brush.stroke([(548, y), (744, y)], 3, (96, 76, 50), smooth=False)
    for hip, knee, foot in ((600, 560, 552), (690, 732, 742)):
        brush.limb([(hip, 680, 48), (knee, 738, 50), ((knee + foot) / 2, 810, 38), (foot, 884, 31)], lit(_COAT, 0.86))
        brush.limb([(foot, 894, 29), (foot + (foot - 647) * 0.1, 920, 25)], _LEATHER)
        brush.stroke([(knee - 34, 760), (knee, 776), (knee + 34, 762)], 3, (64, 60, 48))
    coat = [(556, 482), (612, 452), (682, 452), (738, 484), (744, 600), (748, 700), (646, 716), (546, 700), (550, 600)]
    brush.shape(coat, _COAT, relief=40)
    for fold in ([(610, 520), (600, 600), (612, 690)], [(690, 520), (700, 610), (684, 690)], [(647, 470), (650, 700)]):
        brush.stroke(fold, 3.5, lit(_COAT, 0.62))
    for y in (520, 565, 610, 655):
        brush.limb([(656, y, 5)], (60, 56, 46))
    for shoulder, elbow, wrist in ((562, 520, 622), (734, 774, 672)):
        brush.limb([(shoulder, 506, 36), (elbow, 606, 33), (wrist, 672, 22)], lit(_COAT, 1.05))
        brush.stroke([(elbow - 22, 590), (elbow, 602), (elbow + 24, 594)], 3, lit(_COAT, 0.6))
    brush.limb([(628, 678, 19), (650, 690, 19), (668, 678, 19)], _SKIN)
    for x in (634, 644, 654, 664):
        brush.stroke([(x, 682), (x + 2, 702)], 2, (140, 104, 86))
    brush.stroke([(618, 664), (636, 672), (660, 672), (678, 664)], 9, (206, 204, 196))
    brush.limb([(646, 448, 40), (646, 424, 38)], lit(_COAT, 0.8))
    hood = [(580, 400), (592, 340), (646, 314), (700, 340), (712, 400), (700, 456), (646, 470), (592, 456)]
    brush.shape(hood, lit(_COAT, 0.92), relief=22)
    wrap = [(600, 384), (608, 350), (646, 338), (684, 350), (692, 384), (684, 430), (646, 456), (608, 430)]
    brush.shape(wrap, _CLOTH, relief=26)
    for lift, sag in ((358, 352), (378, 388), (400, 414), (424, 440)):
        brush.stroke([(606, lift), (646, sag), (686, lift + 6)], 2.6, (150, 142, 126))
    brush.stroke([(612, 372), (650, 366), (688, 388)], 2, (120, 112, 98))


def _holding_arms(brush: Brush) -> None:
    """The near arms of the two, each with a hand on the seated man's shoulder."""
    for start, elbow, hand in (((480, 384), (520, 470), (566, 486)), ((806, 386), (772, 474), (728, 488))):
        brush.limb([(*start, 37), (*elbow, 32), (*hand, 22)], _UNIFORM, blotches=_UNIFORM_DARK)
        inner = (hand[0] + (hand[0] - start[0]) / 4, hand[1] + 8)
        brush.limb([(*hand, 23), (*inner, 19)], (52, 52, 48))
        middle = (start[0] + elbow[0]) / 2
        brush.stroke([(middle - 25, 428), (middle, 432), (middle + 25, 428)], 14, (196, 176, 62))


def _label(brush: Brush) -> None:
    brush.shape([(404, 80), (876, 80), (876, 168), (404, 168)], (28, 30, 34), relief=2, smooth=False)
    brush.words("STAND-IN", (640, 112), 50, (236, 232, 220))
    brush.words("drawn for a demonstration; shows nobody", (640, 152), 17, (200, 198, 190))
