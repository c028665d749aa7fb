"""``archiver case show`` and ``list``: what is said of cases, and what is in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.cases import CaseHeld, every_case, items_of_case
from archiver.catalogue.chronicle import chronicle_of_case
from archiver.catalogue.withdrawals import tombstones
from archiver.known import known
from archiver.naming import case_called

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.chronicle import Event
    from archiver.catalogue.withdrawals import Tombstone
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with the items in it, in the order in which they came to it; its history, where it was asked for.

    What was in it and was withdrawn is told by its tombstone.
    """

    case: CaseHeld
    items: list[Known]
    history: list[Event] | None = None
    withdrawn: list[Tombstone] = field(default_factory=list)

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
            "withdrawn": [each.to_json() for each in self.withdrawn],
            **({} if self.history is None else {"history": [event.to_json() for event in self.history]}),
        }


def case_show(archive: Archive, case: str, *, as_of: str | None = None, history: bool = False) -> CaseFile:
    """A case, now or as of an earlier time, and every event about it where its ``history`` is asked for.

    Raises:
        InputRefused: there is, or was, no such case.
    """
    with archive.asking(as_of) as questions:
        held = case_called(questions, case)
        items = items_of_case(questions, held.identity)
        found = known(questions, items)
        events = chronicle_of_case(questions, held.identity) if history else None
        gone = [each for each in tombstones(questions) if held.title in each.cases]
    return CaseFile(held, [found[item] for item in items], events, gone)


def case_list(archive: Archive, *, as_of: str | None = None) -> list[CaseHeld]:
    """The cases."""
    with archive.asking(as_of) as questions:
        return every_case(questions)
