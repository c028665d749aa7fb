"""Every promise of ``storage.store``, kept by a directory, by SeaweedFS, by Ceph, and by stores made of two."""

from __future__ import annotations

import io
import os
import threading
import tracemalloc
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storage.digest import Digest
from storage.errors import (
    InvalidName,
    NameTaken,
    ObjectCorrupt,
    ObjectMissing,
    PlaceMissing,
    SourceChanged,
    StoreError,
    TooLarge,
)
from storage.guarantees import Guarantees
from storage.layout import object_name
from storage.store import Check, Put

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.store import Store, Stored
    from tests.storage.conftest import Place

NAME = "objects/one"
DATA = bytes(range(256)) * 4096  # 1 MiB: several chunks
SIZES = [0, 1, 255, 256 * 1024, 256 * 1024 + 1, 3_000_000]


def put(store: Store, name: str, data: bytes) -> Stored:
    return store.put(name, io.BytesIO(data), digest=Digest.of(data), size=len(data))


def whole(store: Store, name: str, data: bytes) -> bytes:
    with store.open(name, digest=Digest.of(data)) as stream:
        return stream.read()


def overwrite(place: Place, name: str, data: bytes) -> None:
    """Change every copy of an object behind the store's back, as bad disks or somebody with the credentials can."""
    for part in place.parts:
        if part.server is None:
            path = Path(part.url.removeprefix("file:")) / name
            path.chmod(0o644)
            path.write_bytes(data)
        else:
            bucket, _, prefix = part.url.removeprefix("s3://").partition("?")[0].partition("/")
            part.server.client().put_object(Bucket=bucket, Key=f"{prefix}/{name}", Body=data)


