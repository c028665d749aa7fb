"""What to find out about a file beyond the ordinary; the same words on both sides of the process border."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 1024
"""Pixels along the longer side of a reduced picture, at the most."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to find out.

    Attributes:
        pixel_digest: digest the pixels too, which costs a full decode.
        turned: reduce the transposed picture too, so that the fingerprints under which the picture would be found
            turned by a quarter are exact.
        grey: hand out the upright grey picture, reduced to so many pixels along its longer side; 0 for none.
        colour: the same in colour, which costs a decode of its own; 0 for none.
        compressions: hand out blocks of a JPEG's luma, to tell whether it was compressed more than once, which costs a
            full decode.
        pdq: hand out the samples that PDQ is made of, which costs a full decode and a second or so.
    """

    pixel_digest: bool = False
    turned: bool = False
    grey: int = 0
    colour: int = 0
    pdq: bool = False
    compressions: bool = False

    def __post_init__(self) -> None:
        if not (0 <= self.grey <= LARGEST and 0 <= self.colour <= LARGEST):
            raise ValueError(f"a reduced picture has up to {LARGEST} pixels along a side")


ORDINARY = Wanted()
"""What every upload finds out at the least."""
