"""Which limits hold on this machine: tried by a child that is limited like any other, never concluded from a version.

The law: a row says that something holds only where the attempt was made here and now, and failed. The one exception is
CPU time, which no attempt can find out in less than a second of it: there the kernel is asked what is in force.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from archiver.inspection import child, confinement, launch
from archiver.inspection.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER, FORK, FRESH = "forked from a warm process", "forked from the command", "a fresh process"

_NO_RESERVE: Final = 0x4000 if sys.platform == "linux" else 0
"""``MAP_NORESERVE``: the attempt is to meet the limit, not a machine with little memory."""
_BEYOND: Final = 1 << 20
_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for the child that inspects a file; none where the trial itself failed.

    Attributes:
        way: how the child comes into being.
        cpu: the kernel ends it after its CPU time.
        memory: it gets no more address space than its limit.
        descriptors: it can open no more files than its limit.
        network: it reaches no server of this machine, be it by TCP or by a socket with a name in the file system.
        reading: it can read no file beside its own and the libraries.
        writing: it can neither write, make nor remove a file.
        processes: it can start no process.
    """

    way: str
    cpu: bool | None = None
    memory: bool | None = None
    descriptors: bool | None = None
    network: bool | None = None
    reading: bool | None = None
    writing: bool | None = None
    processes: bool | None = None


def held(limits: Limits = DEFAULT) -> tuple[Held, ...]:
    """What holds here: for many files, then for the single file of a question."""
    if not hasattr(os, "fork"):
        return (_fresh(limits, FRESH, "--try-once"),)
    many = _fresh(limits, SERVER, "--try")
    return (many, _forked(limits) if sys.platform == "linux" else _fresh(limits, FRESH, "--try-once"))


def attempts(limits: Limits, place: str, port: int) -> Iterator[dict[str, Any]]:
    """Try everything, as a decoder would that a file has taken over; in the child, after it was confined.

    Args:
        limits: what the child was allowed.
        place: a directory with a file ``decoy`` and a socket ``listening``.
        port: where somebody listens on the loopback interface.
    """
    import resource  # noqa: PLC0415 - POSIX only

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # to see the error
    decoy = os.path.join(place, "decoy")  # noqa: PTH118 - plain text in the child
    made = os.path.join(place, "made")  # noqa: PTH118 - as above
    named = os.path.join(place, "listening")  # noqa: PTH118 - as above
    yield {
        "cpu": resource.getrlimit(resource.RLIMIT_CPU)[0] == limits.cpu_seconds,
        "memory": not _works(lambda: _map(limits.address_space + _BEYOND)),
        "network": not (
            _works(lambda: _connect(socket.AF_INET, ("127.0.0.1", port)))
            or _works(lambda: _connect(socket.AF_UNIX, named))
        ),
        "reading": not _works(lambda: os.close(os.open(decoy, os.O_RDONLY))),
        "writing": not (
            _works(lambda: os.close(os.open(decoy, os.O_WRONLY)))
            or _works(lambda: os.mkdir(made))  # noqa: PTH102 - as above
            or _works(lambda: os.unlink(decoy))  # noqa: PTH108 - as above
        ),
        "processes": not _works(_fork),
        "descriptors": not _works(lambda: _open(limits.files)),
    }


def _works(attempt: Any) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _map(size: int) -> None:
    mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NO_RESERVE).close()


def _connect(family: int, address: Any) -> None:
    with socket.socket(family) as connection:
        connection.settimeout(5)
        connection.connect(address)


def _fork() -> None:
    process = os.fork()
    if process == 0:
        os._exit(0)
    os.waitpid(process, 0)


def _open(most: int) -> None:
    for _ in range(most):
        os.dup(0)


def try_in_child(limits: Limits, place: str, port: int) -> child.Outcome:
    """Fork a child as a serving loop does, and let it try."""
    return child.run(partial(_sealed, limits, place, port), limits)


def _sealed(limits: Limits, place: str, port: int) -> Iterator[dict[str, Any]]:
    confinement.seal()
    yield from attempts(limits, place, port)


def _forked(limits: Limits) -> Held:
    """The trial in a child of this very process."""
    confinement.prepare()
    with Surroundings() as around:
        work = partial(_sealed, limits, around.place, around.port)
        ended = child.run(work, limits, prelude=confinement.enclose)
    return _read(FORK, ended.output)


def _fresh(limits: Limits, way: str, word: str) -> Held:
    """The trial in the inspection process."""
    with Surroundings() as around:
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
                launch.command(limits, word, around.place, str(around.port)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=launch.environment(),
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return Held(way)
    return _read(way, ended.stdout)


def _read(way: str, output: bytes) -> Held:
    try:
        said = json.loads(output.splitlines()[0])
        return Held(way, **{each.name: bool(said[each.name]) for each in fields(Held) if each.name != "way"})
    except (ValueError, KeyError, IndexError, TypeError):
        return Held(way)


class Surroundings:
    """A directory with a file to be read and removed, and two sockets that listen."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="archiver-trial-")
        self.place = self._folder.name
        Path(self.place, "decoy").write_bytes(b"decoy")
        self._listening = [socket.create_server(("127.0.0.1", 0))]
        self.port = self._listening[0].getsockname()[1]
        if hasattr(socket, "AF_UNIX"):
            named = socket.socket(socket.AF_UNIX)
            self._listening.append(named)
            with contextlib.suppress(OSError):  # a name that is too long for a socket; the other attempt counts
                named.bind(os.path.join(self.place, "listening"))  # noqa: PTH118 - plain text
                named.listen()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._listening:
            each.close()
        self._folder.cleanup()
