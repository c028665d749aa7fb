"""Of two stores one is down, or the other, or both: reading goes on where it can, nothing half-done is acknowledged."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests import drawing
from tests.archive.conftest import place
from tests.archive.desk import Desk
from tests.faults.conftest import PAIRS
from tests.faults.standing import acknowledged, stands
from tests.servers.faults import Fault, FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def picture(seed: int) -> bytes:
    return drawing.jpeg(drawing.photo(seed))


@pytest.fixture(params=PAIRS)
def switched(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Iterator[tuple[Desk, FaultProxy | None]]:
    """An archive in two stores, the main one of each kind; and the network before it, where there is one."""
    near = place(request, request.param, tmp_path)
    if near.server is None:
        yield _in_two(near), None
        return
    with FaultProxy(near.server.endpoint) as proxy:
        name = f"archive-{secrets.token_hex(6)}"
        store = f"s3://{request.getfixturevalue('bucket')}/{name}?endpoint={quote(proxy.endpoint, safe=':/')}"
        yield _in_two(Desk(near.home, store, near.catalogue, near.files, near.server)), proxy


def _in_two(desk: Desk) -> Desk:
    desk.make()("store", "add", "attic", "file:attic")
    return desk


@contextmanager
def down(desk: Desk, proxy: FaultProxy | None, names: list[str]) -> Iterator[None]:
    """These stores do not answer meanwhile: a directory is not mounted, a server's connections are reset."""
    moved = [name for name in names if name != "main" or proxy is None]
    folder = {"main": "store", "attic": "attic"}
    for name in moved:
        (desk.home / folder[name]).rename(desk.home / f"unmounted-{name}")
    if proxy is not None and "main" in names:
        for method in ("GET", "HEAD", "PUT", "POST"):
            proxy.plan(method, *[Fault.RESET] * 1000)
    try:
        yield
    finally:
        for name in moved:
            (desk.home / f"unmounted-{name}").rename(desk.home / folder[name])
        if proxy is not None:
            proxy.forget()


@pytest.mark.parametrize("names", [["main"], ["attic"], ["main", "attic"]], ids="+".join)
def test_what_is_down_costs_no_evidence(switched: tuple[Desk, FaultProxy | None], names: list[str]) -> None:
    desk, proxy = switched
    item = desk.take("one.jpg", picture(1))
    path = desk.file("new.jpg", picture(2))
    target = desk.files / "got.jpg"
    with down(desk, proxy, names):
        got = desk("get", item, "-o", target, code=4 if len(names) == 2 else 0)
        assert target.exists() == (len(names) < 2)
        assert not target.exists() or target.read_bytes() == picture(1)
        assert "hint: " in got.err or "note: " in got.err or names == ["attic"]

        failed = desk("upload", "--json", "--fast", path, code=4)

        assert acknowledged(failed.lines) == set()
        assert "hint: " in failed.err

    receipts = desk.upload("--fast", path)
    desk("sync")
    stands(desk, {item, *acknowledged(receipts)})
