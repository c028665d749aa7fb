"""``archiver find``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.render import counted, moment, printable, short
from archiver.terminal.dossier import (
    care_line,
    claim_lines,
    disagreement_lines,
    history_lines,
    origins_told,
    reason_lines,
    sighting_lines,
)
from archiver.terminal.options import as_json, as_of, limit, radius, told_as_of
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.commands.find import Found
    from archiver.known import Known
    from archiver.match import Match
    from archiver.terminal.program import Session


@click.command("find")
@click.argument("query", metavar="IMAGE|ITEM")
@radius
@limit(20, "Matches shown")
@as_of
@as_json
@click.pass_obj
def command(session: Session, query: str, radius: int, limit: int, as_of: str | None, as_json: bool) -> None:
    """Have we this picture already: the same bytes, the same pixels, or the same look?

    IMAGE is a file or - for standard input; ITEM is an item that is held. The answer says who published each match, who
    claims what, and who verified it on what basis. Looking changes nothing.
    """
    from archiver.inspectors import for_one  # noqa: PLC0415 - loads what a look-up needs, which --help does without

    archive = session.open()
    inspector = for_one(archive.settings.limits)
    from archiver.commands.find import find  # noqa: PLC0415 - after the inspector, which must be made before numpy is loaded

    found = find(archive, query, inspector=inspector, radius=radius, limit=limit, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    if as_json:
        tell(found.to_json() | then)
    else:
        _show(found)


def _show(found: Found) -> None:
    if found.note:
        say(printable(found.note))
    if not found.matches:
        click.echo(f"not held: no match among {counted(found.searched, 'item')}")
    for match, known in found.matches:
        _show_match(match, known)
    more = found.total - len(found.matches)
    if more:
        say(f"{counted(more, 'more match', 'more matches')}: raise --limit to see them")
    if found.matches:
        say(f"searched {counted(found.searched, 'item')}, {found.comparable:,} of them by look (radius {found.radius})")


def _show_match(match: Match, known: Known) -> None:
    dossier = known.dossier
    care = care_line(dossier)
    far = f"{match.distance} of 256 bits apart, " if match.level != "bytes" else ""
    turned = "" if match.orientation == "upright" else f"{match.orientation}, "
    told = f"same {match.level:<6} {short(match.item)}  {far}{turned}{dossier.status}"
    click.echo(f"{care} {told}" if care else told)
    summary = dossier.summary
    shape = f"{summary.width}×{summary.height}, " if summary.width else ""
    click.echo(f"  {summary.media_type}, {shape}taken in {moment(summary.taken_in)}")
    for line in history_lines(dossier.assessments):
        click.echo(f"  {line}")
    if known.origins.sightings:
        click.echo(f"  {origins_told(known)}")
    for line in reason_lines(known):
        click.echo(f"  {line}")
    for line in (*sighting_lines(known), *claim_lines(known), *disagreement_lines(known)):
        click.echo(f"  {line}")
