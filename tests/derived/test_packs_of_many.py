"""Packs of several writers are numbered without a gap, and news cost one request."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from archiver.derived import cache as cache_module
from archiver.derived.cache import FeatureCache
from archiver.fingerprint.algorithm import FEATURES
from storage.layout import features_prefix, pack_name
from storage.local import LocalStore
from tests.derived.made import expect, given

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

ALGORITHM = str(FEATURES)


class _Counting(LocalStore):
    """A store that counts what is asked of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.listings = 0
        self.reads = 0

    def names(self, prefix: str = "") -> Iterator[str]:
        self.listings += 1
        return super().names(prefix)

    def read(self, name: str, *, limit: int) -> bytes:
        self.reads += 1
        return super().read(name, limit=limit)


def _names(store: LocalStore) -> list[str]:
    return sorted(store.names(features_prefix(ALGORITHM)))


def _numbered(count: int) -> list[str]:
    return [pack_name(ALGORITHM, number) for number in range(count)]


def _remove(store: LocalStore, number: int) -> None:
    (store.root / pack_name(ALGORITHM, number)).unlink()


def test_news_cost_one_request_however_many_packs_there_are(tmp_path: Path, store: LocalStore) -> None:
    counting = _Counting(store.root)
    writer = FeatureCache(tmp_path / "writer", lambda: store)
    reader = FeatureCache(tmp_path / "reader", lambda: counting)
    for start in range(0, 20, 2):
        writer.add(given(range(start, start + 2)))
    assert reader.refresh() == 20
    assert (counting.listings, counting.reads) == (1, 10)
    assert reader.refresh() == 0
    assert (counting.listings, counting.reads) == (1, 11)
    writer.add(given(range(20, 22)))
    assert FeatureCache(tmp_path / "reader", lambda: counting).refresh() == 2
    assert (counting.listings, counting.reads) == (1, 13)
    expect(reader, range(20))


def test_two_writers_that_take_turns_leave_no_gap_and_miss_nothing(tmp_path: Path, store: LocalStore) -> None:
    one, other = (FeatureCache(tmp_path / name, lambda: store) for name in ("one", "other"))
    for start in range(0, 24, 4):
        one.add(given(range(start, start + 2)))
        other.add(given(range(start + 2, start + 4)))
    assert _names(store) == _numbered(12)
    for each in (one, other, FeatureCache(tmp_path / "third", lambda: store)):
        each.refresh()
        expect(each, range(24))


def test_writers_at_once_leave_no_gap_and_miss_nothing(tmp_path: Path, store: LocalStore) -> None:
    caches = [FeatureCache(tmp_path / str(number), lambda: store) for number in range(3)]

    def write(number: int) -> None:
        for start in range(number * 20, number * 20 + 20):
            caches[number].add(given([start]))

    threads = [Thread(target=write, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _names(store) == _numbered(60)
    for each in caches:
        each.refresh()
        expect(each, range(60))
        assert each.notes == []


def test_a_new_machine_adds_without_taking_everything_in(
    tmp_path: Path, store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_STEPS", 3)
    writer = FeatureCache(tmp_path / "writer", lambda: store)
    for number in range(12):
        writer.add(given([number]))
    counting = _Counting(store.root)
    new = FeatureCache(tmp_path / "new", lambda: counting)
    new.add(given([50]))
    new.add(given([51]))
    assert (counting.listings, counting.reads) == (1, 0)
    assert _names(store) == _numbered(14)
    assert new.refresh() == 12
    expect(new, [*range(12), 50, 51])
    assert writer.refresh() == 2
    expect(writer, [*range(12), 50, 51])


def test_what_lies_behind_a_removed_pack_is_found_by_a_listing(tmp_path: Path, store: LocalStore) -> None:
    writer = FeatureCache(tmp_path / "writer", lambda: store)
    reader = FeatureCache(tmp_path / "reader", lambda: store)
    for number in range(3):
        writer.add(given([number]))
    reader.refresh()
    for number in range(3, 6):
        writer.add(given([number]))
    _remove(store, 3)
    assert reader.refresh() == 0  # nothing says here that there is more
    assert reader.refresh(whole=True) == 2
    writer.add(given([6]))
    assert reader.refresh() == 1  # a gap is known here: a listing shows what is behind it
    expect(reader, [0, 1, 2, 4, 5, 6])
