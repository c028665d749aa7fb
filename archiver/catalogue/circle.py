"""The circle around sources: who is one with whom, and who is said to act for whom. Collected outwards, step by step.

The law: nothing is concluded here. Records that were merged and handles of one platform number are *one* source; an
affiliation is a statement by somebody, carried with its number, its asserter and whether it was refuted since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.sources import (
    AccountProfileRow,
    AccountRow,
    AffiliationRow,
    AgentRow,
    MergeRow,
)
from archiver.facts.vocabulary import AssessmentStatus, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.catalogue.questions import Questions

AGENT, ACCOUNT, PROFILE = table(AgentRow), table(AccountRow), table(AccountProfileRow)
AFFILIATION, MERGE = table(AffiliationRow), table(MergeRow)

_DISMISSED = (AssessmentStatus.REFUTED, AssessmentStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Named:
    """A source as it is shown: an agent under the name of the record it was merged into, or an account."""

    name: str
    kind: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody asserts that ``source`` acts for ``organisation`` (both by identity).

    Attributes:
        number: of the affiliation.
        source: who is said to be affiliated.
        organisation: with whom.
        kind: in which way.
        asserted_by: who says so.
        earliest: when it holds at the earliest (``Instant``), where stated.
        latest: until when it holds at the latest, where stated.
        dismissed: whether a person judged it refuted or withdrawn.
    """

    number: int
    source: str
    organisation: str
    kind: str
    asserted_by: str
    earliest: str | None
    latest: str | None
    dismissed: bool


@dataclass
class Circle:
    """What is known around some sources.

    Attributes:
        names: each source's name, by identity.
        one: each source's representative: merged records and renamed accounts have the same.
        ties: what is asserted of them, and of those for whom they are said to act, and so on.
    """

    names: dict[str, Named] = field(default_factory=dict)
    one: dict[str, str] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)

    def name(self, identity: str | None) -> Named | None:
        """The name of a source."""
        return None if identity is None else self.names.get(self.one.get(identity, identity))

    def representative(self, identity: str) -> str:
        """The identity that stands for all records of this source."""
        return self.one.get(identity, identity)

    def members(self, identity: str) -> list[str]:
        """All records of the source that this identity belongs to."""
        chosen = self.representative(identity)
        return sorted({each for each, root in self.one.items() if root == chosen} | {identity, chosen})


def circle(questions: Questions, sources: Iterable[str | None], *, ties: bool = True) -> Circle:
    """The circle around some sources (agents and accounts, by identity).

    Args:
        questions: at the place of the log that is asked about.
        sources: where to begin.
        ties: whether affiliations are followed; names alone are cheaper.
    """
    found = Circle()
    into: dict[str, str] = {}
    renamed: dict[tuple[str, str], set[str]] = {}
    fresh = sorted({source for source in sources if source})
    seen = set(fresh)
    while fresh:
        reached: set[str] = set()
        for row in _merges(questions, fresh):
            into[row["agent"]] = row["into"]
            reached |= {row["agent"], row["into"]}
        for row in _profiles(questions, fresh):
            renamed.setdefault((row["platform"], row["platform_id"]), set()).add(row["account"])
            reached.add(row["account"])
        if ties:
            for tie in _ties(questions, AFFILIATION.c.source, fresh):
                found.ties.append(tie)
                reached.add(tie.organisation)
        fresh = sorted(reached - seen)
        seen |= reached
    found.one = _one(seen, into, renamed.values())
    found.names = _names(questions, seen)
    return found


def ties_to(questions: Questions, organisations: Iterable[str]) -> list[Tie]:
    """What is asserted of those who are said to act for these agents."""
    return _ties(questions, AFFILIATION.c.organisation, sorted(set(organisations)))


def _merges(questions: Questions, sources: list[str]) -> list[sa.RowMapping]:
    query = sa.select(MERGE.c.agent, MERGE.c.into).where(questions.stands(MERGE), MERGE.c.state == State.STATED)
    return [*questions.rows(query, MERGE.c.agent, sources), *questions.rows(query, MERGE.c.into, sources)]


def _profiles(questions: Questions, sources: list[str]) -> list[sa.RowMapping]:
    """The profiles that bear the same platform number as the profiles of these accounts."""
    own, other = PROFILE.alias("own"), PROFILE.alias("other")
    same = sa.and_(own.c.platform == other.c.platform, own.c.platform_id == other.c.platform_id)
    query = (
        sa.select(other.c.account, other.c.platform, other.c.platform_id)
        .select_from(own.join(other, same))
        .where(questions.stands(own), questions.stands(other))
    )
    return questions.rows(query, own.c.account, sources)


def _ties(questions: Questions, column: sa.Column[str], sources: list[str]) -> list[Tie]:
    query = sa.select(AFFILIATION).where(questions.stands(AFFILIATION), AFFILIATION.c.state == State.STATED)
    rows = questions.rows(query, column, sources, order=AFFILIATION.c.number)
    judged = questions.statuses([row["fact"] for row in rows])
    return [
        Tie(
            number=row["number"],
            source=row["source"],
            organisation=row["organisation"],
            kind=row["kind"],
            asserted_by=row["asserted_by"],
            earliest=row["earliest"],
            latest=row["latest"],
            dismissed=judged.get(row["fact"]) in _DISMISSED,
        )
        for row in rows
    ]


def _one(seen: set[str], into: dict[str, str], renamed: Iterable[set[str]]) -> dict[str, str]:
    """Each source's representative: where the chain of merges ends, or the least identity of a renamed account."""
    one = dict.fromkeys(seen, "")
    for source in seen:
        path = [source]
        while path[-1] in into and into[path[-1]] not in path:
            path.append(into[path[-1]])
        one[source] = path[-1] if path[-1] not in into else min(path)
    for accounts in renamed:
        one.update(dict.fromkeys(accounts, min(accounts)))
    return one


def _names(questions: Questions, sources: Iterable[str]) -> dict[str, Named]:
    wanted = sorted(sources)
    found: dict[str, Named] = {}
    columns = (AGENT.c.entity, AGENT.c.name, AGENT.c.kind, AGENT.c.type)
    for row in questions.rows(sa.select(*columns).where(questions.stands(AGENT)), AGENT.c.entity, wanted):
        found[row["entity"]] = Named(row["name"], row["kind"], row["type"])
    query = sa.select(ACCOUNT.c.fact, ACCOUNT.c.platform, ACCOUNT.c.handle).where(*questions.known(ACCOUNT))
    for row in questions.rows(query, ACCOUNT.c.fact, wanted):
        found[row["fact"]] = Named(f"{row['platform']}:{row['handle']}")
    return found
