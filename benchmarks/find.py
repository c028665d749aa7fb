"""A cold ``archiver find`` in an archive of 1,000 items, against merely importing what it is made of.

Cold: a fresh process each time, with nothing in its memory; modules are compiled and files in the page cache, for both.
Three questions are asked by turns: a repost of a held picture (web size, re-compressed), a 12 megapixel picture that
is not held, and an item by its number. The goal holds for the dearest of them.
"""

from __future__ import annotations

import json
import tempfile

from benchmarks.cold import by_look, compared
from benchmarks.goal import Goal, finish
from benchmarks.pictures import SMALL, WEB, files, folder
from benchmarks.process import ARCHIVER, run

ITEMS, ROUNDS = 1000, 9
MOST = 1.8


def measure(rounds: int = ROUNDS) -> list[Goal]:
    """Compare by turns."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = f"{scratch}/archive"
        run([*ARCHIVER, "--archive", archive, "upload", "--json", str(folder(SMALL, ITEMS - 1))])
        run([*ARCHIVER, "--archive", archive, "upload", "--json", str(files(folder(WEB, 1))[0])])
        held = json.loads(run([*ARCHIVER, "--archive", archive, "list", "--limit", "1", "--json"]).output)["item"]
        asks = by_look(archive, f"{scratch}/repost.jpg", held, lambda answer: answer["searched"] == ITEMS)
        print(f"find: {ITEMS:,} items; {rounds} rounds by turns", flush=True)
        return [compared("find, cold", asks, rounds, MOST)]


if __name__ == "__main__":
    finish(measure())
