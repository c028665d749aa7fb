"""The radius search by look against other programs that give the same answers, on synthetic realistic fingerprints.

By turns in one process and on one core, CPU time, medians; every answer is compared with the peer's before it counts.

* *One query*, 10 million of 256 bits: against faiss IndexBinaryFlat, at radii of 31 and 65 bits.
* *Batches*, a million of 256 bits: queries a CPU second against the same. At 31 by bands
  (``archiver.neighbours.bands``), whose making is told; at 65 of single fingerprints by products
  (``archiver.neighbours.products``), and of pictures in their eight orientations by reading, for which faiss is asked
  eight times.
* *64 bits*, a million, radius 10: against pybktree's BKTree and imagededup's BruteForceCython, eight questions one
  after another in each turn; of the first alone, whose rows come from the main memory, it is told too. The same search
  is asked, of fingerprints whose other bits are none.

A peer that is not installed is named, and the goal about it is not met: ``make bench`` installs what can be.
"""

from __future__ import annotations

import importlib
import os
import time
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.goal import Goal, finish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from archiver.neighbours.columns import Columns

LARGE, MILLION = 10_000_000, 1_000_000
ROUNDS = 9
SHORT_ROUNDS, QUESTIONS = 7, 8
ORIENTATIONS = 8
BATCH = 1024
NEAR, LOOK, SHORT = 31, 65, 10
MOST_NEAR, MOST_LOOK, LEAST_BATCH, LEAST_BATCH_LOOK, LEAST_SHORT = 1.0, 1.3, 5.0, 1.0, 300.0


