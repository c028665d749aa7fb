"""The versions of an object in a bucket: what an overwriting or deleting writer has hidden, and not destroyed."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from storage.protection import Version
from storage.s3_errors import translated

if TYPE_CHECKING:
    from storage.s3 import S3Store


def versions(store: S3Store, name: str) -> list[Version]:
    """See ``storage.store.Store.versions``."""
    key = store.key(name)
    request: dict[str, Any] = {"Bucket": store.place.bucket, "Prefix": key}
    found: list[Version] = []
    while True:
        with translated(store.url):
            answer = store.client.list_object_versions(**request)
        entries = [*answer.get("Versions", ()), *answer.get("DeleteMarkers", ())]
        found += [
            Version(
                identity=str(each["VersionId"]),
                size=int(each.get("Size", 0)),
                stored=each["LastModified"].astimezone(UTC),
                is_latest=bool(each["IsLatest"]),
                is_delete_marker="Size" not in each,
            )
            for each in entries
            if each["Key"] == key
        ]
        if not answer.get("IsTruncated") or any(each["Key"] > key for each in entries):
            break
        request |= {"KeyMarker": answer["NextKeyMarker"], "VersionIdMarker": answer.get("NextVersionIdMarker", "")}
    return sorted(found, key=lambda each: (each.is_latest, each.stored), reverse=True)
