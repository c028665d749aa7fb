"""The names in a store, the same in a directory and in a bucket, and what is a name at all.

::

    format.json
    objects/sha256/ab/cd/<sha256>              the original bytes
    log/events/<first sequence number>.json    one transaction's events; 12 digits, so that sorting by name sorts by
    number
    log/timestamps/<size>/<authority>.<n>.<part>    a time stamp over the checkpoint of that size, 12 digits: note, tsq,
    tsr, pem, crl or ocsp; n counts an authority's stamps over one size
    derived/features/<algorithm>/<number>.bin  features of some items, which can be computed again; 12 digits, from 0 on
    without a gap
    quarantine/<sha256 of the bytes>/<name>    what stood under another name and was not what belongs there

Every function that makes a name has an inverse that accepts exactly what it makes.
"""

from __future__ import annotations

import re

from storage.digest import Digest
from storage.errors import InvalidName

FORMAT = "format.json"
OBJECTS = "objects/sha256/"
EVENTS = "log/events/"
TIMESTAMPS = "log/timestamps/"
DERIVED = "derived/"
"""Below this lies what can be made again."""
FEATURES = "derived/features/"
QUARANTINE = "quarantine/"

LONGEST_NAME = 512
"""Characters: leaves half of S3's 1,024 bytes for a prefix."""

LONGEST_SEGMENT = 200
"""Characters: file systems allow 255 bytes, some encrypting ones little more than half of that for odd names."""

STAMP_PARTS = ("note", "tsq", "tsr", "pem")
"""Of one time stamp: the signed checkpoint, the query, the complete response, the certificates from signer to root."""

STAMP_REVOCATION = ("crl", "ocsp")
"""Parts that a time stamp may have: lists of revoked certificates, and what responders said, when it was made."""

LONGEST_AUTHORITY = 60
"""Characters of an authority's name."""

MOST_STAMPS = 1000
"""Stamps of one authority over one size are numbered from 1 and below this."""

MOST_EVENTS = 10**12
"""Sequence numbers end below this: twelve digits."""

MOST_PACKS = 10**12
"""The numbers of packs end below this, too."""

# A first character other than a dot keeps "..", "." and every hidden file (a store's own temporaries) out of the name
# space.
_NAME = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*")
_OBJECT = re.compile(r"objects/sha256/([0-9a-f]{2})/([0-9a-f]{2})/((?:\1\2)[0-9a-f]{60})")
_AUTHORITY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_STAMP = re.compile(r"log/timestamps/([0-9]{12})/([a-z0-9-]+)\.([1-9][0-9]{0,2})\.(note|tsq|tsr|pem|crl|ocsp)")
_PACK = re.compile(r"derived/features/([a-z0-9]+-[0-9]+(?:_[a-z0-9.-]+)*)/([0-9]{12})\.bin")
_QUARANTINED = re.compile(r"quarantine/([0-9a-f]{64})/(.+)")
_BATCH = re.compile(r"log/events/([0-9]{12})\.json")


def object_name(digest: Digest) -> str:
    """The name of the bytes with this digest."""
    text = str(digest)
    return f"{OBJECTS}{text[:2]}/{text[2:4]}/{text}"


def digest_of(name: str) -> Digest | None:
    """The digest in an object's name; None when it is not the name of an object."""
    match = _OBJECT.fullmatch(name)
    return Digest.parse(match[3]) if match else None


def batch_name(first_sequence: int) -> str:
    """The name of the transaction whose first event has this sequence number.

    Raises:
        InvalidName: the number is negative or does not fit twelve digits.
    """
    if not 0 <= first_sequence < MOST_EVENTS:
        raise InvalidName(f"no name is made for the sequence number {first_sequence}")
    return f"{EVENTS}{first_sequence:012d}.json"


def first_sequence_of(name: str) -> int | None:
    """The sequence number in a transaction's name; None when it is not one."""
    match = _BATCH.fullmatch(name)
    return int(match[1]) if match else None


