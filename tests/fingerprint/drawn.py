"""Pictures drawn for the tests: reproducible, and of every kind that a fingerprint meets."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw


class Drawn:
    """A draughtsman with a fixed hand."""

    def noise(self, width: int, height: int, seed: int = 0) -> Image.Image:
        """Every sample by chance."""
        samples = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
        return Image.fromarray(samples)

    def scene(self, width: int = 900, height: int = 700, seed: int = 0) -> Image.Image:
        """Overlapping shapes of all sizes over a gradient: rich in structure, like a photograph."""
        chance = np.random.default_rng(seed)
        across = np.linspace(40, 200, width)[None, :] + np.linspace(0, 50, height)[:, None]
        image = Image.fromarray(across.astype(np.uint8)).convert("RGB")
        draw = ImageDraw.Draw(image)
        for _ in range(60):
            x, y = int(chance.integers(0, width)), int(chance.integers(0, height))
            w, h = int(chance.integers(10, width // 3)), int(chance.integers(10, height // 3))
            colour = tuple(int(part) for part in chance.integers(0, 256, 3))
            shape = draw.ellipse if chance.random() < 0.5 else draw.rectangle
            shape((x, y, x + w, y + h), fill=colour)
        return image

    def page(self, *, sketch: bool, ink: int = 180) -> Image.Image:
        """A ruled notebook page, with a sketch on it or empty."""
        image = Image.new("L", (1200, 900), 245)
        draw = ImageDraw.Draw(image)
        for line in range(60, 900, 30):
            draw.line((0, line, 1200, line), fill=ink, width=2)
        draw.line((120, 0, 120, 900), fill=150, width=2)
        if sketch:
            draw.ellipse((400, 200, 800, 600), outline=40, width=6)
            draw.line((300, 700, 900, 650), fill=40, width=6)
            draw.rectangle((500, 300, 700, 500), outline=60, width=5)
        return image

    def blank(self, level: int, noise: float, slope: float = 0) -> Image.Image:
        """An empty sheet with sensor noise, lit from one side by ``slope`` grey levels."""
        chance = np.random.default_rng(7)
        light = level - np.linspace(0, slope, 1200)[None, :]
        return Image.fromarray(np.clip(light + chance.normal(0, noise, (900, 1200)), 0, 255).astype(np.uint8))

    def compressed(self, image: Image.Image, quality: int = 60) -> Image.Image:
        """The picture after a JPEG."""
        return Image.open(io.BytesIO(self.jpeg(image, quality)))

    def jpeg(self, image: Image.Image, quality: int = 85) -> bytes:
        """The picture as a JPEG file."""
        content = io.BytesIO()
        image.save(content, "JPEG", quality=quality)
        return content.getvalue()
