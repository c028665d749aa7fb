"""``archiver flag``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import SensitivityFlag, TrafficLight
from archiver.render import printable, short
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session

_FLAGS = ", ".join(SensitivityFlag)


@click.command("flag")
@click.argument("item", metavar="ITEM")
@click.option(
    "--sensitivity", type=choice(SensitivityFlag), multiple=True, metavar="FLAG", help=f"Care is owed: {_FLAGS}."
)
@click.option("--lift", type=choice(SensitivityFlag), multiple=True, metavar="FLAG", help="Take a flag off again.")
@click.option("--tlp", type=choice(TrafficLight), metavar="LABEL", help=f"TLP 2.0: {', '.join(TrafficLight)}.")
@click.option("--by", default="", metavar="NAME", help="Who says so; needed.")
@click.option("--basis", default="", metavar="TEXT", help="What that rests on; needed.")
@as_json
@click.pass_obj
def command(
    session: Session,
    item: str,
    sensitivity: tuple[str, ...],
    lift: tuple[str, ...],
    tlp: str | None,
    by: str,
    basis: str,
    as_json: bool,
) -> None:
    """Say what care ITEM needs before it is shown, and with whom it may be shared.

    A flag holds for every confirmed copy of the picture, and for what shows the surroundings of a sighting of it. It is
    told before anything else wherever the item is named; `get` and `export` ask for --acknowledge-sensitive, and what
    may be exported depends on it.
    """
    from archiver.commands.flag import flag  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    flagged = flag(
        archive,
        item,
        sensitivity=[SensitivityFlag(each) for each in sensitivity],
        lift=[SensitivityFlag(each) for each in lift],
        tlp=TrafficLight(tlp) if tlp else None,
        by=by,
        basis=basis,
    )
    archive.close()
    if as_json:
        tell(asdict(flagged))
        return
    told = [
        *(f"flagged {each}" for each in flagged.set),
        *(f"no longer flagged {each}" for each in flagged.lifted),
        *([f"labelled {flagged.tlp}"] if flagged.tlp else []),
    ]
    again = "" if flagged.added else " (as recorded already)"
    click.echo(f"item {short(flagged.item)} {', '.join(told)}{again}, says {printable(flagged.by)}")
