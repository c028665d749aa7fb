"""A cold ``archiver find`` by look in an archive of a million items, against merely importing what it is made of.

As ``benchmarks.find``, whose questions these are, but for the archive. Its catalogue is filled through the real
projection, with an acquisition, an inspection and a fingerprint an item (``benchmarks.hashes``), and kept in the
benchmarks' cache. The events are not signed and their records are short, because no question reads them. The picture
whose repost is asked for is taken in as any other, so that the search has something to find.

The first question makes the look index, which is told apart: it is made once on each machine.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
import time
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.goal import Goal, finish
from benchmarks.million import BATCH, BATCHES_A_TRANSACTION, _add, _schema
from benchmarks.pictures import CAMERA, WEB, files, folder
from benchmarks.process import ARCHIVER, CACHE, PYTHON, Used, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.facts.fact import Fact

ITEMS, ROUNDS, VERSION = 1_000_000, 9, 2
MOST = 1.6
PEER = "import PIL.Image, numpy, sqlmodel"
_MOMENT = "2026-11-23T14:53:53.123456Z"


def measure(rounds: int = ROUNDS, items: int = ITEMS) -> list[Goal]:
    """Compare by turns."""
    archive = str(_archive(items))
    repost = f"{archive}/repost.jpg"
    original = files(folder(WEB, 1))[0]
    run([PYTHON, "-c", f"import PIL.Image as i; i.open({str(original)!r}).save({repost!r}, quality=60)"])
    held = hashlib.sha256(original.read_bytes()).hexdigest()
    questions = {"repost": repost, "12 megapixels": str(files(folder(CAMERA, 1))[0]), "item": held}

    def ask(question: str) -> Used:
        used = run([*ARCHIVER, "--archive", archive, "find", "--fast", questions[question], "--json"])
        answer = json.loads(used.output)
        expected = {"repost": ["look"], "12 megapixels": [], "item": ["bytes"]}[question]
        if answer["comparable"] != items + 1 or [each["match"] for each in answer["matches"]] != expected:
            raise RuntimeError(f"find answered {answer}")
        return used

    shutil.rmtree(f"{archive}/cache", ignore_errors=True)
    made = ask("repost")
    print(f"find: {items:,} items; making the look index took {made.cpu:.1f} s of CPU; {rounds} rounds", flush=True)
    seconds: dict[str, list[float]] = {name: [] for name in ("import", *questions)}
    for turn in range(-1, rounds):  # the first one compiles modules, and does not count
        for name in sorted(seconds, reverse=bool(turn % 2)):
            used = run([PYTHON, "-c", PEER]) if name == "import" else ask(name)
            if turn >= 0:
                seconds[name].append(used.cpu)
    ratios = {name: median(s / i for s, i in zip(seconds[name], seconds["import"], strict=True)) for name in questions}
    told = ", ".join(f"{name} {1000 * median(seconds[name]):.0f} ({ratios.get(name, 1):.2f} ×)" for name in seconds)
    return [
        Goal(
            f"find by look, cold, {items:,} items, the dearest of {len(questions)} questions, against `{PEER}`",
            max(ratios.values()),
            MOST,
            "×",
            from_what=f"CPU ms, medians of {rounds}: {told}; the look index made anew: {made.cpu:.1f} s",
        )
    ]


def _archive(items: int) -> Path:
    """The archive's home, made where it is missing."""
    home = CACHE / f"look-{VERSION}-{_schema()}-{items}"
    if not home.exists():
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        run([*ARCHIVER, "--archive", str(part), "init"])
        run([*ARCHIVER, "--archive", str(part), "upload", "--json", str(files(folder(WEB, 1))[0])])
        status = json.loads(run([*ARCHIVER, "--archive", str(part), "status", "--json"]).output)
        fill(part, items, status["events"])
        part.rename(home)
    return home


def fill(home: Path, items: int, first: int) -> None:
    """Add the items behind the first events of the log."""
    from archiver.catalogue.engine import open_engine, writing  # noqa: PLC0415 - so that `--help` loads nothing

    print(f"making an archive of {items:,} items …", flush=True)
    begun, used = time.perf_counter(), time.process_time()
    engine = open_engine("sqlite:catalogue.db", home=home, durable=False)
    facts = _facts(items)
    while True:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA cache_size=-1000000")
            before = first
            for _ in range(BATCHES_A_TRANSACTION):
                first = _add(connection, first, list(itertools.islice(facts, BATCH)))
        if first == before:
            break
        print(f"  {first:,} facts, {time.perf_counter() - begun:,.0f} s", flush=True)
    engine.dispose()
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
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
