"""A database server, or a store's, that ends in the middle of the work as in a crash, and comes back."""

from __future__ import annotations

import random
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.conftest import CATALOGUES, place
from tests.archive.desk import Desk
from tests.archive.processes import Running, said
from tests.faults.conftest import ON_POSTGRES
from tests.faults.standing import acknowledged, stands
from tests.faults.test_killed import SEED
from tests.servers.postgres import Postgres
from tests.servers.seaweedfs import SeaweedFS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Answer

pytestmark = pytest.mark.server

PICTURES = 24
TIMES = 3


def hand_in(desk: Desk, number: int) -> Path:
    for seed in range(PICTURES):
        desk.file(f"in-{number}/{seed}.jpg", drawing.jpeg(drawing.photo(100 * number + seed)))
    return desk.files / f"in-{number}"


def ingest(desk: Desk, number: int, server: Postgres | SeaweedFS) -> Answer:
    """Take a folder in, and let the server crash and come back meanwhile."""
    running = Running(desk, "upload", "--json", "--jobs", "2", hand_in(desk, number))
    moment = random.Random(f"{SEED} {number}").uniform(0.3, 1.5)  # noqa: S311 - a moment, no secret
    assert running.ended(moment) is None, "the upload ended before the server could crash: hand in more"
    server.kill()
    server.start()
    answer = running.ended()
    assert answer is not None
    return answer


@pytest.mark.parametrize("where", ON_POSTGRES)
def test_postgres_that_is_restarted_in_mid_ingest_loses_nothing_that_was_acknowledged(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, where: tuple[str, str]
) -> None:
    with Postgres(tmp_path / "server") as server:
        near = place(request, (where[0], "sqlite"), tmp_path)
        desk = replace(near, catalogue=server.url(server.create_database())).make()
        items: set[str] = set()
        for number in range(TIMES):
            broken = ingest(desk, number, server)
            assert broken.code in {0, 5}, broken.err
            assert broken.code == 0 or "hint: " in broken.err
            before = acknowledged(said(broken))
            receipts = desk.upload(desk.files / f"in-{number}")
            assert before <= acknowledged(receipts)
            items |= acknowledged(receipts)
            assert len(items) == PICTURES * (number + 1)
        stands(desk, items)


@pytest.mark.parametrize("where", CATALOGUES)
def test_a_store_that_is_restarted_in_mid_ingest_loses_nothing_that_was_acknowledged(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    warm: None,
    where: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seaweedfs = SeaweedFS(tmp_path / "server")
    with seaweedfs as server:
        client = server.client()
        bucket = f"crash-{secrets.token_hex(4)}"
        client.create_bucket(Bucket=bucket)
        client.close()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)
        near = place(request, ("local", where[1]), tmp_path)
        desk = Desk(near.home, f"s3://{bucket}/a?endpoint={server.endpoint}", near.catalogue, near.files, server).make()
        items: set[str] = set()
        for number in range(TIMES):
            broken = ingest(desk, number, seaweedfs)
            assert broken.code in {0, 3, 4}, broken.err  # 3: of single files it said something else when it came up
            before = acknowledged(said(broken))
            receipts = desk.upload(desk.files / f"in-{number}")
            assert before <= acknowledged(receipts)
            items |= acknowledged(receipts)
            assert len(items) == PICTURES * (number + 1)
        stands(desk, items)
