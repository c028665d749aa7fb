"""``archiver status``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, size
from archiver.terminal.guarantees import guarantee_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell
from archiver.terminal.stamped import stamped_lines

if TYPE_CHECKING:
    from archiver.commands.status import Status
    from archiver.terminal.program import Session


@click.command("status")
@as_json
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """What the archive holds, where it lies, and what its store was seen to guarantee just now."""
    from archiver.commands.status import status  # noqa: PLC0415 - loads the store, which --help does without

    archive = session.open()
    found = status(archive)
    archive.close()
    if as_json:
        told = {"guarantees": found.guarantees.to_json(), "promised": found.promised.to_json()}
        tell({**asdict(found), **told})
    else:
        _show(found)


def _show(found: Status) -> None:
    counts = dict(found.counts)
    items, held = counts.pop("items"), counts.pop("bytes")
    click.echo(f"{counted(items, 'item')}, {size(held)}; {counted(found.events, 'event')} in the log")
    for kind, number in counts.items():
        click.echo(f"  {kind:<15} {number:>9,}")
    click.echo(f"home       {printable(found.home)}")
    click.echo(f"store      {printable(found.store)}")
    click.echo(f"catalogue  {printable(found.catalogue)}")
    click.echo(f"log        {found.origin}")
    click.echo(f"key        {found.key}" + ("" if found.writable else " (not on this machine: reading only)"))
    if found.first_key != found.key:
        click.echo(f"first key  {found.first_key}")
    for line in guarantee_lines(found.guarantees):
        click.echo(line)
    for line in stamped_lines(found.stamped):
        click.echo(line)
    if found.guarantees != found.promised:
        say("the store does not do today what it was seen to do when the archive was made:")
        for line in guarantee_lines(found.promised):
            say(f"  then: {line}")
    if found.unpublished:
        say(f"{counted(found.unpublished, 'transaction')} not published yet: the next command that records does it")
