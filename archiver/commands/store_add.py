"""``archiver store add``: another place that holds the whole archive, from now on.

1. The place is made where that is asked for or costs nothing, and probed; a public one is refused, and so is one that
   is, or lies in, a place that the archive has already: that would be one copy, told as two.
2. It gets a nameplate of its own, signed: the same archive, and what this place was seen to guarantee. One that holds
   another archive is refused.
3. ``archive.toml`` names it: from here on every upload puts into it, too.
4. That it was promised is recorded.

The same command again finishes what was left, and makes the place of a store that was lost anew. What the archive held
before comes into it by `archiver sync`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody.keys import SigningKey
from archiver.errors import InputRefused, LogError, UsageError
from archiver.facts.keeping import StoreChange
from archiver.keyfiles import FIRST
from archiver.nameplate import Nameplate, prepared
from archiver.replica import overlap
from archiver.settings import MAIN, STORE_NAMES, StoreSettings, is_store_name
from storage.layout import EVENTS, OBJECTS
from storage.url import open_store

if TYPE_CHECKING:
    from archiver.archive import Archive
    from storage.guarantees import Guarantees
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Added:
    """A store that was added.

    Attributes:
        name: its short name.
        url: where it is.
        required: whether nothing is acknowledged before it holds the bytes.
        guarantees: what it was seen to do.
        joined: whether it held this archive's nameplate already.
    """

    name: str
    url: str
    required: bool
    guarantees: Guarantees
    joined: bool


def store_add(archive: Archive, name: str, url: str, *, required: bool = True, create_bucket: bool = False) -> Added:
    """Add a store.

    Args:
        archive: the archive.
        name: by which it is to be known.
        url: where it is.
        required: whether nothing is acknowledged before it holds the bytes.
        create_bucket: make the bucket where there is none.

    Raises:
        UsageError: the name or the place is taken, or no name or no URL; or this machine has no key.
        InputRefused: the place holds something else.
        GuaranteeMissing: everybody can read it.
        StoreError: it does not answer, or a store that is required does not.
    """
    known = _known(archive, name, url, required=required)
    _ = archive.key
    place = open_store(url, base=archive.home)
    _refuse_a_second_name(archive, name, place)
    guarantees = prepared(place, create=create_bucket or url.startswith("file:"))  # step 1
    joined = _is_ours(archive, place)
    if not joined:  # step 2
        key = _first_key(archive)
        Nameplate(archive.settings.origin, key.public, archive.nameplate.created, guarantees).write(place, key)
    if name != MAIN:
        if known is None:  # step 3
            archive.take_up((*archive.settings.stores, StoreSettings(name, url, required)))
        stated = StoreChange(name=name, url=place.url, required=required)
        archive.record(lambda _: [stated])  # step 4
    return Added(name, place.url, required, guarantees, joined)


def _known(archive: Archive, name: str, url: str, *, required: bool) -> StoreSettings | None:
    if name != MAIN and not is_store_name(name):
        raise UsageError(f"{name!r} is no name for a store", hint=STORE_NAMES)
    known = next((copy for copy in archive.copies if copy.name == name), None)
    if known is None:
        return None
    if (known.address, known.required) != (url, required):
        raise UsageError(
            f"there is a store {name} already: {known.address}, {'' if known.required else 'not '}required",
            hint=f"choose another name, or `archiver store remove {name}` first"
            if name != MAIN
            else "the main store is named in archive.toml",
        )
    return StoreSettings(known.name, known.address, known.required)


def _refuse_a_second_name(archive: Archive, name: str, place: Store) -> None:
    for copy in archive.copies:
        if copy.name != name and overlap(copy.plain, place):
            raise UsageError(
                f"{place.url} and the store {copy.name} ({copy.url}) are one place, or one lies in the other",
                hint="a second copy belongs on another disk, or with another provider",
            )


def _first_key(archive: Archive) -> SigningKey:
    """The private half of the log's first key, which signs nameplates whichever key signs the log."""
    path = archive.home / FIRST
    if not path.exists():
        raise UsageError(
            f"the store's format.json is signed with the log's first key, and {path} is missing",
            hint="give the command on a machine that has it, then here: it finds the archive in the store",
        )
    key = SigningKey.load(path)
    if key.public.fingerprint != archive.settings.key:
        raise LogError(f"{path} is not the first key of this archive", hint="restore the right key")
    return key


def _is_ours(archive: Archive, place: Store) -> bool:
    found = Nameplate.read(place)
    if found is not None:
        if (found.origin, found.key.fingerprint) != (archive.settings.origin, archive.settings.key):
            raise InputRefused(
                f"the store {place.url} holds another archive ({found.origin}, key {found.key.fingerprint[:16]}…)",
                hint="choose an empty place",
            )
        return True
    for prefix in (OBJECTS, EVENTS):
        if next(iter(place.names(prefix)), None) is not None:
            raise InputRefused(
                f"the store {place.url} holds an archive's objects, and no format.json",
                hint="restore format.json from another copy of that store, or choose an empty place",
            )
    return False
