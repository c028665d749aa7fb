"""The cache says what the store's packs say, whatever happened to its files."""

from __future__ import annotations

import io
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from archiver.derived import pack
from archiver.derived.cache import FeatureCache
from archiver.derived.pack import Entry, InvalidPack
from archiver.errors import SpoolError
from archiver.fingerprint.algorithm import FEATURES
from storage.digest import Digest
from storage.layout import features_prefix, pack_name
from tests.derived.made import expect, given, item, made, opened

if TYPE_CHECKING:
    from pathlib import Path

    from storage.local import LocalStore

ALGORITHM = str(FEATURES)
FILES = ("bodies", "rows", "commits")
EACH_TIME_ANEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def _publish(store: LocalStore, data: bytes, name: str | None = None) -> str:
    digest = Digest.of(data)
    name = name or pack_name(ALGORITHM, len(list(store.names(features_prefix(ALGORITHM)))))
    store.put(name, io.BytesIO(data), digest=digest, size=len(data))
    return name


def test_what_is_added_is_there_for_this_process_and_for_the_next(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    assert len(cache) == 0
    assert cache.missing([item(1)]) == [item(1)]
    assert cache.features_of(item(1)) is None
    cache.add(given(range(7)))
    cache.add(given(range(5, 12)))
    for each in (cache, FeatureCache(home, lambda: store)):
        expect(each, range(12))
        assert len(each) == 12
        assert each.missing([item(30), item(3), item(31)]) == [item(30), item(31)]
        assert each.notes == []


def test_an_item_that_was_looked_at_and_has_no_features_is_not_missing(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    cache.add([(item(0), None, b"")])
    assert cache.features_of(item(0)) is None
    assert cache.missing([item(0)]) == []


def test_adding_what_is_known_publishes_nothing(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    cache.add(given(range(3)))
    names = list(store.names(features_prefix(ALGORITHM)))
    cache.add(given(range(3)))
    assert list(store.names(features_prefix(ALGORITHM))) == names
    assert len(names) == 1


def test_another_machine_takes_in_the_packs_of_the_store(tmp_path: Path, home: Path, store: LocalStore) -> None:
    FeatureCache(home, lambda: store).add(given(range(6)))
    other = FeatureCache(tmp_path / "other", lambda: store)
    assert other.refresh() == 6
    assert other.refresh() == 0
    other.add(given(range(6, 9)))
    here = FeatureCache(home, lambda: store)
    assert len(here) == 6
    assert here.refresh() == 3
    expect(here, range(9))


def test_an_item_in_two_packs_has_one_row(tmp_path: Path, home: Path, store: LocalStore) -> None:
    one, other = FeatureCache(home, lambda: store), FeatureCache(tmp_path / "other", lambda: store)
    one.add(given(range(6)))
    other.add(given(range(4, 8)))
    assert one.refresh() == 2
    expect(one, range(8))
    assert len(one) == 8


@pytest.mark.parametrize("file", FILES)
def test_a_file_cut_at_any_byte_is_made_anew(tmp_path: Path, home: Path, store: LocalStore, file: str) -> None:
    cache = FeatureCache(home, lambda: store)
    for start in (0, 3, 6):
        cache.add(given(range(start, start + 3)))
    name = cache.generation.relative_to(home)
    size = (home / name / file).stat().st_size
    for length in sorted({*range(0, size, max(1, size // 40)), size - 1, size - 68, size - 64}):
        copy = tmp_path / f"{file}-{length}"
        shutil.copytree(home, copy)
        with (copy / name / file).open("r+b") as stream:
            stream.truncate(length)
        expect(opened(copy, store), range(9))
        expect(FeatureCache(copy, lambda: store), range(9))


@pytest.mark.parametrize("file", [*FILES, "../current"])
def test_a_missing_file_is_made_anew(home: Path, store: LocalStore, file: str) -> None:
    cache = FeatureCache(home, lambda: store)
    cache.add(given(range(4)))
    (cache.generation / file).unlink(missing_ok=True)
    expect(opened(home, store), range(4))


@EACH_TIME_ANEW
@drawn(data=st.data())
def test_a_changed_byte_anywhere_is_noticed_and_repaired(home: Path, store: LocalStore, data: st.DataObject) -> None:
    shutil.rmtree(home, ignore_errors=True)
    cache = opened(home, store)
    cache.add(given(range(3)))
    cache.add(given(range(3, 5)))
    path = cache.generation / data.draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.unlink()
    path.write_bytes(content)
    damaged = opened(home, store)
    expect(damaged, range(5))
    assert any("made anew" in note for note in damaged.notes)


def test_what_stands_behind_the_last_commit_is_written_over(home: Path, store: LocalStore) -> None:
    cache = FeatureCache(home, lambda: store)
    cache.add(given(range(3)))
    for file, tail in (("bodies", b"\xff" * 5000), ("rows", b"\xff" * 100), ("commits", b"\xff" * 43)):
        with (cache.generation / file).open("ab") as stream:
            stream.write(tail)
    after = opened(home, store)
    expect(after, range(3))
    after.add(given(range(3, 5)))
    expect(opened(home, store), range(5))
    assert after.notes == []


def test_a_reader_reads_on_while_another_process_starts_a_new_generation(home: Path, store: LocalStore) -> None:
    reader = FeatureCache(home, lambda: store)
    reader.add(given(range(4)))
    writer = FeatureCache(home, lambda: store)
    assert len(writer) == 4
    (writer.generation / "rows").write_bytes(b"")
    repaired = opened(home, store)
    repaired.add(given(range(4, 6)))
    reader.attach()
    reader.refresh()
    expect(reader, range(6))
    expect(repaired, range(6))


def test_hostile_packs_are_ignored_with_a_note_and_the_others_taken(home: Path, store: LocalStore) -> None:
    good = pack.write(ALGORITHM, [Entry(bytes.fromhex(item(1)), made(1).pack(), b"")])
    _publish(store, good)
    bad = [
        _publish(store, b"nonsense"),
        _publish(store, good[:-1]),
        _publish(store, pack.write("other-1:x", [Entry(bytes(32), b"", b"")])),
        _publish(store, pack.write(ALGORITHM, [Entry(bytes(32), b"no features", b"")])),
        _publish(store, bytes(pack.LARGEST + 1)),
        _publish(store, good[:-40] + bytes([good[-40] ^ 1]) + good[-39:]),
        _publish(store, b"x", f"{features_prefix(ALGORITHM)}readme.txt"),
    ]
    cache = FeatureCache(home, lambda: store)
    assert cache.refresh() == 1
    assert cache.features_of(item(1)) == made(1)
    assert len(cache.notes) == len(bad)
    assert all(any(name in note for note in cache.notes) for name in bad)
    again = FeatureCache(home, lambda: store)
    again.refresh(whole=True)
    assert [note.split()[0] for note in again.notes] == [bad[-1]]  # the others were written down as refused


def test_items_that_begin_alike_are_told_apart(home: Path, store: LocalStore) -> None:
    twins = [bytes(8) + n.to_bytes(24, "big") for n in range(5)]
    _publish(store, pack.write(ALGORITHM, [Entry(twin, made(n).pack(), b"") for n, twin in enumerate(twins[:4])]))
    cache = opened(home, store)
    assert [cache.features_of(twin.hex()) for twin in twins] == [*(made(n) for n in range(4)), None]


def test_what_is_no_item_is_refused(home: Path, store: LocalStore) -> None:
    with pytest.raises(InvalidPack, match="not a SHA-256"):
        FeatureCache(home, lambda: store).missing(["abc"])
    with pytest.raises(InvalidPack, match="not a SHA-256"):
        FeatureCache(home, lambda: store).features_of("zz" * 32)


def test_a_home_that_cannot_be_written_is_said_in_the_archives_own_words(home: Path, store: LocalStore) -> None:
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file where a directory belongs")
    with pytest.raises(SpoolError, match="cache of features"):
        FeatureCache(home, lambda: store).add(given(range(1)))
