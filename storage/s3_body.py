"""The bytes of one object as a server sends them, taken up again where a connection broke.

The part that follows a break is asked for under the same ETag, so it is of the same object; whether the bytes are right
is for the digest to say, not for this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.errors import StoreError, StoreUnreachable
from storage.s3_errors import translated

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_RESUMPTIONS = 4


class Body:
    """A reader over ``get_object``; a context manager that lets the connection go.

    Args:
        client: an S3 client.
        bucket: the bucket.
        key: the object's key.
        where: the store's URL, for errors.
        name: the object's name in the store, for errors.
        version: which version; the latest by default.

    Raises:
        ObjectMissing: on construction.
    """

    def __init__(self, client: Any, bucket: str, key: str, *, where: str, name: str, version: str = "") -> None:
        self._client = client
        self._object = {"Bucket": bucket, "Key": key, **({"VersionId": version} if version else {})}
        self._where = where
        self._name = name
        self._position = 0
        self._left = _RESUMPTIONS
        with translated(where, name):
            answer = client.get_object(**self._object)
        self.size = int(answer["ContentLength"])
        self.etag = str(answer["ETag"])
        self._stream: Any = answer["Body"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; none at the end of the object.

        Raises:
            StoreUnreachable: the connection broke too often.
        """
        while self._position < self.size:
            try:
                chunk = self._next(min(size, self.size - self._position))
            except StoreUnreachable:
                if self._left == 0:
                    raise
                self._left -= 1
                self._resume()
            else:
                self._position += len(chunk)
                return chunk
        return b""

    def _next(self, size: int) -> bytes:
        with translated(self._where, self._name):
            chunk: bytes = self._stream.read(size)
        if not chunk:
            raise StoreUnreachable(f"{self._where} sent {self._position} of the {self.size} bytes of {self._name}")
        return chunk

    def _resume(self) -> None:
        self._stream.close()
        with translated(self._where, self._name):
            answer = self._client.get_object(
                **self._object, Range=f"bytes={self._position}-{self.size - 1}", IfMatch=self.etag
            )
        if answer.get("ContentRange") != f"bytes {self._position}-{self.size - 1}/{self.size}":
            answer["Body"].close()
            raise StoreError(f"{self._where} does not give a part of {self._name} when asked for it")
        self._stream = answer["Body"]
