"""Several stores: what is acknowledged lies in all that are required; what one of them loses is read from another."""

from __future__ import annotations

import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from archiver.carrying import Carrier
from archiver.promised import Promised
from archiver.settings import Settings
from storage.digest import Digest
from storage.local import LocalStore
from storage.url import open_store
from tests import drawing
from tests.archive.conftest import place
from tests.archive.desk import finished, flip
from tests.servers.faults import Fault, FaultProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.carrying import Carried
    from tests.archive.desk import Desk
    from tests.servers.authority import Authority

ATTIC = "attic"


def picture(seed: int) -> bytes:
    return drawing.jpeg(drawing.photo(seed))


def with_attic(desk: Desk, *words: str) -> Desk:
    """The archive with a second store in a directory, both filled."""
    desk("store", "add", ATTIC, f"file:{ATTIC}", *words)
    desk("sync")
    return desk


def files(folder: Path) -> dict[str, bytes]:
    """What a store in a directory holds of the archive."""
    found = [path for part in ("objects", "log", "derived") for path in (folder / part).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def main_of(desk: Desk) -> Path:
    return desk.home / "store"


def attic_of(desk: Desk) -> Path:
    return desk.home / ATTIC


def change(path: Path, how: Callable[[bytes], bytes | None]) -> None:
    """Change or take away one file of a store."""
    after = how(path.read_bytes())
    path.unlink()
    if after is not None:
        path.write_bytes(after)


def gone(_: bytes) -> None:
    return None


def test_a_new_store_is_required_at_once_and_sync_brings_what_was_held_before(on_catalogue: Desk) -> None:
    desk = on_catalogue
    first = desk.take("first.jpg", picture(1))
    desk("store", "add", ATTIC, f"file:{ATTIC}")
    second = desk.take("second.jpg", picture(2))
    main, attic = desk("store", "list", "--json").lines
    assert (main["filled"], attic["filled"]) == (True, False)
    assert (attic["holds"]["objects"], attic["lacks"]["objects"]) == (1, 1)
    status = desk("status", "--json").json
    assert [(each["name"], each["filled"]) for each in status["stores"]] == [("main", True), (ATTIC, False)]
    assert ("store-behind", ATTIC) in desk.faults()

    synced = desk("sync", "--json").json

    assert synced["complete"]
    assert synced["copied"] == {"main": 0, ATTIC: sum(attic["lacks"].values())}
    assert files(attic_of(desk)) == files(main_of(desk))
    assert [each["filled"] for each in desk("store", "list", "--json").lines] == [True, True]
    assert desk("sync", "--json").json["copied"] == {"main": 0, ATTIC: 0}
    for item in (first, second):
        stores = {(copy["store"], copy["check"]) for copy in desk.show(item)["copies"]}
        assert stores == {
            (f"file:{main_of(desk)}", "hashed-while-written"),
            (f"file:{attic_of(desk)}", "hashed-while-written"),
        }
    desk.root()
    assert desk("verify", "--store", ATTIC, "--json").json["intact"]


def test_two_stores_on_one_disk_share_no_file(local: Desk) -> None:
    with_attic(local)

    item = local.take("one.jpg", picture(1))

    copies = [folder / local.object_of(item) for folder in (main_of(local), attic_of(local))]
    assert copies[0].read_bytes() == copies[1].read_bytes()
    assert [copy.stat().st_nlink for copy in copies] == [1, 1]


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
    finished(local.start("sync", driver=("-m", "tests.archive.stopping", step, "SIGKILL")), code=-signal.SIGKILL.value)

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
    finished(
        local.start("upload", "--fast", path, driver=("-m", "tests.archive.stopping", step, "SIGKILL")),
        code=-signal.SIGKILL.value,
    )

    (receipt,) = local.upload("--fast", path)

    assert len(local.show(receipt["item"])["copies"]) == 2
    assert local("sync", "--json").json["complete"]
    assert files(attic_of(local)) == files(main_of(local))
    local.root()


def test_what_is_no_second_place_is_refused_and_the_settings_stay_as_they_are(
    local: Desk, furnished_once: Desk
) -> None:
    before = (local.home / "archive.toml").read_bytes()
    for words, code, said in [
        ((ATTIC, "file:store"), 2, "are one place"),
        ((ATTIC, "file:store/below"), 2, "one lies in the other"),
        ((ATTIC, f"file:{local.files}/../home/store"), 2, "are one place"),
        ((ATTIC, f"file:{furnished_once.home}/store"), 3, "holds another archive"),
        (("Attic!", "file:attic"), 2, "no name for a store"),
        (("main", "file:elsewhere"), 2, "there is a store main already"),
        ((ATTIC, "s3://bucket/x?secret=1"), 2, ""),
    ]:
        assert said in local("store", "add", *words, code=code).err
        assert (local.home / "archive.toml").read_bytes() == before
    (local.home / "else").mkdir(mode=0o700)
    (local.home / "else/objects/sha256/ab").mkdir(parents=True)
    (local.home / "else/objects/sha256/ab/x").write_bytes(b"x")
    assert "and no format.json" in local("store", "add", ATTIC, "file:else", code=3).err
    assert "nothing to fill it from" in local("sync", code=2).err
    assert "cannot be taken out" in local("store", "remove", "main", code=2).err
    assert "no store called" in local("store", "remove", ATTIC, code=2).err
    assert (local.home / "archive.toml").read_bytes() == before


def test_a_store_that_is_added_after_the_key_was_rotated_is_filled_with_what_both_keys_signed(local: Desk) -> None:
    item = local.take("one.jpg", picture(1))
    local("key", "rotate", "--reason", "yearly")
    local("claim", item, "A claim", "--by", "Ada")

    with_attic(local)

    assert files(attic_of(local)) == files(main_of(local))
    assert local("verify", "--store", ATTIC, "--json").json["root"] == local.root()


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


@pytest.mark.server
def test_a_second_provider_has_credentials_of_its_own_which_are_written_nowhere(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = place(request, ("local", "sqlite"), tmp_path).make()
    (tmp_path / "beside").mkdir()
    far = place(request, ("seaweedfs", "sqlite"), tmp_path / "beside")
    assert far.server is not None
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    secrets = tmp_path / "credentials"
    keys = f"aws_access_key_id = {far.server.access_key}\naws_secret_access_key = {far.server.secret_key}\n"
    secrets.write_text(f"[second]\n{keys}")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(secrets))
    desk("store", "add", "far", far.store, code=4)

    desk("store", "add", "far", f"{far.store}&profile=second")
    item = desk.take("one.jpg", picture(1))
    desk("sync")

    assert {copy["check"] for copy in desk.show(item)["copies"]} == {"hashed-while-written", "server-verified"}
    desk.root()
    for path in (path for path in desk.home.rglob("*") if path.is_file()):
        assert far.server.secret_key.encode() not in path.read_bytes(), path


@pytest.mark.slow
def test_processes_that_upload_into_two_stores_at_once_leave_them_alike(on_catalogue: Desk) -> None:
    desk = with_attic(on_catalogue)
    for seed in range(4):
        desk.file(f"in/{seed}.jpg", picture(seed))

    finished(*(desk.start("upload", desk.files / "in") for _ in range(3)))

    assert files(attic_of(desk)) == files(main_of(desk))
    assert desk.counts()["items"] == 4
    desk.root()


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


def test_a_store_is_taken_out_only_when_nothing_lies_there_alone_and_its_bytes_stay(local: Desk) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    change(main_of(local) / local.object_of(item), gone)
    assert "lie in the store attic alone" in local("store", "remove", ATTIC, code=1).err
    assert [each.name for each in Settings.load(local.home).stores] == [ATTIC]
    local("sync")

    answer = local("store", "remove", ATTIC)

    assert "stays there" in answer.err
    assert (attic_of(local) / local.object_of(item)).exists()
    assert Settings.load(local.home).stores == ()
    assert local.counts()["stores"] == 2  # added, removed: the log says which stores were promised when
    local.root()


def test_a_machine_whose_settings_do_not_name_a_promised_store_is_told(local: Desk) -> None:
    before = (local.home / "archive.toml").read_bytes()
    with_attic(local)
    (local.home / "archive.toml").write_bytes(before)

    assert local("status", "--json").json["unnamed"] == [f"attic (file:{attic_of(local)})"]

    local("store", "add", ATTIC, f"file:{ATTIC}")
    assert local("status", "--json").json["unnamed"] == []


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
