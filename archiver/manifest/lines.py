"""The text of a manifest, line by line: UTF-8, with or without a byte order mark, of bounded length."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_LINE = 2**22
"""Bytes: far over any row, and a bound for the memory that a file without line ends takes."""
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_SAVE_AS = "save it as UTF-8 (spreadsheets call that “CSV UTF-8”), then repeat the command"


def lines(path: Path) -> Iterator[str]:
    """The lines, each with its end.

    Raises:
        UsageError: there is no such file.
        InputRefused: it cannot be read, or is no text of this kind.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                yield _text(path, number, line)
    except FileNotFoundError:
        raise UsageError(f"there is no manifest {path}", hint="check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputRefused(f"the manifest {path} cannot be read: {reason}", hint="check the path") from error


def _text(path: Path, number: int, line: bytes) -> str:
    if len(line) > LONGEST_LINE:
        raise InputRefused(
            f"the manifest {path}: line {number} is longer than {LONGEST_LINE:,} bytes", hint="is this the right file?"
        )
    if number == 1:
        if line.startswith(_OTHER_MARKS):
            raise InputRefused(f"the manifest {path} is UTF-16 or UTF-32, not UTF-8", hint=_SAVE_AS)
        line = line.removeprefix(codecs.BOM_UTF8)
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise InputRefused(
            f"the manifest {path}: line {number} holds bytes that are no UTF-8 (0x{line[error.start]:02x} at byte "
            f"{error.start + 1})",
            hint=_SAVE_AS,
        ) from error
