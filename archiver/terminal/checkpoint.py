"""``archiver checkpoint``, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("checkpoint")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write it into a new file.")
@as_json
@click.pass_obj
def command(session: Session, output: Path | None, as_json: bool) -> None:
    """The log's newest signed checkpoint, for keeping elsewhere.

    Give it to somebody outside your reach: `archiver verify --checkpoint FILE` proves later that the log only grew, or
    names what was cut off or rewritten.
    """
    from archiver.commands.checkpoint import checkpoint  # noqa: PLC0415 - loads the store, which --help does without

    signed = checkpoint(session.open(), output)
    root = signed.checkpoint.root.hex()
    if as_json:
        told = {"origin": signed.checkpoint.origin, "size": signed.checkpoint.size, "root": root, "note": signed.note}
        tell({**told, "file": str(output) if output else None})
    elif output is None:
        click.echo(signed.note, nl=False)
    else:
        say(f"{printable(str(output))}: {counted(signed.checkpoint.size, 'event')}, log root {root}")
