"""``archiver verify``, in words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, size
from archiver.terminal.options import as_json
from archiver.terminal.program import nobody_listens, say, tell
from archiver.terminal.progress import progress
from archiver.terminal.stamped import stamped_lines

if TYPE_CHECKING:
    from archiver.commands.verify import Verified
    from archiver.terminal.program import Session

AMISS = 1
LOG_ONLY = "bodies"
"""Where this was not checked, the log alone was."""

_LEFT = {
    "bodies": "bodies not opened",
    "event-signatures": "signatures of single events not verified (but of those about keys and of withdrawals)",
    "bytes": "bytes not read",
    "catalogue": "catalogue not compared",
    "other-stores": "other stores not compared",
}


@click.command("verify")
@click.argument("items", nargs=-1, metavar="[ITEM…]")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A checkpoint that was kept elsewhere, - for standard input: prove that today's log extends it; repeatable.",
)
@click.option(
    "--log-only",
    is_flag=True,
    help="Check the log alone: form, order and chain of every event, the tree, every checkpoint, time stamps, keys. "
    "Opens no bodies, verifies no signatures of single events, reads no bytes, compares no catalogue.",
)
@click.option("--store", default="main", show_default=True, metavar="NAME", help="Check what this store holds.")
@as_json
@click.pass_obj
def command(
    session: Session,
    items: tuple[str, ...],
    checkpoints: tuple[Path, ...],
    log_only: bool,
    store: str,
    as_json: bool,
) -> int:
    """Check bytes, log and catalogue against one another; exit with 1 if anything is amiss.

    Without ITEM the bytes of every item are read. Looking changes nothing: what is amiss is named, not repaired. Of
    several stores one is checked whole, and the others are compared with it; `archiver audit` reads every copy.

    With --log-only whoever kept a checkpoint proves in seconds that a long log only grew. What was not checked is said.
    """
    from archiver.commands.verify import verify  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    chosen = [archive.resolve(item) for item in items]
    with progress("reading", lambda: None) as advance:
        verified = verify(archive, chosen, checkpoints=checkpoints, store=store, log_only=log_only, progress=advance)
    archive.close()
    try:
        if as_json:
            tell({"intact": verified.intact, **asdict(verified)})
        else:
            _show(verified)
    except BrokenPipeError:  # the exit code is the answer, whoever stops reading the rest
        nobody_listens()
    return 0 if verified.intact else AMISS


def _show(verified: Verified) -> None:
    lists = f", {counted(verified.lists, 'list of fingerprints', 'lists of fingerprints')}" if verified.lists else ""
    stamps = f", {counted(verified.stamps, 'time stamp')}" if verified.stamps else ""
    events = f"{counted(verified.events, 'event')}{stamps}"
    checked = f"{counted(verified.items, 'item')}{lists} ({size(verified.bytes)}), {events}"
    if LOG_ONLY in verified.not_checked:
        checked = f"the log alone: {events}"
    for note in verified.notes:
        say(f"note: {printable(note.subject)}: {printable(note.detail)}")
    for line in stamped_lines(verified.stamped):
        click.echo(line)
    for each in verified.extends:
        proof = counted(len(each.proof), "hash", "hashes")
        grown = f"from {counted(each.size, 'event')} to {each.today_size:,} (a proof of {proof})"
        click.echo(f"extends {printable(each.file)}: the log only grew, {grown}")
    for fault in verified.faults:
        click.echo(f"AMISS {fault.code}: {printable(fault.subject)}: {printable(fault.detail)}")
    if verified.intact:
        click.echo(f"intact: {checked}, log root {verified.root}")
    else:
        click.echo(f"NOT INTACT: {counted(len(verified.faults), 'finding')}; checked {checked}")
    if left := [_LEFT[each] for each in verified.not_checked if each in _LEFT]:
        click.echo(f"not checked: {', '.join(left)}")
