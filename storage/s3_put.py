"""How bytes become an object in a bucket.

1. Bytes that nobody else will check are hashed first: where the server was not seen to refuse a wrong checksum. Nothing
   wrong is sent, then.
2. One ``put_object`` with ``If-None-Match: *`` and the SHA-256, streamed. Where the server was not seen to honour the
   condition, the name is looked at first; two writers at once can then still write over one another, and the
   guarantees say so.
3. 412 says that the name stands: it is ours if its bytes are (a put whose answer was lost meets its own object). 409
   says that another put is under way: again.
4. Where the server was not seen to refuse a wrong checksum, the copy is read back and hashed.
5. A protection goes with the put of step 2, in its headers, and is asked back of the version that was put; what stands
   already is given what it lacks (``storage.s3_lock``).

Where nothing was seen yet, nothing is taken for granted, neither in step 1 nor in 2 nor in 4.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from storage import s3_lock
from storage.errors import NameTaken, ObjectCorrupt, ObjectMissing, StoreUnreachable, TooLarge
from storage.s3_errors import REFUSED_CHECKSUM, code_of, status_of, translated
from storage.source import Source
from storage.store import Check, Put, Stored

if TYPE_CHECKING:
    from typing import BinaryIO

    from storage.digest import Digest
    from storage.protection import Protection
    from storage.s3 import S3Store

LARGEST = 5 * 1024**3
"""Bytes: S3 takes at most 5 GiB in one put, and only one put carries the SHA-256 of the whole."""

_PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0)  # seconds before each attempt, on top of the client's own for 5xx and lost answers
_PRECONDITION_FAILED = 412
_CONFLICT = 409


def put(
    store: S3Store, name: str, source: BinaryIO, *, digest: Digest, size: int, protection: Protection | None = None
) -> Stored:
    """Follow the steps above; see ``storage.store.Store.put``."""
    key = store.key(name)
    if size > LARGEST:
        raise TooLarge(f"{name} has {size} bytes; an object in a bucket takes at most {LARGEST} (5 GiB)")
    body = Source(source, digest=digest, size=size)
    body.check_size()
    if not store.verifies:
        body.check_bytes()  # step 1
    for pause in _PAUSES:
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - it keeps writers apart, no secret
        if not store.keeps_writers_apart and (stored := _standing(store, name, digest)):
            return _protected(store, name, stored, protection)
        version = _send(store, name, key, body, protection)
        if version is not None:
            return _protected(store, name, _acknowledge(store, name, digest), protection, version)
        if stored := _standing(store, name, digest):  # step 3
            return _protected(store, name, stored, protection)
    raise StoreUnreachable(f"{store.url} keeps saying that {name} is being written", hint="Repeat the command later.")


def _protected(
    store: S3Store, name: str, stored: Stored, protection: Protection | None, version: str | None = None
) -> Stored:
    """Step 5."""
    if protection is None:
        return stored
    if version is None:
        return replace(stored, protection=s3_lock.protect(store, name, protection))
    return replace(stored, protection=s3_lock.confirmed(store, name, protection, version))


def _send(store: S3Store, name: str, key: str, body: Source, protection: Protection | None) -> str | None:
    """Step 2; the version that was made (empty where there are none), ``None`` if the name stands or is written."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    body.seek(0)
    with translated(store.url, name):
        try:
            answer = store.client.put_object(
                Bucket=store.place.bucket,
                Key=key,
                Body=body,
                ChecksumSHA256=body.digest.base64,
                IfNoneMatch="*",
                # Whatever the bytes are, no browser that is shown them shall run them.
                ContentType="application/octet-stream",
                **s3_lock.headers(protection),
            )
        except ClientError as error:
            if status_of(error) in {_PRECONDITION_FAILED, _CONFLICT}:
                return None
            if protection is not None and code_of(error) in s3_lock.NO_LOCK:
                raise s3_lock.missing(store, str(protection)) from error
            if code_of(error) not in REFUSED_CHECKSUM:
                raise
            body.check_bytes()
            raise StoreUnreachable(
                f"{name} was damaged on the way to {store.url}, which refused it; nothing was stored",
                hint="Repeat the command; if it happens again, suspect the network or this machine's memory.",
            ) from error
    return str(answer.get("VersionId") or "")


def _standing(store: S3Store, name: str, digest: Digest) -> Stored | None:
    """ALREADY_THERE if the name stands with these bytes, None if it does not stand.

    Raises:
        NameTaken: it stands with others.
    """
    check = Check.SERVER_VERIFIED
    try:
        found = store.head(name).digest if store.verifies else None
        if found is None:
            found, check = store.hash(name), Check.READ_BACK
    except ObjectMissing:
        return None
    if found != digest:
        raise NameTaken(name, digest, found)
    return Stored(Put.ALREADY_THERE, check)


def _acknowledge(store: S3Store, name: str, digest: Digest) -> Stored:
    """Step 4."""
    if store.verifies:
        return Stored(Put.CREATED, Check.SERVER_VERIFIED)
    found = store.hash(name)
    if found == digest:
        return Stored(Put.CREATED, Check.READ_BACK)
    if store.guarantees is not None and not store.keeps_writers_apart:
        raise NameTaken(name, digest, found)  # another writer came in between
    raise ObjectCorrupt(name, digest, found)
