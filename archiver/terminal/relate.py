"""``archiver relate``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.errors import UsageError
from archiver.facts.vocabulary import Action, RelationState, RelationType
from archiver.render import printable, short
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.commands.relate import Decided
    from archiver.terminal.program import Session


@click.command("relate")
@click.argument("item", metavar="A")
@click.argument("other", metavar="B")
@click.option("--type", "relation", type=choice(RelationType), help="How they are related; of a derivation: A from B.")
@click.option("--action", type=choice(Action), metavar="ACTION", help=f"What was done to B: {', '.join(Action)}.")
@click.option("--confirm", is_flag=True, help="Confirm what was suggested of this pair.")
@click.option("--reject", is_flag=True, help="Reject what was suggested; it is never suggested again.")
@click.option("--by", default="", metavar="NAME", help="The person who decides; needed.")
@click.option("--basis", default="", metavar="TEXT", help="Why; needed.")
@as_json
@click.pass_obj
def command(
    session: Session,
    item: str,
    other: str,
    relation: str | None,
    action: str | None,
    confirm: bool,
    reject: bool,
    by: str,
    basis: str,
    as_json: bool,
) -> None:
    """Record how the items A and B are related, or decide on what was suggested of them (see `archiver review`)."""
    if confirm and reject:
        raise UsageError("--confirm and --reject exclude one another")
    if not (confirm or reject or relation):
        raise UsageError("say --type, --confirm or --reject", hint="`archiver relate --help` lists the types")
    from archiver.commands.relate import relate  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    decided = relate(
        archive,
        item,
        other,
        state=RelationState.REJECTED if reject else RelationState.CONFIRMED,
        relation=RelationType(relation) if relation else None,
        action=Action(action) if action else None,
        by=by,
        basis=basis,
    )
    archive.close()
    if as_json:
        tell(asdict(decided))
    else:
        click.echo(told(decided))


def told(decided: Decided) -> str:
    """A decision, in words."""
    done = "recorded" if decided.added else "already recorded"
    words = {RelationType.DERIVED_FROM: "is derived from", RelationType.ALTERNATE_OF: "is the same picture as"}
    how = words.get(RelationType(decided.type), "is not related to")
    action = f" ({decided.action})" if decided.action else ""
    said = f"{short(decided.item)} {how} {short(decided.other)}{action}: {decided.state}"
    return f"relation #{decided.number} {done}: {said}, says {printable(decided.by)}"
