"""What boto3, botocore, urllib3 and S3 servers say, said as the store's own errors.

Messages are made here and never copied from a library where they could hold a header or a credential; of a server's
answer, only its error code and status are repeated.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from storage.errors import (
    ObjectMissing,
    PlaceMissing,
    StoreDenied,
    StoreError,
    StoreFull,
    StoreUnreachable,
    TooLarge,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.exceptions import ClientError

REFUSED_CHECKSUM = frozenset(
    {"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "ContentSHA256Mismatch"}
)
"""Codes by which servers refuse bytes that are not those of the checksum or of the signature."""

WHERE_CREDENTIALS = (
    "boto3 looks at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then at ~/.aws (AWS_PROFILE, or profile=NAME in the "
    "store URL), then at a container's or machine's role."
)

_AGAIN = "Check the endpoint and the network, then repeat the command: repeating is harmless."

_CLOCK_OFF = "RequestTimeTooSkewed"
_NO_KEY = frozenset({"NoSuchKey", "NoSuchVersion", "404", "NotFound"})
_FIRST_SERVER_ERROR = 500
_FORBIDDEN = 403
_SIGNATURE_HOLDS = timedelta(minutes=15)

_REFUSALS: tuple[tuple[frozenset[str], type[StoreError], str, str], ...] = (
    (
        frozenset({"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"})
        | {"InvalidLocationConstraint", "InvalidRegionName", "301", "307"},
        StoreError,
        "the bucket is in another region",
        "Add region=NAME to the store URL.",
    ),
    (
        frozenset({_CLOCK_OFF, "RequestExpired"}),
        StoreDenied,
        "this machine's clock is off",
        "Set the clock (NTP): a signature holds for 15 minutes.",
    ),
    (
        frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}),
        StoreDenied,
        "it does not accept these credentials",
        WHERE_CREDENTIALS,
    ),
    (
        frozenset({"AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden", "401", "403"}),
        StoreDenied,
        "these credentials do not allow it",
        "The archive needs to create, read and list objects in this bucket, and nothing else. " + WHERE_CREDENTIALS,
    ),
    (
        frozenset({"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"}),
        StoreFull,
        "there is no room",
        "Make room or raise the quota, then repeat the command.",
    ),
    (frozenset({"EntityTooLarge", "413"}), TooLarge, "it is larger than this server takes", ""),
    (
        frozenset({"SlowDown", "RequestTimeout", "Throttling", "IncompleteBody"}),
        StoreUnreachable,
        "it was asked again and again",
        _AGAIN,
    ),
)


def code_of(error: ClientError) -> str:
    """The server's error code, or the HTTP status where it sent none.

    A HEAD is answered without a body, and so without a code. Where it is forbidden, the server's own clock tells
    credentials that are wrong from a signature that is too old or too new.
    """
    status = status_of(error)
    code = str(error.response.get("Error", {}).get("Code") or status)
    return _CLOCK_OFF if code == str(_FORBIDDEN) == str(status) and _clock_is_off(error) else code


def now() -> datetime:
    """What this machine's clock says."""
    return datetime.now(UTC)


def _clock_is_off(error: ClientError) -> bool:
    headers = dict(error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}))
    try:
        there = parsedate_to_datetime(str(headers.get("date")))
    except (TypeError, ValueError):
        return False
    return abs(there.astimezone(UTC) - now()) > _SIGNATURE_HOLDS


def status_of(error: ClientError) -> int:
    """The HTTP status of a refusal; 0 if there was none."""
    metadata: dict[str, Any] = dict(error.response.get("ResponseMetadata", {}))
    return int(metadata.get("HTTPStatusCode", 0))


@contextmanager
def translated(where: str, name: str = "") -> Iterator[None]:
    """Let only StoreError out.

    Args:
        where: the store's URL.
        name: the object that was asked for; empty where it was the bucket.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - heavy, and loaded by now
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

    try:
        yield
    except ClientError as error:
        raise _refused(error, where, name) from error
    except BotoCoreError as error:
        raise _failed(error, where) from error
    except (HTTPError, OSError) as error:
        raise StoreUnreachable(f"the connection to {where} broke ({type(error).__name__})", hint=_AGAIN) from error


def _refused(error: ClientError, where: str, name: str) -> StoreError:
    code = code_of(error)
    if code == "NoSuchBucket" or (code in _NO_KEY and not name):
        return PlaceMissing(f"there is no bucket at {where}", hint="Create it first, or check its name and endpoint.")
    if code in _NO_KEY:
        return ObjectMissing(name)
    said = f"{where} said {code} ({status_of(error)})" + (f" to {name}" if name else "")
    for codes, kind, meaning, hint in _REFUSALS:
        if code in codes:
            return kind(f"{said}: {meaning}", hint=hint)
    if status_of(error) >= _FIRST_SERVER_ERROR:
        return StoreUnreachable(f"{said}: it was asked again and again", hint=_AGAIN)
    return StoreError(said, hint="The server does not do what is asked of it; see its log.")


def _failed(error: Exception, where: str) -> StoreError:
    from botocore import exceptions as said  # noqa: PLC0415 - loaded by now

    kind: type[StoreError] = StoreUnreachable
    hint = _AGAIN
    match error:
        case said.NoCredentialsError() | said.PartialCredentialsError() | said.CredentialRetrievalError():
            kind, message, hint = StoreDenied, f"no complete credentials were found for {where}", WHERE_CREDENTIALS
        case said.ProfileNotFound():
            kind, message, hint = StoreDenied, f"the profile to use for {where} does not exist", WHERE_CREDENTIALS
        case said.SSLError():
            message = f"no trustworthy TLS connection to {where}"
            hint = "Name the file of your own authority's certificates with ca=/path.pem in the store URL."
        case said.ConnectTimeoutError() | said.EndpointConnectionError() | said.ProxyConnectionError():
            message = f"{where} cannot be reached"
        case said.ReadTimeoutError():
            message = f"{where} did not answer in time"
        case said.HTTPClientError() | said.IncompleteReadError() | said.ResponseStreamingError():
            message = f"the connection to {where} broke ({type(error).__name__})"
        case _:
            kind, message = StoreError, f"{where} cannot be used ({type(error).__name__})"
            hint = "Check the store URL and ~/.aws/config."
    return kind(message, hint=hint)
