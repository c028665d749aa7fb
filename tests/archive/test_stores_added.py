"""A store is added and taken out: required at once, in a place of its own, and told by the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.settings import Settings
from tests.archive.attic import ATTIC, attic_of, change, files, gone, main_of, picture, with_attic
from tests.archive.conftest import place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk


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
