"""Sources found by what people call them, and all that is recorded of one."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.answers import UNASSESSED, Judgement
from archiver.catalogue.circle import ACCOUNT, AFFILIATION, AGENT, MERGE, PROFILE, Circle, Tie, circle, ties_to
from archiver.catalogue.judged import judgements
from archiver.catalogue.rows import fold
from archiver.catalogue.seen import SIGHTING
from archiver.catalogue.stated import CLAIM
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
class Affiliated:
    """An affiliation with names, and where its verification stands."""

    number: int
    source: str
    kind: str
    organisation: str
    valid: str | None
    basis: str
    asserted_by: str
    url: str | None
    status: str
    assessments: list[Judgement]
    fact: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All that is recorded of one source, with those who are one with it.

    Attributes:
        name: by which it is shown.
        identity: of the record under whose name it is shown.
        type: agent or account.
        records: what its records say, each as it stands (name, kind, type, url, country, note).
        aliases: its other names.
        handles: of an account: every handle of it, with what the platform shows.
        affiliations: what is asserted of it.
        affiliates: what is asserted of others with regard to it.
        assessments: judgements of it as a source.
        status: where the newest of them stands.
        sightings: how many sightings there are by it.
        claims: how many claims it makes.
    """

    name: str
    identity: str
    type: str
    records: list[dict[str, Any]]
    aliases: list[str]
    handles: list[dict[str, Any]]
    affiliations: list[Affiliated]
    affiliates: list[Affiliated]
    assessments: list[Judgement]
    status: str
    sightings: int
    claims: int

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


def every_source(questions: Questions, *, kind: str | None = None, words: str | None = None) -> list[Source]:
    """Every agent and every account, by name; merged records once."""
    query = sa.select(AGENT.c.entity).where(questions.stands(AGENT))
    if kind is not None:
        query = query.where(AGENT.c.kind == kind)
    entities = list(questions.connection.scalars(query))
    accounts = []
    if kind is None:
        rows = questions.connection.execute(sa.select(ACCOUNT).where(*questions.known(ACCOUNT))).mappings()
        accounts = [Source(row["fact"], SourceType.ACCOUNT, f"{row['platform']}:{row['handle']}") for row in rows]
    around = circle(questions, entities, ties=False)
    chosen = {around.representative(entity) for entity in entities}
    agents = [Source(entity, SourceType.AGENT, around.names[entity].name) for entity in chosen]
    wanted = fold(words) if words else ""
    found = [source for source in (*agents, *accounts) if wanted in fold(source.name)]
    return sorted(found, key=lambda source: (fold(source.name), source.identity))


def profiles(questions: Questions, sources: Sequence[Source]) -> list[Profile]:
    """All that is recorded of these sources, in their order."""
    around = circle(questions, [source.identity for source in sources])
    members = {source.identity: around.members(source.identity) for source in sources}
    every = sorted({each for of in members.values() for each in of})
    judged = judgements(questions, every)
    towards = ties_to(questions, every)
    wider = circle(questions, [*every, *(tie.source for tie in towards)])
    held = _affiliations(questions, [*around.ties, *towards], wider)
    made = []
    for source in sources:
        own = members[source.identity]
        history = sorted((j for each in own for j in judged[each]), key=lambda j: j.number)
        named = wider.name(source.identity)
        made.append(
            Profile(
                name=named.name if named and source.type is SourceType.AGENT else source.name,
                identity=around.representative(source.identity),
                type=str(source.type),
                records=_records(questions, own),
                aliases=_aliases(questions, own, named.name if named else ""),
                handles=_handles(questions, own),
                affiliations=[held[tie.number] for tie in around.ties if tie.source in own],
                affiliates=[held[tie.number] for tie in towards if tie.organisation in own],
                assessments=history,
                status=history[-1].counts_as if history else UNASSESSED,
                sightings=_count(questions, SIGHTING, ("publisher", "account"), own),
                claims=_count(questions, CLAIM, ("claimant", "claimant_account"), own),
            )
        )
    return made


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


def _affiliations(questions: Questions, ties: Sequence[Tie], names: Circle) -> dict[int, Affiliated]:
    numbers = sorted({tie.number for tie in ties})
    found: dict[int, Affiliated] = {}
    rows = list(
        questions.connection.execute(sa.select(AFFILIATION).where(AFFILIATION.c.number.in_(numbers))).mappings()
    )
    judged = judgements(questions, [row["fact"] for row in rows])
    for row in rows:
        history = judged[row["fact"]]
        source = names.names.get(row["source"]) or names.name(row["source"])
        organisation = names.name(row["organisation"])
        found[row["number"]] = Affiliated(
            number=row["number"],
            source=source.name if source else row["source"],
            kind=row["kind"],
            organisation=organisation.name if organisation else row["organisation"],
            valid=row["valid"],
            basis=row["basis"],
            asserted_by=row["asserted_by"],
            url=row["url"],
            status=history[-1].counts_as if history else UNASSESSED,
            assessments=history,
            fact=row["fact"],
        )
    return found


def _records(questions: Questions, members: Sequence[str]) -> list[dict[str, Any]]:
    names = ("number", "name", "kind", "type", "url", "country", "note", "recorded")
    query = sa.select(*(AGENT.c[name] for name in names)).where(questions.stands(AGENT))
    return [dict(row) for row in questions.rows(query, AGENT.c.entity, members, order=AGENT.c.number)]


def _aliases(questions: Questions, members: Sequence[str], shown: str) -> list[str]:
    query = sa.select(ALIAS.c.name).where(questions.stands(ALIAS), ALIAS.c.state == State.STATED)
    found = {row["name"] for row in questions.rows(query, ALIAS.c.agent, members)}
    merged = {row["name"] for row in questions.rows(sa.select(AGENT.c.name), AGENT.c.entity, members)}
    return sorted((found | merged) - {shown})


def _handles(questions: Questions, members: Sequence[str]) -> list[dict[str, Any]]:
    query = sa.select(ACCOUNT).where(*questions.known(ACCOUNT))
    shown = sa.select(PROFILE).where(questions.stands(PROFILE))
    profile = {row["account"]: row for row in questions.rows(shown, PROFILE.c.account, members)}
    names = ("platform_id", "display_name", "url", "by", "observed")
    return [
        {"number": row["number"], "handle": f"{row['platform']}:{row['handle']}"}
        | {name: profile[row["fact"]][name] if row["fact"] in profile else None for name in names}
        for row in questions.rows(query, ACCOUNT.c.fact, members, order=ACCOUNT.c.number)
    ]


def _count(questions: Questions, of: sa.Table, columns: Sequence[str], members: Sequence[str]) -> int:
    either = sa.or_(*(of.c[name].in_(members) for name in columns))
    query = sa.select(sa.func.count()).select_from(of).where(either, *questions.known(of))
    return questions.connection.scalar(query) or 0


def merged_into(questions: Questions, entity: str) -> str | None:
    """The record that this one is merged into, where it is."""
    query = sa.select(MERGE.c.into).where(
        MERGE.c.agent == entity, questions.stands(MERGE), MERGE.c.state == State.STATED
    )
    return questions.connection.scalar(query)
