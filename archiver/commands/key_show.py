"""``archiver key show``: every key of the log, from which event to which it signed, and what lies here of them.

Needs no private key, and changes nothing. Files of keys that the log never had are told too: whoever was killed while
rotating left one behind, and only a person can know that nobody needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.keyfiles import key_file, key_files

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.custody.keyring import Retired, Term
    from archiver.keyfiles import KeyFile


@dataclass(frozen=True, slots=True)
class KeyShown:
    """One key of the log.

    Attributes:
        fingerprint: SHA-256 of the raw public key.
        pem: the public half, as ``openssl`` reads it.
        in_force: whether it signs now.
        first_event: the first event that it may have signed.
        last_event: the last one; none while it is in force.
        brought_in: the number of the rotation that brought it in; none of the first key.
        reason: why it was brought in.
        retired: that it is not to be trusted, by which event, why, and which of its events are doubtful.
        file: where its private half lies on this machine, if it does.
        problem: why that file cannot be used; empty where it can.
    """

    fingerprint: str
    pem: str
    in_force: bool
    first_event: int
    last_event: int | None
    brought_in: int | None
    reason: str
    retired: Retired | None
    file: str | None
    problem: str


@dataclass(frozen=True, slots=True)
class KeysShown:
    """What there is.

    Attributes:
        origin: the log's name.
        keys: in the order in which they came into force.
        unused: files of keys that the log never had, or that cannot be read and belong to none of its keys.
    """

    origin: str
    keys: list[KeyShown]
    unused: list[dict[str, str | None]]


def key_show(archive: Archive) -> KeysShown:
    """Tell of the log's keys.

    Raises:
        LogError: the published log goes on behind the catalogue, so a key may be missing in the answer; or what the
            catalogue tells of keys does not verify.
        CatalogueError: the catalogue does not answer.
        KeyRefused: the folder of keys cannot be read.
    """
    with archive.asking() as questions:
        ring = archive.keys_known(questions)
    files = {file.path: file for file in key_files(archive.home)}
    keys = []
    for number, term in enumerate(ring.terms):
        path = key_file(archive.home, term.key.fingerprint, first=archive.settings.key)
        keys.append(_shown(term, files.pop(path, None), is_first=number == 0))
    unused = [
        {"file": str(file.path), "fingerprint": file.fingerprint, "problem": file.problem} for file in files.values()
    ]
    return KeysShown(ring.origin, keys, unused)


def _shown(term: Term, file: KeyFile | None, *, is_first: bool) -> KeyShown:
    problem = file.problem if file else ""
    if file and file.fingerprint not in (None, term.key.fingerprint):
        problem = f"it holds another key, {file.fingerprint}"
    return KeyShown(
        fingerprint=term.key.fingerprint,
        pem=term.key.pem,
        in_force=term.until is None,
        first_event=term.since,
        last_event=None if term.until is None else term.until - 1,
        brought_in=None if is_first else term.since - 1,
        reason=term.reason,
        retired=term.retired,
        file=str(file.path) if file else None,
        problem=problem,
    )
