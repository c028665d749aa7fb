"""What looking at a file in a bounded child costs, against looking at it in the process itself.

CPU time per file of whole process trees: of each way, the time for the folder less the time for one of its files,
divided by the other files, so that no start counts. Both ways do the same work (``archiver.inspection.examine``: type,
metadata, one scaled decode, samples); the child's way adds the fork, the limits, the confinement and the report over
the pipe. All run by turns, and the order changes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.goal import Goal, finish
from benchmarks.pictures import CAMERA, WEB, about, files, folder
from benchmarks.process import PYTHON, run

COUNT, ROUNDS = 60, 7
MOST = 25
"""CPU milliseconds a file."""


def inside(pictures: Path) -> None:
    """Look at each file in this very process."""
    from archiver.inspection.examine import examine  # noqa: PLC0415 - each way loads what it needs, and no more

    for path in files(pictures):
        _decoded(examine(path)["decode"])


def server(pictures: Path) -> None:
    """Look at each file in a child of the warm server, as an upload does."""
    from archiver.inspection.inspector import InspectionServer  # noqa: PLC0415 - as above

    with InspectionServer(1) as inspector:
        for path in files(pictures):
            _decoded(inspector.inspect(path).decode)


def forked(pictures: Path) -> None:
    """Look at each file in a child of this process, as a single question does."""
    from archiver.inspection.inspector import ForkingInspector  # noqa: PLC0415 - as above

    inspector = ForkingInspector()
    for path in files(pictures):
        _decoded(inspector.inspect(path).decode)


WAYS = {"inside": inside, "server": server, "forked": forked}


def _decoded(status: str) -> None:
    if status != "ok":
        raise RuntimeError(f"a picture is {status}")


def measure(pictures: Path | None = None, rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns, with large pictures and with small ones."""
    folders = [pictures] if pictures else [folder(CAMERA, COUNT), folder(WEB, COUNT)]
    return [_compared(each, rounds) for each in folders]


def _compared(pictures: Path, rounds: int) -> Goal:
    number = len(files(pictures))
    print(f"inspection: {about(pictures)}; {rounds} rounds by turns", flush=True)
    costs: dict[str, list[float]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as scratch:
        one = Path(scratch) / "one"
        one.mkdir()
        shutil.copy(files(pictures)[0], one)
        for turn in range(-1, rounds):  # the first one compiles modules and reads the files, and does not count
            for name in sorted(WAYS, reverse=bool(turn % 2)):
                start, whole = (_cost(name, each) for each in (one, pictures))
                if turn >= 0:
                    costs[name].append(1000 * (whole - start) / (number - 1))
    each = {name: median(found) for name, found in costs.items()}
    told = ", ".join(f"{name} {each[name]:.1f} ({each[name] / each['inside']:.2f} ×)" for name in WAYS)
    return Goal(
        f"inspection in a child, CPU per file over the same inside the process ({about(pictures)})",
        median(child - inside for child, inside in zip(costs["server"], costs["inside"], strict=True)),
        MOST,
        "ms",
        from_what=f"CPU ms a file, medians of {rounds}: {told}",
    )


def _cost(way: str, pictures: Path) -> float:
    return run([PYTHON, "-m", "benchmarks.inspection", "--way", way, "--folder", str(pictures)]).cpu


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="real JPEGs instead of drawn ones")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--way", choices=WAYS, help="look at the folder so, and measure nothing")
    chosen = parser.parse_args()
    if chosen.way:
        WAYS[chosen.way](chosen.folder)
        sys.exit()
    finish(measure(chosen.folder, chosen.rounds))
