"""``archiver list``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import AssessmentStatus
from archiver.render import counted, printable, short
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.catalogue.answers import Dossier
    from archiver.terminal.program import Session


@click.command("list")
@click.option("--status", type=choice(AssessmentStatus), help="Where the verification of the item stands.")
@click.option("--source", metavar="NAME", help="Publisher, giver or claimant; or an account PLATFORM:HANDLE.")
@click.option("--since", metavar="WHEN", help="Taken in then or later (2026-11-23, 2026-11-23T14:00; UTC unless said).")
@click.option("--until", metavar="WHEN", help="Taken in then or earlier; a day means its end.")
@click.option("--text", "words", multiple=True, metavar="WORDS", help="All these words occur in what is said of it.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="Items shown.")
@as_json
@click.pass_obj
def command(
    session: Session,
    status: str | None,
    source: str | None,
    since: str | None,
    until: str | None,
    words: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Which items are held, newest first; one line (or one JSON object) each."""
    from archiver.commands.list import list as listed  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    answer = listed(archive, status=status, source=source, since=since, until=until, words=words, limit=limit)
    archive.close()
    for dossier in answer.items:
        if as_json:
            tell(_json(dossier))
        else:
            click.echo(_line(dossier))
    more = answer.total - len(answer.items)
    if more:
        say(f"{counted(more, 'more item')}: raise --limit to see them")
    elif not as_json:
        say(counted(answer.total, "item"))


def _json(dossier: Dossier) -> dict[str, object]:
    whole = dossier.to_json()
    names = ("acquisitions", "inspections", "fingerprints", "copies")
    return {name: value for name, value in whole.items() if name not in names}


def _line(dossier: Dossier) -> str:
    summary = dossier.summary
    shape = f"{summary.width}×{summary.height}" if summary.width else "-"
    kind = (summary.media_type or "unknown").removeprefix("image/")
    names = {s.publisher or s.account for s in dossier.sightings} - {None}
    from_whom = printable(", ".join(sorted(str(n) for n in names))) or "source unknown"
    name = printable(summary.file_name or "")
    return (
        f"{short(summary.item)}  {summary.taken_in[:10]}  {dossier.status:<18}  {kind:<5} {shape:>11}  "
        f"{from_whom}{'  ' + name if name else ''}"
    )
