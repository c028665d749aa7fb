"""Manifests as JSON Lines: one object a line, whose names are the columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archiver.manifest.columns import CLAIMS, LISTS, Format, unknown
from archiver.manifest.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ONE_OBJECT = "write one JSON object a line, its names the columns: see `archiver manifest template --format jsonl`"


def read_objects(lines: Iterable[str]) -> Iterator[Entry]:
    """The lines that hold anything; undoes ``object_lines``."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            entry = _entry(number, line)
            if entry.cells or entry.error:
                yield entry


def object_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """A line each."""
    for entry in entries:
        yield json.dumps(entry.cells, ensure_ascii=False) + "\n"


def _entry(number: int, line: str) -> Entry:
    try:
        value = json.loads(line, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else error
        return Entry(number, error=f"it is no JSON object: {why}", hint=_ONE_OBJECT)
    if not isinstance(value, dict):
        return Entry(number, error=f"it is {_called(value)}, not a JSON object", hint=_ONE_OBJECT)
    wrong = unknown(value, Format.JSONL)
    if wrong:
        return Entry(number, error="; ".join(wrong), hint=_ONE_OBJECT)
    cells = {name: held for name, held in value.items() if held not in (None, "", []) and str(held).strip()}
    for name, held in cells.items():
        if name != CLAIMS and not _fits(name, held):
            expected = "a text or a list of texts" if name in LISTS else "a text"
            return Entry(number, error=f"column {name}: holds {_called(held)}", hint=f"write {expected}")
    return Entry(number, cells)


def _fits(name: str, held: Any) -> bool:
    if name in LISTS and isinstance(held, list):
        return all(isinstance(part, str) for part in held)
    return isinstance(held, str)


def _called(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice!r} is there twice")
    return made


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
