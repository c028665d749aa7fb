"""Paper, ink and letters for what is drawn here. Text that comes from outside is made printable and cut to its room.

The letters are Pillow's own built-in scalable font; what it has no letter for is written out, not left as a box.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from archiver.render import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour = tuple[int, int, int]
Rectangle = tuple[int, int, int, int]

PAPER: Final[Colour] = (244, 244, 242)
CARD: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (28, 30, 33)
FAINT: Final[Colour] = (105, 110, 117)
RULE: Final[Colour] = (205, 208, 212)
SHARED: Final[Colour] = (0, 114, 178)
"""What both show."""
DIFFERING: Final[Colour] = (213, 94, 0)
"""What differs. These colours are told apart by people of all kinds of colour vision (M. Okabe and K. Ito, 2008)."""
CARE: Final[Colour] = (176, 0, 32)
DARK: Final[Colour] = (62, 64, 68)

_ELLIPSIS: Final = "..."
_PLAIN: Final = str.maketrans({"×": "x", "–": "-", "—": "-", "’": "'", "“": '"', "”": '"', "…": "..."})


class Canvas:
    """A sheet of paper."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self, place: tuple[int, int], text: str, *, size: int = 17, colour: Colour = INK, width: int | None = None
    ) -> None:
        """One line, its upper left corner at ``place``, cut to ``width`` pixels."""
        self.draw.text(place, cut(text, size, width), font=font(size), fill=colour)

    def paragraph(
        self, place: tuple[int, int], lines: Sequence[str], *, size: int = 17, colour: Colour = INK, width: int = 700
    ) -> int:
        """Lines wrapped to ``width`` pixels; where the next line would begin."""
        x, y = place
        for line in wrapped(lines, size, width):
            self.draw.text((x, y), line, font=font(size), fill=colour)
            y += leading(size)
        return y

    def paste(self, image: Image.Image, place: tuple[int, int]) -> None:
        """A picture, its upper left corner at ``place``."""
        self.image.paste(image, place)

    def outline(self, box: Rectangle, colour: Colour, width: int = 3) -> None:
        """A box's outline, with a pale line around it that keeps it visible on any ground."""
        left, top, right, bottom = box
        self.draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=CARD, width=width + 2)
        self.draw.rectangle(box, outline=colour, width=width)

    def label(self, place: tuple[int, int], text: str, colour: Colour, *, size: int = 15, width: int = 700) -> None:
        """A word on a ground of its colour, its upper left corner at ``place``, cut to ``width`` pixels."""
        shown = cut(text, size, width - 12)
        wide = round(font(size).getlength(shown)) + 12
        self.draw.rectangle((place[0], place[1], place[0] + wide, place[1] + leading(size) + 4), fill=colour)
        self.draw.text((place[0] + 6, place[1] + 2), shown, font=font(size), fill=CARD)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The built-in font in so many pixels."""
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType, which draws letters")  # noqa: TRY004 - about the build, not a value
    return found


def leading(size: int) -> int:
    """Pixels from one line to the next."""
    return round(size * 1.4)


def letters(text: str) -> str:
    """The text on one line, with what could steer a reader and what the font does not have written out."""
    return "".join(char if _has(char) else f"\\u{ord(char):04x}" for char in printable(text).translate(_PLAIN))


@cache
def _has(char: str) -> bool:
    """Whether the font draws a shape of its own for it, and not the box that stands for *none*."""
    return char == " " or bytes(font(16).getmask(char)) != bytes(font(16).getmask("\uffff"))


def cut(text: str, size: int, width: int | None) -> str:
    """The text, cut with an ellipsis where it is wider than ``width`` pixels."""
    shown = letters(text[:2000])
    if width is None or font(size).getlength(shown) <= width:
        return shown
    while shown and font(size).getlength(shown + _ELLIPSIS) > width:
        shown = shown[:-1]
    return shown + _ELLIPSIS


def wrapped(lines: Sequence[str], size: int, width: int) -> list[str]:
    """The lines, broken at spaces to ``width`` pixels; continued lines are indented."""
    made = []
    for line in lines:
        begun = ""
        for word in letters(line[:4000]).split(" "):
            longer = f"{begun} {word}" if begun else word
            if begun and font(size).getlength(longer) > width:
                made.append(begun)
                begun = f"   {word}"
            else:
                begun = longer
            begun = begun if font(size).getlength(begun) <= width else cut(begun, size, width)
        made.append(begun)
    return made
