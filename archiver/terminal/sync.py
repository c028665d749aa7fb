"""``archiver sync``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, size
from archiver.terminal.erased import erased_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell
from archiver.terminal.progress import progress

if TYPE_CHECKING:
    from archiver.commands.sync import Synced
    from archiver.terminal.program import Session

_INCOMPLETE = 1
_STORE = 4
_LISTED = 20


@click.command("sync")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=4, show_default=True, metavar="N", help="Objects copied at once."
)
@as_json
@click.pass_context
def command(context: click.Context, names: tuple[str, ...], jobs: int, as_json: bool) -> None:
    """Fill the stores NAME (all of them) with what they lack and another store holds.

    Every copy is verified before it is put, and again by the put. Nothing is overwritten: what is altered is named, and
    `archiver audit --repair` restores it. Stopped at any moment, the same command goes on.
    """
    from archiver.commands.sync import sync  # noqa: PLC0415 - loads the catalogue, which --help does without

    session: Session = context.obj
    archive = session.open()
    with progress("copying", lambda: None) as advance:
        done = sync(archive, names, jobs=jobs, progress=advance)
    archive.close()
    if as_json:
        tell(_json(done))
    else:
        _show(done)
    if done.filled.failed:
        context.exit(_STORE)
    if not done.complete:
        context.exit(_INCOMPLETE)


def _json(done: Synced) -> dict[str, object]:
    filled = done.filled
    return {
        "complete": done.complete,
        "lacking": done.lacking,
        "copied": filled.copied,
        "bytes": filled.bytes,
        "recorded": filled.recorded,
        "altered": [asdict(each) for each in filled.altered],
        "left": [asdict(each) for each in filled.left],
        "erased": done.erased.to_json(),
        "failed": {name: str(error) for name, error in filled.failed.items()},
    }


def _show(done: Synced) -> None:
    filled = done.filled
    for name, number in filled.copied.items():
        lacked = done.lacking[name]
        if lacked is None:
            click.echo(f"{name}: what it lacks cannot be told")
        else:
            click.echo(
                f"{name}: lacked {lacked:,}, copied {number:,}" if lacked or number else f"{name}: lacked nothing"
            )
    if filled.bytes:
        copies = counted(filled.recorded, "copy of an item", "copies of items")
        click.echo(f"{size(filled.bytes)} copied and verified; {copies} recorded")
    for line in erased_lines(done.erased):
        say(line)
    for what, found in (("altered", filled.altered), ("not copied", filled.left)):
        for each in found[:_LISTED]:
            say(f"{what}: {each.name} in the store {each.store}: {printable(each.why)}")
        if len(found) > _LISTED:
            say(f"{what}: {len(found) - _LISTED:,} more; --json lists all")
    for name, error in filled.failed.items():
        say(f"the store {name} failed: {printable(str(error))}")
        if error.hint:
            say(f"hint: {printable(error.hint)}")
