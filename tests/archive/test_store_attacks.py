"""Whoever can write to a store, to ``archive.toml`` or to the clock, without the signing key and with it."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.archive import Archive
from archiver.clock import SystemClock
from archiver.facts.fixity import FixityCheck
from archiver.facts.vocabulary import EventOutcome
from archiver.settings import Settings
from tests import drawing
from tests.archive.desk import flip, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archive.desk import Desk
    from tests.servers.authority import Authority


@pytest.fixture(params=["one store", "two stores"])
def kept(request: pytest.FixtureRequest, on_catalogue: Desk) -> tuple[Desk, list[str]]:
    """An archive of two pictures, in one store or in two, and their items."""
    desk = on_catalogue
    if request.param == "two stores":
        desk("store", "add", "attic", "file:attic")
    return desk, [take(desk, number) for number in (1, 2)]


def take(desk: Desk, number: int) -> str:
    return desk.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number, (64, 48))), "--fast")


def main(desk: Desk) -> Path:
    return Path(desk.open_store().url.removeprefix("file:"))


def notes(desk: Desk) -> list[tuple[str, str]]:
    """What ``verify`` notes of an archive that is intact."""
    verified = desk("verify", "--json").json
    assert verified["intact"]
    return [(note["code"], note["subject"]) for note in verified["notes"]]


@pytest.mark.attack("originals-swapped")
def test_two_originals_whose_bytes_changed_places_are_both_found(kept: tuple[Desk, list[str]]) -> None:
    desk, items = kept
    one, other = (main(desk) / desk.object_of(item) for item in items)
    spare = one.with_name("spare")
    one.rename(spare)
    other.rename(one)
    spare.rename(other)

    assert {("object-corrupt", item) for item in items} <= set(desk.faults())
    said = desk("get", items[0], "-o", desk.files / "got", code=0 if (desk.home / "attic").exists() else 1)
    assert "SHA-256" in said.err


@pytest.mark.attack("nameplate-exchanged")
def test_the_nameplate_of_another_archive_is_found(kept: tuple[Desk, list[str]], tmp_path: Path) -> None:
    desk, _ = kept
    assert run("--archive", tmp_path / "other", "init").code == 0
    theirs = (tmp_path / "other/store/format.json").read_bytes()
    desk.alter("format.json", lambda _: theirs)

    assert ("nameplate", "format.json") in desk.faults()


def respelled(data: bytes) -> bytes:
    return json.dumps(json.loads(data), indent=1).encode()


def nested(_: bytes) -> bytes:
    return b"[" * 200_000


def named_twice(data: bytes) -> bytes:
    return data.replace(b'"first":', b'"first":0,"first":', 1)


def no_number(data: bytes) -> bytes:
    return data.replace(b'"first":0', b'"first":NaN', 1)


def not_text(data: bytes) -> bytes:
    return data.replace(b"Test Desk", b"Test\xffDesk", 1)


@pytest.mark.parametrize(
    "change", [respelled, nested, named_twice, no_number, not_text], ids=lambda each: each.__name__
)
@pytest.mark.attack("transaction-respelled")
def test_a_transaction_that_is_spelled_otherwise_is_found_and_nobody_chokes(
    kept: tuple[Desk, list[str]], change: Callable[[bytes], bytes]
) -> None:
    desk, items = kept
    first = desk.batches()[0]
    desk.alter(first, change)

    codes = {code for code, _ in desk.faults()}

    assert codes & {"malformed", "not-canonical"}
    assert run("--archive", desk.home, "rebuild").code == 6
    desk("list")
    assert desk.show(items[0])["item"] == items[0]


@pytest.mark.parametrize("form", ["0{}", "{}.bak", "x{}"])
@pytest.mark.attack("name-alike")
def test_a_second_object_for_a_first_number_is_noted_and_read_by_nobody(
    kept: tuple[Desk, list[str]], form: str
) -> None:
    desk, _ = kept
    root, newest = desk.root(), desk.batches()[-1]
    folder, _, last = newest.rpartition("/")
    planted = f"{folder}/{form.format(last)}"
    (main(desk) / planted).write_bytes(b"{}")

    verified = run("--archive", desk.home, "verify", "--json").json
    assert ("loose-end", planted) in {(note["code"], note["subject"]) for note in verified["notes"]}
    assert verified["root"] == root
    assert {fault["code"] for fault in verified["faults"]} <= {"store-behind"}  # the other store lacks that name


@pytest.mark.attack("name-in-capitals")
def test_an_object_whose_name_differs_in_case_is_none_of_the_archives(on_store: Desk) -> None:
    item = take(on_store, 1)
    data = on_store.open_store().read(on_store.object_of(item), limit=2**20)
    shouted = on_store.object_of(item.upper())
    if on_store.server is None:
        path = main(on_store) / shouted
        path.parent.mkdir(parents=True)
        path.write_bytes(flip(data, 0))
    else:
        bucket, _, prefix = on_store.store.removeprefix("s3://").partition("?")[0].partition("/")
        client = on_store.server.client()
        client.put_object(Bucket=bucket, Key=f"{prefix}/{shouted}", Body=flip(data, 0))
        client.close()

    assert ("loose-end", shouted) in notes(on_store)


@pytest.mark.parametrize("what", ["a link", "a link to nowhere", "a folder", "a pipe", "emptied"])
@pytest.mark.attack("original-replaced")
def test_an_original_in_whose_place_something_else_stands_is_found(kept: tuple[Desk, list[str]], what: str) -> None:
    desk, (item, _) = kept
    path = main(desk) / desk.object_of(item)
    outside = desk.files / "outside"
    path.rename(outside)
    match what:
        case "a link":
            path.symlink_to(outside)  # to the right bytes, which whoever has that file may change at any time
        case "a link to nowhere":
            path.symlink_to(desk.files / "nowhere")
        case "a folder":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case _:
            path.write_bytes(b"")

    found = [(code, subject) for code, subject in desk.faults() if subject == item]

    assert len(found) == 1
    assert found[0][0] in {"object-missing", "object-unreadable", "object-corrupt"}
    called = {"a folder": "is a directory", "a pipe": "is a FIFO", "emptied": ""}.get(what, "is a symbolic link")
    assert called in desk("verify", code=1).out
    assert called in desk("audit", code=1 if what == "emptied" else 4).out


@pytest.mark.attack("hard-link")
def test_an_original_altered_through_another_name_of_the_same_file_is_found(kept: tuple[Desk, list[str]]) -> None:
    desk, (item, _) = kept
    path, name = main(desk) / desk.object_of(item), desk.files / "another-name"
    os.link(path, name)
    name.chmod(0o600)
    name.write_bytes(flip(name.read_bytes(), 5))

    assert ("object-corrupt", item) in desk.faults()


@pytest.mark.parametrize("what", ["events", "one transaction"])
@pytest.mark.attack("log-behind-link")
def test_a_log_behind_a_link_is_not_read(kept: tuple[Desk, list[str]], what: str) -> None:
    desk, _ = kept
    path = main(desk) / ("log/events" if what == "events" else desk.batches()[-1])
    outside = desk.files / "outside"
    path.rename(outside)
    path.symlink_to(outside, target_is_directory=what == "events")

    assert {code for code, _ in desk.faults()} & {"not-an-extension", "out-of-sequence", "store-behind"}


@pytest.mark.attack("settings-altered")
def test_another_pinned_key_and_another_archives_store_are_refused(
    kept: tuple[Desk, list[str]], tmp_path: Path
) -> None:
    desk, _ = kept
    assert run("--archive", tmp_path / "other", "init").code == 0
    settings = Settings.load(desk.home)
    path = desk.home / "archive.toml"
    whole = path.read_text()
    for old, new in (
        (settings.key, Settings.load(tmp_path / "other").key),
        (settings.origin, Settings.load(tmp_path / "other").origin),
        ('store = "file:store"', f'store = "file:{tmp_path / "other/store"}"'),
    ):
        assert old in whole
        path.write_text(whole.replace(old, new))
        assert run("--archive", desk.home, "verify").code in {1, 2}, old
        assert run("--archive", desk.home, "upload", desk.file("3.jpg", b"x"), "--any-type").code in {2, 3, 4, 6}, old
    path.write_text(whole)
    desk.root()


@pytest.mark.attack("stores-rolled-back")
def test_an_older_copy_of_store_in_the_place_of_todays_is_found_by_the_catalogue(kept: tuple[Desk, list[str]]) -> None:
    desk, items = kept
    if (desk.home / "attic").exists():
        shutil.copytree(desk.home / "attic", desk.files / "attic-then")
    shutil.copytree(main(desk), desk.files / "then")
    take(desk, 3)
    shutil.rmtree(main(desk))
    (desk.files / "then").rename(main(desk))
    if (desk.home / "attic").exists():
        shutil.rmtree(desk.home / "attic")
        (desk.files / "attic-then").rename(desk.home / "attic")

    assert "not-an-extension" in {code for code, _ in desk.faults()}
    desk("claim", items[0], "A claim", "--by", "Ada", code=6)


class Elsewhen(SystemClock):
    """A clock that somebody set."""

    def __init__(self, apart: timedelta) -> None:
        self._apart = apart

    def now(self) -> datetime:
        """The moment, wrong by as much."""
        return super().now() + self._apart


def a_check(desk: Desk) -> FixityCheck:
    """That all is whole, says whoever can sign."""
    now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    said = {"store": desk.open_store().url, "log_size": 1, "log_root": "0" * 64, "objects": 9, "bytes": 9, "failed": 0}
    told = {"unread": 0, "covered": "0" * 64, "outcome": EventOutcome.SUCCESS, "started": now, "ended": now}
    return FixityCheck.model_validate(said | told)


@pytest.mark.attack("clock-back")
def test_an_event_with_a_time_that_was_set_back_is_noted(kept: tuple[Desk, list[str]]) -> None:
    desk, _ = kept
    with closing(Archive(desk.home, actor="Somebody", clock=Elsewhen(timedelta(days=-400)))) as archive:
        archive.record(lambda _: [a_check(desk)])
    place = desk.counts()["events"] - 1

    assert ("clock-back", f"event {place}") in notes(desk)


@pytest.mark.attack("clock-ahead")
def test_an_event_with_a_time_behind_the_stamp_over_it_is_noted(local: Desk, authority: Authority) -> None:
    take(local, 1)
    assert [code for code, _ in notes(local) if code.startswith("clock")] == []
    with closing(Archive(local.home, actor="Somebody", clock=Elsewhen(timedelta(days=2)))) as archive:
        archive.record(lambda _: [a_check(local)])
    place = local.counts()["events"] - 1
    assert [code for code, _ in notes(local) if code.startswith("clock")] == []  # nothing says yet that it is not so
    authority.settings(local.home)
    local("stamp")

    assert ("clock-ahead", f"event {place}") in notes(local)


@pytest.mark.attack("check-forged")
def test_a_claim_that_all_is_whole_by_whoever_can_sign_makes_nothing_whole(kept: tuple[Desk, list[str]]) -> None:
    """The honest hole: it is in the log, signed. Whoever reads the copies finds them as they are."""
    desk, (item, _) = kept
    with closing(desk.archive()) as archive:
        archive.record(lambda _: [a_check(desk)])
    desk.root()
    desk.alter(desk.object_of(item), lambda data: flip(data, 3))

    assert ("object-corrupt", item) in desk.faults()
    audited = desk("audit", "--json", code=1)
    assert item in audited.out
