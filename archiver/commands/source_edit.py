"""``archiver source edit``: correct or add to what is recorded of an agent; merge two records of one source.

A correction supersedes and leaves what was said before in the history. A merge says that two records are of one source:
both keep all that was recorded of them and are shown under the name of the one merged into, until it is undone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.catalogue.rows import fold
from archiver.catalogue.sources import bearer_of, members_of, merged_into
from archiver.errors import InputRefused, UsageError
from archiver.facts.source import Agent, Alias, Merge
from archiver.facts.vocabulary import State
from archiver.naming import agent_called, record_called, refuse_taken_name
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.sources import Source
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import AgentType, SourceKind


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to be changed; what is not named keeps its value.

    Attributes:
        agent_type: what it is.
        kind: what kind of source it is.
        url: its own page.
        country: where it is at home.
        note: more about it.
        clear: names of fields that shall be empty again.
        aliases: further names.
        drop_aliases: names that are taken back.
        merge: another agent, whose record is merged into this one.
        separate: another agent, whose merging into this one is undone.
        by: who says so; needed for a merge.
        basis: why; needed for a merge.
    """

    agent_type: AgentType | None = None
    kind: SourceKind | None = None
    url: str | None = None
    country: str | None = None
    note: str | None = None
    clear: Sequence[str] = ()
    aliases: Sequence[str] = ()
    drop_aliases: Sequence[str] = ()
    merge: str | None = None
    separate: str | None = None
    by: str | None = None
    basis: str | None = None

    def fields(self) -> dict[str, object]:
        """The fields that are named, with their new values."""
        named = {"type": self.agent_type, "kind": self.kind, "url": self.url} | {
            "country": self.country,
            "note": self.note,
        }
        said: dict[str, object] = {name: value for name, value in named.items() if value is not None}
        both = sorted(set(said) & set(self.clear))
        if both:
            raise UsageError(f"--{both[0]} is given, and --clear {both[0]} empties it", hint="say one of the two")
        return said | dict.fromkeys(self.clear)

    def check(self) -> None:
        """Refuse words that do not fit together.

        Raises:
            UsageError: they do not, and which.
        """
        joins = self.merge is not None or self.separate is not None
        if joins and not (self.by and self.by.strip() and self.basis and self.basis.strip()):
            raise UsageError(
                "that two records are one source is a judgement",
                hint="say who finds so (--by NAME) and why (--basis TEXT)",
            )
        if self.basis is not None and not joins:
            raise UsageError("--basis says why records are merged or separated, and none are")
        if self.by is not None and not (joins or self.aliases or self.drop_aliases):
            raise UsageError("--by says who gives an alias or merges records, and nobody does")
        if not (joins or self.aliases or self.drop_aliases or self.fields()):
            raise UsageError("nothing to change is named", hint="see `archiver source edit --help`")


@dataclass(frozen=True, slots=True)
class SourceEdited:
    """What was recorded of it; nothing where all of that was recorded already."""

    name: str
    identity: str
    added: list[int] = field(default_factory=list)


def source_edit(archive: Archive, name: str, edits: Edits) -> SourceEdited:
    """Change what is recorded of an agent.

    Raises:
        InputRefused: nobody is called so, an alias is taken or unknown, or the records cannot be merged or separated.
        UsageError: several are called so, or the words do not fit together.
    """
    edits.check()
    shown: list[Source] = []

    def build(questions: Questions) -> list[Fact]:
        agent = agent_called(questions, name)
        shown[:] = [agent]
        made: list[Fact] = [*_changed(questions, agent, edits), *_aliases(questions, agent, edits)]
        if edits.merge is not None:
            made.append(_merged(questions, record_called(questions, name), edits.merge, edits))
        if edits.separate is not None:
            made.append(_separated(questions, record_called(questions, name), edits.separate, edits))
        return made

    recorded = archive.record(build)
    added = sorted(recorded.numbers[identity] for identity in recorded.new)
    return SourceEdited(shown[0].name, shown[0].identity, added)


def _changed(questions: Questions, agent: Source, edits: Edits) -> list[Fact]:
    said = edits.fields()
    if not said:
        return []
    standing = questions.standing("agent", [agent.identity])[agent.identity]
    values = {k: v for k, v in (standing.statement | said).items() if v is not None}
    return [checked(Agent, "name", **values)]


def _aliases(questions: Questions, agent: Source, edits: Edits) -> list[Fact]:
    made: list[Fact] = []
    members = members_of(questions, [agent.identity])
    for alias in edits.aliases:
        if fold(alias) == fold(agent.name):
            raise InputRefused(f"{alias!r} is its name already")
        if bearer_of(questions, members, alias) is None:
            refuse_taken_name(questions, alias)
        made.append(checked(Alias, "alias", agent=agent.identity, name=alias, by=edits.by))
    for alias in edits.drop_aliases:
        bearer = bearer_of(questions, members, alias)
        if bearer is None:
            raise InputRefused(
                f"{agent.name!r} has no alias {alias!r}", hint="`archiver source show` lists its aliases"
            )
        entity, written = bearer
        made.append(checked(Alias, "drop-alias", agent=entity, name=written, by=edits.by, state=State.RETRACTED))
    return made


def _merged(questions: Questions, into: Source, other: str, edits: Edits) -> Fact:
    record = record_called(questions, other)
    if record.identity == into.identity:
        raise InputRefused(f"{record.name!r} is that record itself", hint="name another one to merge into it")
    above = merged_into(questions, record.identity)
    if above not in (None, into.identity):
        raise InputRefused(
            f"{record.name!r} is merged into another record already", hint="merge that one, or undo it with --separate"
        )
    if record.identity in _above(questions, into.identity):
        raise InputRefused(
            f"{into.name!r} is merged into {record.name!r} already", hint="they are one source; --separate undoes that"
        )
    return checked(Merge, "merge", agent=record.identity, into=into.identity, by=edits.by, basis=edits.basis)


def _above(questions: Questions, entity: str) -> list[str]:
    """The records that this one is merged into, one behind the other."""
    found: list[str] = []
    above = merged_into(questions, entity)
    while above is not None and above not in found:
        found.append(above)
        above = merged_into(questions, above)
    return found


def _separated(questions: Questions, into: Source, other: str, edits: Edits) -> Fact:
    record = record_called(questions, other)
    if merged_into(questions, record.identity) != into.identity:
        raise InputRefused(
            f"{record.name!r} is not merged into {into.name!r}",
            hint="`archiver source show` lists what is merged into what",
        )
    retracted = {"state": State.RETRACTED, "by": edits.by, "basis": edits.basis}
    return checked(Merge, "separate", agent=record.identity, into=into.identity, **retracted)
