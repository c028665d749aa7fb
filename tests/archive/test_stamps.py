"""Trusted time: what real authorities vouch for is kept and checked, and what is no good time stamp is never kept."""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from archiver.archive import Archive
from archiver.clock import SystemClock
from archiver.settings import Settings
from archiver.stamping import Outcome, stamped
from tests import drawing
from tests.archive.desk import Desk, finished, flip, run
from tests.archive.forging import forge, own_key
from tests.servers.authority import POLICY, Manner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.authority import Authority

PARTS = ("note", "pem", "tsq", "tsr")


def take(desk: Desk, number: int, *words: object) -> str:
    return desk.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number)), *words)


def names(desk: Desk) -> list[str]:
    return sorted(desk.open_store().names("log/timestamps/"))


def stamp(desk: Desk, *words: object, code: int = 0) -> list[dict[str, Any]]:
    return desk("stamp", "--json", *words, code=code).lines


def covered(desk: Desk) -> list[dict[str, Any]]:
    stamped: list[dict[str, Any]] = desk("status", "--json").json["stamped"]
    return stamped


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


def test_who_is_stamped_already_is_not_asked_again_until_the_log_grows(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)
    first = stamp(local)
    before = names(local)

    (again,) = stamp(local)

    assert again == first[0] | {"outcome": "already-stamped"}
    assert authority.asked == 1
    assert names(local) == before
    take(local, 2)
    (grown,) = stamp(local)
    assert grown["outcome"] == "stamped"
    assert grown["size"] > again["size"]
    assert local("verify", "--json").json["stamps"] == 2


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


def _other_letter(data: bytes) -> bytes:
    return data[:200] + (b"B" if data[200:201] == b"A" else b"A") + data[201:]


