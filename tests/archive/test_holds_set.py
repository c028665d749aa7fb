"""Retention and legal hold are set where the store can do it, and asked back; the store is never behind the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.fingerprint.algorithm import CURRENT
from tests import drawing
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, YEAR, in_force, in_store, locked, on_bucket, settle
from tests.archive.processes import killed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server
    from tests.servers.authority import Authority

__all__ = ["locked"]


@pytest.mark.server
def test_an_upload_with_retention_and_hold_is_locked_and_tells_what_the_store_said(locked: Desk) -> None:
    path = locked.file("a.jpg", PICTURE)
    words = ("--retain-until", LATER, "--retention-mode", "compliance", "--legal-hold", *AUTHORITY)

    (receipt,) = locked.upload(path, *words)

    item = receipt["item"]
    assert receipt["retention"] == {"mode": "compliance", "until": END}
    assert receipt["legal_hold"] == {"enforced": True}
    assert in_store(locked, locked.object_of(item)) == {"mode": "compliance", "until": END, "hold": True}
    shown = locked.show(item)
    ((retention,), (hold,)) = shown["retentions"], shown["legal_holds"]
    assert (retention["mode"], retention["retain_until"], retention["by"]) == ("compliance", END, "Test Desk")
    assert (hold["enforced"], hold["authority"]) == (True, AUTHORITY[1])
    assert in_force(locked, item) == (1, 1)
    events = locked.counts()["events"]
    locked.upload(path, *words)
    assert locked.counts()["events"] == events, "the same again records nothing twice"
    root = locked.root()
    assert locked("rebuild", "--json").json["root"] == root
    assert locked.show(item)["legal_holds"] == shown["legal_holds"]


@pytest.mark.server
def test_a_retention_is_prolonged_and_never_shortened(locked: Desk) -> None:
    item = locked.take("a.jpg", PICTURE)
    other = locked.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    locked("case", "new", "Kursk")
    locked("case", "add", "Kursk", item, other)

    first = locked("hold", "case:Kursk", "--until", LATER, "--json").lines
    assert [each["retention"]["until"] for each in first] == [END, END]
    longer = locked("hold", item, "--until", str(YEAR + 20), *AUTHORITY, "--json").json
    mixed = locked("hold", "case:Kursk", "--until", f"{YEAR + 15}-01-01", "--json", code=3).lines

    assert longer["retention"] == {"mode": "governance", "until": f"{YEAR + 21}-01-01T00:00:00.000000Z"}
    refused, done = sorted(mixed, key=lambda each: str(each["item"]) != item)
    assert f"in force is governance until {YEAR + 21}-01-01" in refused["error"]
    assert done["retention"]["until"] == f"{YEAR + 15}-01-02T00:00:00.000000Z"
    softer = locked("hold", other, "--until", str(YEAR + 30), "--retention-mode", "compliance", "--json", code=3).json
    assert "does not let" in softer["error"]
    assert in_store(locked, locked.object_of(item))["until"] == f"{YEAR + 21}-01-01T00:00:00.000000Z"
    (standing,) = locked.show(item)["retentions"]
    assert (standing["retain_until"][:4], standing["authority"]) == (str(YEAR + 21), AUTHORITY[1])
    history = locked("show", item, "--history", "--json").json["history"]
    chain = [each for each in history if each["kind"] == "retention"]
    assert [each["supersedes"] for each in chain] == [None, chain[0]["number"]]


@pytest.mark.server
def test_the_settings_default_keeps_originals_log_and_nameplate(locked: Desk) -> None:
    settle(locked, '[retention]\nmode = "compliance"\nyears = 10')

    (receipt,) = locked.upload(locked.file("a.jpg", PICTURE))

    until = receipt["retention"]["until"]
    assert (receipt["retention"]["mode"], until[:4], until[10:]) == ("compliance", str(YEAR + 10), "T00:00:00.000000Z")
    assert locked("status", "--json").json["retention"] == receipt["retention"]
    for name in (locked.object_of(receipt["item"]), "format.json", *locked.batches()):
        assert in_store(locked, name)["until"] == until, name
    less = locked("upload", locked.file("b.jpg", PICTURE), "--retain-until", str(YEAR + 1), code=2)
    assert "less than archive.toml asks" in less.err
    events = locked.counts()["events"]
    locked.upload(locked.file("a.jpg", PICTURE))
    assert locked.counts()["events"] == events
    locked("claim", receipt["item"], "He is a soldier", "--by", "Kyiv")
    assert {in_store(locked, name)["until"] for name in locked.batches()} == {until}


@pytest.mark.server
def test_the_settings_default_keeps_time_stamps_and_lists_and_no_derivatives(
    locked: Desk, authority: Authority
) -> None:
    settle(locked, '[retention]\nmode = "governance"\ndays = 30')
    authority.settings(locked.home)
    locked.upload(locked.file("a.jpg", PICTURE), "--stamp")
    theirs = locked.file("theirs.csv", b"algorithm,bits,quality,label\n" + f"{CURRENT},{'5a' * 32},90,x\n".encode())
    locked("fingerprints", "import", theirs, "--list", "theirs")

    names = {name for name in locked.open_store().names() if not name.startswith("probe/")}

    kept = {name for name in names if in_store(locked, name)["mode"] == "governance"}
    assert len([name for name in kept if name.startswith("log/timestamps/")]) == 4
    assert len([name for name in kept if name.startswith("objects/")]) == 2
    assert {name.partition("/")[0] for name in names - kept} == {"derived"}


@pytest.mark.server
def test_a_nameplate_that_the_bucket_put_under_governance_stays_so_and_is_told(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite")
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 3}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    bucket = desk.store.removeprefix("s3://").partition("/")[0]
    seaweedfs.client().put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)
    desk.make()
    assert desk("status", "--json").json["guarantees"]["object_lock"] == "governance 3 days"
    settle(desk, '[retention]\nmode = "compliance"\nyears = 1')

    answer = desk("upload", "--json", desk.file("a.jpg", PICTURE))

    assert "note: format.json is not kept as archive.toml asks" in answer.err
    assert answer.json["retention"]["mode"] == "compliance"
    assert in_store(desk, desk.object_of(answer.json["item"]))["mode"] == "compliance"
    assert in_store(desk, "format.json")["mode"] == "governance"


@pytest.mark.server
def test_one_item_that_the_store_lost_does_not_stop_the_others(locked: Desk) -> None:
    lost = locked.take("a.jpg", PICTURE)
    item = locked.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    locked.alter(locked.object_of(lost), lambda _: None)

    told = locked("hold", lost, item, "--legal", *AUTHORITY, "--json", code=3).lines

    assert [(each["item"], each["status"]) for each in told] == [(lost, "failed"), (item, "held")]
    assert in_force(locked, item) == (1, 0)


STEPS = {
    "protected": (True, False),
    "hold-recording": (True, False),
    "hold-recorded": (True, True),
}
"""Steps of setting a hold, and whether store and log hold it when the program is killed there."""


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize("step", STEPS)
def test_killed_while_a_hold_is_set_the_store_is_never_behind_the_log(locked: Desk, step: str) -> None:
    item = locked.take("a.jpg", PICTURE)
    words = ("hold", item, "--legal", *AUTHORITY, "--until", LATER)

    killed(locked, *words, at=step)

    stored = in_store(locked, locked.object_of(item))
    assert (stored["hold"], bool(in_force(locked, item)[0])) == STEPS[step]
    assert stored["until"] == END
    locked(*words)
    assert in_force(locked, item) == (1, 1)
    counts = locked.counts()
    assert (counts["retentions"], counts["legal-holds"]) == (1, 1)
    locked.root()


@pytest.mark.server
def test_an_upload_killed_before_it_is_recorded_leaves_a_locked_loose_end_that_the_same_command_takes_up(
    locked: Desk,
) -> None:
    path = locked.file("a.jpg", PICTURE)
    words = ("upload", path, "--retain-until", LATER, "--legal-hold", *AUTHORITY)

    killed(locked, *words, at="stored")

    (name,) = locked.open_store().names("objects/")
    assert in_store(locked, name) == {"mode": "governance", "until": END, "hold": True}
    locked(*words)
    assert locked.counts()["items"] == 1
    assert in_force(locked, name.rpartition("/")[2]) == (1, 1)


@pytest.mark.server
def test_it_is_so_on_ceph(request: pytest.FixtureRequest, tmp_path: Path, warm: None, ceph: S3Server) -> None:
    desk = on_bucket(request, tmp_path, ceph, "sqlite").make()

    (receipt,) = desk.upload(desk.file("a.jpg", PICTURE), "--retain-until", LATER, "--legal-hold", *AUTHORITY)
    item = receipt["item"]
    assert in_store(desk, desk.object_of(item)) == {"mode": "governance", "until": END, "hold": True}
    desk("hold", item, "--until", str(YEAR + 20))
    desk("hold", item, "--until", LATER, code=3)
    desk("hold", item, "--release", *AUTHORITY, "--reason", "over")
    assert in_store(desk, desk.object_of(item))["hold"] is False
    assert desk("status", "--json").json["guarantees"]["object_lock"] == "enabled, no default retention"
    desk.root()
