"""A disk is full, the spool's, the catalogue's or the store's: it is said, nothing is lost, and there is room again."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.conftest import STORES, place
from tests.archive.desk import Desk, run
from tests.faults.conftest import ON_POSTGRES
from tests.faults.small_disk import small_disk
from tests.faults.standing import acknowledged, stands
from tests.servers.postgres import Postgres
from tests.servers.seaweedfs import SeaweedFS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.small_disk import SmallDisk

MOST = 60
"""Pictures after which a full disk must have been noticed."""


def picture(seed: int) -> bytes:
    return drawing.png(drawing.photo(seed))


def until_it_fails(desk: Desk, code: int) -> set[str]:
    """Hand in one picture after the other until there is no room; what was acknowledged by then."""
    items: set[str] = set()
    for seed in range(100, 100 + MOST):
        answer = run("--archive", desk.home, "upload", "--json", desk.file(f"{seed}.png", picture(seed)))
        items |= acknowledged(answer.lines)
        if answer.code:
            assert answer.code == code, f"ended with {answer.code}, not {code}:\n{answer.out}\n{answer.err}"
            assert "hint: " in answer.err
            assert "Traceback" not in answer.err
            return items
    raise AssertionError("the full disk was never noticed")


def goes_on(desk: Desk, disk: SmallDisk, items: set[str]) -> None:
    """There is room again: everything of before is handed in once more, and all of it stands."""
    disk.make_room()
    for path in sorted(desk.files.glob("*.png")):
        items |= acknowledged(desk.upload(path))
    stands(desk, items)


def test_no_room_for_private_copies(desk: Desk) -> None:
    before = desk.take("before.png", picture(1))
    with small_disk(desk.home / "spool", 1) as disk:
        disk.fill()

        failed = desk("upload", "--json", desk.file("new.png", picture(2)), code=4)

        assert "spool" in failed.err
        assert acknowledged(failed.lines) == set()
        goes_on(desk, disk, {before})


@pytest.mark.parametrize("where", STORES)
def test_no_room_for_a_catalogue_in_a_file(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, where: tuple[str, str]
) -> None:
    with small_disk(tmp_path / "small", 8) as disk:
        desk = replace(place(request, where, tmp_path), catalogue=f"sqlite:{disk.path}/catalogue.db").make()
        items = {desk.take("before.png", picture(1))}
        disk.fill()

        items |= until_it_fails(desk, 5)

        goes_on(desk, disk, items)


@pytest.mark.server
@pytest.mark.parametrize("where", ON_POSTGRES)
def test_no_room_for_a_catalogue_on_a_server(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, where: tuple[str, str]
) -> None:
    with small_disk(tmp_path / "small", 300) as disk, Postgres(disk.path / "server") as server:
        catalogue = server.url(server.create_database())
        desk = replace(place(request, (where[0], "sqlite"), tmp_path), catalogue=catalogue).make()
        items = {desk.take("before.png", picture(1))}
        disk.fill()

        items |= until_it_fails(desk, 5)

        disk.make_room()
        server.kill()  # where it could not write its own log it has ended by itself
        server.start()
        goes_on(desk, disk, items)


@pytest.mark.parametrize("catalogue", ["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def test_no_room_in_a_store_in_a_directory(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, catalogue: str
) -> None:
    with small_disk(tmp_path / "small", 8) as disk:
        desk = replace(place(request, ("local", catalogue), tmp_path), store=f"file:{disk.path}/store").make()
        items = {desk.take("before.png", picture(1))}
        disk.fill()

        items |= until_it_fails(desk, 4)

        goes_on(desk, disk, items)


@pytest.mark.server
@pytest.mark.parametrize("catalogue", ["sqlite", "postgres"])
def test_no_room_in_a_store_on_a_server(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, catalogue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "small", 300) as disk, SeaweedFS(disk.path / "server") as server:
        client = server.client()
        bucket = f"small-{secrets.token_hex(4)}"
        client.create_bucket(Bucket=bucket)
        client.close()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)
        near = place(request, ("local", catalogue), tmp_path)
        desk = Desk(near.home, f"s3://{bucket}/a?endpoint={server.endpoint}", near.catalogue, near.files, server).make()
        items = {desk.take("before.png", picture(1))}
        disk.fill()

        items |= until_it_fails(desk, 4)

        goes_on(desk, disk, items)


def test_no_room_in_the_store_and_status_still_says_what_there_is(local: Desk) -> None:
    with small_disk(local.home.parent / "disk", 1) as disk:
        shutil.move(local.home / "store", disk.path / "store")
        (local.home / "store").symlink_to(disk.path / "store")  # the root may be a link: its owner's choice
        disk.fill()

        shown = local("status", code=4)

    assert shown.out.startswith("0 items, 0 B; 0 events")
    assert "\nguarantees could not be probed: " in shown.out
    assert "No space left on device" in shown.err
