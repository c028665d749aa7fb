"""Content credentials are read in the bounded child, by an optional library, and by nothing that asks a network.

1. ``archiver.inspection.credential_marks`` finds out whether there are any; without, nothing is loaded.
2. That they are about to be read is told first: whatever the reading does to its process, the picture's own inspection
   stands (``archiver.inspection.testimony``).
3. The library is loaded with the root as the working directory: it looks for its binary part *there* first, and a
   working directory may be a folder of files from strangers.
4. Every setting by which it would fetch something is off: manifests elsewhere, revocation answers, any host, redirects,
   identities to be resolved. A manifest elsewhere is named instead.
5. What it reports is bounded, and told (``archiver.inspection.manifest_store``).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import io
import json
import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from archiver.inspection.credential_marks import marks
from archiver.inspection.credentials import LONGEST, State, unanswered
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from archiver.inspection.credential_marks import Marks
    from archiver.inspection.trust import TrustList

MODULE, PACKAGE = "c2pa", "c2pa-python"
_LONGEST_DETAIL: Final = 500
_MOST_JSON: Final = 32 << 20

_OFFLINE: Final[dict[str, Any]] = {
    "core": {"allowed_network_hosts": [], "allow_redirects": False, "decode_identity_assertions": False},
    "verify": {
        "verify_after_reading": True,
        "verify_timestamp_trust": True,
        "remote_manifest_fetch": False,
        "ocsp_fetch": False,
    },
}


@cache
def reader() -> str | None:
    """The library with its version, where it is installed; it is not loaded."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}" if importlib.util.find_spec(MODULE) else None
    except PackageNotFoundError:
        return None


def prepare() -> None:
    """Load now what every file with credentials needs, in a process that forks for many and is reached by none."""
    from archiver.inspection import manifest_store  # noqa: F401, PLC0415 - files without credentials do without

    library = _library()
    if library is not None and reader() is not None:
        library.Context(library.Settings.from_dict(_OFFLINE)).close()


def stages(handle: BinaryIO, trust: TrustList | None, roots: BinaryIO | None) -> Iterator[dict[str, Any]]:
    """What an open file's content credentials say, as stages of an inspection: none in a file without.

    Args:
        handle: the file.
        trust: whom to ask about signers; nobody, where it is none.
        roots: that list's file, as ``TrustList.open`` gave it.

    Raises:
        OSError: the file cannot be read.
    """
    found = marks(handle)
    if not found:
        yield {"credentials": None}
        return
    known = {"remote": None if found.remote is None else bounded(found.remote, LONGEST)}
    if found.offset is None:
        yield {"credentials": unanswered(State.REMOTE, **known)}
        return
    known["reader"] = reader()
    yield {"credentials": unanswered(State.UNFINISHED, **known, place=_place(found))}
    yield {"credentials": _read(handle, trust, roots, {**known, "place": _place(found)})}


def _place(found: Marks) -> dict[str, int]:
    return {"offset": found.offset or 0, "length": found.length}


def _read(
    handle: BinaryIO, trust: TrustList | None, roots: BinaryIO | None, known: dict[str, Any]
) -> dict[str, Any] | None:
    library = _library()
    if library is None:
        detail = f"the optional reader is not installed (pip install 'media-archiver[{MODULE}]')"
        return unanswered(State.UNREAD, **known, detail=detail)
    settings = {**_OFFLINE, "verify": {**_OFFLINE["verify"], "verify_trust": trust is not None}}
    if trust is not None:
        certificates = trust.certificates(roots)
        if certificates is None:
            return unanswered(State.UNREAD, **known, detail="the trust list is not there any more, or was exchanged")
        known["trust_list"] = trust.sha256
        settings["trust"] = {"trust_anchors": certificates}
    handle.seek(0)
    try:
        context = library.Context(library.Settings.from_dict(settings))
        with library.Reader(None, handle, context=context) as opened:
            text = opened.json()
            if len(text) > _MOST_JSON:
                return unanswered(State.UNREAD, **known, detail=f"a report of {len(text)} characters")
            return _told(library, opened, json.loads(text), trust, known)
    except library.C2paError.ManifestNotFound:  # a block of another use of the same boxes
        return None if known["remote"] is None else unanswered(State.REMOTE, remote=known["remote"])
    except library.C2paError as error:
        return unanswered(State.UNREADABLE, **known, detail=bounded(str(error), _LONGEST_DETAIL))


def _told(
    library: ModuleType, opened: Any, store: dict[str, Any], trust: TrustList | None, known: dict[str, Any]
) -> dict[str, Any]:
    from archiver.inspection.manifest_store import told  # noqa: PLC0415 - files without credentials do without

    def thumbnail(identifier: str) -> dict[str, Any] | None:
        picture = io.BytesIO()
        if not identifier.startswith("self#jumbf="):
            return None
        try:
            opened.resource_to_stream(identifier, picture)
        except library.C2paError:
            return None  # it is named, and not there
        return {"bytes": picture.tell(), "sha256": hashlib.sha256(picture.getbuffer()).hexdigest()}

    return told(store, asked=trust is not None, thumbnail=thumbnail, **known)


@cache
def _library() -> ModuleType | None:
    """The library; none where it is not installed."""
    try:
        here = Path.cwd()
    except OSError:  # it was removed while this process was in it
        here = Path(os.sep)
    os.chdir(here.anchor)
    try:
        return importlib.import_module(MODULE) if importlib.util.find_spec(MODULE) else None
    finally:
        with contextlib.suppress(OSError):
            os.chdir(here)
