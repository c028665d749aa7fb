"""Recording facts, and publishing them.

Recording takes these steps, and each may be the last one before the power fails:

1. The published log must not be ahead of the catalogue: where it is, a backup was restored, and writing would fork it.
2. One transaction appends the signed events and their rows; a fact that is recorded already adds nothing. Which key
   signs is read inside of it: whoever rotates the key at the same time comes before or after, and never between. The
   catalogue is not believed for where the log ends, nor for what is left to publish (``archiver.continuation``).
3. What is committed and not published yet, of this command or of one that was killed, goes into the store, oldest
   first, each transaction as one create-only object.
4. Only then is anything acknowledged.

A command killed after step 2 leaves events committed and unpublished; the next one that records publishes them. Where a
store fails step 3, the error says so (``Unpublished``): to repeat the command would record anew what nothing undoes.
"""

from __future__ import annotations

import io
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from archiver import __version__
from archiver.errors import LogError, Unpublished
from archiver.facts.values import instant
from storage.digest import Digest
from storage.errors import LockMissing, LockRefused, NameTaken, StoreError
from storage.layout import batch_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from archiver.catalogue.catalogue import Catalogue
    from archiver.catalogue.mirror import LogHead, Recorded, SealedBatch
    from archiver.catalogue.questions import Questions
    from archiver.clock import Clock
    from archiver.custody.keyring import Keyring
    from archiver.custody.keys import SigningKey
    from archiver.facts.fact import Fact
    from archiver.settings import Settings
    from storage.protection import Protection
    from storage.store import Store

TOOL = f"archiver {__version__}"


class Writable(Protocol):
    """What of an archive is needed to write to it."""

    home: Path
    actor: str
    clock: Clock
    settings: Settings
    notes: list[str]

    @property
    def store(self) -> Store: ...  # noqa: D102 - as the archive has them
    @property
    def kept(self) -> Protection | None: ...  # noqa: D102
    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102
    @property
    def keys(self) -> Keyring: ...  # noqa: D102
    @property
    def key(self) -> SigningKey: ...  # noqa: D102
    def keys_known(self, questions: Questions) -> Keyring: ...  # noqa: D102
    def key_of(self, ring: Keyring) -> SigningKey: ...  # noqa: D102
    def kept_from_now(self) -> Protection | None: ...  # noqa: D102
    def refuse_unless_current(self) -> None: ...  # noqa: D102


