"""One of two pictures that are compared: what is known of it, as plain values.

Everything may be missing but the digest: what is missing is not compared, and nothing is concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Encoding:
    """How a JPEG was written, as its header says.

    Attributes:
        quality: 1 to 100 on the scale of the Independent JPEG Group's library, estimated from the quantisation tables;
            none where they are like no quality of that scale.
        exact: whether the tables are exactly those of that quality.
        progressive: whether it was written in several scans.
        subsampling: of the colour, as ``4:2:0``; none where it has none, or an unusual one.
    """

    quality: int | None = None
    exact: bool = False
    progressive: bool = False
    subsampling: str | None = None


@dataclass(frozen=True)
class Side:
    """One picture.

    Attributes:
        digest: SHA-256 of its bytes, hexadecimal.
        width: pixels across, upright (as it is meant to be seen).
        height: pixels down, upright.
        media_type: by its content.
        size: bytes of the file.
        encoding: how it was written, where it is a JPEG.
        frames: how many frames or pages the file has, where known; only the first is ever compared.
        metadata: embedded, by group and tag (``archiver.inspection.metadata``).
        camera: what the embedded metadata names as camera.
        credentials: whether it carries content credentials that hold; none where nobody looked.
        pixels: digests of its pixels by algorithm.
        first_seen: of its earliest known sighting: when that was at the earliest, where that is known, and by when it
            surely was (instants, UTC).
        samples: its reduced upright pixels, uint8, shape (height, width) or (height, width, 3).
    """

    digest: str
    width: int | None = None
    height: int | None = None
    media_type: str | None = None
    size: int | None = None
    encoding: Encoding | None = None
    frames: int | None = None
    metadata: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    camera: str | None = None
    credentials: bool | None = None
    pixels: Mapping[str, str] = field(default_factory=dict)
    first_seen: tuple[str | None, str] | None = None
    samples: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)

    @property
    def detailed(self) -> bool:
        """Whether its samples show its detail: all its pixels, or enough of them; coarse samples of a search do not."""
        if self.samples is None:
            return False
        height, width = self.samples.shape[:2]
        return min(height, width) >= _DETAILED or (width, height) == (self.width, self.height)

    @property
    def shape(self) -> tuple[int, int]:
        """Width and height in pixels; those of the samples, then 1 x 1, where the picture's own are not known."""
        if self.width and self.height:
            return self.width, self.height
        if self.samples is not None:
            return self.samples.shape[1], self.samples.shape[0]
        return 1, 1


_DETAILED: Final = 128
"""Samples along the shorter side."""
