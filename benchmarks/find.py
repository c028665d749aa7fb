"""A cold ``archiver find`` in an archive of 1,000 items, against merely importing what it is made of.

Cold: a fresh process each time, with nothing in its memory; modules are compiled and files in the page cache, for both.
Three questions are asked by turns: a repost of a held picture (web size, re-compressed), a 12 megapixel picture that
is not held, and an item by its number. The goal holds for the dearest of them.
"""

from __future__ import annotations

import json
import tempfile
from statistics import median

from benchmarks.goal import Goal, finish
from benchmarks.pictures import CAMERA, SMALL, WEB, files, folder
from benchmarks.process import ARCHIVER, PYTHON, Used, run

ITEMS, ROUNDS = 1000, 9
MOST = 1.8
PEER = "import PIL.Image, numpy, sqlmodel"


def measure(rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    with tempfile.TemporaryDirectory() as scratch:
        archive, repost = f"{scratch}/archive", f"{scratch}/repost.jpg"
        run([*ARCHIVER, "--archive", archive, "upload", "--json", str(folder(SMALL, ITEMS - 1))])
        original = files(folder(WEB, 1))[0]
        run([*ARCHIVER, "--archive", archive, "upload", "--json", str(original)])
        run([PYTHON, "-c", f"import PIL.Image as i; i.open({str(original)!r}).save({repost!r}, quality=60)"])
        held = json.loads(run([*ARCHIVER, "--archive", archive, "list", "--limit", "1", "--json"]).output)["item"]
        questions = {"repost": repost, "12 megapixels": str(files(folder(CAMERA, 1))[0]), "item": held}

        def ask(question: str) -> Used:
            used = run([*ARCHIVER, "--archive", archive, "find", "--fast", questions[question], "--json"])
            answer = json.loads(used.output)
            expected = {"repost": ["look"], "12 megapixels": [], "item": ["bytes"]}[question]
            if answer["searched"] != ITEMS or [each["match"] for each in answer["matches"]] != expected:
                raise RuntimeError(f"find answered {answer}")
            return used

        print(f"find: {ITEMS:,} items; {rounds} rounds by turns", flush=True)
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
            f"find, cold, the dearest of {len(questions)} questions, against `python -c {PEER!r}`",
            max(ratios.values()),
            MOST,
            "×",
            from_what=f"CPU ms, medians of {rounds}: {told}",
        )
    ]


if __name__ == "__main__":
    finish(measure())
