"""``archiver tag``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable, short
from archiver.terminal.options import as_json
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("tag")
@click.argument("item", metavar="ITEM")
@click.argument("tags", nargs=-1, required=True, metavar="SCHEME:CODE…")
@click.option("--label", metavar="TEXT", help="The term in words.")
@click.option("--by", metavar="NAME", help="Who attaches it.")
@click.option("--remove", is_flag=True, help="Take the tags off; that they were there stays in the history.")
@as_json
@click.pass_obj
def command(
    session: Session,
    item: str,
    tags: tuple[str, ...],
    label: str | None,
    by: str | None,
    remove: bool,
    as_json: bool,
) -> None:
    """Attach terms of some vocabulary to ITEM; `archiver list --tag` finds it by them."""
    from archiver.commands.tag import tag  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    made = tag(archive, item, tags, label=label, by=by, remove=remove)
    archive.close()
    if as_json:
        tell(asdict(made))
        return
    verb = "no longer bears" if made.removed else "bears"
    again = "" if made.added else " (as recorded already)"
    click.echo(f"item {short(made.item)} {verb} {', '.join(printable(each) for each in made.tags)}{again}")
