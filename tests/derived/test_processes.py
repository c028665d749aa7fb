"""Several processes at one cache, and processes that are killed while they write."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.derived.cache import FeatureCache
from archiver.neighbours.parts import PartsIndex, Variant
from storage.local import LocalStore
from tests.derived.made import expect, item, made, opened

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
POINTS_IN_TIME = 16


def _command(home: Path, store: Path, first: int, end: int, step: int, *, kill: int = 0) -> Sequence[str]:
    numbers = (str(each) for each in (first, end, step, kill))
    return [sys.executable, "-m", "tests.derived.growing", str(home), str(store), *numbers]


def _finds(cache: FeatureCache, numbers: Sequence[int]) -> None:
    index = PartsIndex(cache)
    for number in numbers:
        if number % 5 != 4:
            assert index.shortlist([Variant(made(number))], 1)[0].item == item(number)


@pytest.mark.slow
def test_killed_at_any_point_of_writing_nothing_is_lost_and_nothing_wrong(tmp_path: Path) -> None:
    home, place = tmp_path / "home", tmp_path / "store"
    store = LocalStore(place)
    store.create()
    whole = subprocess.run(_command(home, place, 0, 12, 3), cwd=ROOT, check=True, capture_output=True, text=True)
    lines = int(whole.stdout)
    assert lines > 100
    for nth in range(POINTS_IN_TIME):
        at = 1 + nth * (lines - 1) // (POINTS_IN_TIME - 1)
        shutil.rmtree(home)
        shutil.rmtree(place)
        store.create()
        killed = subprocess.run(_command(home, place, 0, 12, 3, kill=at), cwd=ROOT, check=False, capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        cache = opened(home, store)
        held = [number for number in range(12) if not cache.missing([item(number)])]
        assert held == list(range(len(held)))
        assert len(held) % 3 == 0
        expect(cache, held)
        _finds(cache, held)
        subprocess.run(_command(home, place, 0, 12, 3), cwd=ROOT, check=True, capture_output=True)
        after = FeatureCache(home, lambda: store)
        expect(after, range(12))
        _finds(after, range(12))
        assert cache.notes == after.notes == []
        assert not [path for path in (after.generation / "parts").iterdir() if path.name.startswith("making")]


def test_two_processes_append_at_once_while_a_third_searches(tmp_path: Path) -> None:
    home, place = tmp_path / "home", tmp_path / "store"
    store = LocalStore(place)
    store.create()
    reader = FeatureCache(home, lambda: store)
    index = PartsIndex(reader)
    writers = [
        subprocess.Popen(_command(home, place, first, end, 2), cwd=ROOT, stdout=subprocess.DEVNULL)
        for first, end in ((0, 60), (40, 100))
    ]
    seen = 0
    while any(writer.poll() is None for writer in writers):
        reader.attach()
        assert len(reader) >= seen
        seen = len(reader)
        for number in range(0, 100, 7):
            if not reader.missing([item(number)]) and number % 5 != 4:
                assert reader.features_of(item(number)) == made(number)
                assert index.shortlist([Variant(made(number))], 1)[0].item == item(number)
    assert [writer.returncode for writer in writers] == [0, 0]
    reader.refresh()
    expect(reader, range(100))
    assert len(reader) == 100
    assert reader.notes == []
    _finds(reader, range(100))
