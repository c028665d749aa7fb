"""What is taken in: pictures and videos by their content, and damaged ones all the same: they may be evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 4096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PICTURE_NAME = re.compile(
    r".*\.(avif|avi|bmp|gif|hei[cf]|j2k|jfif|jp2|jpe?g?|jxl|png|psd|tiff?|webp"
    r"|cr[23]|dng|nef|orf|raf|rw2|arw|3gp|m4v|mkv|mov|mp4|mpe?g|webm|wmv)",
    re.IGNORECASE | re.DOTALL,
)
"""Names under which a file of no known type is taken for a damaged picture rather than for something else."""


def refuse_unless_damaged(name: str, copy: Path) -> None:
    """Refuse a file whose content is of no known type, but never a picture whose first bytes are damaged.

    Raises:
        InputRefused: it is text, or has no picture's name either.
    """
    with copy.open("rb") as file:
        head = file.read(_HEAD)
    if _is_text(head):
        raise InputRefused(
            "is text, not a picture (a page saved under a picture's name?)",
            hint="take it in all the same with --any-type",
        )
    if not _PICTURE_NAME.fullmatch(name):
        raise InputRefused(
            "is neither picture nor video by its content", hint="take it in all the same with --any-type"
        )


def _is_text(head: bytes) -> bool:
    """Whether the first bytes are UTF-8 without control characters; a character cut off at the end does not count."""
    if _CONTROLS.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == _HEAD and error.start >= len(head) - 3
    return True
