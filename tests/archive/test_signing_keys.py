"""A log changes its keys, and everything works on: uploads, kept checkpoints, rebuilds, time stamps, other machines."""

from __future__ import annotations

import shutil
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archiver.custody import base64text
from archiver.custody.errors import KeyRefused
from archiver.custody.keyring import handover
from archiver.custody.keys import SigningKey
from archiver.facts.signing import KeyRotation
from archiver.keyfiles import key_file, successor
from tests.archive.rotated import keep, keys, rotate, signed_by, take

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers.authority import Authority


def test_after_a_rotation_the_new_key_signs_and_all_that_was_holds(desk: Desk) -> None:
    first = take(desk, 1)
    note = keep(desk, "before.note")

    done = rotate(desk)
    second = take(desk, 2)

    old, new = keys(desk)
    assert (old["fingerprint"], new["fingerprint"]) == (done["old"], done["new"])
    assert (old["last_event"], new["first_event"]) == (done["number"], done["number"] + 1)
    assert (old["in_force"], new["in_force"], new["reason"]) == (False, True, "once a year")
    signed = signed_by(desk)
    assert set(signed[: done["number"] + 1]) == {old["fingerprint"]}
    assert set(signed[done["number"] + 1 :]) == {new["fingerprint"]}
    later = keep(desk, "after.note")
    verified = desk("verify", "--json", "--checkpoint", note, "--checkpoint", later).json
    assert len(verified["extends"]) == 2
    root = desk.root()
    assert desk("rebuild", "--json").json["root"] == root == desk.root()
    assert [desk.show(item)["item"] for item in (first, second)] == [first, second]
    assert take(desk, 3)
    desk.root()


def test_the_new_key_lies_in_a_file_of_its_own_that_nobody_else_reads_and_the_old_one_stays(local: Desk) -> None:
    before = (local.home / "keys/signing.pem").read_bytes()

    files = [local.home / rotate(local)["file"] for _ in range(2)]

    assert (local.home / "keys/signing.pem").read_bytes() == before
    assert len({path.read_bytes() for path in files} | {before}) == 3
    assert [stat.S_IMODE(path.stat().st_mode) for path in files] == [0o600, 0o600]


def test_an_empty_archive_rotates_too(on_catalogue: Desk) -> None:
    rotate(on_catalogue)
    take(on_catalogue, 1)

    on_catalogue.root()
    assert [(key["first_event"], key["last_event"]) for key in keys(on_catalogue)] == [(0, 0), (1, None)]


@pytest.mark.attack("key-stolen")
def test_what_a_stolen_key_signed_is_in_doubt_from_then_on_and_the_archive_is_intact(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    done = rotate(on_catalogue)
    words = ("key", "retire", done["old"], "--reason", "the laptop was stolen")

    retired = on_catalogue(*words, "--since", "event:2", "--json").json

    last = done["number"]
    assert (retired["since"], retired["doubtful"], retired["new"]) == (2, last - 1, True)
    assert retired["introduces"] == [done["new"]]
    verified = on_catalogue("verify", "--json").json
    assert verified["intact"]
    (note,) = [note for note in verified["notes"] if note["code"] == "doubtful"]
    assert note["subject"] == f"events 2 to {last}"
    assert "the laptop was stolen" in note["detail"]
    again = on_catalogue(*words, "--since", "#2", "--json").json
    assert (again["new"], again["number"]) == (False, retired["number"])
    on_catalogue(*words, "--since", "2020-01-01", "--json")
    assert keys(on_catalogue)[0]["retired"]["since"] == 0
    assert "in doubt     what it signed from event 0 on" in on_catalogue("key", "show").out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("rotate",), 2, "for a reason"),
        (("rotate", "--reason", " "), 2, "for a reason"),
        (("rotate", "--reason", "x" * 200_000), 2, "--reason"),
        (("retire", "OLD"), 2, "for a reason"),
        (("retire", "NEW", "--reason", "x"), 2, "is in force"),
        (("retire", "abcdef", "--reason", "x"), 3, "no key of this log begins"),
        (("retire", "", "--reason", "x"), 3, "give the whole fingerprint"),
        (("retire", "OLD", "--reason", "x", "--since", "event:99"), 3, "nothing was recorded since"),
        (("retire", "OLD", "--reason", "x", "--since", "2999"), 3, "nothing was recorded since"),
        (("retire", "OLD", "--reason", "x", "--since", "yesterday"), 2, "--since"),
        (("retire", "OLD", "--reason", "x", "--since", "event:5"), 3, "has signed nothing since event 5"),
    ],
)
def test_what_makes_no_sense_is_refused_and_records_nothing(
    local: Desk, words: tuple[str, ...], code: int, told: str
) -> None:
    take(local, 1)
    done = rotate(local)
    assert done["number"] == 4
    take(local, 2)
    root = local.root()

    named = [{"OLD": done["old"], "NEW": done["new"]}.get(word, word) for word in words]

    assert told in local("key", *named, code=code).err
    assert local.root() == root


