"""``archiver source add``: record an agent. Its name is the agent; what else is said of it can be corrected later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.facts.source import Agent, Alias
from archiver.facts.vocabulary import SourceKind
from archiver.naming import refuse_taken_name
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import AgentType


@dataclass(frozen=True, slots=True)
class SourceAdded:
    """The agent as recorded; ``added`` is false where all of it was recorded already."""

    number: int
    name: str
    identity: str
    kind: str
    aliases: list[str]
    added: bool


def source_add(
    archive: Archive,
    name: str,
    *,
    agent_type: AgentType | None = None,
    kind: SourceKind = SourceKind.UNKNOWN,
    url: str | None = None,
    country: str | None = None,
    note: str | None = None,
    aliases: Sequence[str] = (),
) -> SourceAdded:
    """Record an agent that is not known yet.

    Raises:
        InputRefused: somebody is called so already.
        UsageError: a word is malformed.
    """
    agent = checked(Agent, "name", name=name, type=agent_type, kind=kind, url=url, country=country, note=note)
    others = [checked(Alias, "alias", agent=agent.subject(), name=alias) for alias in aliases]

    def build(questions: Questions) -> list[Fact]:
        if _stands(questions, [agent, *others]):
            return [agent, *others]  # the same command again: it was killed, or somebody is careful
        for called in (agent.name, *(alias.name for alias in others)):
            refuse_taken_name(questions, called)
        return [agent, *others]

    recorded = archive.record(build)
    names = [alias.name for alias in others]
    number, added = recorded.numbers[agent.identity()], bool(recorded.new)
    return SourceAdded(number, agent.name, agent.subject(), str(agent.kind), names, added)


def _stands(questions: Questions, facts: Sequence[Fact]) -> bool:
    """Whether each of these statements stands already, word for word."""
    for fact in facts:
        matter = fact.matter() or ""
        standing = questions.standing(fact.kind_of_fact, [matter]).get(matter)
        if standing is None or standing.statement != fact.statement():
            return False
    return True
