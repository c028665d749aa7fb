"""``archiver source add``, in words."""

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


@click.command("add")
@click.argument("name", metavar="NAME")
@click.option("--type", "agent_type", type=choice(AgentType), help="What it is.")
@click.option(
    "--kind",
    type=choice(SourceKind),
    default="unknown",
    metavar="KIND",
    help=f"What kind of source it is: {', '.join(SourceKind)}.",
)
@click.option("--url", metavar="URL", help="Its own page.")
@click.option("--country", metavar="XX", help="Where it is at home (ISO 3166-1, two letters).")
@click.option("--note", metavar="TEXT", help="More about it, in your own words.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name of it; repeatable.")
@as_json
@click.pass_obj
def command(
    session: Session,
    name: str,
    agent_type: str | None,
    kind: str,
    url: str | None,
    country: str | None,
    note: str | None,
    aliases: tuple[str, ...],
    as_json: bool,
) -> None:
    """Record NAME: a person, an organisation, a group or a program that publishes or claims something."""
    from archiver.commands.source_add import source_add  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open_or_make()
    added = source_add(
        archive,
        name,
        agent_type=AgentType(agent_type) if agent_type else None,
        kind=SourceKind(kind),
        url=url,
        country=country,
        note=note,
        aliases=aliases,
    )
    archive.close()
    if as_json:
        tell(asdict(added))
        return
    also = f", also called {printable(', '.join(added.aliases))}" if added.aliases else ""
    done = "recorded" if added.added else "already recorded"
    click.echo(f"source #{added.number} {done}: {printable(added.name)} ({added.kind}){also}")
