"""A list of fingerprints, read line by line. The law: every line is right, or the list is refused and nothing is used.

Three forms (``archiver.facts.vocabulary.HashListForm``):

* CSV (RFC 4180), the first line naming the columns: ``algorithm`` and ``bits``, and where wanted ``quality``, ``label``
  and ``item``, in any order. No other column: what is not understood is refused, not passed over.
* JSONL: an object a line with the same names.
* the plain form of the PDQ tools: ``bits``, or ``bits,quality``, or ``bits,quality,label``, or ``bits,label``, the bits
  with ``hash=`` before them or not. It names no algorithm; who reads it says that it is PDQ as archiver makes it.

An algorithm's name must be known, in full and to the letter: bits of unknown making are never compared. Bits have just
as many hexadecimal digits as their algorithm makes; a spreadsheet that saved the list once has dropped leading zeros,
and the list must be got again. A quality is a whole number from 0 to 100. A label is anybody's word about the line and
is kept to the letter; whoever shows it makes it harmless (``archiver.render``).

However long the list is, one line of it is held at a time.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, assert_never

from archiver.errors import InputRefused, UsageError
from archiver.facts.vocabulary import HashListForm
from archiver.fingerprint.algorithm import PDQ, Algorithm, UnknownAlgorithmError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

COLUMNS: Final = ("algorithm", "bits", "quality", "label", "item")
NEEDED: Final = ("algorithm", "bits")

LENGTH: Final = 256
"""Bits of every fingerprint that is exchanged: what describes a picture's parts has others, and many a picture."""

LONGEST_LINE: Final = 64 * 1024
"""Bytes."""

LONGEST_LABEL: Final = 500
"""Characters: what a name may have."""

TOLD: Final = 10
"""Faulty lines that a refusal names; it counts them all."""

