"""Bytes that wait until all were shown to be right: in memory, or in a file without a name where they are many."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING

from storage.digest import CHUNK
from storage.os_errors import own_errors

if TYPE_CHECKING:
    from typing import BinaryIO

IN_MEMORY = 4 * 1024 * 1024
"""Bytes that wait in memory; more of them wait in the system's temporary directory."""


def held_back(stream: BinaryIO, name: str) -> BinaryIO:
    """Read a stream to its end, and give what it held from its beginning; the caller closes that.

    Args:
        stream: raises where its bytes are not right (``storage.verified``).
        name: for the error.

    Raises:
        StoreError: the stream's own, or there is no room for what waits.
    """
    waiting: BinaryIO = io.BytesIO()
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            with own_errors(f"{name} in the temporary directory"):
                if size > IN_MEMORY and isinstance(waiting, io.BytesIO):
                    waiting = _moved(waiting)
                waiting.write(chunk)
        waiting.seek(0)
    except BaseException:
        waiting.close()
        raise
    return waiting


def _moved(waiting: io.BytesIO) -> BinaryIO:
    file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - whoever reads it closes it
    try:
        file.write(waiting.getbuffer())
    except BaseException:
        file.close()
        raise
    return file
