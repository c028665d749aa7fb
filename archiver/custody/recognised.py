"""Published bytes that are recognised at once as the one spelling of a well-formed transaction.

The law: what is recognised here, ``archiver.custody.batch.parse`` takes as well, and says the same of it. What is not
recognised is no worse for it: the exact way decides alone, and names what is amiss. So nothing is refused here.

1. The bytes are decoded into values of the published shape, and the values are encoded again, in sorted order. These
   are the same bytes. So no name stands twice, none is missing or unknown, and nothing is spelled in two ways.
2. What the encoder writes is what RFC 8785 demands, but for the values in which the two might differ. Where there is
   one of them, nothing is recognised: a name that is not ASCII (names are sorted otherwise), a whole number beyond
   ±(2**53 - 1), a double that Python writes in another way or that is whole or has an exponent, and deep nesting.
   A test holds encoder and RFC 8785 against one another over all of Unicode.
3. The envelope's texts, hashes and time have the form that ``archiver.custody.event`` demands, and so have signature,
   salt and body.

Where the bodies are not wanted, they are taken as they stand, as long as they are JSON objects in UTF-8: 1 and 2 hold
for all that stands around them, and nothing is said of how they are spelled.

The encoder is ``msgspec``'s, which does in C what the exact way does in Python.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import msgspec

from archiver.custody.batch import FORMAT as BATCH_FORMAT
from archiver.custody.canonical import LARGEST, read
from archiver.custody.errors import Malformed
from archiver.custody.event import FORMAT
from archiver.custody.keys import SIGNATURE_BYTES
from archiver.custody.merkle import HASH_BYTES
from archiver.custody.shape import hash_hex, instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DEEPEST: Final = 32
"""Levels of lists and objects within a body; far over what is ever recorded, and far below what any reader manages."""

_HASH_DIGITS: Final = 2 * HASH_BYTES
"""Of a hash, and of a salt."""
_NO_HASH: Final = "0" * _HASH_DIGITS
"""Stands for what is not there, so that all hashes of an event are checked together."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The fields of ``archiver.custody.event.Envelope``, in the order in which they are written."""

    actor: str
    commitment: str
    format: str
    key: str
    kind: str
    log: str
    previous: str | None
    sequence: int
    subject: str
    time: str
    tool: str


class Event(msgspec.Struct, frozen=True, gc=False):
    """The fields of ``archiver.custody.event.Event``, in the order in which they are written; the salt in digits."""

    body: dict[str, Any] | None
    envelope: Envelope
    salt: str | None
    signature: bytes

    @property
    def is_withheld(self) -> bool:
        """Whether it came without a body."""
        return self.salt is None


class Closed(msgspec.Struct, frozen=True, gc=False):
    """An event whose body was not read: only that it is JSON, and an object or ``null``."""

    raw: msgspec.Raw = msgspec.field(name="body")
    envelope: Envelope
    salt: str | None
    signature: bytes

    @property
    def is_withheld(self) -> bool:
        """Whether it came without a body."""
        return self.salt is None

    @property
    def body(self) -> dict[str, Any] | None:
        """The body, read now; none as well where it can be understood in two ways."""
        try:
            held = read(bytes(self.raw))
        except ValueError:
            return None
        return held if isinstance(held, dict) else None


class _Open(msgspec.Struct, frozen=True, gc=False):
    checkpoint: str
    events: list[Event]
    first: int
    format: str


class _Shut(msgspec.Struct, frozen=True, gc=False):
    checkpoint: str
    events: list[Closed]
    first: int
    format: str


class Recognised(msgspec.Struct, frozen=True, gc=False):
    """A transaction that was recognised.

    Attributes:
        first: the sequence number that it says it begins with.
        events: its events, at least one.
        leaves: the leaf hash of each.
        checkpoint: a signed checkpoint's text, not yet verified.
        bodies: whether the bodies were read.
    """

    first: int
    events: Sequence[Event | Closed]
    leaves: list[bytes]
    checkpoint: str
    bodies: bool


def recognise(data: bytes, *, bodies: bool = True) -> Recognised | None:
    """What these published bytes say, where they are recognised.

    Args:
        data: a published transaction.
        bodies: whether the bodies are read; otherwise they are taken as they stand, however they are spelled.
    """
    try:
        batch: _Open | _Shut = _decode(data) if bodies else _decode_shut(data)
        events = _encode(batch.events)
        if not batch.events or not 0 <= batch.first <= LARGEST or not _is_between(batch, events, data):
            return None
        are_ascii = events.isascii()
        if isinstance(batch, _Open):
            _check_bodies(batch.events, are_ascii=are_ascii)
        else:
            _glimpse_bodies(batch.events)
            if not are_ascii:
                events.decode()
        return Recognised(batch.first, batch.events, _leaves(batch.events), batch.checkpoint, bodies)
    except (msgspec.MsgspecError, _Unlike, ValueError, RecursionError):
        return None


