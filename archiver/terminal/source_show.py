"""``archiver source show``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archiver.facts.vocabulary import AffiliationKind
from archiver.render import counted, moment, printable, short
from archiver.terminal import style
from archiver.terminal.dossier import history_lines
from archiver.terminal.options import as_json, as_of, told_as_of
from archiver.terminal.program import show, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.profiles import Affiliated, Profile
    from archiver.terminal.program import Session


@click.command("show")
@click.argument("source", metavar="NAME|PLATFORM:HANDLE")
@as_of
@as_json
@click.pass_obj
def command(session: Session, source: str, as_of: str | None, as_json: bool) -> None:
    """Everything that is known of one source, now or as of an earlier time."""
    from archiver.commands.source_show import source_show  # noqa: PLC0415 - loads the catalogue

    archive = session.open()
    profile = source_show(archive, source, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    if as_json:
        tell(profile.to_json() | then)
        return
    for line in _lines(profile):
        show(line)


def _lines(profile: Profile) -> Iterator[str]:
    what = "account" if profile.type == "account" else ", ".join(filter(None, (profile.agent_type, profile.kind)))
    yield f"{printable(profile.name)} ({what})"
    if profile.aliases:
        yield f"also called: {printable(', '.join(profile.aliases))}"
    judged = "" if profile.assessments else " (nobody has judged it as a source)"
    yield f"status: {style.status(profile.status)}{judged}"
    yield from (f"  {line}" for line in history_lines(profile.assessments))
    yield f"{counted(profile.sightings, 'sighting')}, {counted(profile.claims, 'claim')}"
    yield from _part("Newest sightings", _sightings(profile))
    yield from _part("Records", _records(profile))
    yield from _part("Handles", _handles(profile))
    yield from _part("Acts for, as is asserted", _affiliations(profile.affiliations, towards=False))
    yield from _part("Said to act for it", _affiliations(profile.affiliates, towards=True))
    yield from _part("What was said before", (_statement(said) for said in profile.history))


def _part(title: str, lines: Iterator[str]) -> Iterator[str]:
    told = [f"  {line}" for line in lines]
    if told:
        yield ""
        yield style.heading(title)
        yield from told


def _sightings(profile: Profile) -> Iterator[str]:
    for seen in profile.newest_sightings:
        when = (
            f"published {printable(seen['published'])}" if seen["published"] else f"observed {moment(seen['observed'])}"
        )
        where = f", at {printable(seen['url'])}" if seen["url"] else ""
        held = f"item {short(seen['item'])}" if seen["item"] else "never held"
        yield f"#{seen['number']} {when}{where}, {held}"
    more = profile.sightings - len(profile.newest_sightings)
    if more > 0:
        yield f"and {counted(more, 'older one')}"


def _records(profile: Profile) -> Iterator[str]:
    for record in profile.records:
        yield f"#{record['number']} {printable(record['name'])}: {_values(record, ('type', 'kind', 'country', 'url'))}"
        if record["note"]:
            yield f"  note: {printable(record['note'])}"
    for merge in profile.merges:
        yield _statement(merge)


def _handles(profile: Profile) -> Iterator[str]:
    for handle in profile.handles:
        yield f"#{handle['number']} {printable(handle['handle'])}"
        for name in ("platform_id", "display_name", "url"):
            if handle[name]:
                yield f"  {name.replace('_', ' ')}: {printable(handle[name])}"
        if handle["observed"]:
            by = f" by {printable(handle['by'])}" if handle["by"] else ""
            yield f"  looked up{by}, {moment(handle['observed'])}"


def _affiliations(affiliations: list[Affiliated], *, towards: bool) -> Iterator[str]:
    for each in affiliations:
        who = printable(each.source if towards else each.organisation)
        when = f" ({printable(each.valid)})" if each.valid else ""
        yield f"#{each.number} {who}: {each.kind}{when}" if towards else f"#{each.number} {each.kind}: {who}{when}"
        where = f", at {printable(each.url)}" if each.url else ""
        yield f"  asserted by {printable(each.asserted_by)}{where}, because: {printable(each.basis)}"
        if each.assessments:
            yield from (f"  {line}" for line in history_lines(each.assessments))
        else:
            yield "  unverified: nobody has judged it"


def _statement(said: dict[str, Any]) -> str:
    """One statement that is recorded of it, whichever kind it is of."""
    back = "taken back: " if said.get("state") == "retracted" else ""
    match said["said"]:
        case "merge":
            who, why = printable(said["by"]), printable(said["basis"])
            told = f"{printable(said['agent'])} is merged into {printable(said['into'])}, says {who}, because: {why}"
        case "alias":
            told = f"also called {printable(said['name'])}" + (f", says {printable(said['by'])}" if said["by"] else "")
        case "affiliation":
            told = (
                f"{printable(said['source'])} is {AffiliationKind(said['kind']).before_name()} "
                f"{printable(said['organisation'])}"
                f"{', ' + printable(said['valid']) if said['valid'] else ''}, "
                f"says {printable(said['asserted_by'])}, because: {printable(said['basis'])}"
            )
        case "account-profile":
            told = _values(said, ("platform_id", "display_name", "url"))
        case _:
            told = f"{printable(said['name'])}: {_values(said, ('type', 'kind', 'country', 'url', 'note'))}"
    return f"#{said['number']} {back}{told} ({moment(said['recorded'])})"


def _values(said: dict[str, Any], names: tuple[str, ...]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {printable(said[name])}" for name in names if said[name])
