"""What a word of the command line names: standard input, a file, or an item that is held. An existing file wins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.originals import spooled
from archiver.walk import STANDARD_INPUT, nothing_came, standard_input

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.spool import Received, Spool


def received(archive: Archive, named: str, spool: Spool, as_of: str | None = None) -> tuple[Received, bool]:
    """A private copy of what is named, and whether it is an item's.

    Args:
        archive: whose items.
        named: ``-``, a path, or an item's SHA-256 or a prefix of it.
        spool: where the copy goes.
        as_of: an item among those held then.

    Raises:
        InputRefused: no such file and no such item, or the file cannot be read.
        AnswerIsNo: the item's bytes are missing or altered in the store.
    """
    if named == STANDARD_INPUT:
        return _something(spool.receive(standard_input()), nothing_came()), False
    if os.path.isdir(named):  # noqa: PTH112 - unlike Path.is_dir it raises nothing, whatever the path is
        raise InputRefused(
            f"{named} is a folder", hint="name a picture; `archiver find --folder` asks for each of a folder"
        )
    if os.path.exists(named):  # noqa: PTH110 - as above
        empty = InputRefused(f"{named} is empty", hint="was it downloaded whole?")
        return _something(spool.receive(Path(named)), empty), False
    try:
        item = archive.resolve(named, as_of)
    except InputRefused as error:
        raise InputRefused(f"there is no file {named!r}, and {error}", hint=error.hint) from error
    return spooled(archive, item, spool), True


def _something(copy: Received, refusal: InputRefused) -> Received:
    """Refuse nothing at all: *not held* would be an answer to a question that was never asked."""
    if copy.size == 0:
        copy.discard()
        raise refusal
    return copy
