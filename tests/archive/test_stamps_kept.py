"""What real authorities vouch for is kept whole and checked; what becomes of it, or of the log, is found."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.archive.desk import Desk, finished, flip
from tests.archive.forging import forge, own_key
from tests.archive.processes import killed
from tests.archive.stamping import PARTS, covered, names, stamp, take

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.authority import Authority


def part(desk: Desk, place: str, kind: str) -> bytes:
    return desk.open_store().read(place.removesuffix("tsr") + kind, limit=2**20)


def test_the_newest_checkpoint_is_stamped_kept_whole_and_verified(desk: Desk, authority: Authority) -> None:
    authority.settings(desk.home)
    take(desk, 1)
    note = desk("checkpoint").out
    size = int(note.splitlines()[1])

    (asked,) = stamp(desk)

    assert (asked["authority"], asked["outcome"], asked["size"]) == ("tsa", "stamped", size)
    assert names(desk) == [f"log/timestamps/{size:012d}/tsa.1.{kind}" for kind in PARTS]
    assert part(desk, asked["place"], "note").decode() == note
    verified = desk("verify", "--json").json
    assert verified["intact"]
    assert verified["notes"] == []
    assert verified["stamps"] == 1
    assert [each["size"] for each in verified["stamped"]] == [size]


def test_a_stranger_checks_a_stamp_with_openssl_alone(local: Desk, authority: Authority, tmp_path: Path) -> None:
    authority.settings(local.home)
    take(local, 1)
    (asked,) = stamp(local)
    for kind in PARTS:
        (tmp_path / kind).write_bytes(part(local, asked["place"], kind))

    def openssl(*words: str) -> subprocess.CompletedProcess[str]:
        command = [
            "openssl",
            "ts",
            "-verify",
            "-in",
            "tsr",
            "-CAfile",
            str(authority.root),
            "-untrusted",
            "pem",
            *words,
        ]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert openssl("-queryfile", "tsq").stdout.strip() == "Verification: OK"
    assert openssl("-data", "note").stdout.strip() == "Verification: OK"
    (tmp_path / "note").write_bytes((tmp_path / "note").read_bytes() + b"\n")
    assert openssl("-data", "note").returncode != 0


def test_status_and_verify_say_what_is_not_stamped_and_since_when(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    begun = datetime.now(tz=UTC)
    take(local, 1)
    (never,) = covered(local)
    assert (never["size"], never["time"], never["unstamped"]) == (0, None, local.counts()["events"])
    assert begun <= datetime.fromisoformat(never["since"]) <= datetime.now(tz=UTC)
    assert "stamped    by tsa: never; " in local("status").out

    stamp(local)
    (all_of_it,) = covered(local)
    assert (all_of_it["unstamped"], all_of_it["since"], all_of_it["renew"]) == (0, None, False)
    assert "all of the log" in local("verify").out

    between = datetime.now(tz=UTC)
    take(local, 2)
    (partly,) = covered(local)
    assert partly["size"] == all_of_it["size"]
    assert partly["unstamped"] == local.counts()["events"] - partly["size"]
    assert between <= datetime.fromisoformat(partly["since"]) <= datetime.now(tz=UTC)
    assert f"{partly['unstamped']} events not stamped, since " in local("status").out


def test_a_policy_that_is_asked_for_later_finds_nothing_amiss_and_is_asked_for(
    local: Desk, authority: Authority
) -> None:
    authority.settings(local.home)
    take(local, 1)
    stamp(local)
    with (local.home / "archive.toml").open("a") as file:
        file.write('policy = "1.2.3.4.2"\n')

    assert local("verify", "--json").json["intact"]
    assert [asked["outcome"] for asked in stamp(local, code=3)] == ["failed"]


def test_a_new_root_beside_the_old_one_keeps_both_authorities_stamps_good(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    authority.settings(local.home)
    take(local, 1)
    stamp(local)
    successor = make_authority()
    path = local.home / "archive.toml"
    path.write_text(path.read_text().replace(authority.url, successor.url))
    with (local.home / "tsa-root.pem").open("a") as roots:
        roots.write(successor.root.read_text())
    take(local, 2)

    assert [asked["outcome"] for asked in stamp(local)] == ["stamped"]
    verified = local("verify", "--json").json
    assert (verified["intact"], verified["stamps"]) == (True, 2)


@pytest.mark.attack("stamp-altered")
def test_an_altered_stamp_is_found(on_store: Desk, authority: Authority) -> None:
    authority.settings(on_store.home)
    take(on_store, 1)
    (asked,) = stamp(on_store)
    place = asked["place"]

    on_store.alter(place, lambda data: flip(data, len(data) - 1))

    assert on_store.faults() == [("stamp-refused", place)]
    assert covered(on_store)[0]["size"] == 0
    assert [each["outcome"] for each in stamp(on_store)] == ["stamped"]  # what is no good stamp does not stand for one


def replaced_by(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _: content


@pytest.mark.attack("stamp-exchanged")
def test_a_stamp_of_another_size_or_of_other_bytes_is_found(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    (first,) = stamp(local)
    take(local, 2)
    (second,) = stamp(local)
    store = local.open_store()

    def copy(kinds: tuple[str, ...]) -> None:
        for kind in kinds:
            source = first["place"].removesuffix("tsr") + kind
            content = store.read(source, limit=2**20)
            local.alter(second["place"].removesuffix("tsr") + kind, replaced_by(content))

    copy(("tsr",))
    assert local.faults() == [("stamp-refused", second["place"])]
    copy(("tsr", "tsq"))
    assert local.faults() == [("stamp-refused", second["place"])]
    copy(("tsr", "tsq", "note", "pem"))
    assert local.faults() == [("stamp-refused", second["place"])]


@pytest.mark.parametrize("kind", ["note", "tsq", "pem"])
@pytest.mark.attack("stamp-torn")
def test_a_missing_part_is_found_and_a_missing_answer_is_a_loose_end(
    local: Desk, authority: Authority, kind: str
) -> None:
    authority.settings(local.home)
    take(local, 1)
    (asked,) = stamp(local)
    local.alter(asked["place"].removesuffix("tsr") + kind, lambda _: None)
    assert local.faults() == [("stamp-torn", asked["place"])]

    local.alter(asked["place"], lambda _: None)
    notes = local("verify", "--json").json["notes"]
    assert {note["code"] for note in notes} == {"loose-end"}
    assert len(notes) == 2
    assert [each["place"][-6:] for each in stamp(local)] == [".2.tsr"]  # what was left stands in nobody's way


@pytest.mark.attack("stamped-log-rewritten")
def test_a_log_written_anew_by_who_holds_its_key_does_not_pass_its_stamps(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    size = int(local("checkpoint").out.splitlines()[1])
    take(local, 2)
    stamp(local)
    forge(local, own_key(local), since=size)

    assert local.faults() == [("not-an-extension", "log")]


@pytest.mark.attack("stamped-log-cut-off")
def test_a_log_cut_off_behind_its_stamps_is_found(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    shutil.copytree(local.home, local.files / "yesterday")
    take(local, 2)
    stamp(local)
    shutil.copytree(local.home / "store/log/timestamps", local.files / "yesterday/store/log/timestamps")
    shutil.rmtree(local.home)
    (local.files / "yesterday").rename(local.home)

    assert local.faults() == [("not-an-extension", "log")]


def test_another_machine_that_trusts_nobody_finds_nothing_amiss_and_says_so(
    local: Desk, authority: Authority, tmp_path: Path
) -> None:
    authority.settings(local.home)
    take(local, 1)
    (asked,) = stamp(local)
    other = replace(local, home=tmp_path / "other", store=f"file:{local.home}/store").make()

    verified = other("verify", "--json").json

    assert verified["intact"]
    assert [(note["code"], note["subject"]) for note in verified["notes"]] == [("stamp-untrusted", asked["place"])]
    assert verified["stamped"] == []
    authority.settings(other.home)
    assert other("verify", "--json").json["notes"] == []
    assert covered(other)[0]["unstamped"] == 0
    take(local, 2)
    other("rebuild")
    assert [each["outcome"] for each in stamp(other)] == ["stamped"]  # who cannot write the log can have it stamped


def test_a_lost_file_of_roots_is_told_and_is_nobodys_fault(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    stamp(local)
    (local.home / "tsa-root.pem").unlink()

    assert [note["code"] for note in local("verify", "--json").json["notes"]] == ["stamp-untrusted"]
    assert "cannot be read" in local("stamp", code=2).err


def test_two_stamps_at_the_same_moment_are_both_kept_whole(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)

    answers = finished(*(local.start("stamp", "--json") for _ in range(2)))

    assert all(answer.json["outcome"] in {"stamped", "already-stamped"} for answer in answers)
    verified = local("verify", "--json").json
    assert verified["intact"]
    assert verified["notes"] == []
    assert verified["stamps"] >= 1


@pytest.mark.parametrize("step", ["asking", "answered", "part-kept:1", "part-kept:2", "part-kept:3", "part-kept:4"])
def test_a_stamp_killed_at_any_step_is_no_stamp_or_a_whole_one_and_the_next_run_stamps(
    local: Desk, authority: Authority, step: str
) -> None:
    authority.settings(local.home)
    take(local, 1)

    killed(local, "stamp", at=step)

    whole = step == "part-kept:4"
    verified = local("verify", "--json").json
    assert verified["intact"]
    assert verified["stamps"] == whole
    assert {note["code"] for note in verified["notes"]} == (set() if whole or "kept" not in step else {"loose-end"})
    assert [each["outcome"] for each in stamp(local)] == ["already-stamped" if whole else "stamped"]
    assert covered(local)[0]["unstamped"] == 0


def test_a_stamp_that_the_store_does_not_take_is_told_and_leaves_no_stamp(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    folder = local.home / "store/log/timestamps"
    folder.write_bytes(b"")  # where a directory is needed: the store cannot write there

    local("stamp", code=4)

    folder.unlink()
    assert [each["outcome"] for each in stamp(local)] == ["stamped"]
