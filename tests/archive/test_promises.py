"""What stores promised (Object Lock) is asked back by ``audit``, and given anew to what is repaired or copied."""

from __future__ import annotations

import secrets
import signal
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from archiver.commands.audit import audit as audited
from storage.url import open_store, parse_store_url
from tests import drawing
from tests.archive.desk import finished, flip
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, in_force, in_store, on_bucket
from tests.archive.test_audit import alter, amiss, audit, events, pictures, with_attic
from tests.servers.faults import Fault, FaultProxy, ForgetfulProxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server
    from tests.servers.authority import Authority

pytestmark = pytest.mark.server
YEAR = datetime.now(UTC).year
RELEASE = ("--release", *AUTHORITY, "--reason", "the case is closed")


@pytest.fixture
def locked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket with Object Lock."""
    return on_bucket(request, tmp_path, seaweedfs, "sqlite").make()


@pytest.fixture
def second(seaweedfs: S3Server) -> str:
    """Another bucket with Object Lock: the URL of a store in it."""
    bucket = f"second-{secrets.token_hex(6)}"
    client = seaweedfs.client()
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    client.close()
    return f"s3://{bucket}/team?endpoint={seaweedfs.endpoint}"


def bypass(desk: Desk, call: str, name: str, **words: Any) -> Any:
    """What somebody with every right does to an object, past the archive."""
    assert desk.server is not None
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    client = desk.server.client()
    answer = getattr(client, call)(Bucket=bucket, Key=f"{prefix}/{name}", **words)
    client.close()
    return answer


def shortened(desk: Desk, name: str) -> None:
    """Let a governance retention end next year."""
    rule = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime(YEAR + 2, 1, 1, tzinfo=UTC)}
    bypass(desk, "put_object_retention", name, Retention=rule, BypassGovernanceRetention=True)


def unheld(desk: Desk, name: str) -> None:
    """Lift a legal hold."""
    bypass(desk, "put_object_legal_hold", name, LegalHold={"Status": "OFF"})


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


def test_what_sync_brings_into_another_locked_bucket_is_kept_there_too_and_recorded(locked: Desk, second: str) -> None:
    item = locked.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    plain = locked.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    locked("store", "add", "second", second)

    locked("sync")

    there = replace(locked, store=second)
    kept = {"mode": "governance", "until": END, "hold": True}
    assert in_store(there, locked.object_of(item)) == kept
    assert in_store(there, locked.object_of(plain))["mode"] == ""
    assert in_force(locked, item) == (2, 2)
    assert {each["store"] for each in locked.show(item)["retentions"]} == {
        locked.open_store().url,
        str(parse_store_url(second)),
    }
    unheld(there, locked.object_of(item))
    assert amiss(audit(locked, code=1)) == [("second", locked.object_of(item), "unprotected")]
    assert audit(locked, "--repair")["intact"]
    assert in_store(there, locked.object_of(item)) == kept


def test_a_required_store_without_a_lock_refuses_a_retention_by_its_name(locked: Desk) -> None:
    locked("store", "add", "attic", "file:attic")
    path = locked.file("a.jpg", PICTURE)

    refused = locked("upload", path, "--retain-until", LATER, code=4)

    assert "the store attic (" in refused.err
    assert list(locked.open_store().names("objects/")) == []
    assert list(open_store("file:attic", base=locked.home).names("objects/")) == []
    item = locked.take("a.jpg", PICTURE)
    assert "the store attic (" in locked("hold", item, "--until", LATER, code=4).err
    assert in_force(locked, item) == (0, 0)


def test_an_optional_store_without_a_lock_holds_the_bytes_and_is_noted(locked: Desk) -> None:
    locked("store", "add", "attic", "file:attic", "--optional")
    path = locked.file("a.jpg", PICTURE)

    answer = locked("upload", "--json", path, "--retain-until", LATER, "--legal-hold", *AUTHORITY)

    item = answer.json["item"]
    assert answer.json["retention"]["until"] == END
    assert "the store attic has no Object Lock that holds" in answer.err
    assert in_store(locked, locked.object_of(item)) == {"mode": "governance", "until": END, "hold": True}
    assert (locked.home / "attic" / locked.object_of(item)).is_file()
    main = locked.open_store().url
    shown = locked.show(item)
    assert [each["store"] for each in shown["retentions"]] == [main]
    assert {each["store"]: each["enforced"] for each in shown["legal_holds"]}[main] is True
    assert audit(locked, "--deep")["intact"]
    assert locked("hold", item, *RELEASE, "--json").json["status"] == "released"
    assert in_force(locked, item) == (0, 1)


def test_two_locked_buckets_both_keep_it_and_a_release_lifts_it_in_both(locked: Desk, second: str) -> None:
    locked("store", "add", "second", second)
    there = replace(locked, store=second)

    (receipt,) = locked.upload(locked.file("a.jpg", PICTURE), "--retain-until", LATER, "--legal-hold", *AUTHORITY)

    name, kept = locked.object_of(receipt["item"]), {"mode": "governance", "until": END, "hold": True}
    assert (in_store(locked, name), in_store(there, name)) == (kept, kept)
    assert in_force(locked, receipt["item"]) == (2, 2)
    longer = locked("hold", receipt["item"], "--until", str(YEAR + 20), "--json").json
    assert in_store(there, name)["until"] == in_store(locked, name)["until"] == longer["retention"]["until"]
    assert locked("hold", receipt["item"], *RELEASE, "--json").json["status"] == "released"
    assert not in_store(locked, name)["hold"]
    assert not in_store(there, name)["hold"]
    assert in_force(locked, receipt["item"]) == (0, 2)
    assert audit(locked)["intact"]


def test_a_store_that_is_down_at_a_release_is_an_error_and_the_same_command_lifts_the_rest(
    locked: Desk, second: str, seaweedfs: S3Server
) -> None:
    with ForgetfulProxy(seaweedfs, puts=False, changes=False) as proxy:
        locked("store", "add", "second", second.replace(seaweedfs.endpoint, proxy.endpoint))
        item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    there, name = replace(locked, store=second), locked.object_of(item)
    assert in_store(there, name)["hold"]  # and from here on that way to it leads nowhere

    told = locked("hold", item, *RELEASE, code=4)

    assert "the store second" in told.err
    assert in_store(there, name)["hold"]
    assert in_force(locked, item) == (2, 0)  # nothing was lifted, and nothing recorded
    settings = locked.home / "archive.toml"
    settings.write_text(settings.read_text().replace(proxy.endpoint, seaweedfs.endpoint))
    locked("hold", item, *RELEASE)
    assert not in_store(there, name)["hold"]
    assert not in_store(locked, name)["hold"]


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


def test_a_release_that_was_killed_between_two_stores_is_finished_by_the_same_command(
    locked: Desk, second: str
) -> None:
    locked("store", "add", "second", second)
    item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    there, name = replace(locked, store=second), locked.object_of(item)
    driver = ("-m", "tests.archive.stopping", "releasing:2", "SIGKILL")
    finished(locked.start("hold", item, *RELEASE, driver=driver), code=-signal.SIGKILL)
    assert (in_store(locked, name)["hold"], in_store(there, name)["hold"]) == (False, True)

    assert locked("hold", item, *RELEASE, "--json").json["status"] == "released"

    assert not in_store(there, name)["hold"]
    assert in_force(locked, item) == (0, 0)
    assert audit(locked)["intact"]


@pytest.mark.parametrize("step", ["replaced", "protected"])
def test_a_repair_that_was_killed_before_it_was_recorded_is_found_and_recorded(locked: Desk, step: str) -> None:
    item = locked.take("a.jpg", PICTURE, "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    name = locked.object_of(item)
    if step == "replaced":
        locked.alter(name, lambda data: flip(data, 9))
    else:
        unheld(locked, name)
    driver = ("-m", "tests.archive.stopping", f"bucket-{step}" if step == "replaced" else step, "SIGKILL")
    finished(locked.start("audit", "--repair", driver=driver), code=-signal.SIGKILL)

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


def settled(desk: Desk, text: str) -> None:
    """Write into the settings of an archive."""
    with (desk.home / "archive.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


@pytest.mark.attack("log-unprotected")
def test_what_the_settings_ask_for_the_log_and_its_stamps_is_asked_back_and_made_good(
    locked: Desk, authority: Authority
) -> None:
    locked.take("before.jpg", drawing.jpeg(drawing.photo(2)))
    before = locked.batches()
    settled(locked, '[retention]\nmode = "governance"\nyears = 10')
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
    settled(local, '[retention]\nmode = "governance"\nyears = 10')

    found = audit(local, code=1)

    assert amiss(found) == [("main", "probe/locked", "unprotected")]
    assert "and [retention] asks that 1 objects of the log be kept" in local("audit", code=1).out
