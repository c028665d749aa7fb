"""How a held picture lies in a query, in the words of people: which part, where, turned, how large, how skewed.

All follow from the transformation of the held picture's pixels to the query's and from the two sizes. A picture that
was cropped *and* put on a screen may show less of itself than the transformation says: what of it lies inside the
query's frame is what *can* be visible, and ``archiver compare`` looks at the samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archiver.likeness.alignment import area, within_unit
from archiver.likeness.models import applied, jacobian

if TYPE_CHECKING:
    from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, eq=False)
class Placement:
    """Where the held picture lies in the query.

    Attributes:
        visible: shape (k, 2), the corners of the held picture's part that lies within the query, in held pixels.
        held_box: the box around it.
        share: of the held picture's area that is visible, 0 to 1.
        query_quad: shape (4, 2), the held picture's corners (from the upper left, clockwise as held) in query pixels,
            also where they lie outside of it.
        query_box: the box around what of the query is covered, in query pixels.
        covered: the share of the query's area that is covered, 0 to 1.
        turned: degrees clockwise by which the held picture (mirrored first, if it is) was turned, -180 to 180.
        scale: query pixels for a held pixel, in the middle of what is visible.
        stretched: how much longer the most enlarged direction became than the least enlarged, there; 1 for none.
        perspective: how much larger the scale is at one corner of what is visible than at another, less 1; 0 for none.
    """

    visible: NDArray[np.float64]
    held_box: Box
    share: float
    query_quad: NDArray[np.float64]
    query_box: Box
    covered: float
    turned: float
    scale: float
    stretched: float
    perspective: float


def placement(transform: NDArray[np.float64], held: tuple[int, int], query: tuple[int, int]) -> Placement:
    """Read a transformation.

    Args:
        transform: shape (3, 3), held pixels to query pixels.
        held: width and height of the held picture.
        query: width and height of the query.
    """
    here = _corners(held)
    quad = applied(transform, here)
    inside = _clipped(quad, query)
    visible = (
        applied(np.asarray(np.linalg.inv(transform), dtype=np.float64), inside) if len(inside) else np.empty((0, 2))
    )
    spot = visible.mean(axis=0) if len(visible) else here.mean(axis=0)
    around = jacobian(transform, spot)
    stretches = np.linalg.svd(around, compute_uv=False)
    upright = around @ np.diag([-1.0, 1.0]) if np.linalg.det(around) < 0 else around
    left, _, right = np.linalg.svd(upright)
    pure = left @ right
    sizes = [abs(np.linalg.det(jacobian(transform, corner))) ** 0.5 for corner in (visible if len(visible) else here)]
    return Placement(
        visible=visible,
        held_box=_around(visible, held),
        share=min(1.0, area(visible) / (held[0] * held[1])),
        query_quad=quad,
        query_box=_around(inside, query),
        covered=min(1.0, area(inside) / (query[0] * query[1])),
        turned=float(np.degrees(np.arctan2(pure[1, 0], pure[0, 0]))),
        scale=float(np.sqrt(stretches[0] * stretches[1])),
        stretched=float(stretches[0] / stretches[1]),
        perspective=float(max(sizes) / min(sizes) - 1),
    )


def _corners(size: tuple[int, int]) -> NDArray[np.float64]:
    """Corners of a picture in the coordinates of pixels' middles: the first pixel begins at -0.5."""
    width, height = size
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float64) - 0.5


def _clipped(quad: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """The part of a convex polygon inside a picture."""
    return within_unit((quad + 0.5) / size) * size - 0.5


def _around(corners: NDArray[np.float64], size: tuple[int, int]) -> Box:
    """The box around a polygon, in pixels' edges (0 to the width), within the picture."""
    if not len(corners):
        return 0.0, 0.0, 0.0, 0.0
    (left, top), (right, bottom) = (corners + 0.5).min(axis=0), (corners + 0.5).max(axis=0)
    width, height = size
    return (
        max(0.0, float(left)),
        max(0.0, float(top)),
        min(float(width), float(right)),
        min(float(height), float(bottom)),
    )
