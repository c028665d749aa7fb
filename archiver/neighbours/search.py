"""Queries to some rows, by whichever exact way costs least.

Reading the rows (``scan``) does for few queries; bands made for the occasion do for many at small radii; for many
fingerprints of one orientation each, products of matrices do at the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from archiver.neighbours.lanes import LANES
from archiver.neighbours.scan import groups, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns
    from archiver.neighbours.scan import Within

FEW = 100
"""Variants for which nothing pays but reading."""


def search(held: Columns, queries: Sequence[tuple[NDArray[np.uint64], int]]) -> list[Within]:
    """The rows that some variant of each query comes within its radius of; see ``archiver.neighbours.scan.within``."""
    if sum(len(variants) for variants, _ in queries) < FEW:
        return within(held, queries)
    found: dict[int, Within] = {}
    for radius in sorted({radius for _, radius in queries}):
        places = [place for place, query in enumerate(queries) if query[1] == radius]
        found.update(zip(places, _many(held, [queries[place][0] for place in places], radius), strict=True))
    return [found[place] for place in range(len(queries))]


def _many(held: Columns, queries: Sequence[NDArray[np.uint64]], radius: int) -> list[Within]:
    from archiver.neighbours import bands, products  # noqa: PLC0415 - few queries do without

    variants = sum(len(query) for query in queries)
    passes = sum(1 for query in queries for _ in groups(0, query, radius))
    if bands.pays(len(held), variants, passes, radius):
        lanes = np.stack([held.span(lane, 0, len(held)) for lane in range(LANES)], axis=1)
        return bands.Bands(lanes.astype(np.uint64, copy=False)).within(queries, radius)
    if variants == len(queries) and products.pays(len(queries), radius):
        return products.within(held, np.concatenate(queries), radius)
    return within(held, [(query, radius) for query in queries])
