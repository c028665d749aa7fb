"""A cold ``archiver find --deep`` in an archive of 100,000 items, against merely importing what it is made of.

The archive's catalogue is filled as that of ``benchmarks.find_million`` is. Local features go through the real cache,
packs and index, 500 items at a time, as uploads add them. The picture whose crop is asked for is taken in as any other.
The others are distractors: each takes the number of its points from one of some drawn pictures and draws them, with
their poses, from two others by halves. One bit in sixteen is turned over by chance, so that few pictures give many
different codes. All is kept in the benchmarks' cache.

The crop keeps the middle half of each side: its look is another, so that it is found by its parts or not at all.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from benchmarks.cold import compared, found
from benchmarks.find_million import begun
from benchmarks.goal import Goal, finish
from benchmarks.million import _schema
from benchmarks.pictures import WEB, files, folder
from benchmarks.process import CACHE, PYTHON, Used, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.fingerprint.features import Features

ITEMS, ROUNDS, VERSION = 100_000, 9, 2
MOST = 5.0
DRAWN, DRAWN_SIZE, AT_ONCE = 60, (640, 480), 500
_CROP = "import sys; from PIL import Image; i = Image.open(sys.argv[1]); w, h = i.size; "
_CROP += "i.crop((w // 4, h // 4, w // 4 + w // 2, h // 4 + h // 2)).save(sys.argv[2], quality=85)"


def measure(rounds: int = ROUNDS, items: int = ITEMS) -> list[Goal]:
    """Compare by turns."""
    archive = str(_archive(items))
    original = files(folder(WEB, 1))[0]
    crop = f"{archive}/crop.jpg"
    run([PYTHON, "-c", _CROP, str(original), crop])
    held = hashlib.sha256(original.read_bytes()).hexdigest()

    def ask() -> Used:
        used, answer = found(archive, "--deep", crop)
        if [(each["match"], each["item"]) for each in answer["matches"]] != [("part", held)]:
            raise RuntimeError(f"find answered {answer}")
        return used

    print(f"find --deep: {items:,} items; {rounds} rounds by turns", flush=True)
    return [compared(f"find --deep of a crop, cold, {items:,} items", {"deep": ask}, rounds, MOST)]


def _archive(items: int) -> Path:
    """The archive's home, made where it is missing."""
    home = CACHE / f"deep-{VERSION}-{_schema()}-{items}"
    if not home.exists():
        part = home.with_suffix(".part")
        begun(part, items)
        _add_features(part, items)
        part.rename(home)
    return home


def _add_features(home: Path, items: int) -> None:
    from archiver.derived.cache import FeatureCache  # noqa: PLC0415 - so that `--help` loads nothing
    from archiver.neighbours.parts import PartsIndex  # noqa: PLC0415 - as above
    from benchmarks.world import item  # noqa: PLC0415 - as above
    from storage.local import LocalStore  # noqa: PLC0415 - as above

    cache = FeatureCache(home, lambda: LocalStore(home / "store"))
    index = PartsIndex(cache)
    distractors = _distractors()
    used = time.process_time()
    for first in range(0, items, AT_ONCE):
        numbers = range(first, min(items, first + AT_ONCE))
        cache.add([(item(number), next(distractors), b"") for number in numbers])
        index.grow()
    print(f"features added with {time.process_time() - used:,.0f} s of CPU, drawing among them", flush=True)


def _distractors() -> Iterator[Features]:
    """Features without end, always the same."""
    import numpy as np  # noqa: PLC0415 - so that `--help` loads nothing
    from PIL import Image  # noqa: PLC0415 - as above

    from archiver.fingerprint.features import SIDE, Features, features  # noqa: PLC0415 - as above

    chance = np.random.default_rng(5)
    real = []
    for path in files(folder(DRAWN_SIZE, DRAWN)):
        with Image.open(path) as image:
            grey = image.convert("L")
        grey.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        real.append(features(np.asarray(grey)))
    while True:
        size, *pair = (real[number] for number in chance.integers(0, len(real), 3))
        half = len(size) // 2
        drawn = [
            chance.integers(0, len(one), number) for one, number in zip(pair, (half, len(size) - half), strict=True)
        ]
        codes = np.concatenate([one.codes[some] for one, some in zip(pair, drawn, strict=True)])
        points = np.concatenate([one.points[some] for one, some in zip(pair, drawn, strict=True)])
        turned = np.bitwise_and.reduce(chance.integers(0, 2**64, (4, *codes.shape), dtype=np.uint64))
        yield Features(size.width, size.height, points, codes ^ turned)


if __name__ == "__main__":
    finish(measure())
