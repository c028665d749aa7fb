"""``archiver fingerprints withdraw``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.options import as_json
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("withdraw")
@click.argument("name", metavar="NAME")
@click.option("--by", default="", metavar="NAME", help="Who says so; needed.")
@click.option("--reason", default="", metavar="TEXT", help="Why; needed.")
@as_json
@click.pass_obj
def command(session: Session, name: str, by: str, reason: str, as_json: bool) -> None:
    """Say that the list NAME no longer stands: nothing is looked for in it any more.

    It stays in the store and in the history; importing it again makes it stand again.
    """
    from archiver.commands.fingerprints_withdraw import fingerprints_withdraw  # noqa: PLC0415 - loads the catalogue

    archive = session.open()
    done = fingerprints_withdraw(archive, name, by=by, reason=reason)
    archive.close()
    if as_json:
        tell(asdict(done))
    else:
        click.echo(f"list {printable(done.name)} withdrawn (#{done.number}), says {printable(done.by or '')}")