class Writing:
    """Writes to one archive; see the module.

    Args:
        archive: which.
    """

    def __init__(self, archive: Writable) -> None:
        self._archive = archive
        self._checked = False
        self._sealed: dict[int, tuple[str, ...]] = {}

    def record(self, build: Callable[[Questions], Sequence[Fact]], *, afterwards: str = "") -> Recorded:
        """Record what ``build`` makes of the state of the catalogue; see the steps above.

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
        from archiver.catalogue.withdrawals import refuse_withdrawn  # noqa: PLC0415 - opens lazily
        from archiver.continuation import believed_head  # noqa: PLC0415 - only where something is written

        self.ready()  # step 1
        with self._archive.catalogue.writing() as transaction:  # step 2
            ring = self._archive.keys_known(transaction.questions)
            believed_head(ring, *transaction.end())
            key = self._archive.key_of(ring)
            facts = build(transaction.questions)
            refuse_withdrawn(transaction.questions, facts)
            recorded = transaction.append(facts, partial(self._seal, key))
        try:
            self.publish()  # step 3
        except Unpublished as error:
            raise self._unpublished("This is recorded", error.why, afterwards, recorded.numbers) from error
        return recorded  # step 4

    def publish(self) -> int:
        """Put what is committed and not published yet into the store; how many transactions that was.

        Raises:
            Unpublished: the store does not take it.
        """
        try:
            return self._publish()
        except StoreError as error:
            raise self._unpublished("What was recorded before is in force", error) from error

    def _publish(self) -> int:
        from archiver.continuation import publishable  # noqa: PLC0415 - only where something is written
        from archiver.logbook import rendered  # noqa: PLC0415 - as above

        waiting = self._archive.catalogue.pending()
        for pending in waiting:
            if self._sealed.get(pending.first) == (*pending.records, pending.checkpoint):
                data = rendered(pending, checked=True)
            else:
                at = self._archive.catalogue.frontier_at(pending.first)
                data = publishable(self._archive.keys, at, pending)
            name, digest = batch_name(pending.first), Digest.of(data)
            try:
                kept = self._archive.kept_from_now()
                self._archive.store.put(name, io.BytesIO(data), digest=digest, size=len(data), protection=kept)
            except NameTaken as error:
                if not self._published_with_bodies(name, data):
                    raise self._forked(error) from error
            self._archive.catalogue.published([pending.first])
            self._sealed.pop(pending.first, None)
        return len(waiting)

    def _unpublished(
        self, what: str, error: StoreError, afterwards: str = "", numbers: Mapping[str, int] = MappingProxyType({})
    ) -> Unpublished:
        where, how = "the store", "`archiver audit` or whatever records next"
        if self._archive.settings.stores:
            where, how = "every store", "`archiver sync`"
        told = f"{what}, and not yet in {where}: when the store is there again, {how} puts it there."
        return Unpublished(error, f"{told} {afterwards}".strip(), numbers)

    def _published_with_bodies(self, name: str, data: bytes) -> bool:
        """Whether the store holds this very transaction with bodies that were withdrawn since it was on its way.

        ``archiver.erasing`` has them give way.
        """
        from archiver.custody.batch import alike  # noqa: PLC0415 - hardly ever needed
        from archiver.logbook import LARGEST_BATCH  # noqa: PLC0415 - as above

        return alike(self._archive.store.read(name, limit=LARGEST_BATCH), data)

    @staticmethod
    def _forked(error: NameTaken) -> LogError:
        return LogError(
            f"another log grows in the store: {error}",
            hint="two catalogues write to one store, or a backup was restored: run `archiver rebuild`, "
            "then repeat the command",
        )

    def ready(self) -> None:
        """Refuse before anything is done what ``record`` would refuse.

        Raises:
            UsageError: this machine does not have the key that signs.
            RebuildNeeded: the published log is ahead of the catalogue, or the store has lost its end.
            LockMissing: the settings ask for a retention, and the store has none.
        """
        if not self._checked:
            self._archive.refuse_unless_current()  # first, or an old catalogue would tell of an old key
            _ = self._archive.key
            if self._archive.kept is not None:
                self._keep_nameplate(self._archive.kept)
            self._checked = True

    def _keep_nameplate(self, kept: Protection) -> None:
        """Put the nameplate under the retention that the settings ask for, which finds out, too, whether there is any.

        It was written before anybody could ask for one, and outlasts everything that is written later.
        """
        from storage.layout import FORMAT  # noqa: PLC0415 - as above

        try:
            self._archive.store.protect(FORMAT, kept)
        except LockRefused as error:  # a bucket's default put it under governance, which no later wish makes firmer
            self._archive.notes.append(f"{FORMAT} is not kept as archive.toml asks: {error}")
        except LockMissing as error:
            raise LockMissing(
                f"archive.toml asks for a retention, and {error}",
                hint="nothing was recorded; take [retention] out of archive.toml, or use a bucket with Object Lock "
                "(docs: operations)",
            ) from error

    def _seal(self, key: SigningKey, head: LogHead, facts: Sequence[Fact], last: Mapping[str, str]) -> SealedBatch:
        from archiver.custody.event import Draft  # noqa: PLC0415 - only where something is written
        from archiver.custody.log import append  # noqa: PLC0415 - as above
        from archiver.custody.merkle import Frontier  # noqa: PLC0415 - as above
        from archiver.keyfiles import successor  # noqa: PLC0415 - as above
        from archiver.logbook import sealed  # noqa: PLC0415 - as above

        appended = append(
            Frontier.parse(head.frontier) if head.frontier else Frontier(),
            [Draft(fact.kind_of_fact, fact.subject(), fact.body()) for fact in facts],
            origin=self._archive.settings.origin,
            time=instant(self._archive.clock.now()),
            actor=self._archive.actor,
            tool=TOOL,
            key=key,
            last_of_subject=last,
            successor=successor(self._archive.home, facts, first=self._archive.settings.key),
        )
        made = sealed(appended.batch, appended.head, appended.leaves)
        self._sealed[head.size] = (*(event.record for event in made.events), made.checkpoint)
        return made
