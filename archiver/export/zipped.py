"""A folder as one ZIP file: the same files, in the order of their names, whatever order the disk has them in.

Nothing in it depends on the machine: no owner, no time of a file, no permission but *readable*. Originals are stored
as they are, for compressing them again gains nothing; all else is deflated. Files over 4 GiB and more than 65,535 of
them are allowed (ZIP64). Bytes go through in blocks.
"""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Final

from archiver.export.bundle import DATA, ORIGINALS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_MODE: Final = 0o100644 << 16
_BLOCK: Final = 2**20


def write_zip(folder: Path, target: Path, made: datetime) -> None:
    """Write a folder, its own name first in every path, into a new file.

    Raises:
        OSError: it cannot be written.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "x", allowZip64=True) as packed:
        for path in paths:
            within = path.relative_to(folder)
            entry = zipfile.ZipInfo(f"{folder.name}/{within.as_posix()}", made.timetuple()[:6])
            entry.external_attr, entry.create_system = _MODE, 3
            stored = within.parts[:2] == (DATA, ORIGINALS)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink, _BLOCK)
    target.chmod(0o600)
