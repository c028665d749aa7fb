"""Sources found by what people call them: agents by name or alias, accounts by handle."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.circle import ACCOUNT, AGENT, MERGE, circle, ties_to
from archiver.catalogue.rows import fold
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.sources import AliasRow
from archiver.facts.vocabulary import SourceType, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions

ALIAS = table(AliasRow)


@dataclass(frozen=True, slots=True)
class Source:
    """An agent or an account, found by a name."""

    identity: str
    type: SourceType
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A source on one line; ``others`` are its other names: aliases, merged records, other handles."""

    name: str
    identity: str
    type: SourceType
    kind: str | None
    agent_type: str | None
    others: list[str]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def records_called(questions: Questions, name: str) -> list[Source]:
    """The agents' own records of this name: exactly so, else whatever its case, else by an alias."""
    folded = fold(name)
    stated = (questions.stands(ALIAS), ALIAS.c.state == State.STATED)
    columns, standing = (AGENT.c.entity, AGENT.c.name), questions.stands(AGENT)
    by_name = sa.select(*columns).where(AGENT.c.folded == folded, standing)
    rows = list(questions.connection.execute(by_name))
    exact = [row for row in rows if row.name == unicodedata.normalize("NFC", name).strip()]
    if not rows:
        by_alias = sa.select(ALIAS.c.agent).where(ALIAS.c.folded == folded, *stated)
        rows = list(questions.connection.execute(sa.select(*columns).where(AGENT.c.entity.in_(by_alias), standing)))
    return sorted((Source(row.entity, SourceType.AGENT, row.name) for row in exact or rows), key=lambda s: s.identity)


def agents_called(questions: Questions, name: str) -> list[Source]:
    """The agents of this name or alias (``records_called``); of merged records the one that stands for all."""
    found = [record.identity for record in records_called(questions, name)]
    around = circle(questions, found, ties=False)
    chosen = sorted({around.representative(entity) for entity in found})
    return [Source(entity, SourceType.AGENT, around.names[entity].name) for entity in chosen]


def accounts_called(questions: Questions, text: str) -> list[Source]:
    """The account ``PLATFORM:HANDLE``: exactly so, else whatever its case."""
    query = sa.select(ACCOUNT).where(ACCOUNT.c.folded == fold(text), *questions.known(ACCOUNT))
    rows = questions.connection.execute(query.order_by(ACCOUNT.c.number)).mappings()
    found = [Source(row["fact"], SourceType.ACCOUNT, f"{row['platform']}:{row['handle']}") for row in rows]
    return [source for source in found if source.name == text] or found


def every_source(questions: Questions, *, kind: str | None = None, words: str | None = None) -> list[Entry]:
    """Every agent and every account, by name; merged records and the handles of one account once.

    Args:
        questions: at the place of the log that is asked about.
        kind: only agents of this kind.
        words: only those of which some name holds this, whatever its case.
    """
    newest = [*_names(questions, AGENT.c.entity, AGENT.c.name, questions.stands(AGENT))]
    if kind is None:
        handle = sa.type_coerce(ACCOUNT.c.platform, sa.String) + ":" + ACCOUNT.c.handle  # no platform any more
        newest += _names(questions, ACCOUNT.c.fact, handle, *questions.known(ACCOUNT))
    around = circle(questions, [entity for entity, _ in newest], ties=False)
    named: dict[str, list[str]] = defaultdict(list)
    agents = {entity for entity, named in around.names.items() if named.kind is not None}
    for entity, name in newest:
        named[around.representative(entity)].append(name)
    stated = (questions.stands(ALIAS), ALIAS.c.state == State.STATED)
    for entity, name in _names(questions, ALIAS.c.agent, ALIAS.c.name, *stated):
        named[around.representative(entity)].append(name)
    found = []
    for entity, names in named.items():
        shown = around.names[entity]
        is_agent = entity in agents
        name = shown.name if is_agent else names[-1]  # the handle that was recorded last
        entry = Entry(
            name=name,
            identity=entity,
            type=SourceType.AGENT if is_agent else SourceType.ACCOUNT,
            kind=shown.kind,
            agent_type=shown.type,
            others=sorted(set(names) - {name}),
        )
        if kind in (None, entry.kind) and (not words or any(fold(words) in fold(each) for each in names)):
            found.append(entry)
    return sorted(found, key=lambda entry: (fold(entry.name), entry.identity))


def _names(
    questions: Questions, entity: sa.Column[str], name: sa.ColumnElement[str], *conditions: sa.ColumnElement[bool]
) -> list[tuple[str, str]]:
    """Entities with a name of theirs, in the order of the log."""
    query = sa.select(entity, name).where(*conditions).order_by(entity.table.c.number)
    return [(row[0], row[1]) for row in questions.connection.execute(query)]


def affiliated_with(questions: Questions, organisations: Sequence[str]) -> list[str]:
    """All records of those who are said to act for these agents, themselves included, step by step inwards."""
    found = set(circle(questions, organisations, ties=False).one) | set(organisations)
    fresh = found
    while fresh:
        reached = {tie.source for tie in ties_to(questions, fresh) if not tie.dismissed}
        around = set(circle(questions, reached, ties=False).one) | reached
        fresh = around - found
        found |= fresh
    return sorted(found)


def members_of(questions: Questions, identities: Sequence[str]) -> list[str]:
    """All records of these sources: those merged with them, and other handles of the same account."""
    around = circle(questions, identities, ties=False)
    return sorted({each for identity in identities for each in around.members(identity)})


def merged_into(questions: Questions, entity: str) -> str | None:
    """The record that this one is merged into, where it is."""
    stated = (questions.stands(MERGE), MERGE.c.state == State.STATED)
    into: str | None = questions.connection.scalar(sa.select(MERGE.c.into).where(MERGE.c.agent == entity, *stated))
    return into


def bearer_of(questions: Questions, members: Sequence[str], alias: str) -> tuple[str, str] | None:
    """The record among these that bears this alias, whatever its case, and the alias as it was written."""
    stated = (ALIAS.c.folded == fold(alias), questions.stands(ALIAS), ALIAS.c.state == State.STATED)
    rows = questions.rows(sa.select(ALIAS.c.agent, ALIAS.c.name).where(*stated), ALIAS.c.agent, members)
    return next(((row["agent"], row["name"]) for row in rows), None)
