"""Pictures like a camera's, drawn: ``python -m benchmarks.drawing FOLDER COUNT WIDTH HEIGHT``.

What decoding and comparing cost depends on texture, colour and size, so a picture is value noise (each octave of twice
the cells and 0.65 of the strength), a few shapes with hard edges, and a sensor's grain in light and colour, which
brings a JPEG of 12 megapixels to 2 to 4 MB. It carries a camera's metadata. Every number gives a picture of its own.

The grain is averaged over neighbours, as interpolating a sensor's colour filter leaves it, and is in the colours too:
white grain in the light alone made entropy decoding, which is most of a scaled decode, a seventh dearer than it is on
cameras' files of the same size (45 against 40 ms of CPU at 3.2 MB and 12 megapixels; this one: 40 at 3.1 MB).

It runs in a process of its own, so that the measuring process stays small.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from numpy.typing import NDArray

OCTAVES = (4, 8, 16, 32, 64, 128, 256)
"""Cells across the picture."""
REDUCED = 4
"""The octaves are drawn at a quarter of the size: none of them has anything finer to show."""
GRAIN = 4.0
"""Standard deviation of the grain, in steps of 256, in light and in colour."""
QUALITY = 92


def draw(number: int, width: int, height: int) -> Image.Image:
    """One picture."""
    chance = np.random.default_rng((number, width))
    size = max(1, width // REDUCED), max(1, height // REDUCED)
    luma = Image.fromarray(_octaves(chance, size)).resize((width, height), Image.Resampling.BICUBIC)
    shapes = ImageDraw.Draw(luma)
    for _ in range(6):
        x, y = int(chance.integers(width)), int(chance.integers(height))
        reach = int(chance.integers(width // 20 + 1, width // 6 + 2))
        shape = (shapes.ellipse, shapes.rectangle)[chance.integers(2)]
        shape((x, y, x + reach, y + reach), fill=float(chance.integers(-90, 90)))
    planes = [np.asarray(luma) + _grain(chance, (width, height))]
    for _ in range(2):
        colour = Image.fromarray(_octaves(chance, size)).resize((width, height), Image.Resampling.BICUBIC)
        coarse = Image.fromarray(_grain(chance, (max(1, width // 2), max(1, height // 2))))
        planes.append(0.3 * np.asarray(colour) + np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)))
    return Image.merge("YCbCr", [Image.fromarray(np.clip(128 + plane, 0, 255).astype(np.uint8)) for plane in planes])


def _grain(chance: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    grain = chance.standard_normal((size[1], size[0]), dtype=np.float32)
    for axis in (0, 1):
        grain = (grain + np.roll(grain, 1, axis)) / np.float32(2**0.5)
    return np.float32(GRAIN) * grain


def _octaves(chance: np.random.Generator, size: tuple[int, int]) -> NDArray[np.float32]:
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    strength = 55.0
    for cells in OCTAVES:
        noise = chance.standard_normal((max(2, cells * 3 // 4), cells), dtype=np.float32)
        total += strength * np.asarray(Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC))
        strength *= 0.65
    return total


def exif(number: int) -> Image.Exif:
    """A camera's metadata."""
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Drawn", f"Benchmark {number}", 1
    tags[0x0132] = "2024:12:27 14:05:00"
    tags.get_ifd(0x8769).update(
        {0x9003: "2024:12:27 14:05:00", 0x9011: "+09:00", 0x829A: 0.004, 0x829D: 2.8, 0x8827: 200, 0x920A: 35.0}
    )
    tags.get_ifd(0x8825).update({1: "N", 2: (37.0, 33.0, 58.0), 3: "E", 4: (126.0, 58.0, 40.0), 5: b"\0", 6: 38.0})
    return tags


def main(folder: Path, count: int, width: int, height: int) -> None:
    """Draw so many pictures into a folder."""
    for number in range(count):
        picture = draw(number, width, height)
        picture.save(folder / f"{number:05}.jpg", "JPEG", quality=QUALITY, exif=exif(number))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(argument) for argument in sys.argv[2:5]))
