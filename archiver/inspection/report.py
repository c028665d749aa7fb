"""What an inspection found: the parts of the fact, and what fingerprints are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archiver.fingerprint.algorithm import CURRENT, PDQ

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from archiver.facts.inspection import Finding, Place
    from archiver.fingerprint.raster import Raster
    from archiver.inspection.jpeg import Jpeg
    from archiver.inspection.look import Written

    Write = Callable[[NDArray[np.float64]], str]


@dataclass(frozen=True)
class LooksLike:
    """One fingerprint: the algorithm's name, lower-case hexadecimal bits, quality 0 to 100 where there is one."""

    algorithm: str
    bits: str
    quality: int | None


@dataclass(frozen=True)
class Report:
    """What a file says of itself; the fields are those of the fact ``Inspection``.

    Attributes:
        media_type: none where the file is neither picture, video nor sound.
        places: where each group of embedded metadata stands in the file.
        findings: what the child found remarkable in the bytes.
        credentials: content credentials, where they were read.
        samples: 64 x 64 of the upright picture, where it decoded; every fingerprint is made of them, when first asked
            for (several reports one after the other cost a third of each between other work).
        coded: the same without the colour profile, where that changes any tone.
        lying: the same of the transposed picture, where that was asked for.
        grey: the upright grey picture, reduced, where that was asked for.
        colour: the same in colour.
        thumbnail: the embedded thumbnail in grey, as it stands in the file, where it has one that decodes.
        blocks: blocks of a JPEG's luma at full size, where those were asked for.
        pdq: 64 x 64 samples that PDQ is made of, little-endian single precision, where that was asked for.
        pixels: its pixel digest, where that was asked for.
        jpeg: how it was written, where it is a JPEG; told to whoever compares, and no part of the fact.
        write: writes the bits of a fingerprint (see ``archiver.inspection.look``); numpy does, unless told otherwise.
        cpu_seconds: the CPU time that the child used; no part of the finding, and not compared.
    """

    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    frames: int | None = None
    decode: str = "undecodable"
    detail: str | None = None
    camera: str | None = None
    captured: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, list[Place]] | None = None
    findings: list[Finding] | None = None
    credentials: dict[str, Any] | None = None
    samples: bytes | None = field(default=None, repr=False)
    coded: bytes | None = field(default=None, repr=False)
    lying: bytes | None = field(default=None, repr=False)
    grey: Raster | None = field(default=None, repr=False)
    colour: Raster | None = field(default=None, repr=False)
    thumbnail: Raster | None = field(default=None, repr=False)
    blocks: Raster | None = field(default=None, repr=False)
    pdq: bytes | None = field(default=None, repr=False)
    pixels: LooksLike | None = None
    jpeg: Jpeg | None = field(default=None, repr=False)
    write: Write | None = field(default=None, repr=False, compare=False)
    cpu_seconds: float = field(default=0.0, compare=False)

    @cached_property
    def fingerprints(self) -> tuple[LooksLike, ...]:
        """What it looks like, its PDQ and its pixel digest where those were asked for."""
        look = None if self._written is None else LooksLike(str(CURRENT), self._written[0], self._written[1])
        return tuple(each for each in (look, self._pdq, self.pixels) if each is not None)

    @property
    def turned(self) -> tuple[tuple[str, str], ...]:
        """The eight fingerprints under which the picture is found turned or mirrored, exact where that was asked for.

        They are (name, bits), in the order of ``archiver.fingerprint.orientations.NAMES``.
        """
        return () if self._written is None else self._written[2]

    @cached_property
    def _written(self) -> Written | None:
        if self.samples is None:
            return None
        from archiver.fingerprint.perceptual import digits  # noqa: PLC0415 - numpy, which a video does without
        from archiver.inspection.look import written  # noqa: PLC0415 - as above

        return written(self.samples, self.lying, self.write or digits)

    @property
    def complete(self) -> bool:
        """Whether the inspection came to its end: what is not there then was never to be had, or not asked for."""
        return self.decode not in {"undecodable", "refused-limits"}

    @property
    def trouble(self) -> str:
        """What hindered decoding, as well as it is known: the detail, or else the status alone."""
        return self.detail or self.decode

    @property
    def _pdq(self) -> LooksLike | None:
        if self.pdq is None:
            return None
        from archiver.fingerprint import pdq  # noqa: PLC0415 - numpy, which a video does without

        reduced = pdq.of_samples(self.pdq)
        return LooksLike(str(PDQ), pdq.digits(pdq.transform(reduced)), pdq.quality(reduced))

    @property
    def turned_pdq(self) -> tuple[tuple[str, str], ...]:
        """The eight PDQ under which the picture is found turned or mirrored, as ``turned``, where PDQ was asked for."""
        if self.pdq is None:
            return ()
        from archiver.fingerprint import pdq  # noqa: PLC0415 - as above

        return pdq.turned(pdq.of_samples(self.pdq))

    @property
    def look(self) -> LooksLike | None:
        """The fingerprint of the current algorithm, where the picture decoded."""
        return next((found for found in self.fingerprints if found.algorithm == str(CURRENT)), None)
