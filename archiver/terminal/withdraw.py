"""``archiver withdraw``, in words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from archiver.errors import UsageError
from archiver.render import counted, printable, short
from archiver.terminal.erased import erased_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import say, show, tell

if TYPE_CHECKING:
    from archiver.commands.withdraw import Withdrawn
    from archiver.terminal.program import Session

STORE = 4
_DIGITS = 12


@click.command("withdraw")
@click.argument("item", metavar="ITEM")
@click.option("--authority", required=True, metavar="TEXT", help="By whose order: the court, its file number.")
@click.option("--reason", required=True, metavar="TEXT", help="Why. It stays in the log: name nobody in it.")
@click.option("--by", metavar="NAME", help="Who carries it out (default: who runs the command).")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and whether anything forbids it.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@as_json
@click.pass_obj
def command(
    session: Session,
    item: str,
    authority: str,
    reason: str,
    by: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Erase ITEM for good where law demands it, and leave a tombstone in the log.

    Its bytes go from every store, and with them what is recorded of it: sightings, claims, inspections. The log still
    verifies. A legal hold or a retention forbids it. Repeating the command completes one that was broken off.
    """
    from archiver.commands.withdraw import withdraw  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.epitaphs import held_or_withdrawn  # noqa: PLC0415 - as above

    archive = session.open()
    whole = held_or_withdrawn(archive, item)
    if not (yes or dry_run):
        _confirm(whole)
    done = withdraw(archive, whole, authority=authority, reason=reason, by=by, dry_run=dry_run)
    archive.close()
    if as_json:
        tell(done.to_json())
    else:
        _show(done)
    return STORE if done.erased.left else 0


def _confirm(item: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "a withdrawal cannot be taken back, and nobody is there to ask", hint="say --yes; or --dry-run"
        )
    say(f"item {item} will be erased in every store. This cannot be taken back.")
    if click.prompt(f"Type its first {_DIGITS} digits to go on", err=True).strip().lower() != item[:_DIGITS]:
        raise UsageError("that is another item; nothing was done")


def _show(done: Withdrawn) -> None:
    events = counted(done.events, "event")
    if done.tombstone is None:
        show(f"would withdraw {short(done.item)}: {events} withheld, erased in {', '.join(done.stores)}")
    else:
        told = printable(done.tombstone.told())
        again = "withdrawn already" if done.again else "withdrawn"
        show(f"{again:<12} {short(done.item)}: {events} withheld")
        show(f"{'':12} {told}")
    for line in erased_lines(done.erased):
        say(line)
    for copy in done.copies:
        say(f"stays: {short(copy)}, which somebody confirmed to be the same picture or made from it")
    for note in done.notes:
        say(f"note: {printable(note)}")
    if done.erased.left:
        say("hint: repeat this command, or run `archiver sync`, when these stores answer")
