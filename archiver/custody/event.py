"""One signed statement: what the log is made of.

* The *envelope* says who recorded something, when, in which log, at which place, about what, and commits to the body.
* Its canonical JSON (RFC 8785) is the message that is signed (Ed25519) and the data of the Merkle leaf, byte for byte,
  so that ``openssl pkeyutl -verify -rawin`` checks the signature and ``sha256sum`` the leaf, with no program of ours.
* The *body* is the fact itself. It stands beside the envelope with its salt (see ``archiver.custody.commitment``). A
  body can be withheld: signature, leaf and all proofs still verify, only the commitment can no longer be opened. Body
  and salt are always there together or withheld together, for the salt would let somebody guess the body.

An envelope's JSON begins with ``{`` and holds no newline; a checkpoint's text holds three. So although one key signs
both, neither can ever pass for the other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, Self

from archiver.custody import base64text, shape
from archiver.custody.canonical import canonical, joined
from archiver.custody.commitment import SALT_BYTES, commit, commit_written
from archiver.custody.errors import EventUnverified, Malformed
from archiver.custody.finding import Code
from archiver.custody.keys import SIGNATURE_BYTES
from archiver.custody.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.custody.keys import VerifyKey

FORMAT = "archiver-event-1"
"""Signed with every envelope: it names the rules for the envelope, its signature and its commitment."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants recorded.

    Attributes:
        kind: which kind of fact the body is.
        subject: what it is about; events about one subject form a chain.
        body: the fact, a JSON object with at least one field.
    """

    kind: str
    subject: str
    body: dict[str, Any]

    def __post_init__(self) -> None:
        _check_body(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The signed part of an event.

    Attributes:
        log: the log's origin, as in its checkpoints.
        sequence: the event's place in the log, from 0: the index of its Merkle leaf.
        time: when it was recorded by the archive's clock, UTC with microseconds.
        actor: who recorded it.
        tool: the program and its version.
        kind: which kind of fact the body is.
        subject: what it is about.
        previous: the leaf hash (hex) of the last event before this one with the same subject in this log, if any.
        commitment: to the body (hex).
        key: the fingerprint (hex) of the key that signs.
    """

    log: str
    sequence: int
    time: str
    actor: str
    tool: str
    kind: str
    subject: str
    previous: str | None
    commitment: str
    key: str

    def __post_init__(self) -> None:
        for name in ("log", "actor", "tool", "kind", "subject"):
            shape.text(getattr(self, name), name)
        shape.number(self.sequence, "sequence")
        shape.instant(self.time, "time")
        shape.hash_hex(self.commitment, "commitment")
        shape.hash_hex(self.key, "key")
        if self.previous is not None:
            shape.hash_hex(self.previous, "previous")

    def to_json(self) -> dict[str, Any]:
        """The JSON object whose canonical bytes are signed."""
        return {"format": FORMAT, **{name: getattr(self, name) for name in _NAMES}}

    def canonical(self) -> bytes:
        """The bytes that are signed, and that are the data of the Merkle leaf.

        Raises:
            ValueError: a text holds a lone surrogate, or the sequence is over 2**53 - 1.
        """
        return joined({"format": _FORMAT, **{name: canonical(getattr(self, name)) for name in _NAMES}})

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Undo ``to_json``.

        Raises:
            Malformed: fields are missing, unknown or of another type, or the format is another.
        """
        held = shape.fields(value, "an envelope", ("format", *_NAMES))
        if held["format"] != FORMAT:
            raise Malformed(f"an event of another format than {FORMAT}: {held['format']!r:.100}")
        return cls(**{name: held[name] for name in _NAMES})


_NAMES = tuple(field.name for field in fields(Envelope))
_FORMAT = canonical(FORMAT)


@dataclass(frozen=True, slots=True)
class Event:
    """An envelope, its signature (64 bytes) and, unless they are withheld, the salt (32 bytes) and the body."""

    envelope: Envelope
    signature: bytes
    salt: bytes | None
    body: dict[str, Any] | None

    def __post_init__(self) -> None:
        if len(self.signature) != SIGNATURE_BYTES:
            raise Malformed(f"an Ed25519 signature has {SIGNATURE_BYTES} bytes, not {len(self.signature)}")
        if (self.salt is None) != (self.body is None):
            raise Malformed("a body and its salt are withheld together")
        if self.salt is not None and len(self.salt) != SALT_BYTES:
            raise Malformed(f"a salt has {SALT_BYTES} bytes, not {len(self.salt)}")
        if self.body is not None:
            _check_body(self.body)

    @property
    def is_withheld(self) -> bool:
        """Whether it came without body and salt."""
        return self.body is None

    @property
    def leaf(self) -> bytes:
        """The event's leaf hash in the Merkle tree: 32 bytes."""
        return leaf_hash(self.envelope.canonical())

    def withhold(self) -> Event:
        """The same event without body and salt."""
        return Event(self.envelope, self.signature, None, None)

    def to_json(self) -> dict[str, Any]:
        """The JSON object that is published."""
        return {
            "envelope": self.envelope.to_json(),
            "signature": base64text.write(self.signature),
            "salt": None if self.salt is None else self.salt.hex(),
            "body": self.body,
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Undo ``to_json``; nothing is verified yet.

        Raises:
            Malformed: fields are missing, unknown or of another type.
        """
        held = shape.fields(value, "an event", ("envelope", "signature", "salt", "body"))
        salt = None if held["salt"] is None else bytes.fromhex(shape.hash_hex(held["salt"], "salt"))
        envelope = Envelope.from_json(held["envelope"])
        return cls(envelope, base64text.read(shape.text(held["signature"], "signature")), salt, held["body"])


def verify(event: Event, key: VerifyKey) -> Literal[True]:
    """Verify one event by itself; its place among the others is for ``archiver.custody.check``.

    1. It names the key that is to verify it.
    2. Its envelope has a canonical form.
    3. The signature belongs to the canonical envelope.
    4. The commitment belongs to the body, if the body is there.

    Raises:
        EventUnverified: the first thing that differs, with the event's sequence number.
    """
    sequence = event.envelope.sequence
    if event.envelope.key != key.fingerprint:  # step 1
        raise EventUnverified(sequence, Code.UNKNOWN_KEY, f"signed by another key, {event.envelope.key}")
    try:
        message = event.envelope.canonical()  # step 2
    except ValueError as error:
        raise EventUnverified(sequence, Code.NOT_CANONICAL, str(error)) from error
    for code, detail in faults(event, message, key):
        raise EventUnverified(sequence, code, detail)
    return True


def faults(
    event: Event, message: bytes, key: VerifyKey | None, *, fields: dict[str, bytes] | None = None
) -> Iterator[tuple[Code, str]]:
    """Everything about one event that does not verify by steps 3 and 4 of ``verify``, each with a sentence.

    Args:
        event: the event.
        message: the canonical bytes of its envelope.
        key: the key that it names, or nothing to leave out step 3, which takes most of the time.
        fields: the body as ``written`` has written it, where that was done.
    """
    if key is not None and not key.verify(event.signature, message):  # step 3
        yield Code.WRONG_SIGNATURE, "the signature does not belong to this envelope"
    if event.body is None or event.salt is None:
        return
    try:
        opened = commit_written(fields, event.salt) if fields else commit(event.body, event.salt)
    except ValueError as error:
        yield Code.NOT_CANONICAL, f"the body has {error}"
        return
    if opened != event.envelope.commitment:  # step 4
        yield Code.WRONG_COMMITMENT, "the body is not the one that was committed to"


def _check_body(body: Any) -> None:
    """An object with a field: the commitment to an empty one would be the same for all and hide nothing."""
    if not isinstance(body, dict) or not body or not all(isinstance(name, str) for name in body):
        raise Malformed("a body is a JSON object with at least one field")
