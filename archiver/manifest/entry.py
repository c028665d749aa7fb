"""A row as it stands in the file: its number and what its cells hold, not yet understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    Attributes:
        number: in CSV as a spreadsheet shows it (the header is row 1), in JSONL the line.
        cells: what the cells hold, without empty ones: text, or in JSONL a value.
        error: why the row cannot be read; empty where it can.
        hint: what to do about that.
    """

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    hint: str = ""
