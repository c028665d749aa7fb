"""Whether the pairs of two pictures agree on one way in which the held picture lies in the query.

The steps:

1. Every pair proposes a similarity by itself, since a point has a scale and an angle (J. Philbin et al., "Object
   retrieval with large vocabularies and fast spatial matching", CVPR 2007). All are tried, none at random: the same two
   pictures always get the same answer.
2. The proposals that most pairs agree with are refined by least squares: to an affinity, then to a perspective.
3. A model is refused where it is none that a camera, a scanner or an editor makes (``models``).
4. Where pairs agree, most of the pairs around must agree too.
5. Agreement must not be explicable by chance: the expected number of models that as many of so many random pairs would
   agree with (a-contrario; L. Moisan and B. Stival, "A probabilistic criterion to detect rigid point matches between
   two images and estimate the fundamental matrix", IJCV 57(3), 2004) is bounded, and so is the number of pairs.

A point counts once, however many pairs it is in: points of one spot with several directions are one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from archiver.fingerprint import features
from archiver.likeness import models
from archiver.likeness.matching import matches
from archiver.likeness.placement import Box, Placement, placement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.fingerprint.features import Features

FEWEST: Final = 8
"""Agreeing pairs that a confirmation takes. Measured on all 19,900 pairs of 200 different photographs: none had even
five that agree, at any number of false alarms up to a thousand; so eight leaves room for pictures more alike."""
LIKELIEST: Final = -8.0
"""The decimal logarithm of the number of false alarms that is still accepted: one in a hundred million, so that ten
candidates for each of ten thousand queries stay far from one."""
LOWEST: Final = 0.35
"""The least share of agreeing pairs among all pairs of their region. What shows the same agrees nearly everywhere: the
least seen was 0.46, of JPEGs of quality 5. Typed pages agree in a word here and there: of 240 pairs of pages set large
in the same type, eight were confirmed without this bound, and two with it."""
CERTAIN: Final = -45.0
LOWEST_OF_MANY: Final = 0.2
"""Where chance would give so many less than once in 1e45 trials, fewer of the pairs around need to agree: letters pair
with other letters of their kind. Of 30 photographs of typed pages, turned by 7 degrees, 4 were confirmed without this
and 12 with it (10 of 10, 2 and none at letters of 64, 44 and 28 pixels in 1,200). Of 1,180 pairs of different pages
of the same 70 words, none is confirmed by it: the likeliest below ``LOWEST`` had -38, at letters of 110 pixels."""

_TRIED: Final = 8
"""Proposals that are refined."""
_START: Final = 3
"""Pairs from which a refinement starts."""
_NEAR: Final = 0.0075
"""Of the query's longer side: how far off an agreeing pair may lie (3.8 pixels of 512)."""
_ROUGH: Final = 4.0
"""How many times that a proposal by a single pair may be off, whose scale and angle are rough."""
_FREE: Final = 4
"""Pairs that fix a perspective, and so say nothing for it."""
_TURN: Final = math.radians(30)
_SCALE: Final = math.log(1.7)


@dataclass(frozen=True, eq=False)
class Verified:
    """The held picture was found in the query.

    Attributes:
        transform: shape (3, 3): pixels of the held picture to pixels of the query, homogeneous.
        inliers: how many pairs agree.
        matched: how many pairs there were.
        pairs: shape (inliers, 2): rows of the query's points and of the held ones.
        mirrored: whether the query shows the held picture's mirror image.
        false_alarms: decimal logarithm of how many such agreements chance would give.
        agreement: of the pairs in the region of the agreeing ones, the share that agrees, 0 to 1.
        held_support: the box around the agreeing points in the held picture; what lies outside is inferred. Where it is
            small, only that part may be shared: a bar that two screenshots of one program have in common.
        query_support: the same in the query.
        query_size: width and height of the query's reduced picture, in pixels.
        held_size: the same of the held one.
    """

    transform: NDArray[np.float64]
    inliers: int
    matched: int
    pairs: NDArray[np.intp]
    mirrored: bool
    false_alarms: float
    agreement: float
    held_support: Box
    query_support: Box
    query_size: tuple[int, int]
    held_size: tuple[int, int]

    @cached_property
    def placement(self) -> Placement:
        """Which part of the held picture lies where in the query, turned and scaled how."""
        return placement(self.transform, self.held_size, self.query_size)


