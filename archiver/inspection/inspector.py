"""Asking for an inspection: one interface, three ways, the same report for the same file.

* ``ForkingInspector`` forks from the calling process: for a single question, whose process has loaded Pillow and
  numpy anyway. Call it from a process without other threads.
* ``InspectionServer`` keeps a warm process without credentials, which forks for each file: for many files, from many
  threads.
* ``FreshInspector`` starts a fresh Python for each file: where there is no ``fork``, or none that is safe.

numpy's threads would not survive a fork: ``ForkingInspector`` asks for none, and must be made before numpy is loaded.
"""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import subprocess
import sys
import threading
from functools import cache, partial
from typing import TYPE_CHECKING, Final, Protocol, Self

from archiver.errors import InspectionError
from archiver.inspection import child, confinement, launch, wire
from archiver.inspection.limits import DEFAULT, Limits
from archiver.inspection.testimony import read
from archiver.inspection.wanted import ORDINARY, Wanted

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from archiver.inspection.report import Report
    from archiver.inspection.trust import TrustList
_STARTING_SECONDS: Final = 120
_LOST: Final = "the inspection process was lost twice over this file, as where a system is short of memory"


class Inspector(Protocol):
    """Whoever can inspect a file."""

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """What the file says of itself.

        Args:
            path: the file; it is only read.
            wanted: what to find out beyond the ordinary.

        Raises:
            InspectionError: the file cannot be read, or there is nobody to ask. A file that does not decode is a
            report.
        """

    def describe(self) -> str:
        """The program and libraries that look, with their versions, as the fact records them."""


class ForkingInspector:
    """Forks the calling process for each file. What that process knows, its children know; they can tell nobody."""

    def __init__(self, limits: Limits = DEFAULT, trust: TrustList | None = None) -> None:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        self._limits = limits
        self._trust = trust

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """See ``Inspector``."""
        from archiver.inspection.examine import stages  # noqa: PLC0415 - loaded before forking, and only here

        confinement.prepare()
        work = partial(stages, path.absolute(), wanted, self._limits.pixels, opened=confinement.seal, trust=self._trust)
        try:
            return read(child.run(work, self._limits, prelude=confinement.enclose))
        except OSError as error:
            raise InspectionError(f"no process for the inspection could be made: {error}") from error

    def describe(self) -> str:
        """See ``Inspector``."""
        return _versions()


class FreshInspector:
    """Starts a fresh Python for each file; slow (about 200 ms a file), and works where there is no ``fork``.

    Without POSIX resource limits only the wall limit and the bound on pixels are enforced.
    """

    def __init__(self, limits: Limits = DEFAULT, trust: TrustList | None = None) -> None:
        self._limits = limits
        self._trust = trust

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """See ``Inspector``."""
        late = threading.Event()
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            launch.command(self._limits, "--once"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=launch.environment(),
        ) as process:

            def at_last() -> None:
                late.set()
                process.kill()

            end = threading.Timer(self._limits.wall_seconds, at_last)
            end.start()
            try:
                output = _asked(process, wire.write_request(wire.Request(path, wanted, self._trust)), self._limits)
                code = process.wait()
            finally:
                end.cancel()
                process.kill()
        stopped = f"more than {self._limits.wall_seconds} s of waiting" if late.is_set() else None
        if len(output) > self._limits.output:
            output, stopped = output[: self._limits.output], f"a report of more than {self._limits.output} bytes"
        return read(child.outcome(output, stopped, code, 0.0, self._limits))

    def describe(self) -> str:
        """See ``Inspector``; it says that the process was fresh, because that is where limits are weaker."""
        return f"{_versions()}; one fresh process a file"


