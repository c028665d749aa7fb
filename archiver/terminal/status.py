"""``archiver status``, in words."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

import click

from archiver.render import counted, moment, printable, size
from archiver.terminal.credentials import reading_lines
from archiver.terminal.guarantees import guarantee_lines
from archiver.terminal.held import held_lines, not_held
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell
from archiver.terminal.stamped import stamped_lines
from archiver.terminal.stores import store_lines
from storage.errors import StoreError
from storage.guarantees import NOT_LOCKING

if TYPE_CHECKING:
    from archiver.commands.status import Status
    from archiver.terminal.program import Session


@click.command("status")
@as_json
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """What the archive holds, where it lies, and what was seen to be guaranteed just now.

    By its store, and by this system for the process that reads files of strangers. A store is tried by writing to it:
    where the only one lets nothing be written, all else is shown, and the exit code is 4.
    """
    from archiver.commands.status import status  # noqa: PLC0415 - loads the store, which --help does without

    archive = session.open()
    found = status(archive)
    archive.close()
    if as_json:
        seen = found.guarantees.to_json() if found.guarantees else None
        stores = [{**asdict(each), "filled": each.filled, "guarantees": None} for each in found.stores]
        told = {"guarantees": seen, "stores": stores, "promised": found.promised.to_json()}
        tell({**asdict(found), **told})
    else:
        _show(found)
    if found.unprobed is None or found.stores:  # of several stores each one is told of, and one that fails ends nothing
        return 0
    say(f"error: the store could not be probed: {printable(found.unprobed.error)}")
    if found.unprobed.hint:
        say(f"hint: {printable(found.unprobed.hint)}")
    return StoreError.exit_code


def _show(found: Status) -> None:
    counts = dict(found.counts)
    items, held = counts.pop("items"), counts.pop("bytes")
    click.echo(f"{counted(items, 'item')}, {size(held)}; {counted(found.events, 'event')} in the log")
    for kind, number in counts.items():
        click.echo(f"  {kind:<15} {number:>9,}")
    click.echo(f"home       {printable(found.home)}")
    click.echo(f"store      {printable(found.store)}")
    click.echo(f"catalogue  {printable(found.catalogue)}")
    click.echo(f"log        {found.origin}")
    click.echo(f"key        {found.key}" + ("" if found.writable else " (not on this machine: reading only)"))
    if found.first_key != found.key:
        click.echo(f"first key  {found.first_key}")
    for line in _guarantees(found):
        click.echo(line)
    if found.retention:
        until = moment(found.retention["until"])
        click.echo(f"retention  {found.retention['mode']} until {until} for what is stored today (archive.toml)")
        if found.guarantees and found.guarantees.object_lock in NOT_LOCKING:
            say("archive.toml asks for a retention, and the store has no Object Lock that holds: nothing is taken in")
    for each in found.stores:
        for line in store_lines(each):
            click.echo(line)
        click.echo(f"  items      {found.copies.get(each.url, 0):,} of {items:,} have a recorded copy there")
    lines = (held_lines(found.inspection), stamped_lines(found.stamped), reading_lines(found.credentials))
    for line in chain.from_iterable(lines):
        click.echo(line)
    _warn(found)


def _guarantees(found: Status) -> list[str]:
    if found.unprobed is None:
        return guarantee_lines(found.guarantees) if found.guarantees else []
    then = (f"  {line}" for line in guarantee_lines(found.promised))
    why = f"guarantees could not be probed: {printable(found.unprobed.error)}"
    return [why, "  what the store was seen to do when the archive was made:", *then]


def _warn(found: Status) -> None:
    """What should not be so, on standard error."""
    for line in not_held(found.inspection):
        say(line)
    if found.credentials.trouble:
        say(f"content credentials: {printable(found.credentials.trouble)}; nothing is inspected until that is mended")
    for unnamed in found.unnamed:
        say(f"the log names a store that archive.toml does not: {printable(unnamed)}")
        say("  give the same `archiver store add` here, or `archiver store remove` where it is gone")
    if found.guarantees and found.guarantees != found.promised:
        say("the store does not do today what it was seen to do when the archive was made:")
        for line in guarantee_lines(found.promised):
            say(f"  then: {line}")
    if found.unpublished:
        say(f"{counted(found.unpublished, 'transaction')} not published yet: the next command that records does it")
