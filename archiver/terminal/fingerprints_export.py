"""``archiver fingerprints export``, in words."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archiver.facts.vocabulary import HashListForm
from archiver.render import counted, printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from archiver.commands.fingerprints_export import Exported
    from archiver.terminal.program import Session


@click.command("export")
@click.option("--algorithm", metavar="NAME", help="Which fingerprints, by full name; what `find` compares by default.")
@click.option(
    "--format",
    "form",
    type=choice(HashListForm),
    default=str(HashListForm.CSV),
    show_default=True,
    help="How to write it.",
)
@click.option("-o", "--output", metavar="FILE", help="The file to make; standard output by default.")
@click.option("--include-sensitive", is_flag=True, help="Also what care is owed to: flagged, or not for partners.")
@click.option("--with-items", is_flag=True, help="Name the SHA-256 beside each: whoever has the file will know it.")
@as_json
@click.pass_obj
def command(
    session: Session,
    algorithm: str | None,
    form: str,
    output: str | None,
    include_sensitive: bool,
    with_items: bool,
    as_json: bool,
) -> None:
    """Write a list of fingerprints of what is held, for another archive to compare with.

    It names no item, tells neither how many copies there are nor when they came, and leaves out what care is owed to
    and what looks like that. A fingerprint is still a blurred shadow of its picture: docs/interchange.md says what it
    gives away. With --json the summary is JSON, and goes to standard error where the list goes to standard output.
    """
    from archiver.commands.fingerprints_export import (  # noqa: PLC0415 - loads numpy, which --help does without
        fingerprints_export,
        new_file,
    )
    from archiver.fingerprint.algorithm import CURRENT, Algorithm  # noqa: PLC0415 - as above

    chosen = Algorithm.parse(algorithm) if algorithm else CURRENT
    archive = session.open()
    target: AbstractContextManager[Callable[[str], Any]]
    target = new_file(Path(output)) if output else nullcontext(sys.stdout.write)
    with target as write:
        done = fingerprints_export(
            archive,
            write,
            algorithm=chosen,
            form=HashListForm(form),
            include_sensitive=include_sensitive,
            with_items=with_items,
        )
    archive.close()
    _told(done, output, as_json=as_json, include_sensitive=include_sensitive)


def _told(done: Exported, output: str | None, *, as_json: bool, include_sensitive: bool) -> None:
    if as_json and output:
        tell(asdict(done))
        return
    say(f"wrote {counted(done.lines, 'fingerprint')} of {done.held:,} held ({printable(done.algorithm)})")
    if done.in_care or done.alike:
        say(f"left out: {done.in_care:,} because care is owed, {done.alike:,} more that look like one of those")
    if include_sensitive:
        say("warning: it holds the looks of items that care is owed to; give it to nobody who may not see them")
    if done.with_items:
        say("warning: it names SHA-256s: whoever has one of these files can now prove that this archive holds it")
