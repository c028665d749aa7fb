"""``archiver store list``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.terminal.options import as_json
from archiver.terminal.program import tell
from archiver.terminal.stores import store_lines

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("list")
@as_json
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Each store: where it is, whether it answers, what it was seen to guarantee, how much of the archive it holds."""
    from archiver.commands.store_list import store_list  # noqa: PLC0415 - loads the store, which --help does without

    archive = session.open()
    found = store_list(archive)
    archive.close()
    for each in found:
        if as_json:
            seen = each.guarantees.to_json() if each.guarantees else None
            tell({**asdict(each), "guarantees": seen, "filled": each.filled})
        else:
            for line in store_lines(each, guarantees=True):
                click.echo(line)
