"""The client of a store: boto3's, its settings and the reasons for them. Credentials come from boto3's own chain."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.url import S3Url

READ_TIMEOUT = 120.0
"""Seconds without a byte: a server may be silent that long while it brings gigabytes to its disks."""

_CONNECT_TIMEOUT = 10
_ATTEMPTS = 5
_CONNECTIONS = 32
_NO_REGION = "us-east-1"


def connect(place: S3Url, *, sign_payload: bool, anonymous: bool = False, read_timeout: float = READ_TIMEOUT) -> Any:
    """Make a client; it may be shared by threads.

    Args:
        place: the store.
        sign_payload: hash the body into the signature, which costs a pass over it. A server that checks the signature
            but not the checksum then still refuses bytes that were damaged on the way; one that checks the (signed)
            checksum makes it superfluous.
        anonymous: sign nothing: to see what a stranger sees.
        read_timeout: seconds without a byte.
    """
    from boto3.session import Session  # noqa: PLC0415 - half a second of CPU that only this kind of store costs
    from botocore import UNSIGNED  # noqa: PLC0415 - as above
    from botocore.config import Config  # noqa: PLC0415 - as above
    from botocore.session import get_session  # noqa: PLC0415 - as above

    core = get_session()
    core.register_component("data_loader", _descriptions())
    session = Session(botocore_session=core, profile_name=place.profile or None)
    style = place.style or ("path" if place.endpoint else "auto")
    return session.client(
        "s3",
        endpoint_url=place.endpoint or None,
        region_name=place.region or session.region_name or _NO_REGION,
        verify=place.ca or None,
        config=Config(
            signature_version=UNSIGNED if anonymous else None,
            connect_timeout=_CONNECT_TIMEOUT,
            read_timeout=read_timeout,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            max_pool_connections=_CONNECTIONS,
            tcp_keepalive=True,
            # The digest is known and sent explicitly; the library's own CRC would be a second, weaker pass.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": style, "payload_signing_enabled": sign_payload},
        ),
    )


@lru_cache(maxsize=1)
def _descriptions() -> Any:
    """The library's descriptions of S3 and of regions: the same for every client, and most of what making one costs."""
    from botocore.loaders import create_loader  # noqa: PLC0415 - as above

    return create_loader(os.environ.get("AWS_DATA_PATH"))
