"""Withdrawal: erased in every store, forgotten by the catalogue, told by a tombstone in a log that still verifies."""

from __future__ import annotations

import json
import shutil
import signal
from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody.batch import Batch, parse, render
from archiver.errors import ItemWithdrawn
from archiver.facts.claim import Claim
from archiver.facts.kinds import KINDS
from archiver.facts.relation import Relation
from archiver.facts.withdrawal import WITHHELD
from storage.digest import Digest
from tests import drawing
from tests.archive.attic import ATTIC, attic_of, files, main_of, with_attic
from tests.archive.conftest import place
from tests.archive.desk import finished
from tests.archive.furnishing import EXIF
from tests.archive.locking import AUTHORITY, LATER, on_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server
    from tests.servers.authority import Authority

ORDER = ("--authority", "District Court, 7 O 12/26", "--reason", "Article 17", "--yes")
PICTURE = drawing.jpeg(drawing.photo(1), exif=EXIF)
WORD = "Hwacheon"
"""A word that is said of the item and of nothing else."""
KEPT = {"copy", "disclosure", "fixity-failure", "repair", "retention", "legal-hold", "withdrawal"}
"""What is said of an item, and stays: how the archive kept, lost, gave away or erased its bytes."""
OF_NO_ITEM = {"agent", "account", "account-profile", "affiliation", "alias", "merge", "case", "hash-list"} | {
    *("key-rotation", "key-retirement", "store", "fixity-check")
}


def told_of(desk: Desk) -> str:
    """Take a picture in and have everything said of it that describes it."""
    words = ("--source", "Yonhap", "--url", f"https://example.org/{WORD}", "--caption", f"A man, {WORD}")
    item = desk.take("a.jpg", PICTURE, *words, "--claim", f"He is from {WORD}", "--note", WORD)
    other = desk.take("b.jpg", drawing.jpeg(drawing.photo(2)), "--claim", "A drone")
    claim, against = (desk.show(each)["claims"][0]["number"] for each in (item, other))
    desk("assess", f"claim:{claim}", "--status", "refuted", "--by", "Ada", "--basis", f"not {WORD}")
    desk("link", f"claim:{against}", "contradicts", f"claim:{claim}", "--by", "Ada", "--basis", f"{WORD}?")
    desk("relate", other, item, "--type", "prov:alternateOf", "--by", "Ada", "--basis", f"both {WORD}")
    desk("flag", item, "--sensitivity", "personal-data", "--by", "Ada", "--basis", WORD)
    desk("tag", item, f"own:{WORD}", "--by", "Ada")
    desk("case", "new", "Kursk")
    desk("case", "add", "Kursk", item, "--note", WORD)
    desk("case", "add", "Kursk", other)
    seen = desk.show(item)["sightings"][0]["number"]
    desk("sight", "--again", seen, "--availability", "live", "--by", WORD)
    return item


