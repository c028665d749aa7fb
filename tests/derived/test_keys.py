"""A look-up answers what the rows say, whatever happened to the runs, and reads no more of them than it needs."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from archiver.derived import generation, keys
from archiver.derived.cache import FeatureCache
from tests.derived.made import expect, given, item

if TYPE_CHECKING:
    from pathlib import Path

    from storage.local import LocalStore

ANEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


@pytest.fixture(autouse=True)
def _short_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "MOST_TAIL", 3)


def _filled(home: Path, store: LocalStore, end: int = 60) -> FeatureCache:
    cache = FeatureCache(home, lambda: store)
    for start in range(0, end, 2):
        cache.add(given(range(start, min(end, start + 2))))
    return cache


def _runs(cache: FeatureCache) -> list[Path]:
    return sorted(cache.generation.glob("keys-*.run"))


def _fresh(home: Path, store: LocalStore) -> FeatureCache:
    return FeatureCache(home, lambda: store)


def test_runs_are_few_and_their_keys_are_found(home: Path, store: LocalStore) -> None:
    cache = _filled(home, store)
    assert 1 <= len(_runs(cache)) <= 4
    for each in (cache, _fresh(home, store)):
        expect(each, range(60))
        assert each.missing([item(n) for n in (5, 60, 59, 61)]) == [item(60), item(61)]
        assert each.rows_of([bytes.fromhex(item(n)) for n in range(60)]).tolist() != [-1] * 60


@ANEW
@drawn(data=st.data())
def test_a_changed_byte_in_a_run_changes_no_answer(home: Path, store: LocalStore, data: st.DataObject) -> None:
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(store.root)
    store.create()
    cache = _filled(home, store, 24)
    path = data.draw(st.sampled_from(_runs(cache)))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.unlink()
    path.write_bytes(content)
    damaged = _fresh(home, store)
    expect(damaged, range(24))
    assert damaged.missing([item(n) for n in range(30, 60)]) == [item(n) for n in range(30, 60)]
    damaged.add(given(range(24, 28)))
    expect(_fresh(home, store), range(28))
    assert damaged.notes == []


@pytest.mark.parametrize("length", [0, 10, 40, -1])
def test_a_run_that_was_cut_or_removed_is_made_again_by_the_next_append(
    home: Path, store: LocalStore, length: int
) -> None:
    cache = _filled(home, store)
    path = _runs(cache)[0]
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:length])
    (path.parent / "making-1-keys-0-1.run").write_bytes(b"x")
    after = _fresh(home, store)
    expect(after, range(60))
    after.add(given(range(60, 64)))
    assert not list(path.parent.glob("making-*"))
    covered = sum(int(end) - int(first) for first, end in (each.stem.split("-")[1:] for each in _runs(after)))
    assert covered >= 61
    expect(_fresh(home, store), range(64))


def test_the_run_of_other_rows_is_none(tmp_path: Path, home: Path, store: LocalStore) -> None:
    cache = _filled(home, store, 8)
    other = _fresh(tmp_path / "other", store)
    for number in range(100, 108):
        other.add(given([number]))
    shutil.rmtree(cache.generation / "parts", ignore_errors=True)
    for path in _runs(cache):
        path.unlink()
    for path in _runs(other):
        shutil.copy(path, cache.generation / path.name)
    assert _runs(cache)
    expect(_fresh(home, store), range(8))


def test_a_reader_of_fewer_rows_does_with_the_runs_it_has_mapped(
    home: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = _filled(home, store, 8)
    reader = _fresh(home, store)
    expect(reader, range(8))
    before = set(_runs(cache))
    for number in range(8, 60):
        cache.add(given([number]))
    assert not before <= set(_runs(cache))
    monkeypatch.setattr(keys.Runs, "_through", _never)
    assert reader.missing([item(0)]) == []


def _never(*_: object) -> None:
    raise AssertionError("rows were looked through that a run has")


def test_a_look_up_reads_the_rows_of_a_few_packs_and_no_others(
    home: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _filled(home, store)
    summed = 0

    def counted(data: memoryview, before: int = 0) -> int:
        nonlocal summed
        if isinstance(data, memoryview):
            summed += len(data)
        return crc32(data, before)

    monkeypatch.setattr("archiver.derived.generation.crc32", counted)
    cache = _fresh(home, store)
    assert cache.missing([item(7)]) == []
    assert 0 < summed <= (keys.MOST_TAIL + 2) * generation.ROW.itemsize  # of the tail, and of the row's own pack


def test_a_row_that_was_changed_is_noticed_when_it_is_read(home: Path, store: LocalStore) -> None:
    cache = _filled(home, store)
    path = cache.generation / "rows"
    content = bytearray(path.read_bytes())
    content[2] ^= 1
    path.unlink()
    path.write_bytes(content)
    reader = _fresh(home, store)
    assert reader.missing([item(30)]) == []
    assert reader.notes == []
    expect(reader, range(60))
    assert len(reader.notes) == 1
