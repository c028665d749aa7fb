"""From the samples that a child reduced a picture to, to its fingerprints: the same bits, whoever asks.

The child that reads the file says 64 x 64 samples and no more. What is made of them is made here, in the process that
asked, which a file cannot reach: no file can claim bits or a quality that its samples do not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.fingerprint import orientations, perceptual
from archiver.fingerprint.cosine import low_frequencies

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

Written = tuple[str, int, tuple[tuple[str, str], ...]]
"""Bits, quality, and the eight (name, bits) under which the picture is found turned or mirrored."""


def written(samples: bytes, lying: bytes | None, write: Callable[[NDArray[np.float64]], str]) -> Written:
    """The fingerprints of a picture.

    Args:
        samples: of the upright picture, 64 rows of 64.
        lying: of the transposed one; without them, the fingerprints that turn by a quarter may be a few bits off.
        write: writes the bits (``perceptual.digits`` or ``perceptual.with_imagehash``).
    """
    standing = perceptual.of_samples(samples)
    low = low_frequencies(standing)
    turned = orientations.nearly(low) if lying is None else orientations.exactly(standing, perceptual.of_samples(lying))
    return write(low), perceptual.quality_of(low), turned
