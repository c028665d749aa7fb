"""Commands as processes of their own that begin at once: forked from a process that has loaded the program already.

What is killed at a random moment is then killed in its work, and not while Python loads libraries.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import traceback
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.archive.desk import Answer

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from tests.archive.desk import Desk

PATIENCE = 120
_NUMBERS = count()


@cache
def loaded() -> ForkServerContext:
    """The process that has everything loaded; started at the first call."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.archive.whole_program"])
    return context


class Running:
    """A command that runs: ``words`` as its user would type them behind the archive's name."""

    def __init__(self, desk: Desk, *words: object, clock: float = 0, stop: tuple[str, str] | None = None) -> None:
        place = desk.home.parent / "said"
        place.mkdir(exist_ok=True)
        number = next(_NUMBERS)
        self.words = [str(word) for word in words]
        self._said = place / str(number)
        line = ["--archive", str(desk.home), "--actor", "Test Desk", *self.words]
        self._process: BaseProcess = loaded().Process(  # type: ignore[attr-defined, unused-ignore]
            target=_run, args=(line, dict(os.environ), self._said, clock, stop)
        )
        self._process.start()

    def ended(self, seconds: float = PATIENCE) -> Answer | None:
        """How it ended, if it does within so many seconds."""
        self._process.join(seconds)
        code = self._process.exitcode
        if code is None:
            return None
        self._process.close()
        # Where several threads start and await processes, multiprocessing may read the end of one twice, and call the
        # second reading 255; the process's own word is read once.
        code = int(_written(self._said, "code") or code)
        return Answer(code, _written(self._said, "out"), _written(self._said, "err"))

    def answer(self, code: int = 0) -> Answer:
        """How it ended: with this code."""
        answer = self.ended()
        if answer is None:
            self.kill()
            raise AssertionError(f"{self.words} did not end within {PATIENCE} s")
        assert answer.code == code, f"{self.words} ended with {answer.code}, not {code}:\n{answer.out}\n{answer.err}"
        return answer

    def kill(self) -> Answer:
        """End it as a crash would (SIGKILL), if it has not ended; what it had written by then was said."""
        self._process.kill()
        answer = self.ended()
        assert answer is not None
        return answer


def killed(desk: Desk, *words: object, at: str, reached: bool = True) -> Answer:
    """What a command had said when it was killed at a step of its work (``tests.archive.stopping``)."""
    running = Running(desk, *words, stop=(at, signal.SIGKILL.name))
    return running.answer(-signal.SIGKILL if reached else 0)


def _written(said: Path, kind: str) -> str:
    path = said.with_suffix(f".{kind}")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def said(answer: Answer) -> list[dict[str, Any]]:
    """The lines that were written whole: a killed process may have been cut off in the last one."""
    return [json.loads(line) for line in answer.out.splitlines(keepends=True) if line.endswith("\n")]


def _run(line: list[str], environment: dict[str, str], said: Path, clock: float, stop: tuple[str, str] | None) -> None:
    """Within the new process: be the program."""
    os.environ.clear()
    os.environ.update(environment)
    for number, kind in enumerate(("out", "err"), start=1):
        descriptor = os.open(said.with_suffix(f".{kind}"), os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    from tests.archive import whole_program  # noqa: PLC0415 - loaded already, in this process and in no other

    if clock:
        whole_program.wind(clock)
    if stop is not None:
        whole_program.stop_at(*stop)
    try:
        whole_program.main(line)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - what nobody caught ends a program with 1, told on standard error
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    said.with_suffix(".code").write_text(str(code), encoding="utf-8")
    os._exit(code)
