"""What a server says of itself, what it is caught at, and what is done when the way to it fails."""

from __future__ import annotations

import io
import json
import secrets
import socket
import time
from typing import TYPE_CHECKING

import pytest

from storage.digest import Digest
from storage.errors import (
    GuaranteeMissing,
    NameTaken,
    ObjectCorrupt,
    PlaceMissing,
    SourceChanged,
    StoreDenied,
    StoreError,
    StoreUnreachable,
    TooLarge,
)
from storage.guarantees import Guarantees, Versioning
from storage.s3 import S3Store
from storage.s3_put import LARGEST
from storage.store import Check, Put, Stored
from storage.url import S3Url
from tests.servers.faults import Fault, FaultProxy
from tests.storage.conftest import use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import S3Server

pytestmark = pytest.mark.server

NAME = "objects/one"
DATA = bytes(range(256)) * 2048  # 512 KiB
VERIFIES = Guarantees(
    refuses_wrong_checksum=True, create_only=True, versioning=Versioning.OFF, object_lock="off", private=True
)
TRUSTS_NOTHING = None


def put(store: S3Store, data: bytes, name: str = NAME) -> Stored:
    return store.put(name, io.BytesIO(data), digest=Digest.of(data), size=len(data))


def whole(store: S3Store, data: bytes) -> bytes:
    with store.open(NAME, digest=Digest.of(data)) as stream:
        return stream.read()


@pytest.fixture
def place(seaweedfs: S3Server, no_foreign_credentials: None, monkeypatch: pytest.MonkeyPatch) -> S3Url:
    """A fresh bucket on SeaweedFS, with credentials in place."""
    use(seaweedfs, monkeypatch)
    place = S3Url(f"s3-{secrets.token_hex(6)}", endpoint=seaweedfs.endpoint)
    S3Store(place).create()
    return place


@pytest.fixture
def proxy(seaweedfs: S3Server) -> Iterator[FaultProxy]:
    with FaultProxy(seaweedfs.endpoint) as proxy:
        yield proxy


def through(proxy: FaultProxy, place: S3Url, guarantees: Guarantees | None = VERIFIES, seconds: float = 60) -> S3Store:
    """The same bucket, behind the proxy."""
    return S3Store(S3Url(place.bucket, endpoint=proxy.endpoint), guarantees=guarantees, read_timeout=seconds)


def test_seaweedfs_is_seen_to_refuse_wrong_checksums_and_second_puts(place: S3Url) -> None:
    guarantees = S3Store(place).probe()
    assert guarantees.refuses_wrong_checksum
    assert guarantees.create_only
    assert guarantees.versioning is Versioning.OFF
    assert guarantees.object_lock == "off"
    assert guarantees.private is True
    assert put(S3Store(place, guarantees=guarantees), DATA) == Stored(Put.CREATED, Check.SERVER_VERIFIED)


