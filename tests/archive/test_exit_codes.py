"""Every documented exit code is reached by a situation that somebody really meets."""

from __future__ import annotations

import re
import shutil
import signal
import socket
from typing import TYPE_CHECKING

import pytest

import cli
from archiver.catalogue import engine
from archiver.commands import status
from tests import drawing
from tests.archive.desk import Desk, finished, flip, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import S3Server
    from tests.servers.postgres import Postgres

REACHED = {0, 1, 2, 3, 4, 5, 6, 70, 130, 141}
"""141: ``tests/archive/test_command_line.py``."""


def test_the_help_documents_exactly_the_codes_that_are_reached_here() -> None:
    assert {int(code) for code in re.findall(r"(?:^|· )(\d+) ", cli.EXITS)} == REACHED


def test_0_when_all_is_done_and_intact(local: Desk) -> None:
    local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    local("verify", code=0)


def test_1_when_the_answer_is_no(furnished: Desk) -> None:
    item = furnished("list", "--json").lines[0]["item"]
    furnished.alter(furnished.object_of(item), lambda data: flip(data, 0))
    furnished("verify", code=1)
    furnished("get", item, "-o", furnished.files / "out", code=1)
    furnished("find", item, code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("--nonsense",),
        ("upload",),
        ("list", "--nonsense"),
        ("list", "--status", "nonsense"),
        ("list", "--limit", "0"),
        ("list", "--since", "yesterday"),
        ("list", "surplus"),
        ("get", "abcd"),
        ("init",),
    ],
    ids=" ".join,
)
def test_2_when_the_words_make_no_command(local: Desk, words: tuple[str, ...]) -> None:
    answer = local(*words, code=2)
    assert answer.out == ""
    assert answer.err


def test_2_when_there_is_no_archive_and_the_command_makes_none(tmp_path: Path) -> None:
    for command in (("list",), ("verify",), ("status",), ("rebuild",), ("find", "x"), ("show", "abcd")):
        answer = run("--archive", tmp_path / "nowhere", *command)
        assert answer.code == 2
        assert "hint: make one with `archiver init`" in answer.err
    assert not (tmp_path / "nowhere").exists()


def test_3_when_an_input_is_refused(local: Desk) -> None:
    local("upload", local.file("empty.jpg", b""), code=3)
    local("show", "abcd", code=3)
    local("find", local.files / "missing.jpg", code=3)
    local("claim", "f" * 64, "text", "--by", "somebody", code=3)


def test_4_when_the_directory_of_the_store_is_gone(furnished: Desk) -> None:
    item = furnished("list", "--json").lines[0]["item"]
    (furnished.home / "store").rename(furnished.home / "unmounted")
    path = furnished.file("new.jpg", drawing.jpeg(drawing.photo(7)))

    for words in (("upload", path), ("verify",), ("get", item, "-o", furnished.files / "out"), ("rebuild",)):
        furnished(*words, code=4)

    (furnished.home / "unmounted").rename(furnished.home / "store")
    furnished.root()


def test_4_when_the_store_lets_nothing_be_written_and_status_tells_all_else_first(furnished: Desk) -> None:
    before = furnished("status", "--json").json
    probe = furnished.home / "store/probe"
    shutil.rmtree(probe)
    probe.write_bytes(b"")

    shown, told = furnished("status", code=4), furnished("status", "--json", code=4).json

    heads = ("home       ", "store      ", "catalogue  ", "key        ", "guarantees could not be probed: probe/")
    assert [head for head in heads if f"\n{head}" not in shown.out] == []
    assert "when the archive was made:\n  checksum   refuses bytes" in shown.out
    assert "error: the store could not be probed: probe/" in shown.err
    unprobed = told.pop("unprobed")
    assert told | {"unprobed": None} == before | {"guarantees": None}
    assert "probe/" in unprobed["error"]
    assert unprobed["hint"]


@pytest.mark.server
def test_4_when_the_server_does_not_answer_or_denies(
    unmade: Desk, seaweedfs: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", seaweedfs.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret-of-this-server")
    denied = unmade("init", "--store", f"s3://{bucket}/denied?endpoint={seaweedfs.endpoint}", code=4)
    assert "not-the-secret" not in denied.out + denied.err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    unmade("init", "--store", f"s3://{bucket}/nobody?endpoint={nobody}", code=4)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", seaweedfs.secret_key)
    unmade("init", "--store", f"s3://no-such-bucket/x?endpoint={seaweedfs.endpoint}", code=4)
    assert not (unmade.home / "archive.toml").exists()


def test_5_when_the_database_is_no_database(furnished: Desk) -> None:
    (furnished.home / "catalogue.db").write_bytes(b"this is no database\n" * 1000)

    for words in (("list",), ("status",), ("claim", "abcd", "text", "--by", "somebody")):
        furnished(*words, code=5)


def test_5_when_the_catalogue_may_only_be_read_and_it_says_which_file(
    furnished: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_read_only", lambda _: True)  # root may write everywhere

    told = furnished("case", "new", "Trial", "--json", code=5).json

    catalogue = f"sqlite:{furnished.home}/catalogue.db"
    assert told["error"] == f"the catalogue {catalogue} cannot be written: it can only be read here"
    assert "read-only" in told["hint"]


@pytest.mark.server
def test_5_when_the_database_server_has_no_such_database(local: Desk, postgres: Postgres) -> None:
    settings = local.home / "archive.toml"
    elsewhere = postgres.url("there-is-none")
    settings.write_text(settings.read_text().replace("sqlite:catalogue.db", elsewhere))

    assert "there-is-none" in local("list", code=5).err


def test_6_when_the_log_is_ahead_of_the_catalogue(furnished: Desk) -> None:
    item = furnished("list", "--json").lines[0]["item"]
    for path in furnished.home.glob("catalogue.db*"):
        path.unlink()
    path = furnished.file("new.jpg", drawing.jpeg(drawing.photo(7)))

    refused = furnished("upload", path, code=6)

    assert "hint: " in refused.err
    assert "archiver rebuild" in refused.err
    furnished("rebuild")
    furnished("claim", item, "text", "--by", "somebody")


def test_6_when_the_store_is_another_archives(furnished: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", "file:store", "sqlite:catalogue.db", tmp_path).make()
    (furnished.home / "store").rename(furnished.home / "mine")
    (other.home / "store").rename(furnished.home / "store")

    furnished("claim", furnished("list", "--json").lines[0]["item"], "text", "--by", "somebody", code=6)
    furnished("rebuild", code=6)


def test_70_when_it_is_a_bug_of_ours_with_all_that_is_known_of_it(local: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(archive: object) -> None:
        raise LookupError("nobody thought of this")

    monkeypatch.setattr(status, "status", broken)

    answer = local("status", code=70)

    assert "LookupError: nobody thought of this" in answer.err
    assert "this is a bug of archiver's" in answer.err
    assert answer.out == ""


def test_130_when_it_is_interrupted(local: Desk) -> None:
    path = local.file("a.jpg", drawing.jpeg(drawing.photo(1)))
    process = local.start("upload", path, driver=("-m", "tests.archive.stopping", "received", signal.SIGINT.name))

    (answer,) = finished(process, code=130)

    assert "interrupted" in answer.err


def test_a_failure_is_told_to_programs_too(local: Desk) -> None:
    answer = local("show", "abcd", "--json", code=3)

    assert answer.json == {
        "error": "no item begins with abcd",
        "hint": "`archiver list` shows what is held",
        "exit_code": 3,
    }
