"""How a damaged object in a bucket gives way to whole bytes without being lost.

1. The object is read to its end: its bytes must be those that were found damaged.
2. They are put under the name that they are kept under, create-only, and read back and hashed.
3. The whole bytes are put over the name under the condition that it still is the object which was read (``If-Match``).
   A server may know no such condition, or get it wrong (Ceph RGW 16 refuses the very ETag that it gave): where it
   refuses, and the name still holds the bytes that were found, it gets a plain put. One that passes over the condition
   in silence cannot be told from one that honours it, and need not be: the damaged bytes are kept already, and whoever
   else writes under a name that is made of a digest writes the same whole bytes.
4. The name is read back and hashed.
5. A protection goes with the put of step 3, in its headers, and is asked back (``storage.s3_lock``).

In a bucket that keeps versions the damaged object stays as an older version, too. Killed anywhere, either the damaged
object stands under its name, or the whole one does and the damaged one is kept.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace as but
from typing import TYPE_CHECKING

from storage import s3_lock
from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt
from storage.os_errors import own_errors
from storage.s3_errors import code_of, status_of, translated
from storage.store import Check, Put, Stored, changed_meanwhile

if TYPE_CHECKING:
    from typing import BinaryIO

    from storage.protection import Protection
    from storage.s3 import S3Store
    from storage.source import Source

_REFUSED = frozenset({409, 412, 501})
"""Being written, not the object that was meant, a header that is not known."""


def replace(
    store: S3Store, name: str, body: Source, *, found: Digest, aside: str, protection: Protection | None = None
) -> Stored:
    """Follow the steps above; see ``storage.store.Store.replace``."""
    body.check_size()
    body.check_bytes()
    with own_errors("the temporary directory"), tempfile.TemporaryFile() as copy:
        stands, etag, size = _taken(store, name, copy)  # step 1
        if stands == body.digest:
            kept = None if protection is None else s3_lock.protect(store, name, protection)
            return Stored(Put.ALREADY_THERE, Check.READ_BACK, kept)
        if stands != found:
            raise changed_meanwhile(name, found, stands)
        copy.seek(0)
        store.put(aside, copy, digest=found, size=size)  # step 2
    put_aside = store.hash(aside)
    if put_aside != found:
        raise ObjectCorrupt(aside, found, put_aside)
    if not send(store, name, body, etag, protection):  # step 3
        stands = store.hash(name)
        if stands not in {found, body.digest}:
            raise changed_meanwhile(name, found, stands)
        send(store, name, body, None, protection)
    stands = store.hash(name)  # step 4
    if stands != body.digest:
        raise ObjectCorrupt(name, body.digest, stands)
    stored = Stored(Put.CREATED, Check.READ_BACK)
    if protection is None:
        return stored
    return but(stored, protection=s3_lock.confirmed(store, name, protection))  # step 5


def _taken(store: S3Store, name: str, copy: BinaryIO) -> tuple[Digest, str, int]:
    with store.body(name) as body:
        while chunk := body.read(CHUNK):
            copy.write(chunk)
        etag = body.etag
    copy.seek(0)
    digest, size = Digest.of_stream(copy)
    return digest, etag, size


def send(store: S3Store, name: str, body: Source, etag: str | None, protection: Protection | None = None) -> bool:
    """Put the bytes over the name (step 3); False if the server refuses the condition."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    body.seek(0)
    condition = {} if etag is None else {"IfMatch": etag}
    with translated(store.url, name):
        try:
            store.client.put_object(
                Bucket=store.place.bucket,
                Key=store.key(name),
                Body=body,
                ChecksumSHA256=body.digest.base64,
                ContentType="application/octet-stream",
                **condition,
                **s3_lock.headers(protection),
            )
        except ClientError as error:
            if protection is not None and code_of(error) in s3_lock.NO_LOCK and code_of(error) != "NotImplemented":
                raise s3_lock.missing(store, str(protection)) from error
            if etag is not None and status_of(error) in _REFUSED:
                return False
            raise
    return True
