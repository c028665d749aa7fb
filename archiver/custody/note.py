"""Signed text: the C2SP signed-note format, as Go's checksum database publishes it.

A signed note is a text, a blank line and signature lines ``— name base64(key id || signature)``. For Ed25519 the key id
is the first four bytes of SHA-256(name || 0x0A || 0x01 || public key); the signature is over the text with its last
newline and without the blank line. Opening one goes by the specification:

1. The whole note is UTF-8 without control characters but newlines; text and signatures part at the last blank line.
2. Every line behind it has the form of a signature line.
3. Signatures by unknown keys are ignored: witnesses and later keys may add theirs.
4. A signature by a known key (name and key id match) must verify, or the whole note is refused.
5. Without a single verified signature the note is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from archiver.custody import base64text
from archiver.custody.errors import Malformed, NoteAltered, NoteUnverified
from archiver.custody.keys import KEY_BYTES, VerifyKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.custody.keys import SigningKey

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_MOST_SIGNATURES = 100
_DASH = "\N{EM DASH} "
_CONTROL = re.compile("[\\x00-\\x09\\x0b-\\x1f]")
"""What neither a note nor a name holds; a newline is told apart."""


@dataclass(frozen=True)
class Verifier:
    """Whose signature is believed: a name together with a public key."""

    name: str
    key: VerifyKey

    def __post_init__(self) -> None:
        check_name(self.name)

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that find the key again; an index, no proof."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key.raw).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """The verifier key as Go's tools take it: ``name+key id in hex+base64(0x01 || public key)``."""
        return f"{self.name}+{self.key_id.hex()}+{base64text.write(_ED25519 + self.key.raw)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read a verifier key back.

        Raises:
            Malformed: it is none, its key id is another key's, or it is for another algorithm.
        """
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        raw = base64text.read(encoded)
        if raw[:1] != _ED25519 or len(raw) != 1 + KEY_BYTES:
            raise Malformed(f"not an Ed25519 verifier key: {text[:200]!r}")
        verifier = cls(name, VerifyKey(raw[1:]))
        if verifier.key_id.hex() != key_id:
            raise Malformed(f"the key id of this verifier key is not its own: {text[:200]!r}")
        return verifier


def check_name(name: str) -> None:
    """Refuse what no signature line can carry as a name.

    Raises:
        Malformed: empty, or with white space, a plus sign, a control character or a lone surrogate.
    """
    if not name or "+" in name or name.split() != [name] or _CONTROL.search(name):
        raise Malformed(f"not a name for a key: {name[:200]!r}")
    _check_characters(name)


def sign(text: str, name: str, key: SigningKey) -> str:
    """Sign a text under a name.

    Raises:
        Malformed: the text does not end in a newline or holds a control character, or the name cannot be one.
    """
    if not text.endswith("\n"):
        raise Malformed("the text of a note ends in a newline")
    _check_characters(text)
    key_id = Verifier(name, key.public).key_id
    return f"{text}\n{_DASH}{name} {base64text.write(key_id + key.sign(text.encode()))}\n"


def verified_text(signed: str, verifiers: Iterable[Verifier]) -> str:
    """Open a signed note: its text, believed because at least one of the verifiers signed it.

    Raises:
        Malformed: this is no signed note.
        NoteAltered: a known key's signature is wrong.
        NoteUnverified: no known key signed.
    """
    known = {(verifier.name, verifier.key_id): verifier.key for verifier in verifiers}
    _check_characters(signed)  # step 1
    text, blank, lines = signed.rpartition("\n\n")
    if not blank:
        raise Malformed("not a signed note: no blank line before the signatures")
    text += "\n"
    verified = False
    for name, key_id, signature in _signatures(lines):
        key = known.get((name, key_id))
        if key is None:  # step 3
            continue
        if not key.verify(signature, text.encode()):  # step 4
            raise NoteAltered(f"the signature by {name} does not belong to this text")
        verified = True
    if not verified:  # step 5
        raise NoteUnverified("no known key signed this note")
    return text


def _signatures(lines: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Step 2: name, key id and signature of every line."""
    *each, rest = lines.split("\n")
    if rest or not 0 < len(each) <= _MOST_SIGNATURES:
        raise Malformed(f"not a signed note: 1 to {_MOST_SIGNATURES} signature lines end it, each with a newline")
    for line in each:
        name, space, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or not space:
            raise Malformed(f"not a signature line: {line[:200]!r}")
        check_name(name)
        raw = base64text.read(encoded)
        if len(raw) <= _KEY_ID_BYTES:
            raise Malformed(f"a signature line without a signature: {line[:200]!r}")
        yield name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:]


def _check_characters(text: str) -> None:
    if _CONTROL.search(text):
        raise Malformed("a note holds no control characters but newlines")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Malformed("a note is Unicode text, and a lone surrogate is none") from error
