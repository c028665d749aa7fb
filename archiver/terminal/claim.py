"""``archiver claim``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import ClaimKind, ClaimManner, ClaimRelation
from archiver.render import printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("claim")
@click.argument("item", metavar="ITEM")
@click.argument("text", metavar="TEXT")
@click.option("--by", metavar="NAME", help="Who states it; needed unless an --account does.")
@click.option("--account", metavar="PLATFORM:HANDLE", help="The account that states it.")
@click.option("--kind", type=choice(ClaimKind), default="other", show_default=True, help="What it is about.")
@click.option("--url", metavar="URL", help="Where it is stated.")
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="The same as a number or a word that can be compared (casualties=1000); repeatable.",
)
@click.option("--manner", type=choice(ClaimManner), help="In so many words, by implication, or as somebody reads it.")
@click.option("--sighting", metavar="N", help="The number of the sighting that carried it.")
@click.option("--supports", multiple=True, metavar="N", help="The number of a claim that it supports; repeatable.")
@click.option("--contradicts", multiple=True, metavar="N", help="The number of a claim against it; repeatable.")
@click.option("--refines", multiple=True, metavar="N", help="The number of a claim that it makes finer; repeatable.")
@click.option("--same-as", multiple=True, metavar="N", help="The number of a claim that says the same; repeatable.")
@click.option("--basis", metavar="TEXT", help="Why it supports, contradicts, refines or repeats them.")
@as_json
@click.pass_obj
def command(
    session: Session,
    item: str,
    text: str,
    by: str | None,
    account: str | None,
    kind: str,
    url: str | None,
    values: tuple[str, ...],
    manner: str | None,
    sighting: str | None,
    supports: tuple[str, ...],
    contradicts: tuple[str, ...],
    refines: tuple[str, ...],
    same_as: tuple[str, ...],
    basis: str | None,
    as_json: bool,
) -> None:
    """Record that somebody states TEXT about ITEM. That does not make it so: see `archiver assess`."""
    from archiver.commands.claim import claim  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    claimed = claim(
        archive,
        item,
        text,
        by=by,
        account=account,
        kind=ClaimKind(kind),
        url=url,
        values=values,
        manner=ClaimManner(manner) if manner else None,
        sighting=sighting,
        links={
            ClaimRelation.SUPPORTS: supports,
            ClaimRelation.CONTRADICTS: contradicts,
            ClaimRelation.REFINES: refines,
            ClaimRelation.SAME_AS: same_as,
        },
        basis=basis,
    )
    archive.close()
    for name in claimed.words:
        say(f"--value {printable(name)} is kept as a word, and not compared with numbers: it is no plain number")
    if as_json:
        tell(asdict(claimed))
        return
    done = "recorded" if claimed.added else "already recorded"
    who = " on ".join(printable(name) for name in (claimed.by, claimed.account) if name)
    click.echo(f"claim #{claimed.number} {done}, by {who}: “{printable(claimed.text)}”")
    if claimed.links:
        click.echo(f"  linked: {', '.join(f'#{number}' for number in claimed.links)}")
