"""Which limits hold for the process that reads a hostile file, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.inspection.trial import Held

_LIMITS: Final = {
    "cpu": "CPU time",
    "memory": "memory",
    "descriptors": "open files",
    "network": "no network",
    "reading": "no other file read",
    "writing": "no file written",
    "processes": "no process started",
}


def held_lines(found: Sequence[Held]) -> list[str]:
    """One line for each way in which a child comes into being: what was tried there and did not succeed."""
    lines = []
    for each, files in zip(found, ("many files", "one file"), strict=False):
        holding = [name for field, name in _LIMITS.items() if getattr(each, field)]
        lines.append(f"inspection {files}: {each.way}; {', '.join(holding) or 'no limit was seen to hold'}")
    return lines


def not_held(found: Sequence[Held]) -> list[str]:
    """What does not hold, as warnings."""
    warnings = []
    for each in found:
        if each.cpu is None:
            warnings.append(f"the limits of an inspection ({each.way}) could not be tried")
        elif missing := [name for field, name in _LIMITS.items() if not getattr(each, field)]:
            warnings.append(f"a hostile file is bounded less here ({each.way}): this system lacks {', '.join(missing)}")
    return warnings
