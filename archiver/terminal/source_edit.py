"""``archiver source edit``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import AgentType, SourceKind
from archiver.render import printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session

CLEARED = ("type", "url", "country", "note")


@click.command("edit")
@click.argument("name", metavar="NAME")
@click.option("--type", "agent_type", type=choice(AgentType), help="What it is.")
@click.option(
    "--kind",
    type=choice(SourceKind),
    metavar="KIND",
    help=f"What kind of source it is: {', '.join(SourceKind)}.",
)
@click.option("--url", metavar="URL", help="Its own page.")
@click.option("--country", metavar="XX", help="Where it is at home (ISO 3166-1, two letters).")
@click.option("--note", metavar="TEXT", help="More about it, in your own words.")
@click.option("--clear", multiple=True, type=click.Choice(CLEARED), help="Leave this empty again; repeatable.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name of it; repeatable.")
@click.option("--drop-alias", "drop_aliases", multiple=True, metavar="NAME", help="Take a name back; repeatable.")
@click.option("--merge", metavar="OTHER", help="OTHER is the same source: both are shown as NAME from now on.")
@click.option("--separate", metavar="OTHER", help="Undo that OTHER was merged into NAME.")
@click.option("--by", metavar="WHO", help="Who finds so; needed to merge and to separate.")
@click.option("--basis", metavar="WHY", help="What that rests on; needed to merge and to separate.")
@as_json
@click.pass_obj
def command(
    session: Session,
    /,
    name: str,
    agent_type: str | None,
    kind: str | None,
    as_json: bool,
    **words: str | tuple[str, ...] | None,
) -> None:
    """Correct or add to what is recorded of NAME. What is not named keeps its value; nothing is lost."""
    from archiver.commands.source_edit import (  # noqa: PLC0415 - loads the catalogue, which --help does without
        Edits,
        source_edit,
    )

    archive = session.open()
    edits = Edits(
        agent_type=AgentType(agent_type) if agent_type else None,
        kind=SourceKind(kind) if kind else None,
        **words,  # type: ignore[arg-type] # the options above are its fields, by name
    )
    edited = source_edit(archive, name, edits)
    archive.close()
    if as_json:
        tell(asdict(edited))
    elif edited.added:
        numbers = ", ".join(f"#{number}" for number in edited.added)
        click.echo(f"recorded of {printable(edited.name)}: {numbers}; `archiver source show` tells all")
    else:
        click.echo(f"all of that is recorded of {printable(edited.name)} already")
