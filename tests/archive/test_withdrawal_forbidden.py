"""A withdrawal needs an order, and no hold, retention or store may stand against it; or nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.attic import attic_of, with_attic
from tests.archive.locking import AUTHORITY, LATER, on_bucket
from tests.archive.withdrawing import ORDER, PICTURE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server


def test_nothing_is_done_without_a_yes_a_reason_and_an_authority(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]

    assert "say --yes" in local("withdraw", item, *ORDER[:-1], code=2).err
    local("withdraw", item, "--authority", "x", "--yes", code=2)
    assert "authority and a reason" in local("withdraw", item, "--authority", " ", *ORDER[2:], code=2).err
    assert "no item begins with" in local("withdraw", "ffffffff", *ORDER, code=3).err
    dry = local("withdraw", item, *ORDER[:-1], "--dry-run", "--json").json

    assert (dry["complete"], dry["withdrawal"], dry["events_withheld"]) == (False, None, 3)
    assert local.counts()["events"] == events
    assert local.show(item)["item"] == item


def test_a_legal_hold_forbids_it_until_it_is_released(on_catalogue: Desk) -> None:
    desk = on_catalogue
    item = desk.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    events = desk.counts()["events"]

    refused = desk("withdraw", item, *ORDER, code=3)

    assert "under a legal hold" in refused.err
    assert "The prosecutor's letter 7" in refused.err
    assert desk.counts()["events"] == events
    desk("hold", item, "--release", *AUTHORITY, "--reason", "over")
    assert desk("withdraw", item, *ORDER, "--json").json["complete"]
    desk.root()


@pytest.mark.server
@pytest.mark.parametrize("which", ["object", "transaction"])
def test_what_the_store_itself_keeps_forbids_it_before_anything_is_recorded(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server, which: str
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite").make()
    item = desk.take("a.jpg", PICTURE)
    events, store = desk.counts()["events"], desk.open_store()
    name = desk.object_of(item) if which == "object" else desk.batches()[0]
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    there = {"Bucket": bucket, "Key": f"{prefix}/{name}"}
    seaweedfs.client().put_object_legal_hold(**there, LegalHold={"Status": "ON"})

    refused = desk("withdraw", item, *ORDER, code=3)

    assert f"keeps {name} from being deleted: legal hold" in refused.err
    assert desk.counts()["events"] == events
    store.release_hold(name)
    assert desk("withdraw", item, *ORDER, "--json").json["complete"]


@pytest.mark.server
def test_a_retention_forbids_it_and_says_until_when(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite").make()
    item = desk.take("a.jpg", PICTURE, "--retain-until", LATER)

    assert "under a retention" in desk("withdraw", item, *ORDER, code=3).err
    assert desk.show(item)["item"] == item


def test_with_a_required_store_away_nothing_is_recorded(local: Desk) -> None:
    with_attic(local)
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]
    attic_of(local).rename(local.home / "unmounted")

    local("withdraw", item, *ORDER, code=4)

    assert local.counts()["events"] == events
