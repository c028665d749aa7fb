"""The stored fingerprint: 256 bits of the look of a picture, and how far those bits can be trusted.

The law: ``bits(matrix(grey))`` equals ``str(imagehash.phash(grey, hash_size=16))``, always 64 hexadecimal digits,
leading zeros kept. ``imagehash.phash`` itself loads scipy for one transform of 64 x 64 samples, which costs 280 ms; so
the transform is here (``archiver.fingerprint.cosine``), equal to the last bit, and imagehash writes the bits wherever
there is time to load it. Method: "Looks like it" (N. Krawetz, hackerfactor.com, 2011) as in imagehash 4.3: resize the
grey picture to 64 x 64, transform, keep the 16 x 16 lowest frequencies, one bit each: is it over their median?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from archiver.fingerprint.algorithm import SIDE
from archiver.fingerprint.cosine import low_frequencies

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

NOISE = 1.5
"""How far from the median a coefficient must lie, in the orthonormal scale where noise of one grey level a sample is
one, for its bit to count as decided. Sensor and JPEG noise left 0.4 on the reduced matrix; 1.5 leaves room for
heavier compression."""


def matrix(grey: Image.Image) -> NDArray[np.uint8]:
    """The reduced luma of an upright grey picture (mode ``L``), shape (64, 64)."""
    from archiver.fingerprint.reduction import samples  # noqa: PLC0415 - Pillow, which samples from elsewhere do without

    return of_samples(samples(grey))


def of_samples(samples: bytes) -> NDArray[np.uint8]:
    """What ``archiver.fingerprint.reduction.samples`` gave, as a matrix of shape (64, 64)."""
    return np.frombuffer(samples, np.uint8).reshape(SIDE, SIDE)


def bits(reduced: NDArray[np.uint8]) -> str:
    """The fingerprint of a 64 x 64 matrix: 64 hexadecimal digits."""
    return digits(low_frequencies(reduced))


def with_imagehash(coefficients: NDArray[np.float64]) -> str:
    """The same as ``digits``, written by the library that defines it."""
    import imagehash  # noqa: PLC0415 - it loads Pillow, which a command with a single question does without

    return str(imagehash.ImageHash(_over_median(coefficients)))


def digits(coefficients: NDArray[np.float64]) -> str:
    """One bit for each of the 16 x 16 coefficients, row by row, as 64 hexadecimal digits."""
    return np.packbits(_over_median(coefficients)).tobytes().hex()


def _over_median(coefficients: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Of one set of coefficients, shape (16, 16), or of several, shape (n, 16, 16), each against its own median."""
    return coefficients > _median(coefficients)[..., np.newaxis, np.newaxis]


def _median(coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
    """What ``np.median`` gives of each 16 x 16 coefficients, without the masked arrays that it loads for it."""
    every = coefficients.reshape(*coefficients.shape[:-2], -1)
    upper = every.shape[-1] // 2
    ordered = np.partition(every, (upper - 1, upper), axis=-1)
    found: NDArray[np.float64] = (ordered[..., upper - 1] + ordered[..., upper]) / 2
    return found


def digits_of_each(coefficients: NDArray[np.float64]) -> list[str]:
    """``digits`` of several sets of coefficients, shape (n, 16, 16), in one go."""
    over = _over_median(coefficients).reshape(len(coefficients), -1)
    return [row.tobytes().hex() for row in np.packbits(over, axis=1)]


def quality(reduced: NDArray[np.uint8]) -> int:
    """How many of a hundred bits are decided by the picture and not by noise: 0 (flat) to 100.

    A bit whose coefficient lies within ``NOISE`` of the median may fall either way in the next copy of the same
    picture. Flat pictures, even gradients, empty ruled pages and pictures that are their own mirror image have few
    decided bits; see ``archiver.fingerprint.algorithm.QUALITY_BOUND`` for what was measured.
    """
    return quality_of(low_frequencies(reduced))


def quality_of(coefficients: NDArray[np.float64]) -> int:
    """The same from the 16 x 16 coefficients."""
    orthonormal = np.abs(coefficients - _median(coefficients)) / (2 * SIDE)
    return int(100 * np.count_nonzero(orthonormal > NOISE) / orthonormal.size)


def distance(one: str, other: str) -> int:
    """How many bits differ between two fingerprints of the same algorithm.

    Raises:
        ValueError: they are not of the same length, or not hexadecimal.
    """
    if len(one) != len(other):
        raise ValueError(f"fingerprints of {4 * len(one)} and {4 * len(other)} bits cannot be compared")
    return (int(one, 16) ^ int(other, 16)).bit_count()
