"""``archiver get``, in words."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.render import printable, short, size
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("get")
@click.argument("item", metavar="ITEM")
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to; - for standard output.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it exists.")
@click.option("--acknowledge-sensitive", is_flag=True, help="Get it although it is flagged; needed where it is.")
@as_json
@click.pass_obj
def command(
    session: Session, item: str, output: str, overwrite: bool, acknowledge_sensitive: bool, as_json: bool
) -> None:
    """Write ITEM's bytes to a file, verified on the way: an altered byte makes no file and exits with 1."""
    from archiver.commands.get import get  # noqa: PLC0415 - loads the store, which --help does without

    archive = session.open()
    got = get(
        archive,
        item,
        sys.stdout.buffer if output == "-" else Path(output),
        overwrite=overwrite,
        acknowledge_sensitive=acknowledge_sensitive,
    )
    archive.close()
    if as_json and output != "-":
        tell(asdict(got))
    else:
        say(f"wrote {short(got.item)} to {printable(got.path)}: {size(got.size)}, SHA-256 verified")
