"""Queries to some rows, by whichever exact way costs less: reading the rows, or bands made for many queries at once."""

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

_FEW = 100
"""Variants for which bands never pay."""


def search(held: Columns, queries: Sequence[tuple[NDArray[np.uint64], int]]) -> list[Within]:
    """The rows that some variant of each query comes within its radius of; see ``archiver.neighbours.scan.within``."""
    found: dict[int, Within] = {}
    for radius in sorted({radius for _, radius in queries}):
        places = [place for place, query in enumerate(queries) if query[1] == radius]
        if _bands_pay(held, [queries[place][0] for place in places], radius):
            from archiver.neighbours.bands import Bands  # noqa: PLC0415 - one query does without

            lanes = np.stack([held.span(lane, 0, len(held)) for lane in range(LANES)], axis=1)
            bands = Bands(lanes.astype(np.uint64, copy=False))
            answers = bands.within([queries[place][0] for place in places], radius)
            found.update(zip(places, answers, strict=True))
    rest = [place for place in range(len(queries)) if place not in found]
    found.update(zip(rest, within(held, [queries[place] for place in rest]), strict=True))
    return [found[place] for place in range(len(queries))]


def _bands_pay(held: Columns, queries: Sequence[NDArray[np.uint64]], radius: int) -> bool:
    variants = sum(len(query) for query in queries)
    if variants < _FEW:
        return False
    from archiver.neighbours.bands import pays  # noqa: PLC0415 - as above

    return pays(len(held), variants, sum(1 for query in queries for _ in groups(0, query, radius)), radius)
