"""An archive whose bucket promised to keep what lies in it, another such bucket, and what breaks a promise."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.archive.locking import AUTHORITY, YEAR, on_bucket

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.servers import S3Server

RELEASE = ("--release", *AUTHORITY, "--reason", "the case is closed")


@pytest.fixture
def locked(request: pytest.FixtureRequest, tmp_path: Path, warm: None, seaweedfs: S3Server) -> Desk:
    """An archive in a bucket with Object Lock, its catalogue in SQLite."""
    return on_bucket(request, tmp_path, seaweedfs, "sqlite").make()


@pytest.fixture
def second(seaweedfs: S3Server) -> str:
    """Another bucket with Object Lock: the URL of a store in it."""
    bucket = f"second-{secrets.token_hex(6)}"
    client = seaweedfs.client()
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    client.close()
    return f"s3://{bucket}/team?endpoint={seaweedfs.endpoint}"


def bypass(desk: Desk, call: str, name: str, **words: Any) -> Any:
    """What somebody with every right does to an object, past the archive."""
    assert desk.server is not None
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    client = desk.server.client()
    answer = getattr(client, call)(Bucket=bucket, Key=f"{prefix}/{name}", **words)
    client.close()
    return answer


def shortened(desk: Desk, name: str) -> None:
    """Let a governance retention end next year."""
    rule = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime(YEAR + 2, 1, 1, tzinfo=UTC)}
    bypass(desk, "put_object_retention", name, Retention=rule, BypassGovernanceRetention=True)


def unheld(desk: Desk, name: str) -> None:
    """Lift a legal hold."""
    bypass(desk, "put_object_legal_hold", name, LegalHold={"Status": "OFF"})
