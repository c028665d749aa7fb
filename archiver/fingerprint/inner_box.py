"""The picture inside a picture: within borders, letterboxes, frames and the screens of telephones and desktops.

A fingerprint of a whole picture says little of the one inside it; a fingerprint of the inner one alone matches the
original's. So its edges must be right to a pixel or two.

The law: a side of an inner picture is a straight edge, on whose outer side lies something flat and on whose inner side
lies something else; or it is the side of the whole picture. What lies outside is of one colour (but for writing and
signs on it) or smooth. A photograph by itself has no such sides, or not enough of them.

The method, the same for the four sides by turning the picture:

1. Each row is asked, pixel by pixel, whether the rows above are flat and this one differs; the best stretch of the row
   (largest sum of weights) is its claim to be the upper side.
2. The strongest claims of the four sides, and the sides of the picture, are combined to boxes; a side must be claimed
   along nearly its whole length.
3. What is outside the box must be flat, as the law says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""Left, top, right, bottom: pixels, the last two exclusive."""

MOST: Final = 3
"""Boxes that are answered."""

_SMALLEST: Final = 64
"""Pixels of a whole picture's shorter side, below which nothing is looked for."""
_ALONG: Final = 7
"""Pixels along the edge over which samples are averaged, against noise."""
_FLAT: Final = 6
"""Grey levels that something flat may change over the three rows outside an edge."""
_STEP: Final = 9
"""Grey levels by which the picture differs from what is outside."""
_CLAIMS: Final = 6
"""Claims kept for each side."""
_SHORTEST: Final = 0.22
"""Of the whole picture's side: the length of a claim, at least."""
_COVERED: Final = 0.86
"""Of a side of a box: how much of it must be claimed."""
_NARROWEST: Final = 0.18
"""Of the whole picture's side: a box's side, at least."""
_AREA: Final = (0.06, 0.985)
"""Of the whole picture: a box's area."""


@dataclass(frozen=True)
class _Claims:
    """Claims of one side: where, from, to (exclusive), and the share of the stretch that differs."""

    at: NDArray[np.intp]
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    share: NDArray[np.float64]


def inner_boxes(grey: NDArray[np.uint8]) -> list[Box]:
    """The pictures inside a picture, best first, at most three; none for an ordinary photograph.

    Args:
        grey: luma, shape (height, width), the longer side about 512 pixels.
    """
    height, width = grey.shape
    if min(height, width) < _SMALLEST:
        return []
    samples = grey.astype(np.int16)
    top = _claims(samples)
    bottom = _claims(samples[::-1])
    left = _claims(samples.T)
    right = _claims(samples.T[::-1])
    boxes = _combined(top, _backwards(bottom, height), left, _backwards(right, width), (width, height))
    if not len(boxes):
        return []
    return _outstanding(samples, boxes)


