"""Where a store is, in one line that never holds a credential.

::

    file:PATH                                        a directory; relative to the archive's home
    s3://bucket/prefix?endpoint=https://host:port    any S3-compatible server; without an endpoint, Amazon's
        &region=…  &style=path|virtual  &ca=/bundle.pem  &profile=NAME

``parse`` undoes ``str``. Unknown words are errors, and the errors repeat no value that could be a secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from storage.errors import InvalidStoreUrl
from storage.layout import is_name

if TYPE_CHECKING:
    from typing import Self

    from storage.guarantees import Guarantees
    from storage.store import SingleStore

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@+:-]{0,99}")
_SHOWN = re.compile(r"[a-z_]{1,24}")  # whatever else stands where a word belongs may be a secret
_LONGEST_URL = 4096
_LONGEST_PREFIX = 256
_CREDENTIALS_HINT = (
    "Credentials never belong in a store URL. Give them to boto3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
    "or a profile in ~/.aws named with profile=NAME."
)


@dataclass(frozen=True, slots=True)
class FileUrl:
    """A directory. ``path`` is taken as it stands: nothing is decoded and no ``~`` expanded."""

    path: str

    def __post_init__(self) -> None:
        if not self.path or "\0" in self.path:
            raise InvalidStoreUrl("file: needs a path", hint="Write file:PATH, as in file:store or file:/srv/archive.")
        if self.path.startswith(("~", "//")):
            raise InvalidStoreUrl(
                f"file:{self.path} does not begin with a plain path",
                hint="Write file:PATH with a path from the root, or one relative to the archive's home.",
            )

    def __str__(self) -> str:
        return f"file:{self.path}"


@dataclass(frozen=True, slots=True)
class S3Url:
    """A bucket, and the prefix in it that all names are put behind.

    Attributes:
        bucket: 3 to 63 of ``a-z 0-9 . -``.
        prefix: empty, or a name as ``storage.layout.check_name`` takes it; no slash at the end.
        endpoint: ``http`` or ``https`` URL of the server; empty for Amazon's.
        region: empty to leave it to boto3's own settings.
        style: ``path`` or ``virtual``; empty means ``path`` with an endpoint and boto3's choice without.
        ca: file of the certificates to trust instead of the system's; empty for those.
        profile: a profile of ~/.aws; empty for boto3's own choice.
    """

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    style: str = ""
    ca: str = ""
    profile: str = ""

    def __post_init__(self) -> None:
        if _BUCKET.fullmatch(self.bucket) is None:
            raise InvalidStoreUrl(
                "s3:// needs a bucket's name: 3 to 63 lower-case letters, digits, dots and hyphens",
                hint="Write s3://bucket or s3://bucket/prefix.",
            )
        if self.prefix and (len(self.prefix) > _LONGEST_PREFIX or not is_name(self.prefix)):
            raise InvalidStoreUrl(
                f"not a prefix: {self.prefix[:80]!r}", hint="Segments of letters, digits, dot, underscore and hyphen."
            )
        _check_endpoint(self.endpoint)
        if self.region and _REGION.fullmatch(self.region) is None:
            raise InvalidStoreUrl("region= takes letters, digits, underscore and hyphen")
        if self.style not in {"", "path", "virtual"}:
            raise InvalidStoreUrl("style= is path or virtual")
        if self.ca and (not self.ca.isprintable() or not Path(self.ca).is_absolute()):
            raise InvalidStoreUrl("ca= takes the absolute path of a file of certificates")
        if self.profile and _PROFILE.fullmatch(self.profile) is None:
            raise InvalidStoreUrl("profile= takes the name of a profile")

    def __str__(self) -> str:
        place = f"s3://{self.bucket}/{self.prefix}" if self.prefix else f"s3://{self.bucket}"
        words = [f"{word}={quote(value, safe=':/@')}" for word in _QUERY if (value := getattr(self, word))]
        return place + ("?" + "&".join(words) if words else "")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` gives.

        Raises:
            InvalidStoreUrl: it is not such a URL.
        """
        try:
            parts = urlsplit(text)
            words = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict")
        except ValueError as error:
            raise InvalidStoreUrl("not a URL that can be taken apart") from error
        if "@" in parts.netloc:
            raise InvalidStoreUrl("a store URL holds no user name and no password", hint=_CREDENTIALS_HINT)
        if parts.scheme != "s3" or parts.fragment:
            raise InvalidStoreUrl("not an s3:// URL without a fragment")
        seen = [word for word, _ in words]
        for word in seen:
            if word not in _QUERY:
                shown = word if _SHOWN.fullmatch(word) else "a word"
                raise InvalidStoreUrl(
                    f"{shown} is not understood in a store URL; known are {', '.join(_QUERY)}", hint=_CREDENTIALS_HINT
                )
        if len(seen) != len(set(seen)):
            raise InvalidStoreUrl("a word stands twice in the store URL")
        return cls(parts.netloc, unquote(parts.path).strip("/"), **dict(words))


_QUERY = tuple(field.name for field in fields(S3Url) if field.name not in {"bucket", "prefix"})


def _check_endpoint(endpoint: str) -> None:
    if not endpoint:
        return
    hint = "Write endpoint=https://host or endpoint=http://127.0.0.1:8333."
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidStoreUrl("endpoint= is not a URL", hint=hint) from error
    if "@" in parts.netloc:
        raise InvalidStoreUrl("endpoint= holds no user name and no password", hint=_CREDENTIALS_HINT)
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or not endpoint.isprintable():
        raise InvalidStoreUrl("endpoint= takes an http or https URL without a query", hint=hint)


StoreUrl = FileUrl | S3Url


def parse_store_url(text: str) -> StoreUrl:
    """Read a store URL; ``str`` of the result gives it in its one spelling.

    Raises:
        InvalidStoreUrl: it is not one.
    """
    if len(text) > _LONGEST_URL:
        raise InvalidStoreUrl(f"a store URL has at most {_LONGEST_URL} characters")
    scheme, colon, rest = text.partition(":")
    match scheme if colon else "":
        case "file" if rest.startswith("///"):  # RFC 8089, with an empty authority: here, %-escapes stand for bytes
            return FileUrl(unquote(rest[2:]))
        case "file":
            return FileUrl(rest)
        case "s3":
            return S3Url.parse(text)
        case _:
            raise InvalidStoreUrl(
                "not a store URL", hint="Write file:PATH or s3://bucket/prefix?endpoint=https://host."
            )


def open_store(url: str, *, base: Path | None = None, guarantees: Guarantees | None = None) -> SingleStore:
    """Make the store that a URL names. Nothing is touched before the first call on it.

    Args:
        url: see the module.
        base: what a relative ``file:`` path is relative to; the working directory without it.
        guarantees: what ``Store.probe`` found here. Without them nothing is taken for granted, and every put to a
        server is
            read back.

    Raises:
        InvalidStoreUrl: it is not a store URL.
    """
    place = parse_store_url(url)
    if isinstance(place, FileUrl):
        from storage.local import LocalStore  # noqa: PLC0415 - only the kind of store that is used is loaded

        return LocalStore((base or Path()).absolute() / place.path)
    from storage.s3 import S3Store  # noqa: PLC0415 - as above

    return S3Store(place, guarantees=guarantees)
