"""All that is made of a reduced grey picture outside the process that read the file.

* its local features, by which it is found again in part (``archiver.fingerprint.features``);
* the fingerprints of the pictures inside its frame, where it has one (``archiver.fingerprint.inner_box``);
* 32 x 32 samples, by which two pictures that look alike are compared without reading either again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from archiver.fingerprint import perceptual, reduction
from archiver.fingerprint.algorithm import INNER, SIDE, matches_by_look
from archiver.fingerprint.inner_box import inner_boxes
from archiver.fingerprint.raster import upright_size
from archiver.inspection.look import written
from archiver.inspection.report import LooksLike

if TYPE_CHECKING:
    from archiver.fingerprint.features import Features
    from archiver.fingerprint.inner_box import Box
    from archiver.fingerprint.raster import Raster
    from archiver.inspection.report import Report

LONGEST: Final = 512
"""Pixels along the longer side of the picture that boxes and features are looked for in."""

SAMPLES: Final = 32
"""Samples along each side of what is kept for comparing."""


@dataclass(frozen=True, slots=True)
class Inner:
    """The picture inside a frame.

    Attributes:
        look: its fingerprint.
        turned: the eight fingerprints under which it is found turned or mirrored (name, bits).
        box: left, top, right and bottom in pixels of the upright original.
    """

    look: LooksLike
    turned: tuple[tuple[str, str], ...]
    box: Box

    @property
    def region(self) -> str:
        """The box as a fact states it (``archiver.facts.values.Region``)."""
        left, top, right, bottom = self.box
        return f"xywh={left},{top},{right - left},{bottom - top}"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a picture looks like beyond its fingerprint.

    Attributes:
        features: local features; none of a picture without any.
        samples: 32 rows of 32, grey.
        inner: the pictures inside its frame.
    """

    features: Features | None
    samples: bytes
    inner: tuple[Inner, ...]


def appearance(report: Report) -> Appearance | None:
    """What the picture of a report looks like; none where no grey picture was asked for, or nothing decoded."""
    if report.grey is None or report.samples is None:
        return None
    from archiver.fingerprint.features import features  # noqa: PLC0415 - a look-up by look does without it

    found = features(report.grey.array())
    return Appearance(found if len(found.codes) else None, coarse(report.samples), framed(report))


def coarse(samples: bytes) -> bytes:
    """The 64 x 64 samples of a report by averages of four: 32 rows of 32."""
    squares = np.frombuffer(samples, np.uint8).reshape(SAMPLES, SIDE // SAMPLES, SAMPLES, SIDE // SAMPLES)
    return bytes(np.rint(squares.mean(axis=(1, 3))).astype(np.uint8))


def framed(report: Report) -> tuple[Inner, ...]:
    """The pictures inside the frame of a report's picture; those too flat to be told by their look are left out."""
    if report.grey is None:
        return ()
    found = []
    for box, cut in _cut(report.grey):
        standing, lying = reduction.samples(cut), reduction.samples(reduction.lying(cut))
        bits, quality, turned = written(standing, lying, perceptual.digits)
        if matches_by_look(quality):
            found.append(Inner(LooksLike(str(INNER), bits, quality), turned, _in_original(box, report)))
    return tuple(found)


def _cut(grey: Raster) -> list[tuple[Box, Image.Image]]:
    whole = reduction.within(Image.frombytes("L", (grey.width, grey.height), grey.samples), LONGEST)
    boxes = inner_boxes(np.asarray(whole))
    scale = grey.width / whole.width
    return [(_scaled(box, scale), whole.crop(box)) for box in boxes]


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(side * scale) for side in box)
    return left, top, right, bottom


def _in_original(box: Box, report: Report) -> Box:
    """A box of the reduced picture in pixels of the upright original."""
    width, height = upright_size(report.width, report.height, report.orientation)
    grey = report.grey
    if grey is None or width is None or height is None:
        return box
    left, top, right, bottom = box
    across, down = width / grey.width, height / grey.height
    return round(left * across), round(top * down), round(right * across), round(bottom * down)
