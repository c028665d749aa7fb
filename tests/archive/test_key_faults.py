"""Killed, at once, with an old catalogue or none: whatever happens while keys change, the archive works and says so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.attic import attic_of, files, main_of, taking_no_log, with_attic
from tests.archive.conftest import place
from tests.archive.desk import finished
from tests.archive.processes import killed
from tests.archive.rotated import WHY, keep, keys, rotate, signed_by, take

if TYPE_CHECKING:
    from tests.archive.desk import Desk


@pytest.mark.parametrize("step", ["recording", "committed", "published", "noted"])
def test_a_rotation_killed_at_any_step_leaves_an_archive_that_works(on_catalogue: Desk, step: str) -> None:
    item = take(on_catalogue, 1)

    killed(on_catalogue, "key", "rotate", *WHY, at=step)

    recorded = step != "recording"
    shown = on_catalogue("key", "show", "--json").json
    assert (len(shown["keys"]), len(shown["unused"])) == ((2, 0) if recorded else (1, 1))
    on_catalogue("claim", item, "x", "--by", "y")
    on_catalogue.root()
    assert len(set(signed_by(on_catalogue))) == 1 + recorded
    done = rotate(on_catalogue)
    take(on_catalogue, 2)
    assert signed_by(on_catalogue)[-1] == done["new"]
    root = on_catalogue.root()
    assert on_catalogue("rebuild", "--json").json["root"] == root


def test_a_rotation_that_is_committed_and_not_published_survives_a_rebuild(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    killed(on_catalogue, "key", "rotate", *WHY, at="committed")

    rebuilt = on_catalogue("rebuild", "--json").json

    assert (rebuilt["published"], rebuilt["kept"]) == (1, None)
    assert [key["in_force"] for key in keys(on_catalogue)] == [False, True]
    take(on_catalogue, 2)
    on_catalogue.root()


def test_of_two_that_rotate_at_once_each_says_truly_what_became_of_it(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    running = [on_catalogue.start("key", "rotate", "--json", *WHY) for _ in range(3)]

    ended = [(process.communicate(timeout=120), process.returncode) for process in running]

    done = [out for (out, _), code in ended if code == 0]
    refused = [err for (_, err), code in ended if code != 0]
    assert {code for _, code in ended} <= {0, 2}
    assert all("meanwhile" in err for err in refused)
    assert done
    assert len(keys(on_catalogue)) == 1 + len(done)
    take(on_catalogue, 2)
    on_catalogue.root()


def test_an_upload_goes_on_with_the_new_key_while_another_command_rotates(on_catalogue: Desk) -> None:
    for number in range(6):
        on_catalogue.file(f"in/{number}.jpg", drawing.jpeg(drawing.photo(number)))
    running = [
        on_catalogue.start("upload", "--json", "--jobs", "1", on_catalogue.files / "in"),
        on_catalogue.start("key", "rotate", "--json", *WHY),
    ]

    finished(*running)

    take(on_catalogue, 9)
    assert on_catalogue.counts()["items"] == 7
    assert len(set(signed_by(on_catalogue))) == 2
    on_catalogue.root()


@pytest.mark.parametrize("where", ["attic", "store"])
def test_a_rotation_that_a_store_does_not_take_tells_the_key_that_is_in_force_and_that_nothing_is_to_be_repeated(
    local: Desk, where: str
) -> None:
    with_attic(local)
    with taking_no_log(local.home / where):
        done = local("key", "rotate", "--json", *WHY, code=4)
        once = {key["fingerprint"] for key in keys(local)}
        again = local("key", "rotate", *WHY, code=4)  # in words, of another rotation

    told = done.json
    assert set(told) == {"number", "old", "new", "file", "error", "hint", "exit_code"}
    assert once == {told["old"], told["new"]}
    assert Path(told["file"]).is_file()
    assert "`archiver sync`" in told["hint"]
    (new,) = {key["fingerprint"] for key in keys(local)} - once
    assert f"key {new} signs from event" in again.out
    for answer in (done, again):
        assert f"the store {'attic' if where == 'attic' else 'main'}" in answer.err
        assert "\nhint: This is recorded, and not yet in every store" in answer.err
        assert "keep a copy of " in answer.err
        assert "acknowledged" not in answer.err
        assert "same command" not in answer.err
    local("sync")
    assert files(attic_of(local)) == files(main_of(local))
    assert signed_by(local)[-1] == told["new"], "the second rotation's own event"
    local.root()


def test_a_rotation_that_the_only_store_does_not_take_is_told_and_published_by_what_records_next(local: Desk) -> None:
    take(local, 1)
    with taking_no_log(main_of(local)):
        answer = local("key", "rotate", "--json", *WHY, code=4)

    assert "`archiver audit` or whatever records next puts it there" in answer.json["hint"]
    assert [key["fingerprint"] for key in keys(local)] == [answer.json["old"], answer.json["new"]]
    local("audit")
    assert signed_by(local)[-1] == answer.json["new"]
    local.root()


@pytest.mark.server
def test_of_two_machines_the_one_without_the_new_key_records_nothing_until_it_is_copied(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None
) -> None:
    desk = place(request, ("seaweedfs", "postgres"), tmp_path).make()
    item = take(desk, 1)
    other = replace(desk, home=tmp_path / "other")
    other.home.mkdir()
    shutil.copytree(desk.home / "keys", other.home / "keys")
    shutil.copy(desk.home / "archive.toml", other.home / "archive.toml")
    take(other, 2)
    done = rotate(desk)
    events = desk.counts()["events"]

    assert "from event" in other("claim", item, "x", "--by", "y", code=2).err
    assert "from event" in other("key", "rotate", *WHY, code=2).err
    assert other("verify", "--json").json["intact"]

    assert desk.counts()["events"] == events
    shutil.copy(done["file"], other.home / "keys")
    other("claim", item, "x", "--by", "y")
    again = rotate(other)
    assert "from event" in desk("claim", item, "z", "--by", "y", code=2).err
    shutil.copy(again["file"], desk.home / "keys")
    desk("claim", item, "z", "--by", "y")
    assert desk.root() == other.root()


@pytest.mark.attack("catalogue-before-rotation")
def test_a_catalogue_from_before_the_rotation_signs_nothing_with_the_old_key(local: Desk) -> None:
    item = take(local, 1)
    shutil.copy(local.home / "catalogue.db", local.files / "yesterday.db")
    rotate(local)
    note = keep(local, "kept.note")
    shutil.copy(local.files / "yesterday.db", local.home / "catalogue.db")

    local("claim", item, "x", "--by", "y", code=6)
    local("key", "show", code=6)

    faults = local("verify", "--json", "--checkpoint", note, code=1).json["faults"]
    assert [fault["code"] for fault in faults] == ["catalogue-behind"]  # and nothing about keys or the kept note
    local("rebuild")
    local("claim", item, "x", "--by", "y")
    local.root()


@pytest.mark.parametrize("what", ["garbage", "nothing"])
def test_verify_learns_the_keys_from_the_log_where_there_is_no_catalogue(local: Desk, what: str) -> None:
    take(local, 1)
    rotate(local)
    note = keep(local, "kept.note")
    if what == "garbage":
        (local.home / "catalogue.db").write_bytes(b"garbage" * 4096)
        for path in local.home.glob("catalogue.db-*"):
            path.unlink()
    else:
        for path in local.home.glob("catalogue.db*"):
            path.unlink()

    verified = local("verify", "--json", "--checkpoint", note, code=1).json

    assert {fault["code"] for fault in verified["faults"]} <= {"catalogue-unreadable", "catalogue-behind"}
    assert len(verified["extends"]) == 1
