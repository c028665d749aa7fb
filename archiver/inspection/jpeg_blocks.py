"""Pieces of a JPEG's luma at full size, from which its compressions are told; it runs inside the bounded child."""

from __future__ import annotations

from typing import Final

from PIL import Image

BLOCK: Final = 8
"""Samples a side of the blocks that are transformed (ITU-T T.81, A.3.1)."""

_PIECE, _PIECES = 64, 8


def blocks(image: Image.Image) -> Image.Image | None:
    """Luma at full size, 512 x 512 at the most: pieces from all over the picture, on its own grid of 8 x 8 blocks.

    None where the picture is no JPEG, or has no whole block.
    """
    if image.format not in {"JPEG", "MPO"}:
        return None
    image.draft("L", image.size)
    image.load()
    if image.mode != "L" or min(image.size) < BLOCK:
        return None
    across, down = _pieces(image.width), _pieces(image.height)
    drawn = Image.new("L", (sum(length for _, length in across), sum(length for _, length in down)))
    top = 0
    for y, height in down:
        left = 0
        for x, width in across:
            drawn.paste(image.crop((x, y, x + width, y + height)), (left, top))
            left += width
        top += height
    return drawn


def _pieces(side: int) -> list[tuple[int, int]]:
    """Where pieces begin and how long they are: the whole side, or eight pieces of it, evenly spread."""
    if side <= _PIECES * _PIECE:
        return [(0, side // BLOCK * BLOCK)]
    room = side - _PIECE
    return [(room * each // (_PIECES - 1) // BLOCK * BLOCK, _PIECE) for each in range(_PIECES)]
