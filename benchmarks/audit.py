"""``archiver audit`` of a store in a directory, against ``sha256sum`` over the same files on two processes.

Bytes a second, by the clock, because it is both cores that shall be busy: of both, the time for all files less the time
for one of them, so that neither interpreter's start counts; what the audit's start costs is told beside it. The audit
does all its work: it reads the log, hashes every original, writes its notebook, and records its summary. Both run by
turns, and the order changes. The files lie in the system's cache: the disk is not measured.
"""

from __future__ import annotations

import io
import secrets
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal, finish
from benchmarks.process import ARCHIVER, Used, run

if TYPE_CHECKING:
    from collections.abc import Callable

FILES, SIZE, ROUNDS = 400, 3_000_000, 5
LEAST = 0.8
_AT_ONCE = 50


def archive_of(home: Path, files: int) -> Path:
    """An archive of so many originals of random bytes, as an upload leaves it."""
    from archiver.archive import Archive  # noqa: PLC0415 - so that `--help` of the benchmarks loads nothing
    from archiver.clock import SystemClock  # noqa: PLC0415 - as above
    from archiver.commands.init import init  # noqa: PLC0415 - as above
    from archiver.facts.acquisition import Acquisition  # noqa: PLC0415 - as above
    from storage.digest import Digest  # noqa: PLC0415 - as above
    from storage.layout import object_name  # noqa: PLC0415 - as above

    init(home, clock=SystemClock())
    archive = Archive(home, actor="benchmark", clock=SystemClock())
    for start in range(0, files, _AT_ONCE):
        facts = []
        for _ in range(start, min(start + _AT_ONCE, files)):
            data = secrets.token_bytes(SIZE)
            digest = Digest.of(data)
            archive.store.put(object_name(digest), io.BytesIO(data), digest=digest, size=SIZE)
            facts.append(Acquisition(item=str(digest), size=SIZE, taken_in=archive.now))
        archive.record(lambda _, facts=facts: facts)  # type: ignore[misc] # a default binds the facts
    archive.close()
    return home


def audit(home: Path) -> Used:
    """One audit of the whole archive; it must find it right."""
    return run([*ARCHIVER, "--archive", str(home), "audit", "--json"])


def plain(home: Path) -> Used:
    """``sha256sum`` over the originals, two at once."""
    hashed = "find store/objects -type f -print0 | xargs -0 -n 16 -P 2 sha256sum > /dev/null"
    return run(["sh", "-c", f'cd "{home}" && {hashed}'])


def measure(rounds: int = ROUNDS, files: int = FILES) -> list[Goal]:
    """Compare by turns."""
    print(f"audit: {files} originals of {SIZE / 1e6:.0f} MB; {rounds} rounds by turns", flush=True)
    ways: dict[str, Callable[[Path], Used]] = {"audit": audit, "plain": plain}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    starts: list[float] = []
    used: list[Used] = []
    with tempfile.TemporaryDirectory() as directory:
        one, whole = archive_of(Path(directory) / "one", 1), archive_of(Path(directory) / "whole", files)
        for turn in range(-1, rounds):  # the first one compiles modules and reads the files, and does not count
            for name in sorted(ways, reverse=bool(turn % 2)):
                start, all_of_it = ways[name](one), ways[name](whole)
                if turn < 0:
                    continue
                rates[name].append((files - 1) * SIZE / (all_of_it.wall - start.wall))
                if name == "audit":
                    starts.append(start.wall)
                    used.append(all_of_it)
    ours, theirs = median(rates["audit"]), median(rates["plain"])
    told = (
        f"median of {rounds}; {ours / 1e6:,.0f} MB/s against {theirs / 1e6:,.0f} MB/s; the start costs "
        f"{median(starts):.2f} s; at most {max(each.memory for each in used) / 1e6:,.0f} MB resident"
    )
    return [
        Goal(
            "audit, bytes read and hashed a second, as a share of what sha256sum does on two processes",
            ours / theirs,
            LEAST,
            "×",
            at_least=True,
            from_what=told,
        )
    ]


if __name__ == "__main__":
    finish(measure(*(int(word) for word in sys.argv[1:])))
