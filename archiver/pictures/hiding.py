"""Hiding a picture that care is owed to: what is left is a few patches of tone, in which nothing can be recognised.

The law: everything comes from ``PATCHES`` averages, however large the tile; no detail of the picture reaches the tile,
so no sharpening brings it back. Colours are drawn halfway to grey, so that the sheet does not shout.
"""

from __future__ import annotations

from typing import Final

from PIL import Image

PATCHES: Final = (4, 3)
"""Averages across and down, along the longer and the shorter side."""


def hidden(image: Image.Image) -> Image.Image:
    """The picture, mode ``RGB``, of the same size, with nothing to be recognised in it."""
    across, down = PATCHES if image.width >= image.height else PATCHES[::-1]
    patches = image.convert("RGB").resize((across, down), Image.Resampling.BOX)
    grey = patches.convert("L").convert("RGB")
    return Image.blend(patches, grey, 0.5).resize(image.size, Image.Resampling.BICUBIC)
