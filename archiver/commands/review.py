"""``archiver review``: the pairs that a program suggests and nobody has decided on, each side with what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.catalogue.related import count_suggested, suggested
from archiver.known import known

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that a program suggests to be the same picture, and why."""

    number: int
    item: Known
    other: Known
    basis: str

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        sides = {
            name: {
                **side.dossier.care(),
                "item": side.dossier.item,
                "status": side.dossier.status,
                "first_seen": side.first_seen[0],
                "file_name": side.dossier.summary.file_name,
                "width": side.dossier.summary.width,
                "height": side.dossier.summary.height,
                "findings": side.dossier.named_findings,
            }
            for name, side in (("item", self.item), ("other", self.other))
        }
        return {"number": self.number, **sides, "basis": self.basis}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Pairs that wait for a decision, oldest first, and how many there are in all."""

    pairs: list[Pair]
    total: int


def review(archive: Archive, *, after: int = -1, limit: int = 100) -> Waiting:
    """The pairs that wait.

    Args:
        archive: the archive.
        after: only suggestions of a larger number.
        limit: how many at the most.
    """
    with archive.asking() as questions:
        found = suggested(questions, after=after, limit=limit)
        sides = known(questions, sorted({item for _, *pair, _ in found for item in pair}))
        total = count_suggested(questions)
    return Waiting([Pair(number, sides[one], sides[two], basis) for number, one, two, basis in found], total)
