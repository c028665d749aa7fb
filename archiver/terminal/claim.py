"""``archiver claim``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import ClaimKind
from archiver.render import printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("claim")
@click.argument("item", metavar="ITEM")
@click.argument("text", metavar="TEXT")
@click.option("--by", required=True, metavar="NAME", help="Who states it.")
@click.option("--kind", type=choice(ClaimKind), default="other", show_default=True, help="What it is about.")
@click.option("--url", metavar="URL", help="Where it is stated.")
@as_json
@click.pass_obj
def command(session: Session, item: str, text: str, by: str, kind: str, url: str | None, as_json: bool) -> None:
    """Record that somebody states TEXT about ITEM. That does not make it so: see `archiver assess`."""
    from archiver.commands.claim import claim  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    claimed = claim(archive, item, text, by=by, kind=ClaimKind(kind), url=url)
    archive.close()
    if as_json:
        tell(asdict(claimed))
    else:
        done = "recorded" if claimed.added else "already recorded"
        click.echo(f"claim #{claimed.number} {done}, by {printable(claimed.by)}: “{printable(claimed.text)}”")
