"""How many bits the scaled decode moves a fingerprint, against a full decode of the same JPEG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from archiver.fingerprint import perceptual, reduction

if TYPE_CHECKING:
    from typing import BinaryIO


def moved_bits(jpeg: BinaryIO) -> int:
    """Bits of 256 between the fingerprint from libjpeg's scaled decode and the one from the full picture.

    Args:
        jpeg: an open JPEG, which must decode.
    """
    with Image.open(jpeg, formats=("JPEG",)) as scaled:
        near = perceptual.bits(perceptual.matrix(reduction.grey(scaled)))
    jpeg.seek(0)
    with Image.open(jpeg, formats=("JPEG",)) as full:
        far = perceptual.bits(perceptual.matrix(full.convert("L")))
    return perceptual.distance(near, far)
