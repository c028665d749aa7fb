"""Several stores: each that can keeps what was promised, each that cannot is named, and a release lifts it in all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.url import open_store, parse_store_url
from tests import drawing
from tests.archive.auditing import amiss, audit
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, YEAR, in_force, in_store
from tests.archive.processes import killed
from tests.archive.promising import RELEASE, locked, second, unheld
from tests.servers.faults import ForgetfulProxy

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers import S3Server

__all__ = ["locked", "second"]

pytestmark = pytest.mark.server


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


def test_a_release_that_was_killed_between_two_stores_is_finished_by_the_same_command(
    locked: Desk, second: str
) -> None:
    locked("store", "add", "second", second)
    item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    there, name = replace(locked, store=second), locked.object_of(item)
    killed(locked, "hold", item, *RELEASE, at="releasing:2")
    assert (in_store(locked, name)["hold"], in_store(there, name)["hold"]) == (False, True)

    assert locked("hold", item, *RELEASE, "--json").json["status"] == "released"

    assert not in_store(there, name)["hold"]
    assert in_force(locked, item) == (0, 0)
    assert audit(locked)["intact"]
