"""What a directory really does, found by trying."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

from storage.digest import Digest
from storage.errors import NameTaken, SourceChanged
from storage.guarantees import Guarantees, Versioning
from storage.os_errors import own_errors

if TYPE_CHECKING:
    from storage.local import LocalStore

PROBE = "probe/object"
PROBE_BYTES = b"written once, to see whether this place lets anything else be written over it\n"
OTHER_BYTES = PROBE_BYTES.swapcase()
REFUSED = "probe/refused"


def probe(store: LocalStore) -> Guarantees:
    """Try a second put and a wrong digest, and look at links and modes; see ``Store.probe``."""
    size = len(PROBE_BYTES)
    store.put(PROBE, io.BytesIO(PROBE_BYTES), digest=Digest.of(PROBE_BYTES), size=size)
    notes = []
    create_only = refuses = False
    try:
        store.put(PROBE, io.BytesIO(OTHER_BYTES), digest=Digest.of(OTHER_BYTES), size=size)
    except NameTaken:
        create_only = True
    try:
        store.put(REFUSED, io.BytesIO(OTHER_BYTES), digest=Digest.of(PROBE_BYTES), size=size)
    except SourceChanged:
        refuses = True
    if not store.has_links():
        create_only = False
        notes.append(
            "This file system has no hard links: a name is written once among processes that take the store's lock, "
            "and other programs could write over it."
        )
    with own_errors(str(store.root)):
        mode = os.stat(store.root).st_mode  # noqa: PTH116 - the root may be a link, and its target counts
    if mode & 0o077:
        notes.append(f"Other accounts on this machine may look into {store.root}: chmod 700 closes it.")
    return Guarantees(
        refuses_wrong_checksum=refuses,
        create_only=create_only,
        versioning=Versioning.NONE,
        object_lock="none",
        private=not mode & 0o077,
        notes=tuple(notes),
    )
