"""PDQ, the fingerprint that other tools exchange: 256 bits and a quality, equal to the reference's, in numpy alone.

The law: for the same pixels ``pdq`` gives what ``pdqhash.compute`` gives, bit for bit: that is the reference of
facebook/ThreatExchange behind its Python binding, and what Hasher-Matcher-Actioner stores. The reference is C++ and
comes as source only; this needs no compiler. It takes the reference's steps in the reference's order, because single
precision rounds at each of them:

1. Luma: 0.299 R + 0.587 G + 0.114 B in double precision, then single (the C++ program itself computes it in single).
2. Twice a box filter along the rows, then down the columns, each a running sum that adds the sample ahead before it
   takes the one behind away; a box is as wide as a 128th of the side, rounded up, and narrower at the edges.
3. 64 x 64 samples, at the centres of equal cells. A picture of just 64 x 64 is taken as it stands.
4. Quality: the differences of neighbours in whole hundredths of the range, summed, divided by 90, at most 100.
5. The cosine transform's frequencies 1 to 16 along both sides, each a sum from the first sample to the last.
6. One bit each: is it over the lower median (the 128th of 256 in order)? Written from the last bit to the first.

A picture under 5 pixels a side has no bits set and quality 0.

Method: "PDQ & TMK + PDQF" (Facebook, 2019). Built for processors that fuse multiplication with addition (most ARM
compilers do so unasked), the reference itself differs from its build for x86-64 in single bits; this equals the latter.

Which pixels go in is in the algorithm's name (``archiver.fingerprint.algorithm.PDQ``): the first frame at full size, as
coded (no EXIF orientation), transparency dropped, as python-threatexchange reads a file. Palettes and print colours are
turned into RGB first, and 16-bit grey is scaled to 8; that program hashes a palette's numbers and the amounts of ink,
and cuts 16 bits off at 255, which no copy of the picture in another format would match.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.fingerprint.orientations import NAMES, eight_ways

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

SIDE: Final = 64
LOW: Final = 16
SMALLEST: Final = 5
"""Pixels a side under which the reference gives no fingerprint."""

_PASSES = 2
_STRIP = 256
"""Rows whose luma is computed at a time: double precision of a whole large picture would be a waste of memory."""

Single = np.float32


def pdq(picture: NDArray[np.uint8]) -> tuple[str, int]:
    """The fingerprint of a picture.

    Args:
        picture: shape (height, width, 3), RGB, or (height, width), grey.

    Returns:
        64 hexadecimal digits, and the quality, 0 (flat) to 100.

    Raises:
        ValueError: the array has another shape.
    """
    reduced = reduce(picture)
    if reduced is None:
        return "0" * (LOW * LOW // 4), 0
    return digits(transform(reduced)), quality(reduced)


def pdq_turned(picture: NDArray[np.uint8]) -> tuple[tuple[tuple[str, str], ...], int]:
    """The eight fingerprints to look for, under the names of ``archiver.fingerprint.orientations``, and the quality.

    They come from the one transform, by exchanging rows and columns and changing signs, as the reference makes its
    eight ("dihedral") ones. ``upright`` equals ``pdq``; the others lie some bits from ``pdq`` of the turned picture,
    because a box of even width is not symmetric and the cells' centres do not fall on mirrored pixels: on 120
    photographs of 481 x 321 pixels 0 to 12 bits by the median and 30 at the most.

    Args:
        picture: as for ``pdq``.
    """
    reduced = reduce(picture)
    if reduced is None:
        return tuple((name, "0" * (LOW * LOW // 4)) for name in NAMES), 0
    return turned(reduced), quality(reduced)


def turned(reduced: NDArray[np.float32]) -> tuple[tuple[str, str], ...]:
    """The eight fingerprints of ``pdq_turned`` from 64 x 64 samples."""
    standing = transform(reduced)
    sign = np.where(np.arange(LOW) % 2, 1, -1).astype(Single)  # the first frequency is 1, which a mirror turns round
    each = eight_ways(standing, standing.T, lambda m: m * sign[:, np.newaxis], lambda m: m * sign)
    return tuple((name, digits(coefficients)) for name, coefficients in zip(NAMES, each, strict=True))


def as_read(image: Image.Image) -> NDArray[np.uint8]:
    """The samples of an opened picture as the algorithm's name says them: full size, as coded, transparency dropped.

    Returns:
        Shape (height, width, 3), or (height, width) of a grey picture.

    Raises:
        Exception: of any kind, as Pillow's decoders raise them for pictures that do not decode.
    """
    from archiver.fingerprint.reduction import eight_bit  # noqa: PLC0415 - Pillow, which arrays do without

    image.load()
    image = eight_bit(image)
    if image.mode not in {"RGB", "L", "RGBA", "RGBX"}:
        image = image.convert("RGB")
    samples = np.asarray(image)
    return samples if image.mode == "L" else samples[:, :, :3]


def reduce(picture: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """The 64 x 64 samples (steps 1 to 3); nothing for a picture too small to have a fingerprint."""
    if picture.ndim not in {2, 3} or (picture.ndim == 3 and picture.shape[2] != 3):  # noqa: PLR2004 - the shapes above
        raise ValueError(f"an array of shape {picture.shape} is no picture in grey or RGB")
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST:
        return None
    luma = _luma(picture)
    if (height, width) == (SIDE, SIDE):
        return luma
    for _ in range(_PASSES - 1):
        along = _box(luma.T.copy(), _box_width(width))
        luma = _box(along.T.copy(), _box_width(height))
    along = _box(luma.T.copy(), _box_width(width), keep=_centres(width))  # of the last pass only these are looked at
    return _box(along.T.copy(), _box_width(height), keep=_centres(height))


def of_samples(samples: bytes) -> NDArray[np.float32]:
    """The 64 x 64 samples of ``reduce``, written in little-endian single precision."""
    return np.frombuffer(samples, "<f4").astype(Single).reshape(SIDE, SIDE)


def transform(reduced: NDArray[np.float32]) -> NDArray[np.float32]:
    """The frequencies 1 to 16 of 64 x 64 samples, shape (16, 16), vertical before horizontal (step 5)."""
    down = np.zeros((LOW, SIDE), Single)
    for k in range(SIDE):  # one product after the other, as the reference sums: a matrix product rounds otherwise
        down += _COSINES[:, k, np.newaxis] * reduced[k]
    across = np.zeros((LOW, LOW), Single)
    for k in range(SIDE):
        across += down[:, k, np.newaxis] * _COSINES[:, k]
    return across


def quality(reduced: NDArray[np.float32]) -> int:
    """How much structure 64 x 64 samples have, 0 to 100 (step 4)."""
    hundredths = (np.diff(reduced, axis=axis) * Single(100) / Single(255) for axis in (0, 1))
    return min(100, sum(int(np.abs(each.astype(np.int64)).sum()) for each in hundredths) // 90)


def digits(coefficients: NDArray[np.float32]) -> str:
    """One bit for each of the 16 x 16 coefficients, from the last to the first, as 64 hexadecimal digits (step 6)."""
    flat = coefficients.ravel()
    middle = flat.size // 2 - 1
    return np.packbits((flat > np.partition(flat, middle)[middle])[::-1]).tobytes().hex()


def _cosines() -> NDArray[np.float32]:
    scale = float(Single(math.sqrt(2 / SIDE)))
    return np.array(
        [
            [scale * math.cos((math.pi / 2 / SIDE) * (row + 1) * (2 * column + 1)) for column in range(SIDE)]
            for row in range(LOW)
        ],
        Single,
    )


_COSINES: Final = _cosines()


def _luma(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    height, width = picture.shape[:2]
    red, green, blue = (picture[..., band] for band in range(3)) if picture.ndim == 3 else (picture,) * 3  # noqa: PLR2004 - bands
    luma = np.empty((height, width), Single)
    for top in range(0, height, _STRIP):
        part = slice(top, top + _STRIP)
        luma[part] = red[part] * 0.299 + green[part] * 0.587 + blue[part] * 0.114
    return luma


def _box_width(side: int) -> int:
    return -(-side // (2 * SIDE))


def _centres(side: int) -> list[int]:
    """Which of a side's pixels stand for the 64 cells."""
    return [int((cell + 0.5) * side / SIDE) for cell in range(SIDE)]


def _box(samples: NDArray[np.float32], width: int, *, keep: list[int] | None = None) -> NDArray[np.float32]:
    """Means of ``width`` neighbours along the first axis, by a running sum; of the rows to ``keep``, or of all.

    The box at row ``i`` reaches from ``i - behind + 1`` to ``i + ahead``, as far as there are rows.
    """
    length = len(samples)
    ahead = (width + 2) // 2 - 1
    behind = width - ahead
    total = np.zeros(samples.shape[1], Single)
    for row in range(ahead):
        total += samples[row]
    wanted = sorted(set(keep)) if keep is not None else range(length)
    place = {row: at for at, row in enumerate(wanted)}
    means = np.empty((len(wanted), samples.shape[1]), Single)
    for row in range(length):
        if row + ahead < length:
            total += samples[row + ahead]
        if row >= behind:
            total -= samples[row - behind]
        if row in place:
            count = min(row + ahead, length - 1) - max(row - behind, -1)
            np.divide(total, Single(count), out=means[place[row]])
    return means if keep is None else means[[place[row] for row in keep]]  # of a small picture, a row several times
