"""Erasing and supplanting: what a withdrawal demands is gone for good, in every version, and nothing else is."""

from __future__ import annotations

import io
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage.digest import Digest
from storage.errors import LockRefused, ObjectMissing, StoreError
from storage.protection import Mode, Protection, Retention
from storage.url import open_store

if TYPE_CHECKING:
    from storage.store import SingleStore
    from tests.servers import S3Server

NAME, OTHER = "log/events/000000000000.json", "log/events/000000000001.json"
BEFORE, AFTER = b"with its bodies", b"without"


def put(store: SingleStore, name: str, data: bytes, protection: Protection | None = None) -> None:
    store.put(name, io.BytesIO(data), digest=Digest.of(data), size=len(data), protection=protection)


def supplant(store: SingleStore, data: bytes = AFTER, found: bytes = BEFORE) -> None:
    store.supplant(NAME, io.BytesIO(data), digest=Digest.of(data), size=len(data), found=Digest.of(found))


def bucket_store(seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch, *, lock: bool) -> SingleStore:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", seaweedfs.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", seaweedfs.secret_key)
    bucket = f"erase-{secrets.token_hex(6)}"
    seaweedfs.client().create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=lock)
    return open_store(f"s3://{bucket}/x?endpoint={seaweedfs.endpoint}")


@pytest.fixture(params=["directory", "bucket", "versioned bucket"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SingleStore:
    if request.param == "directory":
        made = open_store("file:store", base=request.getfixturevalue("tmp_path"))
        made.create()
        return made
    server = request.getfixturevalue("seaweedfs")
    return bucket_store(server, monkeypatch, lock=request.param == "versioned bucket")


@pytest.mark.server
def test_an_erased_name_is_gone_with_all_its_versions_and_its_neighbour_stays(store: SingleStore) -> None:
    put(store, NAME, BEFORE)
    put(store, OTHER, BEFORE)

    assert store.erase(NAME)

    assert store.versions(NAME) == []
    with pytest.raises(ObjectMissing):
        store.head(NAME)
    assert store.read(OTHER, limit=100) == BEFORE
    assert not store.erase(NAME), "again is no error"
    put(store, NAME, AFTER)
    assert store.read(NAME, limit=100) == AFTER


@pytest.mark.server
def test_what_is_supplanted_is_kept_nowhere(store: SingleStore) -> None:
    put(store, NAME, BEFORE)

    supplant(store)
    supplant(store)

    assert store.read(NAME, limit=100) == AFTER
    assert len(store.versions(NAME)) == 1
    assert list(store.names()) == [NAME]


@pytest.mark.server
def test_other_bytes_than_were_found_are_not_supplanted(store: SingleStore) -> None:
    put(store, NAME, b"a third thing")

    with pytest.raises(StoreError, match="holds other bytes now"):
        supplant(store)
    assert store.read(NAME, limit=100) == b"a third thing"
    store.erase(NAME)
    with pytest.raises(ObjectMissing):
        supplant(store)


@pytest.mark.server
def test_a_run_that_was_killed_before_older_versions_went_is_finished(
    seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = bucket_store(seaweedfs, monkeypatch, lock=True)
    put(store, NAME, BEFORE)
    bucket = store.url.removeprefix("s3://").partition("/")[0]
    seaweedfs.client().put_object(Bucket=bucket, Key=f"x/{NAME}", Body=AFTER)
    assert len(store.versions(NAME)) == 2

    supplant(store)

    assert len(store.versions(NAME)) == 1


@pytest.mark.server
def test_what_is_kept_under_a_retention_or_a_hold_is_not_erased_and_that_is_told_of_any_version(
    seaweedfs: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = bucket_store(seaweedfs, monkeypatch, lock=True)
    until = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    kept = Protection(Retention(Mode.GOVERNANCE, until), legal_hold=True)
    put(store, NAME, BEFORE, kept)
    bucket = store.url.removeprefix("s3://").partition("/")[0]
    seaweedfs.client().delete_object(Bucket=bucket, Key=f"x/{NAME}")

    assert store.firmest(NAME) == kept
    with pytest.raises(LockRefused, match="in force is: governance until"):
        store.erase(NAME)

    assert any(not each.is_delete_marker for each in store.versions(NAME))


def test_a_directory_protects_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = open_store("file:store", base=tmp_path_factory.mktemp("plain"))
    store.create()

    assert store.firmest(NAME) == Protection()
    assert not store.erase(NAME)
