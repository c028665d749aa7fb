"""``archiver claim``: somebody states something about an item. Nobody has judged it by that.

How it stands to other claims can be said along with it; that is the finding of whoever records it, not the claimant's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.related import clusters
from archiver.errors import InputRefused, UsageError
from archiver.facts.claim import Claim, ClaimLink, looks_like_number, value_of
from archiver.facts.source import Agent
from archiver.facts.vocabulary import ClaimKind, State, TargetKind
from archiver.naming import numbered
from archiver.provenance import Provenance, checked, settle_agents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import ClaimManner, ClaimRelation
    from archiver.naming import Target


@dataclass(frozen=True, slots=True)
class Claimed:
    """The claim as recorded; ``added`` is false where it was recorded already.

    Attributes:
        value: the same in numbers or words that can be compared.
        account: the account that states it.
        sighting: the number of the sighting that carried it.
        links: the numbers of the statements of how it stands to others.
        words: the names whose value looks like a number and was kept as a word.
    """

    number: int
    item: str
    text: str
    kind: str
    value: dict[str, str | int | float] | None
    manner: str | None
    by: str | None
    account: str | None
    sighting: int | None
    links: list[int]
    words: list[str]
    added: bool


def claim(
    archive: Archive,
    item: str,
    text: str,
    *,
    by: str | None = None,
    account: str | None = None,
    kind: ClaimKind = ClaimKind.OTHER,
    url: str | None = None,
    values: Sequence[str] = (),
    manner: ClaimManner | None = None,
    sighting: str | None = None,
    links: Mapping[ClaimRelation, Sequence[str]] | None = None,
    basis: str | None = None,
) -> Claimed:
    """Record a claim about an item.

    Args:
        archive: the archive.
        item: what it is about.
        text: the statement.
        by: who states it.
        account: the account that states it.
        kind: what it is about.
        url: where it is stated.
        values: ``NAME=VALUE``: the same in numbers or words that can be compared.
        manner: how it is stated.
        sighting: the number of the sighting that carried it.
        links: the numbers of other claims, by what this one does to them.
        basis: why it does that.

    Raises:
        InputRefused: no such item, sighting or claim, or the sighting is of another picture.
        UsageError: nobody states it, or a word is empty or malformed.
    """
    wanted = [(relation, text) for relation, texts in (links or {}).items() for text in texts]
    if by is None and account is None:
        raise UsageError("nobody states it", hint="say who does: --by NAME, or the account: --account PLATFORM:HANDLE")
    if basis is not None and not wanted:
        raise UsageError("--basis says why it supports or contradicts another claim, and none is named")
    if by is not None:
        checked(Agent, "by", name=by)
    held = archive.resolve(item)
    value = _value(values)
    stated: list[Claim] = []
    linked: list[ClaimLink] = []
    said: list[Provenance] = []
    carrier: list[int] = []
    before: list[int] = []

    def build(questions: Questions) -> list[Fact]:
        who = Provenance(source=by, account=account).as_recorded(questions)
        said[:] = [who]
        agent, seen_on = who.agent(), who.seen_on()
        carried = None if sighting is None else _carried(questions, sighting, held)
        carrier[:] = [carried.number] if carried else []
        stated[:] = [
            checked(
                Claim,
                "text",
                item=held,
                text=text,
                kind=kind,
                value=value,
                manner=manner,
                claimant=agent.subject() if agent else None,
                claimant_account=seen_on.identity() if seen_on else None,
                sighting=carried.identity if carried else None,
                url=url,
            )
        ]
        found = [_link(questions, stated[0], relation, other, basis) for relation, other in wanted]
        known = questions.standing("claim-link", [link.matter() for link in found])
        known = {matter: each for matter, each in known.items() if each.statement["state"] == State.STATED}
        before[:] = [each.number for each in known.values()]
        linked[:] = [link for link in found if link.matter() not in known]  # whoever found it first found it
        sources = [fact for fact in (agent, seen_on) if fact is not None]
        return settle_agents([*sources, *stated, *linked], questions)

    recorded = archive.record(build)
    fact = stated[0]
    return Claimed(
        number=recorded.numbers[fact.identity()],
        item=held,
        text=fact.text,
        kind=str(fact.kind),
        value=fact.value,
        manner=None if fact.manner is None else str(fact.manner),
        by=said[0].source,
        account=said[0].account,
        sighting=carrier[0] if carrier else None,
        links=sorted([*before, *(recorded.numbers[link.identity()] for link in linked)]),
        words=[name for name, each in (value or {}).items() if isinstance(each, str) and looks_like_number(each)],
        added=fact.identity() in recorded.new,
    )


def _carried(questions: Questions, text: str, item: str) -> Target:
    """The sighting that carried the claim: of this picture or of a confirmed copy, or one whose file was never had."""
    found = numbered(questions, TargetKind.SIGHTING, text)
    if found.item is not None and found.item not in clusters(questions, [item])[item]:
        raise InputRefused(
            f"sighting {text} is of another item ({found.item[:12]})",
            hint="record the claim on that item, or confirm first that both are one picture",
        )
    return found


def _link(questions: Questions, fact: Claim, relation: ClaimRelation, text: str, basis: str | None) -> ClaimLink:
    other = numbered(questions, TargetKind.CLAIM, text)
    if other.identity == fact.identity():
        raise UsageError(f"claim {text} is this claim itself", hint="name another one")
    return checked(
        ClaimLink,
        str(relation),
        item=fact.item,
        claim=fact.identity(),
        relation=relation,
        other=other.identity,
        basis=basis,
    )


def _value(values: Sequence[str]) -> dict[str, str | int | float] | None:
    found: dict[str, str | int | float] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"--value {text!r} is no value", hint="write NAME=VALUE, for example casualties=1000")
        if name.strip() in found:
            raise UsageError(f"--value {name.strip()} is given twice", hint="one claim states one value of a name")
        try:
            found[name.strip()] = value_of(value)
        except ValueError as error:
            raise UsageError(
                f"--value {name.strip()}: {error}",
                hint="round it and say so in the text, or write it with an exponent (1.2e29), which is approximate",
            ) from error
    return found or None
