"""``archiver init``, in words."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.settings import DEFAULT_CATALOGUE, DEFAULT_STORE
from archiver.terminal.guarantees import guarantee_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.commands.init import Made
    from archiver.terminal.program import Session


@click.command("init")
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
@click.option(
    "--store",
    default=DEFAULT_STORE,
    show_default=True,
    metavar="URL",
    help="Where the bytes go: file:PATH, or s3://BUCKET/PREFIX?endpoint=URL for any S3-compatible server.",
)
@click.option(
    "--catalogue",
    default=DEFAULT_CATALOGUE,
    show_default=True,
    metavar="URL",
    help="The database: sqlite:PATH, or postgresql+psycopg://USER@HOST/NAME.",
)
@click.option("--create-bucket", is_flag=True, help="Make the S3 bucket, private, if there is none.")
@as_json
@click.pass_obj
def command(
    session: Session,
    directory: Path | None,
    store: str,
    catalogue: str,
    create_bucket: bool,
    as_json: bool,
) -> None:
    """Make an archive in DIR, or join the one that the store already holds.

    Without DIR it is made where --archive or $ARCHIVER_HOME say. The store is probed: what it really guarantees is
    printed and recorded.
    """
    from archiver.clock import SystemClock  # noqa: PLC0415 - only where an archive is made
    from archiver.commands.init import init  # noqa: PLC0415 - as above

    made = init(
        (directory or session.home).absolute(),
        store=store,
        catalogue=catalogue,
        create_bucket=create_bucket,
        clock=SystemClock(),
    )
    if as_json:
        tell({**asdict(made), "home": str(made.home), "guarantees": made.guarantees.to_json()})
    else:
        _show(made)


def _show(made: Made) -> None:
    click.echo(f"{'joined' if made.joined else 'made'} an archive in {printable(str(made.home))}")
    click.echo(f"  store      {printable(made.store)}")
    click.echo(f"  catalogue  {printable(made.catalogue)}")
    click.echo(f"  log        {made.origin}")
    click.echo(f"  key        {made.key}")
    for line in guarantee_lines(made.guarantees):
        click.echo(f"  {line}")
    if made.writable:
        say(f"keep a copy of {made.key_file} elsewhere: without it the archive can be read, and never written again")
    else:
        say(f"this machine can read and verify, and not write: copy {made.key_file} here to write")
