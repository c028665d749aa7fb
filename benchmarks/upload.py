"""``archiver upload`` of a folder of camera JPEGs, against the least that must be done and against a naive loop.

CPU time per file: of all three, the time for the whole folder less the time for one of its files, divided by the other
files. So the start counts for none of them: an interpreter and its imports, and for the upload the making of an archive
and the start of its inspection process. What the start costs is told beside it, and so are the ratios with it.

The upload does all its work: private copy, inspection in bounded children, eight orientations, durable store, signed
log, published batches, catalogue, look-alikes, receipts. With ``--fast`` it leaves inner boxes and local features for
later, which neither of the loops makes; what they add is told by itself. All run by turns, and the order changes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal, finish
from benchmarks.pictures import CAMERA, about, files, folder
from benchmarks.process import ARCHIVER, PYTHON, Used, run

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT, ROUNDS = 100, 5
MOST_OF_FLOOR, LEAST_OF_PHASH = 2.0, 2.5
MOST_FOR_FEATURES = 55
"""CPU milliseconds a file."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way through the folder cost: CPU seconds of the start with one file, and of each further file."""

    start: float
    each: float
    whole: Used


def fast(pictures: Path) -> Used:
    """An upload without local features."""
    return upload(pictures, "--fast")


def upload(pictures: Path, *options: str) -> Used:
    """One upload of the whole folder into a new archive; every file must get its receipt."""
    with tempfile.TemporaryDirectory() as home:
        used = run([*ARCHIVER, "--archive", f"{home}/archive", "upload", "--json", *options, str(pictures)])
    receipts = [json.loads(line) for line in used.output.splitlines()]
    archived = sum(receipt["status"] == "archived" and receipt["decode"] == "ok" for receipt in receipts)
    if archived != len(files(pictures)):
        raise RuntimeError(f"{archived} of {len(files(pictures))} files were archived")
    return used


def plain(loop: str) -> Callable[[Path], Used]:
    """One of the loops of ``benchmarks.plain``."""
    return lambda pictures: run([PYTHON, "-m", "benchmarks.plain", loop, str(pictures)])


def measure(pictures: Path | None = None, rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    pictures = pictures or folder(CAMERA, COUNT)
    number = len(files(pictures))
    print(f"upload: {about(pictures)}; {rounds} rounds by turns", flush=True)
    ways = {"upload": upload, "fast": fast, **{loop: plain(loop) for loop in ("floor", "least", "phash")}}
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    with tempfile.TemporaryDirectory() as scratch:
        one = Path(scratch) / "one"
        one.mkdir()
        shutil.copy(files(pictures)[0], one)
        for turn in range(-1, rounds):  # the first one compiles modules and reads the files, and does not count
            for name in sorted(ways, reverse=bool(turn % 2)):
                start, whole = ways[name](one), ways[name](pictures)
                if turn >= 0:
                    costs[name].append(Cost(start.cpu, (whole.cpu - start.cpu) / (number - 1), whole))
    return _goals(costs, number, rounds)


def _goals(costs: dict[str, list[Cost]], number: int, rounds: int) -> list[Goal]:
    each = {name: median(1000 * cost.each for cost in found) for name, found in costs.items()}
    start = {name: median(1000 * cost.start for cost in found) for name, found in costs.items()}
    whole = {name: median(cost.whole.cpu for cost in found) for name, found in costs.items()}
    wall = median(cost.whole.wall for cost in costs["fast"])
    told = ", ".join(f"{name} {each[name]:.1f} + {start[name]:.0f} for start and first file" for name in costs)
    with_start = (
        f"no way of making this fingerprint could do more than {each['phash'] / each['least']:.2f} × (least); "
        f"with the start, {number} files: upload --fast {whole['fast'] / whole['floor']:.2f} × floor, "
        f"{whole['phash'] / whole['fast']:.2f} × the files of phash; {number / wall:.0f} files/s of wall time"
    )
    return [
        Goal(
            "upload --fast, CPU per file, against reading, SHA-256 and one scaled decode",
            median(u.each / f.each for u, f in zip(costs["fast"], costs["floor"], strict=True)),
            MOST_OF_FLOOR,
            "×",
            from_what=f"CPU ms a file, medians of {rounds}: {told}",
        ),
        Goal(
            "upload --fast, files per CPU second, against imagehash.phash on full decodes",
            median(p.each / u.each for u, p in zip(costs["fast"], costs["phash"], strict=True)),
            LEAST_OF_PHASH,
            "×",
            at_least=True,
            from_what=with_start,
        ),
        Goal(
            "upload, what inner boxes and local features add, CPU per file",
            median(1000 * (u.each - f.each) for u, f in zip(costs["upload"], costs["fast"], strict=True)),
            MOST_FOR_FEATURES,
            "ms",
            from_what=f"upload / upload --fast: {each['upload'] / each['fast']:.2f} ×",
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="real camera JPEGs instead of drawn ones")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args()
    finish(measure(chosen.folder, chosen.rounds))
