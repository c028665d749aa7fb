"""``archiver store add``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.guarantees import guarantee_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("add")
@click.argument("name", metavar="NAME")
@click.argument("url", metavar="URL")
@click.option("--optional", is_flag=True, help="An upload does not wait for it, and is not refused where it fails.")
@click.option("--create-bucket", is_flag=True, help="Make the S3 bucket, private, if there is none.")
@as_json
@click.pass_obj
def command(session: Session, name: str, url: str, optional: bool, create_bucket: bool, as_json: bool) -> None:
    """Let the place at URL hold the whole archive, too, under the short NAME.

    URL is file:PATH, or s3://BUCKET/PREFIX?endpoint=URL&profile=NAME: a profile of ~/.aws gives a second provider its
    own credentials, which are written nowhere. New uploads go there at once; `archiver sync` brings what was held
    before. The same command again makes the place of a store that was lost anew.
    """
    from archiver.commands.store_add import store_add  # noqa: PLC0415 - loads the store, which --help does without

    archive = session.open()
    added = store_add(archive, name, url, required=not optional, create_bucket=create_bucket)
    archive.close()
    if as_json:
        tell({**asdict(added), "guarantees": added.guarantees.to_json()})
    else:
        click.echo(f"store {added.name}: {printable(added.url)}{'' if added.required else ' (optional)'}")
        for line in guarantee_lines(added.guarantees):
            click.echo(f"  {line}")
    say(f"what was held before is not there yet: run `archiver sync {added.name}`")