_ITEM = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-fA-F]*")
_PLAIN = re.compile(r"(?:hash=)?(?P<bits>[^,]*)(?:,(?P<quality>[0-9]+)(?=,|$))?(?:,(?P<label>.*))?", re.DOTALL)
_MARK = "\ufeff"
_ENDINGS: Final = {".csv": HashListForm.CSV, ".jsonl": HashListForm.JSONL, ".ndjson": HashListForm.JSONL}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fingerprint of a list.

    Attributes:
        line: where it stands, counted from 1.
        algorithm: what made the bits.
        bits: hexadecimal, lower case, full width.
        quality: 0 to 100, where stated.
        label: the giver's word about it, where there is one.
        item: the SHA-256 of the bytes that it was made of, where the giver told it.
    """

    line: int
    algorithm: Algorithm
    bits: str
    quality: int | None = None
    label: str | None = None
    item: str | None = None


def form_of(source: str, form: HashListForm | None) -> HashListForm:
    """How a list is written: as said, else by the ending of its name.

    Raises:
        UsageError: neither says it.
    """
    told = form or _ENDINGS.get(Path(source).suffix.lower())
    if told is None:
        raise UsageError(
            f"how {source} is written cannot be told from its name",
            hint=f"say --format with one of {', '.join(HashListForm)} (docs/interchange.md)",
        )
    return told


class _Wrong(Exception):
    """A line that is not right, and why."""


def entries(path: Path, form: HashListForm) -> Iterator[Entry]:
    """The fingerprints of a list, in its order.

    Whoever reads to the end knows that every line was right; what was read before a refusal is not to be used.

    Raises:
        InputRefused: a line is not right, or there is none; told at the end, with the first ones' numbers.
    """
    wrong: list[str] = []
    count = faulty = 0
    try:
        with path.open("rb") as file:
            for line, made in _read(file, form):
                if isinstance(made, Entry):
                    count += 1
                    yield made
                else:
                    faulty += 1
                    wrong += [f"line {line} {made}"] if len(wrong) < TOLD else []
    except OSError as error:
        raise InputRefused(f"the list cannot be read: {error.strerror}", hint="check its permissions") from error
    if faulty:
        more = f"; and {faulty - len(wrong):,} more" if faulty > len(wrong) else ""
        raise InputRefused(
            f"the list is not right, and nothing of it was used: {'; '.join(wrong)}{more}",
            hint="docs/interchange.md says how a list is written",
        )
    if not count:
        raise InputRefused("the list holds no fingerprint", hint="docs/interchange.md says how a list is written")


def _read(file: BinaryIO, form: HashListForm) -> Iterator[tuple[int, Entry | str]]:
    match form:
        case HashListForm.CSV:
            yield from _csv(file)
        case HashListForm.JSONL:
            yield from _each(file, _of_json)
        case HashListForm.PDQ:
            yield from _each(file, _of_plain)
        case _:
            assert_never(form)


def _each(file: BinaryIO, parse: Any) -> Iterator[tuple[int, Entry | str]]:
    for line, text in enumerate(_lines(file), start=1):
        if not text.strip():
            continue
        try:
            yield line, _entry(line, parse(text))
        except _Wrong as why:
            yield line, str(why)


def _lines(file: BinaryIO) -> Iterator[str]:
    line = 0
    while raw := file.readline(LONGEST_LINE + 1):
        line += 1
        if len(raw) > LONGEST_LINE:
            raise InputRefused(f"line {line} of the list is longer than {LONGEST_LINE:,} bytes")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise InputRefused(f"line {line} of the list is no UTF-8", hint="save it as UTF-8") from None
        yield text.removeprefix(_MARK) if line == 1 else text


def _csv(file: BinaryIO) -> Iterator[tuple[int, Entry | str]]:
    reader = csv.reader(_lines(file), strict=True)
    names: list[str] = []
    line = 0
    try:
        for row in reader:
            if not names:
                names = _header(row)
            elif row:
                try:
                    yield line + 1, _entry(line + 1, _of_cells(names, row))
                except _Wrong as why:
                    yield line + 1, str(why)
            line = reader.line_num
    except csv.Error as error:
        raise InputRefused(f"line {reader.line_num} of the list is no CSV: {error}") from None


def _header(row: list[str]) -> list[str]:
    names = [name.strip().lower() for name in row]
    unknown = [name for name in names if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in names]
    if not unknown and not missing and len(set(names)) == len(names):
        return names
    raise InputRefused(
        f"the first line of the list names the columns {', '.join(names)[:200]!r}",
        hint=f"it must name {', '.join(NEEDED)}, may name {', '.join(COLUMNS[2:])}, nothing else, and none twice",
    )


def _of_cells(names: list[str], row: list[str]) -> dict[str, Any]:
    if len(row) != len(names):
        raise _Wrong(f"has {len(row)} cells, and the first line {len(names)}")
    told: dict[str, Any] = {name: cell for name, cell in zip(names, row, strict=True) if cell}
    return told | ({"quality": _number(told["quality"])} if "quality" in told else {})


def _number(text: str) -> Any:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("100") else text


def _of_json(text: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise _Wrong("says one thing twice")
        return made

    try:
        told = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise _Wrong("is no JSON") from None
    if not isinstance(told, dict):
        raise _Wrong("is no JSON object")
    unknown = sorted(set(told) - set(COLUMNS))
    if unknown:
        raise _Wrong(f"says {', '.join(unknown)[:80]!r}, which no list does")
    return {name: value for name, value in told.items() if value is not None}


def _of_plain(text: str) -> dict[str, Any]:
    match = _PLAIN.fullmatch(text.rstrip("\r\n"))
    if match is None:
        raise _Wrong("is no fingerprint")
    told = {name: value for name, value in match.groupdict().items() if value}
    return told | {"algorithm": str(PDQ)} | ({"quality": _number(told["quality"])} if "quality" in told else {})


def _entry(line: int, told: dict[str, Any]) -> Entry:
    missing = [name for name in NEEDED if name not in told]
    if missing:
        raise _Wrong(f"lacks {' and '.join(missing)}")
    algorithm = _algorithm(told["algorithm"])
    return Entry(
        line,
        algorithm,
        _bits(told["bits"], algorithm),
        _quality(told.get("quality")),
        _label(told.get("label")),
        _item(told.get("item")),
    )


def _algorithm(name: Any) -> Algorithm:
    try:
        algorithm = Algorithm.parse(name if isinstance(name, str) else repr(name))
    except UnknownAlgorithmError as error:
        raise _Wrong(f"is of an {error}"[:200].replace("an no ", "no ")) from None
    if algorithm.length != LENGTH:
        raise _Wrong(f"is of {algorithm}, of which no lists are made")
    return algorithm


def _bits(bits: Any, algorithm: Algorithm) -> str:
    if not isinstance(bits, str) or not _HEX.fullmatch(bits):
        raise _Wrong(f"has bits that are not hexadecimal: {str(bits)[:80]!r}")
    if len(bits) != algorithm.digits:
        lost = " (a spreadsheet drops leading zeros)" if len(bits) < algorithm.digits else ""
        raise _Wrong(f"has {len(bits)} digits where {algorithm} has {algorithm.digits}{lost}")
    return bits.lower()


def _quality(quality: Any) -> int | None:
    if quality is None:
        return None
    if type(quality) is not int or not 0 <= quality <= 100:  # noqa: PLR2004 - its scale
        raise _Wrong(f"has the quality {str(quality)[:80]!r}, which is not 0 to 100")
    return quality


def _label(label: Any) -> str | None:
    if label is None or label == "":
        return None
    if not isinstance(label, str) or len(label) > LONGEST_LABEL:
        raise _Wrong(f"has a label that is no text of at most {LONGEST_LABEL} characters")
    if "\0" in label or any("\ud800" <= char <= "\udfff" for char in label):
        raise _Wrong("has a label that is no text")
    return label


def _item(item: Any) -> str | None:
    if item is None:
        return None
    if not isinstance(item, str) or not _ITEM.fullmatch(item):
        raise _Wrong("names an item that is no SHA-256 in full")
    return item
