"""``archiver upload`` into two stores against the same into one: whole folders, CPU of the whole tree, by turns.

Both stores are directories, so the second one is written and hashed by this very machine, which is its dearest kind:
for a bucket the hashing would be the server's. Each round uploads the same pictures into new archives that were made,
and given their second store, beforehand. Every file must be in every store at the end.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.goal import Goal, finish
from benchmarks.pictures import CAMERA, about, files, folder
from benchmarks.process import ARCHIVER, Used, run

COUNT, ROUNDS = 30, 3
MOST = 1.3
"""Times one store."""


def upload(pictures: Path, stores: int, *options: str) -> Used:
    """One upload of the folder into a new archive of one store or two."""
    with tempfile.TemporaryDirectory() as home:
        archive = (*ARCHIVER, "--archive", f"{home}/archive")
        run([*archive, "init"])
        places = [Path(home, "archive/store"), Path(home, "second")][:stores]
        if stores > 1:
            run([*archive, "store", "add", "second", f"file:{places[1]}"])
        used = run([*archive, "upload", "--json", *options, str(pictures)])
        receipts = [json.loads(line) for line in used.output.splitlines()]
        for place in places:
            held = {path.name for path in (place / "objects").rglob("*") if path.is_file()}
            if held != {receipt["item"] for receipt in receipts} or len(held) != len(files(pictures)):
                raise RuntimeError(f"{place} holds {len(held)} of {len(files(pictures))} files")
    return used


def measure(rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    pictures = folder(CAMERA, COUNT)
    print(f"replicas: {about(pictures)}; {rounds} rounds by turns", flush=True)
    ways = {
        f"{kind}{stores}": (stores, options) for stores in (1, 2) for kind, options in (("", ()), ("fast", ("--fast",)))
    }
    used: dict[str, list[Used]] = {name: [] for name in ways}
    for turn in range(-1, rounds):  # the first one compiles modules and reads the files, and does not count
        for name in sorted(ways, reverse=bool(turn % 2)):
            stores, options = ways[name]
            one = upload(pictures, stores, *options)
            if turn >= 0:
                used[name].append(one)
    return [_goal(used, kind, rounds) for kind in ("", "fast")]


def _goal(used: dict[str, list[Used]], kind: str, rounds: int) -> Goal:
    one, two = used[f"{kind}1"], used[f"{kind}2"]
    cpu = [median(each.cpu for each in found) for found in (one, two)]
    wall = [median(each.wall for each in found) for found in (one, two)]
    return Goal(
        f"upload{' --fast' if kind else ''} into two stores against one, CPU",
        median(second.cpu / first.cpu for first, second in zip(one, two, strict=True)),
        MOST,
        "×",
        from_what=f"CPU s, medians of {rounds}: one {cpu[0]:.2f}, two {cpu[1]:.2f}; "
        f"wall s: one {wall[0]:.2f}, two {wall[1]:.2f}",
    )


if __name__ == "__main__":
    finish(measure())
