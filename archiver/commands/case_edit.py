"""``archiver case edit`` and ``close``: what is said anew of a case supersedes what was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
        InputRefused: there is no such case.
        UsageError: a word is malformed.
    """
    named: list[str] = []

    def build(questions: Questions) -> list[Case]:
        held = case_called(questions, case)
        named[:] = [held.title]
        standing = questions.standing("case", [held.identity])[held.identity]
        return [checked(Case, "title", **(standing.statement | changes))]

    archive.record(build)
    with archive.asking() as questions:
        return case_called(questions, named[0])
