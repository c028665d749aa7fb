"""Plane transformations between two pictures: fitting them, applying them, and which of them are none.

All are 3 x 3 matrices on homogeneous pixels, held to query, with the last number 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST: Final = 0.04
LARGEST: Final = 25.0
"""Scales, as square roots of areas: beyond them no point of the one is a point of the other."""
_SQUEEZED: Final = 3.0
"""How much more one direction may be stretched than the other."""
_SPREAD: Final = 0.02
"""Of the held picture's longer side: the standard deviation of the agreeing points along their lesser axis, at least.
Less means that they lie on a line or in one spot, from which no transformation follows."""
_SPREAD_THERE: Final = 2.5
"""The same in pixels of the query."""
_FIX_AFFINITY: Final = 5
_FIX_PERSPECTIVE: Final = 10
"""Pairs from which an affinity's six numbers, or a perspective's eight, are fitted; fewer would bend them at will."""
_NOWHERE: Final = 1e-9
"""A depth at or below this is at the horizon or behind the eye."""


def similarity(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Least squares for shift, scale and turn."""
    at, to = here[:, 0] + 1j * here[:, 1], there[:, 0] + 1j * there[:, 1]
    centred = at - at.mean()
    weight = float((np.abs(centred) ** 2).sum())
    if weight <= 0:
        return None
    turn = (np.conj(centred) * (to - to.mean())).sum() / weight
    shift = to.mean() - turn * at.mean()
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag], [0.0, 0.0, 1.0]])


def affinity(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Least squares for six numbers; a similarity where four pairs or fewer would fix them."""
    if len(here) < _FIX_AFFINITY:
        return similarity(here, there)
    middle, target = here.mean(axis=0), there.mean(axis=0)
    centred = here - middle
    square = centred.T @ centred
    if np.linalg.det(square) <= 1e-6 * max(1.0, float(np.trace(square)) ** 2):
        return similarity(here, there)
    linear = np.linalg.solve(square, centred.T @ (there - target)).T
    model = np.eye(3)
    model[:2, :2], model[:2, 2] = linear, target - linear @ middle
    return model


def perspective(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Least squares for eight numbers on normalised pixels; an affinity where fewer than ten pairs would fix them."""
    if len(here) < _FIX_PERSPECTIVE:
        return affinity(here, there)
    scaled_here, from_here = _normalised(here)
    scaled_there, from_there = _normalised(there)
    x, y = scaled_here.T
    u, v = scaled_there.T
    zero, one = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    # a pull towards no perspective: without it, few points of one side of the picture bend it at will
    pull = np.zeros((2, 8))
    pull[0, 6] = pull[1, 7] = 1.0
    solved = np.linalg.lstsq(np.concatenate([rows, pull]), np.concatenate([u, v, [0.0, 0.0]]), rcond=None)[0]
    model = np.linalg.inv(from_there) @ np.append(solved, 1.0).reshape(3, 3) @ from_here
    if abs(model[2, 2]) < _NOWHERE:
        return affinity(here, there)
    return np.asarray(model / model[2, 2])


def _normalised(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points about their middle, at √2 from it on average (R. Hartley, 1997), with the matrix that does it."""
    middle = points.mean(axis=0)
    mean = float(np.hypot(*(points - middle).T).mean()) or 1.0
    scale = np.sqrt(2) / mean
    matrix = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return (points - middle) * scale, matrix


def applied(model: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points, shape (n, 2), after a transformation; infinite where it sends them behind the picture."""
    moved = points @ model[:, :2].T + model[:, 2]
    depth = moved[:, 2:]
    return np.where(depth > _NOWHERE, moved[:, :2] / np.where(depth > _NOWHERE, depth, 1.0), np.inf)


def local(model: NDArray[np.float64], points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At each point: by how much areas' sides grow, and the angle (radians) that the point's own angle becomes."""
    x, y = points[:, 0], points[:, 1]
    depth = model[2, 0] * x + model[2, 1] * y + model[2, 2]
    depth = np.where(np.abs(depth) > _NOWHERE, depth, _NOWHERE)
    at = (model[:2, 0:1] * x + model[:2, 1:2] * y + model[:2, 2:3]) / depth
    a = (model[0, 0] - at[0] * model[2, 0]) / depth
    b = (model[0, 1] - at[0] * model[2, 1]) / depth
    c = (model[1, 0] - at[1] * model[2, 0]) / depth
    d = (model[1, 1] - at[1] * model[2, 1]) / depth
    scale = np.sqrt(np.maximum(np.abs(a * d - b * c), 1e-12))
    cosine, sine = np.cos(points[:, 3]), np.sin(points[:, 3])
    return scale, np.arctan2(c * cosine + d * sine, a * cosine + b * sine)


def plausible(
    model: NDArray[np.float64], held: tuple[int, int], here: NDArray[np.float64], there: NDArray[np.float64]
) -> bool:
    """Whether a camera, a scanner or an editor can have made this of the held picture.

    Args:
        model: the transformation.
        held: width and height of the held picture.
        here: the agreeing points in it, shape (n, 2 or more).
        there: and in the query.
    """
    if not np.isfinite(model).all() or np.linalg.det(model) <= 0:
        return False
    corners = np.array([[0, 0], [held[0], 0], [held[0], held[1]], [0, held[1]]], dtype=np.float64)
    quad = applied(model, corners)
    if not np.isfinite(quad).all():
        return False
    edges = np.roll(quad, -1, axis=0) - quad
    following = np.roll(edges, -1, axis=0)
    if (edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0] <= 0).any():
        return False  # turned over, crossed, or not convex
    spots = np.concatenate([here[:, :2].mean(axis=0, keepdims=True), corners])
    for spot in spots:
        stretches = np.linalg.svd(jacobian(model, spot), compute_uv=False)
        if (
            not SMALLEST <= np.sqrt(stretches[0] * stretches[1]) <= LARGEST
            or stretches[0] > 2 * _SQUEEZED * stretches[1]
        ):
            return False
    first = np.linalg.svd(jacobian(model, spots[0]), compute_uv=False)
    if first[0] > _SQUEEZED * first[1]:
        return False
    return _lesser(here) >= _SPREAD * max(held) and _lesser(there) >= _SPREAD_THERE


def _lesser(points: NDArray[np.float64]) -> float:
    """The standard deviation of points along their lesser axis."""
    return float(np.sqrt(max(0.0, float(np.linalg.eigvalsh(np.cov(points[:, :2].T))[0]))))


def jacobian(model: NDArray[np.float64], spot: NDArray[np.float64]) -> NDArray[np.float64]:
    """How a step from a spot, shape (2,), becomes a step in the query: shape (2, 2)."""
    x, y, depth = model @ np.append(spot, 1.0)
    return np.asarray((model[:2, :2] - np.outer([x / depth, y / depth], model[2, :2])) / depth)
