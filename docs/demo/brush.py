"""A draughtsman's hand: rounded, lit forms, textures and grain, the same for the same seed.

The law: nothing here is read from a file, and all chance comes from the seed. Lengths and places are in pixels of the
finished picture; everything is painted larger and reduced at the end, so that edges are smooth.
"""

from __future__ import annotations

from math import dist
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour: TypeAlias = tuple[int, int, int]
Place: TypeAlias = tuple[float, float]
Round: TypeAlias = tuple[float, float, float]
"""A point of a limb: x, y and its radius there."""

FINER = 2
"""How many times larger each side is painted than the finished picture."""
_SPACING = 4
_BLOTCHED = 138
"""Grey above which a lump of noise is a blotch of camouflage."""
_SHADE: Colour = (38, 38, 44)


def lit(colour: Colour, light: float) -> Colour:
    """The colour, lighter (over 1) or darker (under 1)."""
    red, green, blue = (max(0, min(255, round(part * light))) for part in colour)
    return red, green, blue


def through(points: Sequence[tuple[float, ...]], *, closed: bool) -> list[tuple[float, ...]]:
    """A smooth curve through the points (Catmull-Rom), of any number of coordinates each."""
    count = len(points)
    curve: list[tuple[float, ...]] = []
    for start in range(count if closed else count - 1):
        if closed:
            four = [points[(start + offset) % count] for offset in (-1, 0, 1, 2)]
        else:
            four = [points[max(0, min(count - 1, start + offset))] for offset in (-1, 0, 1, 2)]
        steps = 4 + round(dist(four[1][:2], four[2][:2]) / _SPACING)
        curve += [_between(four, step / steps) for step in range(steps)]
    return curve if closed else [*curve, points[-1]]


def _between(four: Sequence[tuple[float, ...]], t: float) -> tuple[float, ...]:
    return tuple(
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(*four, strict=True)
    )


