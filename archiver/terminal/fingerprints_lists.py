"""``archiver fingerprints lists``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import counted, moment, printable, short
from archiver.terminal.options import as_json, as_of, told_as_of
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.catalogue.hash_lists import HashListHeld
    from archiver.terminal.program import Session


@click.command("lists")
@click.option("--withdrawn", is_flag=True, help="Those too that no longer stand.")
@as_of
@as_json
@click.pass_obj
def command(session: Session, withdrawn: bool, as_of: str | None, as_json: bool) -> None:
    """Which lists of fingerprints others gave us, by name."""
    from archiver.commands.fingerprints_lists import fingerprints_lists  # noqa: PLC0415 - loads the catalogue

    archive = session.open()
    found = fingerprints_lists(archive, withdrawn=withdrawn, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    for each in found:
        if as_json:
            tell(asdict(each) | then)
        else:
            _show(each)


def _show(each: HashListHeld) -> None:
    by = f", given by {printable(each.given_by)}" if each.given_by else ""
    click.echo(f"{printable(each.name)} (#{each.number}){by}: {counted(each.lines, 'fingerprint')}, {each.form}")
    click.echo(f"  received {moment(each.received)}, SHA-256 {short(each.file)}, {', '.join(each.algorithms)}")
    if each.note:
        click.echo(f"  {printable(each.note)}")
    if not each.stands:
        click.echo(f"  withdrawn by {printable(each.by or '')}, because: {printable(each.reason or '')}")
