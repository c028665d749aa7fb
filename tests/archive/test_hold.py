"""Retention and legal hold: refused where the store cannot do it, asked back where it can, answered for when lifted."""

from __future__ import annotations

import secrets
import signal
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from archiver.catalogue.protections import holds_in_force, retentions_in_force
from archiver.facts.protection import Retention
from archiver.fingerprint.algorithm import CURRENT
from storage.guarantees import NOT_LOCKING
from tests import drawing
from tests.archive.conftest import place
from tests.archive.desk import Desk, finished
from tests.servers.faults import ForgetfulProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import S3Server
    from tests.servers.authority import Authority

AUTHORITY = ("--authority", "The prosecutor's letter 7")
YEAR = datetime.now(UTC).year
LATER = f"{YEAR + 10}-11-25"
END = f"{YEAR + 10}-11-26T00:00:00.000000Z"
"""The end of that day."""
PICTURE = drawing.jpeg(drawing.photo(1))


def on_bucket(
    request: pytest.FixtureRequest, tmp_path: Path, server: S3Server, catalogue: str, *, lock: bool = True
) -> Desk:
    """A desk whose archive, not made yet, is to lie in a bucket of its own."""
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)
    bucket = f"kept-{secrets.token_hex(6)}"
    client = server.client()
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=lock)
    client.close()
    desk = place(request, ("local", catalogue), tmp_path)
    return replace(desk, store=f"s3://{bucket}/team?endpoint={server.endpoint}", server=server)


@pytest.fixture(params=["sqlite", "postgres"])
def locked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket with Object Lock, on each kind of catalogue."""
    return on_bucket(request, tmp_path, seaweedfs, request.param).make()


@pytest.fixture
def unlocked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket without Object Lock."""
    return on_bucket(request, tmp_path, seaweedfs, "sqlite", lock=False).make()


@pytest.fixture
def overlooked(locked: Desk, seaweedfs: S3Server) -> Iterator[tuple[Desk, ForgetfulProxy]]:
    """The same archive, its way to the server leading through one that overlooks every lock."""
    with ForgetfulProxy(seaweedfs) as proxy:
        settings = locked.home / "archive.toml"
        settings.write_text(settings.read_text().replace(seaweedfs.endpoint, proxy.endpoint))
        yield locked, proxy


def in_store(desk: Desk, name: str) -> dict[str, Any]:
    """What the server itself says is in force for an object."""
    assert desk.server is not None
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    head = desk.server.client().head_object(Bucket=bucket, Key=f"{prefix}/{name}")
    until = head.get("ObjectLockRetainUntilDate")
    return {
        "mode": (head.get("ObjectLockMode") or "").lower(),
        "until": until.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if until else None,
        "hold": head.get("ObjectLockLegalHoldStatus") == "ON",
    }


def settle(desk: Desk, text: str) -> None:
    """Write into ``archive.toml``."""
    settings = desk.home / "archive.toml"
    settings.write_text(f"{settings.read_text()}\n{text}\n")


def in_force(desk: Desk, item: str) -> tuple[int, int]:
    """How many holds, and how many retentions, forbid deleting an item now: what a withdrawal has to ask."""
    archive = desk.archive()
    with archive.asking() as questions:
        found = len(holds_in_force(questions, item)), len(retentions_in_force(questions, item, moment=archive.now))
    archive.close()
    return found


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
def test_a_legal_hold_is_set_and_released_with_authority_in_store_and_log(locked: Desk) -> None:
    item = locked.take("a.jpg", PICTURE)

    held = locked("hold", item, "--legal", *AUTHORITY, "--json").json
    assert (held["enforced"], held["legal_hold"], held["added"]) == (True, True, True)
    assert in_store(locked, locked.object_of(item))["hold"]
    assert not locked("hold", item, "--legal", *AUTHORITY, "--json").json["added"]
    released = locked("hold", item, "--release", *AUTHORITY, "--reason", "the case is closed", "--json").json

    assert (released["status"], released["legal_hold"]) == ("released", False)
    assert not in_store(locked, locked.object_of(item))["hold"]
    assert in_force(locked, item) == (0, 0)
    states = [
        (each["statement"]["state"], each["statement"].get("reason"))
        for each in locked("show", item, "--history", "--json").json["history"]
        if each["kind"] == "legal-hold"
    ]
    assert states == [("set", None), ("released", "the case is closed")]
    again = locked("hold", item, "--release", *AUTHORITY, "--reason", "again", "--json", code=3).json
    assert again["error"] == "no legal hold is on it"


