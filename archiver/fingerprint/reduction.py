"""From an opened picture to the one small grey picture, and the 64 x 64 samples, that every fingerprint is made of.

The law is the algorithm's name (see ``archiver.fingerprint.algorithm``): reduced by 8, 4, 2 or 1 to no less than 512
pixels a side, colours in sRGB, transparency over white, luma by BT.601, upright. Reducing comes first, so that the
larger copies are small; box averages and the weighted sums commute up to rounding.

This is as far as the process goes that reads the file. It needs no numpy for that (but for wide integers and floats),
and so whoever is forked for each file is smaller by a third.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from PIL import Image

from archiver.fingerprint.algorithm import SIDE
from archiver.fingerprint.colour import conversion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHORTEST: Final = 512
"""Pixels a side that a reduction keeps at least: a scaled decode to 512 moves the bits by 0.4 of 256 on average against
the full decode (at most 4 were seen), one to 256 by up to 6."""

UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture of an EXIF orientation upright (CIPA DC-008-2019, tag 0x0112); 1 needs nothing."""


def grey(image: Image.Image) -> Image.Image:
    """The reduced grey picture of an opened one, mode ``L``, not turned yet.

    Of a JPEG of which no pixel was read it asks for the scaled decode. Other decoders take that as leave to hand over
    an embedded thumbnail, which may show something else.

    Raises:
        Exception: of any kind, as Pillow's decoders raise them for pictures that do not decode.
    """
    return _shown(image, "L", SHORTEST)[0]


def grey_and_coded(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The same, and the grey picture that it would be without its profile, where that changes any tone."""
    shown, coded = _shown(image, "L", SHORTEST)
    return shown, None if coded is None else _luma(coded)


def within(image: Image.Image, longest: int) -> Image.Image:
    """The picture reduced by averages to no more than so many pixels along its longer side; never enlarged."""
    if max(image.size) <= longest:
        return image
    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.BOX)


def shown(image: Image.Image, mode: str, longest: int) -> Image.Image:
    """The picture as it is to be seen, reduced to so many pixels along its longer side, not turned yet.

    Args:
        image: an opened picture of which nothing was read yet.
        mode: ``L`` (luma by BT.601, as it is fingerprinted) or ``RGB``.
        longest: pixels.

    Raises:
        Exception: of any kind, as Pillow's decoders raise them for pictures that do not decode.
    """
    return within(_shown(image, mode, longest)[0], longest)


def _shown(image: Image.Image, mode: str, shortest: int) -> tuple[Image.Image, Image.Image | None]:
    """In sRGB, reduced to no less than so many pixels a side; and as coded, where that is not the same."""
    convert = conversion(image)
    if image.format in {"JPEG", "MPO"}:
        image.draft(mode if convert is None else image.mode, (shortest, shortest))
    image.load()
    reduced = _reduced(eight_bit(image), shortest)
    shown = _over_white(reduced if convert is None else convert(reduced))
    return shown if shown.mode == mode else shown.convert(mode), None if convert is None else reduced


def turned_upright(image: Image.Image, orientation: int | None) -> Image.Image:
    """The picture as it is meant to be seen; ``orientation`` is EXIF's, 1 to 8, or none."""
    turn = UPRIGHT.get(orientation or 1)
    return image if turn is None else image.transpose(turn)


def samples(image: Image.Image) -> bytes:
    """The reduced luma of an upright grey picture (mode ``L``), as imagehash reduces it: 64 rows of 64, by Lanczos."""
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).tobytes()


def lying(image: Image.Image) -> Image.Image:
    """The transposed picture, which has to be reduced by itself (see ``archiver.fingerprint.orientations``)."""
    return image.transpose(Image.Transpose.TRANSPOSE)


def eight_bit(image: Image.Image) -> Image.Image:
    """Samples of more than eight bits, scaled to eight: 16-bit by 257, wider integers and floats by their own range."""
    if not image.mode.startswith(("I", "F")):
        return image
    if image.mode.startswith("I;16"):
        return image.convert("I").point([(sample + 128) // 257 for sample in range(1 << 16)], "L")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a child for one file needs no threads
    import numpy as np  # noqa: PLC0415 - few pictures need it

    return Image.fromarray(_stretched(np.asarray(image).astype(np.float64)))


def _stretched(samples: NDArray[np.float64]) -> NDArray[np.uint8]:
    import numpy as np  # noqa: PLC0415 - few pictures need it

    finite = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    scale = 255 / (high - low) if high > low else 0.0
    return np.rint((finite - low) * scale).astype(np.uint8)


def _reduced(image: Image.Image, shortest: int) -> Image.Image:
    if image.mode in {"P", "PA", "1"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    factor = next((f for f in (8, 4, 2) if min(image.size) >= f * shortest), 1)
    return image if factor == 1 else image.reduce(factor)


def _luma(image: Image.Image) -> Image.Image:
    image = _over_white(image)
    return image if image.mode == "L" else image.convert("L")


def _over_white(image: Image.Image) -> Image.Image:
    """Grey as it is, or in red, green and blue; transparency laid over white."""
    if image.mode in {"RGBA", "LA", "RGBa", "La"}:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")
