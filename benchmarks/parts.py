"""The shortlist of parts: how often the right item is within the best 10 and 20 of many, and what a question costs.

``python -m benchmarks.parts DIR [ITEMS]``: DIR holds photographs that differ from one another (some hundreds at the
least); of every twentieth, mangled copies are asked for. What fills the index up to ITEMS (100,000) are distractors
with the codes of real pictures: each takes the number of its points from one photograph and draws them, with their
poses, from two others by halves, of those that are in no question. Drawn unchanged, their codes come near a question's
somewhat more often than those of another photograph (500 codes, in a million pairs: 0.15 against 0.06 within 16 bits,
0.5 against 0.4 within 20, 2.2 against 1.5 within 24), so the task is rather too hard than too easy; with 1 bit in 17
turned over by chance such pairs were fewer than in truth.

The peer is faiss's ``IndexBinaryIVF`` with 4,096 lists and 8 probes, where it is installed, with the same codes,
questions and radius. It finds the 50 nearest codes of a point, and they vote by the same rules (rarity, distance, turn
and scale), so what differs is the index.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from archiver.fingerprint.features import QUERY_SIDE, SIDE, features, query_features
from archiver.neighbours.lists import Hits, Sorted, poses
from archiver.neighbours.parts import DOUBLINGS, RADIUS
from archiver.neighbours.segment import write
from archiver.neighbours.voting import votes
from benchmarks.goal import Goal, finish
from benchmarks.mangling import mangled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from archiver.fingerprint.features import Features

ITEMS, EVERY, FEWEST_POINTS = 100_000, 20, 100
FAMILIES = (
    "re-encoded",
    "rotated 2-45",
    "stretched",
    "crop 50 %",
    "crop 70 %",
    "caption",
    "screenshot light",
    "screenshot dark",
    "perspective",
    "repost chain",
    "collage of 4",
    "screenshot+crop",
)
"""Of ``benchmarks.mangling``: those that the look of the whole picture does not survive, or barely."""
LISTS, PROBES, NEAREST = 4096, 8, 50
MOST_CPU = 0.8
"""Seconds a question: what ``find --deep`` can spend on it."""


@dataclass(frozen=True)
class Question:
    """A mangled copy: which item it is of, how it was mangled, its features and how sure their bits are."""

    item: int
    family: str
    features: Features
    sureness: NDArray[np.float32]


@dataclass(frozen=True)
class Held:
    """The codes of all items in the order of the items: shape (n, 2), and (n,) each."""

    codes: NDArray[np.uint64]
    rows: NDArray[np.uint32]
    poses: NDArray[np.uint16]


def _grey(image: Image.Image, side: int) -> NDArray[np.uint8]:
    image = image.convert("L")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}:
            yield path


def _questions(paths: Sequence[Path], asked: Sequence[int]) -> list[Question]:
    found = []
    for item in asked:
        image, *others = (_opened(paths[each]) for each in _with_others(item, len(paths)))
        for family in FAMILIES:
            looked, sureness = query_features(_grey(mangled(family, item // EVERY, image, others), QUERY_SIDE))
            found.append(Question(item, family, looked, sureness))
    return found


def _with_others(item: int, count: int) -> list[int]:
    """A picture and the three that share a collage with it."""
    return [(item + step) % count for step in range(4)]


def _opened(path: Path) -> Image.Image:
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    image.thumbnail((1600, 1600))
    return image


def _held(real: Sequence[Features], asked: Sequence[int], items: int) -> Held:
    chance = np.random.default_rng(5)
    numbers = np.array([len(each.codes) for each in real])
    starts = np.concatenate([[0], np.cumsum(numbers)])
    codes = np.concatenate([each.codes for each in real])
    steps = np.concatenate([poses(each.points) for each in real])
    in_questions = [each for item in asked for each in _with_others(item, len(real))]
    templates = np.setdiff1d(np.flatnonzero(numbers >= FEWEST_POINTS), in_questions)
    sizes = chance.choice(numbers[templates], items - len(real))
    rows = np.repeat(np.arange(len(sizes)), sizes)
    pairs = templates[chance.integers(0, len(templates), (len(sizes), 2))]
    of = pairs[rows, chance.integers(0, 2, len(rows))]
    drawn = starts[of] + (chance.random(len(rows)) * numbers[of]).astype(np.int64)
    return Held(
        np.concatenate([codes, codes[drawn]]),
        np.concatenate([np.repeat(np.arange(len(real)), numbers), rows + len(real)]).astype(np.uint32),
        np.concatenate([steps, steps[drawn]]),
    )


def _best(hits: Hits, question: Question, items: int) -> NDArray[np.uint32]:
    rows, weights = votes(hits, poses(question.features.points), items)
    return rows[np.lexsort((rows, -weights))[:20]]


def _own(held: Held, folder: Path) -> tuple[Callable[[Question], Hits], float, int]:
    begun = time.process_time()
    codes = Sorted.of(held.codes[:, 0], held.codes[:, 1], held.rows, held.poses)
    segment = write(folder, 0, int(held.rows[-1]) + 1, [codes], len(codes))
    built = time.process_time() - begun

    def ask(question: Question) -> Hits:
        return segment.near(question.features.codes, RADIUS, sureness=question.sureness, doublings=DOUBLINGS)

    return ask, built, segment.path.stat().st_size


def _faiss(held: Held, folder: Path) -> tuple[Callable[[Question], Hits], float, int] | None:
    try:
        import faiss  # noqa: PLC0415 - a peer, which need not be there
    except ImportError:
        return None
    faiss.omp_set_num_threads(1)
    begun = time.process_time()
    quantizer = faiss.IndexBinaryFlat(128)
    index: Any = faiss.IndexBinaryIVF(quantizer, 128, LISTS)
    index.nprobe = PROBES
    packed = held.codes.view(np.uint8)
    index.train(packed[:: max(1, len(packed) // (40 * LISTS))])
    index.add(packed)
    built = time.process_time() - begun
    path = folder / "faiss"
    faiss.write_index_binary(index, str(path))

    def ask(question: Question) -> Hits:
        distances, found = index.search(question.features.codes.view(np.uint8), NEAREST)
        points, places = np.nonzero((found >= 0) & (distances <= RADIUS))
        at = found[points, places]
        near = distances[points, places].astype(np.uint8)
        return Hits(points.astype(np.int32), held.rows[at], near, held.poses[at])

    return ask, built, path.stat().st_size


def measure(folder: Path, items: int = ITEMS) -> list[Goal]:
    """Print the table."""
    paths: list[Path] = []
    real: list[Features] = []
    for path in _pictures(folder):
        try:
            with Image.open(path) as image:
                found = features(_grey(ImageOps.exif_transpose(image), SIDE))
        except (OSError, SyntaxError, ValueError):
            continue
        paths.append(path)
        real.append(found)
    asked = [n for n in range(0, len(real), EVERY) if len(real[n].codes) >= FEWEST_POINTS]
    questions = _questions(paths, asked)
    held = _held(real, asked, items)
    points = median(len(each.features.codes) for each in questions)
    print(
        f"parts: {items:,} items ({len(real)} real), {len(held.codes):,} codes; {len(asked)} pictures mangled in "
        f"{len(FAMILIES)} ways; {points:.0f} points a question (median)",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as scratch:
        own = _told("own segments", _own(held, Path(scratch)), questions, items)
        peer = _faiss(held, Path(scratch))
        if peer is None:
            print("faiss is not installed: nothing to compare with")
            return [Goal(f"a shortlist of {items:,} items", own, MOST_CPU, "s", from_what="CPU, median")]
        other = _told(f"faiss IVF {LISTS}/{PROBES}", peer, questions, items)
    return [
        Goal(f"a shortlist of {items:,} items", own, MOST_CPU, "s", from_what="CPU, median"),
        Goal("the same against faiss IndexBinaryIVF", own / other, 1.0, "×", from_what="CPU, medians"),
    ]


def _told(
    name: str, made: tuple[Callable[[Question], Hits], float, int], questions: Sequence[Question], items: int
) -> float:
    """Ask everything, print recall and cost; the median of CPU seconds a question."""
    ask, built, size = made
    seconds: list[float] = []
    ranks: dict[str, list[int]] = {family: [] for family in FAMILIES}
    for question in questions:
        begun = time.process_time()
        best = _best(ask(question), question, items)
        seconds.append(time.process_time() - begun)
        (where,) = np.nonzero(best == question.item)
        ranks[question.family].append(int(where[0]) if len(where) else len(best) + 20)
    print(
        f"{name}: {1000 * median(seconds):.0f} ms CPU a question (most {1000 * max(seconds):.0f}), "
        f"{size / items / 1000:.1f} KB and {1000 * built / items:.2f} ms an item to build"
    )
    print(f"    {'':24} {'best 10':>8} {'best 20':>8}")
    for family, each in [*ranks.items(), ("all", [rank for some in ranks.values() for rank in some])]:
        within = [sum(rank < most for rank in each) / len(each) for most in (10, 20)]
        print(f"    {family:24} {within[0]:8.3f} {within[1]:8.3f}", flush=True)
    return median(seconds)


if __name__ == "__main__":
    finish(measure(Path(sys.argv[1]), *(int(each) for each in sys.argv[2:3])))
