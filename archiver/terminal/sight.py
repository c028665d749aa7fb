"""``archiver sight``, in words."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.errors import UsageError
from archiver.facts.vocabulary import Availability, SourceKind, TimeBasis
from archiver.render import counted, moment, printable, short
from archiver.terminal.options import as_json, choice, where_seen
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.archive import Archive
    from archiver.commands.sight import Sighted
    from archiver.terminal.program import Session

_OF_A_LOOK = ("availability", "observed", "observer", "note")
"""The options that go with ``--again``."""


@click.command("sight")
@click.argument("item", metavar="[ITEM]", required=False)
@where_seen
@click.option(
    "--observed", metavar="WHEN", help="When it was seen: 2024-12-27T14:05 (UTC unless said); now by default."
)
@click.option("--observer", "--by", metavar="NAME", help="Who saw it.")
@click.option("--repost-of", metavar="SIGHTING", help="The sighting that it repeats: its number, or its address.")
@click.option("--context", metavar="FILE|ITEM", help="The saved page or screenshot, kept as an item of its own.")
@click.option(
    "--availability",
    type=choice(Availability),
    metavar="STATE",
    help=f"Whether it could be seen there: {', '.join(Availability)}.",
)
@click.option("--note", metavar="TEXT", help="The observer's own words.")
@click.option("--claim", "claims", multiple=True, metavar="TEXT", help="What is stated there about it; repeatable.")
@click.option("--again", metavar="SIGHTING", help="Only record that this sighting was looked at again.")
@as_json
@click.pass_obj
def command(
    session: Session,
    /,
    item: str | None,
    source_kind: str | None,
    published_basis: str | None,
    observed: str | None,
    observer: str | None,
    repost_of: str | None,
    context: str | None,
    availability: str | None,
    note: str | None,
    claims: tuple[str, ...],
    again: str | None,
    as_json: bool,
    **places: str | None,
) -> None:
    """Record where ITEM was seen. Without ITEM: where something was seen of which the file was never had.

    With --again SIGHTING: whether it could still be seen there (--availability).
    """
    archive = session.open()
    if again is not None:
        given = {"ITEM": item, **places, "source-kind": source_kind, "published-basis": published_basis} | {
            "repost-of": repost_of,
            "context": context,
            "claim": claims or None,
        }
        _refuse_beside_again(given, availability)
        _again(archive, again, Availability(availability or ""), observed, observer, note, as_json=as_json)
        return
    from archiver.commands.sight import sight  # noqa: PLC0415 - loads what taking in needs, which --help does without
    from archiver.inspectors import for_many  # noqa: PLC0415 - as above
    from archiver.provenance import Provenance  # noqa: PLC0415 - as above

    provenance = Provenance(
        **places,
        source_kind=SourceKind(source_kind) if source_kind else None,
        published_basis=TimeBasis(published_basis) if published_basis else None,
        claims=claims,
        observer=observer,
        remark=note,
    )
    sighted = sight(
        archive,
        item,
        provenance,
        inspector=partial(for_many, limits=archive.settings.limits),
        observed=observed,
        repost_of=repost_of,
        context=context,
        availability=Availability(availability) if availability else None,
    )
    archive.close()
    if as_json:
        tell(asdict(sighted))
    else:
        _show(sighted)


def _refuse_beside_again(given: Mapping[str, object], availability: str | None) -> None:
    for name, value in given.items():
        if value is not None:
            word = name if name == "ITEM" else f"--{name}"
            raise UsageError(
                f"{word} does not go with --again, which only says whether a sighting is still there",
                hint=f"beside it go {', '.join(f'--{option}' for option in _OF_A_LOOK)}",
            )
    if availability is None:
        raise UsageError("--again records what was found", hint="say it: --availability live, removed-by-author …")


def _again(
    archive: Archive,
    again: str,
    availability: Availability,
    observed: str | None,
    by: str | None,
    note: str | None,
    *,
    as_json: bool,
) -> None:
    from archiver.commands.sight_again import sight_again  # noqa: PLC0415 - loads the catalogue

    looked = sight_again(archive, again, availability=availability, observed=observed, by=by, note=note)
    archive.close()
    if as_json:
        tell(asdict(looked))
        return
    done = "recorded" if looked.added else "already recorded"
    before = f" (known so far: {looked.before})" if looked.before else ""
    what = f"sighting #{looked.sighting} was {looked.availability}{before}"
    click.echo(f"look #{looked.number} {done}: {what}, {moment(looked.observed)}")


def _show(sighted: Sighted) -> None:
    if sighted.context_added:
        say(f"took in its surroundings as item {short(sighted.context or '')}")
    for name in sighted.new_sources:
        say(f"the source {printable(name)} was not known: recorded it too")
    what = f"item {short(sighted.item)}" if sighted.item else "a picture that is not held"
    where = sighted.account or sighted.source or sighted.url
    told = f"{what} was seen" + (f" at {printable(where)}" if where else "")
    repost = f", a repost of #{sighted.repost_of}" if sighted.repost_of is not None else ""
    done = "recorded" if sighted.added else "already recorded"
    click.echo(f"sighting #{sighted.number} {done}: {told}{repost}")
    if sighted.looked:
        click.echo(f"  it was {sighted.availability}")
    if sighted.claims:
        numbers = ", ".join(f"#{number}" for number in sighted.claims)
        click.echo(f"  {counted(len(sighted.claims), 'claim')} in it: {numbers}")
