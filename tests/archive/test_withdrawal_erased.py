"""What is withdrawn is erased in every store, version, cache and quarantine; what is left of it is named."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from storage.digest import Digest
from tests import drawing
from tests.archive.attic import ATTIC, attic_of, files, main_of, with_attic
from tests.archive.locking import on_bucket
from tests.archive.withdrawing import ORDER, PICTURE, WORD, remains, told_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server


def features_in(cache: Path) -> int:
    """Bytes of local features and samples in a cache."""
    return sum(path.stat().st_size for path in cache.glob("*/*/bodies"))


def test_caches_of_another_machine_forget_it_when_they_are_asked_next(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    smaller = local.file("smaller.png", drawing.png(drawing.photo(1)))
    local.find(smaller, "--deep")
    saved = local.files / "cache"
    shutil.copytree(local.home / "cache", saved)
    local("withdraw", item, *ORDER)
    shutil.rmtree(local.home / "cache")
    shutil.copytree(saved, local.home / "cache")  # as it stands on another machine

    assert local.find(smaller, "--deep")["matches"] == []
    held = bytes.fromhex(item)
    assert features_in(saved) > 0 == features_in(local.home / "cache")
    assert any(name.startswith("look-") for name in remains(saved, held))
    assert not any(name.startswith("look-") for name in remains(local.home / "cache", held))


@pytest.mark.server
def test_no_older_version_is_left_in_a_bucket_that_keeps_them(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite").make()
    item = told_of(desk)
    name = desk.object_of(item)
    desk.alter(name, lambda _: None)  # a delete marker before it
    bucket = desk.store.removeprefix("s3://").partition("/")[0]

    assert desk("withdraw", item, *ORDER, "--json").json["complete"]

    client = seaweedfs.client()
    listed = client.list_object_versions(Bucket=bucket)
    versions = listed.get("Versions", []) + listed.get("DeleteMarkers", [])
    assert not [each for each in versions if each["Key"].endswith(item)]
    for each in listed["Versions"]:
        body = client.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
        assert WORD.encode() not in body, each["Key"]
    desk.root()


@pytest.mark.server
def test_a_deleted_transaction_whose_older_version_tells_of_the_item_is_no_complete_withdrawal(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite").make()
    item = told_of(desk)
    desk.take("other.jpg", drawing.jpeg(drawing.photo(2)))  # or the log would have lost its end
    name = next(each for each in desk.batches() if WORD.encode() in desk.open_store().read(each, limit=2**20))
    desk.alter(name, lambda _: None)

    left = desk("withdraw", item, *ORDER, "--json", code=4).json
    assert not left["complete"]
    assert [each["name"] for each in left["erased"]["left"]] == [name]
    desk("audit", "--repair")
    assert desk("withdraw", item, *ORDER, "--json").json["complete"]

    client, bucket = seaweedfs.client(), desk.store.removeprefix("s3://").partition("/")[0]
    for each in client.list_object_versions(Bucket=bucket)["Versions"]:
        body = client.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
        assert WORD.encode() not in body, each["Key"]
    desk.root()


@pytest.mark.attack("withdrawn-still-there")
def test_a_store_that_was_away_is_named_and_caught_up_by_sync(local: Desk) -> None:
    with_attic(local, "--optional")
    item = told_of(local)
    attic_of(local).rename(local.home / "unmounted")

    done = local("withdraw", item, *ORDER, "--json", code=4).json
    assert [each["store"] for each in done["erased"]["left"]] == [ATTIC]
    (local.home / "unmounted").rename(attic_of(local))
    assert ("not-erased", item) in local.faults()
    assert "not-erased" in {each["code"] for each in local("audit", "--repair", "--json", code=1).json["faults"]}
    assert not (main_of(local) / local.object_of(item)).exists()
    assert local("sync", "--json").json["complete"]

    assert files(attic_of(local)) == files(main_of(local))
    assert remains(local.home, WORD.encode()) == []
    local.root()
    assert local("audit", "--json").code == 0


def test_a_copy_in_quarantine_and_a_transaction_in_quarantine_go_too(local: Desk) -> None:
    with_attic(local)
    item = told_of(local)
    told = local.batches()[1]  # the first one tells of the store that was added
    for name in (local.object_of(item), told):
        path = main_of(local) / name
        path.chmod(0o600)
        path.write_bytes(path.read_bytes() + b" ")
    assert local("audit", "--repair", "--json").json["repairs"]
    assert len(list(local.open_store().names("quarantine/"))) == 2

    done = local("withdraw", item, *ORDER, "--json").json

    assert done["erased"]["originals"] == 4
    assert list(local.open_store().names("quarantine/")) == []
    assert remains(local.home, WORD.encode()) == []
    local.root()


@pytest.mark.attack("withdrawn-put-back")
def test_one_who_uploads_while_it_is_withdrawn_leaves_nothing_that_verify_does_not_name(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    local("withdraw", item, *ORDER)
    local.open_store().put_file(  # an upload that asked just before, and is refused when it records
        local.object_of(item), local.file("late.jpg", PICTURE), digest=Digest.parse(item), size=len(PICTURE)
    )

    assert local.faults() == [("not-erased", item)]
    assert "not-erased" in {each["code"] for each in local("audit", "--json", code=1).json["faults"]}
    assert local("withdraw", item, *ORDER, "--json").json["erased"]["originals"] == 1
    local.root()
