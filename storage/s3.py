"""A store in a bucket of any S3-compatible server.

How a put becomes an object:

1. Bytes that nobody else will check are hashed first: where the server was not seen to refuse a wrong checksum. Nothing
   wrong is sent, then.
2. One ``put_object`` with ``If-None-Match: *`` and the SHA-256, streamed. Where the server was not seen to honour the
   condition, the name is looked at first; two writers at once can then still write over one another, and the guarantees
   say so.
3. 412 says that the name stands: it is ours if its bytes are (a put whose answer was lost meets its own object). 409
   says that another put is under way: again.
4. Where the server was not seen to refuse a wrong checksum, the copy is read back and hashed.

``guarantees`` are what ``probe`` saw. Without them nothing is taken for granted, neither in step 1 nor in 2 nor in 4.
"""

from __future__ import annotations

import base64
import binascii
import random
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storage.digest import Digest
from storage.errors import (
    GuaranteeMissing,
    NameTaken,
    ObjectCorrupt,
    ObjectMissing,
    StoreDenied,
    StoreError,
    StoreUnreachable,
    TooLarge,
)
from storage.layout import check_name, is_name
from storage.os_errors import own_errors
from storage.s3_body import Body
from storage.s3_client import READ_TIMEOUT, connect
from storage.s3_errors import REFUSED_CHECKSUM, code_of, status_of, translated
from storage.source import Source
from storage.store import Check, Head, Put, Stored
from storage.verified import verified_reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from storage.guarantees import Guarantees
    from storage.url import S3Url

LARGEST = 5 * 1024**3
"""Bytes: S3 takes at most 5 GiB in one put, and only one put carries the SHA-256 of the whole."""

_PAUSES = (0.0, 0.1, 0.3, 1.0, 3.0)  # seconds before each attempt, on top of boto3's own for 5xx and lost connections
_PRECONDITION_FAILED = 412
_CONFLICT = 409


class S3Store:
    """The promises of ``storage.store.Store`` kept in a bucket; credentials come from boto3's and botocore's own chain
    alone.

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
    def _verifies(self) -> bool:
        return self.guarantees is not None and self.guarantees.refuses_wrong_checksum

    @property
    def _create_only(self) -> bool:
        return self.guarantees is not None and self.guarantees.create_only

    @property
    def client(self) -> Any:
        """The client, made when it is first needed."""
        with self._making, translated(self.url):
            if self._made is None:
                self._made = connect(self.place, sign_payload=not self._verifies, read_timeout=self.read_timeout)
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

    def put(self, name: str, source: BinaryIO, *, digest: Digest, size: int) -> Stored:
        """Send in one request; see the module and ``Store.put``."""
        key = self.key(name)
        if size > LARGEST:
            raise TooLarge(f"{name} has {size} bytes; an object in a bucket takes at most {LARGEST} (5 GiB)")
        body = Source(source, digest=digest, size=size)
        body.check_size()
        if not self._verifies:
            body.check_bytes()  # step 1
        for pause in _PAUSES:
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - it keeps writers apart, no secret
            if not self._create_only and (stored := self._standing(name, digest)):
                return stored
            if self._send(name, key, body):
                break
            if stored := self._standing(name, digest):  # step 3
                return stored
        else:
            raise StoreUnreachable(
                f"{self.url} keeps saying that {name} is being written", hint="Repeat the command later."
            )
        if self._verifies:
            return Stored(Put.CREATED, Check.SERVER_VERIFIED)
        found = self._hash(name)  # step 4
        if found == digest:
            return Stored(Put.CREATED, Check.READ_BACK)
        if self.guarantees is not None and not self.guarantees.create_only:
            raise NameTaken(name, digest, found)  # another writer was faster, or slower
        raise ObjectCorrupt(name, digest, found)

    def put_file(self, name: str, path: Path, *, digest: Digest, size: int) -> Stored:
        """As ``put``; see ``Store.put_file``."""
        with own_errors(str(path)):
            stream = path.open("rb")
        with stream:
            return self.put(name, stream, digest=digest, size=size)

    def _send(self, name: str, key: str, body: Source) -> bool:
        """Step 2; False if the name stands or is being written."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        body.seek(0)
        with translated(self.url, name):
            try:
                self.client.put_object(
                    Bucket=self.place.bucket,
                    Key=key,
                    Body=body,
                    ChecksumSHA256=body.digest.base64,
                    IfNoneMatch="*",
                    # Whatever the bytes are, no browser that is shown them shall run them.
                    ContentType="application/octet-stream",
                )
            except ClientError as error:
                if status_of(error) in {_PRECONDITION_FAILED, _CONFLICT}:
                    return False
                if code_of(error) not in REFUSED_CHECKSUM:
                    raise
                body.check_bytes()
                raise StoreUnreachable(
                    f"{name} was damaged on the way to {self.url}, which refused it; nothing was stored",
                    hint="Repeat the command; if it happens again, suspect the network or this machine's memory.",
                ) from error
        return True

    def _standing(self, name: str, digest: Digest) -> Stored | None:
        """ALREADY_THERE if the name stands with these bytes, None if it does not stand.

        Raises:
            NameTaken: it stands with others.
        """
        check = Check.SERVER_VERIFIED
        try:
            found = self.head(name).digest if self._verifies else None
            if found is None:
                found, check = self._hash(name), Check.READ_BACK
        except ObjectMissing:
            return None
        if found != digest:
            raise NameTaken(name, digest, found)
        return Stored(Put.ALREADY_THERE, check)

    def _hash(self, name: str) -> Digest:
        with self._body(name) as body:
            return Digest.of_stream(body)[0]

    def _body(self, name: str) -> Body:
        return Body(self.client, self.place.bucket, self.key(name), where=self.url, name=name)

    @contextmanager
    def open(self, name: str, *, digest: Digest) -> Iterator[BinaryIO]:
        """See ``Store.open``; a broken connection is taken up where it broke."""
        with self._body(name) as body:
            yield verified_reader(body.read, name, digest)

    def read(self, name: str, *, limit: int) -> bytes:
        """See ``Store.read``."""
        with self._body(name) as body:
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