@pytest.mark.parametrize("store", ["local", "unlocked"])
@pytest.mark.server
def test_a_store_without_a_lock_refuses_retention_and_stores_nothing(
    request: pytest.FixtureRequest, store: str
) -> None:
    desk: Desk = request.getfixturevalue(store)
    path = desk.file("a.jpg", PICTURE)
    assert desk("status", "--json").json["guarantees"]["object_lock"] in NOT_LOCKING

    refused = desk("upload", path, "--retain-until", LATER, code=4)

    assert "no Object Lock that holds; nothing was stored" in refused.err
    assert list(desk.open_store().names("objects/")) == []
    item = desk.take("a.jpg", PICTURE)
    desk("hold", item, "--until", LATER, "--legal", *AUTHORITY, code=4)
    assert in_force(desk, item) == (0, 0)


@pytest.mark.parametrize("store", ["local", "unlocked"])
@pytest.mark.server
def test_a_hold_that_no_store_enforces_is_recorded_and_says_so_wherever_it_is_told(
    request: pytest.FixtureRequest, store: str
) -> None:
    desk: Desk = request.getfixturevalue(store)
    told = "recorded; this store cannot enforce it"
    path = desk.file("a.jpg", PICTURE)

    uploaded = desk("upload", path, "--legal-hold", *AUTHORITY)
    assert told in uploaded.out
    assert told in uploaded.err
    item = desk("list", "--json").lines[0]["item"]
    assert told in desk("show", item).out
    assert desk.show(item)["legal_holds"][0]["enforced"] is False
    desk("hold", item, "--release", *AUTHORITY, "--reason", "a mistake")
    assert told in desk("hold", item, "--legal", "--authority", "a court").out
    assert desk("hold", item, "--legal", "--authority", "another court", "--json").json["enforced"] is False
    (receipt,) = desk.upload(path, "--legal-hold", "--authority", "a third court")
    assert receipt["legal_hold"] == {"enforced": False}
    assert in_force(desk, item) == (1, 0)


@pytest.mark.server
@pytest.mark.attack("server-forgets-lock")
def test_a_server_that_overlooks_the_lock_is_found_before_anything_is_stored(
    overlooked: tuple[Desk, ForgetfulProxy],
) -> None:
    desk, proxy = overlooked
    path = desk.file("a.jpg", PICTURE)

    assert desk("status", "--json").json["guarantees"]["object_lock"] == "not enforced"
    desk("upload", path, "--retain-until", LATER, code=4)
    assert list(desk.open_store().names("objects/")) == []
    item = desk.take("a.jpg", PICTURE)
    desk("hold", item, "--until", LATER, code=4)

    proxy.changes = False  # now the lock holds when it is tried, and the headers of a put are overlooked all the same
    another = desk.file("b.jpg", drawing.jpeg(drawing.photo(2)))
    lost = desk("upload", another, "--retain-until", LATER, code=4)
    assert "did not refuse, and says: no protection" in lost.err
    assert desk.counts()["items"] == 1, "it is not acknowledged"
    assert [note["code"] for note in desk("verify", "--json").json["notes"]] == ["loose-end"]
    proxy.puts = False
    (receipt,) = desk.upload(another, "--retain-until", LATER)
    assert receipt["retention"]["until"] == END


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


