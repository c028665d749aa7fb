"""How colours changed: their strength, other hues, channels that were exchanged, or none left at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.likeness.resampling import LUMA
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLOURLESS, _COLOURFUL = 2.5, 6.0
"""Mean absolute chroma in levels of 255: a grey JPEG's decoder leaves about one, muted photographs have 8 and more."""
_TAKEN, _LEFT = 0.6, 0.4
"""Of a channel, how much at least comes from the one that it was exchanged for, and how much at most from another."""
_SAME_HUE: Final = 0.5
"""Cosine between the two chromas of a pixel from which on, in the median, hues count as the same: 60 degrees of the
colour circle. Of 24 photographs, those with 0.5 and 1.6 times the colours had 0.98 and more, those with red and blue
exchanged 0.02 and less."""
_NAMES: Final = ("red", "green", "blue")


def greyed(one: NDArray[np.float64], other: NDArray[np.float64]) -> str | None:
    """Which of the two is grey, ``one`` or ``other``, where the other one is coloured; else none."""
    much = _much(one), _much(other)
    if much[0] < _COLOURLESS and much[1] > _COLOURFUL:
        return "one"
    return "other" if much[1] < _COLOURLESS and much[0] > _COLOURFUL else None


def exchanged(rule: NDArray[np.float64]) -> list[int]:
    """For each channel of the one, the channel of the other that it was made of; its own where that is not plain."""
    weights = np.abs(rule[:, :-1])
    most = [int(place) for place in weights.argmax(axis=1)]
    rest = weights.copy()
    rest[np.arange(len(most)), most] = 0
    plain = sorted(most) == list(range(len(most))) and weights.max(axis=1).min() >= _TAKEN and rest.max() <= _LEFT
    return most if plain else list(range(len(most)))


def colours(one: NDArray[np.float64], other: NDArray[np.float64], order: list[int]) -> tuple[float | None, str | None]:
    """The one's chroma over the other's, and how hues changed, in words; none where either is hardly coloured.

    Args:
        one: samples, shape (n, 3).
        other: the same of the other.
        order: for each channel of the one, that of the other which it was made of.
    """
    if min(_much(one), _much(other)) < _COLOURLESS:
        return None, None
    moved = [_NAMES[channel] for channel, origin in enumerate(order) if channel != origin]
    mine, theirs = (part - [median(each) for each in part.T] for part in (_chroma(one), _chroma(other[:, order])))
    size = np.abs(theirs).sum(axis=1)
    strong = size >= median(size)
    mine, theirs = mine[strong], theirs[strong]
    product = (mine * theirs).sum(axis=1)
    slope = median(product / np.maximum((theirs**2).sum(axis=1), 1e-6))
    lengths = np.linalg.norm(mine, axis=1) * np.linalg.norm(theirs, axis=1)
    if moved:
        return slope, f"{', '.join(moved[:-1])} and {moved[-1]} exchanged"
    return slope, None if median(product / np.maximum(lengths, 1e-6)) >= _SAME_HUE else "other hues"


def _chroma(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(samples - (samples @ LUMA.astype(np.float64))[:, np.newaxis], np.float64)


def _much(samples: NDArray[np.float64]) -> float:
    return float(np.abs(_chroma(samples)).mean()) if len(samples) else 0.0