def quarantine_name(name: str, found: Digest) -> str:
    """The name under which bytes of this digest are kept that stood under ``name`` and do not belong there.

    Raises:
        InvalidName: a store cannot hold it.
    """
    return check_name(f"{QUARANTINE}{found}/{name}")


def quarantined_of(name: str) -> tuple[str, Digest] | None:
    """The name that the bytes stood under, and their digest; None when it is not the name of such bytes."""
    match = _QUARANTINED.fullmatch(name)
    return (match[2], Digest.parse(match[1])) if match and is_name(name) and is_name(match[2]) else None


def is_authority(text: str) -> bool:
    """Whether a time-stamping authority can have this name: lower-case words of a-z and 0-9 joined by hyphens."""
    return len(text) <= LONGEST_AUTHORITY and _AUTHORITY.fullmatch(text) is not None


def stamp_name(size: int, authority: str, number: int, part: str) -> str:
    """The name of one part of a time stamp.

    Args:
        size: of the checkpoint that was stamped.
        authority: who stamped it, see ``is_authority``.
        number: which of this authority's stamps over this size, from 1.
        part: one of ``STAMP_PARTS`` or of ``STAMP_REVOCATION``.

    Raises:
        InvalidName: one of them cannot be part of a name.
    """
    name = f"{TIMESTAMPS}{size:012d}/{authority}.{number}.{part}"
    if stamp_of(name) != (size, authority, number, part):
        raise InvalidName(f"no name is made for a time stamp: {name[:120]!r}")
    return name


def stamp_of(name: str) -> tuple[int, str, int, str] | None:
    """Size, authority, number and part in the name of a part of a time stamp; None when it is not one."""
    match = _STAMP.fullmatch(name)
    if match is None or not is_authority(match[2]):
        return None
    return int(match[1]), match[2], int(match[3]), match[4]


def is_name(text: str) -> bool:
    """Whether a store can hold an object of this name: see ``check_name``."""
    return (
        len(text) <= LONGEST_NAME
        and _NAME.fullmatch(text) is not None
        and all(len(segment) <= LONGEST_SEGMENT for segment in text.split("/"))
    )


def check_name(text: str) -> str:
    """Give back a name that every store can hold.

    A name is relative: segments of ``A-Z a-z 0-9 . _ -`` joined by single slashes. No segment begins with a dot, which
    rules out ``..`` and hidden files, and lengths are bounded (``LONGEST_NAME``, ``LONGEST_SEGMENT``).

    Raises:
        InvalidName: it is not such a name.
    """
    if not is_name(text):
        raise InvalidName(f"not a name for a store: {text[:80]!r}")
    return text


def features_prefix(algorithm: str) -> str:
    """What the names of all packs of features under this algorithm's full name begin with.

    A store's names have no colon, and an algorithm's name no underscore: one stands for the other.

    Raises:
        InvalidName: no name can be made of it.
    """
    prefix = f"{FEATURES}{algorithm.replace(':', '_')}/"
    if "_" in algorithm or pack_of(check_name(f"{prefix}{0:012d}.bin")) is None:
        raise InvalidName(f"not the name of an algorithm: {algorithm[:80]!r}")
    return prefix


def pack_name(algorithm: str, number: int) -> str:
    """The name of the pack of features with this number, made under this algorithm's full name.

    Raises:
        InvalidName: the algorithm's name is none, or the number is negative or does not fit twelve digits.
    """
    if not 0 <= number < MOST_PACKS:
        raise InvalidName(f"no name is made for the pack number {number}")
    return f"{features_prefix(algorithm)}{number:012d}.bin"


def pack_of(name: str) -> tuple[str, int] | None:
    """The algorithm's full name and the number in a pack's name; None when it is not the name of a pack."""
    match = _PACK.fullmatch(name)
    return (match[1].replace("_", ":"), int(match[2])) if match and is_name(name) else None
