"""Colours as a picture's own ICC profile means them, in sRGB (IEC 61966-2-1), by Little CMS.

What a viewer shows is what is fingerprinted, so that nobody hides a picture from a look-up behind a profile: one that
turns every tone over, say, above pixels that show a negative.

The law: a picture without a profile, with one that does not hold, or with one of another kind of colours than its own
is taken as it is coded; and so is one whose profile moves no tone of a grid by more than ``SAME`` levels, which is how
the many profiles that mean sRGB are told, whatever they call themselves. Every other is converted with the intent
*perceptual* (ICC.1:2022, 6.2.2), which leaves to the profile what becomes of colours that sRGB does not have.
"""

from __future__ import annotations

import io
from itertools import product
from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import ImageCms

SAME: Final = 2
"""Levels of 255. Of the profiles called sRGB that were met, none moved a tone by more than one."""

_STEPS: Final = 9
"""Tones along each axis of the grid: 0 to 255 in steps of 32."""

_COLOURS: Final = {
    "L": "L",
    "LA": "L",
    "RGB": "RGB",
    "RGBA": "RGB",
    "P": "RGB",
    "PA": "RGB",
    "CMYK": "CMYK",
}
"""The mode of a picture's colours alone, by its own; of every other mode the colours are taken as coded."""


def conversion(image: Image.Image) -> Callable[[Image.Image], Image.Image] | None:
    """What turns the colours of a picture, or of a reduced one of it, to sRGB; none where they are taken as coded.

    Args:
        image: an opened picture, of which no pixel need have been read.

    Returns:
        a function of a picture of 8 bits a sample, palettes expanded, that gives mode ``RGB``, or ``RGBA`` where there
        was transparency.
    """
    profile = image.info.get("icc_profile")
    mode = "L" if image.mode.startswith("I;16") else _COLOURS.get(image.mode)
    if not isinstance(profile, bytes) or not profile or mode is None:
        return None
    transform = _transform(profile, mode)
    if transform is None or (mode == "RGB" and _same(transform)):
        return None

    def convert(image: Image.Image) -> Image.Image:
        alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
        converted = transform.apply(image if image.mode == mode else image.convert(mode))
        if alpha is not None:
            converted.putalpha(alpha)
        return converted

    return convert


def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    from PIL import ImageCms  # noqa: PLC0415 - few pictures have a profile

    try:
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _same(transform: ImageCms.ImageCmsTransform) -> bool:
    tones = [min(32 * step, 255) for step in range(_STEPS)]
    grid = bytes(level for colour in product(tones, repeat=3) for level in colour)
    shown = transform.apply(Image.frombytes("RGB", (_STEPS**2, _STEPS), grid)).tobytes()
    return all(abs(one - other) <= SAME for one, other in zip(grid, shown, strict=True))
