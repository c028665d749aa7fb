"""The catalogue is lost, or yesterday's is in its place: nothing is written over it, and the stores bring it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from tests import drawing
from tests.archive.test_rebuild import back_up, restore
from tests.faults.standing import stands

if TYPE_CHECKING:
    import pytest

    from tests.archive.desk import Desk
    from tests.servers.postgres import Postgres


def picture(seed: int) -> bytes:
    return drawing.jpeg(drawing.photo(seed))


def test_a_catalogue_of_yesterday_writes_nothing_and_a_rebuild_knows_today(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    first = desk.take("a.jpg", picture(1))
    back_up(desk, request)
    second = desk.take("b.jpg", picture(2), "--claim", "stated after the backup")
    root = desk.root()
    restore(desk)

    for words in (
        ("upload", desk.file("c.jpg", picture(3))),
        ("claim", first, "another", "--by", "An analyst"),
        ("list",),
        ("show", first),
    ):
        assert "archiver rebuild" in desk(*words, code=6).err
    assert ("catalogue-behind", "catalogue") in desk.faults()
    desk("rebuild")

    assert stands(desk, {first, second}) == root
    third = desk.take("c.jpg", picture(3))
    stands(desk, {first, second, third})


def test_a_catalogue_that_is_gone_is_never_taken_for_an_empty_archive(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    items = {desk.take(f"{seed}.jpg", picture(seed)) for seed in range(2)}
    root = desk.root()
    lose(desk, request)

    for words in (("list",), ("find", min(items)), ("upload", desk.file("c.jpg", picture(3)))):
        assert "archiver rebuild" in desk(*words, code=6).err
    desk("rebuild")

    assert stands(desk, items) == root
    stands(desk, {*items, desk.take("c.jpg", picture(3))})


def lose(desk: Desk, request: pytest.FixtureRequest) -> None:
    """Take the catalogue away: the files, or the database with a new, empty one in its place."""
    if desk.catalogue.startswith("sqlite:"):
        for path in desk.home.glob("catalogue.db*"):
            path.unlink()
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = desk.catalogue.partition("@/")[2].partition("?")[0]
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