def verify(query: Features, held: Features, *, mirror: bool | None = None) -> Verified | None:
    """How the held picture lies in the query, or none where geometry does not show that it does.

    Args:
        query: of the picture asked about.
        held: of the picture held.
        mirror: look for the held picture as it is (false), for its mirror image (true), or for whichever is there.
    """
    found = None if mirror else _verify(query, held)
    if found is None and mirror is not False:
        found = _verify(features.mirrored(query), held)
        if found is not None:
            left, top, right, bottom = found.query_support
            back = np.array([[-1.0, 0.0, query.width - 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
            transform = back @ found.transform
            found = replace(
                found,
                transform=transform,
                mirrored=True,
                query_support=(query.width - 1 - right, top, query.width - 1 - left, bottom),
            )
    return found


def _verify(query: Features, held: Features) -> Verified | None:
    matched = matches(query, held)
    if len(matched) < FEWEST:
        return None
    there = query.points[matched.pairs[:, 0]].astype(np.float64)
    here = held.points[matched.pairs[:, 1]].astype(np.float64)
    size = (query.width, query.height)
    near = max(_NEAR * max(size), 2.0)
    best: tuple[float, NDArray[np.float64], NDArray[np.intp]] | None = None
    for start in _proposals(here, there, near):
        refined = _refined(start, here, there, near)
        if refined is None:
            continue
        model, agreeing = refined
        if len(agreeing) < FEWEST or not models.plausible(
            model, (held.width, held.height), here[agreeing], there[agreeing]
        ):
            continue
        alarms = _false_alarms(len(agreeing), len(matched), near, size)
        agreement = _agreement(here, there, agreeing)
        if agreement < (LOWEST if alarms > CERTAIN else LOWEST_OF_MANY):
            continue
        if best is None or alarms < best[0]:
            best = (alarms, model, agreeing)
    if best is None or best[0] > LIKELIEST:
        return None
    alarms, model, agreeing = best
    return Verified(
        transform=model,
        inliers=len(agreeing),
        matched=len(matched),
        pairs=matched.pairs[agreeing],
        mirrored=False,
        false_alarms=alarms,
        agreement=_agreement(here, there, agreeing),
        held_support=_around(here[agreeing]),
        query_support=_around(there[agreeing]),
        query_size=size,
        held_size=(held.width, held.height),
    )


def _proposals(here: NDArray[np.float64], there: NDArray[np.float64], near: float) -> list[NDArray[np.intp]]:
    """The sets of pairs that agree roughly with a similarity proposed by one of them, largest first."""
    scale = np.log(there[:, 2] / here[:, 2])
    angle = there[:, 3] - here[:, 3]
    turn = np.exp(scale + 1j * angle)
    at, to = here[:, 0] + 1j * here[:, 1], there[:, 0] + 1j * there[:, 1]
    shift = to - turn * at
    off = np.abs(turn[:, np.newaxis] * at + shift[:, np.newaxis] - to)
    turned = np.abs((angle[:, np.newaxis] - angle + math.pi) % (2 * math.pi) - math.pi)
    agree = (off < _ROUGH * near) & (turned < _TURN) & (np.abs(scale[:, np.newaxis] - scale) < _SCALE)
    count = agree.sum(axis=1)
    chosen: list[NDArray[np.intp]] = []
    left = count.copy()
    while len(chosen) < _TRIED and left.max() >= _START:
        leader = int(left.argmax())
        chosen.append(np.flatnonzero(agree[leader]))
        overlap = (agree & agree[leader]).sum(axis=1)
        left[overlap * 2 > count] = 0
        left[leader] = 0
    return chosen


def _refined(
    start: NDArray[np.intp], here: NDArray[np.float64], there: NDArray[np.float64], near: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]] | None:
    """A model fitted to a set of pairs, and those that agree with it; refitted until it settles."""
    agreeing = start
    model: NDArray[np.float64] | None = None
    for fit, tolerance in (
        (models.similarity, 3.0),
        (models.affinity, 2.0),
        (models.affinity, 1.5),
        (models.perspective, 1.0),
        (models.perspective, 1.0),
    ):
        if len(agreeing) < _START:
            return None
        fitted = fit(here[agreeing, :2], there[agreeing, :2])
        if fitted is None:
            return None
        model = fitted
        agreeing = _agreeing(model, here, there, tolerance * near)
    return None if model is None else (model, agreeing)


def _agreeing(
    model: NDArray[np.float64], here: NDArray[np.float64], there: NDArray[np.float64], near: float
) -> NDArray[np.intp]:
    """Pairs within ``near`` pixels whose scale and angle fit too; of those in one spot, the nearest."""
    at = models.applied(model, here[:, :2])
    off = np.hypot(*(at - there[:, :2]).T)
    scale, angle = models.local(model, here)
    fits = off < near
    fits &= np.abs(np.log(there[:, 2] / (here[:, 2] * scale))) < _SCALE
    fits &= np.abs((there[:, 3] - angle + math.pi) % (2 * math.pi) - math.pi) < _TURN
    rows = np.flatnonzero(fits)
    rows = rows[np.argsort(off[rows], kind="stable")]
    for spots in (here, there):
        _, first = np.unique(np.rint(spots[rows, :2]), axis=0, return_index=True)
        rows = rows[np.sort(first)]
    return np.sort(rows)


def _agreement(here: NDArray[np.float64], there: NDArray[np.float64], agreeing: NDArray[np.intp]) -> float:
    """Of the pairs that lie, in both pictures, in the box of the agreeing ones: the share that agrees."""
    inside = np.ones(len(here), dtype=bool)
    for spots in (here[:, :2], there[:, :2]):
        inside &= ((spots >= spots[agreeing].min(axis=0)) & (spots <= spots[agreeing].max(axis=0))).all(axis=1)
    return float(len(agreeing) / np.count_nonzero(inside))


def _around(points: NDArray[np.float64]) -> Box:
    (left, top), (right, bottom) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _false_alarms(agreeing: int, matched: int, near: float, size: tuple[int, int]) -> float:
    """The decimal logarithm of the expected number of models that as many random pairs would agree with.

    A random pair lies within ``near`` of where a model says with the share that this disc has of the query, and its
    angle and scale fit by chance in one of six and one of two. Each of the pairs proposes a model.
    """
    by_chance = min(1.0, math.pi * near**2 / (size[0] * size[1])) / 12
    logarithm = _choices(matched, agreeing) + _choices(agreeing, _FREE) + (agreeing - _FREE) * math.log10(by_chance)
    return math.log10(max(1, matched - _FREE)) + logarithm


def _choices(of: int, taken: int) -> float:
    """The decimal logarithm of the number of ways to take so many."""
    return (math.lgamma(of + 1) - math.lgamma(taken + 1) - math.lgamma(of - taken + 1)) / math.log(10)
