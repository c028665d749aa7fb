"""A manifest: a file that is read twice, and never held.

1. The first reading refuses a file whose rows cannot be told apart, before anything is done; it counts the rows, and
   keeps what they point to (``repost_of``).
2. The second gives the rows, one after the other, understood or with what is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.manifest.columns import Format
from archiver.manifest.lines import lines
from archiver.manifest.objects import read_objects
from archiver.manifest.row import Row, row_of
from archiver.manifest.table import read_table
from archiver.manifest.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.manifest.entry import Entry
    from archiver.provenance import Provenance

_LAYOUTS = {".csv": Format.CSV, ".tsv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken in."""

    number: int
    label: str
    error: InputRefused


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest whose rows can be told apart.

    Attributes:
        path: the file.
        layout: how it is written.
        count: how many rows it has.
        targets: what its rows point to.
    """

    path: Path
    layout: Format
    count: int
    targets: Targets

    @classmethod
    def open(cls, path: Path) -> Manifest:
        """Read it for the first time.

        Raises:
            UsageError: there is no such file, or its name does not say how it is written.
            InputRefused: it is not understood as a whole.
        """
        layout = _LAYOUTS.get(path.suffix.lower())
        if layout is None:
            raise UsageError(
                f"the name of the manifest {path} does not say how it is written",
                hint="name it .csv (or .tsv), or .jsonl; `archiver manifest template` prints one to begin with",
            )
        if path.exists() and not path.is_file():
            raise UsageError(f"the manifest {path} is no regular file", hint="it is read twice: write it into a file")
        count, targets = 0, Targets()
        for entry in _entries(path, layout):
            count += 1
            targets.want(entry)
        if not count:
            raise InputRefused(f"the manifest {path} has no rows", hint="write one row a file below the header")
        return cls(path, layout, count, targets)

    def rows(self, defaults: Provenance) -> Iterator[Row | Refused]:
        """The rows in their order; ``defaults`` is what holds where a row leaves a column empty.

        Raises:
            InputRefused: the file was changed meanwhile, and is not understood any more.
        """
        for entry in _entries(self.path, self.layout):
            try:
                yield row_of(entry, self.path.parent, defaults)
            except InputRefused as error:
                label = next((entry.cells[name] for name in ("path", "item", "url") if name in entry.cells), "")
                yield Refused(entry.number, label if isinstance(label, str) else "", error)


def _entries(path: Path, layout: Format) -> Iterator[Entry]:
    if layout is Format.JSONL:
        yield from read_objects(lines(path))
        return
    try:
        yield from read_table(lines(path))
    except InputRefused as error:
        words = str(error)
        told = words if words.startswith("the manifest") else f"the manifest {path}: {words}"
        raise InputRefused(told, hint=error.hint) from error
