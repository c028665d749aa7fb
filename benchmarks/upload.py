"""``archiver upload`` of a folder of camera JPEGs, against the least that must be done and against a naive loop.

All three are whole processes, and the start of each is counted in: the upload makes its archive, starts its inspection
process, records, publishes and gives its receipts. Each upload goes into an archive of its own. The order of the three
changes by turns.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.goal import Goal, finish
from benchmarks.pictures import CAMERA, about, files, folder
from benchmarks.process import ARCHIVER, PYTHON, Used, run

COUNT, ROUNDS = 100, 5
MOST_OF_FLOOR, LEAST_OF_PHASH = 2.0, 2.5


def upload(pictures: Path) -> Used:
    """One upload of the whole folder into a new archive; every file must get its receipt."""
    with tempfile.TemporaryDirectory() as home:
        used = run([*ARCHIVER, "--archive", f"{home}/archive", "upload", "--json", str(pictures)])
    receipts = [json.loads(line) for line in used.output.splitlines()]
    archived = sum(receipt["status"] == "archived" and receipt["decode"] == "ok" for receipt in receipts)
    if archived != len(files(pictures)):
        raise RuntimeError(f"{archived} of {len(files(pictures))} files were archived")
    return used


def measure(pictures: Path | None = None, rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    pictures = pictures or folder(CAMERA, COUNT)
    number = len(files(pictures))
    print(f"upload: {about(pictures)}; {rounds} rounds by turns", flush=True)
    ways = {
        "upload": lambda: upload(pictures),
        "floor": lambda: run([PYTHON, "-m", "benchmarks.plain", "floor", str(pictures)]),
        "phash": lambda: run([PYTHON, "-m", "benchmarks.plain", "phash", str(pictures)]),
    }
    for way in ways.values():
        way()  # so that modules are compiled and files are in the page cache
    seconds: dict[str, list[Used]] = {name: [] for name in ways}
    for turn in range(rounds):
        for name in sorted(ways, reverse=bool(turn % 2)):
            seconds[name].append(ways[name]())
    cpu = {name: median(used.cpu for used in each) for name, each in seconds.items()}
    wall = median(used.wall for used in seconds["upload"])
    each = ", ".join(f"{name} {1000 * cpu[name] / number:.1f}" for name in ways)
    return [
        Goal(
            "upload, CPU per file, against reading, SHA-256 and one scaled decode",
            median(u.cpu / f.cpu for u, f in zip(seconds["upload"], seconds["floor"], strict=True)),
            MOST_OF_FLOOR,
            "×",
            from_what=f"CPU ms a file: {each}; upload took {wall:.2f} s ({number / wall:.0f} files/s)",
        ),
        Goal(
            "upload, files per CPU second, against imagehash.phash on full decodes",
            median(p.cpu / u.cpu for u, p in zip(seconds["upload"], seconds["phash"], strict=True)),
            LEAST_OF_PHASH,
            "×",
            at_least=True,
            from_what=f"medians of {rounds} ratios, each of two neighbouring runs",
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="real camera JPEGs instead of drawn ones")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    finish(measure(chosen.folder, chosen.rounds))
