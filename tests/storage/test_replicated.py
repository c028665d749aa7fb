"""What a store made of several promises beyond what every store does."""

from __future__ import annotations

import io
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.digest import Digest
from storage.errors import NameTaken, ObjectMissing, PlaceMissing, StoreError
from storage.held_back import IN_MEMORY
from storage.layout import batch_name, features_prefix, object_name, pack_name
from storage.local import LocalStore
from storage.replicated import ReplicatedStore
from storage.store import Check, Put
from tests.storage.conftest import Opened

DATA = os.urandom(IN_MEMORY + 100_000)
DIGEST = Digest.of(DATA)
NAME = object_name(DIGEST)
PACK = "features-1"


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Three empty stores."""
    made = [tmp_path / name for name in ("main", "attic", "far")]
    for folder in made:
        LocalStore(folder).create()
    return made


def several(folders: list[Path], optional: str = "far") -> ReplicatedStore:
    return ReplicatedStore([Opened(each.name, LocalStore(each), each.name != optional) for each in folders])


def put(store: ReplicatedStore, name: str, data: bytes) -> None:
    store.put(name, io.BytesIO(data), digest=Digest.of(data), size=len(data))


def test_every_store_holds_the_bytes_and_each_copy_has_its_own_reason(folders: list[Path], tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_bytes(DATA)
    put(several(folders[1:2], ""), NAME, DATA)

    stored = several(folders).put_file(NAME, spool, digest=DIGEST, size=len(DATA))

    assert [(Path(url.removeprefix("file:")).name, one.put, one.check) for url, one in stored.copies] == [
        ("main", Put.CREATED, Check.HASHED_WHILE_WRITTEN),
        ("attic", Put.ALREADY_THERE, Check.READ_BACK),
        ("far", Put.CREATED, Check.HASHED_WHILE_WRITTEN),
    ]
    spool.unlink()
    assert [(each / NAME).stat().st_nlink for each in folders] == [1, 1, 1]


def test_writers_that_race_for_a_name_of_the_log_leave_the_same_bytes_in_every_store(folders: list[Path]) -> None:
    def write(number: int) -> str:
        try:
            put(several(folders), batch_name(number // 8), b"writer %d" % number)
        except NameTaken:
            return "taken"
        return "won"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(write, range(64)))

    assert outcomes.count("won") == 8
    for number in range(8):
        assert len({(each / batch_name(number)).read_bytes() for each in folders}) == 1


def test_a_required_store_that_is_gone_refuses_the_put_by_its_name_and_the_rest_is_taken_up_later(
    folders: list[Path],
) -> None:
    shutil.rmtree(folders[1])
    for name in (NAME, batch_name(0)):
        with pytest.raises(PlaceMissing, match="the store attic: ") as caught:
            put(several(folders), name, DATA)
        said = "Nothing was acknowledged" in caught.value.hint
        assert said == (name == NAME), "a transaction is committed before it is put: that would be untrue of it"
    LocalStore(folders[1]).create()

    for name in (NAME, batch_name(0)):
        put(several(folders), name, DATA)
        assert {(each / name).read_bytes() for each in folders} == {DATA}


def test_what_can_be_made_again_is_acknowledged_by_the_first_store_alone(folders: list[Path]) -> None:
    store = several(folders)
    shutil.rmtree(folders[1])
    put(store, pack_name(PACK, 0), b"features")
    assert "the store attic did not take what it should hold" in store.notes()[0]
    assert list(store.names(features_prefix(PACK))) == [pack_name(PACK, 0)]
    with pytest.raises(ObjectMissing):
        several(folders).read(pack_name(PACK, 1), limit=10)


@pytest.mark.parametrize("place", [0, len(DATA) // 2, len(DATA) - 1])
def test_a_copy_that_is_wrong_anywhere_is_never_shown(folders: list[Path], place: int) -> None:
    store = several(folders)
    put(store, NAME, DATA)
    damaged = bytearray(DATA)
    damaged[place] ^= 1
    (folders[0] / NAME).unlink()
    (folders[0] / NAME).write_bytes(damaged)
    (folders[1] / NAME).unlink()

    with store.open(NAME, digest=DIGEST) as stream:
        assert stream.read(1000) == DATA[:1000]
    with store.open(NAME, digest=DIGEST) as stream:
        assert stream.read() == DATA

    assert [note.partition(":")[0] for note in store.notes()] == [
        "the store attic lacks what another store holds",
        "the store main holds altered bytes",
    ]
    assert "and 1 more" in store.notes()[1]


def test_missing_is_said_only_where_every_required_store_says_so(folders: list[Path]) -> None:
    put(several(folders), batch_name(0), b"0")
    shutil.rmtree(folders[2])
    with pytest.raises(ObjectMissing):
        several(folders).head(batch_name(1))
    shutil.rmtree(folders[1])
    with pytest.raises(PlaceMissing, match="the store attic: "):
        several(folders).head(batch_name(1))
    with pytest.raises(PlaceMissing):
        several(folders).read(batch_name(1), limit=10)
    assert several(folders).head(batch_name(0)).size == 1


def test_names_are_those_of_any_store_and_none_are_given_where_only_optional_stores_are_left(
    folders: list[Path],
) -> None:
    names = [batch_name(number) for number in range(3)]
    for folder, name in zip(folders, names, strict=True):
        put(several([folder], ""), name, name.encode())
    store = several(folders)
    assert list(store.names("log/")) == names
    assert [store.read(name, limit=100).decode() for name in names] == names
    shutil.rmtree(folders[0])
    store = several(folders)
    assert list(store.names("log/")) == names[1:]
    assert "the store main failed" in store.notes()[0]
    shutil.rmtree(folders[1])
    with pytest.raises(StoreError):
        list(several(folders).names("log/"))


def test_the_first_store_is_required() -> None:
    with pytest.raises(ValueError, match="required"):
        ReplicatedStore([])
    with pytest.raises(ValueError, match="required"):
        ReplicatedStore([Opened("main", LocalStore(Path("nowhere")), required=False)])
