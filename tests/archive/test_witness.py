"""Who kept nothing but a checkpoint finds a log that was cut off or written anew, even by who holds all the rest."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from archiver.custody import base64text
from archiver.custody import note as notes
from archiver.custody.canonical import canonical
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.keys import SigningKey
from archiver.custody.merkle import verify_consistency
from archiver.nameplate import Nameplate
from archiver.settings import Settings
from tests import drawing
from tests.archive.desk import flip
from tests.archive.forging import forge, own_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk


def take(desk: Desk, number: int) -> str:
    return desk.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number)))


def keep(desk: Desk, name: str = "kept.note") -> Path:
    path = desk.files / name
    desk("checkpoint", "--output", path)
    return path


def tree(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()}


def test_a_checkpoint_is_the_published_note_and_the_grown_log_extends_it(desk: Desk) -> None:
    take(desk, 1)
    note = desk("checkpoint").out
    kept = keep(desk)
    take(desk, 2)

    assert kept.read_text() == note
    verified = desk("verify", "--json", "--checkpoint", kept).json

    assert verified["intact"]
    (proven,) = verified["extends"]
    assert note.splitlines()[1] == str(proven["size"])
    assert proven["today_size"] == verified["events"] > proven["size"]
    assert proven["today_root"] == verified["root"]
    assert verify_consistency(
        proven["size"],
        bytes.fromhex(proven["root"]),
        proven["today_size"],
        bytes.fromhex(proven["today_root"]),
        [bytes.fromhex(node) for node in proven["proof"]],
    )
    assert "the log only grew" in desk("verify", "--checkpoint", kept).out


def test_several_checkpoints_are_proved_each(local: Desk) -> None:
    kept = []
    for number in (1, 2, 3):
        take(local, number)
        kept.append(keep(local, f"{number}.note"))

    words = [word for path in kept for word in ("--checkpoint", path)]

    assert [each["file"] for each in local("verify", "--json", *words).json["extends"]] == [str(path) for path in kept]


def test_a_checkpoint_is_taken_from_standard_input_once(local: Desk) -> None:
    take(local, 1)
    note = keep(local).read_bytes()
    take(local, 2)

    assert "extends standard input: the log only grew" in local("verify", "--checkpoint", "-", stdin=note).out
    assert local("verify", "--json", "--checkpoint", "-", stdin=note).json["extends"][0]["file"] == "standard input"
    assert "standard input is no checkpoint" in local("verify", "--checkpoint", "-", code=3).err
    assert "twice" in local("verify", "--checkpoint", "-", "--checkpoint", "-", code=2, stdin=note).err


def test_neither_command_changes_anything(local: Desk) -> None:
    take(local, 1)
    kept = keep(local)
    before = tree(local.home)

    local("checkpoint")
    local("verify", "--checkpoint", kept)

    assert tree(local.home) == before


def test_an_empty_log_has_no_checkpoint(local: Desk) -> None:
    assert "no checkpoint yet" in local("checkpoint", code=1).err


def test_a_checkpoint_is_never_written_over_another(local: Desk) -> None:
    take(local, 1)
    kept = keep(local)
    before = kept.read_bytes()
    take(local, 2)

    local("checkpoint", "--output", kept, code=3)

    assert kept.read_bytes() == before


@pytest.mark.attack("all-rolled-back")
def test_a_log_cut_off_in_store_and_catalogue_at_once_is_found_by_the_note_alone(local: Desk) -> None:
    take(local, 1)
    shutil.copytree(local.home, local.files / "yesterday")
    take(local, 2)
    kept = keep(local)
    shutil.rmtree(local.home)
    (local.files / "yesterday").rename(local.home)

    assert local("verify", "--json").json["intact"]  # nobody else can notice it
    verified = local("verify", "--json", "--checkpoint", kept, code=1).json

    (fault,) = verified["faults"]
    assert fault["code"] == "rolled-back"
    assert "rewritten" not in fault["detail"]
    assert f"from event {verified['events']} on" in fault["detail"]
    assert verified["extends"] == []


@pytest.mark.attack("log-rewritten")
def test_a_log_written_anew_with_the_same_key_is_found_by_the_note_alone(local: Desk) -> None:
    take(local, 1)
    earlier = keep(local, "earlier.note")
    take(local, 2)
    later = keep(local, "later.note")
    forge(local, own_key(local), since=int(earlier.read_text().splitlines()[1]))

    assert local("verify", "--json").json["intact"]  # nobody else can notice it
    verified = local("verify", "--json", "--checkpoint", later, "--checkpoint", earlier, code=1).json

    (fault,) = verified["faults"]
    assert fault["code"] == "rewritten"
    (passed,) = verified["extends"]
    assert passed["file"] == str(earlier)
    last = later.read_text().splitlines()[1]
    assert f"among the events {passed['size']} to {int(last) - 1}" in fault["detail"]


@pytest.mark.attack("log-rewritten-remembered")
def test_where_the_catalogue_remembers_the_first_rewritten_event_is_named(local: Desk) -> None:
    take(local, 1)
    number = int(local("checkpoint").out.splitlines()[1])
    take(local, 2)
    kept = keep(local)
    shutil.copy(local.home / "catalogue.db", local.files / "remembered.db")
    forge(local, own_key(local), since=number)
    shutil.copy(local.files / "remembered.db", local.home / "catalogue.db")

    faults = local("verify", "--json", "--checkpoint", kept, code=1).json["faults"]

    (fault,) = [fault for fault in faults if fault["code"] == "rewritten"]
    assert f"event {number} is the first that differs" in fault["detail"]


@pytest.mark.attack("log-resigned")
def test_a_log_signed_anew_with_another_key_is_found_by_the_note_alone(local: Desk) -> None:
    take(local, 1)
    kept = keep(local)
    stranger = SigningKey.generate()
    settings = Settings.load(local.home)
    old = Nameplate.read(local.open_store())
    assert old is not None
    local.alter("format.json", lambda _: None)
    Nameplate(settings.origin, stranger.public, old.created, old.guarantees).write(local.open_store(), stranger)
    path = local.home / "archive.toml"
    path.write_text(path.read_text().replace(settings.key, stranger.public.fingerprint))
    forge(local, stranger)

    assert local("verify", "--json").json["intact"]
    (fault,) = local("verify", "--json", "--checkpoint", kept, code=1).json["faults"]

    assert fault["code"] == "unknown-key"
    assert "signed anew with another key" in fault["detail"]


def a_note(desk: Desk) -> bytes:
    return keep(desk).read_bytes()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda _: b"", "is no checkpoint"),
        (lambda _: b"<html><body>502 Bad Gateway</body></html>", "is no checkpoint"),
        (lambda note: note + "\N{EM DASH} x AAAAAAA=\n".encode() * 10_000, "more than 65536 bytes"),
        (lambda note: b"\xff\xfe" + note, "is no checkpoint: it is no text"),
        (lambda note: note.replace(b"\n", b"\r\n"), "is no checkpoint"),
        (lambda note: note + b"\n", "is no checkpoint"),
        (lambda note: note[:-5], "is no checkpoint"),
        (lambda note: b"archive.example/else" + note[note.index(b"\n") :], "of another log, archive.example/else"),
        (lambda note: flip(note, note.index(b"\n") + 1), "was altered"),
        (lambda note: note[: note.index(b"\n\n") + 1], "is no checkpoint"),
        (lambda note: canonical({"note": note.decode()}), "is no checkpoint"),
    ],
    ids=["empty", "HTML", "huge", "no text", "other line ends", "a line more", "cut", "another log", "another size",
         "unsigned", "JSON"],
)  # fmt: skip
def test_a_file_that_is_no_checkpoint_of_this_log_is_refused(
    local: Desk, spoil: Callable[[bytes], bytes], word: str
) -> None:
    take(local, 1)
    path = local.file("spoilt.note", spoil(a_note(local)))

    assert word in local("verify", "--json", "--checkpoint", path, code=3).json["error"]


def test_a_missing_file_and_a_folder_are_refused(local: Desk) -> None:
    take(local, 1)

    local("verify", "--checkpoint", local.files / "nowhere", code=3)
    local("verify", "--checkpoint", local.files, code=3)


def test_signatures_of_other_witnesses_are_no_obstacle(local: Desk) -> None:
    take(local, 1)
    note = a_note(local).decode()
    origin, size, root = note.splitlines()[:3]
    text = str(Checkpoint(origin, int(size), base64text.read(root)))
    other = notes.sign(text, "witness.example", SigningKey.generate()).rpartition("\n\n")[2]
    path = local.file("cosigned.note", (note + other).encode())

    assert local("verify", "--json", "--checkpoint", path).json["extends"]
