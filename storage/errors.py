"""What can go wrong with a store, drawn once.

Every error says what happened, what to do next (``hint``) and how a command that meets it ends (``exit_code``). Nothing
else crosses this package's edge: no ``OSError``, nothing of boto3, botocore, urllib3 or ssl. No text here ever holds a
credential::

    StoreError                4   the store, for a reason that the sentence gives
    ├── PlaceMissing          4   there is no such directory or bucket
    ├── PlaceForeign          4   the place holds something else than what belongs there
    ├── ObjectMissing         4   no object has this name
    ├── ObjectCorrupt         4   the object's bytes are not those of its digest
    ├── NameTaken             4   other bytes already stand under this name
    ├── SourceChanged         4   the bytes handed in are not what was declared; nothing was stored
    ├── TooLarge              4   more bytes than this call, or this store, takes
    ├── StoreUnreachable      4   no answer, or none that could be used; the same call may succeed later
    ├── StoreDenied           4   no credentials, or they do not allow this
    ├── StoreFull             4   no space, or over quota
    ├── GuaranteeMissing      4   the store does not do something that is relied upon
    │   ├── LockMissing       4   it has no Object Lock that holds; nothing was stored or changed
    │   └── LockIgnored       4   it took what was asked, and does not do it
    ├── LockRefused           4   it does not let this object's protection be changed so
    ├── InvalidName           4   not a name that a store can hold
    ├── InvalidGuarantees     4   recorded guarantees that cannot be understood
    ├── InvalidDigest         2   not 64 lower-case hexadecimal digits (a ``ValueError`` too)
    └── InvalidStoreUrl       2   not a store URL (a ``ValueError`` too)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.digest import Digest


class StoreError(Exception):
    """The root: ``str(error)`` says what happened, ``hint`` what to do, ``exit_code`` how the command ends."""

    exit_code = 4

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class PlaceMissing(StoreError):
    """There is no such directory or bucket."""


class PlaceForeign(StoreError):
    """The place holds something else than what belongs there: nothing is read from it or put into it."""


class ObjectMissing(StoreError):
    """No object has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the store holds no object named {name}")
        self.name = name


class ObjectCorrupt(StoreError):
    """The object's bytes are not those of its digest: changed, cut short or replaced since they were hashed."""

    def __init__(self, name: str, expected: Digest, found: Digest) -> None:
        super().__init__(
            f"{name} is not intact: its bytes have the SHA-256 {found}, expected {expected}",
            hint="Read it once more to rule out the way here; if it stays so, restore the object from another copy. "
            "Nothing was changed or removed.",
        )
        self.name = name
        self.expected = expected
        self.found = found


class NameTaken(StoreError):
    """Other bytes already stand under this name, and a name is written once."""

    def __init__(self, name: str, offered: Digest, found: Digest) -> None:
        super().__init__(
            f"{name} already holds other bytes (SHA-256 {found}, not {offered})",
            hint="A name is written once. If the name is made of the digest, the object already there is not intact.",
        )
        self.name = name
        self.offered = offered
        self.found = found


class SourceChanged(StoreError):
    """The bytes handed in are not what was declared; nothing was stored under the name."""


class TooLarge(StoreError):
    """More bytes than this call, or this store, takes."""


class StoreUnreachable(StoreError):
    """No answer, or none that could be used; the same call may succeed later."""


class StoreDenied(StoreError):
    """There are no credentials, or they do not allow this."""


class StoreFull(StoreError):
    """No space is left, or a quota is used up."""


class GuaranteeMissing(StoreError):
    """The store does not do something that is relied upon."""


class LockMissing(GuaranteeMissing):
    """There is no Object Lock here that holds, and a protection was asked for; nothing was stored or changed."""


class LockIgnored(GuaranteeMissing):
    """The store took what was asked, and the protection that it tells afterwards is less than that."""


class LockRefused(StoreError):
    """The store does not let this object's protection be changed so; what is in force stays in force."""


class InvalidName(StoreError):
    """Not a name that a store can hold."""


class InvalidGuarantees(StoreError):
    """Recorded guarantees that cannot be understood."""


class InvalidDigest(StoreError, ValueError):
    """Not a SHA-256 in the one spelling: 64 lower-case hexadecimal digits."""

    exit_code = 2


class InvalidStoreUrl(StoreError, ValueError):
    """Not a store URL."""

    exit_code = 2
