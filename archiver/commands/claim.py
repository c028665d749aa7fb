"""``archiver claim``: somebody states something about an item. Nobody has judged it by that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.facts.claim import Claim
from archiver.facts.source import Agent
from archiver.facts.vocabulary import ClaimKind
from archiver.provenance import checked, settle_agents

if TYPE_CHECKING:
    from archiver.archive import Archive


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim as recorded; ``added`` is false where it was recorded already."""

    number: int
    item: str
    text: str
    kind: str
    by: str
    added: bool


def claim(
    archive: Archive, item: str, text: str, *, by: str, kind: ClaimKind = ClaimKind.OTHER, url: str | None = None
) -> Claimed:
    """Record a claim about an item.

    Raises:
        InputRefused: no such item.
        UsageError: the text or the name is empty or malformed.
    """
    held = archive.resolve(item)
    agent = checked(Agent, "by", name=by)
    stated = checked(Claim, "text", item=held, text=text, kind=kind, claimant=agent.subject(), url=url)
    recorded = archive.record(lambda questions: settle_agents([agent, stated], questions))
    identity = stated.identity()
    return Claimed(
        recorded.numbers[identity], held, stated.text, str(stated.kind), agent.name, identity in recorded.new
    )
