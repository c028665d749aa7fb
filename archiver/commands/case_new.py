"""``archiver case new``: a case, with its mandate, its lead and how long its material is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.cases import CaseHeld, case_of
from archiver.errors import InputRefused
from archiver.facts.handling import Case
from archiver.naming import case_called
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions


def case_new(
    archive: Archive,
    title: str,
    *,
    mandate: str | None = None,
    lead: str | None = None,
    members: Sequence[str] = (),
    retention: str | None = None,
) -> CaseHeld:
    """Open a case.

    Raises:
        InputRefused: there is a case of this title.
        UsageError: a word is malformed.
    """
    made = checked(Case, "title", title=title, mandate=mandate, lead=lead, members=tuple(members), retention=retention)

    def build(questions: Questions) -> list[Case]:
        standing = questions.standing("case", [made.matter()]).get(made.matter())
        if standing is not None and standing.statement == made.statement():
            return [made]  # the same command again: it was killed, or somebody is careful
        if case_of(questions, made.title) is not None:
            raise InputRefused(f"there is a case {made.title!r}", hint="change it with `archiver case edit`")
        return [made]

    archive.record(build)
    with archive.asking() as questions:
        return case_called(questions, made.title)
