"""Regions in which two aligned pictures differ by more than encoding, resampling and tone explain.

The law: a difference is told only where it stands out from what the rest of the same pair shows. Three things keep
clean copies silent:

1. *Sharpness* is matched first: of the two the sharper one is softened until they differ least, so that a copy that was
   reduced and enlarged again, or heavily compressed, does not differ in every edge.
2. A pixel differs only by what it exceeds its counterpart's *neighbourhood*: the range of the 3 x 3 pixels around the
   counterpart, both ways round. A shift by one pixel of the grid is no difference. Both ways: text over a picture
   leaves the range of what was there; a blurred face keeps within it, but what was there leaves the range of the blur.
3. Blocks are judged against the *expected* difference at their contrast, fitted over all blocks of this pair: JPEG errs
   more where there is more to encode.

A region grows from blocks that clearly differ over neighbours that differ somewhat (hysteresis, after J. Canny, IEEE
Trans. PAMI 8(6), 1986). Where a good part of the picture differs, nothing is told as a region: then the alignment or
the picture is another one. But where that is one upright piece, and all around it agrees, that piece was replaced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.likeness.excess import excess as excess_of
from archiver.likeness.robust import median
from archiver.likeness.tone import compensated, in_grey
from archiver.likeness.tone import tone as tone_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.likeness.resampling import Shared
    from archiver.likeness.tone import Tone

BLOCK: Final = 8
"""Pixels of the grid along a block's side; 4 on a grid that is small as a whole."""
MOST_REGIONS: Final = 12
WIDESPREAD: Final = 0.45
"""Share of the shared picture from which on differing blocks are no overlay but another picture, or a wrong place."""
_RESTLESS: Final = 6.0
"""Noise of blocks, in levels, with the same meaning: copies had up to 2, even sharpened; other pictures 20 and more."""

_CLEAR, _SOMEWHAT = 9.0, 3.0
"""Deviations from what is expected, in robust standard deviations (1.4826 times the median absolute deviation)."""
_CLEAR_LEVELS, _SOME_LEVELS = 11.0, 2.5
"""And levels of 255, mean over a block, so that a pair without any noise does not differ by a rounding."""
_CLEAR_RATIO, _SOME_RATIO = 2.0, 0.6
"""And relative to what is expected at the block's contrast: a picture that was sharpened errs widely at its edges."""
_SMALL_GRID = 128
_SOFTENINGS = 4


@dataclass(frozen=True)
class Region:
    """One region that differs.

    Attributes:
        box: left, top, right, bottom on the grid, right and bottom exclusive.
        share: of the shared picture's area, what of the box's blocks differs.
        strength: mean level by which the pixels of its blocks leave the range of their counterparts.
    """

    box: tuple[int, int, int, int]
    share: float
    strength: float


@dataclass(frozen=True)
class Differences:
    """What differs.

    Attributes:
        regions: the largest first, at most ``MOST_REGIONS``.
        total: how many there are.
        share: of the shared picture's area, what differs in all.
        map: shape (height, width) of the grid: levels by which each pixel leaves its counterpart's range.
        widespread: so much differs that no region is told.
        noise: the robust standard deviation that blocks of this pair have around what is expected, in levels.
    """

    regions: tuple[Region, ...]
    total: int
    share: float
    map: NDArray[np.float32]
    widespread: bool
    noise: float


