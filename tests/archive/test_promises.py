"""What stores promised (Object Lock) is asked back by ``audit``, and what they do not keep any more is made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archiver.commands.audit import audit as audited
from tests import drawing
from tests.archive.auditing import amiss, audit, events, pictures
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, YEAR, in_store, on_bucket, settle
from tests.archive.promising import RELEASE, bypass, locked, shortened, unheld
from tests.servers.faults import Fault, FaultProxy, ForgetfulProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server
    from tests.servers.authority import Authority

__all__ = ["locked"]

pytestmark = pytest.mark.server


@pytest.mark.attack("promise-broken")
@pytest.mark.parametrize("break_it", [shortened, unheld])
def test_a_promise_that_the_store_does_not_keep_any_more_is_a_loss_and_made_good(
    locked: Desk, break_it: Callable[[Desk, str], None]
) -> None:
    item = locked.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    locked.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    name = locked.object_of(item)
    assert audit(locked)["intact"]
    break_it(locked, name)

    found = audit(locked, code=1)

    assert amiss(found) == [("main", name, "unprotected")]
    failure = events(locked, "fixity-failure")[-1]
    assert (failure["item"], failure["fault"], failure["expected"]) == (item, "unprotected", item)
    assert failure["detail"].startswith(f"promised was governance until {END[:10]}")
    check = events(locked, "fixity-check")[-1]
    assert (check["outcome"], check["failed"], check["unread"]) == ("fail", 1, 0)
    assert f"object-unprotected: {item}" in locked("audit", code=1).out

    repaired = audit(locked, "--repair")

    assert [(each["fault"], each["good_copy"]) for each in repaired["repairs"]] == [("unprotected", "in-place")]
    assert in_store(locked, name) == {"mode": "governance", "until": END, "hold": True}
    assert audit(locked, "--repair")["repairs"] == []
    root = locked.root()
    assert locked("rebuild", "--json").json["root"] == root


def test_a_released_hold_and_more_than_was_promised_are_no_finding(locked: Desk) -> None:
    item = locked.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    locked("hold", item, *RELEASE)
    rule = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime(YEAR + 30, 1, 1, tzinfo=UTC)}
    bypass(locked, "put_object_retention", locked.object_of(item), Retention=rule)

    assert audit(locked, "--deep")["intact"]


def test_a_promise_is_looked_at_within_its_share_only(locked: Desk) -> None:
    item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    unheld(locked, locked.object_of(item))
    part = 1 + int(item[:16], 16) * 2 // 2**64

    assert audit(locked, "--slice", f"{3 - part}/2")["intact"]
    assert amiss(audit(locked, "--slice", f"{part}/2", code=1)) == [("main", locked.object_of(item), "unprotected")]


@pytest.mark.attack("lock-lost")
def test_a_lock_that_does_not_hold_any_more_is_found_with_deep_and_recorded(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    with ForgetfulProxy(seaweedfs, puts=False, changes=False) as proxy:
        desk = on_bucket(request, tmp_path, seaweedfs, "sqlite")
        desk = replace(desk, store=desk.store.replace(seaweedfs.endpoint, proxy.endpoint)).make()
        desk.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
        assert audit(desk, "--deep")["intact"]
        proxy.changes = True  # from here on it says yes to every change of a lock, and does nothing

        found = audit(desk, "--deep", "--repair", code=1)

        assert amiss(found) == [("main", "probe/locked", "unprotected")]
        assert {fault["code"] for fault in found["faults"]} == {"guarantee-lost", "not-repaired"}
        failure = events(desk, "fixity-failure")[-1]
        assert failure["detail"] == "its Object Lock is 'not enforced', and 1 copies were promised to be kept by it"
        assert audit(desk)["intact"]  # as every object is kept; only trying tells that the lock does not hold


def test_a_server_that_dies_in_the_middle_of_an_audit_is_no_loss_and_the_rest_is_read_later(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    with FaultProxy(seaweedfs.endpoint) as proxy:
        desk = on_bucket(request, tmp_path, seaweedfs, "sqlite")
        desk = replace(desk, store=desk.store.replace(seaweedfs.endpoint, proxy.endpoint)).make()
        items = pictures(desk, 6)
        archive = desk.archive()

        def dies(done: int, _total: int) -> None:
            if done == 1:
                for method in ("GET", "HEAD", "PUT"):
                    proxy.plan(method, *[Fault.RESET] * 200)

        broken = audited(archive, progress=dies, jobs=1)
        archive.close()
        proxy.forget()

        assert broken.exit_code == 4
        assert not [each for each in broken.amiss if each.fault != "unreadable"]
        assert broken.amiss or broken.silent
        again = audit(desk)
        assert (again["intact"], again["items"]) == (True, len(items))


@pytest.mark.attack("log-unprotected")
def test_what_the_settings_ask_for_the_log_and_its_stamps_is_asked_back_and_made_good(
    locked: Desk, authority: Authority
) -> None:
    locked.take("before.jpg", drawing.jpeg(drawing.photo(2)))
    before = locked.batches()
    settle(locked, '[retention]\nmode = "governance"\nyears = 10')
    authority.settings(locked.home)
    locked.upload(locked.file("a.jpg", PICTURE), "--stamp")
    older = audit(locked, code=1)
    assert amiss(older) == [("main", name, "unprotected") for name in before]  # it was written without
    assert {each["good_copy"] for each in audit(locked, "--repair")["repairs"]} == {"in-place"}
    assert audit(locked)["intact"]
    batch = next(name for name in locked.batches() if name not in before)
    stamp = next(name for name in locked.open_store().names("log/timestamps/") if name.endswith(".tsr"))
    for name in (batch, stamp):
        shortened(locked, name)

    found = audit(locked, code=1)

    assert amiss(found) == [("main", batch, "unprotected"), ("main", stamp, "unprotected")]
    failures = {each["name"]: each["detail"] for each in events(locked, "fixity-failure")[-2:]}
    assert failures.keys() == {batch, stamp}
    for detail in failures.values():
        assert detail.startswith(f"promised was governance until {YEAR + 10}-")
        assert detail.endswith(f"in force is governance until {YEAR + 2}-01-01 00:00:00 UTC")

    repaired = audit(locked, "--repair")

    assert sorted(each["name"] for each in repaired["repairs"]) == sorted([batch, stamp])
    assert {in_store(locked, name)["until"][:4] for name in (batch, stamp)} == {str(YEAR + 10)}
    assert audit(locked, "--repair")["repairs"] == []
    root = locked.root()
    assert locked("rebuild", "--json").json["root"] == root


def test_the_settings_ask_for_a_lock_that_a_required_store_has_lost(local: Desk) -> None:
    local.take("a.jpg", PICTURE)
    settle(local, '[retention]\nmode = "governance"\nyears = 10')

    found = audit(local, code=1)

    assert amiss(found) == [("main", "probe/locked", "unprotected")]
    assert "and [retention] asks that 1 objects of the log be kept" in local("audit", code=1).out
