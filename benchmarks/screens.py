"""Screens and desks around a picture, drawn: a messenger in light and dark, a page on a desktop, a wooden table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

Colour = tuple[int, int, int]

_SAID = (
    "Have you seen this?",
    "Where was it taken?",
    "No idea, got it from a group",
    "Looks old to me",
    "Ask Marta",
    "ok",
)


def _lines(
    draw: ImageDraw.ImageDraw, spot: tuple[float, float], lines: Sequence[str], size: int, colour: Colour
) -> None:
    font = ImageFont.load_default(size)
    for number, line in enumerate(lines):
        draw.text((spot[0], spot[1] + number * 1.3 * size), line, fill=colour, font=font)


def telephone(image: Image.Image, chance: np.random.Generator, *, dark: bool) -> Image.Image:
    """A messenger's conversation with the picture in a bubble."""
    width, height = 1080, int(chance.choice([1920, 2280]))
    ground: Colour = (14, 22, 30) if dark else (236, 229, 221)
    bar: Colour = (31, 44, 52) if dark else (0, 120, 106)
    bubble: Colour = (32, 44, 51) if dark else (255, 255, 255)
    ink: Colour = (225, 230, 235) if dark else (20, 20, 25)
    screen = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, 60), fill=bar)
    _lines(draw, (40, 14), ["09:41"], 30, (240, 240, 240))
    draw.rectangle((860, 18, 930, 42), outline=(240, 240, 240), width=3)
    draw.rectangle((0, 60, width, 210), fill=bar)
    draw.ellipse((90, 80, 200, 190), fill=(150, 160, 170))
    _lines(draw, (230, 95), ["Field group"], 44, (250, 250, 250))
    _lines(draw, (230, 150), ["Ana, Boris, Chen, you"], 30, (200, 210, 215))
    y = 250
    for _ in range(int(chance.integers(1, 4))):
        text = str(chance.choice(_SAID))
        mine = bool(chance.integers(2))
        wide = 60 + 20 * len(text)
        x = width - wide - 40 if mine else 40
        draw.rounded_rectangle((x, y, x + wide, y + 96), 24, fill=bubble)
        _lines(draw, (x + 30, y + 28), [text], 38, ink)
        y += 130
    inner = int(width * chance.uniform(0.62, 0.86))
    tall = round(inner * image.height / image.width)
    if tall > height - y - 330:
        tall = height - y - 330
        inner = round(tall * image.width / image.height)
    x = int(chance.integers(40, width - inner - 40))
    draw.rounded_rectangle((x - 12, y - 12, x + inner + 12, y + tall + 72), 24, fill=bubble)
    screen.paste(image.resize((inner, tall), Image.Resampling.LANCZOS), (x, y))
    _lines(draw, (x + inner - 120, y + tall + 20), ["09:3" + str(chance.integers(10))], 32, (130, 140, 145))
    y += tall + 110
    if y < height - 320:
        draw.rounded_rectangle((40, y, 700, y + 96), 24, fill=bubble)
        _lines(draw, (70, y + 28), [str(chance.choice(_SAID))], 38, ink)
    draw.rectangle((0, height - 170, width, height), fill=bar if dark else (245, 245, 245))
    draw.rounded_rectangle((30, height - 140, width - 180, height - 40), 50, fill=bubble)
    _lines(draw, (90, height - 112), ["Message"], 38, (140, 140, 145))
    draw.ellipse((width - 150, height - 145, width - 40, height - 35), fill=(0, 150, 130))
    return screen


def desktop(image: Image.Image, chance: np.random.Generator) -> Image.Image:
    """A page in a browser: tabs, a column of text, the picture, a column of links."""
    width, height = 1920, 1080
    screen = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, width, 44), fill=(222, 225, 230))
    draw.rounded_rectangle((12, 8, 320, 50), 10, fill=(255, 255, 255))
    _lines(draw, (40, 16), ["Latest - The Morning"], 20, (60, 60, 60))
    draw.rectangle((0, 44, width, 96), fill=(245, 246, 248))
    draw.rounded_rectangle((160, 52, 1400, 88), 18, fill=(230, 232, 236))
    _lines(draw, (190, 58), ["news.example/latest/41"], 20, (70, 70, 70))
    left = int(chance.integers(240, 420))
    _lines(draw, (left, 130), ["What the pictures show, and what they do not"], 44, (20, 20, 20))
    _lines(draw, (left, 195), ["By our desk, updated a moment ago"], 22, (110, 110, 110))
    tall = int(chance.uniform(0.45, 0.62) * height)
    inner = round(tall * image.width / image.height)
    if inner > width - left - 560:
        inner = width - left - 560
        tall = round(inner * image.height / image.width)
    screen.paste(image.resize((inner, tall), Image.Resampling.LANCZOS), (left, 240))
    body = [
        "It was first seen on Tuesday, according to people who",
        "shared it in several groups at about the same time.",
    ]
    _lines(draw, (left, 250 + tall), body * 4, 24, (40, 40, 40))
    links = ["Most read", "Weather turns", "Bridge reopened", "Letters", "Five maps", "Opinion", "Archive"]
    for number, link in enumerate(links):
        _lines(draw, (width - 420, 250 + 80 * number), [link], 26, (30, 60, 120))
        draw.line((width - 420, 300 + 80 * number, width - 80, 300 + 80 * number), fill=(220, 220, 220))
    draw.rectangle((width - 16, 96, width, height), fill=(240, 240, 240))
    draw.rectangle((width - 14, 140, width - 2, 420), fill=(190, 190, 190))
    return screen


def desk(size: tuple[int, int], chance: np.random.Generator) -> Image.Image:
    """A wooden table top: long grain in browns."""
    width, height = size
    total = np.zeros((height, width))
    for cells, strength in ((6, 14.0), (24, 9.0), (96, 6.0), (300, 4.0)):
        rough = chance.standard_normal((cells, max(2, cells // 12))).astype(np.float32)
        total += strength * np.asarray(Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC))
    brown = np.array([146, 104, 66]) + total[..., None] * np.array([1.0, 0.85, 0.7])
    return Image.fromarray(np.clip(brown, 0, 255).astype(np.uint8))
