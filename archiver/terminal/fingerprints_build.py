"""``archiver fingerprints build``, in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, short
from archiver.terminal.options import as_json, jobs
from archiver.terminal.program import say, tell
from archiver.terminal.progress import progress

if TYPE_CHECKING:
    from archiver.terminal.program import Session

SOME_FAILED = 1


@click.command("build")
@click.option("--pdq", is_flag=True, help="PDQ fingerprints, too, for exchange (a full decode each).")
@jobs
@as_json
@click.pass_obj
def command(session: Session, pdq: bool, jobs: int | None, as_json: bool) -> int:
    """Make what is lacking of the fingerprints and local features of everything that is held.

    What `upload --fast` left for later, and what a newer program computes differently; the old stays beside the new.
    The same command again goes on where it was stopped.
    """
    from archiver.commands.fingerprints_build import (  # noqa: PLC0415 - loads what this needs, which --help does without
        Built,
        fingerprints_build,
    )
    from archiver.inspectors import cores, for_many  # noqa: PLC0415 - as above

    archive = session.open()
    looking = partial(for_many, limits=archive.settings.limits)
    built = Built()
    with progress("looking again", lambda: None) as advance:
        for built in fingerprints_build(archive, inspector=looking, pdq=pdq, jobs=jobs or cores()):
            advance(built.seen, built.items)
    archive.close()
    if as_json:
        tell(built.to_json())
    else:
        for item, error in built.failed:
            say(f"failed       {short(item)}: {printable(error)}")
        click.echo(
            f"{counted(built.items, 'picture')}: local features of {built.features:,} made, "
            f"{counted(built.fingerprints, 'fingerprint')} recorded, {len(built.failed):,} failed"
        )
    return SOME_FAILED if built.failed else 0
