"""Text as words, cut once in Python, so that every database finds the same.

The law: a text and a question are cut by the same rules, and both databases only compare whole words (or beginnings of
words) that were cut here; no tokeniser, stemmer or collation of a database has a say.

1. Unicode compatibility forms are levelled (NFKC) and case is folded, so ``STRASSE`` finds ``Straße``.
2. A word is a run of letters, marks and digits; everything else separates.
3. Scripts written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) are cut into overlapping pairs of
   characters, with the last one by itself, as search engines do for them; so ``포로`` is found within ``북한군포로들``.
4. A longer word than ``LONGEST`` is cut off there.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 64
"""Characters of a word."""

FIELDS: Final = {
    "caption": "k",
    "claim": "c",
    "note": "n",
    "basis": "b",
    "file_name": "f",
    "url": "u",
    "channel": "h",
}
"""Every field that is searched, with the letter that stands before its words in the index."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\uac00-\ud7ff"  # Hangul, kana
    "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_RUN: Final = re.compile(
    f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+(?:[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f]+[^\\W_{_UNSPACED}]*)*"
)
_PLAIN: Final = re.compile(r"[^\W_]+", re.ASCII)
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")


def words_of(text: str) -> list[str]:
    """The different words of a text, sorted."""
    if text.isascii():  # as most file names and addresses are: nothing to level, and no script without spaces
        return sorted({word[:LONGEST] for word in _PLAIN.findall(text.casefold())})
    return sorted({word for run in _runs(text) for word in _cut(run)})


def asked(text: str) -> list[str]:
    """The words that a question asks for; one that ends in ``*`` asks for every word that begins so.

    Raises:
        ValueError: there is no word in it.
    """
    found: dict[str, None] = {}
    for part in text.split():
        runs = list(_runs(part))
        for number, run in enumerate(runs):
            begins = part.endswith("*") and number == len(runs) - 1
            for word in _asked(run, begins=begins):
                found[word] = None
    if not found:
        raise ValueError(f"{text!r} holds no word: write letters or digits")
    return list(found)


def _runs(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return (match[0][:LONGEST] if not _UNSPACED_RUN.match(match[0]) else match[0] for match in _RUN.finditer(folded))


def _cut(run: str) -> list[str]:
    if not _UNSPACED_RUN.fullmatch(run):
        return [run]
    return [*(one + other for one, other in pairwise(run)), run[-1]]


def _asked(run: str, *, begins: bool) -> list[str]:
    if not _UNSPACED_RUN.fullmatch(run):
        return [run + "*"] if begins else [run]
    if len(run) == 1:
        return [run + "*"]  # any pair that begins with it, or the last character of a run
    return [one + other for one, other in pairwise(run)]
