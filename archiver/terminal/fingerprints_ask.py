"""``archiver fingerprints ask``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import HashListForm
from archiver.render import counted, printable, short
from archiver.terminal import style
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, show, tell

if TYPE_CHECKING:
    from archiver.commands.fingerprints_ask import Answered, Held
    from archiver.terminal.program import Session


@click.command("ask")
@click.argument("file", metavar="FILE")
@click.option(
    "--format", "form", type=choice(HashListForm), help="How it is written; by the ending of its name by default."
)
@click.option(
    "--radius", type=int, metavar="N", help="Within how many bits a look counts; each algorithm's own by default."
)
@click.option(
    "--shareable", is_flag=True, help="An answer to hand on: no item is named, and none that care is owed to."
)
@as_json
@click.pass_obj
def command(session: Session, file: str, form: str | None, radius: int | None, shareable: bool, as_json: bool) -> None:
    """Answer a list of fingerprints: for each line, what do we hold that looks so? Looking changes nothing.

    FILE is a file or - for standard input; nothing of it is kept. With --json each line is answered with a line of
    JSON, whether something is held or not; else only those of which something is.
    """
    from archiver.commands.fingerprints_ask import fingerprints_ask  # noqa: PLC0415 - loads numpy, as above

    archive = session.open()
    lines, held = fingerprints_ask(
        archive,
        file,
        (lambda each: tell(each.to_json())) if as_json else _show,
        form=HashListForm(form) if form else None,
        radius=radius,
        shareable=shareable,
    )
    archive.close()
    say(f"something is held of {held:,} of {counted(lines, 'line')}")


def _show(each: Answered) -> None:
    if not each.matches:
        return
    label = f" ({printable(each.entry.label)})" if each.entry.label else ""
    show(f"line {each.entry.line}{label}: {counted(len(each.matches), 'match', 'matches')}")
    for match in each.matches:
        show(f"  {_told(match)}")


def _told(match: Held) -> str:
    far = f"{match.distance} bits apart" if match.match == "look" else "equal"
    if match.care is None:
        return f"same {match.match}, {far}"
    owed = match.care.to_json()
    words = ", ".join([*owed["sensitivity"], *([owed["tlp"]] if owed["tlp"] else [])])
    told = f"same {match.match}, {far}: {short(match.item)}, {match.status}"
    return f"{style.care(f'[{words}]')} {told}" if words else told
