"""How the demonstration uses the program: as its user does, each command in a process of its own.

The law: a command that does not exit as the story says, or takes for ever, breaks the story; nothing is passed over.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docs.demo.telling import Teller

_ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 120
"""Seconds that one command may take, on a machine that is busy with other things."""


class StoryBroken(Exception):
    """The program did not do what the story says."""


def check(holds: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence: check that this holds, in words
    """Go on only if the promise holds.

    Raises:
        StoryBroken: it does not.
    """
    if not holds:
        raise StoryBroken(promise)


class Shell:
    """Runs commands in one directory, on the archive in its folder ``archive``."""

    def __init__(self, directory: Path, teller: Teller, *, actor: str) -> None:
        self._directory = directory
        self._tell = teller
        mine = {"ARCHIVER_HOME": str(directory / "archive"), "ARCHIVER_ACTOR": actor, "PYTHONUTF8": "1"}
        path = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]  # this checkout, whatever else is installed
        self._environment = {**os.environ, **mine, "PYTHONPATH": os.pathsep.join(path)}

    def archiver(self, *words: str, code: int = 0, silent: bool = False) -> str:
        """Run a command before the reader's eyes.

        Args:
            words: the command and its arguments.
            code: the exit code that the story tells of.
            silent: do not show the answer.

        Returns:
            What it wrote, on standard output and standard error.

        Raises:
            StoryBroken: it exits otherwise.
        """
        self._tell.command(["archiver", *words])
        ran = self._process(words, errors=subprocess.STDOUT)
        if not silent:
            self._tell.answer(ran.stdout)
        if code:
            self._tell.aside(f"exit code {ran.returncode}")
        check(ran.returncode == code, f"`archiver {' '.join(words)}` exits with {code}, not {ran.returncode}")
        return ran.stdout

    def ask(self, *words: str) -> dict[str, Any]:
        """Ask for the answer as JSON, behind the scenes.

        Raises:
            StoryBroken: there is none.
        """
        ran = self._process([*words, "--json"], errors=subprocess.PIPE)
        check(ran.returncode == 0, f"`archiver {' '.join(words)} --json` exits with 0: {ran.stderr}")
        told: dict[str, Any] = json.loads(ran.stdout)
        return told

    def _process(self, words: Sequence[str], *, errors: int) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [sys.executable, "-m", "archiver", *words],
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise StoryBroken(f"`archiver {' '.join(words)}` answers within {_LONGEST} seconds") from None
