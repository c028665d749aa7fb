"""BMP: a file header that states the file's size, and in the fifth version of the second one a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.inspection.blocks.layout import Layout, Piece, number

if TYPE_CHECKING:
    from archiver.inspection.blocks.layout import Data

_CORE, _INFO, _FIFTH = 12, 40, 124
_PROFILES: Final = frozenset({b"DEBM", b"KNIL"})  # embedded and linked, little-endian
_UNCOMPRESSED: Final = frozenset({0, 3, 6})


def walk(data: Data, layout: Layout) -> None:
    """The profile; the end is behind the pixels, the profile and the stated size, if the file has so much."""
    stated, pixels, header = number(data, 2, "<I"), number(data, 10, "<I"), number(data, 14, "<I")
    end = max(stated, _end_of_pixels(data, pixels, header))
    if header >= _FIFTH and bytes(data[70:74]) in _PROFILES:
        profile = Piece(14 + number(data, 126, "<I"), number(data, 130, "<I"))
        if layout.keep("ICC", "profile", profile) is None:
            layout.miss("ICC", min(profile.offset, layout.size), profile.length, "the profile lies behind the end")
        else:
            end = max(end, profile.end)
    if header <= end <= layout.size:
        layout.end = end
    elif end > layout.size:
        layout.miss("structure", 0, layout.size, f"{end} bytes are announced")


def _end_of_pixels(data: Data, pixels: int, header: int) -> int:
    """Behind the rows, where they are not compressed."""
    if header == _CORE:
        width, height, depth, form = number(data, 18, "<H"), number(data, 20, "<H"), number(data, 24, "<H"), 0
    elif header >= _INFO:
        width, height = number(data, 18, "<i"), number(data, 22, "<i")
        depth, form = number(data, 28, "<H"), number(data, 30, "<I")
    else:
        return 0
    return pixels + (max(width, 0) * depth + 31) // 32 * 4 * abs(height) if form in _UNCOMPRESSED else 0
