"""The features of all items on this machine: taken from the store's packs, mapped, and thrown away when in doubt.

The law: the packs in the store are what there is; this only repeats them. Which packs are in is written down
(``archiver.derived.generation``), so what is missing is known, and whatever does not add up is made anew from the packs
by whoever notices, with a note. An item that stands in several packs is taken from the first that came.

Packs are numbered from 0 on without a gap: who publishes one puts it under the least number that is free, which a store
gives to one writer only (``storage.store``, promise 1). So there are no news where the pack after those that are known
is not there: one request, however many packs there are. A listing is needed where nothing is known yet, and where packs
were removed.

::

    cache/features-1-…/
      lock               held for appending and for starting a new generation
      withdrawn          what was withdrawn last when the generation in use was begun
      current            the number of the generation in use; replaced in one step
      <number>/          its files, and what is made of them (``archiver.neighbours.parts``)

A new generation begins empty, and takes the packs in one after another as any other refresh does: killed on the way, it
goes on from there. Who has mapped the old one reads on in it until it looks for news.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

from archiver.derived.current import begin_after, current_number, own_errors, unusable
from archiver.derived.generation import Batch, Damaged, Generation
from archiver.derived.lock import locked
from archiver.derived.pack import LARGEST, Entry, InvalidPack, in_packs, read, write
from archiver.fingerprint.algorithm import FEATURES
from archiver.fingerprint.features import Features
from storage.digest import Digest
from storage.errors import NameTaken, ObjectMissing, TooLarge
from storage.layout import features_prefix, pack_name, pack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from storage.store import Store

_LAYOUT = 2
"""Of the files of a generation and of the packs that they repeat; another one has a folder of its own."""
_MOST_PACKS = 256
"""Packs of the store that are appended at a time, up to the size of a large one."""
_TRIES = 5
_STEPS = 8
"""Numbers that are tried one after another before a listing says which one is free."""


class FeatureCache:
    """The features that are known on this machine; making one touches nothing.

    Every call may raise a StoreError where it needs the store, and SpoolError where this machine's files cannot be
    read or written.

    Args:
        home: of the archive.
        store: opens the store where the packs are; asked once, and only where the store is needed.
        without: items of which nothing is taken in, whatever a pack says of them: they were withdrawn.
        mark: what was withdrawn last; a cache that was filled before it is begun anew. None where nothing was.
    """

    def __init__(
        self, home: Path, store: Callable[[], Store], *, without: Collection[str] = (), mark: int | None = None
    ) -> None:
        self._algorithm = str(FEATURES)
        made = sha256(f"{self._algorithm} {_LAYOUT}".encode()).hexdigest()[:8]
        short = f"{FEATURES.name}-{FEATURES.version}-{made}"
        self.folder = home / "cache" / short
        self._open_store = store
        self._after = 0
        """The number behind the last pack that was published from here."""
        self._number = -1
        self._generation: Generation | None = None
        self._behind = False
        """Whether a generation was begun, and not all packs were taken in since."""
        self.notes: list[str] = []
        """What was ignored or made anew; each is told once."""
        self._without = frozenset(_raw(item) for item in without)
        if mark is not None and self.folder.exists():
            self._forget_before(mark)

    def _forget_before(self, mark: int) -> None:
        """Begin anew where something was withdrawn since this cache was filled. The mark is written last."""
        marked = self.folder / "withdrawn"
        with self._locked(), own_errors(self.folder):
            if marked.exists() and marked.read_bytes() == b"%d\n" % mark:
                return
            begin_after(self.folder, current_number(self.folder))
            self._behind = True
            marked.write_bytes(b"%d\n" % mark)

    @cached_property
    def _store(self) -> Store:
        return self._open_store()

    def __len__(self) -> int:
        """How many items were looked at, those without features among them."""
        return len(self._attached())

    def add(self, items: Sequence[tuple[str, Features | None, bytes]]) -> None:
        """Publish what was found, then take it in.

        Args:
            items: SHA-256 in hexadecimal, features (none: looked at, and nothing found), and the 1,024 bytes of 32 x 32
                grey samples or no bytes. What is known already is left out.

        Raises:
            InvalidPack: no SHA-256, or something is longer than it may be.
        """
        found = {item: (features, samples) for item, features, samples in items}
        entries, points = [], {}
        for item in self.missing(found):
            features, samples = found[item]
            entries.append(Entry(_raw(item), b"" if features is None else features.pack(), samples))
            points[entries[-1].item] = 0 if features is None else len(features.codes)
        for group in in_packs(entries):
            number = self._publish(write(self._algorithm, group))
            self._append([Batch(number, [(entry, points[entry.item]) for entry in group])])
        if self._behind:
            self.refresh()

    def _publish(self, data: bytes) -> int:
        """Put a pack under the least free number, and give that."""
        digest = Digest.of(data)
        number = max(self._after, self._attached(news=True).free)
        for tries in count(1):
            name = pack_name(self._algorithm, number)
            try:
                self._store.put(name, io.BytesIO(data), digest=digest, size=len(data))
            except NameTaken:
                number += 1
                if tries % _STEPS == 0:
                    listed = set(self._listed())
                    number = next(each for each in count(number) if each not in listed)
            else:
                break
        self._after = number + 1
        return number

    def refresh(self, *, whole: bool = False) -> int:
        """Take in the packs of the store that are new here, whoever wrote them; how many rows they brought.

        A pack that is none is ignored, with a note, and not read again.

        Args:
            whole: list all packs, and so find those behind one that was removed.
        """
        before = len(self._attached(news=True))
        for _ in range(_TRIES):
            self._take_in(listed=whole or self._behind or not self._attached().packs)
            if not self._behind:
                return max(0, len(self._attached()) - before)
        raise unusable(self.folder)

    def _take_in(self, *, listed: bool) -> None:
        self._behind = False
        generation = self._attached()
        taken = generation.packs
        batches: list[Batch] = []
        size, ended = 0, -1
        for number in self._listed() if listed else count(generation.free):
            if number in taken:
                continue
            batch, length = self._read(number)
            if batch is None and not listed:
                ended = number
                break
            if batch is None:
                continue  # somebody tidied up
            if batches and (len(batches) == _MOST_PACKS or size + length > LARGEST):
                self._append(batches)
                batches, size = [], 0
            batches.append(batch)
            size += length
        self._append(batches)
        if not listed and ended < max(taken):  # it was removed, and others behind it may not be known
            self._take_in(listed=True)

    def _listed(self) -> Iterator[int]:
        """The numbers of all packs in the store, ascending."""
        for name in self._store.names(features_prefix(self._algorithm)):
            named = pack_of(name)
            if named is None:
                self.note(f"{name} is ignored: no pack has such a name")
            else:
                yield named[1]

    def _read(self, number: int) -> tuple[Batch | None, int]:
        name = pack_name(self._algorithm, number)
        try:
            data = self._store.read(name, limit=LARGEST)
            return Batch(number, [(e, _count(e)) for e in self._allowed(read(self._algorithm, data))]), len(data)
        except ObjectMissing:
            return None, 0
        except (InvalidPack, TooLarge) as error:
            self.note(f"{name} is ignored: {error}")
            return Batch(number, [], refused=True), 0

    def _allowed(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            yield Entry(entry.item, b"", b"") if entry.item in self._without else entry

    def missing(self, items: Iterable[str]) -> list[str]:
        """Which of these items were not looked at yet, as far as is known here.

        Raises:
            InvalidPack: an item is no SHA-256 in hexadecimal.
        """
        asked = list(items)
        rows = self.rows_of([_raw(item) for item in asked])
        return [item for item, row in zip(asked, rows, strict=True) if row < 0]

    def features_of(self, item: str) -> Features | None:
        """The features of an item; none where it was not looked at, or shows none."""
        body = self._body_of(item)
        return Features.unpack(body[0]) if body and body[0] else None

    def samples_of(self, item: str) -> bytes | None:
        """The 1,024 samples of an item, 32 rows of 32; none where they were not kept."""
        body = self._body_of(item)
        return body[1] if body and body[1] else None

    def _body_of(self, item: str) -> tuple[bytes, bytes] | None:
        for _ in range(_TRIES):
            row = int(self.rows_of([_raw(item)])[0])
            if row < 0:
                return None
            try:
                return self._attached().body(row)
            except Damaged as error:
                self.repair(error)
        raise unusable(self.folder)

    def rows_of(self, items: Sequence[bytes]) -> NDArray[np.intp]:
        """The row of each item (32 bytes), or -1."""
        for _ in range(_TRIES):
            generation = self._attached()
            try:
                with own_errors(self.folder):
                    return generation.rows_of(items)
            except Damaged as error:
                self.repair(error)
        raise unusable(self.folder)

    def item_at(self, row: int) -> str:
        """The item of a row.

        Raises:
            Damaged: as ``features_at``.
        """
        return self._attached().item(row).hex()

    def features_at(self, row: int) -> Features | None:
        """The features of a row; none where it has none.

        Raises:
            Damaged: they are not what was written: ``repair``, and begin anew, as row numbers change.
        """
        packed, _ = self._attached().body(row)
        return Features.unpack(packed) if packed else None

    @property
    def generation(self) -> Path:
        """The folder of the generation in use; what is kept of rows by number belongs into it."""
        return self._attached().folder

    def attach(self) -> None:
        """Look for what other processes appended since the last look."""
        self._attached(news=True)

    def repair(self, error: Damaged) -> None:
        """Give the generation up for a new one, and take all packs in again."""
        self._renew(error)
        self.refresh()

    def _append(self, batches: Sequence[Batch]) -> None:
        if not batches:
            return
        with self._locked():
            for _ in range(_TRIES):
                generation = self._attached(news=True, mend=False)
                try:
                    self._append_to(generation, batches)
                except Damaged as error:
                    self._renew(error, hold=False)
                else:
                    return
        raise unusable(self.folder)

    def _append_to(self, generation: Generation, batches: Sequence[Batch]) -> None:
        taken, fresh = generation.packs, []
        seen: set[bytes] = set()
        for batch in batches:
            if batch.pack in taken:
                continue
            rows = generation.rows_of([entry.item for entry, _ in batch.entries])
            new = [pair for pair, row in zip(batch.entries, rows, strict=True) if row < 0]
            new = [pair for pair in new if pair[0].item not in seen]
            seen.update(entry.item for entry, _ in new)
            fresh.append(Batch(batch.pack, new, batch.refused))
        if fresh:
            generation.append(fresh)

    def _attached(self, *, news: bool = False, mend: bool = True) -> Generation:
        """The generation in use, opened; with ``news``, as it is now."""
        if self._generation is not None and not news:
            return self._generation
        for _ in range(_TRIES):
            try:
                with own_errors(self.folder):
                    number = current_number(self.folder)
                    if self._generation is None or number != self._number:
                        self._generation = None
                        self._generation = Generation(self.folder / str(number))
                    else:
                        self._generation.refresh()
                    self._number = number
                    if current_number(self.folder) == number:
                        return self._generation
            except Damaged as error:
                self._renew(error, hold=mend)
        raise unusable(self.folder)

    def _renew(self, error: Damaged, *, hold: bool = True) -> None:
        """Start a new generation, unless another process did already."""
        used = self._number if self._generation is not None else current_number(self.folder)
        self._generation, self._behind = None, True
        if not hold:
            self._begin(used, error)
            return
        with self._locked():
            self._begin(used, error)

    def _begin(self, used: int, error: Damaged) -> None:
        with own_errors(self.folder):
            if current_number(self.folder) != used:
                return
            begin_after(self.folder, used)
        self.note(f"the cache of features was damaged, and is made anew from the store ({error})")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with own_errors(self.folder):
            (self.folder / "0").mkdir(mode=0o700, parents=True, exist_ok=True)
        with own_errors(self.folder), locked(self.folder / "lock"):
            yield

    def note(self, text: str) -> None:
        """Tell something, once."""
        if text not in self.notes:
            self.notes.append(text)


def _raw(item: str) -> bytes:
    try:
        raw = bytes.fromhex(item)
    except ValueError:
        raw = b""
    if len(raw) != 32:  # noqa: PLR2004 - SHA-256
        raise InvalidPack(f"not a SHA-256: {item[:80]!r}")
    return raw


def _count(entry: Entry) -> int:
    """How many points a stranger's features have.

    Raises:
        InvalidPack: they are none.
    """
    if not entry.features:
        return 0
    try:
        return len(Features.unpack(entry.features).codes)
    except ValueError as error:
        raise InvalidPack(f"the features of {entry.item.hex()} cannot be read: {error}") from error
