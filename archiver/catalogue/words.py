"""Text as words, cut once in Python, so that every database finds the same.

The law: a text and a question are cut by the same rules, and both databases only compare whole words (or beginnings of
words) that were cut here; no tokeniser, stemmer or collation of a database has a say.

1. Unicode compatibility forms are levelled (NFKC) and case is folded, so ``STRASSE`` finds ``Straße``.
2. A word is a run of letters, marks and digits that begins with a letter or a digit; everything else separates. Marks
   (Unicode category M: vowel signs, accents, points) stay in their word in every script, so ``हिन्दी`` is one word. What
   joins letters and shows nothing itself (zero-width joiners, soft hyphens, variation selectors) is left out.
3. Scripts written without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) are cut into overlapping pairs of
   characters, with the last one by itself, as search engines do for them; so ``포로`` is found within ``북한군포로들``.
4. A number whose digits are grouped in threes (``1,000``, ``1.000``, ``1 000``) is held as its parts, as rule 2 has
   them, and once more without its separators, so that ``1000`` finds it. A question is never joined so.
5. A longer word than ``LONGEST`` is cut off there.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
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
_PLAIN: Final = re.compile(r"[^\W_]+", re.ASCII)
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_UNSEEN: Final = re.compile("[\u00ad\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_GROUPED: Final = re.compile(r"(?<![0-9])(?<![0-9][,.])[0-9]{1,3}([,. ])[0-9]{3}(?:\1[0-9]{3})*(?![0-9])")
_SEPARATES, _SPACED, _RUNS_ON, _MARK = range(4)


def words_of(text: str) -> list[str]:
    """The different words of a text, sorted."""
    if text.isascii():  # as most file names and addresses are: nothing to level, and no script without spaces
        folded = text.casefold()
        return sorted({word[:LONGEST] for word in (*_PLAIN.findall(folded), *_joined(folded))})
    folded = _levelled(text)
    return sorted({*(word for run in _runs(folded) for word in _cut(run)), *_joined(folded)})


def asked(text: str) -> list[str]:
    """The words that a question asks for; one that ends in ``*`` asks for every word that begins so.

    Raises:
        ValueError: there is no word in it.
    """
    found: dict[str, None] = {}
    for part in text.split():
        runs = list(_runs(_levelled(part)))
        for number, run in enumerate(runs):
            begins = part.endswith("*") and number == len(runs) - 1
            for word in _asked(run, begins=begins):
                found[word] = None
    if not found:
        raise ValueError(f"{text!r} holds no word: write letters or digits")
    return list(found)


def _levelled(text: str) -> str:
    seen = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())


def _runs(folded: str) -> Iterator[str]:
    """The runs of a levelled text: words of spaced scripts, and whole runs of scripts without spaces."""
    run: list[str] = []
    last = _SEPARATES
    for char in folded:
        kind = _kind(char)
        if kind == _MARK:  # belongs to the letter that it stands on; scripts without spaces have theirs in their blocks
            if last == _RUNS_ON:
                continue
            kind = last
        if kind != last and run:
            yield _whole(run, last)
            run = []
        if kind != _SEPARATES:
            run.append(char)
        last = kind
    if run:
        yield _whole(run, last)


def _whole(run: list[str], kind: int) -> str:
    return "".join(run[:LONGEST] if kind == _SPACED else run)


@lru_cache(maxsize=8192)
def _kind(char: str) -> int:
    if _UNSPACED_RUN.match(char):
        return _RUNS_ON
    if char.isalnum():
        return _SPACED
    return _MARK if unicodedata.category(char).startswith("M") else _SEPARATES


def _joined(folded: str) -> Iterator[str]:
    """Numbers whose digits are grouped, without what groups them."""
    for match in _GROUPED.finditer(folded):
        yield match[0].replace(match[1], "")[:LONGEST]


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
