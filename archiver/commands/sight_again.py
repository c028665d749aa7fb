"""``archiver sight --again``: somebody looked again whether what was seen is still to be seen there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.facts.sighting import Reachability
from archiver.naming import moment_of, sighting_called
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.facts.vocabulary import Availability


@dataclass(frozen=True, slots=True)
class SightedAgain:
    """The look as recorded; ``before`` is what was known so far, where somebody had looked."""

    number: int
    sighting: int
    item: str | None
    url: str | None
    availability: str
    observed: str
    before: str | None
    added: bool


def sight_again(
    archive: Archive,
    sighting: str,
    *,
    availability: Availability,
    observed: str | None = None,
    by: str | None = None,
    note: str | None = None,
) -> SightedAgain:
    """Record that somebody looked at a sighting again.

    Args:
        archive: the archive.
        sighting: its number, or its address.
        availability: what was found.
        observed: when; UTC where no offset is said, and now where nothing is said.
        by: who looked.
        note: the observer's own words.

    Raises:
        InputRefused: there is no such sighting.
        UsageError: an address means several sightings, or a word is malformed.
    """
    at = archive.now if observed is None else moment_of("--observed", observed, now=archive.now)
    archive.ready_to_write()
    with archive.asking() as questions:
        seen = sighting_called(questions, sighting)
    look = checked(
        Reachability,
        "availability",
        sighting=seen.fact,
        item=seen.item,
        availability=availability,
        observed=at,
        by=by,
        note=note,
    )
    recorded = archive.record(lambda _questions: [look])
    identity = look.identity()
    return SightedAgain(
        number=recorded.numbers[identity],
        sighting=seen.number,
        item=seen.item,
        url=seen.url,
        availability=str(availability),
        observed=look.observed,
        before=seen.availability,
        added=identity in recorded.new,
    )
