"""``archiver fingerprints import``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import HashListForm
from archiver.render import counted, printable, short
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--list", "name", required=True, metavar="NAME", help="By which the list is to be known here.")
@click.option("--from", "given_by", metavar="NAME", help="Who gave it to us.")
@click.option("--note", metavar="TEXT", help="About it, in your own words.")
@click.option(
    "--format", "form", type=choice(HashListForm), help="How it is written; by the ending of its name by default."
)
@as_json
@click.pass_obj
def command(
    session: Session,
    file: str,
    name: str,
    given_by: str | None,
    note: str | None,
    form: str | None,
    as_json: bool,
) -> None:
    """Take in a list of fingerprints, to be looked in by `find` and `upload` from now on.

    FILE is a file or - for standard input. Every line must be right, or nothing is taken in. The list is kept as it
    came; another one under the same NAME takes its place. What it holds is reported as listed, not held.
    """
    from archiver.commands.fingerprints_import import fingerprints_import  # noqa: PLC0415 - loads numpy, as above

    archive = session.open_or_make()
    done = fingerprints_import(
        archive, file, name, form=HashListForm(form) if form else None, given_by=given_by, note=note
    )
    archive.close()
    if as_json:
        tell(asdict(done))
        return
    again = "" if done.added else " (as recorded already)"
    by = f", given by {printable(done.given_by)}" if done.given_by else ""
    click.echo(f"list #{done.number} {printable(done.name)}{by}: {short(done.file)}{again}")
    for algorithm, lines in done.lines.items():
        click.echo(f"  {counted(lines, 'fingerprint')} {printable(algorithm)}")
    if done.replaced:
        say(f"it takes the place of the list {short(done.replaced)}, which stays in the store and in the history")
