"""What an item's record tells of other items, outside a court.

The law: a record gives no other item away. Where the other one could not go there itself, or its bytes would give a
person or a place away, nothing remains but that the two are tied: a number and a relation. The same holds from the
other end, so that two records in one export tell no more together than each alone. A confirmed copy that owes no other
care than the item itself is the same picture, and is told.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final, TypeVar

from archiver.sharing import keeps_apart

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from archiver.catalogue.answers import Care, Dossier
    from archiver.catalogue.said import Stated
    from archiver.facts.vocabulary import Profile
    from archiver.known import Known
    from archiver.origins import Origins

WITHHELD: Final = "withheld"
"""What stands where a name may not be seen and something must stand."""

LINK, RELATION = frozenset({"number", "relation", "passive"}), frozenset({"number", "type", "direction", "state"})
"""What remains of a link between two claims, and of a relation between two items."""

Value = TypeVar("Value", bound="DataclassInstance")


def apart(known: Known, profile: Profile) -> Known:
    """The same item, with nothing told of those that are not for this profile."""
    hidden = {item for item, care in known.named.items() if _hidden(known, care, item, profile)}
    own = known.dossier.claims
    told = {link.claim for claim in own for link in claim.links if link.item not in hidden}
    told |= {claim.number for claim in own}
    return replace(
        known,
        dossier=_dossier(known.dossier, hidden),
        copies=[copy for copy in known.copies if copy not in hidden],
        origins=_origins(known.origins, hidden),
        disagreements=[each for each in known.disagreements if told.issuperset(each.claims)],
        conflicts=[each for each in known.conflicts if hidden.isdisjoint((each.item, each.other))],
    )


def _hidden(known: Known, care: Care, item: str, profile: Profile) -> bool:
    own = known.dossier
    if item in known.copies and {flag.number for flag in care.flags} <= {flag.number for flag in own.flags}:
        return False
    return keeps_apart(profile, own.flags, own.sharing) or keeps_apart(profile, care.flags, care.label)


def _dossier(dossier: Dossier, hidden: set[str]) -> Dossier:
    label = dossier.sharing
    return replace(
        dossier,
        flags=[replace(flag, of=WITHHELD) if flag.of in hidden else flag for flag in dossier.flags],
        sharing=replace(label, of=WITHHELD) if label and label.of in hidden else label,
        sightings=[replace(seen, context=None) if seen.context in hidden else seen for seen in dossier.sightings],
        claims=[_claim(claim, hidden) for claim in dossier.claims],
        relations=[_only(each, RELATION) if each.item in hidden else each for each in dossier.relations],
        shows=[each for each in dossier.shows if each.item not in hidden],
    )


def _claim(claim: Stated, hidden: set[str]) -> Stated:
    return replace(claim, links=[_only(link, LINK) if link.item in hidden else link for link in claim.links])


def _origins(origins: Origins, hidden: set[str]) -> Origins:
    """How many there are is told, and which are tied; nothing else of those that are hidden."""
    numbers = {branch.seen.number for branch in origins.tree if branch.seen.item in hidden}
    shown = [seen for seen in origins.sightings if seen.number not in numbers]
    first = origins.first
    return replace(
        origins,
        sightings=[replace(seen, context=None) if seen.context in hidden else seen for seen in shown],
        origins=[each if numbers.isdisjoint(each.sightings) else replace(each, reasons=[]) for each in origins.origins],
        tree=[branch for branch in origins.tree if branch.seen.number not in numbers],
        findings=origins.findings if not numbers else [],
        first_withheld=origins.first_withheld or (first is not None and first.number in numbers),
    )


def _only(value: Value, names: frozenset[str]) -> Value:
    return type(value)(
        **{each.name: getattr(value, each.name) if each.name in names else None for each in fields(value)}
    )
