"""What is withdrawn is forgotten by the catalogue, and told by a tombstone in a log that still verifies."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody.batch import Batch, parse, render
from archiver.errors import ItemWithdrawn
from archiver.facts.claim import Claim
from archiver.facts.kinds import KINDS
from archiver.facts.relation import Relation
from archiver.facts.withdrawal import WITHHELD
from tests import drawing
from tests.archive.attic import files, main_of, with_attic
from tests.archive.withdrawing import ORDER, PICTURE, WORD, published, remains, told_of

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers.authority import Authority

KEPT = {"copy", "disclosure", "fixity-failure", "repair", "retention", "legal-hold", "withdrawal"}
"""What is said of an item, and stays: how the archive kept, lost, gave away or erased its bytes."""
OF_NO_ITEM = {"agent", "account", "account-profile", "affiliation", "alias", "merge", "case", "hash-list"} | {
    *("key-rotation", "key-retirement", "store", "fixity-check")
}


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