def differences(both: Shared, tone: Tone) -> Differences:
    """The regions in which the one differs from the other after tone was compensated."""
    if tone.greyed is not None:  # nothing gives grey its colours back, but grey can be made of the colours
        both = in_grey(both, tone.greyed)
        tone = tone_of(both)
    if np.mean(tone.gain) < _FLATTER:
        both = both.exchanged()  # from less contrast to more: what clipped is lost, not new
        tone = tone_of(both)
    one, other = _equally_sharp(both.one, compensated(both, tone.rule))
    unsure = _NEAREST if both.palette else 1.0
    if both.palette:
        for _ in range(_UNMIXED):
            one, other = _softened(one), _softened(other)
    changed = max(abs(gain - 1) for gain in tone.gain) > _CLIPPING
    excess, contrast = excess_of(one, other, both if changed else None)
    height, width = both.shown.shape
    side = BLOCK if max(height, width) > _SMALL_GRID else BLOCK // 2
    inside = _eroded(both.shown, 2)
    filled = _blocks(inside.astype(np.float32), side)
    told = filled >= 0.5  # noqa: PLR2004 - half of a block must be seen, or nothing is said of it
    share = np.maximum(filled, 1e-6)
    score = np.asarray(_blocks(np.where(inside, excess, 0), side) / share, np.float32)
    rough = np.asarray(_blocks(np.where(inside, contrast, 0), side) / share, np.float32)
    excess = np.where(inside, excess, 0).astype(np.float32)
    if told.sum() < _FEWEST:
        return Differences((), 0, 0.0, excess, widespread=False, noise=0.0)
    differing, noise = _differing(score, rough, told, told, unsure)
    part = float(differing.sum() / told.sum())
    if part > WIDESPREAD or noise > _RESTLESS:
        agreeing = told & (score <= _AGREEING)
        replaced, quiet = _differing(score, rough, told, agreeing, unsure) if agreeing.any() else (differing, noise)
        if not _in_one_piece(replaced, told, agreeing & (rough >= _STRUCTURE)):
            return Differences((), 0, part, excess, widespread=True, noise=noise)
        differing, noise, part = replaced, quiet, float(replaced.sum() / told.sum())
    found = _regions(differing, score, side, (height, width), int(told.sum()))
    found.sort(key=lambda region: (-region.share * region.strength, region.box))
    return Differences(tuple(found[:MOST_REGIONS]), len(found), part, excess, widespread=False, noise=noise)


_FEWEST = 16
_NEAREST = 2.5
"""Times as many levels that a block of such a picture must differ by: its colours are the nearest of a few."""
_UNMIXED = 2
"""Times that a picture of few colours is softened, so that dots of two colours become the one that they stand for."""
_FLATTER = 0.85
_CLIPPING = 0.05
"""Change of a gain from which on clipping may explain a difference: re-encoded photographs move it by up to 0.03."""


def _differing(
    score: NDArray[np.float32],
    rough: NDArray[np.float32],
    told: NDArray[np.bool_],
    usual: NDArray[np.bool_],
    unsure: float,
) -> tuple[NDArray[np.bool_], float]:
    """The blocks that differ from what is expected, by what ``usual`` blocks of this pair show; and their noise."""
    expected, noise = _expected(score, rough, usual)
    over = score - expected
    clear = told & (over > np.maximum(expected * _CLEAR_RATIO, max(_CLEAR * noise, _CLEAR_LEVELS * unsure)))
    some = told & (over > np.maximum(expected * _SOME_RATIO, max(_SOMEWHAT * noise, _SOME_LEVELS * unsure)))
    return _grown(clear, some), noise


_AGREEING, _STRUCTURE = 3.0, 8.0
"""Levels by which a block may differ and still agree, and contrast from which on that it agrees says something."""
_PIECE, _AGREED = 0.85, 0.08
"""Share of its box that what replaced a part fills at least, and share of all blocks that must agree and have
structure: of photographs with half replaced by another one (JPEG at quality 85) 1.0, and 0.09 to 0.5; of 176 pairs of
different photographs laid on one another, the latter was 0.002 at the most."""


