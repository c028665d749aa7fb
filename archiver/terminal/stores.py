"""What a store holds of the archive, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import printable
from archiver.terminal.guarantees import guarantee_lines

if TYPE_CHECKING:
    from archiver.holdings import Holding

_CALLED = {
    "objects": "objects",
    "transactions": "log transactions",
    "stamps": "parts of time stamps",
    "packs": "packs of features",
}


def store_lines(holding: Holding, *, guarantees: bool = False) -> list[str]:
    """A store and how it stands: whether it answers, and how much it holds of how much."""
    needed = "required" if holding.required else "optional"
    lines = [f"{holding.name} ({needed}): {printable(holding.url)}"]
    if holding.error:
        lines.append(f"  FAILED     {printable(holding.error)}")
    elif holding.filled:
        lines.append(f"  whole      {_held(holding)}")
    else:
        lines.append(f"  BEHIND     holds {_held(holding)}: run `archiver sync {holding.name}`")
    if guarantees and holding.guarantees is not None:
        lines += [f"  {line}" for line in guarantee_lines(holding.guarantees)]
    return lines


def _held(holding: Holding) -> str:
    return (
        ", ".join(
            f"{holding.holds[part]:,} of {holding.holds[part] + holding.lacks[part]:,} {called}"
            if holding.lacks[part]
            else f"{holding.holds[part]:,} {called}"
            for part, called in _CALLED.items()
            if holding.holds[part] or holding.lacks[part]
        )
        or "nothing yet"
    )
