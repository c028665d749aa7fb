"""Small pictures drawn by the tests, each from a seed, so that the same words draw the same picture everywhere."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = (360, 270)


def photo(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Overlapping shapes over a gradient, with the noise of a sensor: rich in structure, and nobody's photograph."""
    chance = np.random.default_rng(seed)
    width, height = size
    across = np.linspace(30, 200, width)[None, :] + np.linspace(0, 50, height)[:, None]
    image = Image.fromarray(across.astype(np.uint8)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
        w, h = int(chance.integers(8, width // 3)), int(chance.integers(8, height // 3))
        red, green, blue = (int(part) for part in chance.integers(0, 256, 3))
        shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
        shape((x, y, x + w, y + h), fill=(red, green, blue))
    noisy = np.asarray(image, dtype=np.float64) + chance.normal(0, 3, (height, width, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def blank(level: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """An empty sheet of one grey."""
    return Image.new("RGB", size, (level, level, level))


def page(size: tuple[int, int] = SIZE, *, every: int = 18) -> Image.Image:
    """A ruled notebook page with nothing on it."""
    image = Image.new("RGB", size, (245, 245, 240))
    draw = ImageDraw.Draw(image)
    for line in range(2 * every, size[1], every):
        draw.line((0, line, size[0], line), fill=(150, 170, 210))
    draw.line((36, 0, 36, size[1]), fill=(210, 120, 120))
    return image


def jpeg(image: Image.Image, quality: int = 85, exif: Mapping[int, Mapping[int, Any]] | None = None) -> bytes:
    """The picture as a JPEG file; ``exif`` gives tags by directory (0 for the first one, 0x8769 for EXIF's own)."""
    tags = Image.Exif()
    for directory, values in (exif or {}).items():
        (tags if directory == 0 else tags.get_ifd(directory)).update(values)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=quality, exif=tags.tobytes())
    return content.getvalue()


def png(image: Image.Image, compression: int = 6) -> bytes:
    """The picture as a PNG file: the same pixels in other bytes for another compression."""
    content = io.BytesIO()
    image.save(content, "PNG", compress_level=compression)
    return content.getvalue()
