"""Manifests as comma-separated values (RFC 4180), as spreadsheets write them: with semicolons or tabs where they do.

1. The header is the first row that holds anything; each of its names is a known column, and none stands there twice.
2. What separates cells is whichever of comma, semicolon and tab makes the most known columns of the header.
3. A row with another number of cells than the header is refused: it is a sign of a quote or a line break gone astray.
4. Quotes that do not close leave open where rows begin and end: the whole file is refused.
"""

from __future__ import annotations

import csv
import io
from itertools import chain
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.manifest.columns import ABOUT_SOMETHING, Format, unknown
from archiver.manifest.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

DELIMITERS = ",;\t"


def read_table(lines: Iterable[str]) -> Iterator[Entry]:
    """The rows below the header that hold anything; undoes ``table_lines``.

    Raises:
        InputRefused: there is no header of known columns, or rows cannot be told apart.
    """
    source = iter(lines)
    before = []
    for line in source:
        before.append(line)
        if line.strip():
            break
    reader = csv.reader(chain(before, source), delimiter=_delimiter(before[-1] if before else ""), strict=True)
    header: list[str] = []
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise InputRefused(
                f"row {number}, which ends at line {reader.line_num}, cannot be read: {error}",
                hint="close every quote, double the quotes inside a cell, and end lines with a line feed",
            ) from error
        if cells is None:
            break
        if not any(cell.strip() for cell in cells):
            continue
        if header:
            yield _entry(number, header, cells)
        else:
            header = _header(cells)
    if not header:
        raise InputRefused("it is empty", hint="`archiver manifest template` prints one to begin with")


def table_lines(names: Sequence[str], entries: Iterable[Entry]) -> Iterator[str]:
    """A header and rows, a line each (a cell with line breaks makes several)."""
    for cells in chain([list(names)], ([entry.cells.get(name, "") for name in names] for entry in entries)):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(cells)  # so that either of the two in a cell is quoted
        yield line.getvalue().removesuffix("\r\n") + "\n"


def _delimiter(line: str) -> str:
    def known(delimiter: str) -> int:
        names = [name.strip().strip('"') for name in line.split(delimiter)]
        return len(names) - len(unknown(names, Format.CSV))

    return max(DELIMITERS, key=known)  # the first of those that are equal


def _header(cells: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    named = [name for name in header if name]
    wrong = unknown(named, Format.CSV)
    wrong += [f"the column {name!r} is there twice" for name in dict.fromkeys(named) if named.count(name) > 1]
    if not wrong and not set(ABOUT_SOMETHING) & set(named):
        wrong = ["there is no column path, item or url"]
    if wrong:
        raise InputRefused(
            f"its header is not understood: {'; '.join(wrong)}",
            hint="`archiver manifest template` prints every column; they are described in the documentation: manifest",
        )
    return header


def _entry(number: int, header: Sequence[str], cells: Sequence[str]) -> Entry:
    if len(cells) != len(header):
        return Entry(
            number,
            error=f"it has {len(cells)} cells, and the header has {len(header)}",
            hint="put a cell that holds the separator, a quote or a line break into quotes",
        )
    nameless = [cell for name, cell in zip(header, cells, strict=True) if not name and cell.strip()]
    if nameless:
        return Entry(number, error=f"the cell {nameless[0]!r} stands in a column without a name", hint="name it")
    return Entry(number, {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()})
