"""Small validated values that several facts share.

Times are text with a fixed law, because a database column that drops an offset would falsify evidence:

* ``Instant``: a moment of our own clock, UTC, microseconds, always 27 characters (``2026-11-23T14:53:53.123456Z``),
  so that text order is time order;
* ``Edtf``: a moment somebody else states, in EDTF (ISO 8601-2:2019), with exactly the precision and the offset that
  were stated (see ``archiver.facts.edtf``).
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from archiver.facts import edtf

MAX_TEXT = 100_000
"""Characters of a text field (a caption, a claim): far over any platform's limit, small enough to hold in memory."""

_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"


def instant(moment: datetime) -> str:
    """Write an aware moment as an ``Instant``.

    Raises:
        ValueError: the moment has no offset, so it is not known which moment it is.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without an offset is not a moment")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def parse_instant(text: str) -> datetime:
    """Read an ``Instant`` back; undoes ``instant``."""
    return datetime.fromisoformat(text)  # ten times as fast as strptime, and once a fact


def _real_instant(text: str) -> str:
    parse_instant(text)
    return text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _says_something(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    return text


def _encodable(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character, which no text has")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds a character that is no Unicode text (a lone surrogate)") from error
    return text


def _parsed_edtf(text: str) -> str:
    return str(edtf.parse(text))


Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in full: 64 lower-case hexadecimal digits."""

Instant = Annotated[str, StringConstraints(pattern=_INSTANT), AfterValidator(_real_instant)]
Edtf = Annotated[str, StringConstraints(max_length=200), AfterValidator(_parsed_edtf)]

Text = Annotated[
    str,
    StringConstraints(max_length=MAX_TEXT),
    AfterValidator(_encodable),
    AfterValidator(_plain),
    AfterValidator(_says_something),
]
"""A statement by a person: NFC, not blank."""

Name = Annotated[
    str,
    StringConstraints(max_length=500),
    AfterValidator(_encodable),
    AfterValidator(_plain),
    AfterValidator(_says_something),
]
"""A name: NFC, not blank, at most 500 characters."""

Country = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{2}$")]
"""A country by its two letters (ISO 3166-1 alpha-2)."""

Language = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=100)
]
"""A language tag (BCP 47, RFC 5646): ``ko``, ``uk``, ``zh-Hant``."""

Region = Annotated[str, StringConstraints(pattern=r"^xywh=(0|[1-9][0-9]*),(0|[1-9][0-9]*),[1-9][0-9]*,[1-9][0-9]*$")]
"""A rectangle of the upright picture: left, top, width and height in pixels, in the words of the W3C's Media Fragments
URI 1.0 (2012), 4.2.2: ``xywh=160,120,320,240``."""

Raw = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_encodable)]
"""Text kept exactly as found; bytes that are no UTF-8 are escaped before they come here (``escape_undecodable``)."""


def escape_undecodable(name: str) -> str:
    r"""Write a file name as text that JSON can carry, losing nothing.

    File names are bytes; Python hands undecodable ones over as lone surrogates (PEP 383), which RFC 8785 refuses.
    Each such byte becomes ``\xNN``, and a backslash becomes ``\\`` wherever the name holds one, so that no two names
    are written alike.
    """
    return "".join(
        "\\\\" if char == "\\" else f"\\x{ord(char) - 0xDC00:02x}" if "\udc80" <= char <= "\udcff" else char
        for char in name
    )