def measure(rounds: int = ROUNDS, large: int = LARGE, million: int = MILLION) -> list[Goal]:
    """Compare everything."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, before numpy is loaded
    faiss = _peer("faiss")
    goals: list[Goal] = []
    if faiss is None:
        names = ("one query", "batches")
        goals += [Goal(f"radius, {name}: faiss is not installed, nothing was measured", 1, 0, "") for name in names]
    else:
        faiss.omp_set_num_threads(1)
        goals += _single(faiss, rounds, large)
        goals += _batches(faiss, million)
    return [*goals, *_short(million)]


def _peer(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"radius: {name} is not installed and is not measured", flush=True)
        return None


def _drawn(count: int) -> tuple[NDArray[np.uint64], Columns]:
    import numpy as np  # noqa: PLC0415 - so that `--help` of the benchmarks loads nothing

    from archiver.neighbours.columns import Columns  # noqa: PLC0415 - as above
    from benchmarks.hashes import hashes  # noqa: PLC0415 - as above

    rows, quality = hashes(count)
    none = np.zeros(count, dtype=np.uint8)
    lanes = (np.ascontiguousarray(rows[:, lane]) for lane in range(4))
    return rows, Columns((*lanes, none, np.arange(count), quality, none))


def _flat(faiss: Any, rows: NDArray[np.uint64]) -> Any:
    import numpy as np  # noqa: PLC0415 - see above

    index = faiss.IndexBinaryFlat(256)
    index.add(rows.view(np.uint8).reshape(len(rows), -1))
    return index


def _by_turns(ours: Callable[[int], Any], theirs: Callable[[int], Any], rounds: int) -> tuple[list[float], list[float]]:
    """CPU seconds of each, round by round; the first round warms, and its answers and all others must agree."""
    took: tuple[list[float], list[float]] = ([], [])
    for turn in range(-1, rounds):
        answers: list[Any] = [None, None]
        for which in (0, 1) if turn % 2 else (1, 0):
            begun = time.process_time()
            answers[which] = (ours, theirs)[which](turn)
            if turn >= 0:
                took[which].append(time.process_time() - begun)
        if _sets(answers[0]) != _sets(answers[1]):
            raise RuntimeError("the answers differ")
    return took


def _sets(answers: Any) -> list[set[int]]:
    """The rows of each answer: of ours, and of faiss, whose radius is exclusive."""
    if isinstance(answers, tuple):
        limits, _, labels = answers
        return [set(labels[start:stop].tolist()) for start, stop in pairwise(limits.tolist())]
    return [set(each.rows.tolist()) if hasattr(each, "rows") else set(each) for each in answers]


def _single(faiss: Any, rounds: int, count: int) -> list[Goal]:
    import numpy as np  # noqa: PLC0415 - see above

    from archiver.neighbours.scan import within  # noqa: PLC0415 - see above

    rows, held = _drawn(count)
    index = _flat(faiss, rows)
    chosen = np.random.default_rng(5).integers(0, count, rounds + 1)
    goals = []
    for radius, most in ((NEAR, MOST_NEAR), (LOOK, MOST_LOOK)):
        query = [rows[place : place + 1] for place in chosen]
        ours, theirs = _by_turns(
            lambda turn, query=query, radius=radius: within(held, [(query[turn], radius)]),  # type: ignore[misc]
            lambda turn, query=query, radius=radius: index.range_search(query[turn].view(np.uint8), radius + 1),  # type: ignore[misc]
            rounds,
        )
        goals.append(
            Goal(
                f"radius, one query, {count:,} x 256 bits, r = {radius}, against faiss IndexBinaryFlat",
                median(one / other for one, other in zip(ours, theirs, strict=True)),
                most,
                "×",
                from_what=f"CPU ms, medians of {rounds}: {1e3 * median(ours):.1f}, faiss {1e3 * median(theirs):.1f}",
            )
        )
    return goals


def _batches(faiss: Any, count: int) -> list[Goal]:
    import numpy as np  # noqa: PLC0415 - see above

    from archiver.neighbours.bands import Bands  # noqa: PLC0415 - see above
    from archiver.neighbours.search import search  # noqa: PLC0415 - see above

    rows, held = _drawn(count)
    index = _flat(faiss, rows)
    chosen = np.random.default_rng(6).integers(0, count, BATCH)
    queries = [rows[place : place + 1] for place in chosen]
    begun = time.process_time()
    bands = Bands(rows)
    made = time.process_time() - begun

    def flat(radius: int, some: Sequence[NDArray[np.uint64]]) -> Callable[[int], Any]:
        asked = np.concatenate(some).view(np.uint8)
        return lambda _: index.range_search(asked, radius + 1)

    ways: list[tuple[str, int, Sequence[NDArray[np.uint64]], Callable[[int], Any], float]] = [
        (f"bands, made in {made:.2f} s", NEAR, queries, lambda _: bands.within(queries, NEAR), LEAST_BATCH),
        ("products", LOOK, queries, lambda _: search(held, [(query, LOOK) for query in queries]), LEAST_BATCH_LOOK),
    ]
    goals = []
    for how, radius, some, ours, least in ways:
        goals.append(
            _rates(
                f"{len(some)} queries, r = {radius}, {how}", _by_turns(ours, flat(radius, some), 3), len(some), least
            )
        )
    goals.append(_oriented(held, flat, queries[: BATCH // 64]))
    return goals


def _rates(what: str, took: tuple[list[float], list[float]], count: int, least: float) -> Goal:
    ours, theirs = (count / median(each) for each in took)
    return Goal(
        f"radius, batch of {what}, against faiss IndexBinaryFlat",
        median(other / one for one, other in zip(*took, strict=True)),
        least,
        "×",
        at_least=True,
        from_what=f"queries a CPU second: {ours:,.0f}, faiss {theirs:,.0f}",
    )


def _oriented(held: Columns, flat: Callable[..., Callable[[int], Any]], queries: Sequence[NDArray[np.uint64]]) -> Goal:
    """Pictures in their eight orientations, as ``find`` and ``upload`` ask."""
    import numpy as np  # noqa: PLC0415 - see above

    from archiver.neighbours.scan import Within, within  # noqa: PLC0415 - see above

    chance, every = np.random.default_rng(7), np.uint64(2**64 - 1)
    pictures = []
    for query in queries:
        lying = chance.integers(0, 2**64, (1, 4), dtype=np.uint64)
        mirrored = np.array([[0, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 1], [0, 1, 1, 0]], dtype=np.uint64) * every
        pictures.append(np.concatenate([query ^ mirrored, lying ^ mirrored]))

    def theirs(turn: int) -> list[Within]:
        limits, far, labels = flat(LOOK, pictures)(turn)
        cuts = limits[::ORIENTATIONS]
        return [Within(np.unique(labels[a:b]), far[a:b], far[a:b]) for a, b in pairwise(cuts.tolist())]

    took = _by_turns(lambda _: within(held, [(picture, LOOK) for picture in pictures]), theirs, 3)
    return _rates(
        f"{len(pictures)} pictures in 8 orientations, r = {LOOK}, reading", took, len(pictures), LEAST_BATCH_LOOK
    )


def _short(count: int) -> list[Goal]:
    """64 bits: the other bits are the same for all, so their distances are those of the first word."""
    import numpy as np  # noqa: PLC0415 - see above

    from archiver.neighbours.scan import within  # noqa: PLC0415 - see above

    rows, held = _drawn(count)
    rows[:, 1:] = 0
    for lane in (1, 2, 3):
        held.arrays[lane][:] = 0
    numbers = rows[:, 0].tolist()
    chosen = np.random.default_rng(8).integers(0, count, (SHORT_ROUNDS + 1, QUESTIONS))
    alone: list[float] = []

    def ours(turn: int) -> list[list[int]]:
        answers = []
        for row in chosen[turn]:
            begun = time.process_time()
            answers.append([numbers[near] for near in within(held, [(rows[row][np.newaxis], SHORT)])[0].rows.tolist()])
            if row == chosen[turn][0]:
                alone.append(time.process_time() - begun)
        return answers

    goals = []
    for name, made in (("pybktree", _bk_tree), ("imagededup", _brute_force)):
        peer = _peer(name)
        if peer is None:
            goals.append(
                Goal(f"radius, 64 bits: {name} is not installed, nothing was measured", 0, 1, "", at_least=True)
            )
            continue
        search = made(peer, numbers)
        alone.clear()
        mine, theirs = _by_turns(
            ours,
            lambda turn, search=search: [search(numbers[row]) for row in chosen[turn]],  # type: ignore[misc]
            SHORT_ROUNDS,
        )
        goals.append(
            Goal(
                f"radius, {QUESTIONS} queries one by one, {count:,} x 64 bits, r = {SHORT}, against {name}",
                median(other / one for one, other in zip(mine, theirs, strict=True)),
                LEAST_SHORT,
                "×",
                at_least=True,
                from_what=f"CPU ms a query, medians of {SHORT_ROUNDS}: {1e3 * median(mine) / QUESTIONS:.2f} (the first "
                f"of each turn {1e3 * median(alone):.2f}), {name} {1e3 * median(theirs) / QUESTIONS:,.0f}",
            )
        )
    return goals


def _bk_tree(peer: Any, numbers: Sequence[int]) -> Callable[[int], list[int]]:
    tree = peer.BKTree(lambda one, other: (one ^ other).bit_count(), numbers)
    return lambda query: [number for _, number in tree.find(query, SHORT)]


def _brute_force(_: Any, numbers: Sequence[int]) -> Callable[[int], list[int]]:
    module = importlib.import_module("imagededup.handlers.search.brute_force_cython")
    engine = module.BruteForceCython({f"{number:016x}": f"{number:016x}" for number in numbers}, None)
    return lambda query: [int(name, 16) for name, _ in engine.search(f"{query:016x}", SHORT)]


if __name__ == "__main__":
    finish(measure())
