"""``archiver key rotate``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.options import as_json
from archiver.terminal.program import failed, say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("rotate")
@click.option("--reason", default="", metavar="TEXT", help="Why; needed, and recorded.")
@as_json
@click.pass_obj
def command(session: Session, reason: str, as_json: bool) -> int:
    """Make a new key, and have it sign the log from now on. The old one stays where it is, and signs nothing more.

    What it signed stays good. Where somebody else may have had it, `archiver key retire` says so.
    """
    from archiver.commands.key_rotate import key_rotate  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    done = key_rotate(archive, reason=reason)
    archive.close()
    if as_json:
        tell(done.to_json())
    else:
        click.echo(f"key {done.new} signs from event {done.number + 1} on (#{done.number})")
        click.echo(f"  in place of {done.old}")
    say(f"keep a copy of {printable(done.file)} elsewhere:")
    say("without it the archive can be read, and never written again; copy it, with its name, to every other machine")
    say("that writes to this archive")
    say("publish the new fingerprint where the old one was published, on another way than the archive itself")
    return failed(done.unpublished, as_json=False) if done.unpublished else 0
