"""``archiver init``: make an archive, or join one that a store already holds.

0. The database must answer; nothing is made before it does.
1. The store is made where that is asked for or costs nothing, and probed; a public one is refused.
2. The signing key is made, where the store is new; a killed run left one, and it is used.
3. ``format.json`` goes into the store, create-only: from here on this store is this archive's.
4. ``archive.toml`` is written last: an archive exists when it is there.
5. The catalogue's tables are made, or made anew from the log that the store holds.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.archive import Archive
from archiver.catalogue.catalogue import Catalogue
from archiver.catalogue.engine import answer
from archiver.custody.keys import SigningKey
from archiver.errors import InputRefused, LogError, UsageError
from archiver.facts.values import instant
from archiver.keyfiles import FIRST, key_file
from archiver.nameplate import Nameplate, prepared
from archiver.settings import DEFAULT_CATALOGUE, DEFAULT_STORE, SETTINGS, Settings, refuse_password
from storage.layout import EVENTS, OBJECTS
from storage.url import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.clock import Clock
    from storage.guarantees import Guarantees
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made or joined.

    Attributes:
        home: its directory.
        store: its store's URL.
        catalogue: its catalogue's URL.
        origin: its log's name.
        key: the fingerprint of its log's first key, which ``archive.toml`` pins.
        key_file: where the private half of the key belongs that signs the log now.
        guarantees: what the store was seen to do.
        joined: whether the store held the archive already.
        writable: whether this machine has the key.
    """

    home: Path
    store: str
    catalogue: str
    origin: str
    key: str
    key_file: str
    guarantees: Guarantees
    joined: bool
    writable: bool


def init(
    home: Path,
    *,
    store: str = DEFAULT_STORE,
    catalogue: str = DEFAULT_CATALOGUE,
    create_bucket: bool = False,
    clock: Clock,
) -> Made:
    """Make an archive in ``home``, or join the one that the store holds.

    Raises:
        UsageError: there is an archive already, or a URL is malformed or holds a password.
        InputRefused: the store holds something else.
        GuaranteeMissing: the store can be read by everybody.
        StoreError: the store does not answer.
    """
    if (home / SETTINGS).exists():
        raise UsageError(f"{home} is an archive already", hint="`archiver status` shows what it holds")
    refuse_password(catalogue)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    answer(catalogue, home=home)  # step 0
    place = open_store(store, base=home)
    guarantees = prepared(place, create=create_bucket or store.startswith("file:"))  # step 1
    nameplate, joined = _nameplate(home, place, guarantees, clock)
    settings = Settings(origin=nameplate.origin, key=nameplate.key.fingerprint, store=store, catalogue=catalogue)
    with closing(Catalogue(catalogue, origin=nameplate.origin, home=home)) as database:
        database.refuse_another_archive()
    settings.save(home)  # step 4
    archive = Archive(home, actor="init", clock=clock)
    try:
        if joined:  # step 5
            from archiver.refill import refill  # noqa: PLC0415 - only where an archive is joined

            refill(archive)
        else:
            archive.catalogue.ensure()
        signing = key_file(home, archive.keys.signing.fingerprint, first=settings.key)
    finally:
        archive.close()
    return Made(
        home=home,
        store=place.url,
        catalogue=catalogue,
        origin=nameplate.origin,
        key=nameplate.key.fingerprint,
        guarantees=guarantees,
        joined=joined,
        key_file=str(signing.relative_to(home)),
        writable=signing.exists(),
    )


def _nameplate(home: Path, place: Store, guarantees: Guarantees, clock: Clock) -> tuple[Nameplate, bool]:
    found = Nameplate.read(place)
    first = home / FIRST
    mine = SigningKey.load(first) if first.exists() else None  # step 2: of a killed run, or copied here
    if found is not None:
        if mine is not None and mine.public.fingerprint != found.key.fingerprint:
            raise LogError(
                f"{first} is not the first key of the archive in {place.url}",
                hint="choose an empty directory, or copy the right key there first",
            )
        return found, True
    for prefix in (OBJECTS, EVENTS):
        if next(iter(place.names(prefix)), None) is not None:
            raise InputRefused(
                f"the store {place.url} holds an archive's objects, and no format.json",
                hint="restore format.json from another copy of this store, or choose an empty place",
            )
    if mine is None:
        mine = SigningKey.generate()
        mine.save(first)
    nameplate = Nameplate(
        origin=f"archiver-{secrets.token_hex(8)}",
        key=mine.public,
        created=instant(clock.now()),
        guarantees=guarantees,
    )
    nameplate.write(place, mine)  # step 3
    return nameplate, False
