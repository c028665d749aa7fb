"""``archiver status``: what the archive holds, where it lies, and what is guaranteed, as it was seen just now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.stores import promised_stores, recorded_copies
from archiver.errors import UsageError
from archiver.facts.values import instant
from archiver.holdings import Holding, holdings
from archiver.inspection.credential_reader import reader
from archiver.inspection.trial import held
from archiver.inspectors import bounds, trusted
from archiver.keyfiles import holds_signing_key
from archiver.stamps import Coverage, coverage, newest_stamps
from archiver.strays import Strays
from storage.errors import StoreError
from storage.url import open_store

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.inspection.trial import Held
    from storage.guarantees import Guarantees


@dataclass(frozen=True, slots=True)
class CredentialReading:
    """How content credentials are read on this machine.

    Attributes:
        reader: the library with its version; none where it is not installed.
        trust_list: the file that the settings name; none where nobody is asked.
        sha256: of its bytes.
        trouble: why it cannot be used.
    """

    reader: str | None
    trust_list: str | None = None
    sha256: str | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Unprobed:
    """Why a store could not be probed: ``error``, and what to do about it."""

    error: str
    hint: str


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
        retention: what the settings ask of the store for all that is written once, today.
        stamped: how far each authority that the settings name has stamped the log.
        guarantees: what the store was seen to do just now; none where it could not be probed.
        unprobed: why it could not.
        promised: what it was seen to do when the archive was made.
        stores: where there are several, how much of the log and its time stamps each holds.
        copies: of how many items a copy in each store is recorded, by its URL.
        credentials: what content credentials are read with, and whom they are asked about.
        unnamed: stores that the log says hold the archive, and that this machine's settings do not name.
        inspection: which limits were seen to hold just now for the process that reads a hostile file.
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
    retention: dict[str, str] | None
    stamped: list[Coverage]
    guarantees: Guarantees | None
    unprobed: Unprobed | None
    promised: Guarantees
    stores: list[Holding]
    copies: dict[str, int]
    unnamed: list[str]
    inspection: tuple[Held, ...]
    credentials: CredentialReading


def _retention(archive: Archive) -> dict[str, str] | None:
    if archive.kept is None or archive.kept.retention is None:
        return None
    kept = archive.kept.retention
    return {"mode": str(kept.mode), "until": instant(kept.until)}


def status(archive: Archive) -> Status:
    """Count, and probe the store and the inspection's limits anew; a store that lets nothing be written is told.

    Raises:
        StoreError: the only store cannot be read either.
        CatalogueError: the catalogue does not answer.
    """
    guarantees, unprobed = _probed(archive)
    settings, events, keys = archive.settings, archive.catalogue.head().size, archive.keys
    several = len(archive.copies) > 1
    strays = Strays(archive)
    stores = holdings(archive.copies, strays, ("transactions", "stamps")) if several else []  # originals: `store list`
    archive.notes += strays.told()
    with archive.catalogue.asking() as questions:
        copies = recorded_copies(questions) if several else {}
        known = {copy.name for copy in archive.copies}
        unnamed = [f"{each.name} ({each.url})" for each in promised_stores(questions) if each.name not in known]
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
        retention=_retention(archive),
        stamped=coverage(archive, newest_stamps(archive), events),
        guarantees=guarantees,
        unprobed=unprobed,
        promised=archive.nameplate.guarantees,
        stores=stores,
        copies=copies,
        unnamed=unnamed,
        inspection=held(bounds(settings.limits)),
        credentials=_credentials(archive),
    )


def _credentials(archive: Archive) -> CredentialReading:
    named = archive.settings.credentials.trust_list or None
    try:
        trust = trusted(archive)
    except UsageError as error:
        return CredentialReading(reader(), named, trouble=str(error))
    return CredentialReading(reader(), named, sha256=trust.sha256 if trust else None)


def _probed(archive: Archive) -> tuple[Guarantees | None, Unprobed | None]:
    try:
        return open_store(archive.settings.store, base=archive.home).probe(), None
    except StoreError as error:
        return None, Unprobed(str(error), error.hint)
