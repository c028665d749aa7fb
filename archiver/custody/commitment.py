"""A salted commitment to a body, from which single fields can be disclosed while the rest stays hidden.

For one event with a salt of 32 random bytes::

    field salt   = HMAC-SHA256(salt, field's name in UTF-8)
    field digest = SHA-256(field salt || canonical JSON of the field's value)
    commitment   = SHA-256(canonical JSON of {field's name: field digest in hex, ...})

*Binding* (nobody can show another body for the same commitment) rests on the collision resistance of SHA-256 alone: the
field salt always has 32 bytes, so where it ends and the value begins is certain, and a canonical value is written in
one way only.

*Hiding* (nobody can guess what is withheld, however few values are likely) rests on the salt's 256 random bits staying
secret and on HMAC-SHA256 being a pseudorandom function: a disclosed field salt says nothing of the others. So whoever
withholds one field withholds the salt. The names and the number of fields are *not* hidden by a disclosure; by the
commitment alone they are.

HMAC (RFC 2104) is written out here: SHA-256 over the salt xor 0x5c… and the SHA-256 over the salt xor 0x36… and the
name. Both beginnings are hashed once for an event and copied for every field, in half the time of a call a field.

A stranger checks one field with ``printf '%s' "$NAME" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$SALT``, and the
rest with ``sha256sum``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from archiver.custody.canonical import canonical, joined
from archiver.custody.errors import DisclosureUnverified, Malformed
from archiver.custody.shape import fields, hash_hex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

SALT_BYTES = 32

_BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


def field_salts(salt: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """The salt of every named field: 32 bytes each.

    Raises:
        ValueError: the salt has another length.
    """
    _check_length(salt)
    names = list(names)
    return dict(zip(names, _salts(salt, [name.encode() for name in names]), strict=True))


def commit(body: Mapping[str, Any], salt: bytes) -> str:
    """The commitment to a body: 64 hexadecimal digits.

    Args:
        body: the fields, JSON values.
        salt: 32 random bytes, never used for another body.

    Raises:
        ValueError: a value has no canonical form, or the salt another length.
    """
    return commit_written({name: canonical(value) for name, value in body.items()}, salt)


def commit_written(fields: Mapping[str, bytes], salt: bytes) -> str:
    """The same of a body whose values are written already, each in its canonical form.

    Raises:
        ValueError: the salt has another length.
    """
    return commit_values(tuple(fields), fields.values(), salt)


def commit_values(names: tuple[str, ...], values: Iterable[bytes], salt: bytes) -> str:
    """The same of the names and the written values side by side.

    Raises:
        ValueError: the salt has another length, or there are not as many values as names.
    """
    _check_length(salt)
    spelled, frame = _frame(names)
    digests = [sha256(field + held).hexdigest() for field, held in zip(_salts(salt, spelled), values, strict=True)]
    return sha256(frame.format(*digests).encode()).hexdigest()


def disclose(body: Mapping[str, Any], salt: bytes, shown: Collection[str]) -> dict[str, Any]:
    """Show some fields of a body; of the others, only names and digests.

    Returns:
        ``{"disclosed": {name: {"salt": hex, "value": …}}, "withheld": {name: hex digest}}``, a JSON object.

    Raises:
        ValueError: a field to be shown is not there, or none is.
    """
    absent = sorted(set(shown) - set(body))
    if absent or not shown:
        raise ValueError(f"no such fields: {', '.join(absent)}" if absent else "a disclosure shows at least one field")
    salts = field_salts(salt, shown)
    return {
        "disclosed": {name: {"salt": salts[name].hex(), "value": body[name]} for name in shown},
        "withheld": {name: digest for name, digest in field_digests(body, salt).items() if name not in salts},
    }


def check_disclosure(disclosure: Any, commitment: str) -> Literal[True]:
    """Check that the disclosed fields belong to the body that was committed to.

    Args:
        disclosure: what ``disclose`` returned, read back from JSON.
        commitment: 64 hexadecimal digits, from a *verified* event.

    Raises:
        Malformed: this is no disclosure, or it shows nothing.
        DisclosureUnverified: the fields are not those of the committed body.
    """
    parts = fields(disclosure, "a disclosure", ("disclosed", "withheld"))
    disclosed, withheld = parts["disclosed"], parts["withheld"]
    if not isinstance(disclosed, dict) or not isinstance(withheld, dict) or not disclosed:
        raise Malformed("a disclosure shows at least one field, and lists those withheld")
    if disclosed.keys() & withheld.keys():
        raise Malformed("a field is both disclosed and withheld")
    digests = {name: hash_hex(digest, f"the digest of {name}") for name, digest in withheld.items()}
    try:
        for name, held in disclosed.items():
            field = fields(held, f"the disclosed field {name}", ("salt", "value"))
            digests[name] = _digest(bytes.fromhex(hash_hex(field["salt"], f"the salt of {name}")), field["value"])
        opened = _over(digests)
    except ValueError as error:
        raise Malformed(f"a disclosed field has {error}") from error
    if opened != commitment:
        raise DisclosureUnverified("the disclosed fields are not those that the event committed to")
    return True


def field_digests(body: Mapping[str, Any], salt: bytes) -> dict[str, str]:
    """The digest of every field, which hides its value: 64 hexadecimal digits each.

    Raises:
        ValueError: a value has no canonical form, or the salt another length.
    """
    _check_length(salt)
    return {name: _digest(field_salt, body[name]) for name, field_salt in field_salts(salt, body).items()}


def _check_length(salt: bytes) -> None:
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")


def _salts(salt: bytes, names: Iterable[bytes]) -> list[bytes]:
    """HMAC-SHA256 of every name under the salt, which is no longer than a block (RFC 2104, section 2)."""
    key = salt.ljust(_BLOCK_BYTES, b"\0")
    inner, outer = sha256(key.translate(_INNER)), sha256(key.translate(_OUTER))
    salts = []
    for name in names:
        within, around = inner.copy(), outer.copy()
        within.update(name)
        around.update(within.digest())
        salts.append(around.digest())
    return salts


@lru_cache(4096)
def _frame(names: tuple[str, ...]) -> tuple[tuple[bytes, ...], str]:
    """What commitments to fields of these names have in common; a log has few sets of names, and a million bodies.

    Returns:
        the names in UTF-8, and the object that is hashed, with a place for each one's digest.
    """
    places = {name: b'"%b"' % f"\0{place}\0".encode() for place, name in enumerate(names)}
    bare = joined(places).decode().replace("{", "{{").replace("}", "}}")
    return tuple(name.encode() for name in names), re.sub("\0([0-9]+)\0", r"{\1}", bare)


def _digest(field_salt: bytes, value: Any) -> str:
    return sha256(field_salt + canonical(value)).hexdigest()


def _over(digests: dict[str, str]) -> str:
    return sha256(joined({name: b'"%b"' % digest.encode() for name, digest in digests.items()})).hexdigest()
