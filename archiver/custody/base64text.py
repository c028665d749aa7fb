"""Base64 (RFC 4648, section 4) with exactly one spelling for each value.

The usual decoders ignore the spare bits of the last digit and characters outside the alphabet, so a changed text would
still decode to the same signature. Here ``read`` takes only what ``write`` writes.
"""

from __future__ import annotations

import base64
import binascii

from archiver.custody.errors import Malformed


def write(data: bytes) -> str:
    """Spell bytes in base64."""
    return base64.b64encode(data).decode("ascii")


def read(text: str) -> bytes:
    """Undo ``write``.

    Raises:
        Malformed: the text is not the one base64 spelling of any bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"no base64: {text[:100]!r}") from error
    if write(data) != text:
        raise Malformed(f"no base64 in its one spelling: {text[:100]!r}")
    return data
