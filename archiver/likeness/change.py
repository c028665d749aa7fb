"""One thing that changed between two pictures: its kind, the numbers that show it, and words for a person.

The words say which picture they are about by ``{one}`` and ``{other}``, which whoever shows them fills in. They hold
nothing else that comes from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from archiver.facts.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.likeness.alignment import Box


class Kind(StrEnum):
    """What changed. The archive's own terms."""

    SAME_PIXELS = "same-pixels"
    RE_ENCODED = "re-encoded"
    RESIZED = "resized"
    STRETCHED = "stretched"
    CROPPED = "cropped"
    MIRRORED = "mirrored"
    ROTATED = "rotated"
    FRAMED = "framed"
    PLACED = "placed"
    COLLAGE = "part-of-collage"
    OVERLAID = "overlaid"
    TONE = "tone-changed"
    COLOUR = "colour-changed"
    GREY = "greyed"
    PERSPECTIVE = "perspective"


ACTIONS: Final = {
    Kind.CROPPED: Action.CROPPED,
    Kind.PLACED: Action.PLACED,
    Kind.COLLAGE: Action.PLACED,
    Kind.FRAMED: Action.PLACED,
    Kind.OVERLAID: Action.EDITED,
    Kind.PERSPECTIVE: Action.UNKNOWN,
    Kind.MIRRORED: Action.ORIENTATION,
    Kind.ROTATED: Action.ORIENTATION,
    Kind.GREY: Action.COLOR_ADJUSTMENTS,
    Kind.COLOUR: Action.COLOR_ADJUSTMENTS,
    Kind.TONE: Action.COLOR_ADJUSTMENTS,
    Kind.STRETCHED: Action.RESIZED,
    Kind.RESIZED: Action.RESIZED,
    Kind.RE_ENCODED: Action.TRANSCODED,
    Kind.SAME_PIXELS: Action.REPACKAGED,
}
"""The C2PA action (C2PA 2.1, 18.15) of each change, the one that says most about a pair first: a pair has many changes,
a recorded relation one action."""


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Attributes:
        kind: what.
        said: in words, with ``{one}`` and ``{other}`` for the two pictures.
        of: which of the two shows it against the other, ``one`` or ``other``; none where both may have been changed.
        evidence: the numbers behind it: JSON values.
        boxes: where, in the one's and in the other's upright pixels; either may be none.
    """

    kind: Kind
    said: str
    of: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    boxes: tuple[tuple[Box | None, Box | None], ...] = ()

    @property
    def action(self) -> Action:
        """The C2PA action that makes such a change."""
        return ACTIONS[self.kind]

    def words(self, one: str, other: str) -> str:
        """The words, about two pictures that are called so."""
        return self.said.replace("{one}", one).replace("{other}", other)

    def to_json(self, one: str, other: str) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "kind": str(self.kind),
            "of": {"one": one, "other": other}.get(self.of or ""),
            "action": str(self.action),
            "words": self.words(one, other),
            "evidence": dict(self.evidence),
            "boxes": [{one: list(a) if a else None, other: list(b) if b else None} for a, b in self.boxes],
        }


def box_words(box: Box) -> str:
    """A box as people read it: ``640×480 at (120, 80)``."""
    left, top, right, bottom = box
    return f"{right - left:,}×{bottom - top:,} at ({left:,}, {top:,})"
