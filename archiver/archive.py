"""An archive: the one place where store, catalogue, log, key, clock and actor come together; all opens lazily."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from archiver.edge import Edge
from archiver.errors import InputRefused, withdrawn
from archiver.facts.values import instant
from archiver.horizon import at_horizon
from archiver.settings import Settings
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from archiver.catalogue.catalogue import Catalogue
    from archiver.catalogue.mirror import Recorded
    from archiver.catalogue.questions import Questions
    from archiver.clock import Clock
    from archiver.custody.keyring import Keyring
    from archiver.custody.keys import SigningKey
    from archiver.derived.cache import FeatureCache
    from archiver.facts.fact import Fact
    from archiver.horizon import Horizon
    from archiver.nameplate import Nameplate
    from archiver.replica import Replica
    from archiver.settings import StoreSettings
    from archiver.stores import Stores
    from archiver.writing import Writing
    from storage.protection import Protection
    from storage.store import Store

SHORTEST_PREFIX = 4


class Archive:
    """One archive, by its home directory.

    Args:
        home: the directory that holds ``archive.toml``.
        actor: who runs the command; named in every event.
        clock: where the time comes from; asked once.

    Raises:
        UsageError: there is no archive there.
    """

    def __init__(self, home: Path, *, actor: str, clock: Clock) -> None:
        self.home = home
        self.actor = actor
        self.clock = clock
        self.settings = Settings.load(home)
        self.notes: list[str] = []
        """What the user should know and is no error; told at the end of the command."""
        self.horizon: Horizon | None = None
        """The place of the log that was asked about last, where it was not its end."""
        self._ring: tuple[tuple[str, ...], Keyring] | None = None
        self._keys: dict[str, SigningKey] = {}

    @cached_property
    def now(self) -> str:
        """The moment of this command (``Instant``), taken once; an event bears the moment of its own transaction."""
        return instant(self.clock.now())

    @cached_property
    def stores(self) -> Stores:
        """The stores that each hold the whole archive, and all of them as one."""
        from archiver.stores import Stores  # noqa: PLC0415 - opens lazily

        return Stores(self.home, self.settings, self.notes)

    @property
    def copies(self) -> tuple[Replica, ...]:
        """The stores one by one, the main one first."""
        return self.stores.copies

    @property
    def store(self) -> Store:
        """Where the bytes are: one store with the guarantees that it was seen to give, or several as one."""
        return self.stores.store

    @cached_property
    def kept(self) -> Protection | None:
        """What the settings ask of the store for all that is written once, by the day on which the command began."""
        return self.kept_from_now()

    def kept_from_now(self) -> Protection | None:
        """The same by the day that it is now: for the log and its time stamps, which may come days later."""
        if self.settings.retention is None:
            return None
        from storage.protection import Protection  # noqa: PLC0415 - only where it is asked for

        return Protection(self.settings.retention.retention(self.clock.now()))

    @property
    def nameplate(self) -> Nameplate:
        """What the store says of itself, and that it is the store of this archive; of several, the first that tells."""
        return self.stores.nameplate

    def only(self, name: str) -> Replica:
        """Let nothing but this store be asked from here on; the store.

        Raises:
            UsageError: the archive has no store of this name.
        """
        return self.stores.only(name)

    def take_up(self, stores: tuple[StoreSettings, ...]) -> None:
        """Write down other stores beside the main one, and go on with them."""
        self.stores.close()
        self.settings = replace(self.settings, stores=stores)
        self.settings.save(self.home)
        del self.stores

    @cached_property
    def catalogue(self) -> Catalogue:
        """The projection that answers questions."""
        from archiver.catalogue.catalogue import Catalogue  # noqa: PLC0415 - opens lazily

        return Catalogue(self.settings.catalogue, origin=self.settings.origin, home=self.home)

    @cached_property
    def features(self) -> FeatureCache:
        """The local features of what is held, as far as they were made."""
        from archiver.catalogue.withdrawals import last_withdrawal, tombstones  # noqa: PLC0415 - opens lazily
        from archiver.derived.cache import FeatureCache  # noqa: PLC0415 - as above

        with self.catalogue.asking() as questions:
            newest, gone = last_withdrawal(questions), frozenset(each.item for each in tombstones(questions))
        return FeatureCache(self.home, lambda: self.store, without=gone, mark=newest)

    @property
    def keys(self) -> Keyring:
        """The log's keys, as the catalogue's signed events tell them, from the pinned one on.

        Raises:
            LogError: one of these events does not verify.
            CatalogueError: the catalogue does not answer.
        """
        with self.catalogue.asking() as questions:
            return self.keys_known(questions)

    def keys_known(self, questions: Questions) -> Keyring:
        """The same, as one transaction sees them."""
        from archiver.keyrings import key_events, keyring  # noqa: PLC0415 - opens lazily

        records = key_events(questions)
        if self._ring is None or self._ring[0] != records:
            self._ring = records, keyring(self.settings.origin, self.nameplate.key, records)
        return self._ring[1]

    @property
    def key(self) -> SigningKey:
        """The key that signs the log now.

        Raises:
            UsageError: this machine does not have it: it can read and check, and not write.
            LogError: what the catalogue tells of the keys does not verify.
            CatalogueError: the catalogue does not answer.
        """
        return self.key_of(self.keys)

    def key_of(self, ring: Keyring) -> SigningKey:
        """The private half of the key that signs at the end of the log that told these keys; each file is read once."""
        from archiver.keyfiles import signing_key  # noqa: PLC0415 - opens lazily

        wanted = ring.signing.fingerprint
        if wanted not in self._keys:
            self._keys[wanted] = signing_key(self.home, ring)
        return self._keys[wanted]

    def record(self, build: Callable[[Questions], Sequence[Fact]], *, afterwards: str = "") -> Recorded:
        """Record what ``build`` makes of the state of the catalogue; see ``archiver.writing``.

        ``build`` runs inside the transaction, so what it reads is what the facts are appended to.

        Args:
            build: makes the facts.
            afterwards: what is left to be done once that is in every store, where something is: a sentence.

        Raises:
            RebuildNeeded: the published log is ahead of the catalogue.
            LogError: another log grows in this store.
            CatalogueError: the catalogue does not answer; nothing was recorded.
            ItemWithdrawn: a fact would describe what was withdrawn; nothing was recorded.
            StoreError: the store does not answer; nothing was recorded.
            Unpublished: it is recorded, and not yet in every store.
        """
        return self._writing.record(build, afterwards=afterwards)

    def publish(self) -> int:
        """Put what is committed and not published yet into the store; how many transactions that was.

        Raises:
            Unpublished: the store does not take it.
        """
        return self._writing.publish()

    def ready_to_write(self) -> None:
        """Refuse before anything is done what ``record`` would refuse.

        Raises:
            UsageError: this machine does not have the key that signs.
            RebuildNeeded: the published log is ahead of the catalogue, or the store has lost its end.
            LockMissing: the settings ask for a retention, and the store has none.
        """
        self._writing.ready()

    @cached_property
    def _writing(self) -> Writing:
        from archiver.writing import Writing  # noqa: PLC0415 - opens lazily

        return Writing(self)

    @cached_property
    def _edge(self) -> Edge:
        return Edge(self)

    def refuse_unless_current(self) -> None:
        """Refuse where the catalogue and the published log do not end together.

        Raises:
            RebuildNeeded: the published log is ahead of the catalogue, or the store has lost its end.
            StoreError: the store does not answer.
        """
        self._edge.refuse_when_behind()
        self._edge.refuse_a_lost_end()

    @contextmanager
    def asking(self, as_of: str | None = None) -> Iterator[Questions]:
        """Questions to a catalogue that is as new as the published log; where the store cannot say, that is noted.

        Args:
            as_of: ask what was known then: a time (EDTF, UTC unless it says otherwise, a day meaning its end) or the
                number of an event (``event:123``, ``#123``); now by default.

        Raises:
            UsageError: that is no time and no number, or lies ahead.
            RebuildNeeded: the catalogue is older than the log, so *not held* would be a lie.
            CatalogueError: the catalogue does not answer.
        """
        try:
            self._edge.refuse_when_behind()
        except StoreError as error:
            self.notes.append(f"whether the catalogue is as new as the published log cannot be told: {error}")
        with self.catalogue.asking() as questions:
            if as_of is None:
                yield questions
            else:
                then, self.horizon = at_horizon(questions, as_of, now=self.now)
                yield then

    def resolve(self, text: str, as_of: str | None = None) -> str:
        """The item of this SHA-256 or of this unique prefix of one, among those held then (``asking``).

        Raises:
            InputRefused: no item, or several, begin so.
            ItemWithdrawn: the one that did was withdrawn.
        """
        from archiver.catalogue.withdrawals import tombstones  # noqa: PLC0415 - opens lazily

        prefix = text.strip().lower().removeprefix("sha256:").removesuffix("…")
        if len(prefix) < SHORTEST_PREFIX or not set(prefix) <= set("0123456789abcdef"):
            raise InputRefused(
                f"{text!r} is no item", hint=f"give at least {SHORTEST_PREFIX} hexadecimal digits of its SHA-256"
            )
        with self.asking(as_of) as questions:
            found = questions.starting_with(prefix)
            gone = [] if found else tombstones(questions, prefix)
        if len(gone) == 1:
            raise withdrawn(gone[0].item, gone[0].told())
        if not found:
            then = f" among those held as of {as_of}" if as_of else ""
            raise InputRefused(f"no item begins with {prefix}{then}", hint="`archiver list` shows what is held")
        if len(found) > 1:
            raise InputRefused(f"several items begin with {prefix}", hint="give more digits: " + ", ".join(found))
        return found[0]

    def own_folders(self) -> list[Path]:
        """The folders of this machine that are the archive itself."""
        urls = [copy.address for copy in self.copies]
        return [self.home, *(self.home / url.removeprefix("file:") for url in urls if url.startswith("file:"))]

    def close(self) -> None:
        """Let go of the catalogue, and tell what the caches had to say."""
        if "features" in self.__dict__:
            self.notes += [note for note in self.features.notes if note not in self.notes]
        if "stores" in self.__dict__:
            self.stores.close()
        if "catalogue" in self.__dict__:
            self.catalogue.close()