def test_a_hold_is_released_wherever_the_store_was_when_it_was_set(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    (on_catalogue.home / "store").rename(on_catalogue.home / "moved")
    settings = on_catalogue.home / "archive.toml"
    settings.write_text(settings.read_text().replace("file:store", "file:moved"))

    on_catalogue("hold", item, "--legal", *AUTHORITY)
    assert in_force(on_catalogue, item) == (2, 0)
    on_catalogue("hold", item, "--release", *AUTHORITY, "--reason", "over")

    assert in_force(on_catalogue, item) == (0, 0)
    root = on_catalogue.root()
    assert on_catalogue("rebuild", "--json").json["root"] == root
    assert in_force(on_catalogue, item) == (0, 0)


def test_the_settings_ask_a_directory_in_vain_and_nothing_is_recorded(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]
    settle(local, "[retention]\ndays = 30")

    for words in (("upload", local.file("b.jpg", drawing.jpeg(drawing.photo(2)))), ("claim", item, "x", "--by", "y")):
        assert "Object Lock" in local(*words, code=4).err
    assert "nothing is taken in" in local("status").err
    assert local.counts()["events"] == events
    assert len(list(local.open_store().names("objects/"))) == 1
    assert local("verify", "--json").json["intact"]


@pytest.mark.parametrize(
    "text",
    [
        "[retention]",
        '[retention]\nmode = "soft"\ndays = 1',
        "[retention]\ndays = 1\nyears = 1",
        "[retention]\nyears = 101",
        "[retention]\ndays = 0",
        "[retention]\nmonths = 3",
        "retention = 3",
    ],
)
def test_settings_that_make_no_retention_are_refused(local: Desk, text: str) -> None:
    settings = local.home / "archive.toml"
    settings.write_text(f"{text}\n{settings.read_text()}" if text == "retention = 3" else settings.read_text() + text)

    refused = local("upload", local.file("a.jpg", PICTURE), code=2)
    assert "archive.toml" in refused.err
    assert not (local.home / "store/objects").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--retain-until", "yesterday"),
        ("--retain-until", "2001-01-01"),
        ("--retain-until", "2036~"),
        ("--retain-until", "2036/2037"),
        ("--retain-until", "9999"),
        ("--retention-mode", "compliance"),
        ("--legal-hold",),
        ("--legal-hold", "--authority", " "),
        AUTHORITY,
    ],
    ids=" ".join,
)
def test_an_upload_that_asks_for_what_makes_no_sense_is_refused(local: Desk, words: tuple[str, ...]) -> None:
    assert local("upload", local.file("a.jpg", PICTURE), *words, code=2).err
    assert list(local.open_store().names("objects/")) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--legal",),
        ("--release", *AUTHORITY),
        ("--release", "--reason", "over"),
        ("--legal", "--release", *AUTHORITY, "--reason", "over"),
        ("--until", "2001", *AUTHORITY),
        ("--until", LATER, "--reason", "why"),
        ("--retention-mode", "governance", "--legal", *AUTHORITY),
    ],
    ids=" ".join,
)
def test_a_hold_that_asks_for_what_makes_no_sense_is_refused(local: Desk, words: tuple[str, ...]) -> None:
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]

    assert local("hold", item, *words, code=2).err
    assert local.counts()["events"] == events


