"""``archiver review``, in words: on a terminal it asks, pair by pair; elsewhere it lists."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import RelationState, RelationType
from archiver.render import counted, printable, short
from archiver.terminal import style
from archiver.terminal.dossier import care_line, origins_told
from archiver.terminal.inspected import named_line
from archiver.terminal.options import as_json, limit
from archiver.terminal.program import say, show, tell
from archiver.terminal.relate import told

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.commands.review import Pair
    from archiver.known import Known
    from archiver.terminal.program import Session

_KEYS = {
    "c": "confirm: the same picture",
    "a": "confirm: A derives from B",
    "b": "confirm: B derives from A",
    "r": "reject",
    "s": "skip",
    "q": "quit",
}


@click.command("review")
@click.option("--by", metavar="NAME", help="The person who decides (default: whoever runs the command).")
@click.option("--list", "only_list", is_flag=True, help="List the pairs, and ask nothing.")
@limit(100, "Pairs at the most")
@as_json
@click.pass_obj
def command(session: Session, by: str | None, only_list: bool, limit: int, as_json: bool) -> None:
    """Walk the pairs that look alike and that nobody has decided on: confirm, reject or skip each.

    Where input is no terminal, and with --list or --json, the pairs are only listed; decide on one with
    `archiver relate A B --confirm` or `--reject`. What was rejected is never suggested again.
    """
    from archiver.commands.review import review  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    waiting = review(archive, limit=limit)
    asking = not (only_list or as_json) and sys.stdin.isatty() and sys.stdout.isatty()
    for place, pair in enumerate(waiting.pairs, start=1):
        if as_json:
            tell(pair.to_json())
            continue
        for line in _lines(pair):
            show(line)
        if asking and not _decide(archive, pair, by or session.actor, f"{place} of {len(waiting.pairs)}"):
            break
    archive.close()
    if not as_json:
        say(f"{counted(waiting.total, 'pair')} waiting" if waiting.total else "no pair waits for a decision")


def _lines(pair: Pair) -> list[str]:
    return [
        style.heading(f"suggestion #{pair.number}: {printable(pair.basis)}"),
        *(f"  {letter} {line}" for letter, side in (("A", pair.item), ("B", pair.other)) for line in _side(side)),
    ]


def _side(side: Known) -> list[str]:
    dossier = side.dossier
    care = care_line(dossier)
    summary = dossier.summary
    when, basis = side.first_seen
    names = {seen.publisher or seen.account or "" for seen in dossier.sightings} - {""}
    first = f", first {basis} {printable(when)}" if when else ""
    shape = f"{summary.width}×{summary.height}, " if summary.width else ""
    name = f", {printable(summary.file_name)}" if summary.file_name else ""
    line = f"{short(summary.item)}  {shape}{printable(', '.join(sorted(names))) or 'source unknown'}{first}{name}"
    lines = [f"{care} {line}" if care else line]
    if side.origins.sightings:
        lines.append(f"  {origins_told(side)}")
    found = named_line(dossier.named_findings)
    if found:
        lines.append(f"  found in the file: {found}")
    return lines


def _decide(archive: Archive, pair: Pair, by: str, place: str) -> bool:
    """Ask; False to end the walk."""
    from archiver.commands.relate import relate  # noqa: PLC0415 - only where a person decides

    for key, meaning in _KEYS.items():
        say(f"    {key}  {meaning}")
    key = click.prompt(f"{place}", type=click.Choice(list(_KEYS)), show_choices=False, err=True)
    if key in "sq":
        return bool(key == "s")
    basis = click.prompt("why", err=True)
    one, other = pair.item.dossier.item, pair.other.dossier.item
    if key == "b":
        one, other = other, one
    chosen = {"c": RelationType.ALTERNATE_OF, "r": None}.get(key, RelationType.DERIVED_FROM)
    state = RelationState.REJECTED if key == "r" else RelationState.CONFIRMED
    show(told(relate(archive, one, other, state=state, relation=chosen, by=by, basis=basis)))
    return True