def _sheet(boxes: Sequence[tuple[float, ...]], margin: int) -> tuple[tuple[int, int], Image.Image, ImageDraw.ImageDraw]:
    """A mask just large enough for the boxes (left, top, right, bottom): its corner, itself, what draws on it."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = int(min(lefts)) - margin, int(min(tops)) - margin
    mask = Image.new("L", (int(max(rights)) + margin - left + 1, int(max(bottoms)) + margin - top + 1))
    return (left, top), mask, ImageDraw.Draw(mask)


class Brush:
    """Paints one picture; ``picture`` is what there is of it, larger than it will be."""

    def __init__(self, size: tuple[int, int], ground: Colour, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - a drawing wants the same chance every time, and no secret
        self.size = (size[0] * FINER, size[1] * FINER)
        self.picture = Image.new("RGB", self.size, ground)

    def noise(self, cell: float, size: tuple[int, int]) -> Image.Image:
        """Clouds of grey whose lumps are about ``cell`` pixels wide; mode ``L``, mean 128; ``size`` as painted."""
        small = (max(2, round(size[0] / cell / FINER)), max(2, round(size[1] / cell / FINER)))
        lumps = Image.frombytes("L", small, self.chance.randbytes(small[0] * small[1]))
        return lumps.resize(size, Image.Resampling.BICUBIC)

    def slope(self, top: Colour, bottom: Colour, rows: tuple[float, float]) -> None:
        """An even change of colour from one row to another, over the whole width."""
        first, last = (round(row * FINER) for row in rows)
        ramp = Image.linear_gradient("L").resize((self.size[0], last - first))
        self.picture.paste(
            Image.composite(Image.new("RGB", ramp.size, bottom), Image.new("RGB", ramp.size, top), ramp), (0, first)
        )

    def mottle(self, cell: float, strength: float, rows: tuple[float, float] | None = None) -> None:
        """Lighter and darker lumps over the picture, or over some rows of it."""
        box = (0, 0, *self.size) if rows is None else (0, round(rows[0] * FINER), self.size[0], round(rows[1] * FINER))
        lumps = self.noise(cell, (box[2] - box[0], box[3] - box[1]))
        lumps = lumps.point(lambda value: round(128 + (value - 128) * strength))
        part = self.picture.crop(box)
        self.picture.paste(ImageChops.overlay(part, Image.merge("RGB", (lumps,) * 3)), box)

    def limb(
        self, points: Sequence[Round], colour: Colour, *, relief: float = 0.5, blotches: Colour | None = None
    ) -> None:
        """A rounded form along a curve, of changing thickness: an arm, a log, a head."""
        rounds = through(points, closed=False) if len(points) > 1 else points
        discs = [tuple(side * FINER for side in (x - r, y - r, x + r, y + r)) for x, y, r in rounds]
        reach = max(1, round(relief * max(point[2] for point in points) * FINER))
        box, mask, draw = _sheet(discs, 2 * reach)
        for left, top, right, bottom in discs:
            draw.ellipse((left - box[0], top - box[1], right - box[0], bottom - box[1]), fill=255)
        self._lay(box, mask, colour, reach, blotches)

    def shape(
        self,
        points: Sequence[Place],
        colour: Colour,
        *,
        relief: float = 20,
        blotches: Colour | None = None,
        smooth: bool = True,
    ) -> None:
        """A form with a drawn outline; ``relief`` is how far in from its edge it is rounded."""
        outline = through(points, closed=True) if smooth else points
        corners = [(x * FINER, y * FINER) for x, y in outline]
        reach = max(1, round(relief * FINER))
        box, mask, draw = _sheet([(x, y, x, y) for x, y in corners], 2 * reach)
        draw.polygon([(x - box[0], y - box[1]) for x, y in corners], fill=255)
        self._lay(box, mask, colour, reach, blotches)

    def _lay(
        self, corner: tuple[int, int], form: Image.Image, colour: Colour, reach: int, blotches: Colour | None
    ) -> None:
        """Light from the upper left: what lies near the lower right edge of the form is dark."""
        light = ImageChops.offset(form.filter(ImageFilter.GaussianBlur(reach)), -reach // 2, -reach // 2)
        flat = Image.new("RGB", form.size, colour)
        if blotches is not None:
            lumps = self.noise(15, form.size).point(lambda value: 255 if value > _BLOTCHED else 0)
            flat.paste(blotches, mask=lumps.filter(ImageFilter.GaussianBlur(FINER)))
        shade = light.point(lambda value: round(70 + value * 0.72))
        lay = ImageChops.multiply(flat, Image.merge("RGB", (shade,) * 3))
        self.picture.paste(lay, corner, form)

    def stroke(self, points: Sequence[Place], width: float, colour: Colour, *, smooth: bool = True) -> None:
        """A line with round ends."""
        path = [(x * FINER, y * FINER) for x, y in (through(points, closed=False) if smooth else points)]
        draw = ImageDraw.Draw(self.picture)
        draw.line(path, fill=colour, width=max(1, round(width * FINER)), joint="curve")
        radius = width * FINER / 2
        for x, y in (path[0], path[-1]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def shadow(self, centre: Place, reach: Place, depth: float) -> None:
        """A soft dark place, as a body casts on the ground."""
        (x, y), (across, down) = centre, reach
        left, top, right, bottom = (s * FINER for s in (x - across, y - down, x + across, y + down))
        blur = min(across, down) * FINER / 2.5
        corner, mask, draw = _sheet([(left, top, right, bottom)], round(3 * blur))
        draw.ellipse(
            (left - corner[0], top - corner[1], right - corner[0], bottom - corner[1]), fill=round(255 * depth)
        )
        self.picture.paste(_SHADE, corner, mask.filter(ImageFilter.GaussianBlur(blur)))

    def soften(self, radius: float) -> None:
        """Blur all that is painted so far: it lies behind what comes next."""
        self.picture = self.picture.filter(ImageFilter.GaussianBlur(radius * FINER))

    def words(self, text: str, middle: Place, height: int, colour: Colour, *, turned: float = 0) -> None:
        """Lettering, centred."""
        font = ImageFont.load_default(height * FINER)
        half = round(font.getlength(text) / 2) + height * FINER
        mask = Image.new("L", (2 * half, 2 * half))
        ImageDraw.Draw(mask).text((half, half), text, font=font, fill=255, anchor="mm")
        corner = (round(middle[0] * FINER) - half, round(middle[1] * FINER) - half)
        self.picture.paste(colour, corner, mask.rotate(turned, Image.Resampling.BICUBIC))

    def finished(self, *, grain: float, dark_corners: float) -> Image.Image:
        """The picture at its size, with the lens's dark corners and the sensor's grain."""
        picture = self.picture.reduce(FINER)
        corners = Image.radial_gradient("L").resize(picture.size, Image.Resampling.BICUBIC)
        corners = corners.point(lambda value: round(255 - dark_corners * value * value / 255))
        picture = ImageChops.multiply(picture, Image.merge("RGB", (corners,) * 3))
        specks = Image.frombytes("L", picture.size, self.chance.randbytes(picture.width * picture.height))
        specks = specks.filter(ImageFilter.GaussianBlur(0.7)).point(lambda value: round(128 + (value - 128) * grain))
        return ImageChops.overlay(picture, Image.merge("RGB", (specks,) * 3))
