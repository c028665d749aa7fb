"""``archiver key retire``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import counted
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("retire")
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.option("--reason", default="", metavar="TEXT", help="Why; needed, and recorded.")
@click.option(
    "--since", metavar="WHEN", help="From when on somebody else may have signed with it: a time, or event:123."
)
@as_json
@click.pass_obj
def command(session: Session, fingerprint: str, reason: str, since: str | None, as_json: bool) -> None:
    """Say that the key FINGERPRINT, which signs no more, is not to be trusted. The key in force is rotated first.

    Nothing that it signed is taken back: `verify` notes what is in doubt. To say it anew, with another --since, is
    possible; the newest statement counts.
    """
    from archiver.commands.key_retire import key_retire  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    done = key_retire(archive, fingerprint, reason=reason, since=since)
    archive.close()
    if as_json:
        tell(asdict(done))
    else:
        again = "" if done.new else ", as recorded already"
        click.echo(f"key {done.fingerprint} retired (#{done.number}{again})")
        if done.since is not None:
            click.echo(f"  in doubt: {counted(done.doubtful, 'event')} that it signed, from event {done.since} on")
    for introduced in done.introduces:
        say(f"the key {introduced} was brought in by one of them: publish its fingerprint on another way, because the")
        say("log alone cannot show that it is yours")
