"""How an object in a bucket is taken away with all its versions, and how bytes give way to others without being kept.

1. *Erased*: every version and every delete marker of the name is deleted by its own identity, since deleting a name
   alone only hides it in a bucket that keeps versions; then none may be listed any more.
2. *Supplanted*: the new bytes are put over the name, under the condition that it still is the object which was read
   where the server knows such a condition, and read back; then every other version is deleted as above.

Nothing here sends the header that would bypass governance: what a retention or a legal hold keeps, the server refuses,
and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import s3_lock
from storage.digest import Digest
from storage.errors import LockRefused, ObjectCorrupt, StoreError
from storage.protection import Mode, Protection, Retention
from storage.s3_errors import status_of, translated
from storage.s3_replace import send
from storage.s3_versions import versions
from storage.store import Check, Put, Stored, changed_meanwhile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.protection import Version
    from storage.s3 import S3Store
    from storage.source import Source

_REFUSED = 403


def erase(store: S3Store, name: str) -> bool:
    """See ``storage.store.SingleStore.erase``."""
    found = versions(store, name)
    _delete(store, name, found)
    if left := versions(store, name):
        raise StoreError(
            f"{store.url} was asked to delete every version of {name}, did not refuse, and still lists {len(left)}",
            hint="Somebody may be writing: repeat the command. Otherwise the server does not do what it says.",
        )
    return bool(found)


def supplant(store: S3Store, name: str, body: Source, *, found: Digest) -> Stored:
    """See ``storage.store.SingleStore.supplant``."""
    body.check_size()
    body.check_bytes()
    with store.body(name) as stream:
        stands, etag = Digest.of_stream(stream)[0], stream.etag
    put = Put.ALREADY_THERE
    if stands != body.digest:
        if stands != found:
            raise changed_meanwhile(name, found, stands)
        if not send(store, name, body, etag):
            stands = store.hash(name)
            if stands not in {found, body.digest}:
                raise changed_meanwhile(name, found, stands)
            send(store, name, body, None)
        stands, put = store.hash(name), Put.CREATED
        if stands != body.digest:
            raise ObjectCorrupt(name, body.digest, stands)
    _delete(store, name, [each for each in versions(store, name) if not each.is_latest])
    return Stored(put, Check.READ_BACK)


def firmest(store: S3Store, name: str) -> Protection:
    """See ``storage.store.SingleStore.firmest``."""
    kept: Retention | None = None
    hold = False
    for each in versions(store, name):
        if each.is_delete_marker:
            continue
        found = s3_lock.in_force(store, name, each.identity)
        hold |= found.legal_hold
        if found.retention is not None:
            other = kept or found.retention
            mode = Mode.COMPLIANCE if Mode.COMPLIANCE in (found.retention.mode, other.mode) else Mode.GOVERNANCE
            kept = Retention(mode, max(found.retention.until, other.until))
    return Protection(kept, legal_hold=hold)


def _delete(store: S3Store, name: str, which: Sequence[Version]) -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    for each in which:
        with translated(store.url, name):
            try:
                store.client.delete_object(Bucket=store.place.bucket, Key=store.key(name), VersionId=each.identity)
            except ClientError as error:
                if status_of(error) != _REFUSED:
                    raise
                raise LockRefused(
                    f"{store.url} does not let {name} be deleted; in force is: {firmest(store, name)}",
                    hint="A retention has to end and a legal hold to be released first; or these credentials may not "
                    "delete versions (s3:DeleteObjectVersion).",
                ) from error
