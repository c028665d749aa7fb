"""Object Lock in a bucket: what is asked for, what the server says is in force, and whether the lock holds at all.

1. A new object carries its protection in the headers of its put: there is no moment in which it stands without.
2. What is in force is asked back (``head_object``), of the very version that was put; less than was asked is an error.
3. An object that stands already is given what it lacks, and never less than it has: nothing here ever sends the header
   that would bypass governance.

Whether a bucket locks is tried on an object of the probe's own, without deleting anything: its retention is set some
minutes ahead, prolonged, and then shortened, which must be refused.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from storage.digest import Digest
from storage.errors import LockIgnored, LockMissing, LockRefused, StoreError
from storage.protection import Mode, Protection, Retention
from storage.s3_errors import code_of, status_of, translated

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.s3 import S3Store

PROBE = "probe/locked"
PROBE_BYTES = b"locked for some minutes, to see whether this place lets its retention be shortened\n"

NO_LOCK = frozenset(
    {"InvalidRequest", "ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound", "NotImplemented"}
    | {"MethodNotAllowed", "InvalidBucketState", "405", "501"}
)
"""Codes by which servers say that a bucket does not lock."""

_AHEAD, _FURTHER, _BACK = timedelta(minutes=20), timedelta(seconds=2), timedelta(seconds=1)
"""Ahead of any clock whose signature a server takes (15 minutes); and as little further as servers tell apart."""

_STANDS = frozenset({"", "PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_REFUSED = 403
_SERVER_ERROR = 500


def headers(protection: Protection | None) -> dict[str, Any]:
    """Step 1: what a put carries."""
    sent: dict[str, Any] = {}
    if protection is not None and protection.retention is not None:
        sent["ObjectLockMode"] = protection.retention.mode.upper()
        sent["ObjectLockRetainUntilDate"] = protection.retention.until
    if protection is not None and protection.legal_hold:
        sent["ObjectLockLegalHoldStatus"] = "ON"
    return sent


def missing(store: S3Store, asked: str) -> LockMissing:
    """The error of a bucket without a lock."""
    return LockMissing(
        f"{store.url} cannot keep an object under {asked}: the bucket has no Object Lock that holds",
        hint="Make a bucket with Object Lock (docs: operations), or ask for no protection by the store.",
    )


def in_force(store: S3Store, name: str, version: str = "") -> Protection:
    """What the server says is in force, for the latest version or for one."""
    which = {"VersionId": version} if version else {}
    with translated(store.url, name):
        answer = store.client.head_object(Bucket=store.place.bucket, Key=store.key(name), **which)
    mode, until = answer.get("ObjectLockMode"), answer.get("ObjectLockRetainUntilDate")
    if mode and str(mode).lower() not in set(Mode):
        raise StoreError(f"{store.url} keeps {name} under {mode!r}, which is no mode that is known")
    retention = Retention(Mode(str(mode).lower()), until) if mode and until else None
    return Protection(retention, legal_hold=answer.get("ObjectLockLegalHoldStatus") == "ON")


def confirmed(store: S3Store, name: str, asked: Protection, version: str = "") -> Protection:
    """Step 2.

    Raises:
        LockIgnored: less than was asked is in force.
    """
    found = in_force(store, name, version)
    if not found.covers(asked):
        raise LockIgnored(
            f"{store.url} was asked to keep {name} under {asked}, did not refuse, and says: {found}",
            hint="It is not acknowledged. Either the server does not do what it says, or these credentials may not see "
            "the lock (s3:GetObjectRetention, s3:GetObjectLegalHold).",
        )
    return found


def protect(store: S3Store, name: str, asked: Protection) -> Protection:
    """Step 3; see ``storage.store.Store.protect``."""
    found = in_force(store, name)
    if found.covers(asked):
        return found
    there = {"Bucket": store.place.bucket, "Key": store.key(name)}
    wanted = _longer(found.retention, asked.retention)
    if wanted is not None and wanted != found.retention:
        rule = {"Mode": wanted.mode.upper(), "RetainUntilDate": wanted.until}
        _told(store, name, found, str(wanted), lambda: store.client.put_object_retention(**there, Retention=rule))
    if asked.legal_hold and not found.legal_hold:
        _told(store, name, found, "legal hold", lambda: _hold(store, name, "ON"))
    return confirmed(store, name, asked)


def release_hold(store: S3Store, name: str) -> Protection:
    """See ``storage.store.Store.release_hold``.

    Raises:
        LockIgnored: the server said yes, and the hold is still there.
    """
    found = in_force(store, name)
    if not found.legal_hold:
        return found
    _told(store, name, found, "no legal hold", lambda: _hold(store, name, "OFF"))
    left = in_force(store, name)
    if left.legal_hold:
        raise LockIgnored(f"{store.url} was asked to lift the legal hold on {name}, and it is still there")
    return left


def _longer(found: Retention | None, asked: Retention | None) -> Retention | None:
    """What is asked, without shortening or softening what is there."""
    if found is None or asked is None:
        return asked or found
    mode = Mode.COMPLIANCE if Mode.COMPLIANCE in (found.mode, asked.mode) else Mode.GOVERNANCE
    return Retention(mode, max(found.until, asked.until))


def _hold(store: S3Store, name: str, status: str) -> None:
    there = {"Bucket": store.place.bucket, "Key": store.key(name)}
    store.client.put_object_legal_hold(**there, LegalHold={"Status": status})


def _told(store: S3Store, name: str, found: Protection, asked: str, change: Callable[[], object]) -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    with translated(store.url, name):
        try:
            change()
        except ClientError as error:
            if code_of(error) in NO_LOCK:
                raise missing(store, asked) from error
            if status_of(error) == _REFUSED:
                raise LockRefused(
                    f"{store.url} does not let {name} be put under {asked}; in force is: {found}",
                    hint="Only a longer retention is taken; to change governance into compliance, or to set anything "
                    "at all, credentials may need more rights. Nothing was changed.",
                ) from error
            raise


def object_lock(store: S3Store, client: Any, notes: list[str]) -> str:
    """What the bucket says of its lock, and whether it is so; see the module."""
    default = _default(store, client, notes)
    if default in {"off", "none"}:
        return default
    state, reason = _tried(store, client)
    if not state:
        return default if default != "unknown" else "enabled, default retention unknown"
    notes.append(f"Object Lock is not relied upon: {reason}.")
    return state


def _default(store: S3Store, client: Any, notes: list[str]) -> str:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    try:
        answer = client.get_object_lock_configuration(Bucket=store.place.bucket)
    except ClientError as error:
        code = code_of(error)
        if code == "NoSuchBucket":
            raise
        if code in {"NotImplemented", "MethodNotAllowed", "405", "501"}:
            return "none"
        if code in NO_LOCK or code == "404":
            return "off"
        notes.append(f"The default retention cannot be told: the server said {code}.")
        return "unknown"
    configuration = answer.get("ObjectLockConfiguration", {})
    if configuration.get("ObjectLockEnabled") != "Enabled":
        return "off"
    retention = configuration.get("Rule", {}).get("DefaultRetention", {})
    for unit in ("Days", "Years"):
        if retention.get(unit):
            return f"{str(retention.get('Mode', '')).lower()} {retention[unit]} {unit.lower()}"
    return "enabled, no default retention"


def _tried(store: S3Store, client: Any) -> tuple[str, str]:
    """``not enforced`` or ``unknown`` and why; nothing where the lock holds."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    there = {"Bucket": store.place.bucket, "Key": store.key(PROBE)}

    def refusal(call: Any, **request: Any) -> str:
        try:
            call(**there, **request)
        except ClientError as error:
            if status_of(error) >= _SERVER_ERROR:
                raise
            return code_of(error)
        return ""

    def prolonged(moment: datetime) -> str:
        return refusal(client.put_object_retention, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": moment})

    def until() -> datetime | None:
        told: datetime | None = client.head_object(**there).get("ObjectLockRetainUntilDate")
        return told

    now = datetime.now(UTC).replace(microsecond=0)
    asked = headers(Protection(Retention(Mode.GOVERNANCE, now + _AHEAD)))
    sha = Digest.of(PROBE_BYTES).base64
    code = refusal(client.put_object, Body=PROBE_BYTES, ChecksumSHA256=sha, IfNoneMatch="*", **asked)
    if code not in _STANDS:
        return "unknown", f"the server said {code} to an object under a retention"
    further = max(until() or now, now + _AHEAD) + _FURTHER
    code = prolonged(further)
    after = until()
    if after is None or after < further:
        told = f"the server said {code}" if code else "the server did not refuse"
        return "unknown" if code else "not enforced", f"a retention cannot be prolonged: {told}"
    code = prolonged(after - _BACK)
    left = until()
    if not code or left is None or left < after:
        return "not enforced", "the server lets a retention be shortened"
    return "", ""
