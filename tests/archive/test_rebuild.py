"""The catalogue is disposable: whatever happens to it, the store alone brings it back, and the answers are the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests import drawing
from tests.archive.desk import run
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers.postgres import Postgres


def answers(desk: Desk, query: Path) -> list[Any]:
    listed = desk("list", "--json").lines
    shown = [desk.show(line["item"]) for line in listed]
    return [listed, shown, desk.find(query), desk.find(listed[0]["item"]), desk.counts()]


def test_every_answer_is_the_same_before_and_after(desk: Desk) -> None:
    furnish(desk)
    query = desk.file("query.jpg", drawing.jpeg(drawing.photo(2), 50))
    before, root = answers(desk, query), desk.root()

    rebuilt = desk("rebuild", "--json").json

    assert rebuilt["root"] == root
    assert (rebuilt["published"], rebuilt["kept"], rebuilt["moved"]) == (0, None, None)
    assert answers(desk, query) == before
    assert desk.root() == root


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"this is no database\n" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 3]),
        lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000),
    ],
    ids=["garbage", "truncated", "header only"],
)
@pytest.mark.attack("catalogue-damaged")
def test_a_ruined_database_is_found_moved_aside_and_made_anew(furnished: Desk, damage: Any) -> None:
    query = furnished.file("query.jpg", drawing.jpeg(drawing.photo(2), 50))
    before, root = answers(furnished, query), furnished.root()
    catalogue = furnished.home / "catalogue.db"
    damage(catalogue)
    ruined = catalogue.read_bytes()

    assert "catalogue" in {subject for _, subject in furnished.faults()}
    furnished("list", code=5)
    rebuilt = furnished("rebuild", "--json").json

    assert Path(rebuilt["moved"]).read_bytes() == ruined
    assert rebuilt["root"] == root
    assert answers(furnished, query) == before
    furnished.root()


def test_a_lost_database_is_made_anew(furnished: Desk) -> None:
    query = furnished.file("query.jpg", drawing.jpeg(drawing.photo(2), 50))
    before, root = answers(furnished, query), furnished.root()
    for path in furnished.home.glob("catalogue.db*"):
        path.unlink()

    assert furnished("rebuild", "--json").json["root"] == root

    assert answers(furnished, query) == before


@pytest.mark.attack("catalogue-old")
def test_a_catalogue_from_an_older_backup_refuses_to_write_until_it_is_rebuilt(
    on_catalogue: Desk, request: pytest.FixtureRequest
) -> None:
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    back_up(on_catalogue, request)
    on_catalogue("claim", item, "stated after the backup", "--by", "An analyst")
    root = on_catalogue.root()
    restore(on_catalogue)
    path = on_catalogue.file("b.jpg", drawing.jpeg(drawing.photo(2)))
    before = on_catalogue.counts()

    for words in (
        ("upload", path),
        ("claim", item, "another", "--by", "An analyst"),
        ("assess", item, "--status", "refuted", "--by", "A", "--basis", "B"),
    ):
        assert "archiver rebuild" in on_catalogue(*words, code=6).err
    assert on_catalogue.counts() == before
    rebuilt = on_catalogue("rebuild", "--json").json
    assert (rebuilt["root"], rebuilt["kept"]) == (root, None)
    on_catalogue("upload", path)

    assert [claim["text"] for claim in on_catalogue.show(item)["claims"]] == ["stated after the backup"]
    assert on_catalogue.counts()["items"] == 2
    on_catalogue.root()


def test_a_catalogue_is_never_made_from_a_log_that_does_not_add_up(furnished: Desk) -> None:
    before = furnished("list", "--json").lines
    furnished.alter(furnished.batches()[1], lambda data: data.replace(b"root", b"toor"))

    furnished("rebuild", code=6)

    assert furnished("list", "--json").lines == before


@pytest.mark.parametrize("which", [0, 1, -1])
def test_what_the_store_lost_of_the_log_is_published_again_from_the_catalogue(furnished: Desk, which: int) -> None:
    before, root = furnished("list", "--json").lines, furnished.root()
    furnished.alter(furnished.batches()[which], lambda _: None)
    furnished("verify", code=1)

    furnished("rebuild")

    assert furnished("list", "--json").lines == before
    assert furnished.root() == root


@pytest.mark.attack("log-cut-off-refused")
def test_over_a_log_that_lost_its_end_nothing_is_written(furnished: Desk) -> None:
    furnished.alter(furnished.batches()[-1], lambda _: None)
    item = furnished("list", "--json").lines[0]["item"]

    furnished("claim", item, "written over a hole", "--by", "Nobody", code=6)

    furnished("rebuild")
    furnished("claim", item, "written behind it", "--by", "Somebody")
    furnished("verify")


@pytest.mark.attack("catalogue-lost")
def test_a_catalogue_that_was_lost_answers_nothing_and_is_made_anew(local: Desk) -> None:
    item = local.take("one.png", drawing.png(drawing.photo(5)))
    for left in local.home.glob("catalogue.db*"):
        left.unlink()

    local("list", code=6)
    local("find", item, code=6)
    assert ("catalogue-behind", "catalogue") in local.faults()

    local("rebuild")
    assert [line["item"] for line in local("list", "--json").lines] == [item]


@pytest.mark.attack("catalogue-exchanged")
def test_a_database_is_one_archives_own(local: Desk, tmp_path: Path) -> None:
    local.take("one.png", drawing.png(drawing.photo(6)))
    other = tmp_path / "other"

    answer = run("--archive", other, "init", "--catalogue", f"sqlite:{local.home / 'catalogue.db'}")

    assert answer.code == 2
    assert not (other / "archive.toml").exists()
    local("verify")


def back_up(desk: Desk, request: pytest.FixtureRequest) -> None:
    if desk.catalogue.startswith("sqlite:"):
        shutil.copy(desk.home / "catalogue.db", desk.home / "catalogue.backup")
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = desk.catalogue.partition("@/")[2].partition("?")[0]
    where = server.url("postgres").replace("+psycopg", "")
    with psycopg.connect(where, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_backup TEMPLATE {name}".encode())


def restore(desk: Desk) -> None:
    if desk.catalogue.startswith("sqlite:"):
        for path in desk.home.glob("catalogue.db*"):
            path.unlink()
        shutil.copy(desk.home / "catalogue.backup", desk.home / "catalogue.db")
        return
    name = desk.catalogue.partition("@/")[2].partition("?")[0]
    settings = desk.home / "archive.toml"
    settings.write_text(settings.read_text().replace(name, f"{name}_backup"))
