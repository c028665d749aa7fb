"""How an object in a directory is taken away, and how bytes give way to others without being kept.

1. *Erased*: the entry is unlinked and the directory brought to the disk; both again where a killed run came this far.
2. *Supplanted*: the new bytes are written beside it, hashed on the way and brought to the disk; the file is renamed
   over the name; the directory is brought to the disk, and the name read back. The name never stands for nothing.

What a file system, a disk or a snapshot of it keeps of unlinked bytes is out of reach here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from storage.durability import flush
from storage.errors import ObjectCorrupt
from storage.local_incoming import copy_in, temporary
from storage.os_errors import own_errors
from storage.store import Check, Put, Stored, changed_meanwhile

if TYPE_CHECKING:
    from storage.digest import Digest
    from storage.local import LocalStore
    from storage.source import Source


def erase(store: LocalStore, name: str) -> bool:
    """See ``storage.store.SingleStore.erase``."""
    with own_errors(f"{name} in {store.root}"):
        try:
            with store.within(name) as (directory, last):
                try:
                    os.unlink(last, dir_fd=directory)
                finally:
                    flush(directory)
        except FileNotFoundError:
            return False
    return True


def supplant(store: LocalStore, name: str, body: Source, *, found: Digest) -> Stored:
    """See ``storage.store.SingleStore.supplant``."""
    with own_errors(f"{name} in {store.root}"):
        body.check_size()
        stands, _ = store.measure(name)
        if stands == body.digest:
            return Stored(Put.ALREADY_THERE, Check.READ_BACK)
        if stands != found:
            raise changed_meanwhile(name, found, stands)
        with store.incoming() as incoming, temporary(incoming) as entry:
            copy_in(body, incoming, entry)
            with store.within(name) as (directory, last):
                os.replace(entry, last, src_dir_fd=incoming, dst_dir_fd=directory)
                flush(directory)
    stands, _ = store.measure(name)
    if stands != body.digest:
        raise ObjectCorrupt(name, body.digest, stands)
    return Stored(Put.CREATED, Check.READ_BACK)
