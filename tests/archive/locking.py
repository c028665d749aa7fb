"""Desks whose bucket has Object Lock, has none, or is behind one that overlooks it; and what is in force there."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from archiver.catalogue.protections import holds_in_force, retentions_in_force
from tests import drawing
from tests.archive.conftest import place
from tests.servers.faults import ForgetfulProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server

AUTHORITY = ("--authority", "The prosecutor's letter 7")
YEAR = datetime.now(UTC).year
LATER = f"{YEAR + 10}-11-25"
END = f"{YEAR + 10}-11-26T00:00:00.000000Z"
"""The end of that day."""
PICTURE = drawing.jpeg(drawing.photo(1))


def on_bucket(
    request: pytest.FixtureRequest, tmp_path: Path, server: S3Server, catalogue: str, *, lock: bool = True
) -> Desk:
    """A desk whose archive, not made yet, is to lie in a bucket of its own."""
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)
    bucket = f"kept-{secrets.token_hex(6)}"
    client = server.client()
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=lock)
    client.close()
    desk = place(request, ("local", catalogue), tmp_path)
    return replace(desk, store=f"s3://{bucket}/team?endpoint={server.endpoint}", server=server)


@pytest.fixture(params=["sqlite", "postgres"])
def locked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket with Object Lock, on each kind of catalogue."""
    return on_bucket(request, tmp_path, seaweedfs, request.param).make()


@pytest.fixture
def unlocked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket without Object Lock."""
    return on_bucket(request, tmp_path, seaweedfs, "sqlite", lock=False).make()


@pytest.fixture
def overlooked(locked: Desk, seaweedfs: S3Server) -> Iterator[tuple[Desk, ForgetfulProxy]]:
    """The same archive, its way to the server leading through one that overlooks every lock."""
    with ForgetfulProxy(seaweedfs) as proxy:
        settings = locked.home / "archive.toml"
        settings.write_text(settings.read_text().replace(seaweedfs.endpoint, proxy.endpoint))
        yield locked, proxy


def in_store(desk: Desk, name: str) -> dict[str, Any]:
    """What the server itself says is in force for an object."""
    assert desk.server is not None
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    head = desk.server.client().head_object(Bucket=bucket, Key=f"{prefix}/{name}")
    until = head.get("ObjectLockRetainUntilDate")
    return {
        "mode": (head.get("ObjectLockMode") or "").lower(),
        "until": until.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if until else None,
        "hold": head.get("ObjectLockLegalHoldStatus") == "ON",
    }


def settle(desk: Desk, text: str) -> None:
    """Write into ``archive.toml``."""
    settings = desk.home / "archive.toml"
    settings.write_text(f"{settings.read_text()}\n{text}\n")


def in_force(desk: Desk, item: str) -> tuple[int, int]:
    """How many holds, and how many retentions, forbid deleting an item now: what a withdrawal has to ask."""
    archive = desk.archive()
    with archive.asking() as questions:
        found = len(holds_in_force(questions, item)), len(retentions_in_force(questions, item, moment=archive.now))
    archive.close()
    return found