def _asked(process: subprocess.Popen[bytes], request: bytes, limits: Limits) -> bytes:
    """What it answers: no more than a byte beyond what it may say, and then it is ended."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("the process was started with pipes")
    with contextlib.suppress(BrokenPipeError):  # it has ended; how, its exit code tells
        process.stdin.write(request)
        process.stdin.close()
    output = process.stdout.read(limits.output + 1)
    if len(output) > limits.output:
        process.kill()
    return output


class InspectionServer:
    """A warm process of its own, with one serving loop a connection; ``inspect`` may be called from many threads.

    A serving loop that is lost (killed for memory, say) is replaced, and the file is asked for once more. Where it is
    lost again, that is a finding about the file, whose bytes are to be kept.
    """

    def __init__(self, workers: int | None = None, limits: Limits = DEFAULT, trust: TrustList | None = None) -> None:
        """Start the process; it loads its libraries while the caller goes on.

        Args:
            workers: serving loops, one for each core unless told otherwise.
            limits: what one file may cost.
            trust: who is asked about the signers of content credentials.
        """
        self._limits = limits
        self._trust = trust
        self._processes: list[subprocess.Popen[bytes]] = []
        self._starting = threading.Lock()
        self._closed = False
        self._idle: queue.SimpleQueue[_Connection | None] = queue.SimpleQueue()
        self._workers = workers or os.cpu_count() or 1
        for connection in self._start(self._workers):
            self._idle.put(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Wait for the inspections under way, hang up on every loop and end the process."""
        self._closed = True
        for _ in range(self._workers):
            connection = self._idle.get()
            if connection is not None:
                connection.stream.close()
        for process in self._processes:
            process.kill()
            process.wait()

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """See ``Inspector``."""
        if self._closed:
            raise InspectionError("the inspection process has been closed")
        request = wire.write_request(wire.Request(path, wanted, self._trust))
        connection = self._idle.get()
        started = False
        try:
            for _ in range(2):
                connection = connection or self._start(1)[0]
                try:
                    outcome = connection.ask(request, self._limits)
                except BaseException as error:
                    started = connection.greeted
                    connection.stream.close()  # an answer still under way must never be taken for another file's
                    connection = None
                    if not isinstance(error, wire.Hangup):
                        raise
                else:
                    return read(outcome, _with_imagehash)
        finally:
            self._idle.put(connection)
        if started:
            return read(child.Outcome(b"", 0.0, refused=_LOST))
        raise InspectionError(
            "the inspection process ends as soon as it is started", hint="is the system short of memory?"
        )

    def describe(self) -> str:
        """See ``Inspector``."""
        return _versions()

    def _start(self, connections: int) -> list[_Connection]:
        pairs = [socket.socketpair() for _ in range(connections)]
        theirs = [their.fileno() for _, their in pairs]
        try:
            with self._starting:
                process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                    launch.command(self._limits, *(str(descriptor) for descriptor in theirs)),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=launch.environment(),
                    pass_fds=theirs,
                    start_new_session=True,  # an interrupt at the terminal is for the command, which then hangs up
                )
                self._processes.append(process)
        except OSError as error:
            raise InspectionError(f"the inspection process could not be started: {error}") from error
        finally:
            for _, their in pairs:
                their.close()
        return [_Connection(ours) for ours, _ in pairs]


class _Connection:
    """One serving loop, from this side."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream
        self.greeted = False

    def ask(self, request: bytes, limits: Limits) -> child.Outcome:
        """One question, one answer; raises ``Hangup``."""
        if not self.greeted:
            self.stream.settimeout(_STARTING_SECONDS)
            wire.receive(self.stream)
            self.greeted = True
        self.stream.settimeout(limits.wall_seconds + _STARTING_SECONDS)
        wire.send(self.stream, request)
        return wire.receive_outcome(self.stream, limits)


def for_one_file(limits: Limits = DEFAULT, trust: TrustList | None = None) -> Inspector:
    """The inspector for a single question on this system.

    Only Linux forks from a command itself: macOS ends processes that use its frameworks (for proxies and certificates,
    say) after a fork without ``exec``.
    """
    return ForkingInspector(limits, trust) if sys.platform == "linux" else FreshInspector(limits, trust)


def _with_imagehash(coefficients: NDArray[np.float64]) -> str:
    from archiver.fingerprint.perceptual import with_imagehash  # noqa: PLC0415 - numpy, which the start does without

    return with_imagehash(coefficients)


@cache
def _versions() -> str:
    from archiver.inspection.server import versions  # noqa: PLC0415 - only where an inspection is recorded

    return versions()
