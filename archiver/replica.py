"""One of the stores that each hold the whole archive: objects, log, time stamps and a nameplate of its own.

1. Nothing is touched before it is asked for, so that a store that is down stops only what needs it.
2. What a store guarantees stands on its own nameplate: one server's promises say nothing about another's.
3. The nameplate must be of this archive: the log's name, and the key that is pinned in ``archive.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import LogError
from archiver.nameplate import Nameplate
from storage.errors import PlaceForeign
from storage.url import FileUrl, S3Url, open_store, parse_store_url

if TYPE_CHECKING:
    from storage.store import SingleStore, Store


class Replica:
    """A store of the archive, opened lazily; see the rules above.

    Args:
        name: its short name; the first store is ``main``.
        address: its URL as the settings have it.
        home: what a relative path is relative to.
        origin: the log's name.
        key: the fingerprint of the key that signs the log.
        required: whether nothing is acknowledged before it holds the bytes.
    """

    def __init__(self, name: str, address: str, *, home: Path, origin: str, key: str, required: bool) -> None:
        self.name = name
        self.address = address
        self.required = required
        self._home = home
        self._origin = origin
        self._key = key

    @cached_property
    def plain(self) -> SingleStore:
        """The store, nothing of it known yet: for looking at names."""
        return open_store(self.address, base=self._home)

    @property
    def url(self) -> str:
        """Where it is, in full; never holds a credential."""
        return self.plain.url

    @cached_property
    def nameplate(self) -> Nameplate:
        """What the store says of itself.

        Raises:
            LogError: it says nothing, or is of another archive.
            StoreError: it does not answer.
        """
        found = Nameplate.read(self.plain)
        if found is None:
            raise LogError(
                f"the store {self.url} holds no archive: its format.json is missing",
                hint="check that archive.toml names the right store; restore format.json from another copy",
            )
        if found.origin != self._origin or found.key.fingerprint != self._key:
            raise LogError(
                f"the store {self.url} is of another archive ({found.origin}, key {found.key.fingerprint[:16]}…)",
                hint="check that archive.toml names the right store; if it does, its format.json was exchanged",
            )
        return found

    @cached_property
    def store(self) -> SingleStore:
        """The store, with the guarantees that its own nameplate records.

        Raises:
            LogError, StoreError: as ``nameplate``.
        """
        return open_store(self.address, base=self._home, guarantees=self.nameplate.guarantees)


@dataclass(frozen=True)
class Seat:
    """A replica as one of several stores (``storage.members``): a wrong nameplate is the store's error there."""

    replica: Replica

    @property
    def name(self) -> str:
        """Its short name."""
        return self.replica.name

    @property
    def required(self) -> bool:
        """Whether nothing is acknowledged without it."""
        return self.replica.required

    @property
    def url(self) -> str:
        """Where it is."""
        return self.replica.url

    @property
    def plain(self) -> Store:
        """The store, nothing of it known yet."""
        return self.replica.plain

    @property
    def store(self) -> Store:
        """The store, with its guarantees.

        Raises:
            PlaceForeign: it is no store of this archive.
            StoreError: it does not answer.
        """
        try:
            return self.replica.store
        except LogError as error:
            hint = f"`archiver store add {self.name} {self.replica.address}` makes it anew; then `archiver sync`"
            raise PlaceForeign(str(error), hint=f"{error.hint}; where all of it was lost, {hint}") from error


def overlap(one: Store, other: Store) -> bool:
    """Whether two stores are one place, or one lies in the other, as far as their URLs and directories tell."""
    first, second = parse_store_url(one.url), parse_store_url(other.url)
    match first, second:
        case FileUrl(), FileUrl():
            here, there = Path(first.path).resolve(), Path(second.path).resolve()
            return here.is_relative_to(there) or there.is_relative_to(here)
        case S3Url(), S3Url():
            if (first.endpoint.rstrip("/"), first.bucket) != (second.endpoint.rstrip("/"), second.bucket):
                return False
            begins = [f"{each.prefix}/" if each.prefix else "" for each in (first, second)]
            return begins[0].startswith(begins[1]) or begins[1].startswith(begins[0])
        case _:
            return False
