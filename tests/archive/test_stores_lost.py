"""What is acknowledged lies in all stores that are required; what one of them loses is read from another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from storage.digest import Digest
from storage.url import open_store
from tests.archive.attic import ATTIC, attic_of, change, files, gone, main_of, picture, taking_no_log, with_attic
from tests.archive.conftest import place
from tests.archive.desk import flip
from tests.servers.faults import Fault, FaultProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk


def test_with_a_required_store_down_nothing_is_acknowledged_and_the_same_command_finishes_later(local: Desk) -> None:
    with_attic(local)
    local.take("before.jpg", picture(1))
    events = local.counts()["events"]
    attic_of(local).rename(local.home / "unmounted")

    answer = local("upload", "--json", local.file("new.jpg", picture(2)), code=4)

    assert "the store attic: there is no store at" in answer.err
    assert not [line for line in answer.lines if line.get("status") == "archived"]
    local("claim", local("list", "--json").lines[0]["item"], "A claim", "--by", "Ada", code=4)
    (local.home / "unmounted").rename(attic_of(local))
    assert local.counts()["events"] == events
    local.take("new.jpg", picture(2))
    local("sync")
    assert files(attic_of(local)) == files(main_of(local))
    local.root()


@pytest.mark.parametrize("where", ["store", ATTIC])
def test_what_is_committed_and_not_in_every_store_is_said_to_be_and_sync_puts_it_there(local: Desk, where: str) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    new = local.file("new.jpg", picture(2))
    with taking_no_log(local.home / where):
        claimed = local("claim", item, "A claim", "--by", "Ada", "--json", code=4)
        taken = local("upload", "--json", new, code=4)
        events = local.counts()["events"]
        waiting = [
            local("withdraw", item, "--authority", "A court", "--reason", "x", "--yes", code=4),
            local("sync", code=4),
        ]
        assert local.counts()["events"] == events

    for answer in (claimed, taken):
        assert "hint: This is recorded, and not yet in every store" in answer.err
    for answer in waiting[: 1 if where == ATTIC else 2]:  # which `sync` names among the stores that it cannot fill
        assert "hint: What was recorded before is in force, and not yet in every store" in answer.err
    for answer in (claimed, taken, *waiting):
        assert "acknowledged" not in answer.err
    assert claimed.json["hint"].endswith("`archiver sync` puts it there.")
    assert "repeat the upload, which gives the receipts" in taken.err
    assert local("sync", "--json").json["complete"]
    assert local.counts()["events"] == events
    assert files(attic_of(local)) == files(main_of(local))
    local.root()


def test_an_optional_store_that_is_down_costs_a_note_and_sync_brings_what_it_lacks(local: Desk) -> None:
    with_attic(local, "--optional")
    attic_of(local).rename(local.home / "unmounted")

    answer = local("upload", "--json", local.file("new.jpg", picture(2)))

    assert [line["status"] for line in answer.lines] == ["archived"]
    assert "note: the store attic did not take what it should hold" in answer.err
    (local.home / "unmounted").rename(attic_of(local))
    (copy,) = local.show(answer.lines[0]["item"])["copies"]
    assert copy["store"] == f"file:{main_of(local)}"
    assert {note["code"] for note in local("verify", "--json").json["notes"]} == {"store-behind"}
    assert local("sync", "--json").json["recorded"] == 1
    assert files(attic_of(local)) == files(main_of(local))


@pytest.mark.parametrize("how", [gone, lambda data: data[: len(data) // 2], lambda data: flip(data, len(data) - 1)])
@pytest.mark.attack("copy-altered")
def test_a_bad_copy_costs_no_read_is_told_and_is_named_by_verify(
    local: Desk, how: Callable[[bytes], bytes | None]
) -> None:
    with_attic(local)
    data = picture(1)
    item = local.take("one.jpg", data)
    change(main_of(local) / local.object_of(item), how)
    target = local.files / "got.jpg"

    answer = local("get", item, "-o", target)

    assert target.read_bytes() == data
    assert "note: the store main" in answer.err
    assert item in answer.err
    faults = local.faults()
    assert ("object-missing" if how is gone else "object-corrupt", item) in faults
    local("verify", "--store", ATTIC, "--json", code=1 if how is gone else 0)

    change(attic_of(local) / local.object_of(item), lambda data: flip(data, 0))
    target.unlink()
    assert "not intact" in local("get", item, "-o", target, code=1).err
    assert not target.exists()


def test_with_one_store_gone_everything_is_read_and_adding_it_again_and_sync_restore_it(local: Desk) -> None:
    with_attic(local)
    data = picture(1)
    item = local.take("one.jpg", data)
    root = local.root()
    held = files(main_of(local))
    shutil.rmtree(main_of(local))

    got = local("get", item, "-o", local.files / "got.jpg")
    assert (local.files / "got.jpg").read_bytes() == data
    assert "note: the store main" in got.err
    assert local.find(local.file("again.jpg", data))["matches"][0]["item"] == item
    assert local.show(item)["item"] == item
    listed = local("store", "list", "--json").lines
    assert [bool(each["error"]) for each in listed] == [True, False]
    assert local("status", "--json").json["stores"][0]["error"]
    local("verify", code=4)
    assert local("verify", "--store", ATTIC, "--json", code=1).json["faults"][0]["code"] == "store-silent"
    local("upload", local.file("new.jpg", picture(2)), code=4)

    local("store", "add", "main", "file:store")
    assert local("sync", "--json").json["complete"]

    assert files(main_of(local)) == held == files(attic_of(local))
    assert local.root() == root


def test_a_catalogue_is_made_anew_from_one_store_alone_and_never_from_fewer_than_all_by_accident(local: Desk) -> None:
    with_attic(local)
    local.take("one.jpg", picture(1))
    root = local.root()
    shutil.rmtree(main_of(local))
    (local.home / "catalogue.db").unlink()

    answer = local("rebuild", code=4)

    assert "--from NAME" in answer.err
    assert local("rebuild", "--from", ATTIC, "--json").json["root"] == root
    local("rebuild", "--from", "nowhere", code=2)


@pytest.mark.attack("store-rolled-back")
def test_a_store_that_lags_or_was_rolled_back_never_makes_the_log_shorter(local: Desk) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    saved = local.home / "yesterday.db"
    local("status")
    shutil.copy(local.home / "catalogue.db", saved)
    local("claim", item, "A claim", "--by", "Ada")
    last = local.batches()[-1]
    change(main_of(local) / last, gone)  # one store has lost the end of the log

    local("claim", item, "Another claim", "--by", "Ada")  # the other one still has it

    codes = {code for code, _ in local.faults()}
    assert "store-behind" in codes
    assert local("sync", "main", "--json").json["copied"] == {"main": 1}
    root = local.root()
    for name in local.batches()[-2:]:
        change(main_of(local) / name, gone)  # main was rolled back, and the catalogue with it
    for name in ("catalogue.db-wal", "catalogue.db-shm"):
        (local.home / name).unlink(missing_ok=True)
    shutil.copy(saved, local.home / "catalogue.db")
    assert "run `archiver rebuild`" in local("claim", item, "A fork", "--by", "Eve", code=6).err
    assert local("rebuild", "--json").json["root"] == root
    local("sync")
    assert local.root() == root


@pytest.mark.attack("store-exchanged")
def test_another_archives_store_in_the_place_of_one_is_neither_read_nor_written_nor_believed(
    local: Desk, furnished_once: Desk
) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    shutil.rmtree(attic_of(local))
    shutil.copytree(furnished_once.home / "store", attic_of(local))
    before = files(attic_of(local))

    assert local.show(item)["item"] == item  # their log is longer, and is not ours

    assert "is of another archive" in local("list", "--json").err
    assert "is of another archive" in local("upload", local.file("new.jpg", picture(2)), code=4).err
    synced = local("sync", "--json", code=4).json
    assert "is of another archive" in synced["failed"][ATTIC]
    assert synced["lacking"] == {"main": 0, ATTIC: None}
    assert "attic: what it lacks cannot be told" in local("sync", code=4).out
    assert ("nameplate", "format.json in the store attic") in local.faults()
    assert files(attic_of(local)) == before


@pytest.mark.server
@pytest.mark.parametrize("where", [("seaweedfs", "postgres"), ("seaweedfs", "sqlite")], ids="-".join)
def test_a_bucket_and_a_directory_hold_the_same_and_either_stands_in_for_the_other(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, where: tuple[str, str]
) -> None:
    desk = place(request, where, tmp_path).make()
    first = desk.take("one.jpg", picture(1))
    with_attic(desk)
    second = desk.take("two.jpg", picture(2))
    root = desk.root()
    checks = {copy["check"] for copy in desk.show(second)["copies"]}
    assert checks == {"server-verified", "hashed-while-written"}
    assert desk("verify", "--store", ATTIC, "--json").json["root"] == root

    desk.alter(desk.object_of(first), lambda data: data[: len(data) // 2])  # the server kept half of it
    desk.alter(desk.object_of(second), lambda _: None)
    for item, seed in ((first, 1), (second, 2)):
        target = desk.files / f"got-{seed}.jpg"
        assert "note: the store main" in desk("get", item, "-o", target).err
        assert target.read_bytes() == picture(seed)
    assert {code for code, _ in desk.faults()} == {"object-corrupt", "object-missing", "store-behind"}
    assert desk("sync", "--json").json["copied"]["main"] == 1

    shutil.rmtree(attic_of(desk))
    assert desk("get", second, "-o", desk.files / "again.jpg").code == 0
    desk("upload", desk.file("new.jpg", picture(3)), code=4)
    desk("store", "add", ATTIC, f"file:{ATTIC}")
    answer = desk(
        "sync", "--json", code=1
    ).json  # of the half nothing good is left in the bucket, and the rest is whole
    assert [each["name"] for each in answer["left"]] == [desk.object_of(first)]


@pytest.mark.server
def test_a_server_that_fails_or_lies_beside_a_directory_is_named_and_filled(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None
) -> None:
    desk = place(request, ("local", "sqlite"), tmp_path).make()
    (tmp_path / "beside").mkdir()
    on_server = place(request, ("seaweedfs", "sqlite"), tmp_path / "beside")
    assert on_server.server is not None
    with FaultProxy(on_server.server.endpoint) as proxy:
        url = on_server.store.partition("?")[0] + f"?endpoint={quote(proxy.endpoint, safe=':/')}"
        desk("store", "add", "far", url)
        desk("sync")
        proxy.plan("PUT", Fault.ANSWER_LOST)
        item = desk.take("lost.jpg", picture(1))
        assert len(desk.show(item)["copies"]) == 2
        proxy.plan("PUT", Fault.FORGOTTEN)
        forgotten = desk.take("forgotten.jpg", picture(2))
        assert ("store-behind", "far") in desk.faults()
        assert desk("sync", "--json").json["copied"]["far"] == 1
        far = open_store(url)
        with far.open(desk.object_of(forgotten), digest=Digest.parse(forgotten)) as stream:
            assert stream.read() == picture(2)
        desk.root()
    answer = desk("upload", "--json", desk.file("down.jpg", picture(3)), code=4)  # the proxy is gone
    assert "the store far: " in answer.err
    shutil.rmtree(main_of(desk))
    assert "the store far" in desk("get", item, "-o", desk.files / "none.jpg", code=4).err
    assert not (desk.files / "none.jpg").exists()


def test_status_says_why_the_first_of_several_stores_could_not_be_probed_and_ends_well(local: Desk) -> None:
    with_attic(local)
    shutil.rmtree(main_of(local) / "probe")
    (main_of(local) / "probe").write_bytes(b"")

    shown = local("status")

    assert "\nguarantees could not be probed: probe/" in shown.out
    assert f"\n{ATTIC} (required): " in shown.out
    assert "error: " not in shown.err
