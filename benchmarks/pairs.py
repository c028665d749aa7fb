"""All pairs and clusters of a million synthetic realistic fingerprints, within 31 bits.

CPU time, and the largest resident memory of a process of its own. A thousand rows are compared with all others, and
must have the very pairs that were found; that all are found is proved on small sets (``tests/neighbours``).
"""

from __future__ import annotations

import resource
import time

from benchmarks.goal import Goal, finish
from benchmarks.process import PYTHON, run

ROWS, RADIUS, CHECKED = 1_000_000, 31, 1000
MOST_SECONDS, MOST_GIGABYTES = 90, 4


def measure(rows: int = ROWS) -> list[Goal]:
    """In a process of its own, whose memory is nobody else's."""
    used = run([PYTHON, "-m", "benchmarks.pairs", str(rows)])
    seconds, clustered, memory, found, told = used.output.decode().strip().splitlines()[-1].split("|")
    what = f"{rows:,} x 256 bits, r = {RADIUS}"
    return [
        Goal(f"pairs, all of {what}", float(seconds), MOST_SECONDS, "CPU s", from_what=f"{found}; one run"),
        Goal(f"pairs, memory for all of {what}", float(memory), MOST_GIGABYTES, "GB", from_what="largest resident"),
        Goal(f"pairs, clusters of {what}", float(clustered), 2 * MOST_SECONDS, "CPU s", from_what=f"{told}; one run"),
    ]


def _child(count: int) -> None:
    import numpy as np  # noqa: PLC0415 - so that `--help` of the benchmarks loads nothing

    from archiver.neighbours.clusters import clusters  # noqa: PLC0415 - as above
    from archiver.neighbours.pairs import collapsed, pairs  # noqa: PLC0415 - as above
    from benchmarks.hashes import hashes  # noqa: PLC0415 - as above

    rows, _ = hashes(count)
    begun = time.process_time()
    rows_once = rows[collapsed(rows).rows]
    found = pairs(rows_once, RADIUS)
    seconds = time.process_time() - begun
    hot = {row for ball in found.balls for row in ball.members.tolist()}
    for row in np.random.default_rng(1).integers(0, len(rows_once), CHECKED).tolist():
        near = np.bitwise_count(rows_once ^ rows_once[row]).sum(axis=1, dtype=np.int64) <= RADIUS
        expected = set(np.flatnonzero(near).tolist()) - {row} - hot
        got = {*found.one[found.other == row].tolist(), *found.other[found.one == row].tolist()}
        if row not in hot and got != expected:
            raise RuntimeError(f"row {row} has other pairs than those found")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    begun = time.process_time()
    made = clusters(rows, RADIUS)
    clustered = time.process_time() - begun
    told = f"{len(made):,} clusters, the largest of {len(made[0]):,} rows"
    balls = f"{len(found.one):,} pairs of {len(rows_once):,} different rows, {len(found.balls)} hot balls"
    print(f"{seconds}|{clustered}|{memory}|{balls}|{told}")


if __name__ == "__main__":
    import sys

    if len(sys.argv) > 1:
        _child(int(sys.argv[1]))
    else:
        finish(measure())
