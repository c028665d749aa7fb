"""To bring bytes and names to the disk, so that a power cut takes away nothing that was called kept."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_UNKNOWN: Final = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOTTY})
"""How a file system says that it does not know F_FULLFSYNC."""


def flush(descriptor: int) -> None:
    """Bring a file or directory to the disk: ``fsync``; on macOS, where that stops at the drive's cache, F_FULLFSYNC.

    Raises:
        OSError: the disk did not take it.
    """
    full = getattr(fcntl, "F_FULLFSYNC", None)
    if full is not None:
        try:
            fcntl.fcntl(descriptor, full)
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
        else:
            return
    os.fsync(descriptor)


def flush_names(directory: Path) -> None:
    """Bring the names in a directory to the disk.

    Raises:
        OSError: it cannot be opened, or the disk did not take them.
    """
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)
