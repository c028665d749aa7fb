"""``archiver sight``: where an item was seen, or something of which the file was never had.

1. What was said is checked, and what it names is looked up, before any file is opened.
2. A context file (a saved page, a screenshot) is received, inspected and stored like any other (``archiver.intake``).
3. The file's facts, the sighting and what was claimed there are recorded together, in one transaction.

A sighting that is recorded already adds nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.catalogue.seen import sighting
from archiver.errors import InputRefused, UsageError
from archiver.facts.address import one_spelling
from archiver.facts.sighting import Reachability, Sighting
from archiver.intake import Intake
from archiver.naming import moment_of, sighting_called
from archiver.provenance import Provenance, checked, settle_agents
from archiver.spool import Spool
from archiver.walk import Input

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import Availability
    from archiver.inspection.inspector import Inspector


@dataclass(frozen=True, slots=True)
class Sighted:
    """The sighting as recorded.

    Attributes:
        item: what was seen; none where its file was never had.
        context: the item that shows the surroundings.
        context_added: whether that was taken in just now.
        new_sources: agents and accounts that were not known, and were recorded as well.
        claims: the numbers of the claims that it carries.
        added: whether the sighting was not recorded already.
        looked: whether its availability was recorded.
    """

    number: int
    item: str | None
    url: str | None
    account: str | None
    source: str | None
    repost_of: int | None
    context: str | None
    context_added: bool
    new_sources: list[str]
    claims: list[int]
    added: bool
    availability: str | None
    looked: bool


def sight(
    archive: Archive,
    item: str | None,
    provenance: Provenance,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    repost_of: str | None = None,
    context: str | None = None,
    availability: Availability | None = None,
    observed: str | None = None,
) -> Sighted:
    """Record a sighting.

    Args:
        archive: the archive.
        item: what was seen; nothing for a sighting whose file was never had.
        provenance: where, by whom, when, and what was claimed there.
        inspector: looks at the context file.
        repost_of: the sighting that it repeats: its number, or its address.
        context: what shows the surroundings: a file, or an item that is held; an existing file wins.
        availability: whether it could be seen there.
        observed: when it was seen; UTC where no offset is said, and now where nothing is said.

    Raises:
        InputRefused: there is no such item, sighting or file.
        UsageError: a word is malformed, nothing says where, or an address means several sightings.
        StoreError: the store does not take the context file; nothing was recorded.
    """
    if observed is not None:
        provenance = replace(provenance, observed=moment_of("--observed", observed, now=archive.now))
    provenance.check(archive.now)  # step 1
    _refuse_too_little(item, provenance)
    archive.ready_to_write()
    held = None if item is None else archive.resolve(item)
    repeats = None
    with archive.asking() as questions:
        provenance = provenance.as_recorded(questions)
        settle_agents([agent for agent in (provenance.agent(),) if agent], questions)
        if repost_of is not None:
            original = sighting_called(questions, repost_of)
            repeats = original.number
            here = provenance.canonical or provenance.url
            there = original.canonical or original.url
            if here and there and original.item == held and one_spelling(here) == one_spelling(there):
                raise InputRefused(
                    f"#{original.number} is at that address itself", hint="name the sighting that this one repeats"
                )
            provenance = replace(provenance, repost_of=original.fact)
    custody: list[Fact] = []
    if context is not None:
        shown, custody = _context(archive, context, provenance, inspector)  # step 2
        provenance = replace(provenance, context=shown)
    seen = provenance.sighting(held, archive.now)
    if seen is None:
        raise UsageError("nothing says where it was seen", hint="name a --url, an --account, a --source or a --channel")
    said = provenance.facts(held, archive.now)
    looks: list[Reachability] = []

    def build(questions: Questions) -> list[Fact]:
        looks[:] = _looked(questions, seen, availability, provenance)
        return [*custody, *settle_agents(said, questions), *looks]

    recorded = archive.record(build)  # step 3
    known = {fact.identity(): fact for fact in said if fact.kind_of_fact in ("agent", "account")}
    return Sighted(
        number=recorded.numbers[seen.identity()],
        item=held,
        url=seen.url,
        account=provenance.account,
        source=provenance.source,
        repost_of=repeats,
        context=seen.context,
        context_added=any(fact.identity() in recorded.new for fact in custody if fact.kind_of_fact == "copy"),
        new_sources=[str(getattr(known[each], "name", known[each])) for each in known if each in recorded.new],
        claims=[recorded.numbers[fact.identity()] for fact in said if fact.kind_of_fact == "claim"],
        added=seen.identity() in recorded.new,
        availability=None if availability is None else str(availability),
        looked=any(look.identity() in recorded.new for look in looks),
    )


def _refuse_too_little(item: str | None, provenance: Provenance) -> None:
    if item is not None:
        return
    if provenance.url is None:
        raise UsageError(
            "neither an item nor a --url is named", hint="a sighting whose file was never had is known by its address"
        )
    if provenance.claims:
        raise UsageError("--claim is about an item, and none is named", hint="name the item, or leave --claim out")


def _context(
    archive: Archive,
    context: str,
    provenance: Provenance,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
) -> tuple[str, list[Fact]]:
    """The item that shows the surroundings, and the facts of its file where one is taken in."""
    if not os.path.exists(context):  # noqa: PTH110 - unlike Path.exists it raises nothing, whatever the path is
        try:
            return archive.resolve(context), []
        except InputRefused as error:
            raise InputRefused(f"--context: there is no file {context!r}, and {error}", hint=error.hint) from error
    if os.path.isdir(context):  # noqa: PTH112 - as above
        raise InputRefused(f"--context: {context!r} is a folder", hint="name the file that shows the surroundings")
    with (
        Spool(archive.home / "spool", largest_file=archive.settings.limits.largest_file) as spool,
        inspector(1) as looking,
    ):
        intake = Intake(archive, looking, spool, any_type=True)
        taken = intake.take(Input(context, Path(context)))
        try:
            if isinstance(taken.error, InputRefused):
                raise InputRefused(f"--context: {context!r} {taken.error}", hint=taken.error.hint) from taken.error
            if taken.error is not None or taken.received is None:
                raise taken.error or AssertionError("a file without an error was received")
            by = provenance.observer or provenance.collector
            return str(taken.received.digest), intake.custody(taken, Provenance(collector=by, url=provenance.url))
        finally:
            taken.discard()


def _looked(
    questions: Questions, seen: Sighting, availability: Availability | None, provenance: Provenance
) -> list[Reachability]:
    """That somebody looked; a repetition of the command is not another look."""
    if availability is None:
        return []
    number = questions.numbers([seen.identity()]).get(seen.identity())
    before = None if number is None else sighting(questions, number)
    if before is not None and before.availability == availability and provenance.observed is None:
        return []
    look = checked(
        Reachability,
        "availability",
        sighting=seen.identity(),
        item=seen.item,
        availability=availability,
        observed=seen.observed,
        by=seen.observer,
    )
    return [look]
