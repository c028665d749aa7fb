"""``audit``: every copy in every store is read; what is amiss is named, recorded, and nothing else is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.auditing.notebook import Notebook
from archiver.facts.share import MOST, Share
from storage.digest import Digest
from tests import drawing
from tests.archive.attic import taking_no_log
from tests.archive.auditing import ROTTEN, alter, amiss, audit, events, pictures, stored, with_attic
from tests.archive.conftest import place
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk


def test_an_audit_reads_everything_and_is_recorded_with_what_it_covered(desk: Desk) -> None:
    items = furnish(desk)
    batches = desk.batches()

    found = audit(desk)

    (store,) = found["stores"]
    check = events(desk, "fixity-check")[-1]
    assert (found["intact"], found["items"], store["due"], store["amiss"]) == (True, 3, 4, [])
    assert store["check"] == check
    assert (check["outcome"], check["failed"], check["unread"], check["algorithm"]) == ("success", 0, 0, "SHA-256")
    assert desk.show(items[0])["item"] == items[0]
    theirs = events(desk, "hash-list")[0]["file"]
    held = desk.open_store()
    names = [desk.object_of(each) for each in sorted([*items, theirs])] + batches
    data = {name: held.read(name, limit=2**30) for name in names}
    lines = "".join(f"{name} whole {hashlib.sha256(data[name]).hexdigest()}\n" for name in names)
    assert check["covered"] == hashlib.sha256(lines.encode()).hexdigest()
    assert (check["objects"], check["bytes"]) == (len(names), sum(map(len, data.values())))
    assert desk("verify").code == 0


def test_an_empty_archive_is_not_called_right(desk: Desk) -> None:
    found = audit(desk, code=1)

    assert [fault["code"] for fault in found["faults"]] == ["nothing-checked"]


@pytest.mark.parametrize("how", ROTTEN)
@pytest.mark.attack("copy-rotten-everywhere")
def test_a_copy_that_is_not_what_it_was_is_named_and_recorded_and_left_as_it_is(on_store: Desk, how: str) -> None:
    item, *_ = pictures(on_store)
    name = on_store.object_of(item)
    on_store.alter(name, ROTTEN[how])
    before = stored(on_store)

    first, second = audit(on_store, code=1), audit(on_store, code=1)

    fault = "missing" if how == "deleted" else "corrupt"
    assert amiss(first) == amiss(second) == [("main", name, fault)]
    failure = events(on_store, "fixity-failure")[0]
    assert (failure["item"], failure["fault"], failure["expected"]) == (item, fault, item)
    assert failure.get("found") == (str(before[name]) if name in before else None)
    assert events(on_store, "fixity-check")[0]["outcome"] == "fail"
    assert stored(on_store) == before
    assert f"object-{fault}: {item}" in on_store("audit", code=1).out


@pytest.mark.parametrize("how", ["flipped", "deleted"])
@pytest.mark.attack("copy-rotten")
def test_every_store_is_read_and_the_one_that_is_rotten_is_named(local: Desk, how: str) -> None:
    item, *_ = pictures(local)
    attic = with_attic(local)
    assert [store["due"] for store in audit(local)["stores"]] == [3, 3]
    alter(attic, local.object_of(item), ROTTEN[how])

    found = audit(local, code=1)

    assert [store for store, _, _ in amiss(found)] == ["attic"]
    assert audit(local, "--store", "main")["intact"]
    assert [store["store"] for store in audit(local, "--store", "attic", code=1)["stores"]] == ["attic"]
    local("audit", "--store", "cellar", code=2)


@pytest.mark.parametrize("how", ["flipped", "deleted", "overwritten"])
@pytest.mark.attack("transaction-altered")
def test_a_transaction_that_is_not_the_signed_one_is_named_in_its_store(local: Desk, how: str) -> None:
    pictures(local)
    attic = with_attic(local)
    name = local.batches()[1]
    alter(attic, name, ROTTEN[how])

    found = audit(local, code=1)

    assert amiss(found) == [("attic", name, "missing" if how == "deleted" else "corrupt")]
    assert found["faults"] == []  # the log itself is whole: the other store has it


@pytest.mark.attack("log-forked")
def test_a_transaction_that_was_signed_twice_is_a_fork_and_nobody_is_told_which_is_right(local: Desk) -> None:
    pictures(local, 1)
    attic = with_attic(local)
    archive = local.archive()
    first = archive.catalogue.head().size
    archive.close()
    backup = (local.home / "catalogue.db").read_bytes()
    local("case", "new", "one")
    name = local.batches()[-1]
    signed = (local.home / "store" / name).read_bytes()
    for root in (local.home / "store", attic):
        (root / name).unlink()
    for suffix in ("-wal", "-shm"):
        (local.home / f"catalogue.db{suffix}").unlink(missing_ok=True)
    (local.home / "catalogue.db").write_bytes(backup)
    local("case", "new", "two")
    (attic / name).unlink()
    (attic / name).write_bytes(signed)

    found = audit(local, "--repair", code=1)

    assert int(name[-17:-5]) == first
    assert "log-forked" in {fault["code"] for fault in found["faults"]}
    assert (attic / name).read_bytes() == signed


def test_the_catalogue_is_held_against_the_log_and_row_by_row_with_deep(on_catalogue: Desk) -> None:
    import sqlalchemy as sa  # noqa: PLC0415 - this test alone

    from archiver.catalogue.tables import PROJECTED  # noqa: PLC0415 - as above

    item, *_ = furnish(on_catalogue)
    archive = on_catalogue.archive()
    claim, items = (next(each for each in PROJECTED if each.name == name) for name in ("claim", "item"))
    with archive.catalogue.engine.begin() as connection:
        connection.execute(sa.update(claim).values(text="nobody said so"))
    assert audit(on_catalogue)["intact"]  # whole copies, and the same items
    found = audit(on_catalogue, "--deep", code=1)
    assert {fault["code"] for fault in found["faults"]} == {"catalogue-differs"}
    with archive.catalogue.engine.begin() as connection:
        connection.execute(sa.delete(items).where(items.c.item == item))
    archive.close()
    on_catalogue("audit", code=1)


def test_a_signature_that_is_none_is_found(local: Desk) -> None:
    pictures(local, 1)
    name = local.batches()[0]

    def forged(data: bytes) -> bytes:
        batch = json.loads(data)
        good, other = (batch["events"][n]["signature"] for n in (0, 1))
        return data.replace(good.encode(), other.encode(), 1)

    local.alter(name, forged)

    found = audit(local, code=1)

    assert amiss(found) == [("main", name, "corrupt")]


def test_an_object_in_no_event_is_noted_and_no_loss(on_store: Desk) -> None:
    pictures(on_store, 1)
    loose = b"nobody recorded this"
    digest = Digest.of(loose)
    path = on_store.file("loose", loose)
    on_store.open_store().put_file(on_store.object_of(str(digest)), path, digest=digest, size=len(loose))

    found = audit(on_store)

    assert [note["subject"] for note in found["notes"]] == [on_store.object_of(str(digest))]


def test_a_store_that_is_down_is_no_loss_and_no_success_and_the_other_is_read(local: Desk) -> None:
    pictures(local)
    attic = with_attic(local)
    attic.rename(attic.with_name("gone"))

    found = audit(local, code=4)

    assert [each["code"] for each in found["silent"]] == ["store-silent", "not-recorded"]
    assert [(store["store"], store["check"]["outcome"]) for store in found["stores"]] == [("main", "success")]
    assert not found["intact"]
    assert events(local, "fixity-check") == []
    attic.with_name("gone").rename(attic)
    again = audit(local)
    assert [(store["store"], store["resumed"]) for store in again["stores"]] == [("main", 3), ("attic", 0)]
    assert next(check["started"] for check in events(local, "fixity-check")) == found["stores"][0]["check"]["started"]


def test_what_a_store_that_is_not_required_lacks_while_it_is_down_is_recorded_of_the_others(local: Desk) -> None:
    pictures(local)
    local("store", "add", "attic", "file:attic", "--optional")
    local("sync")
    (local.home / "attic").rename(local.home / "gone")

    found = audit(local, code=4)

    assert [each["code"] for each in found["silent"]] == ["store-silent"]
    assert len(events(local, "fixity-check")) == 1


def test_what_is_recorded_and_not_taken_by_a_store_is_told_by_its_numbers_and_as_on_its_way(local: Desk) -> None:
    pictures(local)
    attic = with_attic(local)
    before = local.counts()["events"]
    with taking_no_log(attic):
        found = audit(local, code=4)

    (late,) = found["silent"]
    assert late["code"] == "not-published"
    told = (
        f"2 facts of this audit (#{before} to #{before + 1}) are recorded, and not yet in every store: the store attic"
    )
    assert late["detail"].startswith(told)
    assert [store["number"] for store in found["stores"]] == [before, before + 1]
    local("sync")
    assert len(events(local, "fixity-check")) == 2
    assert audit(local)["intact"]


def test_a_copy_that_cannot_be_read_is_no_loss_and_no_success(local: Desk) -> None:
    item, *_ = pictures(local)
    path = local.home / "store" / local.object_of(item)
    path.unlink()
    path.mkdir()  # not a file: the store does not follow, and does not call it missing

    found = audit(local, code=4)

    assert [fault for _, _, fault in amiss(found)] == ["unreadable"]
    assert found["stores"][0]["check"]["outcome"] == "warning"


def test_without_the_key_an_audit_is_refused_before_anything_is_read(local: Desk) -> None:
    pictures(local, 1)
    (local.home / "keys/signing.pem").unlink()

    assert "reading" not in local("audit", code=2).out


def test_what_is_amiss_is_told_also_where_nothing_can_be_recorded(local: Desk) -> None:
    items = pictures(local)
    local.alter(local.object_of(items[0]), ROTTEN["cut"])
    local.alter(local.batches()[-1], ROTTEN["deleted"])

    found = audit(local, code=1)

    codes = [fault["code"] for fault in found["faults"]]
    assert "not-recorded" in codes
    assert ("main", local.object_of(items[0]), "corrupt") in amiss(found)
    assert local("verify", code=1).code == 1


@given(st.integers(1, MOST), st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=20))
def test_the_shares_hold_every_digest_exactly_once(shares: int, digests: list[str]) -> None:
    for digest in digests:
        near = int(digest[:16], 16) * shares >> 64
        wanted = {max(1, near), near + 1, min(shares, near + 2)}  # the others are further off still
        assert [n for n in sorted(wanted) if Share(n, shares).holds(digest)] == [near + 1]
        if shares <= 50:
            assert sum(Share(n, shares).holds(digest) for n in range(1, shares + 1)) == 1


@given(st.integers(1, MOST), st.integers(1, MOST))
def test_a_share_is_the_same_share_after_its_text(one: int, other: int) -> None:
    share = Share(min(one, other), max(one, other))
    assert Share.parse(str(share)) == share


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "1/", "/3", "1/99999", "a/b", "1/3/5", "-1/3", "1 / 3"])
def test_what_is_no_share_is_refused(local: Desk, text: str) -> None:
    local("audit", "--slice", text, code=2)


def test_three_shares_read_every_original_once(local: Desk) -> None:
    items = pictures(local, 6)

    due = [audit(local, "--slice", f"{n}/3")["stores"][0]["due"] for n in (1, 2, 3)]

    assert sum(due) == len(items)
    last = audit(local, "--since", "2020")["stores"][0]
    assert last["due"] == 0


def test_since_reads_what_was_not_found_whole_since_then_and_what_failed(local: Desk) -> None:
    old, bad = pictures(local, 2)
    audit(local)
    local.alter(local.object_of(bad), ROTTEN["flipped"])
    audit(local, code=1)
    new = local.take("new.jpg", drawing.jpeg(drawing.photo(9)))

    found = audit(local, "--since", "2020", code=1)

    assert (found["stores"][0]["due"], [name for _, name, _ in amiss(found)]) == (2, [local.object_of(bad)])
    assert {old, new, bad} == {line["item"] for line in local("list", "--json").lines}
    assert audit(local, "--since", "2020", code=1)["stores"][0]["due"] == 1  # the new one was found whole
    for wrong in ("tomorrow", "2999", ""):
        local("audit", "--since", wrong, code=2)


def test_bad_words_are_refused(local: Desk) -> None:
    local("audit", "an-item", code=2)
    local("audit", "--slice", "3/30", "--since", "nonsense", code=2)


@pytest.mark.server
@pytest.mark.attack("guarantee-lost")
def test_a_store_that_does_not_do_what_it_was_seen_to_do_is_named_with_deep(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None
) -> None:
    desk = place(request, ("seaweedfs", "sqlite"), tmp_path)
    assert desk.server is not None
    client, bucket = desk.server.client(), f"versioned-{tmp_path.name.replace('_', '-')[-20:].lower()}-x"
    client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    desk = replace(desk, store=f"s3://{bucket}/one?endpoint={desk.server.endpoint}").make()
    pictures(desk, 1)
    assert audit(desk, "--deep")["intact"]
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    client.close()

    found = audit(desk, "--deep", code=1)

    assert [(fault["code"], fault["subject"]) for fault in found["faults"]] == [("guarantee-lost", "main")]
    assert audit(desk)["intact"]  # the bytes are as they were


def test_a_list_of_fingerprints_that_failed_is_read_again_with_since(local: Desk) -> None:
    furnish(local)
    theirs = events(local, "hash-list")[0]["file"]
    local.alter(local.object_of(theirs), ROTTEN["flipped"])
    audit(local, code=1)

    found = audit(local, "--since", "2020", code=1)

    assert amiss(found) == [("main", local.object_of(theirs), "corrupt")]


def test_only_one_audit_of_a_kind_runs_at_a_time(local: Desk) -> None:
    pictures(local, 1)
    url = local.open_store().url
    running = Notebook(local.home, url, ("1/1", None, None))

    local("audit", code=2)
    assert audit(local, "--slice", "1/2")["stores"]

    running.leave()
    assert audit(local)["intact"]


def test_show_tells_when_a_copy_was_last_found_whole_and_what_became_of_it(local: Desk) -> None:
    item, other = pictures(local, 2)
    with_attic(local)
    audit(local)
    local.alter(local.object_of(item), ROTTEN["flipped"])

    audit(local, code=1)

    urls = [copy.url for copy in local.archive().copies]
    told = local.show(item)
    assert [check["store"] for check in told["checks"]] == [urls[1]]  # of the rotten copy nothing is said to be whole
    assert [(each["store"], each["fault"]) for each in told["failures"]] == [(urls[0], "corrupt")]
    assert "copy found corrupt" in local("show", item).out
    assert {check["store"] for check in local.show(other)["checks"]} == set(urls)
    audit(local, "--repair")
    audit(local)
    told = local.show(item)
    assert {check["store"] for check in told["checks"]} == set(urls)
    assert [each["good_copy"] for each in told["repairs"]] == ["store"]
    before = local("show", item, "--as-of", f"event:{told['failures'][0]['number'] - 1}", "--json").json
    assert (before["failures"], before["repairs"]) == ([], [])
    assert "archiver:Repair" in local("show", item, "--format", "jsonld").out
