r"""How values are shown to a person or a program, so that no file name and no caption can steer a terminal.

Everything that comes from outside (names, captions, URLs, metadata) passes ``printable`` before it is shown: control
characters, terminal escapes and the controls that reorder text are written out. In JSON the same characters are
written as ``\uXXXX``, which means the same to every program.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # zero width, line and paragraph ends, direction
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"  # annotation, tags, lone surrogates
)
_SHORT = 12
_KILO = 1000


def printable(text: str, *, lines: bool = False) -> str:
    """The text with everything that could steer a terminal written out; newlines and tabs too, unless ``lines``."""
    shown = _STEERING.sub(lambda match: _written_out(match[0]), text)
    if not lines:
        shown = shown.replace("\n", "\\n").replace("\t", "\\t")
    return shown


def _written_out(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - PEP 383: a byte of a file name that is no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - widths of the escapes


def json_line(value: Any) -> str:
    """One line of JSON, readable in any language and harmless in any terminal."""
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _STEERING.sub(lambda match: _json_escape(match[0]), plain)


def _json_escape(char: str) -> str:
    if "\ud800" <= char <= "\udfff":  # half a character: no strict reader takes it, so its escape is written as text
        return "\\" + _written_out(char)
    return json.dumps(char)[1:-1]


def short(item: str) -> str:
    """The first 12 hexadecimal digits: enough for people, and accepted wherever an item is asked for."""
    return item[:_SHORT]


def size(count: int) -> str:
    """Bytes in decimal units."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB", "PB"]
    while value >= _KILO and len(units) > 1:
        value, units = value / _KILO, units[1:]
    return f"{value:.0f} {units[0]}" if units[0] == "B" else f"{value:.1f} {units[0]}"


def moment(instant: str | None) -> str:
    """An ``Instant`` to the second, with its offset."""
    if instant is None:
        return "unknown"
    return f"{instant[:10]} {instant[11:19]} UTC"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 item``, ``2 items``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def wrapped(text: str, width: int, indent: str) -> str:
    """Text wrapped to the width, each line indented."""
    parts = [
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in printable(text, lines=True).split("\n")
    ]
    return "\n".join(parts)
