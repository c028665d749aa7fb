"""A border around a part: what of a picture is picture, where a part was cut out and a border or a strip put around it.

Points say where the picture lies, and not where it ends: a border around a cut-out part covers what the whole goes on
with, and seems to be laid over it. The law: what lies outside of an inner box (``archiver.fingerprint.inner_box``) is
no part of what both show where it is not what the other shows there, and what lies inside is. Where both pictures end
alike nothing is cut away: then a bar was laid over the picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.fingerprint.inner_box import inner_boxes
from archiver.likeness.alignment import GEOMETRY, holds, mapped
from archiver.likeness.differences import differences
from archiver.likeness.frames import overlap
from archiver.likeness.resampling import LUMA, shared
from archiver.likeness.tone import lifted, tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from archiver.likeness.alignment import Alignment
    from archiver.likeness.resampling import Shared
    from archiver.likeness.tone import Tone

_WHOLE: Final = 0.97
"""Share of both frames from which on the pictures end alike."""
_LEVELS: Final = 12.0
_OUTSIDE, _INSIDE = 0.5, 0.25
"""Share of the pixels outside of the box that must differ by so many levels, and share of the inside that may: of parts
of 24 photographs in white, black, grey and red borders 0.8 and more differed outside, and 0.16 at most inside."""
_LEAST: Final = 0.01
"""Share of what seems to be shared that must lie outside: less is the edge of a picture."""


def without_borders(
    alignment: Alignment, one: NDArray[np.uint8], other: NDArray[np.uint8], both: Shared
) -> Alignment | None:
    """The alignment with what is picture in each of the two, where one has a border; none where neither has.

    Args:
        alignment: where the other lies in the one.
        one: the one's reduced pixels, shape (height, width) or (height, width, 3).
        other: the same of the other.
        both: the two on one grid, under that alignment.
    """
    shares = overlap(alignment)
    bare = alignment.basis == GEOMETRY and alignment.one_content is None and alignment.other_content is None
    if not bare or min(shares.of_one, shares.of_other) >= _WHOLE:
        return None
    found = alignment
    for box in _boxes(one):
        tried = replace(found, one_content=box)
        if _explains(tried, one, other, both, box):
            found = tried
            break
    for box in _boxes(other):
        tried = replace(found, other_content=box)
        if _explains(tried, one, other, both, mapped(alignment.transform, box)):
            found = tried
            break
    return None if found is alignment else found


def _boxes(samples: NDArray[np.uint8]) -> Iterator[NDArray[np.float64]]:
    """The boxes within a picture, corners in its unit coordinates, shape (4, 2)."""
    grey = (samples @ LUMA).round().astype(np.uint8) if samples.ndim == 3 else samples  # noqa: PLR2004 - rows, columns, channels
    height, width = grey.shape
    for left, top, right, bottom in inner_boxes(grey):
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
        yield corners / (width, height)


def _explains(
    tried: Alignment, one: NDArray[np.uint8], other: NDArray[np.uint8], both: Shared, box: NDArray[np.float64]
) -> bool:
    """Whether the two agree within the box, and differ outside of it; the box in the one's unit coordinates."""
    inner = shared(one, other, tried)
    if inner is None:
        return False
    rule = tone(inner)
    found = differences(inner, rule)
    if found.widespread or found.share > _INSIDE:
        return False
    height, width = both.shown.shape
    across = both.left + (both.right - both.left) * (np.arange(width) + 0.5) / width
    down = both.top + (both.bottom - both.top) * (np.arange(height) + 0.5) / height
    places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    outside = both.shown & ~holds(box, places).reshape(both.shown.shape)
    return bool(outside.sum() > _LEAST * both.shown.sum() and _off(both, rule, outside) >= _OUTSIDE)


def _off(both: Shared, rule: Tone, where: NDArray[np.bool_]) -> float:
    """Share of the pixels there that are not what the rule makes of the other's."""
    expected = np.clip(lifted(both.other[where].astype(np.float64)) @ rule.rule.T, 0, 255)
    return float((np.abs(both.one[where] - expected).max(axis=1) > _LEVELS).mean())
