"""The heat map: where two aligned pictures differ, drawn over a pale grey version of the one.

Light is no difference, dark red much; the scale is fixed, so that two maps can be compared and a faint one looks faint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from archiver.likeness.resampling import LUMA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.relation import Seen

FULL: Final = 64.0
"""Levels of difference from which on the colour is the strongest."""
_NOT_SHARED: Final = (208, 210, 214)
_STOPS: Final = np.array([[255, 255, 255], [254, 224, 144], [253, 141, 60], [215, 48, 31], [103, 0, 13]], np.float64)
"""From no difference to ``FULL``: lighter to darker throughout, so that it reads in grey, too."""


def heat_map(seen: Seen) -> Image.Image:
    """The map on the shared grid, mode ``RGB``."""
    both, found = seen.shared, seen.differences
    grey = both.one @ LUMA if both.one.shape[2] > 1 else both.one[:, :, 0]
    ground = (200 + grey * (55 / 255))[:, :, np.newaxis].repeat(3, axis=2)
    strength = np.clip(found.map / FULL, 0, 1)
    much = np.clip(strength * 3, 0, 1)[:, :, np.newaxis]
    drawn = ground * (1 - much) + colours(strength) * much
    drawn[~both.shown] = _NOT_SHARED
    return Image.fromarray(np.rint(drawn).astype(np.uint8))


def colours(strength: NDArray[np.floating]) -> NDArray[np.float64]:
    """Colours for strengths from 0 to 1, shape (…, 3)."""
    at = np.linspace(0, 1, len(_STOPS))
    return np.stack([np.interp(strength, at, _STOPS[:, channel]) for channel in range(3)], axis=-1)


def scale_bar(width: int, height: int) -> Image.Image:
    """The colours from no difference to ``FULL``, left to right."""
    strengths = np.linspace(0, 1, width)[np.newaxis].repeat(height, axis=0)
    return Image.fromarray(np.rint(colours(strengths)).astype(np.uint8))
