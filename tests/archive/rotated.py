"""What a user does about the keys of an archive, and what can be seen of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.custody.batch import parse
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

WHY = ("--reason", "once a year")


def take(desk: Desk, number: int) -> str:
    return desk.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number)))


def keys(desk: Desk) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = desk("key", "show", "--json").json["keys"]
    return shown


def rotate(desk: Desk) -> dict[str, Any]:
    done: dict[str, Any] = desk("key", "rotate", "--json", *WHY).json
    return done


def keep(desk: Desk, name: str) -> Path:
    path = desk.files / name
    desk("checkpoint", "--output", path)
    return path


def signed_by(desk: Desk) -> list[str]:
    """Which key signed each published event."""
    read = [parse(desk.open_store().read(name, limit=2**30)) for name in desk.batches()]
    return [event.envelope.key for batch in read for event in batch.events]
