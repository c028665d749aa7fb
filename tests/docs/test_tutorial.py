"""The tutorial is run line by line, on both databases, and its answers are the program's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.demo import drawing
from tests.archive.conftest import CATALOGUES, bucket, inspection_server, place, quiet, warm
from tests.archive.desk import run

if TYPE_CHECKING:
    from tests.archive.desk import Desk

__all__ = ["bucket", "inspection_server", "quiet", "warm"]  # fixtures

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
ITEM, NUMBER = r"[0-9a-f]{12}", r"[0-9]+"
NAMES = {"PHOTO": ITEM, "PAGE": ITEM, "REPOST": ITEM, "SEOUL": NUMBER, "NOTEBOOK": NUMBER, "BEFORE": NUMBER}
"""What the tutorial calls things whose names differ, and how such a name is written."""
_NAME = re.compile(r"\b(" + "|".join(NAMES) + r")\b")


def steps() -> list[tuple[str, list[str]]]:
    """Each command with the lines that its answer must hold, in their order."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ archiver "), []))
            else:
                found[-1][1].append(line)
    return found


def pattern(line: str, called: dict[str, str]) -> re.Pattern[str]:
    """A line of the tutorial: ``…`` is anything, a name is what it was the first time."""
    parts = [".*".join(re.escape(part) for part in piece.split("…")) for piece in _NAME.split(line)]
    for at in range(1, len(parts), 2):
        name = _NAME.split(line)[at]
        parts[at] = re.escape(called[name]) if name in called else f"(?P<{name}>{NAMES[name]})"
    return re.compile("".join(parts) + r"\s*$")


@pytest.mark.parametrize("catalogue", CATALOGUES)
@pytest.mark.usefixtures("warm")
def test_every_line_of_the_tutorial_is_so(
    request: pytest.FixtureRequest, catalogue: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk: Desk = place(request, catalogue, tmp_path).make()
    drawing.draw_all(desk.files)
    monkeypatch.chdir(desk.files)
    called: dict[str, str] = {}
    told = steps()
    assert len(told) > 30
    for command, expected in told:
        called |= checked(desk, command, expected, called)


def checked(desk: Desk, command: str, expected: list[str], called: dict[str, str]) -> dict[str, str]:
    """Run one command and hold its answer against the tutorial's; the names that it gives."""
    words = shlex.split(_NAME.sub(lambda name: called.get(name[0], name[0]), command))
    answer = run("--archive", desk.home, "--actor", "Ida Example", *words)
    code = next((int(line[len("(exit code ") : -1]) for line in expected if line.startswith("(exit code ")), 0)
    assert answer.code == code, f"{command}\n{answer.out}{answer.err}"
    lines = iter([*answer.out.splitlines(), *answer.err.splitlines()])
    named: dict[str, str] = {}
    for line in (line for line in expected if not line.startswith("(exit code ")):
        wanted = pattern(line, called | named)
        found = next((match for match in map(wanted.match, lines) if match), None)
        assert found, f"{command}\nno line like {line!r} in\n{answer.out}{answer.err}"
        named |= found.groupdict()
    return named