def _claims(samples: NDArray[np.int16]) -> _Claims:
    """The strongest claims to be an upper side: a row is claimed if it is the first one of the picture inside."""
    total = np.cumsum(np.pad(samples, ((0, 0), (_ALONG // 2 + 1, _ALONG // 2)), mode="edge"), axis=1, dtype=np.int32)
    mean = ((total[:, _ALONG:] - total[:, :-_ALONG]) // _ALONG).astype(np.int16)
    rows, columns = mean.shape
    # row y is asked for y = 4 … rows - 3; outside are y - 2, y - 3 and y - 4, inside y and y + 1
    first, last = 4, rows - 2
    near, far = mean[first - 2 : last - 2], mean[first - 4 : last - 4]
    flat = np.abs(near - far) <= _FLAT
    aside = np.zeros_like(flat)
    aside[:, 4:-4] = (np.abs(near[:, 8:] - near[:, 4:-4]) <= _FLAT) | (np.abs(near[:, :-8] - near[:, 4:-4]) <= _FLAT)
    aside[:, :4], aside[:, -4:] = aside[:, 4:5], aside[:, -5:-4]
    flat &= aside
    inside = mean[first:last]
    beyond = mean[first + 1 : last + 1]
    step = np.maximum(np.abs(inside - near), np.abs(beyond - near)) >= _STEP
    weight = np.where(flat, np.where(step, np.int16(10), np.int16(-4)), np.int16(-20))
    sums = np.cumsum(weight, axis=1, dtype=np.int32)
    before = np.empty_like(sums)
    before[:, 0] = 0
    np.minimum.accumulate(np.minimum(sums[:, :-1], 0), axis=1, out=before[:, 1:])
    gain = sums - before
    end = gain.argmax(axis=1)
    lines = np.arange(len(end))
    score = gain[lines, end]
    long = score >= 10 * _SHORTEST * columns
    if not long.any():
        empty = np.empty(0, np.intp)
        return _Claims(empty, empty, empty, np.empty(0))
    at: list[tuple[int, int, int, float]] = []
    score = np.where(long, score, 0)
    for _ in range(_CLAIMS):
        y = int(score.argmax())
        if score[y] <= 0:
            break
        stop = int(end[y]) + 1
        reached = before[y, stop - 1]
        start = 0 if reached == 0 and sums[y, : stop - 1].min(initial=0) >= 0 else int(
            np.flatnonzero(sums[y, : stop - 1] == reached)[-1]
        ) + 1
        # of the rows around, the edge is where neighbouring rows differ most
        low, high = max(first, y + first - 2), min(last, y + first + 3)
        part = mean[low - 1 : high, start:stop]
        edge = low + int(np.abs(np.diff(part, axis=0)).sum(axis=1).argmax())
        at.append((edge, start, stop, float(step[y, start:stop].mean())))
        score[max(0, y - 4) : y + 5] = 0
    y, s, e, share = zip(*at, strict=True)
    return _Claims(np.array(y), np.array(s), np.array(e), np.array(share))


def _backwards(claims: _Claims, length: int) -> _Claims:
    """Claims of a picture turned over, as positions in the picture as it is."""
    return _Claims(length - claims.at, claims.start, claims.end, claims.share)


def _combined(top: _Claims, bottom: _Claims, left: _Claims, right: _Claims, size: tuple[int, int]) -> NDArray[np.float64]:
    """Boxes whose sides are claimed or the whole picture's: left, top, right, bottom, and their strength, best first."""
    width, height = size
    t, tc = _with_side(top, 0, width)
    b, bc = _with_side(bottom, height, width)
    l, lc = _with_side(left, 0, height)
    r, rc = _with_side(right, width, height)
    ti, bi, li, ri = (each.ravel() for each in np.meshgrid(*(np.arange(len(x)) for x in (t, b, l, r)), indexing="ij"))
    across, down = r[ri] - l[li], b[bi] - t[ti]
    keep = (across >= _NARROWEST * width) & (down >= _NARROWEST * height)
    area = across * down / (width * height)
    keep &= (area >= _AREA[0]) & (area <= _AREA[1])
    ti, bi, li, ri = ti[keep], bi[keep], li[keep], ri[keep]
    if not len(ti):
        return np.empty((0, 5))
    strength = np.zeros(len(ti))
    fits = np.ones(len(ti), dtype=bool)
    for claims, index, low, high in ((tc, ti, l[li], r[ri]), (bc, bi, l[li], r[ri]), (lc, li, t[ti], b[bi]), (rc, ri, t[ti], b[bi])):
        start, end, share, whole = (column[index] for column in claims)
        length = high - low
        covered = (np.minimum(end, high) - np.maximum(start, low)) / length
        beyond = np.maximum(low - start, 0) + np.maximum(end - high, 0)
        fits &= whole.astype(bool) | ((covered >= _COVERED) & (beyond <= 0.1 * length + 6))
        strength += np.where(whole.astype(bool), 0, covered * share * length - beyond)
    boxes = np.stack([l[li], t[ti], r[ri], b[bi], strength], axis=1)[fits]
    return boxes[np.argsort(-boxes[:, 4], kind="stable")]


def _with_side(
    claims: _Claims, side: int, length: int
) -> tuple[NDArray[np.intp], tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    return np.append(claims.at, side), (
        np.append(claims.start, 0.0),
        np.append(claims.end, float(length)),
        np.append(claims.share, 1.0),
        np.append(np.zeros(len(claims.at)), 1.0),
    )


def _outstanding(samples: NDArray[np.int16], boxes: NDArray[np.float64]) -> list[Box]:
    """The boxes outside of which it is flat, without those that are nearly one of the better ones."""
    height, width = samples.shape
    still = np.zeros(samples.shape, dtype=bool)
    still[1:, 1:] = (np.abs(samples[1:, 1:] - samples[:-1, 1:]) <= 3) & (np.abs(samples[1:, 1:] - samples[1:, :-1]) <= 3)
    chosen: list[Box] = []
    for left, top, right, bottom, _ in boxes[:24]:
        box = int(left), int(top), int(right), int(bottom)
        if any(_shared(box, other) > 0.85 for other in chosen):
            continue
        if _flat_outside(samples, still, box):
            chosen.append(box)
        if len(chosen) == MOST:
            break
    return chosen


def _flat_outside(samples: NDArray[np.int16], still: NDArray[np.bool_], box: Box) -> bool:
    height, width = samples.shape
    left, top, right, bottom = box
    strips = [
        (slice(0, top), slice(0, width)),
        (slice(bottom, height), slice(0, width)),
        (slice(top, bottom), slice(0, left)),
        (slice(top, bottom), slice(right, width)),
    ]
    sides = [strip for strip in strips if samples[strip].size]
    smooth = one = total = 0
    for strip in sides:
        part = samples[strip]
        counts = np.bincount(part.ravel(), minlength=256)
        window = np.convolve(counts, np.ones(9, dtype=counts.dtype))
        one += int(window.max())
        smooth += int(still[strip].sum())
        total += part.size
    if len(sides) == 1:
        return one >= 0.6 * total and smooth >= 0.6 * total
    return (one >= 0.5 * total and smooth >= 0.5 * total) or (len(sides) > 1 and smooth >= 0.9 * total)


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    both = across * down
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return both / (areas - both)
