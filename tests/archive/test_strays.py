"""What somebody put among the log's transactions is told as what it is, and becomes part of no log or store."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from storage.layout import batch_name
from tests.archive.attic import attic_of, main_of, picture, with_attic
from tests.archive.desk import flip
from tests.archive.rotated import rotate

if TYPE_CHECKING:
    from tests.archive.desk import Answer, Desk


def put(desk: Desk, store: str, number: int, data: bytes = b"{}\n") -> str:
    """Put a file where a transaction would be; its name."""
    name = batch_name(number)
    ((main_of(desk) if store == "main" else attic_of(desk)) / name).write_bytes(data)
    return name


def told(answer: Answer, name: str, store: str) -> bool:
    """Whether the one diagnosis is given, and none of those that would lead astray."""
    text = answer.err + answer.out
    for astray in ("run `archiver sync`", "archiver rebuild", "from another copy", "nobody can tell", "copy-missing"):
        assert astray not in text
    return f"{name} in the store {store} is no transaction of this log: move it away and keep it" in text


@pytest.mark.parametrize("store", ["attic", "main"])
def test_junk_where_the_log_would_go_on_is_told_as_what_it_is_by_every_command(local: Desk, store: str) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    events = local.counts()["events"]
    name = put(local, store, events)

    assert told(local("claim", item, "A claim", "--by", "Ada", code=6), name, store)
    assert told(local("sync", code=6), name, store)
    assert told(local("rebuild", code=6), name, store)
    assert told(local("verify", code=1), name, store)
    assert told(local("audit", "--repair", code=1), name, store)

    assert local.faults() == [("stray", name)]
    assert local.counts()["events"] == events
    ((main_of(local) if store == "main" else attic_of(local)) / name).rename(local.files / "kept.json")
    local("claim", item, "A claim", "--by", "Ada")
    local("rebuild")
    local.root()


@pytest.mark.parametrize("number", [3, 100_000, 999_999_999_999])
def test_junk_within_the_log_or_far_behind_it_is_named_and_is_missing_from_no_store(local: Desk, number: int) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    assert batch_name(number) not in local.batches()
    name = put(local, "attic", number, (attic_of(local) / local.batches()[-1]).read_bytes())

    local("claim", item, "A claim", "--by", "Ada")
    audited = local("audit", "--deep", "--json", code=1).json
    synced = local("sync", "--json", code=1).json

    assert [(each["code"], each["subject"]) for each in audited["faults"]] == [("stray", name)]
    assert [each["check"]["failed"] for each in audited["stores"]] == [0, 0]
    assert synced["lacking"] == {"main": 0, "attic": 0}
    assert [(each["store"], each["name"]) for each in synced["altered"]] == [("attic", name)]
    assert synced["left"] == []
    assert local.faults() == [("stray", name)]
    assert told(local("rebuild", code=6), name, "attic")
    assert f"note: {name} in the store attic is no transaction" in local("store", "list").err


@pytest.mark.parametrize("key", ["same", "newer"])
def test_a_newer_transaction_of_this_log_is_no_stray_and_the_catalogue_is_said_to_be_behind(
    local: Desk, key: str
) -> None:
    with_attic(local)
    item = local.take("one.jpg", picture(1))
    local("status")
    shutil.copy(local.home / "catalogue.db", local.files / "yesterday.db")
    if key == "newer":
        rotate(local)
    local("claim", item, "A claim", "--by", "Ada")
    root = local.root()
    for name in ("catalogue.db-wal", "catalogue.db-shm"):
        (local.home / name).unlink(missing_ok=True)
    shutil.copy(local.files / "yesterday.db", local.home / "catalogue.db")

    assert "run `archiver rebuild`" in local("claim", item, "Another", "--by", "Ada", code=6).err

    assert {code for code, _ in local.faults()} == {"catalogue-behind"}
    local("rebuild")
    assert local.root() == root


@pytest.mark.parametrize("rotten", ["flipped", "cut", "emptied", "zeroed"])
def test_a_newer_transaction_that_is_damaged_is_not_called_a_stray_for_moved_away_it_would_be_lost(
    local: Desk, rotten: str
) -> None:
    item = local.take("one.jpg", picture(1))
    backup = local.files / "catalogue.db"
    shutil.copy(local.home / "catalogue.db", backup)
    local("claim", item, "A claim", "--by", "Ada")
    newest = main_of(local) / local.batches()[-1]
    content = newest.read_bytes()
    newest.chmod(0o600)
    half = len(content) // 2
    remains = {"flipped": flip(content, half), "cut": content[:half], "emptied": b"", "zeroed": bytes(len(content))}
    newest.write_bytes(remains[rotten])
    for left in local.home.glob("catalogue.db*"):
        left.unlink()
    shutil.copy(backup, local.home / "catalogue.db")

    for answer in (local("claim", item, "Another", "--by", "Ada", code=6), local("verify", code=1)):
        assert "move it away" not in answer.err + answer.out
