"""What an S3 server really does, found by trying, and what its bucket says of itself.

1. Two different puts under one name with ``If-None-Match: *``: the second must be refused.
2. A put with the SHA-256 of other bytes must be refused, the body not being part of the signature, as in every later
   put.
3. Versioning is asked for; Object Lock is asked for and tried (``storage.s3_lock``).
4. Privacy: the bucket's grants and policy are read, and a stranger's request is tried. ``private`` is True only if all
   agree.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from storage import s3_lock
from storage.digest import Digest
from storage.guarantees import Guarantees, Versioning
from storage.s3_client import connect
from storage.s3_errors import REFUSED_CHECKSUM, code_of, status_of, translated

if TYPE_CHECKING:
    from storage.s3 import S3Store

PROBE = "probe/object"
PROBE_BYTES = b"written once, to see whether this place lets anything else be written over it\n"
OTHER_BYTES = PROBE_BYTES.swapcase()
REFUSED = "probe/refused"

_STRANGERS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
_NOT_HERE = frozenset({"NotImplemented", "MethodNotAllowed", "405", "501"})


def probe(store: S3Store) -> Guarantees:
    """Try, ask and report; see the module and ``Store.probe``."""
    notes: list[str] = []
    if store.place.endpoint.startswith("http:"):
        notes.append("The endpoint is plain http: whoever is on the way can read, though not forge, what is stored.")
    with translated(store.url):
        client = connect(store.place, sign_payload=False, read_timeout=store.read_timeout)
        there = {"Bucket": store.place.bucket}
        create_only = _is_create_only(client, store)
        refuses = _refuses_wrong_checksum(client, store)
        versioning = _versioning(client, there, notes)
        object_lock = s3_lock.object_lock(store, client, notes)
        private = _is_private(client, store, notes)
    if not create_only:
        notes.append("The server lets a second put write over the first: two writers at once are not kept apart.")
    if not refuses:
        notes.append("The server accepts bytes that do not match their checksum: every copy is read back.")
    return Guarantees(refuses, create_only, versioning, object_lock, private, tuple(notes))


def _is_create_only(client: Any, store: S3Store) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    for data in (PROBE_BYTES, OTHER_BYTES):
        try:
            client.put_object(
                Bucket=store.place.bucket,
                Key=store.key(PROBE),
                Body=data,
                ChecksumSHA256=Digest.of(data).base64,
                IfNoneMatch="*",
            )
        except ClientError as error:
            if status_of(error) != 412:  # noqa: PLR2004 - HTTP's own number
                raise
            return True
    return False


def _refuses_wrong_checksum(client: Any, store: S3Store) -> bool:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    try:
        client.put_object(
            Bucket=store.place.bucket,
            Key=store.key(REFUSED),
            Body=OTHER_BYTES,
            ChecksumSHA256=Digest.of(PROBE_BYTES).base64,
        )
    except ClientError as error:
        if code_of(error) in REFUSED_CHECKSUM:
            return True
        raise
    return False


def _ask(call: Any, there: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The answer, or the code of the refusal, to a question that servers need not know."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    try:
        return dict(call(**there)), ""
    except ClientError as error:
        return {}, code_of(error)


def _versioning(client: Any, there: dict[str, Any], notes: list[str]) -> Versioning:
    answer, code = _ask(client.get_bucket_versioning, there)
    if code in _NOT_HERE:
        return Versioning.NONE
    if code:
        notes.append(f"Versioning cannot be told: the server said {code}.")
        return Versioning.UNKNOWN
    return {"Enabled": Versioning.ENABLED, "Suspended": Versioning.SUSPENDED}.get(
        answer.get("Status", ""), Versioning.OFF
    )


def _is_private(client: Any, store: S3Store, notes: list[str]) -> bool | None:
    there: dict[str, Any] = {"Bucket": store.place.bucket}
    stranger = connect(store.place, sign_payload=False, anonymous=True, read_timeout=store.read_timeout)
    seen = {
        "read an object": _ask(stranger.head_object, {**there, "Key": store.key(PROBE)})[1],
        "list the bucket": _ask(stranger.list_objects_v2, {**there, "MaxKeys": 1})[1],
    }
    open_ways = [f"A stranger without credentials can {what}." for what, code in seen.items() if not code]
    unknown: list[str] = []
    answer, code = _ask(client.get_bucket_acl, there)
    if code:
        unknown.append(f"Whether the bucket's grants are private cannot be told: the server said {code}.")
    grants = [
        (grant.get("Grantee", {}).get("URI", ""), grant.get("Permission", "")) for grant in answer.get("Grants", ())
    ]
    open_ways += [f"The bucket grants {right} to everybody." for uri, right in grants if uri.endswith(_STRANGERS)]
    answer, code = _ask(client.get_bucket_policy, there)
    if code not in {"", "NoSuchBucketPolicy", *_NOT_HERE}:
        unknown.append(f"Whether the bucket's policy is private cannot be told: the server said {code}.")
    match _policy_is_open(str(answer.get("Policy", ""))):
        case True:
            open_ways.append("The bucket's policy allows everybody something.")
        case None:
            unknown.append("The bucket's policy allows everybody something under a condition, or cannot be read.")
    notes += open_ways + unknown
    if open_ways:
        return False
    return None if unknown else True


def _policy_is_open(policy: str) -> bool | None:
    """Whether a policy allows everybody anything; None if that depends on a condition or cannot be read."""
    if not policy:
        return False
    try:
        statements = json.loads(policy)["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        everybody = [each for each in statements if each.get("Effect") == "Allow" and _is_everybody(each)]
        unconditional = [each for each in everybody if not each.get("Condition")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if unconditional:
        return True
    return None if everybody else False


def _is_everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    if isinstance(principal, dict):
        principal = principal.get("AWS")
    return "NotPrincipal" in statement or "*" in (principal if isinstance(principal, list) else [principal])
