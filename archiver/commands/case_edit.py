"""``archiver case edit`` and ``close``: what is said anew of a case supersedes what was said before.

What was said of a closing is not replaced by another closing: a closed case is opened again first. The same words again
add nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.errors import InputRefused
from archiver.facts.handling import Case
from archiver.naming import case_called
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.cases import CaseHeld
    from archiver.catalogue.questions import Questions


def case_edit(archive: Archive, case: str, **changes: Any) -> CaseHeld:
    """Say something anew of a case; what is not named stays as it is.

    Args:
        archive: the archive.
        case: its title or number.
        changes: fields of ``Case`` but its title, which is its name.

    Raises:
        InputRefused: there is no such case, or it is closed (or open) already, for another reason.
        UsageError: a word is malformed.
    """
    named: list[str] = []

    def build(questions: Questions) -> list[Case]:
        held = case_called(questions, case)
        named[:] = [held.title]
        standing = questions.standing("case", [held.identity])[held.identity]
        if "state" in changes and changes["state"] == held.state and changes.get("reason") != held.reason:
            because = f", because: {held.reason}" if held.reason else ""
            raise InputRefused(
                f"the case {held.title!r} is {held.state} already{because}",
                hint="what was said of it stays: `archiver case close --reopen` opens a closed one again",
            )
        return [checked(Case, "title", **(standing.statement | changes))]

    archive.record(build)
    with archive.asking() as questions:
        return case_called(questions, named[0])
