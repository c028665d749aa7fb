"""Text in metadata that could steer a terminal or a page: control characters, reordering, markup.

The law: the text is kept as it is and escaped wherever it is shown; here is only told that it is there, and in which
tags. The text itself is not repeated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTROLS: Final = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Unicode Standard Annex 9, 2
    "\ufff9-\ufffb\U000e0001-\U000e007f]"  # annotations; tags, which no font shows
)
_MARKUP: Final = re.compile(
    r"<\s{0,9}/?\s{0,9}(script|iframe|object|embed|svg|img|html|body|meta|link|style|form|base|math|video|audio)\b"
    r"|<[a-z][^<>]{0,500}\bon[a-z]{3,20}\s*=|javascript:",
    re.IGNORECASE,
)
_MOST_NAMES, _MOST_CHARACTERS, _LONGEST_NAME = 4, 4, 80


def findings(groups: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One finding of each code a group, at the most."""
    found = []
    for group, tags in groups.items():
        controls: dict[str, list[str]] = {}
        markup: list[str] = []
        for tag, value in tags.items():
            for text in (tag, *_texts(value)):
                characters = sorted(set(_CONTROLS.findall(text)))
                if characters:
                    controls.setdefault(tag, []).extend(f"U+{ord(character):04X}" for character in characters)
                if _MARKUP.search(text):
                    markup.append(tag)
        if controls:
            named = sorted({character for characters in controls.values() for character in characters})
            detail = f"{_listed(group, list(controls))}: {_some(named, _MOST_CHARACTERS)}"
            found.append({"code": "steering-text", "detail": detail})
        if markup:
            found.append({"code": "markup-in-text", "detail": _listed(group, list(dict.fromkeys(markup)))})
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _listed(group: str, names: list[str]) -> str:
    plain = [_CONTROLS.sub("?", bounded(name, _LONGEST_NAME)) for name in names]
    return f"{bounded(group, _LONGEST_NAME)}: {_some(plain, _MOST_NAMES)}"


def _some(names: list[str], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
