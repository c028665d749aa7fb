"""``archiver store remove``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("remove")
@click.argument("name", metavar="NAME")
@click.option("--anyway", is_flag=True, help="Also where it holds what no other store does.")
@as_json
@click.pass_obj
def command(session: Session, name: str, anyway: bool, as_json: bool) -> None:
    """Take the store NAME out of those that hold the archive. Its bytes stay where they are."""
    from archiver.commands.store_remove import store_remove  # noqa: PLC0415 - loads the store, as above

    archive = session.open()
    removed = store_remove(archive, name, anyway=anyway)
    archive.close()
    if as_json:
        tell(asdict(removed))
    else:
        click.echo(f"the store {printable(removed.name)} holds this archive no longer")
    say(f"what lies in {printable(removed.url)} stays there; nobody answers for it any more")
    if removed.unknown:
        say(f"whether it alone held something could not be told: {printable(removed.unknown)}")