def message(event: Event | Closed) -> bytes:
    """The canonical bytes of an event's envelope: what is signed."""
    return _encode(event.envelope)


def values(body: dict[str, Any]) -> Iterator[bytes]:
    """A recognised body, value by value, each in its canonical form."""
    return map(_encode, body.values())


class _Unlike(Exception):
    """A value that the encoder and RFC 8785 might write differently, or that has not the form that it must have."""


def _is_between(batch: _Open | _Shut, events: bytes, data: bytes) -> bool:
    """Step 1: whether the bytes are these events, with what stands around them; nothing so long is copied."""
    before = b'{"checkpoint":%b,"events":' % _encode(batch.checkpoint)
    after = b',"first":%d,"format":"%b"}\n' % (batch.first, BATCH_FORMAT.encode())
    return (
        len(data) == len(before) + len(events) + len(after)
        and data.startswith(before)
        and data.startswith(events, len(before))
        and data.endswith(after)
    )


def _check_bodies(events: Iterable[Event], *, are_ascii: bool) -> None:
    """Step 2 of every body, and that there is one where there is a salt."""
    for event in events:
        body = event.body
        if not body or event.salt is None:
            if body is not None or event.salt is not None:
                raise _Unlike
            continue
        if not (are_ascii or "".join(body).isascii()):
            raise _Unlike
        _check(body.values(), DEEPEST, are_ascii=are_ascii)


def _glimpse_bodies(events: Iterable[Closed]) -> None:
    """That where there is a salt there is an object with a field, and nothing where there is none."""
    for event in events:
        begins = bytes(event.raw)[:2]
        if (begins != b'{"') if event.salt is not None else (begins != b"nu"):
            raise _Unlike


def _leaves(events: Iterable[Event | Closed]) -> list[bytes]:
    """Step 3 of every event, and its leaf; written out, because it runs once for every event ever recorded."""
    leaves, key, time = list[bytes](), None, None
    room = bytearray(1)  # a leaf's first byte is 0, and the envelope is written behind it
    for event in events:
        envelope = event.envelope
        if envelope.key != key:  # most events of a transaction have one key and one time
            key = _hash(envelope.key)
        if envelope.time != time:
            time = _moment(envelope.time)
        commitment, previous, salt = envelope.commitment, envelope.previous, event.salt
        hashes = commitment + (_NO_HASH if previous is None else previous) + (_NO_HASH if salt is None else salt)
        if (
            len(commitment) != _HASH_DIGITS
            or (previous is not None and len(previous) != _HASH_DIGITS)
            or len(hashes) != 3 * _HASH_DIGITS
            or bytes.fromhex(hashes).hex() != hashes
            or envelope.format != FORMAT
            or not 0 <= envelope.sequence <= LARGEST
            or len(event.signature) != SIGNATURE_BYTES
            or not (envelope.subject and envelope.kind and envelope.actor and envelope.tool and envelope.log)
        ):
            raise _Unlike
        _encode_into(envelope, room, 1)
        if b"\\" in room and not _are_lines(envelope):
            raise _Unlike
        leaves.append(sha256(room).digest())
    return leaves


def _are_lines(envelope: Envelope) -> bool:
    """Whether no text is broken into lines; asked where the envelope's JSON holds an escape."""
    return not any(
        "\n" in text for text in (envelope.log, envelope.actor, envelope.tool, envelope.kind, envelope.subject)
    )


def _hash(text: str) -> str:
    try:
        return hash_hex(text, "key")
    except Malformed as error:
        raise _Unlike from error


def _moment(text: str) -> str:
    try:
        return instant(text, "time")
    except Malformed as error:
        raise _Unlike from error


def _check(held: Iterable[Any], deepest: int, *, are_ascii: bool) -> None:
    """Step 2: every number and every name, and how deep the values are."""
    if not deepest:
        raise _Unlike
    for value in held:
        kind = value.__class__
        if kind is str:
            continue
        if kind is int:
            if not -LARGEST <= value <= LARGEST:
                raise _Unlike
        elif kind is dict:
            if not (are_ascii or "".join(value).isascii()):
                raise _Unlike
            _check(value.values(), deepest - 1, are_ascii=are_ascii)
        elif kind is list:
            _check(value, deepest - 1, are_ascii=are_ascii)


def _double(spelled: str) -> float:
    """Step 2: a double that Python writes as it stands here, without an exponent, and that is not whole."""
    value = float(spelled)
    if repr(value) != spelled or "e" in spelled or spelled.endswith(".0"):
        raise ValueError(spelled)
    return value


_decode = msgspec.json.Decoder(_Open, float_hook=_double).decode
_decode_shut = msgspec.json.Decoder(_Shut).decode
_encoder = msgspec.json.Encoder(order="deterministic")
_encode, _encode_into = _encoder.encode, _encoder.encode_into
