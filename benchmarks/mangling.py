"""What happens to a picture on its way: families of transformations, drawn from a seed.

Each takes a picture (mode RGB), a source of chance and other pictures (for collages), and gives the picture that
somebody might find. ``FAMILIES`` names them; ``GOALS`` says which share of each family must be found again.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from benchmarks import screens

if TYPE_CHECKING:
    from numpy.typing import NDArray

Chance = np.random.Generator
Mangle = Callable[[Image.Image, Chance, Sequence[Image.Image]], Image.Image]
Simple = Callable[[Image.Image, Chance], Image.Image]

WORDS: Final = (
    *("breaking", "seen", "near", "the", "bridge", "this", "morning", "share", "before", "it", "is", "deleted", "our"),
    *("source", "confirms", "more", "soon", "who", "knows", "place", "look", "at", "sign", "left", "part", "two"),
)


def encoded(image: Image.Image, quality: int) -> Image.Image:
    """The picture after a JPEG."""
    content = io.BytesIO()
    image.save(content, "JPEG", quality=quality)
    content.seek(0)
    return Image.open(content).convert("RGB")


def sentence(chance: Chance, words: int) -> str:
    """Some words in a row."""
    return " ".join(str(word) for word in chance.choice(WORDS, words))


def _reduced(image: Image.Image, share: float) -> Image.Image:
    size = max(8, round(image.width * share)), max(8, round(image.height * share))
    return image.resize(size, Image.Resampling.BICUBIC)


def _stretched(image: Image.Image, chance: Chance) -> Image.Image:
    ratio = float(chance.choice([0.7, 0.8, 1.25, 1.45]))
    return image.resize((round(image.width * ratio), image.height), Image.Resampling.BICUBIC)


def _toned(image: Image.Image, chance: Chance) -> Image.Image:
    image = ImageEnhance.Brightness(image).enhance(float(chance.uniform(0.65, 1.35)))
    image = ImageEnhance.Contrast(image).enhance(float(chance.uniform(0.65, 1.5)))
    gamma = float(chance.uniform(0.7, 1.5))
    return image.point([round(255 * (level / 255) ** gamma) for level in range(256)] * 3)


def _coloured(image: Image.Image, chance: Chance) -> Image.Image:
    kind = chance.integers(4)
    if kind == 0:
        return ImageOps.grayscale(image).convert("RGB")
    if kind == 1:
        return ImageOps.colorize(ImageOps.grayscale(image), "#20120a", "#fff0d0")
    if kind == 2:  # noqa: PLR2004 - the third of four
        return ImageEnhance.Color(image).enhance(float(chance.uniform(1.5, 2.5)))
    gains = chance.uniform(0.75, 1.25, 3)
    return Image.fromarray(np.clip(np.asarray(image) * gains, 0, 255).astype(np.uint8))


def _blurred(image: Image.Image, chance: Chance) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.0015, 0.004)) * max(image.size)))


def _noisy(image: Image.Image, chance: Chance) -> Image.Image:
    grain = chance.normal(0, float(chance.uniform(8, 22)), (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def _turned(image: Image.Image, degrees: float, chance: Chance) -> Image.Image:
    sign = float(chance.choice([-1, 1]))
    return image.rotate(sign * degrees, Image.Resampling.BICUBIC, expand=bool(chance.integers(2)))


def cropped(image: Image.Image, cut: float, chance: Chance) -> Image.Image:
    """What is left where ``cut`` of the area is cut away, anywhere, of about the same proportions."""
    stretch = float(chance.uniform(0.85, 1.18))
    width = min(image.width, round(image.width * (1 - cut) ** 0.5 * stretch))
    height = min(image.height, round(image.height * (1 - cut) ** 0.5 / stretch))
    left, top = (int(chance.integers(0, room + 1)) for room in (image.width - width, image.height - height))
    return image.crop((left, top, left + width, top + height))


def _bordered(image: Image.Image, chance: Chance) -> Image.Image:
    colour = tuple(int(part) for part in ((255,) * 3, (0,) * 3, chance.integers(0, 256, 3))[chance.integers(3)])
    each = [int(side * chance.uniform(0.04, 0.12)) for side in (image.width, image.height)]
    framed = ImageOps.expand(image, (each[0], each[1]), fill=colour)
    return encoded(framed, int(chance.integers(60, 92)))


def _letterboxed(image: Image.Image, chance: Chance) -> Image.Image:
    colour = (0, 0, 0) if chance.integers(10) else (255, 255, 255)
    shape = float(chance.choice([1.0, 16 / 9, 9 / 16, 4 / 5]))
    ratio = image.width / image.height
    if abs(np.log(shape / ratio)) < 0.1:  # noqa: PLR2004 - so near that hardly a bar would be seen
        shape = 1 / shape if shape != 1 else 1.6 * ratio
    width, height = (
        (image.width, round(image.width / shape)) if shape < ratio else (round(image.height * shape), image.height)
    )
    canvas = Image.new("RGB", (width, height), colour)
    canvas.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return encoded(canvas, int(chance.integers(60, 92)))


def _captioned(image: Image.Image, chance: Chance) -> Image.Image:
    bar = int(image.height * chance.uniform(0.15, 0.3))
    dark = chance.random() < 0.3  # noqa: PLR2004 - three of ten are white on black
    canvas = Image.new("RGB", (image.width, image.height + bar), "black" if dark else "white")
    over = chance.random() < 0.6  # noqa: PLR2004 - a little oftener over than under
    canvas.paste(image, (0, bar if over else 0))
    box = (0, 0 if over else image.height, image.width, (0 if over else image.height) + bar)
    written(canvas, box, sentence(chance, 9), "white" if dark else "black")
    return encoded(canvas, int(chance.integers(50, 90)))


def written(image: Image.Image, box: tuple[int, int, int, int], text: str, colour: str) -> None:
    """Words in the middle of a box, over as many lines as they need."""
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    size = max(10, (bottom - top) // 3)
    lines = _lines(draw, text, 0.92 * (right - left), size)
    while len(lines) * size * 1.25 > 0.9 * (bottom - top) and size > 10:  # noqa: PLR2004 - smaller, nobody could read it
        size = int(size * 0.85)
        lines = _lines(draw, text, 0.92 * (right - left), size)
    font = ImageFont.load_default(size)
    y = (top + bottom) / 2 - len(lines) * size * 0.62
    for line in lines:
        draw.text(((left + right) / 2 - draw.textlength(line, font=font) / 2, y), line, fill=colour, font=font)
        y += size * 1.25


def _lines(draw: ImageDraw.ImageDraw, text: str, width: float, size: int) -> list[str]:
    font = ImageFont.load_default(size)
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=font) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def overwritten(image: Image.Image, chance: Chance) -> Image.Image:
    """Words over a tenth to three tenths of the area, outlined, at a height by chance."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    band = float(chance.uniform(0.1, 0.3))
    top = float(chance.uniform(0, 1 - band)) * image.height
    lines = int(chance.integers(1, 4))
    size = max(10, int(band * image.height / lines / 1.2))
    font = ImageFont.load_default(size)
    for line in range(lines):
        text = sentence(chance, max(2, int(image.width / size / 3)))
        spot = (0.02 * image.width, top + line * 1.2 * size)
        draw.text(spot, text, fill="white", font=font, stroke_width=max(1, size // 16), stroke_fill="black")
    return image


def logoed(image: Image.Image, chance: Chance) -> Image.Image:
    """A disc with letters in a corner."""
    image = image.copy()
    draw = ImageDraw.Draw(image)
    side = int(min(image.size) * chance.uniform(0.12, 0.22))
    gap = side // 4
    x = gap if chance.random() < 0.5 else image.width - side - gap  # noqa: PLR2004 - either side
    y = gap if chance.random() < 0.5 else image.height - side - gap  # noqa: PLR2004 - either end
    colour = tuple(int(part) for part in chance.integers(0, 256, 3))
    draw.ellipse((x, y, x + side, y + side), fill=colour, outline="white", width=max(1, side // 20))
    draw.text(
        (x + side * 0.2, y + side * 0.3), "TV7", fill="white", font=ImageFont.load_default(max(8, int(side * 0.35)))
    )
    return image


def _watermarked(image: Image.Image, chance: Chance) -> Image.Image:
    layer = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(layer)
    size = max(12, image.width // 22)
    font = ImageFont.load_default(size)
    for y in range(-size, image.height + size, 4 * size):
        for x in range(-4 * size, image.width, 8 * size):
            draw.text(
                (x + (y // size % 2) * 3 * size, y), "agency photo", fill=int(chance.integers(70, 130)), font=font
            )
    layer = layer.rotate(float(chance.uniform(10, 35)))
    return Image.composite(Image.new("RGB", image.size, "white"), image, layer)


def _hidden(image: Image.Image, chance: Chance, how: str) -> Image.Image:
    """One to four boxes, each a hundredth to a sixteenth of the area, pixelated, blurred or blacked out."""
    image = image.copy()
    for _ in range(int(chance.integers(1, 5))):
        width, height = (int(side * chance.uniform(0.1, 0.25)) for side in image.size)
        left, top = int(chance.integers(image.width - width)), int(chance.integers(image.height - height))
        box = (left, top, left + width, top + height)
        part = image.crop(box)
        if how == "pixelated":
            few = max(2, width // max(8, image.width // 40)), max(2, height // max(8, image.width // 40))
            part = part.resize(few, Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
        elif how == "blurred":
            part = part.filter(ImageFilter.GaussianBlur(width / 8))
        else:
            part = Image.new("RGB", part.size, "black")
        image.paste(part, box)
    return image


def _warped(image: Image.Image, corners: NDArray[np.float64], size: tuple[int, int], fill: Image.Image) -> Image.Image:
    """The picture with its corners at ``corners`` (shape (4, 2), clockwise from the upper left) of ``fill``."""
    import cv2  # noqa: PLC0415 - beside the one place that needs it

    width, height = image.size
    here = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(here, corners.astype(np.float32))
    samples = cv2.warpPerspective(np.asarray(image), matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)
    return Image.composite(Image.fromarray(samples), fill, Image.fromarray(mask))


def _skewed(image: Image.Image, chance: Chance) -> Image.Image:
    width, height = image.size
    here = np.array([[0.0, 0], [width, 0], [width, height], [0, height]])
    corners = here + chance.uniform(-0.13, 0.13, (4, 2)) * [width, height]
    corners -= corners.min(axis=0)
    size = int(corners[:, 0].max()) + 1, int(corners[:, 1].max()) + 1
    return _warped(image, corners, size, Image.new("RGB", size, "black"))


def _rephotographed(image: Image.Image, chance: Chance) -> Image.Image:
    """A print on a desk: askew, in perspective, under a lamp's glare, with a camera's blur and noise."""
    width, height = 1400, 1050
    desk = screens.desk((width, height), chance)
    scale = float(chance.uniform(0.6, 0.8)) * min(width / image.width, height / image.height)
    half = np.array([image.width, image.height]) * scale / 2
    corners = np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]]) * half
    turn = np.radians(chance.uniform(-15, 15))
    corners = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners += chance.uniform(-0.09, 0.09, (4, 2)) * half * 2 + [width / 2, height / 2]
    margin = ImageOps.expand(image, max(4, image.width // 40), fill="white")
    photo = np.asarray(_warped(margin, corners, (width, height), desk)).astype(np.float64)
    y, x = np.mgrid[0:height, 0:width]
    lamp = chance.uniform(0.25, 0.75, 2) * [width, height]
    glare = np.exp(-((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / (2 * (0.11 * width) ** 2))
    shade = 0.75 + 0.3 * x / width
    lit = photo * shade[..., None] + 130 * glare[..., None] + chance.normal(0, 4, photo.shape)
    taken = Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.9))
    return encoded(taken, 75)


def _collage(image: Image.Image, chance: Chance, others: Sequence[Image.Image], count: int) -> Image.Image:
    across = 2
    side = (700, 700) if count == 2 else (640, 480)  # noqa: PLR2004 - two side by side are taller
    canvas = Image.new("RGB", (across * side[0] + 12, (count // across) * side[1] + 12), "white")
    chosen = [others[int(k)] for k in chance.choice(len(others), count - 1, replace=len(others) < count)]
    place = int(chance.integers(count))
    chosen.insert(place, image)
    for number, each in enumerate(chosen):
        tile = ImageOps.fit(each, (side[0] - 8, side[1] - 8), Image.Resampling.BICUBIC)
        canvas.paste(tile, (8 + (number % across) * side[0], 8 + (number // across) * side[1]))
    return encoded(canvas, 80)


def _reposted(image: Image.Image, chance: Chance) -> Image.Image:
    """Four times: a little smaller, sharpened or cropped by a hair, encoded again."""
    for _ in range(4):
        image = _reduced(image, float(chance.uniform(0.72, 0.95)))
        image = cropped(image, 0.03, chance)
        if chance.random() < 0.4:  # noqa: PLR2004 - some platforms sharpen
            image = image.filter(ImageFilter.UnsharpMask(1.2, 80, 2))
        image = encoded(image, int(chance.integers(35, 70)))
    return image


def _story(image: Image.Image, chance: Chance) -> Image.Image:
    """The picture on a blurred, enlarged copy of itself, of a telephone's shape."""
    width, height = 720, 1280
    back = ImageOps.fit(image, (width, height)).filter(ImageFilter.GaussianBlur(40))
    back = ImageEnhance.Brightness(back).enhance(float(chance.uniform(0.5, 1.0)))
    front = image.resize((width, round(width * image.height / image.width)), Image.Resampling.BICUBIC)
    if front.height > 0.85 * height:
        front = front.resize((round(0.8 * height * image.width / image.height), round(0.8 * height)))
    back.paste(front, ((width - front.width) // 2, (height - front.height) // 2))
    return encoded(back, 75)


def _alone(simple: Simple) -> Mangle:
    return lambda image, chance, _others: simple(image, chance)


def _each(transform: Callable[[Image.Image, float, Chance], Image.Image], values: Sequence[float]) -> list[Mangle]:
    def with_value(value: float) -> Mangle:
        return lambda image, chance, _others: transform(image, value, chance)

    return [with_value(value) for value in values]


FAMILIES: Final[dict[str, list[Mangle]]] = {
    "re-encoded": _each(lambda image, quality, _: encoded(image, int(quality)), [5, 10, 25, 50, 90]),
    "resized": _each(lambda image, share, _: _reduced(image, share), [0.1, 0.25, 0.5, 0.75]),
    "stretched": [_alone(_stretched)],
    "toned": [_alone(_toned)],
    "coloured": [_alone(_coloured)],
    "blurred": [_alone(_blurred)],
    "noisy": [_alone(_noisy)],
    "mirrored": [_alone(lambda image, _: ImageOps.mirror(image))],
    "quarter turns": _each(lambda image, turn, _: image.rotate(turn, expand=True), [90, 180, 270]),
    "rotated 2-45": _each(_turned, [2, 5, 10, 20, 30, 45]),
    "crop to 30 %": _each(cropped, [0.1, 0.2, 0.3]),
    "crop 50 %": _each(cropped, [0.5]),
    "crop 70 %": _each(cropped, [0.7]),
    "border": [_alone(_bordered)],
    "letterbox": [_alone(_letterboxed)],
    "story frame": [_alone(_story)],
    "caption": [_alone(_captioned)],
    "text 10-30 %": [_alone(overwritten)],
    "logo": [_alone(logoed)],
    "watermark": [_alone(_watermarked)],
    "pixelated": [_alone(lambda image, chance: _hidden(image, chance, "pixelated"))],
    "blurred boxes": [_alone(lambda image, chance: _hidden(image, chance, "blurred"))],
    "blacked out": [_alone(lambda image, chance: _hidden(image, chance, "blacked out"))],
    "screenshot light": [_alone(lambda image, chance: screens.telephone(image, chance, dark=False))],
    "screenshot dark": [_alone(lambda image, chance: screens.telephone(image, chance, dark=True))],
    "screenshot desktop": [_alone(screens.desktop)],
    "perspective": [_alone(_skewed)],
    "re-photographed": [_alone(_rephotographed)],
    "collage of 2": [lambda image, chance, others: _collage(image, chance, others, 2)],
    "collage of 4": [lambda image, chance, others: _collage(image, chance, others, 4)],
    "crop+logo+q40": [_alone(lambda image, chance: encoded(logoed(cropped(image, 0.2, chance), chance), 40))],
    "repost chain": [_alone(_reposted)],
    "mirror+crop+text": [
        _alone(lambda image, chance: encoded(overwritten(cropped(ImageOps.mirror(image), 0.3, chance), chance), 60))
    ],
    "screenshot+crop": [
        _alone(
            lambda image, chance: cropped(
                screens.telephone(cropped(image, 0.25, chance), chance, dark=bool(chance.integers(2))), 0.2, chance
            )
        )
    ],
}
"""By name, each with its strengths, which take turns."""

GOALS: Final[dict[str, float]] = {
    **dict.fromkeys(
        ("re-encoded", "resized", "toned", "coloured", "blurred", "noisy", "mirrored", "quarter turns"), 0.99
    ),
    **dict.fromkeys(("border", "letterbox"), 0.95),
    **dict.fromkeys(("text 10-30 %", "logo"), 0.97),
    **dict.fromkeys(("crop to 30 %", "rotated 2-45"), 0.98),
    "crop 50 %": 0.95,
    "crop 70 %": 0.90,
    **dict.fromkeys(("screenshot light", "screenshot dark", "screenshot desktop"), 0.90),
    "caption": 0.92,
    **dict.fromkeys(("perspective", "re-photographed"), 0.98),
    **dict.fromkeys(("crop+logo+q40", "repost chain", "mirror+crop+text"), 0.95),
    "screenshot+crop": 0.80,
    "collage of 2": 0.97,
    "collage of 4": 0.85,
}
"""The share that must be found again, at one level or another, of the families that have a goal."""


def mangled(family: str, number: int, image: Image.Image, others: Sequence[Image.Image], seed: int = 0) -> Image.Image:
    """The ``number``-th picture after a transformation of a family; the same words always give the same picture."""
    strengths = FAMILIES[family]
    chance = np.random.default_rng([seed, list(FAMILIES).index(family), number])
    return strengths[number % len(strengths)](image, chance, others)
