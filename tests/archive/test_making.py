"""Making an archive, joining one, and what is never written down."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archiver.facts.kinds import KINDS
from storage.url import open_store
from tests import drawing
from tests.archive.conftest import place
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server

GUARANTEES = {"refuses_wrong_checksum", "create_only", "versioning", "object_lock", "private", "notes"}


def elsewhere(desk: Desk) -> Desk:
    """Another machine that is told of the same store."""
    store = desk.store if desk.server else f"file:{desk.home / 'store'}"
    return replace(desk, home=desk.home.with_name("elsewhere"), store=store, catalogue="sqlite:catalogue.db")


def files_of(home: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_an_archive_is_made_once(desk: Desk) -> None:
    before = (desk.home / "archive.toml").read_bytes()

    desk("init", "--store", desk.store, "--catalogue", desk.catalogue, code=2)

    assert (desk.home / "archive.toml").read_bytes() == before
    assert stat.S_IMODE((desk.home / "keys/signing.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.home.stat().st_mode) == 0o700


def test_a_machine_with_the_key_joins_and_holds_everything(on_store: Desk) -> None:
    items = furnish(on_store)
    joining = elsewhere(on_store)
    joining.home.mkdir()
    shutil.copytree(on_store.home / "keys", joining.home / "keys")

    answer = joining("init", "--store", joining.store, "--json").json

    assert (answer["joined"], answer["writable"]) == (True, True)
    assert joining.root() == on_store.root()
    assert [joining.show(item) for item in items] == [on_store.show(item) for item in items]
    joining("claim", items[0], "said elsewhere", "--by", "An analyst")


def test_a_machine_without_the_key_reads_and_verifies_and_never_writes(on_store: Desk) -> None:
    items = furnish(on_store)
    joining = elsewhere(on_store)

    answer = joining("init", "--store", joining.store)

    assert "can read and verify, and not write" in answer.err
    assert joining.root() == on_store.root()
    assert joining.find(items[0])["matches"]
    before = sorted(joining.open_store().names())
    path = joining.file("new.jpg", drawing.jpeg(drawing.photo(5)))
    for words in (("claim", items[0], "text", "--by", "somebody"), ("upload", path)):
        assert "copy the key from the machine" in joining(*words, code=2).err
    assert sorted(joining.open_store().names()) == before
    assert "not on this machine" in joining("status").out


def test_a_machine_with_another_key_does_not_join(local: Desk, tmp_path: Path) -> None:
    other = replace(local, home=tmp_path / "other").make()
    joining = elsewhere(local)
    (joining.home / "keys").mkdir(parents=True)
    shutil.copy(other.home / "keys/signing.pem", joining.home / "keys/signing.pem")

    joining("init", "--store", joining.store, code=6)

    assert not (joining.home / "archive.toml").exists()


def test_a_store_whose_nameplate_is_lost_is_not_taken_for_an_empty_one(furnished: Desk) -> None:
    furnished.alter("format.json", lambda _: None)
    joining = elsewhere(furnished)

    joining("init", "--store", joining.store, code=3)

    assert "format.json" not in set(furnished.open_store().names())


@pytest.mark.parametrize(
    "words",
    [
        ("--catalogue", "postgresql+psycopg://desk:s3cr3t-w0rd@host/db"),
        ("--catalogue", "postgresql+psycopg://desk@host/db?password=s3cr3t-w0rd"),
        ("--store", "s3://key:s3cr3t-w0rd@bucket/x"),
        ("--store", "s3://bucket/x?endpoint=http://key:s3cr3t-w0rd@127.0.0.1:1"),
        ("--store", "s3://bucket/x?secret=s3cr3t-w0rd"),
    ],
)
def test_a_password_in_a_url_is_refused_and_neither_repeated_nor_written(unmade: Desk, words: tuple[str, str]) -> None:
    answer = unmade("init", *words, code=2)

    assert "s3cr3t-w0rd" not in answer.out + answer.err
    assert b"s3cr3t-w0rd" not in files_of(unmade.home)
    assert not (unmade.home / "archive.toml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such modes")
def test_a_directory_that_other_accounts_can_read_is_refused_with_what_closes_it(unmade: Desk) -> None:
    open_to_all = unmade.files / "open to all"
    open_to_all.mkdir()
    open_to_all.chmod(0o755)
    closing = f"chmod 700 '{open_to_all}'"

    for made in (False, True):
        words = ("store", "add", "pub") if made else ("init", "--store")
        answer = unmade(*words, f"file:{open_to_all}", code=4)
        assert "other accounts on this machine may look into" in answer.err
        assert closing in answer.err
        assert "bucket" not in answer.err
        if not made:
            unmade.make()

    subprocess.run(closing, shell=True, check=True)  # noqa: S602 - as it was told
    unmade("store", "add", "pub", f"file:{open_to_all}")


@pytest.mark.server
def test_a_bucket_that_everybody_can_read_is_refused(
    unmade: Desk, seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", seaweedfs.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", seaweedfs.secret_key)
    public = f"s3://public/x?endpoint={seaweedfs.endpoint}"
    client = seaweedfs.client()
    client.create_bucket(Bucket="public")
    client.put_bucket_acl(Bucket="public", ACL="public-read")
    client.close()

    answer = unmade("init", "--store", public, code=4)

    assert "can be read by everybody" in answer.err
    assert "format.json" not in set(open_store(public).names())
    assert not (unmade.home / "archive.toml").exists()


@pytest.mark.server
def test_credentials_are_written_nowhere(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "s3cr3t-w0rd")
    desk = place(request, ("seaweedfs", "postgres"), tmp_path).make()
    assert desk.server is not None
    furnish(desk)
    answers = [desk(*words) for words in (("status",), ("status", "--json"), ("verify",), ("rebuild",))]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    answers.append(desk("verify", code=4))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", desk.server.access_key)

    written = files_of(desk.home)
    store = desk.open_store()
    written += b"".join(store.read(name, limit=2**30) for name in store.names())
    written += "".join(answer.out + answer.err for answer in answers).encode()

    assert b"Yonhap" in written  # the search finds what is there
    for secret in (desk.server.secret_key, desk.server.access_key, "s3cr3t-w0rd"):
        assert secret.encode() not in written


def test_status_says_what_there_is_and_what_the_store_was_seen_to_do(desk: Desk) -> None:
    furnish(desk)

    status, text = desk("status", "--json").json, desk("status").out

    assert set(status["guarantees"]) == GUARANTEES
    assert status["guarantees"] == status["promised"]
    assert status["guarantees"]["refuses_wrong_checksum"]
    assert status["guarantees"]["create_only"]
    assert (status["counts"]["items"], status["unpublished"]) == (3, 0)
    kinds = {name: count for name, count in status["counts"].items() if name not in ("items", "bytes")}
    assert status["events"] == sum(kinds.values()) > len(KINDS) == len(kinds)  # at least one of every kind
    for line in ("checksum   refuses", "create     never overwrites", "access     ", "lock       ", "versions   "):
        assert line in text
    assert text.startswith("3 items, ")


def test_settings_that_are_not_understood_are_refused_and_never_passed_over(local: Desk) -> None:
    path = local.home / "archive.toml"
    whole = path.read_text()
    for changed in (
        whole + "surprise = 1\n",
        whole.replace("largest_file = ", "largest_file = true # "),
        whole.replace("origin = ", "origins = "),
        "not = toml = at all",
    ):
        path.write_text(changed)
        local("list", code=2)
    path.write_text(whole)
    local("list")


def test_a_killed_making_is_finished_by_the_same_command(unmade: Desk) -> None:
    made = unmade("init", "--json").json
    (unmade.home / "archive.toml").unlink()  # the last step before the catalogue

    again = unmade("init", "--json").json

    assert (again["origin"], again["key"], again["writable"]) == (made["origin"], made["key"], True)
    assert json.loads((unmade.home / "store/format.json").read_text())["origin"] == made["origin"]
