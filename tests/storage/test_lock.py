"""What keeps an object from being deleted: asked for with the put, asked back, never weakened, and never made up."""

from __future__ import annotations

import io
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.digest import Digest
from storage.errors import LockIgnored, LockMissing, LockRefused, ObjectMissing
from storage.guarantees import NOT_LOCKING
from storage.layout import quarantine_name
from storage.protection import Mode, Protection, Retention
from storage.s3 import S3Store
from storage.store import Check, Put, Stored
from storage.url import S3Url
from tests.servers.faults import ForgetfulProxy
from tests.storage.conftest import use

if TYPE_CHECKING:
    from storage.store import Store
    from tests.servers import S3Server
    from tests.storage.conftest import Place

NAME = "objects/one"
DATA = b"the original"
NOW = datetime.now(UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - it is UTC
PROTECTIONS = st.builds(
    Protection, st.one_of(st.none(), st.builds(Retention, st.sampled_from(Mode), MOMENTS)), st.booleans()
)


def days(count: float, mode: Mode = Mode.GOVERNANCE, *, hold: bool = False) -> Protection:
    return Protection(Retention(mode, NOW + timedelta(days=count)), hold)


def put(store: Store, protection: Protection | None = None, data: bytes = DATA) -> Stored:
    return store.put(NAME, io.BytesIO(data), digest=Digest.of(data), size=len(data), protection=protection)


def bucket(server: S3Server, *, lock: bool = True) -> S3Url:
    """A bucket of its own, for it can never be emptied."""
    name = f"{'locked' if lock else 'plain'}-{secrets.token_hex(6)}"
    server.client().create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock)
    return S3Url(name, endpoint=server.endpoint)