def test_an_authority_whose_certificate_was_revoked_stamps_no_more_and_what_it_stamped_before_holds(
    on_store: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(revocation=True)
    authority.settings(on_store.home)
    take(on_store, 1)
    (first,) = stamp(on_store)
    assert [name.rpartition(".")[2] for name in names(on_store)] == ["crl", *PARTS]
    authority.revoke()
    take(on_store, 2)

    (refused,) = stamp(on_store, code=3)

    assert "was revoked on" in refused["detail"]
    assert len(names(on_store)) == 5
    assert on_store("verify", "--json").json["intact"]
    on_store.alter(first["place"].removesuffix("tsr") + "crl", _other_letter)
    assert on_store.faults() == [("stamp-refused", first["place"])]
    on_store.alter(first["place"].removesuffix("tsr") + "crl", lambda _: None)
    assert on_store("verify", "--json").json["intact"]  # the honest hole: that a list was there, nothing says


def test_an_authority_whose_list_cannot_be_had_stamps_and_that_is_told(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(revocation=True)
    authority.revoked = b"<html>gone</html>"
    authority.settings(local.home)
    take(local, 1)

    (asked,) = stamp(local)

    assert asked["outcome"] == "stamped"
    assert "whether a certificate was revoked is not known" in asked["detail"]
    assert len(names(local)) == 4
    assert local("verify", "--json").json["intact"]


def test_looking_asks_nobody(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    take(local, 1)

    local("status")
    local("verify")
    local("checkpoint")

    assert authority.asked == 0


BAD = [manner for manner in Manner if manner not in {Manner.GOOD, Manner.STALE}]


@pytest.mark.parametrize("manner", BAD)
def test_what_is_no_good_stamp_is_refused_stored_nowhere_and_asked_for_again(
    local: Desk, authority: Authority, manner: Manner
) -> None:
    settings(local, seconds=2)
    authority.settings(local.home)
    take(local, 1)
    authority.manner = manner

    (refused,) = stamp(local, code=3)

    assert refused["outcome"] == "failed"
    assert refused["detail"]
    assert names(local) == []
    assert covered(local)[0]["size"] == 0
    authority.manner = Manner.GOOD
    assert [asked["outcome"] for asked in stamp(local)] == ["stamped"]


def settings(desk: Desk, **values: object) -> None:
    with (desk.home / "archive.toml").open("a") as file:
        file.write("\n[stamps]\n" + "".join(f"{name} = {value}\n" for name, value in values.items()))


def test_a_replayed_answer_is_refused(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    authority.manner = Manner.STALE
    take(local, 1)
    stamp(local)
    take(local, 2)

    (refused,) = stamp(local, code=3)

    assert "another digest" in refused["detail"]
    authority.forget()


def test_an_authority_that_expired_or_that_nobody_trusts_is_refused(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    expired, impostor = make_authority(days=-5), make_authority()
    expired.settings(local.home, "expired")
    impostor.settings(local.home, "impostor")
    shutil.copy(authority.root, local.home / "impostor-root.pem")
    take(local, 1)

    refused = {asked["authority"]: asked["detail"] for asked in stamp(local, code=3)}

    assert "certificate has expired" in refused["expired"]
    assert "does not verify" in refused["impostor"]
    assert names(local) == []


def test_the_policy_that_is_asked_for_is_the_only_one_taken(local: Desk, authority: Authority) -> None:
    authority.settings(local.home, "right", policy=POLICY)
    authority.settings(local.home, "wrong", policy="1.2.3.4.2")
    take(local, 1)

    outcomes = {asked["authority"]: asked["outcome"] for asked in stamp(local, code=3)}

    assert outcomes == {"right": "stamped", "wrong": "failed"}


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


def test_one_that_fails_stops_no_other_and_only_that_one_is_asked_again(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    other = make_authority()
    authority.settings(local.home, "first")
    other.settings(local.home, "second")
    authority.manner = Manner.UNAVAILABLE
    take(local, 1)

    assert [asked["outcome"] for asked in stamp(local, code=3)] == ["failed", "stamped"]
    authority.manner = Manner.GOOD
    assert [asked["outcome"] for asked in stamp(local)] == ["stamped", "already-stamped"]
    assert other.asked == 1


def test_only_who_is_named_is_asked_and_nobody_without_a_trusted_root(
    local: Desk, authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    take(local, 1)
    assert "names no time-stamping authority" in local("stamp", code=2).err
    other = make_authority()
    authority.settings(local.home, "first")

    assert "no root certificate is trusted" in local("stamp", "--tsa", other.url, code=2).err
    assert other.asked == 0
    other.settings(local.home, "second")
    assert [asked["authority"] for asked in stamp(local, "--tsa", other.url)] == ["second"]
    assert [asked["authority"] for asked in stamp(local, "--tsa", "first")] == ["first"]
    assert (authority.asked, other.asked) == (1, 1)


def test_an_empty_log_is_not_stamped(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    local("stamp", code=1)
    assert authority.asked == 0


def test_the_log_is_stamped_anew_before_the_certificate_ends(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(days=30)
    authority.settings(local.home)
    take(local, 1)
    (soon,) = stamp(local)
    assert soon["outcome"] == "stamped"
    assert covered(local)[0]["renew"]
    assert "`archiver stamp` renews it" in local("status").out

    (same,) = stamp(local)  # the authority has no later certificate: nothing would be gained
    assert same["outcome"] == "no-later"
    assert len(names(local)) == 4

    authority.issue(3650)
    (renewed,) = stamp(local)
    assert renewed["outcome"] == "stamped"
    assert renewed["place"].endswith("/tsa.2.tsr")
    assert renewed["ends"] > soon["ends"]
    assert not covered(local)[0]["renew"]
    assert [asked["outcome"] for asked in stamp(local)] == ["already-stamped"]
    assert local("verify", "--json").json["stamps"] == 2


class Elsewhen(SystemClock):
    """A clock that is wrong."""

    def __init__(self, apart: timedelta) -> None:
        self._apart = apart

    def now(self) -> datetime:
        """The moment, wrong by as much."""
        return super().now() + self._apart


@pytest.mark.parametrize("days", [-2, 2])
def test_a_clock_that_is_days_off_is_told_by_the_stamp(local: Desk, authority: Authority, days: int) -> None:
    authority.settings(local.home)
    take(local, 1)
    archive = Archive(local.home, actor="Test Desk", clock=Elsewhen(timedelta(days=days)))
    if days < 0:
        authority.issue(3650, began=10)

    (asked,) = list(stamped(archive))
    archive.close()

    assert asked.outcome is Outcome.STAMPED
    assert "one of the clocks is wrong" in asked.detail
    assert asked.time is not None
    assert abs(datetime.fromisoformat(asked.time) - datetime.now(tz=UTC)) < timedelta(minutes=1)
    authority.issue(3650)


def test_a_signer_whose_certificate_has_ended_by_our_own_clock_is_refused(
    local: Desk, make_authority: Callable[..., Authority]
) -> None:
    authority = make_authority(days=30)  # whoever has its key in two months could set any time before
    authority.settings(local.home)
    take(local, 1)
    archive = Archive(local.home, actor="Test Desk", clock=Elsewhen(timedelta(days=60)))

    (asked,) = list(stamped(archive))
    archive.close()

    assert asked.outcome is Outcome.FAILED
    assert "not valid by this computer's clock" in asked.detail
    assert names(local) == []


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


def test_an_upload_ends_with_a_stamp_where_that_is_asked_for(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)

    answer = local("upload", "--stamp", local.file("1.jpg", drawing.jpeg(drawing.photo(1))))

    assert "stamped         tsa: " in answer.err
    assert covered(local)[0]["unstamped"] == 0


def test_the_settings_can_ask_for_it(local: Desk, authority: Authority) -> None:
    settings(local, on_upload="true")
    authority.settings(local.home)

    take(local, 1)

    assert covered(local)[0]["unstamped"] == 0


@pytest.mark.parametrize("manner", [Manner.UNAVAILABLE, Manner.HTML_AS_REPLY, Manner.SILENCE])
def test_an_authority_that_fails_never_fails_an_upload(local: Desk, authority: Authority, manner: Manner) -> None:
    settings(local, on_upload="true", seconds=1)
    authority.settings(local.home)
    authority.manner = manner

    answer = local("upload", local.file("1.jpg", drawing.jpeg(drawing.photo(1))))

    assert "failed          tsa: " in answer.err
    assert local("verify", "--json").json["intact"]
    (local.home / "tsa-root.pem").unlink()
    assert "cannot be read" in local("upload", local.file("2.jpg", drawing.jpeg(drawing.photo(2)))).err


def test_an_upload_that_cannot_be_stamped_is_refused_before_it_begins(local: Desk) -> None:
    local("upload", "--stamp", local.file("1.jpg", drawing.jpeg(drawing.photo(1))), code=2)

    assert local.counts()["items"] == 0


def test_what_the_settings_say_survives_being_written(local: Desk, authority: Authority) -> None:
    settings(local, on_upload="true", renew_days=7, seconds=3)
    authority.settings(local.home, policy=POLICY)
    before = Settings.load(local.home)

    before.save(local.home)

    assert Settings.load(local.home) == before
    assert before.stamps.authorities[0].policy == POLICY
    assert (before.stamps.on_upload, before.stamps.renew_days, before.stamps.seconds) == (True, 7, 3)


@pytest.mark.parametrize(
    "lines",
    [
        "stamps = 3",
        "[stamps]\nrenew_days = 0",
        "[stamps]\nurl = 'https://tsa.example'",
        "[stamps]\nauthorities = ['https://tsa.example']",
        "[stamps.authorities]\na = 'https://tsa.example'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'",
        "[stamps.authorities.a]\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'ftp://tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'https://user:word@tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'\nroots = 'a.pem'\npolicy = 'any'",
        "[stamps.authorities.a]\nurl = 'https://tsa.example'\nroots = 'a.pem'\nname = 'b'",
        "[stamps.authorities.A]\nurl = 'https://tsa.example'\nroots = 'a.pem'",
        "[stamps.authorities.'../a']\nurl = 'https://tsa.example'\nroots = 'a.pem'",
    ],
)
def test_settings_that_are_not_understood_are_refused(local: Desk, lines: str) -> None:
    path = local.home / "archive.toml"
    text = path.read_text()
    path.write_text(lines + "\n" + text if lines.startswith("stamps =") else text + "\n" + lines + "\n")

    answer = run("--archive", local.home, "status")

    assert answer.code == 2
    assert "archive.toml" in answer.err


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

    driver = ("-m", "tests.archive.stopping", step, "SIGKILL")
    finished(local.start("stamp", driver=driver), code=-signal.SIGKILL)

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
