"""Which keys sign the log: one gives way to the next, and one is not to be trusted any more.

What makes such a statement good (both keys' signatures, who may make it and where) is the law of the log itself:
``archiver.custody.keyring``. Here is only its form.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from archiver.facts.fact import LARGEST_WHOLE, Fact, identity_of
from archiver.facts.values import Sha256Hex, Text

PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""An Ed25519 public key: 32 bytes in base64."""
Signature = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]
"""An Ed25519 signature: 64 bytes in base64."""
EventNumber = Annotated[int, Field(ge=0, le=LARGEST_WHOLE)]

KEYS_OF_THE_LOG = identity_of("signing-keys", {})
"""The one subject of all statements about keys, so that each event about them names the one before it."""


class KeyRotation(Fact):
    """The key in force gives way to a new one.

    Attributes:
        place: the number of the event that this is.
        replaces: the fingerprint of the key in force, which signs the event.
        key: the new public key.
        fingerprint: the new key's fingerprint.
        endorsement: the old key's signature over what is stated (``archiver.custody.keyring.handover``).
        possession: the new key's signature over the same.
        reason: why.
    """

    kind_of_fact: ClassVar[str] = "key-rotation"

    place: EventNumber
    replaces: Sha256Hex
    key: PublicKey
    fingerprint: Sha256Hex
    endorsement: Signature
    possession: Signature
    reason: Text

    def subject(self) -> str:
        """The keys of the log."""
        return KEYS_OF_THE_LOG


class KeyRetirement(Fact):
    """A key that is not in force any more is not to be trusted.

    Attributes:
        fingerprint: the key's.
        reason: why.
        since: the number of the first event whose signature by it is doubtful; none where none is.
        supersedes: the identity of the statement before it about this key, where there is one.
    """

    kind_of_fact: ClassVar[str] = "key-retirement"

    fingerprint: Sha256Hex
    reason: Text
    since: EventNumber | None = None
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The keys of the log."""
        return KEYS_OF_THE_LOG

    def matter(self) -> str:
        """The key."""
        return self.fingerprint
