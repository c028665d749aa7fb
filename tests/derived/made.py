"""Features made by chance, items by number, and ways to damage files."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from archiver.derived.cache import FeatureCache
from archiver.fingerprint.features import Features

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storage.store import Store

SAMPLES = bytes(range(256)) * 4


def item(number: int) -> str:
    """An item's SHA-256."""
    return sha256(f"item {number}".encode()).hexdigest()


def made(seed: int, count: int = 12) -> Features:
    """As many points as asked for, equal for equal seeds, and as they are read back."""
    chance = np.random.default_rng(seed)
    points = np.stack(
        [
            chance.uniform(0, 500, count),
            chance.uniform(0, 400, count),
            chance.uniform(2, 60, count),
            chance.uniform(0, 6.28, count),
        ],
        axis=1,
    )
    codes = chance.integers(0, 2**64, (count, 2), dtype=np.uint64)
    return Features.unpack(Features(500, 400, points.astype(np.float32), codes).pack())


def given(numbers: Iterable[int]) -> list[tuple[str, Features | None, bytes]]:
    """What is added of these items: every fifth has no features, every third no samples."""
    return [(item(n), None if n % 5 == 4 else made(n), b"" if n % 3 == 2 else SAMPLES) for n in numbers]


def expect(cache: FeatureCache, numbers: Iterable[int]) -> None:
    """Assert that the cache holds of these items what ``given`` says, and of each one row."""
    numbers = list(numbers)
    for name, features, samples in given(numbers):
        assert cache.features_of(name) == features
        assert cache.samples_of(name) == (samples or None)
    assert cache.missing([item(n) for n in numbers]) == []
    rows = cache.rows_of([bytes.fromhex(item(n)) for n in numbers]).tolist()
    assert sorted(set(rows)) == sorted(rows)


def opened(home: Path, store: Store) -> FeatureCache:
    """A cache as another process would open it, up to date."""
    cache = FeatureCache(home, lambda: store)
    cache.refresh()
    return cache
