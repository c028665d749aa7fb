"""Rows held against what is recorded, and against the rows above them: what they point to must be there.

The same checks serve a dry run and the real one, where they come before a file is touched. They see the rows in their
order, each once.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from archiver.catalogue.rows import fold
from archiver.catalogue.seen import sightings_at
from archiver.catalogue.sources import accounts_called, records_called
from archiver.clock import SystemClock
from archiver.errors import InputRefused, UsageError
from archiver.facts.address import one_spelling
from archiver.facts.values import instant
from archiver.facts.vocabulary import CaseState, SourceKind, TargetKind
from archiver.manifest.targets import NUMBER, ROW
from archiver.naming import case_called, numbered
from archiver.timing import refuse_published_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.manifest.row import Row
    from archiver.manifest.targets import Targets
    from archiver.provenance import Provenance

Found = TypeVar("Found")

_NAMED = 3
"""Rows that an error names at the most."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A row, and what it points to.

    Attributes:
        row: as it was read.
        item: the item that it names, in full.
        case: the case that it names, by identity.
        repost_of: the sighting that it repeats: by identity, or by the row above that records it.
    """

    row: Row
    item: str | None = None
    case: str | None = None
    repost_of: str | int | None = None


class Checks:
    """Checks the rows of one manifest.

    Args:
        archive: where they are to go; none where it is not made yet, and nothing is held.
        targets: what the rows point to.
    """

    def __init__(self, archive: Archive | None, targets: Targets) -> None:
        self._archive = archive
        self._targets = targets
        self._kinds: dict[str, SourceKind] = {}
        self._cases: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._spelled: dict[tuple[str, str], str] = {}
        self._sighted: set[int] = set()
        self._at: dict[str, list[int]] = {}

    def check(self, row: Row) -> Checked:
        """Hold a row against what is there.

        Raises:
            InputRefused: it points to what is not there, or contradicts it; the sentence names the column.
        """
        row = replace(row, provenance=self._named(row.provenance))
        checked = Checked(
            row,
            item=_in("item", self._item, row.item),
            case=_in("case", self._case, row.case),
            repost_of=_in("repost_of", lambda text: self._repost(row, text), row.repost_of),
        )
        self._time(row.provenance)
        self._context(row)
        self._source(row)
        self._note(row)
        return checked

    def _named(self, said: Provenance) -> Provenance:
        """The same, with source and account written as they are recorded, or as a row above first wrote them."""
        source = _in("source", partial(self._called, "source"), said.source)
        return replace(said, source=source, account=_in("account", partial(self._called, "account"), said.account))

    def _called(self, column: str, text: str) -> str:
        if (column, text) not in self._names:
            with self._asking() as questions:
                look = records_called if column == "source" else accounts_called
                found = look(questions, text) if questions else []
            if len(found) > 1:
                names = ", ".join(repr(source.name) for source in found)
                raise InputRefused(f"several sources are called {text!r}: {names}", hint="name it exactly")
            first = self._spelled.setdefault((column, fold(text)), text)
            self._names[column, text] = found[0].name if found else first
        return self._names[column, text]

    def _item(self, prefix: str) -> str:
        if self._archive is None:
            raise InputRefused(f"no item begins with {prefix}", hint="the archive is not made yet")
        return self._archive.resolve(prefix)

    def _case(self, text: str) -> str:
        if text not in self._cases:
            with self._asking() as questions:
                if questions is None:
                    raise InputRefused(f"there is no case {text!r}", hint="the archive is not made yet")
                found = case_called(questions, text)
            if found.state == CaseState.CLOSED:
                raise InputRefused(f"the case {found.title!r} is closed", hint="open it again, or name another")
            self._cases[text] = found.identity
        return self._cases[text]

    def _repost(self, row: Row, text: str) -> str | int:
        number, above = NUMBER.fullmatch(text), ROW.fullmatch(text)
        if above:
            if int(above[1]) not in self._sighted:
                raise InputRefused(
                    f"no row {above[1]} above says where something was seen",
                    hint="put the row of the original above the rows that repeat it, and put right what is wrong there",
                )
            return int(above[1])
        with self._asking() as questions:
            if number:
                if questions is None:
                    raise InputRefused(f"there is no sighting {text}", hint="the archive is not made yet")
                return numbered(questions, TargetKind.SIGHTING, number[1]).identity
            return self._at_address(row, text, questions)

    def _at_address(self, row: Row, text: str, questions: Questions | None) -> str | int:
        address = one_spelling(text)
        rows = self._at.get(address, [])
        if len(rows) == 1:
            return rows[0]
        if rows:
            names = ", ".join(f"row:{number}" for number in rows)
            raise InputRefused(f"several rows above have this address: {names}", hint="name the row instead")
        if address in [one_spelling(own) for own in (row.provenance.url, row.provenance.canonical) if own]:
            raise InputRefused("is the row's own address", hint="name what it repeats, or empty the cell")
        found = [] if questions is None else sightings_at(questions, address)
        if len(found) > 1:
            names = ", ".join(f"#{seen.number}" for seen in found[:_NAMED])
            raise InputRefused(f"several sightings have this address: {names}", hint="name the number instead")
        if not found:
            raise InputRefused(
                f"no row above and no recorded sighting has the address {text}",
                hint="put the row of the original above; where nobody has its picture, a row with only the url will do",
            )
        return found[0].fact

    def _time(self, said: Provenance) -> None:
        now = self._archive.now if self._archive else instant(SystemClock().now())
        try:
            refuse_published_later(said.published, said.observed, now=now)
        except UsageError as error:
            raise in_column("published", error) from error

    def _context(self, row: Row) -> None:
        if row.context is None:
            return
        try:
            there = row.context.is_file()
        except (OSError, ValueError):
            there = False
        if not there:
            raise InputRefused(f"column context: there is no file {row.context}", hint="check the path")

    def _source(self, row: Row) -> None:
        agent = row.provenance.agent()
        if agent is None or agent.kind is SourceKind.UNKNOWN:
            return
        subject = agent.subject()
        if self._kinds.get(subject, SourceKind.UNKNOWN) is SourceKind.UNKNOWN:
            with self._asking() as questions:
                standing = questions.standing("agent", [subject]).get(subject) if questions else None
            recorded = SourceKind(standing.statement["kind"]) if standing else SourceKind.UNKNOWN
            self._kinds[subject] = agent.kind if recorded is SourceKind.UNKNOWN else recorded
        if self._kinds[subject] is not agent.kind:
            raise InputRefused(
                f"column source_kind: {agent.name!r} is known as {self._kinds[subject]}, from the archive or a row "
                f"above, and not as {agent.kind}",
                hint="empty the cell, name the source more exactly, or correct it with `archiver source edit`",
            )

    def _note(self, row: Row) -> None:
        said = row.provenance
        wanted, addresses = self._targets.named(row.number, said.url, said.canonical)
        for address in addresses:
            rows = self._at.setdefault(address, [])
            if len(rows) < _NAMED:
                rows.append(row.number)
        if (wanted or addresses) and row.sighted:
            self._sighted.add(row.number)

    @contextmanager
    def _asking(self) -> Iterator[Questions | None]:
        if self._archive is None:
            yield None
        else:
            with self._archive.asking() as questions:
                yield questions


def _in(column: str, find: Callable[[str], Found], text: str | None) -> Found | None:
    """What a cell points to; an error names the column."""
    if text is None:
        return None
    try:
        return find(text)
    except (InputRefused, UsageError) as error:
        raise in_column(column, error) from error


def in_column(column: str, error: Exception) -> InputRefused:
    """An error that names the column it is about."""
    return InputRefused(f"column {column}: {error}", hint=getattr(error, "hint", ""))
