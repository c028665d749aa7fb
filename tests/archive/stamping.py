"""Time stamps as a user asks for them, and what can be seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

PARTS = ("note", "pem", "tsq", "tsr")


def take(desk: Desk, number: int, *words: object) -> str:
    return desk.take(f"{number}.jpg", drawing.jpeg(drawing.photo(number)), *words)


def names(desk: Desk) -> list[str]:
    return sorted(desk.open_store().names("log/timestamps/"))


def stamp(desk: Desk, *words: object, code: int = 0) -> list[dict[str, Any]]:
    return desk("stamp", "--json", *words, code=code).lines


def covered(desk: Desk) -> list[dict[str, Any]]:
    stamped: list[dict[str, Any]] = desk("status", "--json").json["stamped"]
    return stamped


def settings(desk: Desk, **values: object) -> None:
    with (desk.home / "archive.toml").open("a") as file:
        file.write("\n[stamps]\n" + "".join(f"{name} = {value}\n" for name, value in values.items()))
