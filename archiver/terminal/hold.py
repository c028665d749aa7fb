"""``archiver hold``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.render import moment, printable, short
from archiver.terminal import style
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, show, tell
from archiver.terminal.receipts import NOT_ENFORCED
from storage.protection import Mode

if TYPE_CHECKING:
    from archiver.holding import Kept
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("hold")
@click.argument("items", nargs=-1, required=True, metavar="ITEM|case:TITLE…")
@click.option("--until", metavar="DATE", help="The store is to keep them until then; never for less than before.")
@click.option(
    "--retention-mode",
    type=choice(Mode),
    help="How firmly: under governance somebody with a special right can lift it, under compliance nobody.",
)
@click.option("--legal", is_flag=True, help="Set a legal hold: nothing may be deleted until it is released.")
@click.option("--release", is_flag=True, help="Release a legal hold; a retention stays until its end.")
@click.option("--authority", metavar="TEXT", help="On whose authority; a legal hold and its release need it.")
@click.option("--reason", metavar="TEXT", help="Why; a release needs it.")
@as_json
@click.pass_obj
def command(
    session: Session,
    items: tuple[str, ...],
    until: str | None,
    retention_mode: str | None,
    legal: bool,
    release: bool,
    authority: str | None,
    reason: str | None,
    as_json: bool,
) -> int:
    """Keep items, or those of a case, from being deleted; or release a legal hold.

    A retention needs a store with Object Lock, and is refused where there is none. A legal hold is recorded in any
    archive, and every answer says whether the store enforces it. What the store does is asked back and recorded.
    """
    from archiver.commands.hold import hold  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    failed = False
    for kept in hold(
        archive,
        items,
        until=until,
        mode=Mode(retention_mode) if retention_mode else None,
        legal=legal,
        release=release,
        authority=authority,
        reason=reason,
    ):
        failed |= kept.status == "failed"
        if as_json:
            tell(kept.to_json())
        else:
            _show(kept, legal=legal)
    return SOME_FAILED if failed else 0


def _show(kept: Kept, *, legal: bool) -> None:
    if kept.status == "failed":
        say(f"failed       {short(kept.item)}: {printable(kept.error)}")
        if kept.hint:
            say(f"{'':13}hint: {printable(kept.hint)}")
        return
    told = []
    if kept.status == "released":
        told.append("legal hold released")
    elif legal:
        told.append("legal hold set" if kept.enforced else style.care(f"legal hold {NOT_ENFORCED}"))
    elif kept.legal_hold:
        told.append("legal hold")
    if kept.retention:
        told.append(f"{kept.retention['mode']} until {moment(kept.retention['until'])}")
    again = "" if kept.added else " (as recorded already)"
    show(f"{kept.status:<12} {short(kept.item)}  {', '.join(told)}{again}")
