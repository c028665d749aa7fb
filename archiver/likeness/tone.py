"""Tone and colour: what turns the other picture's samples into the one's, as far as one rule for all pixels can.

The law: a rule is fitted so that regions that differ do not bend it. Least absolute deviations are found by
iteratively reweighted least squares (E. J. Schlossmacher, JASA 68(344), 1973). Where half of a picture is another one
that is not enough, so the rule is the one that most pixels follow: *nothing changed* comes first, then the rule of all,
then those of parts of the picture; it is fitted again on the pixels that follow it, and they alone say how tone and
colour changed. The rule never says *why* tone changed: a filter, a screen, a camera and a colour profile that was
dropped all do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.likeness.hues import colours, exchanged
from archiver.likeness.hues import greyed as _greyed
from archiver.likeness.resampling import LUMA
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.resampling import Shared

_ROUNDS = 15
_MOST = 8192
"""Pixels that a rule is fitted on, taken evenly over the grid."""
_SMALL = 1.0
_DARKEST, _BRIGHTEST, _ENOUGH = 4.0, 251.0, 0.25


@dataclass(frozen=True)
class Tone:
    """How the one's tone and colour follow from the other's.

    Attributes:
        gain: by channel (red, green, blue, or grey alone): 1 is unchanged.
        offset: by channel, levels of 255 at the middle of the scale (what level 128 became, less 128).
        saturation: the one's chroma over the other's; none where either is grey or hardly coloured.
        hues: how the hues changed, in words; none where they are the same. ``saturation`` says nothing then, and
            where channels were exchanged, ``gain`` and ``offset`` are against the one that each came from.
        greyed: the one is grey and the other coloured (``one``), or the other way round (``other``); else none.
        rule: shape (channels, channels + 1): a sample of the one is ``rule @ (sample of the other, 1)``.
        unexplained: median absolute deviation that the rule leaves, levels of 255.
    """

    gain: tuple[float, ...]
    offset: tuple[float, ...]
    saturation: float | None
    hues: str | None
    greyed: str | None
    rule: NDArray[np.float64]
    unexplained: float


def tone(both: Shared) -> Tone:
    """The tone rule between two pictures on one grid."""
    one, other = both.one[both.shown].astype(np.float64), both.other[both.shown].astype(np.float64)
    places = np.argwhere(both.shown)
    unclipped = ((one > _DARKEST) & (one < _BRIGHTEST)).all(axis=1)
    if unclipped.mean() >= _ENOUGH:  # what ran into an end of the scale says nothing of the rule
        one, other, places = one[unclipped], other[unclipped], places[unclipped]
    every = max(1, len(one) // _MOST)
    one, other, places = one[::every], other[::every], places[::every]
    channels = one.shape[1]
    greyed = _greyed(one, other) if channels > 1 else None
    if both.palette:  # dots of a few colours follow no rule one by one
        rule, unchanged = _fit(other, one), False
    else:
        rule, unchanged = _likeliest(other, one, places * _TILES // both.shown.shape)
        follows = off(rule, other, one) <= _FOLLOWS
        if follows.sum() > _LEAST * len(one):
            one, other = one[follows], other[follows]
            rule = _fit(other, one)
    order = exchanged(rule)
    taken = other[:, order]
    straight = [_fit(taken[:, [c]], one[:, [c]])[0] for c in range(channels)]
    if channels == 1:
        rule = np.array(straight).reshape(1, 2)
    saturation, hues = colours(one, other, order) if channels > 1 and greyed is None else (None, None)
    if unchanged:
        straight, saturation, hues = [np.array([1.0, 0.0])] * channels, None if saturation is None else 1.0, None
    return Tone(
        gain=tuple(float(line[0]) for line in straight),
        offset=tuple(float(line[0] * _MIDDLE + line[1] - _MIDDLE) for line in straight),
        saturation=saturation,
        hues=hues,
        greyed=greyed,
        rule=rule,
        unexplained=median(np.abs(one - lifted(other) @ rule.T)) if len(one) else 0.0,
    )


_FOLLOWS, _LEAST = 6.0, 0.3
"""Levels up to which a pixel follows a rule (of 24 photographs saved as JPEG at quality 85, 94 % and more of
each follow *unchanged*), and the share of pixels that must, for the others not to count."""
_AS_MANY, _MORE = 0.97, 1.25
"""Times as many pixels as follow the rule of all: for *unchanged* to be preferred to it (in 24 photographs saved as
JPEG 0.99 times as many follow it, up to 0.81 with 0.9 times the contrast, up to 0.77 with half of the colours), and for
the rule of a part."""
_TILES: Final = 3
"""Parts along each side that a rule is fitted on: what replaces half of a picture leaves some of them whole."""


def _likeliest(
    given: NDArray[np.float64], wanted: NDArray[np.float64], tiles: NDArray[np.intp]
) -> tuple[NDArray[np.float64], bool]:
    """The rule that most pixels follow, shape (channels, channels + 1), and whether it is that nothing changed."""
    whole = _fit(given, wanted)
    if not len(given):
        return whole, True
    same = np.eye(*whole.shape)
    share, unchanged = (float((off(rule, given, wanted) <= _FOLLOWS).mean()) for rule in (whole, same))
    if unchanged >= max(_AS_MANY * share, _LEAST):
        return same, True
    best, most = whole, max(_MORE * share, _LEAST)
    if share < 1 - _LEAST:
        number = tiles[:, 0] * _TILES + tiles[:, 1]
        for tile in range(_TILES * _TILES):
            here = number == tile
            if here.sum() >= _FEW:
                rule = _fit(given[here], wanted[here])
                part = float((off(rule, given, wanted) <= _FOLLOWS).mean())
                best, most = (rule, part) if part > most else (best, most)
    return best, False


def off(rule: NDArray[np.float64], given: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels by which each pixel's worst channel leaves a rule, shape (n,)."""
    return np.asarray(np.abs(wanted - lifted(given) @ rule.T).max(axis=1), np.float64)


def lifted(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Samples with a 1 behind each, as rules take them."""
    return np.hstack([samples, np.ones((len(samples), 1))])


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
