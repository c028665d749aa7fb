"""The digest of the pixels: equal for two files whenever they decode to the same picture, losslessly.

SHA-256 over a header that names the algorithm, width and height, then the samples of the upright first frame row by
row, as decoded, with no colour conversion: a PNG saved again as another PNG, WebP, TIFF or BMP keeps its digest, a
JPEG encoded again does not. The picture is read in strips, so that no second copy of it is ever in memory.

There is no digest where the decoder does not hand over what the file holds: 16-bit colour (Pillow keeps eight bits) and
wide integers or floats. Two files that differ only in what was dropped would look equal.
"""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

from archiver.fingerprint.algorithm import PIXELS_CMYK8, PIXELS_GREY16, PIXELS_RGBA8, Algorithm
from archiver.fingerprint.reduction import UPRIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

_STRIP = 1 << 20
"""Pixels in a strip: 4 MiB of RGBA."""

_RGBA8 = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"})


def digest(image: Image.Image, orientation: int | None = None) -> tuple[Algorithm, str] | None:
    """The pixel digest of an opened picture.

    Args:
        image: the picture, opened, at its full size (no ``draft``), first frame.
        orientation: EXIF orientation 1 to 8, or none.

    Returns:
        The algorithm and 64 hexadecimal digits, or none where the decoder drops what the file holds.

    Raises:
        OSError, ValueError, SyntaxError, MemoryError: as Pillow raises them for pictures that do not decode.
    """
    if _drops_samples(image):
        return None
    image.load()
    if image.mode in _RGBA8:
        algorithm = PIXELS_RGBA8
    elif image.mode.startswith("I;16"):
        algorithm = PIXELS_GREY16
    elif image.mode == "CMYK":
        algorithm = PIXELS_CMYK8
    else:
        return None
    turned = (orientation or 1) >= 5  # noqa: PLR2004 - EXIF orientations 5 to 8 swap the sides
    width, height = (image.height, image.width) if turned else image.size
    state = hashlib.sha256(f"{algorithm} {width}x{height}\n".encode())
    for strip in _strips(image, orientation or 1, turned=turned):
        state.update(_samples(strip, algorithm))
    return algorithm, state.hexdigest()


def _drops_samples(image: Image.Image) -> bool:
    """Whether the decoder reads colour samples of 16 bits into eight, as its raw mode tells before decoding."""
    raw = [str(argument) for tile in getattr(image, "tile", ()) for argument in _arguments(tile[3])]
    return not image.mode.startswith("I;16") and any(";16" in argument for argument in raw)


def _arguments(arguments: object) -> tuple[object, ...]:
    return arguments if isinstance(arguments, tuple) else (arguments,)


def _strips(image: Image.Image, orientation: int, *, turned: bool) -> Iterator[Image.Image]:
    """The upright picture from the top down, each strip cut from the stored one and then turned."""
    length, across = (image.width, image.height) if turned else (image.height, image.width)
    backwards = orientation in {3, 4, 7, 8}  # the upright top is the stored bottom, or the stored right
    step = max(1, _STRIP // across)
    for start in range(0, length, step):
        end = min(length, start + step)
        low, high = (length - end, length - start) if backwards else (start, end)
        box = (low, 0, high, image.height) if turned else (0, low, image.width, high)
        strip = image.crop(box)
        yield strip.transpose(UPRIGHT[orientation]) if orientation != 1 else strip


def _samples(strip: Image.Image, algorithm: Algorithm) -> bytes:
    if algorithm == PIXELS_RGBA8:
        return strip.convert("RGBA").tobytes()
    if algorithm == PIXELS_CMYK8:
        return strip.tobytes()
    import numpy as np  # noqa: PLC0415 - only 16-bit pictures need it

    samples = np.asarray(strip)
    return samples.astype("<u2", copy=False).tobytes() if sys.byteorder == "big" else samples.astype("<u2").tobytes()
