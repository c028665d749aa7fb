"""``archiver status``: what the archive holds, where it lies, and what its store was seen to do just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.keyfiles import holds_signing_key
from archiver.stamps import Coverage, coverage, newest_stamps
from storage.url import open_store

if TYPE_CHECKING:
    from archiver.archive import Archive
    from storage.guarantees import Guarantees


@dataclass(frozen=True, slots=True)
class Status:
    """What there is.

    Attributes:
        home: the archive's directory.
        store: its store's URL.
        catalogue: its catalogue's URL.
        origin: its log's name.
        key: the fingerprint of the key that signs its log now.
        first_key: the fingerprint of its first key, which ``archive.toml`` pins; the same, unless it was rotated.
        writable: whether this machine has the key.
        counts: items, bytes, and facts of each kind.
        events: how many events the log has.
        unpublished: how many transactions are committed and not published yet.
        stamped: how far each authority that the settings name has stamped the log.
        guarantees: what the store was seen to do just now.
        promised: what it was seen to do when the archive was made.
    """

    home: str
    store: str
    catalogue: str
    origin: str
    key: str
    first_key: str
    writable: bool
    counts: dict[str, int]
    events: int
    unpublished: int
    stamped: list[Coverage]
    guarantees: Guarantees
    promised: Guarantees


def status(archive: Archive) -> Status:
    """Count, and probe the store anew.

    Raises:
        StoreError: the store does not answer.
        CatalogueError: the catalogue does not answer.
    """
    settings, events, keys = archive.settings, archive.catalogue.head().size, archive.keys
    return Status(
        home=str(archive.home),
        store=archive.store.url,
        catalogue=settings.catalogue,
        origin=settings.origin,
        key=keys.signing.fingerprint,
        first_key=settings.key,
        writable=holds_signing_key(archive.home, keys),
        counts=archive.catalogue.counts(),
        events=events,
        unpublished=len(archive.catalogue.pending()),
        stamped=coverage(archive, newest_stamps(archive), events),
        guarantees=open_store(settings.store, base=archive.home).probe(),
        promised=archive.nameplate.guarantees,
    )
