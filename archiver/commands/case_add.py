"""``archiver case add``: items that a case is about, or no longer about. An item may belong to many cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.facts.handling import CaseItem
from archiver.facts.vocabulary import CaseState, State
from archiver.naming import case_called
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Filed:
    """What was put into a case or taken out of it; ``added`` says how much of it is new."""

    case: str
    title: str
    items: list[str]
    removed: bool
    added: int


def case_add(
    archive: Archive,
    case: str,
    items: Sequence[str],
    *,
    by: str | None = None,
    note: str | None = None,
    remove: bool = False,
) -> Filed:
    """Put items into a case, or take them out.

    Raises:
        InputRefused: there is no such case or item, the case is closed, or the item is not in it.
    """
    held = list(dict.fromkeys(archive.resolve(item) for item in items))
    with archive.asking() as questions:
        chosen = case_called(questions, case)
    state = State.RETRACTED if remove else State.STATED
    facts = [checked(CaseItem, "note", item=item, case=chosen.identity, by=by, note=note, state=state) for item in held]

    def build(questions: Questions) -> list[CaseItem]:
        if case_called(questions, chosen.title).state == CaseState.CLOSED:
            raise InputRefused(
                f"the case {chosen.title!r} is closed", hint="open it again: `archiver case close --reopen`"
            )
        standing = questions.standing("case-item", [fact.matter() for fact in facts])
        for fact in facts if remove else ():
            if fact.matter() not in standing:
                raise InputRefused(f"the case does not hold {fact.item[:12]}", hint="`archiver case show` lists it")
        return facts

    recorded = archive.record(build)
    return Filed(chosen.identity, chosen.title, held, remove, len(recorded.new))
