"""How bytes came in, and where a copy of them lies."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from archiver.facts.fact import ItemFact
from archiver.facts.values import Instant, Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import AcquisitionMethod, ClockSource, CopyCheck


class Acquisition(ItemFact):
    """Who took these bytes in, when, how and from what (PREMIS 3.0 event; types ``ingestion`` and ``capture``).

    The same bytes from another path, URL, source or collector are an acquisition of their own; the same once more are
    not, whatever the clock says.

    Attributes:
        size: bytes.
        method: how.
        taken_in: when the last byte was received, by our clock.
        clock: what that clock was worth.
        collector: the person who collected the file, where stated.
        file_name: the last part of the path; bytes that are no text are escaped visibly.
        path: the whole path as it stood on the collector's machine; withheld from exports by default.
        file_modified: what the file system said of the last change, which proves little.
        source: the agent whom it came from, by identity.
        url: where it was fetched from, where stated.
        note: the collector's own words.
        host: the machine that took it in; withheld from exports by default.
    """

    kind_of_fact: ClassVar[str] = "acquisition"
    incidental: ClassVar[frozenset[str]] = frozenset({"taken_in", "clock", "file_modified", "host", "size"})

    item: Sha256Hex
    size: Annotated[int, Field(ge=0)]
    method: AcquisitionMethod = AcquisitionMethod.INGESTION
    taken_in: Instant
    clock: ClockSource = ClockSource.UNKNOWN
    collector: Name | None = None
    file_name: Raw | None = None
    path: Raw | None = None
    file_modified: Instant | None = None
    source: Sha256Hex | None = None
    url: Raw | None = None
    note: Text | None = None
    host: Raw | None = None


class Copy(ItemFact):
    """Where a copy lies, and what showed that it is whole (PREMIS 3.0 ``replication``).

    Attributes:
        store: the store's URL, which never holds a credential.
        name: the object's name in that store.
        size: bytes.
        stored: when the store had acknowledged it.
        check: what showed that it is whole.
    """

    kind_of_fact: ClassVar[str] = "copy"
    incidental: ClassVar[frozenset[str]] = frozenset({"stored", "check", "size"})

    item: Sha256Hex
    store: Raw
    name: Raw
    size: Annotated[int, Field(ge=0)]
    stored: Instant
    check: CopyCheck