def test_a_machine_that_has_only_the_old_key_reads_and_is_told_which_key_it_lacks(on_store: Desk) -> None:
    item = take(on_store, 1)
    done = rotate(on_store)
    moved = (on_store.home / done["file"]).rename(on_store.files / "new.pem")

    answer = on_store("claim", item, "x", "--by", "y", code=2)

    assert done["file"] in answer.err
    assert f"from event {done['number'] + 1} on a new key signs, {done['new'][:16]}" in answer.err
    assert not on_store("status", "--json").json["writable"]
    on_store("show", item)
    on_store.root()
    assert [key["file"] is None for key in keys(on_store)] == [False, True]
    shutil.copy(moved, on_store.home / done["file"])
    on_store("claim", item, "x", "--by", "y")
    on_store.root()


def test_a_machine_that_joins_with_the_first_key_alone_does_not_write(local: Desk, tmp_path: Path) -> None:
    take(local, 1)
    done = rotate(local)
    joining = replace(local, home=tmp_path / "joining", store=f"file:{local.home / 'store'}")
    (joining.home / "keys").mkdir(parents=True)
    shutil.copy(local.home / "keys/signing.pem", joining.home / "keys/signing.pem")

    answer = joining("init", "--store", joining.store, "--json").json

    assert (answer["joined"], answer["writable"], answer["key"]) == (True, False, done["old"])
    assert joining.root() == local.root()
    shutil.copy(done["file"], joining.home / "keys")
    take(joining, 2)
    joining.root()


def test_key_show_needs_no_private_key_and_names_files_that_nobody_needs(local: Desk) -> None:
    take(local, 1)
    done = rotate(local)
    stray = SigningKey.generate()
    stray.save(local.home / "keys/signing-0000000000000000.pem")
    (local.home / "keys/signing-1111111111111111.pem").write_text("no key")
    (local.home / "keys/signing-1111111111111111.pem").chmod(0o600)
    (local.home / done["file"]).chmod(0o644)
    (local.home / "keys/signing.pem").unlink()

    shown = local("key", "show", "--json").json

    old, new = shown["keys"]
    assert (old["file"], old["problem"]) == (None, "")
    assert "others can reach the key" in new["problem"]
    assert new["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    unused = [(file["fingerprint"], bool(file["problem"])) for file in shown["unused"]]
    assert unused == [(stray.public.fingerprint, False), (None, True)]
    told = local("key", "show")
    assert "which this log never had" in told.err
    assert "CANNOT BE USED" in told.out


def test_time_stamps_over_checkpoints_of_every_key_hold(on_store: Desk, authority: Authority) -> None:
    authority.settings(on_store.home)
    take(on_store, 1)
    on_store("stamp")
    rotate(on_store)
    assert on_store("verify", "--json").json["stamps"] == 1

    on_store("stamp")

    verified = on_store("verify", "--json").json
    assert (verified["intact"], verified["stamps"]) == (True, 2)
    assert [(each["size"], each["unstamped"]) for each in verified["stamped"]] == [(verified["events"], 0)]
    on_store("rebuild")
    assert on_store("verify", "--json").json["intact"]


def test_a_folder_of_keys_that_cannot_be_read_is_told_and_not_taken_for_an_empty_one(local: Desk) -> None:
    take(local, 1)
    folder = local.home / "keys"
    folder.rename(local.home / "elsewhere")
    folder.symlink_to(folder)  # whoever enters it goes round for ever

    said = local("key", "show", code=2)

    assert f"the folder {folder} cannot be read" in said.err
    assert local("status", "--json").json["writable"] is False
    item = local("list", "--json").lines[0]["item"]
    refused = local("claim", item, "A claim", "--by", "Ada", code=2)
    assert "cannot be read: Too many levels of symbolic links" in refused.err
    folder.unlink()
    assert "is missing" in local("key", "rotate", "--reason", "a test", code=2).err


def test_a_file_that_holds_another_key_takes_over_nothing(tmp_path: Path) -> None:
    old, new, other = (SigningKey.generate() for _ in range(3))
    path = key_file(tmp_path, new.public.fingerprint, first=old.public.fingerprint)
    other.save(path)
    statement = handover("a log", 3, old.public.fingerprint, new.public.fingerprint)
    fact = KeyRotation(
        place=3,
        replaces=old.public.fingerprint,
        key=new.public.base64,
        fingerprint=new.public.fingerprint,
        endorsement=base64text.write(old.sign(statement)),
        possession=base64text.write(new.sign(statement)),
        reason="a test",
    )

    with pytest.raises(KeyRefused, match="is not the key that takes over"):
        successor(tmp_path, [fact], first=old.public.fingerprint)

    path.unlink()
    new.save(path)
    key = successor(tmp_path, [fact], first=old.public.fingerprint)
    assert key is not None
    assert key.public == new.public
