"""Tone and colour: what turns the other picture's samples into the one's, as far as one rule for all pixels can.

The law: a rule is fitted so that regions that differ do not bend it. Least absolute deviations are found by
iteratively reweighted least squares (E. J. Schlossmacher, JASA 68(344), 1973): a third of the pixels may be overlaid,
and the rule stays that of the others. The rule never says *why* tone changed: a filter, a screen, a camera and a colour
profile that was dropped all do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from archiver.likeness.resampling import LUMA
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.resampling import Shared

_ROUNDS = 15
_MOST = 8192
"""Pixels that a rule is fitted on, taken evenly over the grid."""
_COLOURLESS, _COLOURFUL = 2.5, 6.0
"""Mean absolute chroma in levels of 255: a grey JPEG's decoder leaves about one, muted photographs have 8 and more."""
_SMALL = 1.0
_DARKEST, _BRIGHTEST, _ENOUGH = 4.0, 251.0, 0.25


@dataclass(frozen=True)
class Tone:
    """How the one's tone and colour follow from the other's.

    Attributes:
        gain: by channel (red, green, blue, or grey alone): 1 is unchanged.
        offset: by channel, levels of 255 at the middle of the scale (what level 128 became, less 128).
        saturation: the one's chroma over the other's; none where either is grey or hardly coloured.
        greyed: the one is grey and the other coloured (``one``), or the other way round (``other``); else none.
        rule: shape (channels, channels + 1): a sample of the one is ``rule @ (sample of the other, 1)``.
        unexplained: median absolute deviation that the rule leaves, levels of 255.
    """

    gain: tuple[float, ...]
    offset: tuple[float, ...]
    saturation: float | None
    greyed: str | None
    rule: NDArray[np.float64]
    unexplained: float


