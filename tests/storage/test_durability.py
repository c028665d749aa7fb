"""What is brought to the disk where ``fsync`` alone does not do it (macOS); its call is stood in for."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from storage.durability import flush, flush_names

if TYPE_CHECKING:
    from pathlib import Path

FULL = 51
"""F_FULLFSYNC there."""


def calls(monkeypatch: pytest.MonkeyPatch, answer: int) -> list[str]:
    """What is called of a system with F_FULLFSYNC that answers with this error, or well (0)."""
    made: list[str] = []

    def full(_descriptor: int, command: int) -> int:
        assert command == FULL
        made.append("full")
        if answer:
            raise OSError(answer, os.strerror(answer))
        return 0

    monkeypatch.setattr(fcntl, "F_FULLFSYNC", FULL, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", full)
    monkeypatch.setattr(os, "fsync", lambda _descriptor: made.append("fsync"))
    return made


@pytest.mark.parametrize(
    ("answer", "expected"), [(0, ["full"]), (errno.ENOTSUP, ["full", "fsync"]), (errno.EINVAL, ["full", "fsync"])]
)
def test_the_drive_itself_is_asked_where_the_file_system_knows_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: int, expected: list[str]
) -> None:
    made = calls(monkeypatch, answer)

    flush_names(tmp_path)

    assert made == expected


def test_a_drive_that_fails_is_not_made_good_by_another_call(monkeypatch: pytest.MonkeyPatch) -> None:
    made = calls(monkeypatch, errno.EIO)

    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        flush(0)

    assert made == ["full"]