def together(calls: list[Callable[[], Stored]]) -> list[Stored | StoreError]:
    """Make all calls at the same moment, and give their outcomes."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Stored]) -> Stored | StoreError:
        barrier.wait()
        try:
            return call()
        except StoreError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_put_is_read_back_byte_for_byte(store: Store, size: int) -> None:
    data = (DATA * 3)[:size]
    stored = put(store, NAME, data)
    assert stored.put is Put.CREATED
    assert stored.check in set(Check)
    assert whole(store, NAME, data) == data
    assert store.read(NAME, limit=size) == data
    assert store.head(NAME).size == size
    assert store.head(NAME).digest in {None, Digest.of(data)}
    assert list(store.names("objects/")) == [NAME]


def test_a_source_is_taken_from_where_it_stands(store: Store) -> None:
    source = io.BytesIO(b"skipped" + DATA)
    source.seek(7)
    store.put(NAME, source, digest=Digest.of(DATA), size=len(DATA))
    assert whole(store, NAME, DATA) == DATA


def test_a_file_is_stored_like_a_stream(store: Store, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.write_bytes(DATA)
    assert store.put_file(NAME, spool, digest=Digest.of(DATA), size=len(DATA)).put is Put.CREATED
    spool.unlink()
    assert whole(store, NAME, DATA) == DATA
    spool.write_bytes(DATA)
    assert store.put_file(NAME, spool, digest=Digest.of(DATA), size=len(DATA)).put is Put.ALREADY_THERE
    spool.write_bytes(DATA[::-1])
    with pytest.raises(NameTaken):
        store.put_file(NAME, spool, digest=Digest.of(DATA[::-1]), size=len(DATA))
    assert whole(store, NAME, DATA) == DATA


def test_a_file_that_is_missing_or_of_another_size_is_not_stored(store: Store, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    with pytest.raises(StoreError):
        store.put_file(NAME, spool, digest=Digest.of(DATA), size=len(DATA))
    spool.write_bytes(DATA[:-1])
    with pytest.raises(SourceChanged):
        store.put_file(NAME, spool, digest=Digest.of(DATA), size=len(DATA))
    assert list(store.names("objects/")) == []


def test_the_same_bytes_again_are_found_there_and_verified(store: Store) -> None:
    put(store, NAME, DATA)
    again = put(store, NAME, DATA)
    assert again.put is Put.ALREADY_THERE
    assert again.check in {Check.READ_BACK, Check.SERVER_VERIFIED}


def test_other_bytes_never_replace_what_a_name_holds(store: Store) -> None:
    put(store, NAME, b"first")
    with pytest.raises(NameTaken) as caught:
        put(store, NAME, b"other")
    assert caught.value.found == Digest.of(b"first")
    assert caught.value.offered == Digest.of(b"other")
    assert store.read(NAME, limit=100) == b"first"


@pytest.mark.parametrize("found", [DATA[:-1] + b"!", DATA[:-1], DATA + b"!", b""])
def test_bytes_that_are_not_those_declared_are_not_stored(store: Store, found: bytes) -> None:
    with pytest.raises(SourceChanged):
        store.put(NAME, io.BytesIO(found), digest=Digest.of(DATA), size=len(DATA))
    assert list(store.names("objects/")) == []
    put(store, NAME, DATA)
    with pytest.raises((SourceChanged, NameTaken)):
        store.put(NAME, io.BytesIO(found), digest=Digest.of(found[::-1] + b"?"), size=len(found))
    assert whole(store, NAME, DATA) == DATA


def test_of_sixteen_writers_of_the_same_bytes_one_creates_and_all_succeed(store: Store) -> None:
    outcomes = together([lambda: put(store, NAME, DATA)] * 16)
    puts = [outcome if isinstance(outcome, StoreError) else outcome.put for outcome in outcomes]
    assert sorted(map(str, puts)) == ["already-there"] * 15 + ["created"]
    assert whole(store, NAME, DATA) == DATA


def test_of_two_contents_racing_for_a_name_one_wins_and_the_other_is_told(store: Store) -> None:
    contents = [b"one" * 1000, b"two" * 1000]
    outcomes = together([lambda data=contents[n % 2]: put(store, NAME, data) for n in range(16)])  # type: ignore[misc]
    winner = contents.index(store.read(NAME, limit=3000))
    for number, outcome in enumerate(outcomes):
        if number % 2 == winner:
            assert not isinstance(outcome, StoreError)
        else:
            assert isinstance(outcome, NameTaken)


@pytest.mark.parametrize("position", [0, len(DATA) // 2, len(DATA) - 1])
def test_a_wrong_byte_is_never_returned_as_good(place: Place, store: Store, position: int) -> None:
    put(store, NAME, DATA)
    damaged = bytearray(DATA)
    damaged[position] ^= 1
    overwrite(place, NAME, bytes(damaged))
    received = bytearray()
    with store.open(NAME, digest=Digest.of(DATA)) as stream:
        steps = iter(lambda: stream.read(65_536), b"")  # the last step ends where the object ends
        with pytest.raises(ObjectCorrupt) as caught:
            deque(map(received.extend, steps))
        with pytest.raises(ObjectCorrupt):
            stream.read(1)
    assert caught.value.found == Digest.of(bytes(damaged))
    assert len(received) < len(DATA), "the last part is held back"
    with pytest.raises((NameTaken, ObjectCorrupt)):
        put(place.store(probed=False), NAME, DATA)  # not taken for granted: read


@pytest.mark.parametrize("data", [b"", DATA[:-1], DATA[: 256 * 1024], DATA + b"!", DATA * 2])
def test_an_object_that_was_cut_or_grew_does_not_end_well(place: Place, store: Store, data: bytes) -> None:
    put(store, NAME, DATA)
    overwrite(place, NAME, data)
    with store.open(NAME, digest=Digest.of(DATA)) as stream, pytest.raises(ObjectCorrupt):
        stream.read()


def test_reading_may_stop_early_and_in_steps_of_any_size(place: Place, store: Store) -> None:
    put(store, NAME, DATA)
    with store.open(NAME, digest=Digest.of(b"another")) as stream:
        if place.beside is None:
            assert stream.read(100) == DATA[:100]
        else:  # a store made of several shows nothing before all of it was right
            with pytest.raises(ObjectCorrupt):
                stream.read(100)
    with store.open(NAME, digest=Digest.of(DATA)) as stream:
        parts = [stream.read(1), stream.read(0), stream.read(300_000), stream.read()]
        assert b"".join(parts) == DATA
        assert stream.read() == b""


def test_what_fails_in_the_readers_own_block_stays_its_own(store: Store) -> None:
    put(store, NAME, DATA)
    with pytest.raises(OSError, match="the reader's disk"), store.open(NAME, digest=Digest.of(DATA)):
        raise OSError("the reader's disk")


def test_a_small_read_is_bounded(store: Store) -> None:
    put(store, NAME, b"12345")
    assert store.read(NAME, limit=5) == b"12345"
    with pytest.raises(TooLarge):
        store.read(NAME, limit=4)


def test_what_is_not_there_is_said_to_be_missing(store: Store) -> None:
    for name in (NAME, "nowhere/at/all"):
        with pytest.raises(ObjectMissing):
            store.read(name, limit=1)
        with pytest.raises(ObjectMissing):
            store.head(name)
        with pytest.raises(ObjectMissing), store.open(name, digest=Digest.of(b"")):
            pass


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "a//b", ".incoming/x", "ünïcode", "a b", "x" * 600, ""])
def test_no_call_takes_what_is_no_name(store: Store, name: str) -> None:
    digest = Digest.of(b"")
    with pytest.raises(InvalidName):
        store.put(name, io.BytesIO(), digest=digest, size=0)
    with pytest.raises(InvalidName):
        store.read(name, limit=1)
    with pytest.raises(InvalidName):
        store.head(name)
    with pytest.raises(InvalidName), store.open(name, digest=digest):
        pass


def test_a_place_that_does_not_exist_is_said_to_be_missing_and_not_made_in_passing(place: Place) -> None:
    store = place.missing()
    calls: list[Callable[[], object]] = [
        lambda: put(store, NAME, DATA),
        lambda: store.read(NAME, limit=1),
        lambda: store.head(NAME),
        lambda: list(store.names()),
        store.probe,
    ]
    for call in calls:
        with pytest.raises(PlaceMissing) as caught:
            call()
        assert caught.value.hint


def test_making_a_place_twice_leaves_it_as_it_is(store: Store) -> None:
    put(store, NAME, DATA)
    store.create()
    assert whole(store, NAME, DATA) == DATA


def test_names_come_in_order_and_by_prefix(place: Place) -> None:
    store = place.store(probed=False)
    assert list(store.names()) == []
    names = [object_name(Digest.of(bytes([n]))) for n in range(20)]
    names += ["format.json", *(f"log/events/{n:012d}.json" for n in (0, 2, 10, 100))]
    for name in names:
        put(store, name, b"x")
    assert list(store.names()) == sorted(names)
    assert list(store.names("log/")) == sorted(name for name in names if name.startswith("log/"))
    assert list(store.names("log/events/1")) == []
    assert list(store.names("log/events/000000000010")) == ["log/events/000000000010.json"]
    assert list(store.names("for")) == ["format.json"]
    assert list(store.names("nothing")) == []


def test_a_listing_goes_on_beyond_a_thousand_names(place: Place) -> None:
    store = place.store()
    names = [f"many/{n:05d}" for n in range(1005)]
    with ThreadPoolExecutor(16) as pool:
        for stored in pool.map(lambda name: put(store, name, name.encode()), names):
            assert stored.put is Put.CREATED
    assert list(store.names("many/")) == names
    assert store.read("many/01004", limit=10) == b"many/01004"


def test_two_stores_in_one_place_see_only_their_own(place: Place) -> None:
    one, other = place.store("a"), place.store("ab")
    put(one, NAME, b"one")
    put(other, NAME, b"other")
    put(other, "only/here", b"x")
    assert one.read(NAME, limit=10) == b"one"
    assert other.read(NAME, limit=10) == b"other"
    assert not [name for name in one.names() if "only" in name]
    with pytest.raises(ObjectMissing):
        one.head("only/here")


@pytest.mark.slow
def test_a_large_object_passes_through_in_little_memory(store: Store, tmp_path: Path) -> None:
    size = 64 * 1024 * 1024
    path = tmp_path / "large"
    with path.open("wb") as file:
        for _ in range(64):
            file.write(os.urandom(1024 * 1024))
    with path.open("rb") as source:
        digest, _ = Digest.of_stream(source)
    received = 0
    tracemalloc.start()
    try:
        with path.open("rb") as source:
            store.put(NAME, source, digest=digest, size=size)
        with store.open(NAME, digest=digest) as stream:
            while chunk := stream.read(1024 * 1024):
                received += len(chunk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert received == size
    assert peak < 16 * 1024 * 1024


def test_a_probe_can_be_repeated_and_leaves_only_its_own_names(place: Place) -> None:
    store = place.store(probed=False)
    first = store.probe()
    left = list(store.names())
    assert all(name.startswith("probe/") for name in left)
    assert store.probe() == first
    assert list(store.names()) == left
    assert Guarantees.from_json(first.to_json()) == first
    assert first.private is True


def test_no_error_and_no_url_holds_a_credential(place: Place, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, NAME, b"first")
    with pytest.raises(NameTaken) as caught:
        put(store, NAME, b"other")
    for server in [part.server for part in place.parts if part.server is not None]:
        for text in (str(caught.value), caught.value.hint, store.url, repr(store)):
            assert server.secret_key not in text
            assert server.access_key not in text