def tone(both: Shared) -> Tone:
    """The tone rule between two pictures on one grid."""
    one, other = both.one[both.shown].astype(np.float64), both.other[both.shown].astype(np.float64)
    unclipped = ((one > _DARKEST) & (one < _BRIGHTEST)).all(axis=1)
    if unclipped.mean() >= _ENOUGH:  # what ran into an end of the scale says nothing of the rule
        one, other = one[unclipped], other[unclipped]
    every = max(1, len(one) // _MOST)
    one, other = one[::every], other[::every]
    channels = one.shape[1]
    straight = [_fit(other[:, [c]], one[:, [c]])[0] for c in range(channels)]
    rule = _fit(other, one) if channels > 1 else np.array(straight).reshape(1, 2)
    lifted = np.hstack([other, np.ones((len(other), 1))])
    left = median(np.abs(one - lifted @ rule.T)) if len(one) else 0.0
    saturation, greyed = _colour(one, other) if channels > 1 else (None, None)
    return Tone(
        gain=tuple(float(line[0]) for line in straight),
        offset=tuple(float(line[0] * _MIDDLE + line[1] - _MIDDLE) for line in straight),
        saturation=saturation,
        greyed=greyed,
        rule=rule,
        unexplained=left,
    )


_MIDDLE = 128.0


def in_grey(both: Shared, greyed: str) -> Shared:
    """Both in grey, one channel each: luma of the grey one, and what of the other's colours comes closest to that.

    Programs make grey by luma, by the mean, by the lightest channel or by a filter for one colour: the weights are
    fitted, and are those of luma where nothing decides.

    Args:
        both: one of the two is grey.
        greyed: which of the two, ``one`` or ``other``.
    """
    grey, coloured = (both.one, both.other) if greyed == "one" else (both.other, both.one)
    luma = (grey @ LUMA)[:, :, np.newaxis]
    given = np.concatenate([(coloured @ LUMA)[:, :, np.newaxis], coloured[:, :, ::2]], axis=2)
    every = max(1, int(both.shown.sum()) // _MOST)
    rule = _fit(given[both.shown][::every].astype(np.float64), luma[both.shown][::every].astype(np.float64))
    made = np.clip(given @ rule[:, :-1].T + rule[:, -1], 0, 255).astype(np.float32)
    one, other = (luma, made) if greyed == "one" else (made, luma)
    return replace(both, one=one, other=other)


def compensated(both: Shared, rule: NDArray[np.float64]) -> NDArray[np.float32]:
    """The other's samples after the rule, and after a rising curve by channel for what no straight line explains.

    The curve is the running median of the one's samples by the rule's level, in steps of ``_STEP`` levels: gamma and
    clipped highlights bend it; regions that differ do not, while they are fewer than half of the pixels of a level.

    Returns:
        Shape (height, width, channels).
    """
    straight = np.clip(both.other @ rule[:, :-1].T + rule[:, -1], 0, 255).astype(np.float32)
    bent = np.empty_like(straight)
    for channel in range(straight.shape[2]):
        bent[:, :, channel] = _curved(straight[:, :, channel], both.one[:, :, channel], both.shown)
    return bent


_MOST_BENT = 25.0
"""Levels: a black box in the other picture is a level of its own, and must not be bent into what lies under it."""
_STEP = 8
_FEW = 40
_BETTER, _FAR = 0.8, 20.0
"""A curve must explain a fifth of what the straight rule leaves, single pixels counting for up to so many levels: in a
picture of few colours a level may be a single thing, which changed by itself."""


def _curved(level: NDArray[np.float32], wanted: NDArray[np.float32], shown: NDArray[np.bool_]) -> NDArray[np.float32]:
    given, target = level[shown], wanted[shown]
    order = np.argsort(given, kind="stable")
    given, target = given[order], target[order]
    cuts = np.searchsorted(given, np.arange(0, 256 + _STEP, _STEP))
    knots = [
        (median(given[start:end]), median(target[start:end])) for start, end in pairwise(cuts) if end - start >= _FEW
    ]
    if len(knots) < 2:  # noqa: PLR2004 - a curve needs two ends
        return level
    x, y = np.array(knots).T
    y = np.maximum.accumulate(y)
    shift = np.clip(np.interp(level, x, y - x), -_MOST_BENT, _MOST_BENT)
    bent = np.asarray(np.clip(level + shift, 0, 255), np.float32)
    straight_off, bent_off = (np.minimum(np.abs(each - wanted)[shown], _FAR).mean() for each in (level, bent))
    return bent if bent_off < _BETTER * straight_off else level


def _fit(given: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least absolute deviations, shape (outputs, inputs + 1), pulled lightly to *unchanged* where nothing decides."""
    count, inputs = given.shape
    if count == 0:
        return np.eye(inputs, inputs + 1)[: wanted.shape[1]]
    design = np.hstack([given - _MIDDLE, np.ones((count, 1))])
    unchanged = np.eye(inputs + 1)[: wanted.shape[1]]
    target = wanted - _MIDDLE
    weight = np.ones(count)
    pull = np.diag([_PULL * count] * inputs + [0.0])
    found = unchanged.T
    for _ in range(_ROUNDS):
        weighted = design * weight[:, np.newaxis]
        normal = weighted.T @ design + pull + 1e-6 * np.eye(inputs + 1)
        found = np.asarray(np.linalg.solve(normal, weighted.T @ target + pull @ unchanged.T), np.float64)
        weight = 1.0 / np.maximum(np.abs(target - design @ found).max(axis=1), _SMALL)
    found = found.T
    shift = found[:, -1] + _MIDDLE - found[:, :-1].sum(axis=1) * _MIDDLE
    return np.hstack([found[:, :-1], shift[:, np.newaxis]])


_PULL = 0.5
"""In squared levels a pixel: nothing against the hundreds that any picture's own variance has, and enough to decide
where a channel is flat."""


def _colour(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float | None, str | None]:
    chroma = [samples - (samples @ LUMA.astype(np.float64))[:, np.newaxis] for samples in (one, other)]
    much = [float(np.abs(part).mean()) if len(part) else 0.0 for part in chroma]
    if much[0] < _COLOURLESS and much[1] > _COLOURFUL:
        return None, "one"
    if much[1] < _COLOURLESS and much[0] > _COLOURFUL:
        return None, "other"
    if min(much) < _COLOURLESS:
        return None, None
    mine, theirs = (part - [median(each) for each in part.T] for part in chroma)
    size = np.abs(theirs).sum(axis=1)
    strong = size >= median(size)
    slope = median((mine[strong] * theirs[strong]).sum(axis=1) / np.maximum((theirs[strong] ** 2).sum(axis=1), 1e-6))
    return float(slope), None
