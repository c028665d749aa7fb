"""``archiver stamp``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.terminal.options import as_json
from archiver.terminal.program import tell
from archiver.terminal.stamped import asked_line

if TYPE_CHECKING:
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("stamp")
@click.option(
    "--tsa",
    "named",
    multiple=True,
    metavar="NAME|URL",
    help="Ask only this authority of archive.toml; repeatable.",
)
@as_json
@click.pass_obj
def command(session: Session, named: tuple[str, ...], as_json: bool) -> int:
    """Have the newest checkpoint stamped by time-stamping authorities (RFC 3161).

    Asks those that archive.toml names with their trusted roots, and nobody else. Each answer is verified before it is
    kept; what fails is told, and asked for again by the next run. A log that is stamped already is stamped anew only
    when its certificates end soon.
    """
    from archiver.commands.stamp import stamp  # noqa: PLC0415 - loads the store, which --help does without
    from archiver.stamping import Outcome  # noqa: PLC0415 - as above

    code = 0
    for asked in stamp(session.open(), named):
        if asked.outcome is Outcome.FAILED:
            code = SOME_FAILED
        if as_json:
            tell(asdict(asked))
        else:
            click.echo(asked_line(asked))
    return code
