"""A goal, what was measured, and whether it is met."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Goal:
    """One number of the contract.

    Attributes:
        what: is measured.
        measured: the value.
        limit: the value to be met.
        unit: of both.
        at_least: whether more is better; otherwise less is.
        from_what: how it came about: medians, their number, absolute values.
    """

    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False
    from_what: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        bound = "at least" if self.at_least else "at most"
        line = f"{'met   ' if self.met else 'MISSED'}  {self.what}: {self.measured:,.2f} {self.unit}"
        return f"{line} (goal: {bound} {self.limit:,g} {self.unit})\n        {self.from_what}"


def report(goals: Sequence[Goal]) -> int:
    """Print the goals; the exit code: 0 if all are met, and something was measured at all."""
    for goal in goals:
        print(goal, flush=True)
    return 0 if goals and all(goal.met for goal in goals) else 1


def finish(goals: Sequence[Goal]) -> None:
    """Print the goals and end the program."""
    sys.exit(report(goals))
