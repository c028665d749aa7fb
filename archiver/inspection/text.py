r"""Text out of files, made fit for JSON and losing nothing.

The law: no lone surrogate and no NUL comes out, and two different texts never come out alike. What is not Unicode text
is written ``\xNN`` (a byte), ``\uNNNN`` (half a surrogate pair) or ``\x00``; a backslash is doubled.
"""

from __future__ import annotations

import re
from typing import Final

_UNFIT: Final = re.compile("[\\\\\x00\ud800-\udfff]")


def visible(content: str | bytes) -> str:
    """The text, with what JSON or a database cannot carry escaped visibly; bytes are read as UTF-8."""
    if isinstance(content, bytes):
        content = content.decode("utf-8", "surrogateescape")
    return _UNFIT.sub(_escape, content)


def bounded(content: str | bytes, length: int) -> str:
    """``visible``, cut to ``length`` characters with a mark that says how long it was."""
    whole = visible(content[: length + 1])
    return whole if len(content) <= length else f"{whole[:length]} … cut, {len(content)} in all"


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char == "\\":
        return "\\\\"
    if char == "\x00":
        return "\\x00"
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    return f"\\u{ord(char):04x}"