def test_nothing_is_held_where_one_of_the_words_names_nothing(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    local("case", "new", "Empty")

    for word in ("ffff", "case:Nowhere", "case:Empty"):
        local("hold", item, word, "--legal", *AUTHORITY, code=3)

    assert in_force(local, item) == (0, 0)


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

    driver = ("-m", "tests.archive.stopping", step, signal.SIGKILL.name)
    finished(locked.start(*words, driver=driver), code=-signal.SIGKILL)

    stored = in_store(locked, locked.object_of(item))
    assert (stored["hold"], bool(in_force(locked, item)[0])) == STEPS[step]
    assert stored["until"] == END
    locked(*words)
    assert in_force(locked, item) == (1, 1)
    counts = locked.counts()
    assert (counts["retentions"], counts["legal-holds"]) == (1, 1)
    locked.root()


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize(("step", "standing"), [("hold-recording", 1), ("hold-recorded", 0), ("releasing", 0)])
@pytest.mark.attack("hold-lifted")
def test_killed_while_a_hold_is_released_nothing_is_lifted_that_nobody_answers_for(
    locked: Desk, step: str, standing: int
) -> None:
    item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    words = ("hold", item, "--release", *AUTHORITY, "--reason", "the case is closed")

    driver = ("-m", "tests.archive.stopping", step, signal.SIGKILL.name)
    finished(locked.start(*words, driver=driver), code=-signal.SIGKILL)

    assert in_store(locked, locked.object_of(item))["hold"], "the store still holds it"
    assert in_force(locked, item)[0] == standing
    locked(*words)
    assert not in_store(locked, locked.object_of(item))["hold"]
    assert locked.counts()["legal-holds"] == 2
    locked.root()


@pytest.mark.server
def test_an_upload_killed_before_it_is_recorded_leaves_a_locked_loose_end_that_the_same_command_takes_up(
    locked: Desk,
) -> None:
    path = locked.file("a.jpg", PICTURE)
    words = ("upload", path, "--retain-until", LATER, "--legal-hold", *AUTHORITY)

    driver = ("-m", "tests.archive.stopping", "stored", signal.SIGKILL.name)
    finished(locked.start(*words, driver=driver), code=-signal.SIGKILL)

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


def test_list_tells_what_nobody_may_delete_now_until_when_and_on_whose_authority(furnished: Desk) -> None:
    """By a legal hold, by a retention that has not ended; not by one that has, nor by a hold that was released."""
    held, kept, free = (line["item"] for line in reversed(furnished("list", "--json").lines))
    store, ended = "s3://evidence/kept", f"{YEAR - 1}-01-01T00:00:00.000000Z"
    with closing(furnished.archive()) as archive:  # what a bucket with a lock answered, now and years ago
        said = {"by": "Ada", "store": store, "mode": "compliance"}
        both = ({"item": kept, "retain_until": END}, {"item": free, "retain_until": ended})
        archive.record(lambda _: [Retention.model_validate(said | each) for each in both])

    def protected(by: str, *words: str) -> list[str]:
        return [line["item"] for line in furnished("list", "--protected", by, "--json", *words).lines]

    assert protected("legal-hold") == [held]
    assert protected("retention") == [kept, held]  # the furnished archive has one on the first
    assert protected("any", "--reverse") == [held, kept]
    assert protected("any", "--case", "Kursk") == [held]
    assert protected("any", "--after", kept, "--sort", "size", "--limit", "1") in ([held], [])
    (line,) = furnished("list", "--protected", "legal-hold", "--json").lines
    (hold,) = line["protected"]["legal_holds"]
    assert (hold["authority"], hold["reason"], hold["enforced"]) == ("Prosecutor's letter 7", "wanted in court", False)
    (line, _) = furnished("list", "--protected", "any", "--json").lines
    (retention,) = line["protected"]["retentions"]
    assert (retention["mode"], retention["retain_until"], retention["store"]) == ("compliance", END, store)
    out = furnished("list", "--protected", "any").out
    assert "legal hold (recorded; this store cannot enforce it) since" in out
    assert "by Test Desk on the authority of Prosecutor's letter 7: wanted in court" in out
    assert f"compliance until {END[:10]} 00:00:00 UTC in {store}, by Ada" in out
    assert "protected" not in furnished("list", "--json").lines[0]

    furnished("hold", held, "--release", "--authority", "Letter 8", "--reason", "the case is over")

    assert protected("legal-hold") == []
    assert protected("legal-hold", "--as-of", f"event:{hold['number']}") == []  # asked of now, whatever was known then
    assert furnished("list", "--protected", "soon", code=2).err
