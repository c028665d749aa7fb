"""``archiver link``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import ClaimRelation
from archiver.render import printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("link")
@click.argument("claim", metavar="CLAIM")
@click.argument("relation", type=choice(ClaimRelation), metavar="|".join(ClaimRelation))
@click.argument("other", metavar="CLAIM")
@click.option("--by", required=True, metavar="WHO", help="Who finds so.")
@click.option("--basis", metavar="TEXT", help="Why.")
@click.option("--retract", is_flag=True, help="Take that back.")
@as_json
@click.pass_obj
def command(
    session: Session, claim: str, relation: str, other: str, by: str, basis: str | None, retract: bool, as_json: bool
) -> None:
    """Record that somebody finds that one CLAIM, by number, supports, contradicts, refines or repeats another.

    The claims may be about different items: the link is told with both.
    """
    from archiver.commands.link import link  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    linked = link(archive, claim, ClaimRelation(relation), other, by=by, basis=basis, retract=retract)
    archive.close()
    if as_json:
        tell(asdict(linked))
        return
    done = "recorded" if linked.added else "already recorded"
    says = "takes back" if linked.retracted else "finds"
    word = "is the same as" if linked.relation == ClaimRelation.SAME_AS else linked.relation
    click.echo(f"link #{linked.number} {done}: {printable(linked.by)} {says} that")
    click.echo(f"  claim #{linked.claim}: “{printable(linked.text)}”")
    click.echo(f"  {word} claim #{linked.other}: “{printable(linked.other_text)}”")
