"""``archiver rebuild``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("rebuild")
@click.option(
    "--from", "store", metavar="STORE", help="Ask this store alone; the others are gone, or not to be trusted."
)
@as_json
@click.pass_obj
def command(session: Session, store: str | None, as_json: bool) -> None:
    """Throw the catalogue away and make it anew from the store alone; the tree's root must come out the same."""
    from archiver.commands.rebuild import rebuild  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    done = rebuild(archive, store)
    archive.close()
    kept, moved = (str(path) if path else None for path in (done.kept, done.moved))
    if as_json:
        told = {"events": done.events, "batches": done.batches, "root": done.root, "published": done.published}
        tell({**told, "kept": kept, "moved": moved})
        return
    click.echo(f"rebuilt from the store: {counted(done.events, 'event')} in {counted(done.batches, 'transaction')}")
    click.echo(f"log root {done.root or '(empty)'}")
    if done.published:
        say(f"{counted(done.published, 'transaction')} had been recorded and not published, and was published first")
    if kept:
        say(f"what could not be published, because another log grew meanwhile, is kept in {printable(kept)}")
    if moved:
        say(f"the damaged database was moved to {printable(moved)}")
