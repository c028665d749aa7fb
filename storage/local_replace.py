"""How a damaged file in a directory gives way to whole bytes without being lost.

1. The whole bytes are written beside it, hashed on the way and brought to the disk.
2. The damaged file gets its second name, the one that it is kept under, and that is brought to the disk and read: its
   bytes must be those that were found. File systems without hard links get a copy instead.
3. The whole file is renamed over the first name. At no moment does the name stand for nothing.
4. The directory is brought to the disk, and the name read back and hashed.

Killed anywhere, either the damaged file stands under its name, or the whole one does and the damaged one is kept.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.durability import flush
from storage.errors import NameTaken, ObjectCorrupt
from storage.local_incoming import copy_in, linked, publish, temporary
from storage.local_tree import open_regular
from storage.os_errors import own_errors
from storage.source import Source
from storage.store import Check, Put, Stored, changed_meanwhile

if TYPE_CHECKING:
    from storage.digest import Digest
    from storage.local import LocalStore


def replace(store: LocalStore, name: str, body: Source, *, found: Digest, aside: str) -> Stored:
    """Follow the steps above; see ``storage.store.Store.replace``."""
    with own_errors(f"{name} in {store.root}"):
        body.check_size()
        stands, _ = store.measure(name)
        if stands == body.digest:
            return Stored(Put.ALREADY_THERE, Check.READ_BACK)
        if stands != found:
            raise changed_meanwhile(name, found, stands)
        with store.incoming() as incoming, temporary(incoming) as entry:
            copy_in(body, incoming, entry)  # step 1
            keep(store, name, found=found, aside=aside)  # step 2
            with store.within(name) as (directory, last):
                os.replace(entry, last, src_dir_fd=incoming, dst_dir_fd=directory)  # step 3
                flush(directory)  # step 4
        stands, _ = store.measure(name)
    if stands != body.digest:
        raise ObjectCorrupt(name, body.digest, stands)
    return Stored(Put.CREATED, Check.READ_BACK)


def keep(store: LocalStore, name: str, *, found: Digest, aside: str) -> None:
    """Step 2.

    Raises:
        NameTaken: other bytes are kept under that name already.
    """
    with (
        store.within(name) as (directory, last),
        store.within(aside, create=True) as (kept_in, kept_as),
    ):
        try:
            if not linked(last, kept_as, directory, kept_in):
                _copy(store, directory, last, found, (kept_in, kept_as))
        except FileExistsError:
            pass  # a run that was killed came this far; what is kept there is read below
        flush(kept_in)
    kept, _ = store.measure(aside)
    if kept != found:
        raise NameTaken(aside, found, kept)


def _copy(store: LocalStore, directory: int, last: str, found: Digest, to: tuple[int, str]) -> None:
    descriptor = open_regular(directory, last)
    with os.fdopen(descriptor, "rb") as stream, store.incoming() as incoming, temporary(incoming) as entry:
        copy_in(Source(stream, digest=found, size=os.fstat(descriptor).st_size), incoming, entry)
        publish(incoming, entry, *to)
