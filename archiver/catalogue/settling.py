"""Before statements are appended: what stands already is left out, and each says which one it supersedes.

The law: on each matter the statements form one chain, whoever states and however many at once. The one that stands is
looked up inside the transaction that appends, so two writers make two links, never a fork.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact


@dataclass
class Settled:
    """What is to be appended.

    Attributes:
        facts: by identity, in order, each naming the one that it supersedes.
        given: the identity in the log of each fact that was given, by the identity that it was given with.
        numbers: the numbers of those that stand already, by identity in the log.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)


def settle(facts: Sequence[Fact], questions: Questions) -> Settled:
    """Settle these facts, in their order."""
    settled = Settled()
    newest = _standing(facts, questions)
    for fact in facts:
        given, matter = fact.identity(), fact.matter()
        if matter is None or "supersedes" not in type(fact).model_fields:
            settled.facts.setdefault(given, fact)
            settled.given[given] = given
            continue
        place = fact.kind_of_fact, matter
        identity, statement = newest.get(place, (None, None))
        if identity is not None and statement == fact.statement():
            settled.given[given] = identity
            continue
        stated = fact if identity is None else fact.model_copy(update={"supersedes": identity})
        settled.given[given] = given if identity is None else stated.identity()
        newest[place] = settled.given[given], fact.statement()
        settled.facts[settled.given[given]] = stated
    settled.numbers = questions.numbers(set(settled.given.values()))
    settled.facts = {identity: fact for identity, fact in settled.facts.items() if identity not in settled.numbers}
    return settled


def _standing(facts: Sequence[Fact], questions: Questions) -> dict[tuple[str, str], tuple[str | None, Any]]:
    matters: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        matter = fact.matter()
        if matter is not None and "supersedes" in type(fact).model_fields:
            matters[fact.kind_of_fact].add(matter)
    return {
        (kind, matter): (found.identity, found.statement)
        for kind, wanted in matters.items()
        for matter, found in questions.standing(kind, sorted(wanted)).items()
    }
