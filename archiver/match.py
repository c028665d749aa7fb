"""A picture to look for, and a held item that it matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from archiver.errors import UsageError
from archiver.fingerprint.algorithm import CURRENT

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.catalogue.answers import Related
    from archiver.inspection.appearance import Inner
    from archiver.inspection.report import Report
    from storage.digest import Digest

BYTES, PIXELS, LOOK, PART = "bytes", "pixels", "look", "part"
LEVELS: Final = (BYTES, PIXELS, LOOK, PART)
"""Best first."""

LARGEST_RADIUS: Final = 89
"""Bits of 256: the largest for which ``archiver.fingerprint.rates`` knows a rate."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of an upright picture; the last two exclusive."""


@dataclass(frozen=True, slots=True)
class Query:
    """A picture to look for.

    Attributes:
        digest: of its bytes.
        path: its bytes on disk.
        report: what its inspection found.
        inner: the pictures inside its frame.
    """

    digest: Digest
    path: Path
    report: Report
    inner: tuple[Inner, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A held item that the query matches.

    Attributes:
        item: its SHA-256.
        level: one of ``LEVELS``.
        distance: Hamming distance of the fingerprints in bits, 0 for equal bytes; of a part there is none.
        orientation: what was done to the held picture to make the query.
        algorithm: what was compared.
        frame: the part of the query that was compared, where that is a picture inside a frame.
        held_frame: the same of the held picture.
        points: how many points agree, of a part.
        sensitivity: the flags that it bears, where somebody asked.
        decided: what persons decided of it and the query, where somebody asked.
    """

    item: str
    level: str
    distance: int | None
    orientation: str
    algorithm: str
    frame: Box | None = None
    held_frame: Box | None = None
    points: int | None = None
    sensitivity: tuple[str, ...] = ()
    decided: tuple[Related, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """What was compared, as plain JSON values."""
        told: dict[str, Any] = {
            "item": self.item,
            "match": self.level,
            "distance": self.distance,
            "algorithm": self.algorithm,
            "orientation": self.orientation,
        }
        if self.frame:
            told["frame"] = list(self.frame)
        if self.held_frame:
            told["held_frame"] = list(self.held_frame)
        if self.points is not None:
            told["points"] = self.points
        return told

    def how(self) -> str:
        """How it matches, in words: ``same look, 12 of 256 bits apart, mirrored, inside its frame``."""
        return ", ".join((f"same {self.level}" if self.level != PART else "same picture in part", *self.details()))

    def details(self) -> list[str]:
        """The same without the level."""
        told = []
        if self.level == LOOK:
            told.append(f"{self.distance} of {CURRENT.length} bits apart")
        if self.points is not None:
            told.append(f"{self.points} points agree")
        if self.orientation != "upright":
            told.append(self.orientation)
        if self.frame or self.held_frame:
            sides = {(True, False): "inside its frame", (False, True): "inside the held one's frame"}
            told.append(sides.get((bool(self.frame), bool(self.held_frame)), "inside both frames"))
        return told


def best_first(match: Match) -> tuple[int, int, str]:
    """The order of matches: by level, then by distance or points."""
    return LEVELS.index(match.level), -match.points if match.points else match.distance or 0, match.item


def refuse_no_radius(radius: int) -> None:
    """Refuse a radius within which everything is alike.

    Raises:
        UsageError: it is one, or negative.
    """
    if not 0 <= radius <= LARGEST_RADIUS:
        raise UsageError(
            f"--radius {radius} is no radius",
            hint=f"it counts bits of {CURRENT.length}: 0 to {LARGEST_RADIUS}, beyond which nobody measured how many "
            f"unrelated pictures match; those lie about {CURRENT.length // 2} apart",
        )