def remains(folder: Path, *words: bytes) -> list[str]:
    """The files below a folder that hold one of these words."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]


def features_in(cache: Path) -> int:
    """Bytes of local features and samples in a cache."""
    return sum(path.stat().st_size for path in cache.glob("*/*/bodies"))


def published(desk: Desk) -> bytes:
    store = desk.open_store()
    return b"".join(store.read(name, limit=2**30) for name in store.names("log/"))


def test_each_kind_of_fact_is_withheld_or_kept_and_none_is_forgotten() -> None:
    assert set(KINDS) == KEPT | OF_NO_ITEM | WITHHELD
    assert not (KEPT | OF_NO_ITEM) & WITHHELD


def test_what_shows_or_describes_the_item_is_gone_everywhere_and_the_log_verifies(desk: Desk) -> None:
    item = told_of(desk)
    other = next(line["item"] for line in desk("list", "--json").lines if line["item"] != item)
    size = desk.counts()["events"]

    done = desk("withdraw", item[:12], *ORDER, "--json").json

    assert (done["complete"], done["again"], done["copies_that_stay"]) == (True, False, [other])
    assert done["erased"]["originals"] == done["erased"]["packs"] == 1
    assert desk.counts()["events"] == size + 1
    root = desk.root()
    assert WORD.encode() not in published(desk)
    assert desk.object_of(item) not in set(desk.open_store().names())
    assert remains(desk.home, WORD.encode()) == []
    stone = desk.show(item)
    assert (stone["withdrawn"], stone["authority"], stone["cases"]) == (True, ORDER[1], ["Kursk"])
    assert stone["withheld"] == done["events_withheld"] > 10
    assert WORD not in json.dumps([stone, desk.show(other), desk("list", "--json").lines, done])
    assert desk.find(desk.file("again.jpg", PICTURE))["withdrawn"]["number"] == size
    assert [line["item"] for line in desk("list", "--json").lines] == [other]
    assert [line["item"] for line in desk("list", "--withdrawn", "--json").lines] == [item]
    assert desk("rebuild", "--json").json["root"] == root
    assert (desk.root(), desk.show(item)) == (root, stone)
    assert desk("audit", "--deep", "--json").code == 0


def test_the_same_look_finds_nothing_and_the_same_bytes_are_refused(on_catalogue: Desk) -> None:
    desk = on_catalogue
    item = desk.take("a.jpg", PICTURE)
    smaller = desk.file("smaller.png", drawing.png(drawing.photo(1)))
    assert desk.find(smaller, "--deep")["matches"][0]["item"] == item
    desk("withdraw", item, *ORDER)

    for depth in ("--deep", "--fast"):
        found = desk.find(smaller, depth)
        assert (found["matches"], found["withdrawn"], found["comparable"]) == ([], None, 0)
    (refused,) = desk.upload(desk.file("a.jpg", PICTURE), code=3)
    assert "by order of District Court, 7 O 12/26" in refused["error"]
    assert "was withdrawn" in desk("get", item, "-o", desk.files / "x.jpg", code=1).err
    for words in (("claim", item, "x", "--by", "y"), ("find", item), ("export", item, "-o", desk.files / "out")):
        assert "was withdrawn" in desk(*words, code=3).err
    assert list(desk.open_store().names("objects/")) == []


def test_a_file_that_is_withdrawn_costs_a_batch_no_other_file(local: Desk) -> None:
    item = local.take("in/a.jpg", PICTURE)
    local("withdraw", item, *ORDER)
    local.file("in/b.jpg", drawing.jpeg(drawing.photo(2)))

    receipts = local.upload(local.files / "in", code=3)

    assert sorted(receipt["status"] for receipt in receipts) == ["archived", "failed"]


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


@pytest.mark.server
def test_a_retention_forbids_it_and_says_until_when(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server
) -> None:
    desk = on_bucket(request, tmp_path, seaweedfs, "sqlite").make()
    item = desk.take("a.jpg", PICTURE, "--retain-until", LATER)

    assert "under a retention" in desk("withdraw", item, *ORDER, code=3).err
    assert desk.show(item)["item"] == item


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


def test_with_a_required_store_away_nothing_is_recorded(local: Desk) -> None:
    with_attic(local)
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]
    attic_of(local).rename(local.home / "unmounted")

    local("withdraw", item, *ORDER, code=4)

    assert local.counts()["events"] == events


STEPS = ["recording", "committed", "published", "erasing:1", "erasing:2", "supplanting:1"]
STEPS += ["supplanting:2", "supplanted:2", "supplanted:4", "erased:1", "forgetting"]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_same_command_completes_it(local: Desk, step: str) -> None:
    with_attic(local)
    item = told_of(local)
    words = ("withdraw", item, *ORDER)
    finished(local.start(*words, driver=("-m", "tests.archive.stopping", step, "SIGKILL")), code=-signal.SIGKILL.value)

    done = local("withdraw", item, *ORDER, "--json").json

    assert done["complete"]
    assert remains(local.home, WORD.encode()) == []
    assert local("sync", "--json").json["complete"]
    assert files(attic_of(local)) == files(main_of(local))
    root = local.root()
    assert len(local("list", "--withdrawn", "--json").lines) == 1
    assert local("rebuild", "--json").json["root"] == root
    assert local.root() == root


@pytest.mark.slow
@pytest.mark.parametrize("step", ["published", "supplanted:2"])
def test_killed_between_its_steps_catalogue_and_log_agree_and_what_is_left_is_named(
    on_catalogue: Desk, step: str
) -> None:
    desk = on_catalogue
    item = told_of(desk)
    driver = ("-m", "tests.archive.stopping", step, "SIGKILL")
    finished(desk.start("withdraw", item, *ORDER, driver=driver), code=-signal.SIGKILL.value)

    assert {code for code, _ in desk.faults()} == {"not-erased"}
    desk("rebuild")
    assert {code for code, _ in desk.faults()} == {"not-erased"}
    assert desk.show(item)["withdrawn"]
    assert desk("withdraw", item, *ORDER, "--json").json["again"]
    desk.root()


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


def stripped(data: bytes) -> bytes:
    batch = parse(data)
    return render(Batch(batch.first, tuple(event.withhold() for event in batch.events), batch.checkpoint))


@pytest.mark.attack("body-taken-out")
def test_a_body_that_is_taken_out_without_a_withdrawal_is_found_and_no_catalogue_is_made_of_it(local: Desk) -> None:
    local.take("a.jpg", PICTURE)
    local.alter(local.batches()[0], stripped)

    assert "body-missing" in {code for code, _ in local.faults()}
    assert "body-missing" in {each["code"] for each in local("audit", "--json", code=1).json["faults"]}
    assert "no withdrawal says so" in local("rebuild", code=6).err


@pytest.mark.attack("body-taken-out-of-one")
def test_a_body_that_is_taken_out_in_one_store_is_repaired_from_another(local: Desk) -> None:
    with_attic(local)
    local.take("a.jpg", PICTURE)
    before = files(main_of(local))
    local.alter(local.batches()[-1], stripped)

    local("audit", "--repair")

    assert {name: data for name, data in files(main_of(local)).items() if name in before} == before


def test_stamps_and_checkpoints_kept_elsewhere_still_hold(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    item = told_of(local)
    local("stamp")
    kept = local.files / "checkpoint"
    local("checkpoint", "--output", kept)
    local("withdraw", item, *ORDER)

    verified: dict[str, Any] = local("verify", "--checkpoint", kept, "--json").json

    assert (verified["intact"], verified["stamps"]) == (True, 1)


def test_nothing_is_told_of_it_as_of_an_earlier_time(on_catalogue: Desk) -> None:
    desk = on_catalogue
    item = told_of(desk)
    desk("withdraw", item, *ORDER)

    assert WORD not in desk("show", item, "--as-of", "event:5", "--history").out
    assert desk("list", "--as-of", "event:5", "--json").lines == []


@pytest.mark.server
def test_it_is_completed_on_servers_too(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> None:
    desk = place(request, ("seaweedfs", "postgres"), tmp_path).make()
    item = told_of(desk)
    driver = ("-m", "tests.archive.stopping", "published", "SIGKILL")
    finished(desk.start("withdraw", item, *ORDER, driver=driver), code=-signal.SIGKILL.value)

    assert desk("withdraw", item, *ORDER, "--json").json["complete"]

    assert WORD.encode() not in published(desk)
    desk.root()


def test_a_case_is_exported_with_the_tombstones_of_what_was_in_it(local: Desk) -> None:
    item = told_of(local)
    local("withdraw", item, *ORDER)
    assert [each["item"] for each in local("case", "show", "Kursk", "--json").json["withdrawn"]] == [item]
    court, public = local.files / "court", local.files / "public"

    local("export", "case:Kursk", "-o", court, "--profile", "court", "--recipient", "The court")
    local("export", "case:Kursk", "-o", public, "--profile", "public", "--recipient", "All", "--records-only")

    (stone,) = json.loads((court / "data/record.json").read_text())["withdrawn"]
    assert (stone["item"], stone["authority"]) == (item, ORDER[1])
    assert ORDER[1] in (court / "data/report.html").read_text()
    assert ORDER[1] in (court / f"data/events/{stone['number']:012d}.txt").read_text()
    (told,) = json.loads((public / "data/record.json").read_text())["withdrawn"]
    assert set(told) == {"withdrawn", "item", "number", "recorded"}
    assert remains(public, ORDER[1].encode()) == remains(court, WORD.encode()) == []


def test_whoever_thought_of_a_fact_before_the_withdrawal_cannot_record_it_after(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", PICTURE)
    other = on_catalogue.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    archive = on_catalogue.archive()
    on_catalogue("withdraw", item, *ORDER)
    size = on_catalogue.counts()["events"]
    said = {"type": "prov:alternateOf", "state": "confirmed", "by": "Ada", "basis": "compared"}

    claim, relation = Claim(item=item, text="x"), Relation.model_validate({"item": other, "other": item, **said})
    with pytest.raises(ItemWithdrawn, match="by order of"):
        archive.record(lambda _: [claim])
    with pytest.raises(ItemWithdrawn, match="by order of"):
        archive.record(lambda _: [relation])

    archive.close()
    assert on_catalogue.counts()["events"] == size


def test_a_catalogue_from_before_the_withdrawal_brings_nothing_back(local: Desk) -> None:
    item = told_of(local)
    local("status")
    saved = local.files / "yesterday.db"
    shutil.copy(local.home / "catalogue.db", saved)
    local("withdraw", item, *ORDER)
    root = local.root()
    for name in ("catalogue.db-wal", "catalogue.db-shm"):
        (local.home / name).unlink(missing_ok=True)
    shutil.copy(saved, local.home / "catalogue.db")

    assert "run `archiver rebuild`" in local("show", item, code=6).err
    assert local("rebuild", "--json").json["root"] == root

    assert local.show(item)["withdrawn"]
    assert remains(local.home, WORD.encode()) == []
    assert local.root() == root


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
