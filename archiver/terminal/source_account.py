"""``archiver source account``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import printable
from archiver.terminal.options import as_json
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("account")
@click.argument("account", metavar="PLATFORM:HANDLE")
@click.option("--platform-id", metavar="ID", help="The platform's own number of it, which stays when a handle changes.")
@click.option("--display-name", metavar="NAME", help="The name shown beside the handle.")
@click.option("--url", metavar="URL", help="The profile's page.")
@click.option("--by", metavar="WHO", help="Who looked it up.")
@as_json
@click.pass_obj
def command(session: Session, /, account: str, as_json: bool, **words: str | None) -> None:
    """Record an account and what its platform shows of it. Who operates it: `archiver source affiliate`.

    What is not named keeps its value. Two handles with one platform number are one account that was renamed.
    """
    from archiver.commands.source_account import source_account  # noqa: PLC0415 - loads the catalogue

    archive = session.open_or_make()
    recorded = source_account(archive, account, **words)
    archive.close()
    if as_json:
        tell(asdict(recorded))
        return
    done = "recorded" if recorded.added else "already recorded"
    told = [
        *([f"number {printable(recorded.platform_id)}"] if recorded.platform_id else []),
        *([f"shown as {printable(recorded.display_name)}"] if recorded.display_name else []),
        *([f"also known as {printable(', '.join(recorded.same_as))}"] if recorded.same_as else []),
    ]
    click.echo(f"account #{recorded.number} {done}: {printable(recorded.account)}" + "".join(f", {t}" for t in told))
    if recorded.was:
        say(
            f"note: its number was {printable(recorded.was)} before: a handle with another number is another account; "
            "what was recorded of the handle is now shown with the new one"
        )