@pytest.fixture(params=["seaweedfs", "ceph"])
def server(request: pytest.FixtureRequest, no_foreign_credentials: None, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """Each engine that has Object Lock."""
    found: S3Server = request.getfixturevalue(request.param)
    use(found, monkeypatch)
    return found


@pytest.fixture
def locking(server: S3Server) -> S3Store:
    """A store in a bucket with Object Lock, opened as an archive opens it."""
    place = bucket(server)
    return S3Store(place, guarantees=S3Store(place).probe())


def refusal(server: S3Server, call: str, store: S3Store, **words: Any) -> str:
    """What the server itself says to somebody who goes past us with all rights: its code, or nothing if it obeys."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - heavy

    try:
        getattr(server.client(), call)(Bucket=store.place.bucket, Key=NAME, **words)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@given(PROTECTIONS, PROTECTIONS, PROTECTIONS)
def test_what_covers_is_an_order(one: Protection, other: Protection, third: Protection) -> None:
    assert one.covers(one)
    assert one.covers(Protection())
    assert not (one.covers(other) and other.covers(third)) or one.covers(third)
    assert not (one.covers(other) and other.covers(one)) or one == other


def test_a_directory_refuses_what_it_cannot_do_and_stores_nothing(place: Place, store: Store) -> None:
    if place.server is not None:
        pytest.skip("buckets have tests of their own")
    for asked in (days(1), Protection(legal_hold=True)):
        with pytest.raises(LockMissing, match="cannot keep"):
            put(store, asked)
    assert list(store.names()) == []
    assert store.object_lock() in NOT_LOCKING


def test_whoever_asks_for_no_protection_is_told_that_there_is_none(store: Store) -> None:
    assert put(store).protection is None
    assert store.protection(NAME) == Protection()
    assert store.protect(NAME, Protection()) == Protection()


def test_without_a_lock_nothing_that_stands_can_be_protected(store: Store) -> None:
    put(store)
    for asked in (days(1), Protection(legal_hold=True)):
        with pytest.raises(LockMissing):
            store.protect(NAME, asked)
    assert store.protection(NAME) == Protection()


def test_what_is_not_there_has_neither_protection_nor_versions(store: Store) -> None:
    for call in (store.protection, store.release_hold, lambda name: store.protect(name, days(1))):
        with pytest.raises(ObjectMissing):
            call(NAME)
    assert store.versions(NAME) == []


def test_an_object_without_versions_is_its_own_only_one(store: Store) -> None:
    put(store)
    (only,) = store.versions(NAME)
    assert (only.size, only.is_latest, only.is_delete_marker) == (len(DATA), True, False)
    with store.open_version(NAME, only, digest=Digest.of(DATA)) as stream:
        assert stream.read() == DATA


@pytest.mark.server
@pytest.mark.parametrize("mode", Mode)
def test_a_put_with_retention_is_locked_by_the_server_itself(server: S3Server, locking: S3Store, mode: Mode) -> None:
    asked = days(30, mode, hold=True)

    stored = put(locking, asked)

    assert (stored.put, stored.protection) == (Put.CREATED, asked)
    assert locking.protection(NAME) == asked
    (version,) = locking.versions(NAME)
    past = {"VersionId": version.identity, "BypassGovernanceRetention": True}
    assert refusal(server, "delete_object", locking, **past), "the hold alone stands in the way"
    assert locking.release_hold(NAME) == days(30, mode)
    assert refusal(server, "delete_object", locking, VersionId=version.identity)
    assert bool(refusal(server, "delete_object", locking, **past)) is (mode is Mode.COMPLIANCE)


@pytest.mark.server
def test_protection_only_grows(server: S3Server, locking: S3Store) -> None:
    put(locking, days(10))

    assert locking.protect(NAME, days(20)) == days(20)
    assert locking.protect(NAME, days(5)) == days(20), "what is longer stays so"
    assert locking.protect(NAME, Protection(legal_hold=True)) == days(20, hold=True)
    assert locking.protect(NAME, days(25)) == days(25, hold=True)
    assert refusal(server, "put_object_retention", locking, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": NOW}), (
        "nor does the server let it be shortened past us"
    )
    with pytest.raises(LockRefused, match="in force is: governance until"):
        locking.protect(NAME, days(30, Mode.COMPLIANCE))
    assert locking.protection(NAME) == days(25, hold=True)


@pytest.mark.server
def test_what_is_compliance_is_prolonged_as_compliance(locking: S3Store) -> None:
    put(locking, days(10, Mode.COMPLIANCE))

    assert locking.protect(NAME, days(20)) == days(20, Mode.COMPLIANCE)


@pytest.mark.server
def test_an_object_that_stands_already_is_given_what_it_lacks(locking: S3Store) -> None:
    put(locking)

    again = put(locking, days(10, hold=True))

    assert (again.put, again.protection) == (Put.ALREADY_THERE, days(10, hold=True))
    assert put(locking, days(5)).protection == days(10, hold=True)


@pytest.mark.server
def test_a_bucket_without_a_lock_refuses_and_holds_nothing(server: S3Server) -> None:
    place = bucket(server, lock=False)
    store = S3Store(place, guarantees=S3Store(place).probe())

    assert store.object_lock() == "off"
    for asked in (days(1), Protection(legal_hold=True)):
        with pytest.raises(LockMissing, match="no Object Lock"):
            put(store, asked)
    assert list(store.names("objects/")) == []


@pytest.mark.server
@pytest.mark.attack("probe-of-lock")
def test_the_lock_of_a_bucket_is_found_by_trying_again_and_again(server: S3Server, locking: S3Store) -> None:
    assert locking.object_lock() == locking.object_lock() == "enabled, no default retention"
    with ForgetfulProxy(server) as proxy:
        behind = S3Store(S3Url(locking.place.bucket, endpoint=proxy.endpoint))
        guarantees = behind.probe()
    assert guarantees.object_lock == "not enforced"
    assert any("not relied upon" in note for note in guarantees.notes)


@pytest.mark.server
def test_a_server_that_overlooks_the_protection_of_a_put_is_found(server: S3Server, locking: S3Store) -> None:
    with ForgetfulProxy(server) as proxy:
        behind = S3Store(S3Url(locking.place.bucket, endpoint=proxy.endpoint), guarantees=locking.guarantees)
        for asked in (days(1), Protection(legal_hold=True)):
            with pytest.raises(LockIgnored, match="and says: no protection"):
                put(behind, asked)
        proxy.changes = False
        assert put(behind, days(1, hold=True)).protection == days(1, hold=True), "a repetition mends it"


@pytest.mark.server
def test_a_server_that_overlooks_later_changes_is_found(server: S3Server, locking: S3Store) -> None:
    put(locking, days(10, hold=True))
    with ForgetfulProxy(server) as proxy:
        behind = S3Store(S3Url(locking.place.bucket, endpoint=proxy.endpoint), guarantees=locking.guarantees)
        with pytest.raises(LockIgnored):
            behind.protect(NAME, days(20))
        with pytest.raises(LockIgnored):
            behind.release_hold(NAME)
    assert locking.protection(NAME) == days(10, hold=True)


@pytest.mark.server
def test_an_engine_that_stores_another_date_than_the_one_it_was_given_is_found(
    ceph: S3Server, no_foreign_credentials: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(ceph, monkeypatch)
    place = bucket(ceph)
    store = S3Store(place, guarantees=S3Store(place).probe())
    beyond = Protection(Retention(Mode.GOVERNANCE, datetime(2231, 1, 1, tzinfo=UTC)))

    with pytest.raises(LockIgnored, match="and says: governance until 2094"):  # Ceph RGW 16 counts in 32 bits
        put(store, beyond)


@pytest.mark.server
def test_whole_bytes_take_the_place_of_damaged_ones_under_what_is_promised(server: S3Server, locking: S3Store) -> None:
    put(locking, days(1))
    server.client().put_object(Bucket=locking.place.bucket, Key=NAME, Body=b"rotten")
    found, asked = Digest.of(b"rotten"), days(2, Mode.COMPLIANCE, hold=True)

    def mend() -> Stored:
        aside = quarantine_name(NAME, found)
        right: dict[str, Any] = {"digest": Digest.of(DATA), "size": len(DATA)}
        return locking.replace(NAME, io.BytesIO(DATA), **right, found=found, aside=aside, protection=asked)

    assert mend().protection == asked
    assert locking.protection(NAME) == asked
    assert locking.measure(NAME)[0] == Digest.of(DATA)
    assert mend() == Stored(Put.ALREADY_THERE, Check.READ_BACK, asked)


@pytest.mark.server
def test_without_a_lock_damaged_bytes_stand_where_protection_is_asked_for(server: S3Server) -> None:
    store = S3Store(bucket(server, lock=False))
    put(store, data=b"rotten")
    found = Digest.of(b"rotten")
    aside = quarantine_name(NAME, found)
    words: dict[str, Any] = {"digest": Digest.of(DATA), "size": len(DATA), "found": found, "aside": aside}

    with pytest.raises(LockMissing):
        store.replace(NAME, io.BytesIO(DATA), **words, protection=days(1))

    assert store.measure(NAME)[0] == found


@given(PROTECTIONS, PROTECTIONS)
def test_what_has_all_of_two_is_the_least_that_covers_both(one: Protection, other: Protection) -> None:
    both = one.with_all_of(other)
    assert both.covers(one)
    assert both.covers(other)
    assert both == other.with_all_of(one)
    assert not one.covers(other) or both == one


@pytest.mark.server
@pytest.mark.attack("locked-original-deleted")
def test_what_was_deleted_or_overwritten_in_a_locked_bucket_is_still_to_be_had(
    server: S3Server, locking: S3Store
) -> None:
    put(locking, days(1))
    client, where = server.client(), {"Bucket": locking.place.bucket, "Key": NAME}
    client.put_object(Body=b"something else", **where)
    client.delete_object(**where)
    client.put_object(Bucket=locking.place.bucket, Key=NAME + "-longer", Body=b"a neighbour")

    with pytest.raises(ObjectMissing):
        locking.head(NAME)
    marker, other, original = locking.versions(NAME)

    assert [marker.is_delete_marker, other.is_delete_marker, original.is_delete_marker] == [True, False, False]
    assert [marker.is_latest, other.is_latest, original.is_latest] == [True, False, False]
    assert (other.size, original.size) == (14, len(DATA))
    with locking.open_version(NAME, original, digest=Digest.of(DATA)) as stream:
        assert stream.read() == DATA
    with pytest.raises(ObjectMissing), locking.open_version(NAME, marker, digest=Digest.of(b"")):
        pass