def _in_one_piece(differing: NDArray[np.bool_], told: NDArray[np.bool_], structured: NDArray[np.bool_]) -> bool:
    """Whether what differs is one upright piece, put into a picture that is otherwise the same."""
    rows, columns = np.flatnonzero(differing.any(axis=1)), np.flatnonzero(differing.any(axis=0))
    if not len(rows):
        return False
    within = np.zeros_like(told)
    within[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    beyond = told & ~within
    return bool(
        beyond.any() and differing[within & told].mean() >= _PIECE and structured[beyond].sum() >= _AGREED * told.sum()
    )


def _equally_sharp(
    one: NDArray[np.float32], other: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The pair with the sharper one softened until their typical difference is least."""
    best, pair = np.inf, (one, other)
    softer_one, softer_other = one, other
    for times in range(_SOFTENINGS + 1):
        for candidate in ((softer_one, other), (one, softer_other)) if times else ((one, other),):
            apart = np.abs(candidate[0] - candidate[1])
            left = float(np.minimum(apart, _FAR).mean())
            if left < best - _WORTH:
                best, pair = left, candidate
        softer_one, softer_other = _softened(softer_one), _softened(softer_other)
    return pair


_FAR = 20.0
"""Levels from which on a pixel weighs no more: overlays must not decide on the sharpness."""
_WORTH = 0.02


def _softened(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Binomial smoothing over 3 x 3 pixels."""
    padded = np.pad(samples, ((1, 1), (1, 1), (0, 0)), mode="edge")
    down = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return np.asarray((down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 16, np.float32)


def _eroded(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """Without its edge, where resampling mixes in what lies outside."""
    for _ in range(by):
        padded = np.pad(mask, 1)
        mask = padded[1:-1, 1:-1] & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask


def _blocks(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Means over blocks; the last row and column of blocks hold what is left over, and count it in full."""
    height, width = values.shape
    rows, columns = np.arange(0, height, side), np.arange(0, width, side)
    sums = np.add.reduceat(np.add.reduceat(values, rows, axis=0, dtype=np.float64), columns, axis=1)
    sizes = np.outer(np.diff([*rows, height]), np.diff([*columns, width]))
    return np.asarray(sums / sizes, np.float32)


def _expected(
    score: NDArray[np.float32], rough: NDArray[np.float32], told: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], float]:
    """What is expected of each block at its contrast, and the noise around that."""
    x, y = rough[told].astype(np.float64), score[told].astype(np.float64)
    design = np.stack([np.ones_like(x), x], axis=1)
    weight: NDArray[np.float64] = np.ones_like(x)
    line: NDArray[np.float64] = np.zeros(2)
    for _ in range(12):
        weighted = design * weight[:, np.newaxis]
        line = np.asarray(np.linalg.solve(weighted.T @ design + 1e-6 * np.eye(2), weighted.T @ y), np.float64)
        weight = 1.0 / np.maximum(np.abs(y - design @ line), 0.25)
    slope = min(max(line[1], 0.0), 1.0)
    start = max(median(y - slope * x), 0.0)
    line_at = np.asarray(start + slope * rough, np.float32)
    over = (score - line_at)[told]
    return line_at, max(1.4826 * median(np.abs(over - median(over))), 0.1)


def _grown(seeds: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The seeds and what of ``allowed`` hangs together with them."""
    grown = seeds
    while True:
        padded = np.pad(grown, 1)
        near = np.zeros_like(grown)
        for down in range(3):
            for right in range(3):
                near |= padded[down : down + grown.shape[0], right : right + grown.shape[1]]
        larger = grown | (near & allowed)
        if (larger == grown).all():
            return grown
        grown = larger


def _regions(
    differing: NDArray[np.bool_], score: NDArray[np.float32], side: int, shape: tuple[int, int], told: int
) -> list[Region]:
    """Blocks that lie within two blocks of one another, as one region each."""
    left = {(int(row), int(column)) for row, column in np.argwhere(differing)}
    found = []
    while left:
        group, waiting = [], [left.pop()]
        while waiting:
            row, column = waiting.pop()
            group.append((row, column))
            near = {(row + y, column + x) for y in range(-2, 3) for x in range(-2, 3)} & left
            left -= near
            waiting.extend(near)
        rows, columns = [row for row, _ in group], [column for _, column in group]
        box = (
            min(columns) * side,
            min(rows) * side,
            min((max(columns) + 1) * side, shape[1]),
            min((max(rows) + 1) * side, shape[0]),
        )
        strength = float(np.mean([score[place] for place in group]))
        if len(group) > 1 or strength > _LONE:
            found.append(Region(box, len(group) / told, strength))
    return found


_LONE = 16.0
"""Levels from which on a single block is a region of its own."""
