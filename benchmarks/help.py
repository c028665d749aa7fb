"""``archiver --help`` against a Python that does nothing."""

from __future__ import annotations

from statistics import median

from benchmarks.goal import Goal, finish
from benchmarks.process import ARCHIVER, PYTHON, run

ROUNDS = 25
MOST = 4.0


def measure(rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    print(f"help: {rounds} rounds by turns", flush=True)
    ways = {"help": [*ARCHIVER, "--help"], "bare Python": [PYTHON, "-c", "pass"]}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(-1, rounds):  # the first one compiles modules, and does not count
        for name in sorted(ways, reverse=bool(turn % 2)):
            used = run(ways[name])
            if turn >= 0:
                seconds[name].append(used.cpu)
    told = ", ".join(f"{name} {1000 * median(each):.1f}" for name, each in seconds.items())
    return [
        Goal(
            "archiver --help, against `python -c pass`",
            median(seconds["help"]) / median(seconds["bare Python"]),
            MOST,
            "×",
            from_what=f"CPU ms, medians of {rounds}: {told}",
        )
    ]


if __name__ == "__main__":
    finish(measure())
