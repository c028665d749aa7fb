"""A log with fingerprints in it, drawn by a seed: what an index is filled from, as the catalogue would answer.

Two logs of one seed agree as far as both reach. ``python -m tests.neighbours.logged FOLDER SEED SIZES`` has an index
see such a log at each of these sizes, one after the other, and asks it each time.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from archiver.neighbours.index import LookIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.neighbours.neighbour import Neighbour

ALGORITHM = "phash-2:drawn"
BITS = 256
PORTION = 7
CENTRES = 5
GAP = 3
"""Every so many events one is of a fingerprint."""


@dataclass(frozen=True)
class Portion:
    """Some fingerprints, packed."""

    numbers: str
    items: str
    bits: str
    qualities: str


@dataclass(frozen=True)
class Logged:
    """The log of a seed, up to some transactions; ``forks`` is where it begins to be another one than its seed's."""

    seed: int
    transactions: int
    horizon: int | None = None
    forks: int | None = None

    def _chance(self, transaction: int) -> Random:
        forked = self.forks is not None and transaction >= self.forks
        return Random(f"{self.seed} {transaction} {forked}")  # noqa: S311 - drawn rows need no cryptographic chance

    def _sizes(self) -> list[int]:
        sizes = [0]
        for transaction in range(self.transactions):
            sizes.append(sizes[-1] + self._chance(transaction).randint(1, 20))
        return sizes

    def rows(self) -> list[tuple[int, str, int, int | None]]:
        """Number, item, bits and quality of every fingerprint before the horizon."""
        found = []
        sizes = self._sizes()
        centres = [Random(f"{self.seed} {n}").getrandbits(BITS) for n in range(CENTRES)]  # noqa: S311 - as above
        for transaction in range(self.transactions):
            chance = self._chance(transaction)
            chance.random()
            for number in range(sizes[transaction], sizes[transaction + 1]):
                item = hashlib.sha256(f"{self.seed} {number} {chance.random()}".encode()).hexdigest()
                bits = chance.choice(centres)
                for bit in chance.sample(range(BITS), chance.choice([0, 3, 30, 60, 70, 128])):
                    bits ^= 1 << bit
                quality = chance.choice([None, 0, 50, 100])
                if number % GAP == 0 and (self.horizon is None or number < self.horizon):
                    found.append((number, item, bits, quality))
        return found

    def log_place(self, first: int | None = None) -> tuple[int, int, str] | None:
        """See ``archiver.neighbours.source.Source``."""
        sizes = self._sizes()
        starts = sizes[:-1] if first is None else [first]
        if not starts or starts[-1] not in sizes[:-1]:
            return None
        place = sizes.index(starts[-1])
        history = [self._chance(n).random() for n in range(place + 1)]
        return starts[-1], sizes[place + 1], hashlib.sha256(repr(history).encode()).hexdigest()

    def packed_prints(self, algorithm: str, *, after: int = -1) -> Iterator[Portion]:
        """See ``archiver.neighbours.source.Source``."""
        assert algorithm == ALGORITHM
        rows = [row for row in self.rows() if row[0] > after]
        for start in range(0, len(rows), PORTION):
            part = rows[start : start + PORTION]
            yield Portion(
                ",".join(str(number) for number, *_ in part),
                "".join(item for _, item, *_ in part),
                "".join(f"{bits:064x}" for _, _, bits, _ in part),
                ",".join(str(255 if quality is None else quality) for *_, quality in part),
            )

    def near(self, query: int, radius: int) -> list[tuple[str, int, int | None, int]]:
        """Item, distance, quality and number of what is within the radius, by comparing every pair."""
        found = [(item, (bits ^ query).bit_count(), quality, number) for number, item, bits, quality in self.rows()]
        return sorted((row for row in found if row[1] <= radius), key=lambda row: (row[1], row[0]))

    def query(self) -> int:
        """Something that is near to some of it."""
        return Random(f"{self.seed} 0").getrandbits(BITS)  # noqa: S311 - as above


def told(found: list[Neighbour]) -> list[tuple[str, int, int | None, int]]:
    """The same of an index's answer."""
    return [(each.item, each.distance, each.quality, each.number) for each in found]


def asked(index: LookIndex, log: Logged, radius: int = 65) -> None:
    """See this log, and give the answer that comparing every pair gives."""
    index.refresh(log)
    assert len(index) == len(log.rows())
    assert told(index.within({"upright": f"{log.query():064x}"}, radius)) == log.near(log.query(), radius)


if __name__ == "__main__":
    here = LookIndex(ALGORITHM, folder=Path(sys.argv[1]), identity="drawn")
    for size in sys.argv[3].split(","):
        asked(here, Logged(int(sys.argv[2]), int(size)))
    print("\n".join(here.notes))  # noqa: T201 - what this process tells
