"""What is exported: what is known of some items, with who recorded each fact and what stands behind the sources.

Gathered from one place of the log, in one transaction; everything after that is values.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from archiver.catalogue.circle import circle
from archiver.catalogue.recordings import recordings
from archiver.facts.vocabulary import Profile
from archiver.known import known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archiver.catalogue.circle import Circle
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.recordings import Recording
    from archiver.catalogue.withdrawals import Tombstone
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class Affiliated:
    """Somebody asserts that one source acts for another; both by identity. ``status`` is where its verification stands.

    Attributes:
        number: of the statement.
        source: who is said to be affiliated.
        organisation: with whom.
        kind: in which way.
        valid: since when and until when, where stated (EDTF).
        asserted_by: who says so.
        basis: on what.
        dismissed: whether a person judged it refuted or withdrawn.
    """

    number: int
    source: str
    organisation: str
    kind: str
    valid: str | None
    asserted_by: str
    basis: str
    dismissed: bool

    def to_json(self, around: Circle) -> dict[str, Any]:
        """As plain JSON values, with names."""
        one, other = around.names.get(self.source), around.name(self.organisation)
        return {f.name: getattr(self, f.name) for f in fields(self)} | {
            "source": one.name if one else self.source,
            "organisation": other.name if other else self.organisation,
        }


@dataclass(frozen=True, slots=True)
class Material:
    """Items with all that goes out about them.

    Attributes:
        origin: the log that it comes from.
        items: what is known of each.
        recordings: who recorded the facts in it, by number.
        around: the names of the sources in it, and who is one with whom.
        affiliations: what is asserted of them.
        profile: for whom it was cut, where it was.
        withheld: what that profile withholds, by name.
        as_of: the place of the log that it is what was known at; now where it is ``None``.
        withdrawn: the tombstones of items that were asked for with a case and are not there any more.
    """

    origin: str
    items: list[Known]
    recordings: dict[int, Recording]
    around: Circle
    affiliations: list[Affiliated]
    profile: Profile | None = None
    withheld: list[str] = field(default_factory=list)
    as_of: str | None = None
    withdrawn: list[Tombstone] = field(default_factory=list)

    def withdrawn_json(self) -> list[dict[str, Any]]:
        """The tombstones as plain JSON values; outside a court that they are tombstones, and nothing else."""
        names = {"withdrawn", "item", "number", "recorded"}
        return [
            {name: value for name, value in each.to_json().items() if name in names or self.profile in _WHOLE}
            for each in self.withdrawn
        ]


_WHOLE = (None, Profile.COURT)
"""Where tombstones are told whole: in the archive itself, and to a court."""


def gather(questions: Questions, items: Sequence[str], *, origin: str, withdrawn: Sequence[Tombstone] = ()) -> Material:
    """What is known of these items; those that are not held then are absent. The tombstones go along as they are."""
    found = known(questions, items)
    chosen = [found[item] for item in sorted(found)]
    around = circle(questions, _sources(chosen))
    affiliations = []
    for tie in sorted(around.ties, key=lambda tie: tie.number):
        row = questions.row_of_event("affiliation", tie.number) or {}
        told = {name: getattr(tie, name) for name in ("number", "source", "organisation", "kind", "asserted_by")}
        affiliations.append(Affiliated(**told, valid=row["valid"], basis=row["basis"], dismissed=tie.dismissed))
    numbers = {*numbers_in(chosen), *numbers_in(affiliations), *numbers_in(list(withdrawn))}
    recorded = recordings(questions, numbers)
    return Material(origin, chosen, recorded, around, affiliations, withdrawn=list(withdrawn))


def numbers_in(value: Any) -> Iterator[int]:
    """The numbers of all facts that are told in these answers."""
    if is_dataclass(value):
        for each in fields(value):
            held = getattr(value, each.name)
            if each.name == "number":
                yield held
            elif each.name == "inspections":
                yield from (found["number"] for found in held)
            else:
                yield from numbers_in(held)
    elif isinstance(value, list):
        for held in value:
            yield from numbers_in(held)


def sources_told(material: Material) -> set[str]:
    """The sources that are spoken of in these items, and those they are said to act for, step by step."""
    fresh = told = {source for source in _sources(material.items) if source}
    while fresh:
        around = {member for each in fresh for member in material.around.members(each)}
        reached = around | {tie.organisation for tie in material.affiliations if tie.source in around}
        fresh, told = reached - told, told | reached
    return told


def _sources(items: Iterable[Known]) -> Iterator[str | None]:
    for each in items:
        yield from (taken.source_entity for taken in each.dossier.acquisitions)
        for seen in (*each.dossier.sightings, *each.origins.sightings):
            yield from (seen.account_fact, seen.publisher_entity)
        for stated in each.dossier.claims:
            yield from (stated.claimant_entity, stated.account_fact)
