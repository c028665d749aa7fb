"""A picture as plain samples: all that leaves the process which read a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GREY, RGB = 1, 3
"""Samples a pixel."""


_TURNED_BY = frozenset((5, 6, 7, 8))
"""EXIF orientations that exchange width and height (CIPA DC-008, tag 0x0112)."""


def upright_size(width: int | None, height: int | None, orientation: int | None) -> tuple[int, int] | tuple[None, None]:
    """Width and height of a picture as it is meant to be seen, from those it is coded in and its EXIF orientation."""
    if width is None or height is None:
        return None, None
    return (height, width) if orientation in _TURNED_BY else (width, height)


@dataclass(frozen=True, slots=True)
class Raster:
    """An upright picture, reduced.

    Attributes:
        width: pixels across.
        height: pixels down.
        samples: rows from the top, one byte a pixel (luma by BT.601) or three (red, green, blue).
    """

    width: int
    height: int
    samples: bytes = field(repr=False)

    @property
    def depth(self) -> int:
        """Samples a pixel: ``GREY`` or ``RGB``."""
        return len(self.samples) // (self.width * self.height)

    def array(self) -> NDArray[np.uint8]:
        """The samples, read-only: shape (height, width) of a grey picture, (height, width, 3) of a coloured one."""
        import numpy as np  # noqa: PLC0415 - a command that asks for no picture does without

        shape = (self.height, self.width) if self.depth == GREY else (self.height, self.width, RGB)
        return np.frombuffer(self.samples, np.uint8).reshape(shape)
