"""``archiver case show`` and ``list``: what is said of cases, and what is in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from archiver.catalogue.cases import CaseHeld, every_case, items_of_case
from archiver.known import known
from archiver.naming import case_called

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with the items in it, in the order in which they came to it."""

    case: CaseHeld
    items: list[Known]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            **asdict(self.case),
            "items": [
                {
                    **each.dossier.care(),
                    "item": each.dossier.item,
                    "status": each.dossier.status,
                    "sightings": len(each.origins.sightings),
                    "independent_origins": each.origins.independent,
                }
                for each in self.items
            ],
        }


def case_show(archive: Archive, case: str, *, as_of: str | None = None) -> CaseFile:
    """A case, now or as of an earlier time.

    Raises:
        InputRefused: there is, or was, no such case.
    """
    with archive.asking(as_of) as questions:
        held = case_called(questions, case)
        items = items_of_case(questions, held.identity)
        found = known(questions, items)
    return CaseFile(held, [found[item] for item in items])


def case_list(archive: Archive, *, as_of: str | None = None) -> list[CaseHeld]:
    """The cases."""
    with archive.asking(as_of) as questions:
        return every_case(questions)
