"""``sync`` leaves all stores alike, killed or not; it copies what is good and nothing else, and overwrites nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from archiver.carrying import Carrier
from archiver.promised import Promised
from storage.local import LocalStore
from tests import drawing
from tests.archive.attic import ATTIC, attic_of, change, files, main_of, picture, with_attic
from tests.archive.desk import finished, flip
from tests.archive.processes import killed

if TYPE_CHECKING:
    from archiver.carrying import Carried
    from tests.archive.desk import Desk
    from tests.servers.authority import Authority


@pytest.mark.attack("log-copy-altered")
def test_what_is_altered_is_copied_nowhere_and_overwritten_nowhere(local: Desk) -> None:
    first = local.take("one.jpg", picture(1))
    second = local.take("two.jpg", picture(2))
    local("store", "add", ATTIC, f"file:{ATTIC}")
    batch = local.batches()[0]
    bad = [local.object_of(first), batch]
    for name in bad:
        change(main_of(local) / name, lambda data: flip(data, len(data) // 2))

    answer = local("sync", "--json", code=1)

    synced = answer.json
    assert {(each["store"], each["name"]) for each in synced["altered"]} == {("main", name) for name in bad}
    assert {(each["store"], each["name"]) for each in synced["left"]} == {(ATTIC, name) for name in bad}
    assert not any((attic_of(local) / name).exists() for name in bad)
    assert (attic_of(local) / local.object_of(second)).exists()
    change(main_of(local) / local.object_of(first), lambda data: flip(data, len(data) // 2))
    change(main_of(local) / batch, lambda data: flip(data, len(data) // 2))
    assert local("sync", "--json").json["complete"]
    change(attic_of(local) / batch, lambda data: data.replace(b"events", b"Events", 1))
    assert ("copy-differs", batch) in local.faults()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["put-into:2", "put-into:5", "recording"])
def test_a_sync_killed_at_any_step_is_finished_by_the_same_command(local: Desk, step: str) -> None:
    items = [local.take(f"{seed}.jpg", picture(seed)) for seed in range(3)]
    local("store", "add", ATTIC, f"file:{ATTIC}")
    killed(local, "sync", at=step)

    assert local("sync", "--json").json["complete"]

    assert files(attic_of(local)) == files(main_of(local))
    for item in items:
        assert {copy["store"] for copy in local.show(item)["copies"]} == {
            f"file:{main_of(local)}",
            f"file:{attic_of(local)}",
        }
    local.root()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["put-into:1", "put-into:2", "committed", "put-into:3", "put-into:4", "published"])
def test_an_upload_into_two_stores_killed_at_any_step_is_finished_by_the_same_command(local: Desk, step: str) -> None:
    with_attic(local)
    path = local.file("one.jpg", picture(1))
    killed(local, "upload", "--fast", path, at=step)

    (receipt,) = local.upload("--fast", path)

    assert len(local.show(receipt["item"])["copies"]) == 2
    assert local("sync", "--json").json["complete"]
    assert files(attic_of(local)) == files(main_of(local))
    local.root()


def test_time_stamps_are_copied_when_they_verify_and_not_when_they_do_not(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    local.take("one.jpg", picture(1))
    local("stamp")
    good = local("stamp", "--json").lines[0]["place"].removesuffix("tsr")
    local.take("two.jpg", picture(2))
    bad = local("stamp", "--json").lines[0]["place"].removesuffix("tsr")
    change(main_of(local) / f"{bad}tsq", lambda data: flip(data, len(data) - 1))
    local("store", "add", ATTIC, f"file:{ATTIC}")

    synced = local("sync", "--json", code=1).json

    assert {each["name"] for each in synced["left"]} == {f"{bad}{part}" for part in ("note", "pem", "tsq", "tsr")}
    assert all((attic_of(local) / f"{good}{part}").exists() for part in ("note", "pem", "tsq", "tsr"))
    change(main_of(local) / f"{bad}tsq", lambda data: flip(data, len(data) - 1))
    assert local("sync", "--json").json["complete"]
    assert local("verify", "--store", ATTIC, "--json").json["stamps"] == 2


@pytest.mark.slow
def test_processes_that_upload_into_two_stores_at_once_leave_them_alike(on_catalogue: Desk) -> None:
    desk = with_attic(on_catalogue)
    for seed in range(4):
        desk.file(f"in/{seed}.jpg", picture(seed))

    finished(*(desk.start("upload", desk.files / "in") for _ in range(3)))

    assert files(attic_of(desk)) == files(main_of(desk))
    assert desk.counts()["items"] == 4
    desk.root()


def test_what_is_withdrawn_while_sync_has_it_in_hand_is_named_and_the_same_order_erases_it(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading and the putting nobody asks again; the end of the run does."""
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1, (64, 48))), "--fast")
    local("store", "add", ATTIC, "file:attic")
    order = ("withdraw", item, "--authority", "District Court", "--reason", "Article 17", "--yes")
    put = Carrier._put

    def late(self: Carrier, carried: Carried, *rest: Any) -> None:
        if carried.name == local.object_of(item) and not local("list", "--withdrawn", "--json").lines:
            finished(local.start(*order))
        put(self, carried, *rest)

    monkeypatch.setattr(Carrier, "_put", late)

    synced = local("sync", "--json", code=1)

    (left,) = [each for each in synced.json["left"] if each["name"] == local.object_of(item)]
    assert (left["store"], left["why"].partition(":")[0]) == (ATTIC, "it was withdrawn while it was copied")
    assert (local.home / "attic" / local.object_of(item)).exists()
    monkeypatch.undo()
    local(*order)
    assert not (local.home / "attic" / local.object_of(item)).exists()
    assert local("sync", "--json").json["left"] == []


def test_a_lock_is_tried_once_however_many_ask_at_once(local: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = LocalStore.object_lock

    def slowly(self: LocalStore) -> str:
        asked.append(self.url)
        time.sleep(0.05)
        return real(self)

    monkeypatch.setattr(LocalStore, "object_lock", slowly)
    with closing(local.archive()) as archive, ThreadPoolExecutor(8) as pool:
        promised, copy = Promised(archive), archive.copies[0]
        assert list(pool.map(lambda _: promised.locks(copy), range(8))) == [False] * 8
    assert len(asked) == 1
