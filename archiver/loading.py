"""What an upload is handed, as loads on their way: the files that paths name, or the rows of a manifest.

A load is begun when it is asked for, and no earlier, so whoever asks decides how many are on their way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.conveyor import Cargo, Load
from archiver.errors import InputRefused
from archiver.manifest.checks import Checks, in_column
from archiver.manifest.manifest import Refused
from archiver.walk import Input, Passed, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from archiver.archive import Archive
    from archiver.intake import Intake
    from archiver.manifest.manifest import Manifest
    from archiver.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Loading:
    """Begins loads.

    Attributes:
        archive: where they go.
        intake: takes their files in.
        pool: in whose threads.
    """

    archive: Archive
    intake: Intake
    pool: Executor

    def paths(self, paths: Sequence[str]) -> Iterator[Load]:
        """The files that paths name."""
        for found in walk(paths, own=self.archive.own_folders()):
            if isinstance(found, Input):
                yield Load(found.label, size=found.size(), cargo=self.pool.submit(self._take, found))
            else:
                yield _passed(found)

    def rows(self, manifest: Manifest, defaults: Provenance) -> Iterator[Load]:
        """The rows of a manifest; what they say is checked here, before their files are touched."""
        checks = Checks(self.archive, manifest.targets)
        for row in manifest.rows(defaults):
            if isinstance(row, Refused):
                yield Load(row.label, row.number, error=row.error)
                continue
            try:
                checked = checks.check(row)
            except InputRefused as error:
                yield Load(row.label, row.number, error=error)
                continue
            file = None if row.path is None else Input(row.label, row.path)
            context = None if row.context is None else Input(str(row.context), row.context)
            load = Load(row.label, row.number, checked, size=sum(each.size() for each in (file, context) if each))
            if file or context:
                load.cargo = self.pool.submit(self._take_row, file, context)
            yield load

    def _take(self, file: Input) -> Cargo:
        return Cargo(self.intake.take(file))

    def _take_row(self, file: Input | None, context: Input | None) -> Cargo:
        """Take in a row's file, and what shows its surroundings, of whatever type: a saved page is no picture."""
        cargo = Cargo(self.intake.take(file) if file else None)
        if cargo.file is not None and cargo.file.error is not None:
            cargo.file.error = in_column("path", cargo.file.error)
        elif context is not None:
            cargo.context = replace(self.intake, any_type=True).take(context)
            if cargo.context.error is not None:
                cargo.context.error = in_column("context", cargo.context.error)
        return cargo


def _passed(found: Passed) -> Load:
    if found.failed:
        return Load(found.label, error=InputRefused(found.why))
    return Load(found.label, passed=found.why)
