"""The private keys of this machine: one file each (0600), never overwritten, never deleted.

The first key of the log lies in ``keys/signing.pem``, where an archive without rotations has its only one. Every later
one has a name of its own, by its fingerprint: ``keys/signing-0123456789abcdef.pem``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.custody.errors import KeyRefused
from archiver.custody.keys import SigningKey
from archiver.errors import LogError, UsageError
from archiver.facts.signing import KeyRotation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.custody.keyring import Keyring
    from archiver.facts.fact import Fact

FOLDER = Path("keys")
FIRST = FOLDER / "signing.pem"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file in the folder of keys.

    Attributes:
        path: where.
        fingerprint: of the key in it; none where it cannot be used.
        problem: why not; empty where it can.
    """

    path: Path
    fingerprint: str | None
    problem: str = ""


def key_file(home: Path, fingerprint: str, *, first: str) -> Path:
    """Where the private half of the key of this fingerprint belongs; ``first`` is the log's first key's."""
    return home / (FIRST if fingerprint == first else FOLDER / f"signing-{fingerprint[:_DIGITS]}.pem")


def signing_key(home: Path, ring: Keyring) -> SigningKey:
    """The key that signs at the end of the log.

    Raises:
        UsageError: this machine does not have it: it can read and check, and not write.
        KeyRefused: its file must not be used.
        LogError: the file holds another key.
    """
    wanted, first = ring.signing.fingerprint, ring.terms[0].key.fingerprint
    path = key_file(home, wanted, first=first)
    if not _lies_there(path):
        since = next(term.since for term in ring.terms if term.key.fingerprint == wanted)
        rotated = f": from event {since} on a new key signs, {wanted[:16]}…" if wanted != first else ""
        where = "where the key was rotated" if wanted != first else "where the archive was made"
        raise UsageError(
            f"this archive can be read and verified here, and not written: {path} is missing{rotated}",
            hint=f"copy the key from the machine {where} (docs: operations)",
        )
    key = SigningKey.load(path)
    if key.public.fingerprint != wanted:
        raise LogError(
            f"{path} is not the key of this archive ({key.public.fingerprint[:16]}…)", hint="restore the right key"
        )
    return key


def successor(home: Path, facts: Sequence[Fact], *, first: str) -> SigningKey | None:
    """The key that signs behind these facts, which one transaction records, if they end with a rotation.

    Raises:
        KeyRefused: its file is missing, or must not be used.
        ValueError: a rotation is followed by another fact, which nobody could sign by one key with what comes before.
    """
    *before, last = facts
    if any(isinstance(fact, KeyRotation) for fact in before):
        raise ValueError("a rotation is the last thing that its transaction records")
    if not isinstance(last, KeyRotation):
        return None
    path = key_file(home, last.fingerprint, first=first)
    key = SigningKey.load(path)
    if key.public.fingerprint != last.fingerprint:  # what it signed would be by a key that this log never had
        raise KeyRefused(f"{path} is not the key that takes over ({key.public.fingerprint[:16]}…)")
    return key


def holds_signing_key(home: Path, ring: Keyring) -> bool:
    """Whether this machine, and this user, has the file of the key that signs at the end of the log."""
    try:
        return _lies_there(key_file(home, ring.signing.fingerprint, first=ring.terms[0].key.fingerprint))
    except KeyRefused:
        return False


def _lies_there(path: Path) -> bool:
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:  # of a folder that this user may not enter, nobody can say what it holds
        raise KeyRefused(f"the key {path} cannot be read: {error.strerror}") from error
    return True


def key_files(home: Path) -> list[KeyFile]:
    """Every file of a key that lies here, whether the log knows the key or not.

    Raises:
        KeyRefused: the folder cannot be read.
    """
    try:
        names = [each.name for each in os.scandir(home / FOLDER)]  # ``glob`` says nothing of what it may not read
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeyRefused(f"the folder {home / FOLDER} cannot be read: {error.strerror}") from error
    found = []
    for path in sorted(home / FOLDER / name for name in names if fnmatchcase(name, "signing*.pem")):
        try:
            found.append(KeyFile(path, SigningKey.load(path).public.fingerprint))
        except KeyRefused as error:
            found.append(KeyFile(path, None, f"{error} ({error.hint})" if error.hint else str(error)))
    return found
