"""A store in a bucket of any S3-compatible server: see ``storage.s3_put`` for how bytes get there.

What a server does is not concluded from its name: ``guarantees`` are what ``probe`` saw. Without them nothing is taken
for granted.
"""

from __future__ import annotations

import base64
import binascii
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storage import s3_lock
from storage.digest import Digest
from storage.errors import (
    GuaranteeMissing,
    ObjectMissing,
    StoreDenied,
    StoreError,
    TooLarge,
)
from storage.layout import check_name, is_name
from storage.os_errors import own_errors
from storage.s3_body import Body
from storage.s3_client import READ_TIMEOUT, connect
from storage.s3_errors import code_of, status_of, translated
from storage.s3_put import put
from storage.s3_versions import versions
from storage.source import Source
from storage.store import Head
from storage.verified import verified_reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from storage.guarantees import Guarantees
    from storage.protection import Protection, Version
    from storage.store import Stored
    from storage.url import S3Url


class S3Store:
    """The promises of ``storage.store.Store`` kept in a bucket, with credentials from boto3's own chain alone.

    Args:
        place: where.
        guarantees: what ``probe`` saw there.
        read_timeout: seconds without a byte from the server.
    """

    def __init__(
        self, place: S3Url, *, guarantees: Guarantees | None = None, read_timeout: float = READ_TIMEOUT
    ) -> None:
        self.place = place
        self.guarantees = guarantees
        self.read_timeout = read_timeout
        self._made: Any = None
        self._making = threading.Lock()

    @property
    def url(self) -> str:
        """The store URL, without any credential."""
        return str(self.place)

    @property
    def verifies(self) -> bool:
        """Whether the server was seen to refuse a wrong checksum."""
        return self.guarantees is not None and self.guarantees.refuses_wrong_checksum

    @property
    def keeps_writers_apart(self) -> bool:
        """Whether the server was seen to refuse a second put under a name."""
        return self.guarantees is not None and self.guarantees.create_only

    @property
    def client(self) -> Any:
        """The client, made when it is first needed."""
        with self._making, translated(self.url):
            if self._made is None:
                self._made = connect(self.place, sign_payload=not self.verifies, read_timeout=self.read_timeout)
            return self._made

    def key(self, name: str) -> str:
        """The key of an object."""
        return f"{self.place.prefix}/{check_name(name)}" if self.place.prefix else check_name(name)

    def create(self) -> None:
        """Make the bucket, private as S3 makes them, if it is not ours already; see ``Store.create``."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        client = self.client
        region = client.meta.region_name
        where = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != "us-east-1" else {}
        with translated(self.url):
            try:
                client.head_bucket(Bucket=self.place.bucket)
            except ClientError as error:
                if status_of(error) != 404:  # noqa: PLR2004 - HTTP's own number
                    raise
            else:
                return
            try:
                client.create_bucket(Bucket=self.place.bucket, **where)
            except ClientError as error:
                if code_of(error) == "BucketAlreadyExists":
                    raise StoreDenied(
                        f"the bucket of {self.url} belongs to someone else", hint="Choose another name."
                    ) from error
                if code_of(error) != "BucketAlreadyOwnedByYou":
                    raise

    def put(
        self, name: str, source: BinaryIO, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """Send in one request; see ``storage.s3_put`` and ``Store.put``."""
        return put(self, name, source, digest=digest, size=size, protection=protection)

    def put_file(
        self, name: str, path: Path, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """As ``put``; see ``Store.put_file``."""
        with own_errors(str(path)):
            stream = path.open("rb")
        with stream:
            return self.put(name, stream, digest=digest, size=size, protection=protection)

    def hash(self, name: str) -> Digest:
        """Read an object to its end, and give the digest of what came."""
        return self.measure(name)[0]

    def measure(self, name: str) -> tuple[Digest, int]:
        """See ``Store.measure``."""
        with self.body(name) as body:
            return Digest.of_stream(body)

    def replace(
        self,
        name: str,
        source: BinaryIO,
        *,
        digest: Digest,
        size: int,
        found: Digest,
        aside: str,
        protection: Protection | None = None,
    ) -> Stored:
        """See ``storage.s3_replace`` and ``Store.replace``."""
        from storage.s3_replace import replace  # noqa: PLC0415 - only a repair needs it

        body = Source(source, digest=digest, size=size)
        return replace(self, check_name(name), body, found=found, aside=check_name(aside), protection=protection)

    def firmest(self, name: str) -> Protection:
        """See ``SingleStore.firmest``."""
        from storage.s3_erase import firmest  # noqa: PLC0415 - only a withdrawal needs it

        return firmest(self, check_name(name))

    def erase(self, name: str) -> bool:
        """See ``storage.s3_erase`` and ``SingleStore.erase``."""
        from storage.s3_erase import erase  # noqa: PLC0415 - only a withdrawal needs it

        return erase(self, check_name(name))

    def supplant(self, name: str, source: BinaryIO, *, digest: Digest, size: int, found: Digest) -> Stored:
        """See ``storage.s3_erase`` and ``SingleStore.supplant``."""
        from storage.s3_erase import supplant  # noqa: PLC0415 - only a withdrawal needs it

        return supplant(self, check_name(name), Source(source, digest=digest, size=size), found=found)

    def body(self, name: str, version: str = "") -> Body:
        """An object's bytes as the server sends them, of one version or of the newest, not checked."""
        return Body(self.client, self.place.bucket, self.key(name), where=self.url, name=name, version=version)

    @contextmanager
    def open(self, name: str, *, digest: Digest) -> Iterator[BinaryIO]:
        """See ``Store.open``; a broken connection is taken up where it broke."""
        with self.body(name) as body:
            yield verified_reader(body.read, name, digest)

    def read(self, name: str, *, limit: int) -> bytes:
        """See ``Store.read``."""
        with self.body(name) as body:
            if body.size > limit:
                raise TooLarge(f"{name} has {body.size} bytes, more than {limit}")
            return b"".join(iter(lambda: body.read(limit), b""))

    def head(self, name: str) -> Head:
        """See ``Store.head``; the digest is the server's, where it keeps a SHA-256 of the whole object."""
        key = self.key(name)
        try:
            with translated(self.url, name):
                answer = self.client.head_object(Bucket=self.place.bucket, Key=key, ChecksumMode="ENABLED")
        except ObjectMissing:
            with translated(self.url):  # an answer without a body cannot say whether it was the bucket
                self.client.head_bucket(Bucket=self.place.bucket)
            raise
        return Head(int(answer["ContentLength"]), _whole(answer.get("ChecksumSHA256", "")))

    def names(self, prefix: str = "") -> Iterator[str]:
        """See ``Store.names``; a thousand at a time."""
        start = f"{self.place.prefix}/" if self.place.prefix else ""
        request = {"Bucket": self.place.bucket, "Prefix": start + prefix}
        last = ""
        while True:
            with translated(self.url):
                answer = self.client.list_objects_v2(**request)
            for item in answer.get("Contents", ()):
                name = str(item["Key"]).removeprefix(start)
                if not is_name(name):
                    continue
                # A listing that repeats itself or goes back would make a log that is read in its order wrong.
                if last and not (last < name or last.split("/") < name.split("/")):
                    raise GuaranteeMissing(f"{self.url} lists {name} after {last}")
                last = name
                yield name
            if not answer.get("IsTruncated"):
                return
            request["ContinuationToken"] = answer["NextContinuationToken"]

    def object_lock(self) -> str:
        """See ``Store.object_lock`` and ``storage.s3_lock``."""
        with translated(self.url):
            return s3_lock.object_lock(self, self.client, [])

    def protection(self, name: str) -> Protection:
        """See ``Store.protection``."""
        return s3_lock.in_force(self, name)

    def protect(self, name: str, protection: Protection) -> Protection:
        """See ``Store.protect`` and ``storage.s3_lock``."""
        return s3_lock.protect(self, name, protection)

    def release_hold(self, name: str) -> Protection:
        """See ``Store.release_hold``."""
        return s3_lock.release_hold(self, name)

    def versions(self, name: str) -> list[Version]:
        """See ``Store.versions``."""
        return versions(self, name)

    @contextmanager
    def open_version(self, name: str, version: Version, *, digest: Digest) -> Iterator[BinaryIO]:
        """See ``Store.open_version``."""
        if version.is_delete_marker:
            raise ObjectMissing(name)
        with self.body(name, version.identity) as body:
            yield verified_reader(body.read, name, digest)

    def probe(self) -> Guarantees:
        """See ``Store.probe``."""
        from storage.s3_probe import probe  # noqa: PLC0415 - only an archive's first day and its audits need it

        return probe(self)


def _whole(checksum: str) -> Digest | None:
    """The digest in a ``ChecksumSHA256``; None if there is none, or one of parts (``…-3``)."""
    try:
        return Digest(base64.b64decode(checksum, validate=True))
    except (binascii.Error, StoreError):
        return None
