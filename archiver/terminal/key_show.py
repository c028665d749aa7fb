"""``archiver key show``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.commands.key_show import KeyShown
    from archiver.terminal.program import Session


@click.command("show")
@as_json
@click.pass_obj
def command(session: Session, as_json: bool) -> None:
    """Every key of the log: its public half, what it signed, and whether its private half lies here.

    Needs no private key. Publish the fingerprint of the key in force where nobody who runs the archive can change it:
    whoever gets a bundle compares it.
    """
    from archiver.commands.key_show import key_show  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    shown = key_show(archive)
    archive.close()
    if as_json:
        tell(asdict(shown))
        return
    for key in shown.keys:
        for line in _lines(key):
            click.echo(line)
        click.echo(key.pem, nl=False)
    for file in shown.unused:
        what = f"the key {file['fingerprint']}, which this log never had" if file["fingerprint"] else file["problem"]
        say(f"note: {printable(str(file['file']))}: {printable(str(what))}")
    say(
        "publish the fingerprint of the key in force on another way than the archive itself: in print, on a site that "
        "somebody else runs; whoever checks a bundle compares it"
    )


def _lines(key: KeyShown) -> Iterator[str]:
    yield f"key {key.fingerprint}"
    if key.in_force:
        yield f"  signs        from event {key.first_event} on: in force"
    elif key.last_event is not None and key.last_event >= key.first_event:
        yield f"  signed       events {key.first_event} to {key.last_event}"
    if key.brought_in is None:
        yield "  brought in   as the first key: archive.toml pins it"
    else:
        yield f"  brought in   by event {key.brought_in}: {printable(key.reason)}"
    if key.retired is not None:
        yield f"  RETIRED      by event {key.retired.event}: {printable(key.retired.reason)}"
        if key.retired.since is not None:
            yield f"  in doubt     what it signed from event {key.retired.since} on"
    yield f"  private half {printable(key.file) if key.file else 'not on this machine'}"
    if key.problem:
        yield f"  CANNOT BE USED: {printable(key.problem)}"
