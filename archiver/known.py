"""What the archive knows of items, joined: dossiers, independent origins, contradicting claims.

Origins are counted over the item and its confirmed copies, because a re-compressed repost is other bytes and the same
picture; a suggested copy counts for nothing until a person has confirmed it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.answers import Care
from archiver.catalogue.care import care
from archiver.catalogue.circle import circle
from archiver.catalogue.damage import Held
from archiver.catalogue.dossiers import dossiers
from archiver.catalogue.related import clusters, conflicts, derivations
from archiver.catalogue.seen import sightings_of, with_reposts
from archiver.catalogue.stated import claims_of
from archiver.disagreements import Disagreement, disagreements
from archiver.origins import Origins, origins

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.catalogue.answers import Conflict, Dossier
    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Known:
    """An item with all that is known of it.

    Attributes:
        dossier: what is recorded of it.
        copies: its confirmed copies, without itself.
        origins: where the picture comes from, over all copies.
        disagreements: claims about the picture that do not agree, over all copies.
        conflicts: pairs of its copies that a person says are not related.
        named: what care is owed, now, to the other items that are named in all this.
    """

    dossier: Dossier
    copies: list[str]
    origins: Origins
    disagreements: list[Disagreement]
    conflicts: list[Conflict] = field(default_factory=list)
    named: dict[str, Care] = field(default_factory=dict)

    @property
    def first_seen(self) -> tuple[str | None, str | None]:
        """The time of the earliest sighting, over all copies, and what it is of (``published`` or ``observed``)."""
        first = self.origins.first
        if first is None:
            return None, None
        when, _ = first.time()
        return when, "observed" if first.seen_first else "published"

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        when, basis = self.first_seen
        return {
            **self.dossier.to_json(),
            "first_seen": when,
            "first_seen_basis": basis,
            "copies_confirmed": self.copies,
            "origins": self.origins.to_json(),
            "disagreements": [each.to_json() for each in self.disagreements],
            "care_of_others": {
                item: owed.to_json() for item, owed in sorted(self.named.items()) if owed.flags or owed.label
            },
            "conflicts": [asdict(each) for each in self.conflicts],
        }


def known(questions: Questions, items: Sequence[str]) -> dict[str, Known]:
    """What is known of these items, by item; items that are not held are absent."""
    copies = clusters(questions, items)
    every = sorted({copy for cluster in copies.values() for copy in cluster})
    seen = sightings_of(questions, every)
    found = dossiers(questions, items, seen)
    sightings = with_reposts(questions, seen)
    around = circle(questions, [s for seen in sightings for s in (seen.account_fact, seen.publisher_entity)])
    by_fact = {seen.fact: seen for seen in sightings}
    tied, derived = _tied(by_fact), derivations(questions, every)
    at_odds = conflicts(questions, copies)
    elsewhere = claims_of(questions, sorted(set(every) - set(found)))
    stated = {item: dossier.claims for item, dossier in found.items()} | elsewhere
    answers = {}
    for item, dossier in found.items():
        own = {fact for fact, seen in by_fact.items() if seen.item in copies[item]}
        whole = {fact for start in own for fact in tied[start]}
        counted = origins([by_fact[fact] for fact in sorted(whole)], around, derived)
        claims = [claim for copy in copies[item] for claim in stated.get(copy, ())]
        answers[item] = Known(dossier, copies[item][1:], counted, disagreements(claims), at_odds.get(item, []))
    return _with_care_of_others(questions, answers)


def _with_care_of_others(questions: Questions, answers: dict[str, Known]) -> dict[str, Known]:
    names = {item: set(_named(each)) - {None, item} for item, each in answers.items()}
    flags, labels = care(questions, {other for others in names.values() for other in others if other})
    owed = {other: Care(flags[other], labels[other]) for other in flags}
    return Held(
        (item, replace(each, named={other: owed[other] for other in sorted(filter(None, names[item]))}))
        for item, each in answers.items()
    )


def _named(each: Known) -> Iterator[str | None]:
    """The items that are named in what is known of one, itself maybe among them."""
    dossier = each.dossier
    yield from each.copies
    yield from (related.item for related in dossier.relations)
    yield from (link.item for claim in dossier.claims for link in claim.links)
    yield from (shown.item for shown in dossier.shows)
    yield from (flag.of for flag in dossier.flags)
    yield dossier.sharing.of if dossier.sharing else None
    for seen in (*dossier.sightings, *(branch.seen for branch in each.origins.tree)):
        yield from (seen.item, seen.context)


def _tied(sightings: dict[str, Any]) -> dict[str, set[str]]:
    """For each sighting, all that reposts tie it to, itself included."""
    sets = {fact: {fact} for fact in sightings}
    for fact, seen in sightings.items():
        above = seen.repost_of_fact
        if above in sets and sets[above] is not sets[fact]:
            fewer, more = sorted((sets[above], sets[fact]), key=len)
            more |= fewer
            sets.update(dict.fromkeys(fewer, more))
    return sets
