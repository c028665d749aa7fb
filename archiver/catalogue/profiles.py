"""All that is recorded of a source, with those who are one with it: now, and what was said of it before."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.circle import ACCOUNT, AFFILIATION, AGENT, MERGE, PROFILE, Circle, Tie, circle, ties_to
from archiver.catalogue.judged import judgements
from archiver.catalogue.said import UNASSESSED, Judgement
from archiver.catalogue.seen import SIGHTING
from archiver.catalogue.sources import ALIAS
from archiver.catalogue.stated import CLAIM
from archiver.facts.vocabulary import SourceType, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.circle import Named
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.sources import Entry, Source

MOST_SIGHTINGS = 20
"""Sightings of a source that are told with it."""


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
        kind: of an agent: what kind of source it is.
        agent_type: of an agent: what it is, where stated.
        records: what its records say, each as it stands (name, kind, type, url, country, note).
        aliases: its other names.
        merges: which record was merged into which, by whom and why.
        handles: of an account: every handle of it, with what the platform shows.
        affiliations: what is asserted of it.
        affiliates: what is asserted of others with regard to it.
        assessments: judgements of it as a source.
        status: where the newest of them stands.
        sightings: how many sightings there are by it.
        newest_sightings: the last of them in the log, newest first: number, time, address, and the item, where held.
        claims: how many claims it makes.
        history: what was said of it before and was superseded or taken back, in the order of the log.
    """

    name: str
    identity: str
    type: str
    kind: str | None
    agent_type: str | None
    records: list[dict[str, Any]]
    aliases: list[str]
    merges: list[dict[str, Any]]
    handles: list[dict[str, Any]]
    affiliations: list[Affiliated]
    affiliates: list[Affiliated]
    assessments: list[Judgement]
    status: str
    sightings: int
    newest_sightings: list[dict[str, Any]]
    claims: int
    history: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def profiles(questions: Questions, sources: Sequence[Source | Entry]) -> list[Profile]:
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
                kind=named.kind if named else None,
                agent_type=named.type if named else None,
                records=_records(questions, own),
                aliases=_aliases(questions, own, named.name if named else ""),
                merges=_statements(questions, "merge", own, standing=True),
                handles=_handles(questions, own),
                affiliations=[held[tie.number] for tie in around.ties if tie.source in own],
                affiliates=[held[tie.number] for tie in towards if tie.organisation in own],
                assessments=history,
                status=history[-1].counts_as if history else UNASSESSED,
                sightings=_count(questions, SIGHTING, ("publisher", "account"), own),
                newest_sightings=_newest(questions, own),
                claims=_count(questions, CLAIM, ("claimant", "claimant_account"), own),
                history=_history(questions, own),
            )
        )
    return made


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


def _newest(questions: Questions, members: Sequence[str]) -> list[dict[str, Any]]:
    """The newest sightings by these, also those whose file was never had, and which no item leads to."""
    names = ("number", "item", "url", "published", "published_basis", "observed")
    query = sa.select(*(SIGHTING.c[name] for name in names)).where(*questions.known(SIGHTING))
    found: dict[int, dict[str, Any]] = {}
    for column in (SIGHTING.c.publisher, SIGHTING.c.account):
        part = query.where(column.in_(members)).order_by(SIGHTING.c.number.desc()).limit(MOST_SIGHTINGS)
        found |= {row["number"]: dict(row) for row in questions.connection.execute(part).mappings()}
    return [found[number] for number in sorted(found, reverse=True)[:MOST_SIGHTINGS]]


def _count(questions: Questions, of: sa.Table, columns: Sequence[str], members: Sequence[str]) -> int:
    either = sa.or_(*(of.c[name].in_(members) for name in columns))
    query = sa.select(sa.func.count()).select_from(of).where(either, *questions.known(of))
    return questions.connection.scalar(query) or 0


_SAID = {
    "agent": (AGENT, ("entity",), ("name", "kind", "type", "url", "country", "note")),
    "account-profile": (PROFILE, ("account",), ("platform_id", "display_name", "url", "by", "observed")),
    "alias": (ALIAS, ("agent",), ("name", "by", "state")),
    "merge": (MERGE, ("agent", "into"), ("agent", "into", "by", "basis", "state")),
    "affiliation": (
        AFFILIATION,
        ("source", "organisation"),
        ("source", "kind", "organisation", "valid", "basis", "asserted_by", "url", "state"),
    ),
}
"""What is said of sources: where it stands, what it is about, what it says."""

_IDENTITIES = ("agent", "into", "source", "organisation")


def _history(questions: Questions, members: Sequence[str]) -> list[dict[str, Any]]:
    before = [each for kind in _SAID for each in _statements(questions, kind, members, standing=False)]
    return sorted(before, key=lambda each: int(each["number"]))


def _statements(questions: Questions, kind: str, members: Sequence[str], *, standing: bool) -> list[dict[str, Any]]:
    """The statements of a kind about these records that stand, or those that do not: superseded, or taken back."""
    of, about, columns = _SAID[kind]
    holds = questions.stands(of)
    if "state" in columns:
        holds = sa.and_(holds, of.c.state == State.STATED)
    query = sa.select(of).where(*questions.known(of), holds if standing else sa.not_(holds))
    rows = {row["number"]: row for column in about for row in questions.rows(query, of.c[column], members)}
    named = circle(questions, [row[c] for row in rows.values() for c in columns if c in _IDENTITIES], ties=False).names
    return [
        {"number": number, "said": kind, "recorded": rows[number]["recorded"], "actor": rows[number]["actor"]}
        | {name: _told(name, rows[number][name], named) for name in columns}
        for number in sorted(rows)
    ]


def _told(column: str, value: Any, named: dict[str, Named]) -> Any:
    return named[value].name if column in _IDENTITIES and value in named else value


def asserted(
    questions: Questions, sources: Sequence[str], organisations: Sequence[str], *, kind: str, by: str
) -> list[dict[str, Any]]:
    """The affiliations of these with those that this asserter asserts, one a period, and did not take back."""
    said = (AFFILIATION.c.kind == kind, AFFILIATION.c.asserted_by == by, AFFILIATION.c.state == State.STATED)
    query = sa.select(AFFILIATION).where(questions.stands(AFFILIATION), *said)
    rows = questions.rows(query, AFFILIATION.c.source, sources, order=AFFILIATION.c.number)
    return [dict(row) for row in rows if row["organisation"] in organisations]
