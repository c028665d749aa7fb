"""The pictures of ``docs/look-alikes.md``: a drawn scene, its repost, and what ``archiver compare`` draws of the two.

    python -m docs.pictures.make   # run by hand after a change to how comparisons are drawn; writes beside this file

The law: nothing is read from a file and all chance comes from a seed. The sheets are what the program draws, reduced to
few colours to stay small.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Final

from PIL import ExifTags, Image, ImageDraw, ImageFont

from archiver.pictures.canvas import CARE, DIFFERING, INK, PAPER, SHARED

HERE: Final = Path(__file__).parent
SIZE: Final = (1280, 860)
_FINER: Final = 2
_COLOURS: Final = 112
Colour = tuple[int, int, int]


def scene() -> Image.Image:
    """A harbour town that never was: sky, hills, houses with lit windows, a quay and boats."""
    chance = Random(4)  # noqa: S311 - a drawing needs no secret
    width, height = SIZE[0] * _FINER, SIZE[1] * _FINER
    image = Image.new("RGB", (width, height), (188, 205, 214))
    draw = ImageDraw.Draw(image)
    for band in range(8):
        tone: Colour = (188 + 6 * band, 205 + 3 * band, 214 - 5 * band)
        draw.rectangle((0, band * height // 18, width, height), fill=tone)
    draw.ellipse((width * 0.72, height * 0.06, width * 0.79, height * 0.06 + width * 0.07), fill=(250, 240, 205))
    for base, colour, lift in ((0.46, (132, 150, 150), 0.16), (0.54, (104, 124, 112), 0.10)):
        ridge = [(step * width / 16, height * (base - lift * chance.random())) for step in range(17)]
        draw.polygon([(0, height), *ridge, (width, height)], fill=colour)
    _houses(draw, chance, width, height)
    draw.rectangle((0, height * 0.74, width, height), fill=(72, 104, 124))
    draw.rectangle((0, height * 0.71, width, height * 0.75), fill=(120, 112, 100))
    for _ in range(170):
        x, y = chance.random() * width, height * (0.77 + 0.23 * chance.random())
        long = width * (0.01 + 0.03 * chance.random())
        draw.line(
            (x, y, x + long, y), fill=(98, 130, 148) if chance.choice((True, True, False)) else (56, 86, 106), width=5
        )
    for place in (0.12, 0.42, 0.66, 0.86):
        _boat(draw, chance, (width * place, height * (0.84 + 0.09 * chance.random())), width)
    return image.resize(SIZE, Image.Resampling.LANCZOS)


def _houses(draw: ImageDraw.ImageDraw, chance: Random, width: int, height: int) -> None:
    left = -0.01 * width
    walls: list[Colour] = [(196, 150, 118), (214, 196, 164), (168, 108, 92), (226, 214, 196), (150, 142, 134)]
    while left < width:
        wide, tall = width * (0.05 + 0.05 * chance.random()), height * (0.16 + 0.16 * chance.random())
        top, foot = height * 0.72 - tall, height * 0.72
        draw.rectangle((left, top, left + wide, foot), fill=chance.choice(walls))
        roof: Colour = (110, 62, 52) if chance.choice((True, True, False)) else (76, 72, 74)
        draw.polygon([(left - 12, top), (left + wide / 2, top - height * 0.07), (left + wide + 12, top)], fill=roof)
        across, down = chance.randint(2, 4), chance.randint(3, 5)
        for column in range(across):
            for row in range(down):
                x = left + wide * (column + 0.5) / across
                y = top + tall * (row + 0.5) / down
                lit: Colour = (246, 222, 150) if chance.choice((True, False, False)) else (64, 70, 80)
                draw.rectangle((x - wide * 0.07, y - tall * 0.06, x + wide * 0.07, y + tall * 0.05), fill=lit)
        left += wide * (0.96 + 0.1 * chance.random())


def _boat(draw: ImageDraw.ImageDraw, chance: Random, place: tuple[float, float], width: int) -> None:
    x, y = place
    long = width * (0.06 + 0.04 * chance.random())
    hull: Colour = chance.choice([(150, 40, 36), (36, 62, 98), (230, 226, 216), (48, 92, 76)])
    draw.polygon(
        [(x - long / 2, y - 26), (x + long / 2, y - 30), (x + long * 0.38, y + 18), (x - long * 0.36, y + 18)],
        fill=hull,
    )
    draw.rectangle((x - long * 0.14, y - 74, x + long * 0.14, y - 28), fill=(240, 236, 226))
    draw.rectangle((x - long * 0.08, y - 62, x + long * 0.08, y - 46), fill=(60, 74, 88))
    draw.line((x + long * 0.24, y - 30, x + long * 0.24, y - 210), fill=(60, 56, 52), width=7)


def repost(original: Image.Image) -> Image.Image:
    """What somebody made of it: cut, mirrored, a caption over it."""
    made = original.crop((150, 90, 1130, 800)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(46)
    draw.rectangle((0, 590, made.width, 670), fill=(20, 20, 22))
    draw.text((34, 600), "LIVE: harbour under attack this morning", fill=(255, 255, 255), font=font)
    return made.resize((784, 568), Image.Resampling.LANCZOS)


def main() -> None:
    """Draw both, take the original in, compare them, flag it, and compare them again."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Path(folder)
        original = scene()
        exif = Image.Exif()
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Invented Optics", "Stand-in 1"
        original.save(desk / "harbour.jpg", quality=90, exif=exif)
        repost(original).save(desk / "repost.jpg", quality=55)
        _archiver(desk, "upload", "harbour.jpg")
        _archiver(desk, "compare", "repost.jpg", "harbour.jpg", "--picture", "compare.png")
        item = str(json.loads(_archiver(desk, "list", "--json").splitlines()[0])["item"])
        _archiver(
            desk, "flag", item, "--sensitivity", "location-sensitive", "--by", "Ida", "--basis", "people live there"
        )
        _archiver(desk, "compare", "repost.jpg", "harbour.jpg", "--picture", "compare-blurred.png")
        for name in ("compare.png", "compare-blurred.png"):
            with Image.open(desk / name) as drawn:
                few = drawn.quantize(palette=_palette(drawn), dither=Image.Dither.NONE)
                few.save(HERE / name, optimize=True)
            print(name, (HERE / name).stat().st_size)


def _palette(drawn: Image.Image) -> Image.Image:
    """Few colours that suit the sheet, and the marks' own colours as they are."""
    suited = drawn.quantize(_COLOURS, dither=Image.Dither.NONE).getpalette() or []
    marks = [part for colour in (SHARED, DIFFERING, CARE, INK, PAPER) for part in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(suited[: 3 * _COLOURS] + marks)
    return palette


def _archiver(desk: Path, *words: str) -> str:
    command = [sys.executable, "-m", "archiver", "--archive", str(desk / "home"), "--actor", "Ida Example", *words]
    root = str(HERE.parents[1])
    done = subprocess.run(command, cwd=desk, env={"PYTHONPATH": root}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
