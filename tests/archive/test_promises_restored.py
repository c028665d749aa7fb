"""What ``audit --repair`` restores is kept as it was promised, even where the repair was killed or the lock is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.archive.auditing import alter, amiss, audit, events, pictures, with_attic
from tests.archive.desk import flip
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, in_store, on_bucket
from tests.archive.processes import killed
from tests.archive.promising import locked, unheld
from tests.servers.faults import ForgetfulProxy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server
    from tests.servers.authority import Authority

__all__ = ["locked"]

pytestmark = pytest.mark.server


@pytest.mark.attack("version-restored")
@pytest.mark.parametrize("how", ["deleted", "overwritten"])
@pytest.mark.parametrize("stores", [1, 2])
def test_an_original_is_restored_from_an_older_version_under_what_was_promised(
    locked: Desk, how: str, stores: int
) -> None:
    words = ("--retain-until", LATER, "--retention-mode", "compliance", "--legal-hold", *AUTHORITY)
    item = locked.take("a.jpg", PICTURE, *words)
    name, batch = locked.object_of(item), locked.batches()[0]
    transaction = locked.open_store().read(batch, limit=2**30)
    if stores == 2:
        locked("store", "add", "attic", "file:attic", "--optional")
        locked("sync")
        alter(locked.home / "attic", name, lambda data: flip(data, 9))
    for each in (name, batch):
        locked.alter(each, lambda _: None if how == "deleted" else b"something else")

    found = audit(locked, "--repair")

    assert found["intact"]
    assert {each["name"] for each in found["repairs"]} == {name, batch}
    here = [each for each in events(locked, "repair") if each.get("item") == item and each["store"].startswith("s3:")]
    assert [each["good_copy"] for each in here] == ["version"]
    assert " version " in here[0]["source"]
    assert in_store(locked, name) == {"mode": "compliance", "until": END, "hold": True}
    assert locked.open_store().read(batch, limit=2**30) == transaction
    if how == "overwritten":
        assert locked.open_store().read(here[0]["set_aside"], limit=99) == b"something else"
    assert audit(locked)["intact"]
    locked.root()


@pytest.mark.parametrize("how", ["flipped", "deleted"])
@pytest.mark.parametrize("part", ["tsr", "tsq", "note", "pem"])
def test_a_time_stamp_that_is_bad_in_one_store_is_named_there_and_restored_from_the_other(
    local: Desk, authority: Authority, part: str, how: str
) -> None:
    authority.settings(local.home)
    pictures(local, 1)
    place = local("stamp", "--json").lines[0]["place"].removesuffix("tsr")
    attic = with_attic(local)
    name = f"{place}{part}"
    whole = (attic / name).read_bytes()
    alter(attic, name, lambda data: flip(data, len(data) - 5) if how == "flipped" else None)

    found = audit(local, code=1)

    assert amiss(found) == [("attic", name, "corrupt" if how == "flipped" else "missing")]
    (repair,) = audit(local, "--repair")["repairs"]
    assert (repair["name"], repair["good_copy"]) == (name, "store")
    assert (attic / name).read_bytes() == whole
    assert audit(local)["stamps"] == 1


def test_a_copy_that_cannot_be_read_is_named_in_a_repair_with_what_to_do_and_not_touched(local: Desk) -> None:
    item, *_ = pictures(local, 2)
    with_attic(local)
    path = local.home / "store" / local.object_of(item)
    path.unlink()
    path.mkdir()

    found = audit(local, "--repair", code=4)

    (left,) = found["silent"]
    assert (left["code"], left["subject"]) == ("not-repaired", item)
    assert "attic may hold it" in left["detail"]
    assert "move the object away there by hand" in left["detail"]
    path.rmdir()  # as it says
    assert [each["name"] for each in audit(local, "--repair")["repairs"]] == [local.object_of(item)]
    local.root()


@pytest.mark.parametrize("step", ["replaced", "protected"])
def test_a_repair_that_was_killed_before_it_was_recorded_is_found_and_recorded(locked: Desk, step: str) -> None:
    item = locked.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    name = locked.object_of(item)
    if step == "replaced":
        locked.alter(name, lambda data: flip(data, 9))
    else:
        unheld(locked, name)
    killed(locked, "audit", "--repair", at=f"bucket-{step}" if step == "replaced" else step)

    assert audit(locked, "--repair")["intact"]

    assert in_store(locked, name) == {"mode": "governance", "until": END, "hold": True}
    assert {each["name"] for each in events(locked, "repair")} == {name}
    assert events(locked, "repair")[-1]["good_copy"] == "found-whole"
    assert audit(locked)["intact"]


@pytest.mark.parametrize("how", ["flipped", "deleted"])
def test_where_the_lock_is_lost_the_bytes_are_restored_all_the_same_and_it_is_said_that_they_are_not_kept(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server, how: str
) -> None:
    with ForgetfulProxy(seaweedfs, puts=False, changes=False) as proxy:
        desk = on_bucket(request, tmp_path, seaweedfs, "sqlite")
        desk = replace(desk, store=desk.store.replace(seaweedfs.endpoint, proxy.endpoint)).make()
        item = desk.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
        name = desk.object_of(item)
        desk.alter(name, lambda data: flip(data, 9) if how == "flipped" else None)
        proxy.puts = proxy.changes = True

        found = audit(desk, "--repair", code=1)

        assert [(fault["code"], fault["subject"]) for fault in found["faults"]] == [("copy-unprotected", item)]
        assert [each["good_copy"] for each in found["repairs"]] == ["version"]
        assert desk.open_store().read(name, limit=2**30) == PICTURE
        assert amiss(audit(desk, code=1)) == [("main", name, "unprotected")]
        refused = audit(desk, "--repair", code=1)
        assert [fault["code"] for fault in refused["faults"]] == ["not-repaired"]
        proxy.puts = proxy.changes = False
        assert audit(desk, "--repair")["intact"]
        assert in_store(desk, name) == {"mode": "governance", "until": END, "hold": True}
