"""How far the log is stamped, and what became of asking for stamps, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import counted, moment, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.stamping import Asked
    from archiver.stamps import Coverage


def stamped_lines(stamped: Sequence[Coverage]) -> Iterator[str]:
    """A line an authority: how far, since when not, and until when."""
    for each in stamped:
        ahead = f"{counted(each.unstamped, 'event')} not stamped"
        since = f", since {moment(each.since)}" if each.since else ""
        if each.time is None:
            yield f"stamped    by {each.authority}: never; {ahead}{since}"
            continue
        soon = " (due: `archiver stamp` renews it)" if each.renew else ""
        rest = f"; {ahead}{since}" if each.unstamped else ", all of the log"
        yield (
            f"stamped    by {each.authority}: {counted(each.size, 'event')} at {moment(each.time)}{rest}; "
            f"certificates until {moment(each.ends)}{soon}"
        )


def asked_line(asked: Asked) -> str:
    """What became of asking one authority."""
    detail = f": {printable(asked.detail)}" if asked.detail else ""
    if asked.time is None:
        return f"{asked.outcome:<15} {asked.authority}{detail}"
    what = counted(asked.size, "event") if asked.size else "the list of files"
    return (
        f"{asked.outcome:<15} {asked.authority}: {what} at {moment(asked.time)}, "
        f"certificates until {moment(asked.ends)}{detail}"
    )
