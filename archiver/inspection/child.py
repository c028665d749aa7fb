"""Hostile files are read in a child that is forked for one file, limited, mute, and always reaped.

1. The parent makes a pipe and forks.
2. The child empties its environment, points its standard streams at nothing, closes every other descriptor but the
   pipe, and limits itself (``archiver.inspection.limits``).
3. It does the work and writes each stage as one line of JSON; a last line says that it is done.
4. The parent reads, no longer than the wall limit and no more than the output bound, and then ends the child by its
   process id, whatever state it is in, and reaps it. What ended it is part of the outcome; nothing raises.

The child inherits its parent's memory. A command that holds credentials exposes them to a decoder that a file has taken
over; ``archiver.inspection.server`` forks from a process that never held any. What either can do with what it finds is
bounded by ``archiver.inspection.confinement``: all that leaves the child is its report.
"""

from __future__ import annotations

import errno
import gc
import json
import os
import select
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from archiver.inspection.limits import impose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from archiver.inspection.limits import Limits

FAILED, NO_MEMORY, NO_DESCRIPTOR, UNREADABLE = 70, 71, 72, 74
"""Exit codes of a child that did not finish: anything else, memory, open files, a file that cannot be read."""

_PIPE: Final = 3
_DEFAULT: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU, signal.SIGXFSZ)
DONE: Final = b'{"done":true}\n'


@dataclass(frozen=True)
class Outcome:
    """How a child ended.

    Attributes:
        output: what it wrote.
        cpu_seconds: the CPU time it used.
        refused: which limit ended it, or none.
        crashed: what else ended it early, or none.
        unreadable: the file could not be opened or read.
    """

    output: bytes
    cpu_seconds: float
    refused: str | None = None
    crashed: str | None = None
    unreadable: bool = False


def run(
    work: Callable[[], Iterable[dict[str, Any]]], limits: Limits, prelude: Callable[[], None] | None = None
) -> Outcome:
    """Do ``work`` in a bounded child.

    Args:
        work: yields the stages; called in the child only.
        limits: what it may use.
        prelude: called first in the child (the server asks the kernel there to end the child with its parent).

    Returns:
        The outcome, whatever the child did.

    Raises:
        OSError: the system has no room for another process.
    """
    import resource  # noqa: F401, PLC0415 - so that no child has to load it

    handled = [number for number in _DEFAULT if signal.getsignal(number) is not signal.SIG_DFL]
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if child == 0:
        _live(work, limits, writing, handled, prelude)
    os.close(writing)
    stopped = None
    try:
        output, stopped = _read(reading, limits)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)  # no effect on one that has ended; its status is what it was
        _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return outcome(output, stopped, code, usage.ru_utime + usage.ru_stime, limits)


def prepare() -> None:
    """Do once, in a process that serves many files and needs neither, what each child would have to do first."""
    os.environ.clear()
    for number in _DEFAULT:
        signal.signal(number, signal.SIG_DFL)


def write_stages(work: Iterable[dict[str, Any]], descriptor: int) -> None:
    """Write each stage as a line, and then the line that says it was all."""
    for stage in work:
        _write(descriptor, json.dumps(stage, separators=(",", ":"), allow_nan=False).encode() + b"\n")
    _write(descriptor, DONE)


def _live(
    work: Callable[[], Iterable[dict[str, Any]]],
    limits: Limits,
    writing: int,
    handled: list[signal.Signals],
    prelude: Callable[[], None] | None,
) -> NoReturn:
    """The child's whole life."""
    code = FAILED
    try:
        gc.disable()  # collecting would touch, and so copy, every page shared with the parent
        beyond = _beyond()  # while there are files to be looked at
        if prelude is not None:
            prelude()
        if os.environ:
            os.environ.clear()
        for number in handled:
            signal.signal(number, signal.SIG_DFL)
        _seal(writing, beyond)
        impose(limits)
        write_stages(work(), _PIPE)
        code = 0
    except MemoryError:
        code = NO_MEMORY
    except OSError as error:
        code = of_error(error)
    finally:
        os._exit(code)  # whatever was raised ends here: no handler, no buffer of the parent's may run in the child


def of_error(error: OSError) -> int:
    """The exit code for an error of the system: a limit, or a file that cannot be read."""
    return {errno.ENOMEM: NO_MEMORY, errno.EMFILE: NO_DESCRIPTOR}.get(error.errno or 0, UNREADABLE)


def _beyond() -> int:
    """A number above all open descriptors: the limit may have been lowered since one was opened, or be none."""
    try:
        return max(int(name) for name in os.listdir("/dev/fd")) + 1  # noqa: PTH208 - mere numbers
    except (OSError, ValueError):
        return os.sysconf("SC_OPEN_MAX")


def _seal(writing: int, beyond: int) -> None:
    """Descriptors: nothing at 0, 1 and 2, the pipe at 3, all others closed."""
    nothing = os.open(os.devnull, os.O_RDWR)
    if writing != _PIPE:
        os.dup2(writing, _PIPE)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(_PIPE + 1, beyond)


def _write(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


def _read(reading: int, limits: Limits) -> tuple[bytes, str | None]:
    """What the child wrote, and which of the parent's own limits stopped it."""
    deadline = time.monotonic() + limits.wall_seconds
    waiting = select.poll()
    waiting.register(reading, select.POLLIN)
    pieces: list[bytes] = []
    size = 0
    while True:
        rest = deadline - time.monotonic()
        if rest <= 0 or not waiting.poll(rest * 1000):
            return b"".join(pieces), f"more than {limits.wall_seconds} s of waiting"
        piece = os.read(reading, 1 << 16)
        if not piece:
            return b"".join(pieces), None
        size += len(piece)
        if size > limits.output:
            return b"".join(pieces), f"a report of more than {limits.output} bytes"
        pieces.append(piece)


def outcome(output: bytes, stopped: str | None, code: int, cpu_seconds: float, limits: Limits) -> Outcome:
    """What an exit code means.

    Args:
        output: what the child wrote.
        stopped: which of the parent's own limits stopped it, or none.
        code: its exit code, negative for a signal, as ``subprocess`` has it.
        cpu_seconds: the CPU time it used.
        limits: what it was allowed.
    """
    refused = crashed = None
    if stopped is not None:
        refused = stopped
    elif code == -signal.SIGXCPU or (code == -signal.SIGKILL and cpu_seconds >= limits.cpu_seconds):
        refused = f"more than {limits.cpu_seconds} s of CPU time"
    elif code == -signal.SIGKILL:
        refused = "killed from outside (SIGKILL), as a system short of memory does"
    elif code == NO_MEMORY:
        refused = f"more than {limits.address_space} bytes of memory"
    elif code == NO_DESCRIPTOR:
        refused = f"more than {limits.files} open files"
    elif code < 0:
        crashed = f"the decoder crashed ({signal.Signals(-code).name})"
    elif code not in {0, UNREADABLE}:
        crashed = f"the inspection failed (exit code {code})"
    return Outcome(output, cpu_seconds, refused, crashed, unreadable=code == UNREADABLE)
