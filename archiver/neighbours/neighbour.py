"""A neighbour: an item within the radius, with what its row says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from archiver.neighbours.columns import ITEM, KIND, NO_QUALITY, NUMBER, QUALITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.neighbours.columns import Columns
    from archiver.neighbours.scan import Within


class Neighbour(NamedTuple):
    """An item within the radius.

    Attributes:
        item: its SHA-256.
        distance: in bits.
        variant: which of the query's variants came closest.
        quality: of its fingerprint.
        number: of the event that recorded its fingerprint.
        kind: of what the fingerprint is; 0 is the whole picture.
    """

    item: str
    distance: int
    variant: str
    quality: int | None
    number: int
    kind: int = 0


def neighbours(held: Columns, hits: Within, names: Sequence[str]) -> list[Neighbour]:
    """The rows that were found, with what they say, in their order; ``names`` are those of the variants."""
    items = np.ascontiguousarray(held.rows(ITEM, hits.rows)).tobytes().hex()
    size = len(items) // max(len(hits.rows), 1)
    rest = (held.rows(column, hits.rows).tolist() for column in (QUALITY, NUMBER, KIND))
    return [
        Neighbour(
            item=items[place * size : (place + 1) * size],
            distance=distance,
            variant=names[variant],
            quality=None if quality == NO_QUALITY else quality,
            number=number,
            kind=kind,
        )
        for place, (distance, variant, quality, number, kind) in enumerate(
            zip(hits.distances.tolist(), hits.variants.tolist(), *rest, strict=True)
        )
    ]


def nearest_first(found: Sequence[Neighbour], names: Sequence[str]) -> list[Neighbour]:
    """Each item once, as it is nearest; of equal distances the first of these names counts, then the lowest number."""
    order = {name: place for place, name in enumerate(names)}
    best: dict[str, Neighbour] = {}
    for each in sorted(found, key=lambda n: (n.distance, order[n.variant], n.number)):
        best.setdefault(each.item, each)
    return sorted(best.values(), key=lambda n: (n.distance, n.item))
