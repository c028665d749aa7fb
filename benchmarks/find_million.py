"""A cold ``archiver find`` by look in an archive of a million items, against merely importing what it is made of.

As ``benchmarks.find``, whose questions these are, but for the archive. Its catalogue is filled through the real
projection, with an acquisition, an inspection and a fingerprint an item (``benchmarks.hashes``), and kept in the
benchmarks' cache. The events are not signed and their records are short, because no question reads them. The picture
whose repost is asked for is taken in as any other, so that the search has something to find.

The first question makes the look index, which is told apart: it is made once on each machine.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cold import by_look, compared
from benchmarks.goal import Goal, finish
from benchmarks.million import _schema, append
from benchmarks.pictures import WEB, files, folder
from benchmarks.process import ARCHIVER, CACHE, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.fact import Fact

ITEMS, ROUNDS, VERSION = 1_000_000, 9, 3
MOST = 1.6
_MOMENT = "2026-11-23T14:53:53.123456Z"


def measure(rounds: int = ROUNDS, items: int = ITEMS) -> list[Goal]:
    """Compare by turns."""
    archive = str(_archive(items))
    held = hashlib.sha256(files(folder(WEB, 1))[0].read_bytes()).hexdigest()
    asks = by_look(archive, f"{archive}/repost.jpg", held, lambda answer: answer["comparable"] == items + 1)
    for index in Path(archive, "cache").glob("look-*"):
        shutil.rmtree(index)
    made = asks["repost"]()
    print(f"find: {items:,} items; making the look index took {made.cpu:.1f} s of CPU; {rounds} rounds", flush=True)
    also = f"; the look index made anew: {made.cpu:.1f} s"
    return [compared(f"find by look, cold, {items:,} items", asks, rounds, MOST, also=also)]


def begun(part: Path, items: int) -> None:
    """An archive that took in one picture as any other, and then the items."""
    shutil.rmtree(part, ignore_errors=True)
    run([*ARCHIVER, "--archive", str(part), "init"])
    run([*ARCHIVER, "--archive", str(part), "upload", "--json", str(files(folder(WEB, 1))[0])])
    status = json.loads(run([*ARCHIVER, "--archive", str(part), "status", "--json"]).output)
    _fill(part, items, status["events"])


def _archive(items: int) -> Path:
    """The archive's home, made where it is missing."""
    home = CACHE / f"look-{VERSION}-{_schema()}-{items}"
    if not home.exists():
        part = home.with_suffix(".part")
        begun(part, items)
        part.rename(home)
    return home


def _fill(home: Path, items: int, first: int) -> None:
    """Add the items behind the first events of the log."""
    from archiver.catalogue.engine import open_engine  # noqa: PLC0415 - so that `--help` loads nothing

    print(f"making an archive of {items:,} items …", flush=True)
    started, used = time.perf_counter(), time.process_time()
    engine = open_engine("sqlite:catalogue.db", home=home, durable=False)
    append(engine, _facts(items), first)
    engine.dispose()
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    print(f"made in {wall:,.0f} s ({cpu:,.0f} s of CPU)", flush=True)


def _facts(items: int) -> Iterator[tuple[str, Fact]]:
    """Every fact with an identity of its own, item by item; made without validation, as those of ``million`` are."""
    from archiver.facts.acquisition import Acquisition  # noqa: PLC0415 - so that `--help` loads nothing
    from archiver.facts.inspection import Fingerprint, Inspection  # noqa: PLC0415 - as above
    from archiver.facts.vocabulary import DecodeStatus  # noqa: PLC0415 - as above
    from archiver.fingerprint.algorithm import CURRENT  # noqa: PLC0415 - as above
    from benchmarks.hashes import digits, hashes  # noqa: PLC0415 - as above
    from benchmarks.world import item  # noqa: PLC0415 - as above

    rows, quality = hashes(items)
    for number, (bits, grade) in enumerate(zip(digits(rows), quality.tolist(), strict=True)):
        name = item(number)
        made: list[Fact] = [
            Acquisition.model_construct(None, item=name, size=1_000_000, taken_in=_MOMENT, host="desk"),
            Inspection.model_construct(
                None,
                item=name,
                media_type="image/jpeg",
                width=4000,
                height=3000,
                decode=DecodeStatus.OK,
                embedded={},
                inspector="benchmark",
            ),
            Fingerprint.model_construct(None, item=name, algorithm=str(CURRENT), bits=bits, quality=grade),
        ]
        for place, fact in enumerate(made):
            yield hashlib.sha256(b"%d %d" % (number, place)).hexdigest(), fact


if __name__ == "__main__":
    finish(measure())
