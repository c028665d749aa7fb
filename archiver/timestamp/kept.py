"""Time stamps in the store: some objects each, written once, so that ``openssl ts -verify`` checks them alone.

Beside one another, under one size and authority: ``note`` is the signed checkpoint that was stamped, ``tsq`` the query,
``tsr`` the complete response as it came, ``pem`` the certificates from the signer to the root; and where the
certificates name any, ``crl``, the lists of revoked certificates that held then, and ``ocsp``, what responders said of
them: each response as it came, in DER, one behind another. The stamp's own response is put last: a stamp exists when
it is there. What a killed run left without one is no stamp, and the next takes a new number.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import LogError
from storage.digest import Digest
from storage.errors import NameTaken, ObjectMissing
from storage.layout import MOST_STAMPS, STAMP_PARTS, STAMP_REVOCATION, TIMESTAMPS, stamp_name, stamp_of

if TYPE_CHECKING:
    from storage.protection import Protection
    from storage.store import Store

LARGEST_PART = 262_144
"""Bytes of one part: twice what an authority may answer."""

LARGEST_REVOCATION = 4 * 2**20
"""Bytes of all lists of revoked certificates of one stamp, or of all that responders said; most have thousands."""

_ORDER = ("note", "tsq", "pem", *STAMP_REVOCATION, "tsr")


def largest(part: str) -> int:
    """Bytes that a part of a stamp may have."""
    return LARGEST_REVOCATION if part in STAMP_REVOCATION else LARGEST_PART


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a stamp lies: the size of the checkpoint, the authority, and which of its stamps over that size."""

    size: int
    authority: str
    number: int

    def name(self, part: str) -> str:
        """The name of one part."""
        return stamp_name(self.size, self.authority, self.number, part)

    def __str__(self) -> str:
        return self.name("tsr")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp's parts as they are stored; nothing of them is verified. What there is no revocation data of is empty."""

    note: bytes
    tsq: bytes
    tsr: bytes
    pem: bytes
    crl: bytes = b""
    ocsp: bytes = b""


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies under the stamps' names.

    Attributes:
        whole: stamps with all parts, in order.
        torn: stamps of which a response is there, and another part is missing.
        loose: names that belong to no stamp.
    """

    whole: tuple[Place, ...]
    torn: tuple[Place, ...]
    loose: tuple[str, ...]


def listed(store: Store) -> Listed:
    """What there is, by its names alone."""
    found: dict[Place, set[str]] = defaultdict(set)
    loose: list[str] = []
    for name in store.names(TIMESTAMPS):
        parsed = stamp_of(name)
        if parsed is None:
            loose.append(name)
        else:
            found[Place(*parsed[:3])].add(parsed[3])
    for place, parts in found.items():
        if "tsr" not in parts:
            loose += [place.name(part) for part in sorted(parts)]
    answered = sorted(place for place, parts in found.items() if "tsr" in parts)
    complete = set(STAMP_PARTS)
    return Listed(
        whole=tuple(place for place in answered if found[place] >= complete),
        torn=tuple(place for place in answered if not found[place] >= complete),
        loose=tuple(sorted(loose)),
    )


def read(store: Store, place: Place) -> Stamp:
    """A stamp's parts.

    Raises:
        StoreError: one is missing, larger than any stamp's, or the store does not answer.
    """
    parts = {part: store.read(place.name(part), limit=LARGEST_PART) for part in STAMP_PARTS}
    for part in STAMP_REVOCATION:
        try:
            parts[part] = store.read(place.name(part), limit=LARGEST_REVOCATION)
        except ObjectMissing:
            continue
    return Stamp(**parts)


def keep(store: Store, size: int, authority: str, stamp: Stamp, protection: Protection | None = None) -> Place:
    """Put a verified stamp into the store, under the first number that is free.

    Args:
        store: where to.
        size: how many events the stamped checkpoint counts.
        authority: whose stamp it is.
        stamp: its parts.
        protection: what the store is asked to keep them under.

    Raises:
        LogError: there is no free number.
        StoreError: the store does not take it.
    """
    beside = [stamp_of(name) for name in store.names(f"{TIMESTAMPS}{size:012d}/")]
    taken = {parsed[2] for parsed in beside if parsed is not None and parsed[1] == authority}
    for number in range(1, MOST_STAMPS):
        place = Place(size, authority, number)
        if number in taken:  # whole, torn or broken off: it stays as it is
            continue
        try:
            for part in _ORDER:
                data = getattr(stamp, part)
                if data or part not in STAMP_REVOCATION:
                    name, digest = place.name(part), Digest.of(data)
                    store.put(name, io.BytesIO(data), digest=digest, size=len(data), protection=protection)
        except NameTaken:  # somebody stamps at the same moment
            continue
        return place
    raise LogError(
        f"{authority} has stamped the log at {size} more often than there are numbers", hint="look at the store"
    )