def test_ceph_is_seen_to_accept_a_wrong_checksum_and_its_copies_are_read_back(
    ceph: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(ceph, monkeypatch)
    place = S3Url(f"s3-{secrets.token_hex(6)}", endpoint=ceph.endpoint)
    S3Store(place).create()
    guarantees = S3Store(place).probe()
    assert not guarantees.refuses_wrong_checksum
    assert guarantees.create_only
    assert any("read back" in note for note in guarantees.notes)
    store = S3Store(place, guarantees=guarantees)
    assert put(store, DATA) == Stored(Put.CREATED, Check.READ_BACK)
    assert put(store, DATA) == Stored(Put.ALREADY_THERE, Check.READ_BACK)


def test_without_guarantees_nothing_is_taken_for_granted(place: S3Url) -> None:
    assert put(S3Store(place), DATA) == Stored(Put.CREATED, Check.READ_BACK)
    assert put(S3Store(place), DATA) == Stored(Put.ALREADY_THERE, Check.READ_BACK)


@pytest.mark.parametrize("engine", ["seaweedfs", "ceph"])
def test_versioning_and_object_lock_are_reported_as_they_are(
    request: pytest.FixtureRequest, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: S3Server = request.getfixturevalue(engine)
    use(server, monkeypatch)
    client = server.client()
    bucket = f"lock-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
    store = S3Store(S3Url(bucket, endpoint=server.endpoint))
    guarantees = store.probe()
    assert guarantees.versioning is Versioning.ENABLED
    assert guarantees.object_lock == "enabled, no default retention"
    retention = {"Mode": "GOVERNANCE", "Days": 1}
    client.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    )
    assert store.probe().object_lock == "governance 1 days"
    locked = S3Store(store.place, guarantees=store.probe())
    assert put(locked, DATA).put is Put.CREATED
    assert put(locked, DATA).put is Put.ALREADY_THERE


@pytest.mark.parametrize("engine", ["seaweedfs", "ceph"])
@pytest.mark.parametrize("way", ["grant", "policy"])
def test_a_public_bucket_is_never_called_private(
    request: pytest.FixtureRequest, engine: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server: S3Server = request.getfixturevalue(engine)
    use(server, monkeypatch)
    client = server.client()
    bucket = f"public-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=bucket)
    store = S3Store(S3Url(bucket, endpoint=server.endpoint))
    assert store.probe().private is True
    if way == "grant":
        client.put_bucket_acl(Bucket=bucket, ACL="public-read")
    else:
        # Nothing that the probe itself tries is open to a stranger: only the policy's text tells.
        resource = f"arn:aws:s3:::{bucket}/objects/*"
        statement = {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["s3:GetObject"], "Resource": [resource]}
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    guarantees = store.probe()
    assert guarantees.private is False
    assert any("everybody" in note for note in guarantees.notes)


def test_what_is_stored_is_never_public(place: S3Url, seaweedfs: S3Server) -> None:
    put(S3Store(place), DATA)
    connection = io.BytesIO()
    host, _, port = seaweedfs.endpoint.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(f"GET /{place.bucket}/{NAME} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while chunk := raw.recv(65536):
            connection.write(chunk)
    assert connection.getvalue().startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("guarantees", [VERIFIES, TRUSTS_NOTHING])
@pytest.mark.parametrize(
    "faults", [[Fault.BUSY] * 3, [Fault.RESET], [Fault.BUSY, Fault.RESET, Fault.BUSY]], ids="+".join
)
def test_a_put_survives_a_busy_server_and_a_reset_connection(
    place: S3Url, proxy: FaultProxy, faults: list[Fault], guarantees: Guarantees | None
) -> None:
    proxy.plan("PUT", *faults)
    assert put(through(proxy, place, guarantees), DATA).put is Put.CREATED
    assert proxy.seen.count("PUT") == len(faults) + 1
    assert whole(S3Store(place), DATA) == DATA


@pytest.mark.parametrize("guarantees", [VERIFIES, TRUSTS_NOTHING])
def test_a_put_whose_answer_was_lost_meets_its_own_object_and_succeeds(
    place: S3Url, proxy: FaultProxy, guarantees: Guarantees | None
) -> None:
    proxy.plan("PUT", Fault.ANSWER_LOST)
    stored = put(through(proxy, place, guarantees), DATA)
    assert stored.put is Put.ALREADY_THERE
    assert stored.check is (Check.SERVER_VERIFIED if guarantees else Check.READ_BACK)
    assert proxy.seen.count("PUT") == 2
    assert whole(S3Store(place), DATA) == DATA


@pytest.mark.slow
def test_a_server_that_stays_busy_is_given_up_in_bounded_time(place: S3Url, proxy: FaultProxy) -> None:
    proxy.plan("PUT", *[Fault.BUSY] * 50)
    with pytest.raises(StoreUnreachable) as caught:
        put(through(proxy, place), DATA)
    assert caught.value.hint
    assert proxy.seen.count("PUT") == 5


@pytest.mark.parametrize("guarantees", [VERIFIES, TRUSTS_NOTHING])
def test_bytes_damaged_on_the_way_in_are_not_stored(
    place: S3Url, proxy: FaultProxy, guarantees: Guarantees | None
) -> None:
    proxy.plan("PUT", Fault.SENT_BYTE_FLIPPED)
    with pytest.raises(StoreUnreachable, match="damaged on the way"):
        put(through(proxy, place, guarantees), DATA)
    assert list(S3Store(place).names("objects/")) == []


def test_ceph_refuses_bytes_damaged_on_the_way_by_the_signature(
    ceph: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(ceph, monkeypatch)
    place = S3Url(f"s3-{secrets.token_hex(6)}", endpoint=ceph.endpoint)
    S3Store(place).create()
    with FaultProxy(ceph.endpoint) as proxy:
        proxy.plan("PUT", Fault.SENT_BYTE_FLIPPED)
        with pytest.raises(StoreUnreachable, match="damaged on the way"):
            put(through(proxy, place, TRUSTS_NOTHING), DATA)
    assert list(S3Store(place).names()) == []


def test_a_source_that_changes_is_refused_by_the_server_that_verifies(place: S3Url, proxy: FaultProxy) -> None:
    store = through(proxy, place)
    with pytest.raises(SourceChanged):
        store.put(NAME, io.BytesIO(DATA[::-1]), digest=Digest.of(DATA), size=len(DATA))
    assert list(store.names()) == []


def test_a_source_that_differs_is_not_even_sent_to_a_server_that_may_not_verify(
    place: S3Url, proxy: FaultProxy
) -> None:
    with pytest.raises(SourceChanged):
        through(proxy, place, TRUSTS_NOTHING).put(NAME, io.BytesIO(DATA[::-1]), digest=Digest.of(DATA), size=len(DATA))
    assert "PUT" not in proxy.seen


def test_a_copy_that_reads_back_wrong_is_not_acknowledged(place: S3Url, proxy: FaultProxy) -> None:
    # The first GET is the look at the name, the second reads the copy back.
    store = through(proxy, place, TRUSTS_NOTHING)
    put(store, b"x", "warm-up")
    proxy.plan("GET", Fault.BYTE_FLIPPED, Fault.BYTE_FLIPPED)
    with pytest.raises(ObjectCorrupt):
        put(store, DATA)


def test_a_byte_flipped_on_the_way_out_is_never_returned_as_good(place: S3Url, proxy: FaultProxy) -> None:
    put(S3Store(place), DATA)
    proxy.plan("GET", Fault.BYTE_FLIPPED)
    store = through(proxy, place)
    with pytest.raises(ObjectCorrupt):
        whole(store, DATA)
    assert whole(store, DATA) == DATA


@pytest.mark.parametrize("faults", [[Fault.BODY_CUT], [Fault.BODY_CUT] * 4], ids=["once", "four times"])
def test_a_reading_that_breaks_off_goes_on_where_it_broke(place: S3Url, proxy: FaultProxy, faults: list[Fault]) -> None:
    put(S3Store(place), DATA)
    proxy.plan("GET", *faults)
    assert whole(through(proxy, place), DATA) == DATA
    assert proxy.seen.count("GET") == len(faults) + 1


def test_a_reading_that_keeps_breaking_off_ends_as_unreachable(place: S3Url, proxy: FaultProxy) -> None:
    put(S3Store(place), DATA)
    proxy.plan("GET", *[Fault.BODY_CUT] * 50)
    with pytest.raises(StoreUnreachable):
        whole(through(proxy, place), DATA)
    assert proxy.seen.count("GET") == 5


def test_an_object_exchanged_while_it_is_read_is_not_pieced_together(place: S3Url, seaweedfs: S3Server) -> None:
    data = DATA * 20
    put(S3Store(place), data)
    with FaultProxy(seaweedfs.endpoint) as proxy:
        proxy.plan("GET", Fault.BODY_CUT)
        with through(proxy, place).open(NAME, digest=Digest.of(data)) as stream:
            stream.read(1000)
            seaweedfs.client().put_object(Bucket=place.bucket, Key=NAME, Body=data[::-1])
            with pytest.raises(StoreError, match="412"):
                stream.read()


def test_a_server_that_never_answers_is_given_up(place: S3Url, proxy: FaultProxy) -> None:
    put(S3Store(place), DATA)
    proxy.plan("HEAD", *[Fault.SILENCE] * 20)
    started = time.monotonic()
    with pytest.raises(StoreUnreachable, match="in time"):
        through(proxy, place, seconds=0.2).head(NAME)
    assert time.monotonic() - started < 30


def test_nobody_listening_is_said_to_be_unreachable(place: S3Url) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # held, and not listened on
        store = S3Store(S3Url(place.bucket, endpoint=f"http://127.0.0.1:{held.getsockname()[1]}"))
        with pytest.raises(StoreUnreachable) as caught:
            store.head(NAME)
    assert caught.value.hint


def test_missing_credentials_are_named_with_the_places_looked_at(place: S3Url, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(StoreDenied) as caught:
        S3Store(place).head(NAME)
    assert "AWS_ACCESS_KEY_ID" in caught.value.hint
    assert "~/.aws" in caught.value.hint


def test_a_profile_that_does_not_exist_is_an_error_of_ours(place: S3Url) -> None:
    with pytest.raises(StoreDenied, match="profile"):
        S3Store(S3Url(place.bucket, endpoint=place.endpoint, profile="nobody")).head(NAME)


def test_wrong_credentials_are_denied_and_not_repeated(place: S3Url, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = secrets.token_hex(20)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    store = S3Store(place)
    for call in (lambda: put(store, DATA), lambda: store.read(NAME, limit=1), lambda: list(store.names()), store.probe):
        with pytest.raises(StoreDenied) as caught:
            call()
        assert secret not in str(caught.value) + caught.value.hint


def test_the_ca_that_is_named_must_exist(place: S3Url) -> None:
    store = S3Store(S3Url(place.bucket, endpoint="https://127.0.0.1:9", ca="/nowhere/ca.pem"))
    with pytest.raises(StoreError):
        store.head(NAME)


def test_a_plain_server_behind_https_is_no_trustworthy_connection(place: S3Url) -> None:
    with pytest.raises(StoreUnreachable):
        S3Store(S3Url(place.bucket, endpoint=place.endpoint.replace("http:", "https:"))).head(NAME)


def test_more_than_one_put_takes_is_refused_before_anything_is_sent(place: S3Url) -> None:
    with pytest.raises(TooLarge, match=str(LARGEST)):
        S3Store(place).put(NAME, io.BytesIO(), digest=Digest.of(b""), size=LARGEST + 1)


def test_a_bucket_of_that_name_is_left_as_it_is(place: S3Url) -> None:
    put(S3Store(place), DATA)
    S3Store(place).create()
    assert whole(S3Store(place), DATA) == DATA


def test_a_missing_bucket_is_not_taken_for_a_missing_object(place: S3Url) -> None:
    with pytest.raises(PlaceMissing):
        S3Store(S3Url("not-" + place.bucket, endpoint=place.endpoint)).head(NAME)


def test_objects_without_a_name_of_ours_are_not_listed(place: S3Url, seaweedfs: S3Server) -> None:
    put(S3Store(place), DATA)
    for key in ("folder/", "with space", ".hidden", "ü"):
        seaweedfs.client().put_object(Bucket=place.bucket, Key=key, Body=b"")
    assert list(S3Store(place).names()) == [NAME]


def test_where_the_server_does_not_keep_writers_apart_the_name_is_looked_at_first(place: S3Url) -> None:
    weak = Guarantees(
        refuses_wrong_checksum=True, create_only=False, versioning=Versioning.OFF, object_lock="off", private=True
    )
    store = S3Store(place, guarantees=weak)
    assert put(store, DATA).put is Put.CREATED
    assert put(store, DATA).put is Put.ALREADY_THERE
    with pytest.raises(NameTaken):
        put(store, DATA[::-1])


def test_a_listing_that_goes_backwards_is_not_followed(place: S3Url, monkeypatch: pytest.MonkeyPatch) -> None:
    store = S3Store(place)
    # No server here lists so; the answer is what one with a broken index would give.
    answer = {"Contents": [{"Key": "log/2"}, {"Key": "log/1"}], "IsTruncated": False}
    monkeypatch.setattr(store.client, "list_objects_v2", lambda **_: answer)
    with pytest.raises(GuaranteeMissing):
        list(store.names())
