"""How a JPEG was written, as its header says: quantisation tables, scans, colour subsampling.

The child says what stands in the header (``header``); what it means is worked out by whoever asked (``quality``), so
that less of what a hostile file may have taken over is believed. The quality is the scale of the Independent JPEG
Group's library (``jpeg_quality_scaling`` and ``jpeg_add_quant_table`` in libjpeg's ``jcparam.c``): the example tables
of ITU-T T.81 (1992), Annex K.1, scaled. Other programs have tables of their own, for which it is the nearest of that
scale, or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

COEFFICIENTS: Final = 64
MOST_TABLES: Final = 4
LARGEST_STEP: Final = 65_535
SUBSAMPLINGS: Final = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
"""By how many luma samples there are for one of colour, across and down."""

_LUMA: Final = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMA: Final = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    *(99 for _ in range(32)),
)  # fmt: skip
_LIKE: Final = 0.15
"""Relative distance of a table from the nearest of the scale up to which that one's quality is an estimate of it."""


@dataclass(frozen=True)
class Jpeg:
    """What a JPEG's header says of how it was written.

    Attributes:
        tables: its quantisation tables by number, 64 steps each, row by row.
        progressive: it was written in several scans.
        ducky: it has an application segment APP12 that begins with ``Ducky``, as Photoshop's *Save for Web* writes.
        subsampling: of the colour, as ``4:2:0``; none without colour, or where it is an unusual one.
    """

    tables: tuple[tuple[int, ...], ...]
    progressive: bool
    subsampling: str | None
    ducky: bool = False

    @property
    def quality(self) -> tuple[int, bool] | None:
        """The quality, 1 to 100, and whether the tables are exactly those of it; none where they are like none."""
        return quality(self.tables)


def header(image: Image.Image) -> dict[str, Any] | None:
    """What Pillow read from a JPEG's header, as plain JSON values; none for any other picture."""
    read = cast("Any", image)
    tables = getattr(read, "quantization", None)
    if image.format not in {"JPEG", "MPO"} or not tables:
        return None
    return {
        "tables": [list(tables[number]) for number in sorted(tables)][:MOST_TABLES],
        "progressive": bool(image.info.get("progressive") or image.info.get("progression")),
        "subsampling": _subsampling(getattr(read, "layer", [])),
        "ducky": any(name == "APP12" and content.startswith(b"Ducky") for name, content in read.applist),
    }


def _subsampling(layers: Sequence[tuple[Any, ...]]) -> str | None:
    if len(layers) != 3:  # noqa: PLR2004 - luma and two of colour
        return None
    (_, across, down, *_), (_, blue_across, blue_down, *_), (_, red_across, red_down, *_) = layers
    if (blue_across, blue_down) != (red_across, red_down) or across % blue_across or down % blue_down:
        return None
    return SUBSAMPLINGS.get((across // blue_across, down // blue_down))


def quality(tables: Sequence[Sequence[int]]) -> tuple[int, bool] | None:
    """The quality whose tables are nearest, and whether they are the very same; none where none is near."""
    return _nearest(tuple(tuple(table) for table in tables[:2])) if tables else None


@lru_cache(maxsize=256)
def _nearest(wanted: tuple[tuple[int, ...], ...]) -> tuple[int, bool] | None:
    """Kept for a while: the pictures of one camera, and of one platform, have the same tables."""
    best, distance = 0, float("inf")
    for each in range(1, 101):
        scaled = _tables(each)[: len(wanted)]
        if all(mine == theirs for mine, theirs in zip(wanted, scaled, strict=True)):
            return each, True
        off = sum(
            abs(a - b) / b
            for mine, theirs in zip(wanted, scaled, strict=True)
            for a, b in zip(mine, theirs, strict=True)
        ) / (COEFFICIENTS * len(wanted))
        if off < distance:
            best, distance = each, off
    return (best, False) if distance <= _LIKE else None


@cache
def _tables(each: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    scale = 5000 // each if each < 50 else 200 - 2 * each  # noqa: PLR2004 - where libjpeg's scale bends
    luma, chroma = (tuple(min(max((step * scale + 50) // 100, 1), 255) for step in table) for table in (_LUMA, _CHROMA))
    return luma, chroma
