"""Server processes for the tests: started for certain, ended for certain.

1. A server is a session of its own, with its own small environment: nothing that the caller exported (credentials,
   ``PG…`` and ``AWS_…`` variables, proxies) reaches it.
2. It counts as started when it has answered a real request, and never merely because its port is open. If it does not,
   it is killed, and the error ends with the last lines of its log.
3. It is ended with all its descendants, each by its own process id and start time.
4. It dies with the *thread* that started it, however that ends (``PR_SET_PDEATHSIG``, Linux, see prctl(2)): start
   servers in the main thread.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Started = TypeVar("Started")

LOOPBACK = "127.0.0.1"
_PAUSE = 0.05  # seconds between two questions whether a server is ready or gone
_TAIL = 4_000  # bytes of a log that an error shows
_PORT_TAKEN = ("address already in use", "is not available on 127.0.0.1")


class ServerError(RuntimeError):
    """A server cannot be run here, did not start, or did not end."""


class PortTakenError(ServerError):
    """Somebody took one of the chosen ports before the server did."""


def free_ports(count: int) -> list[int]:
    """Choose different free TCP ports of the loopback address; all are held until the last is chosen."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [each.getsockname()[1] for each in sockets]


def start_on_free_ports(count: int, start: Callable[[list[int]], Started], attempts: int = 3) -> Started:
    """Call ``start`` with free ports, and again with others if one was snatched in between.

    Raises:
        PortTakenError: every attempt lost a port.
    """
    for _ in range(attempts - 1):
        with suppress(PortTakenError):
            return start(free_ports(count))
    return start(free_ports(count))


def bound_to_us(command: Sequence[str], *, death_signal: str = "KILL", account: str | None = None) -> list[str]:
    """Return the command that runs ``command`` so that it gets ``death_signal`` when our thread ends.

    With ``account`` it runs as that user, who keeps just enough of root (``CAP_DAC_OVERRIDE``, see capabilities(7)) to
    reach a program or directory below one that only root may enter, as temporary directories of tests are.
    ``no_setuid_fixup`` lets access(2) count it too, by which PostgreSQL looks for its own programs.

    Raises:
        ServerError: setpriv(1) is missing.
    """
    if sys.platform != "linux" and account is None:
        return list(command)
    if (setpriv := shutil.which("setpriv")) is None:
        raise ServerError("setpriv is not installed: apt-get install util-linux")
    launcher = [setpriv, "--pdeathsig", death_signal]
    if account is not None:
        group = str(pwd.getpwnam(account).pw_gid)
        launcher += ["--reuid", account, "--regid", group, "--clear-groups"]
        launcher += ["--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override"]
        launcher += ["--securebits", "+no_setuid_fixup"]
    return [*launcher, *command]


def run(command: Sequence[str], directory: Path, seconds: float = 60) -> str:
    """Run a command to its end in ``directory`` and return what it wrote on stdout.

    Raises:
        ServerError: it failed, took longer than ``seconds`` or could not be started; with what it wrote last.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            env=_environment(directory),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServerError(f"{name}: {error}") from error
    if done.returncode != 0:
        tail = (done.stdout + done.stderr)[-_TAIL:].decode(errors="replace")
        raise ServerError(f"{name} ended with {done.returncode}:\n{tail}")
    return done.stdout.decode(errors="replace")


class Process:
    """One running server: ``command`` in ``directory``, its output appended to ``log``."""

    def __init__(
        self, command: Sequence[str], directory: Path, log: Path, stop_signal: signal.Signals = signal.SIGTERM
    ) -> None:
        self._name = log.stem
        self._log = log
        self._stop_signal = stop_signal
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._child = subprocess.Popen(
                command,
                cwd=directory,
                env=_environment(directory),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id of the server, which its children have as an ancestor."""
        return self._child.pid

    def wait_until(self, refusal: Callable[[], str | None], seconds: float) -> None:
        """Wait until ``refusal`` returns None, which is to say: until a real request was answered.

        Raises:
            PortTakenError: the server ended because one of its ports was taken.
            ServerError: it ended, or still refused after ``seconds``. It is not left running.
        """
        deadline = time.monotonic() + seconds
        while (reason := refusal()) is not None:
            ended = self._child.poll()
            if ended is None and time.monotonic() < deadline:
                time.sleep(_PAUSE)
                continue
            self.kill()
            tail = self._tail()
            kind = PortTakenError if any(words in tail.lower() for words in _PORT_TAKEN) else ServerError
            happened = f"was not ready after {seconds:g} s" if ended is None else f"ended with {ended}"
            raise kind(f"{self._name} {happened}: {reason}\n{tail}")

    def stop(self, seconds: float = 10) -> None:
        """End the server as its manual says, and after ``seconds`` by force; none of its children is left."""
        family = _family(self.pid)
        if self._child.poll() is None:
            self._child.send_signal(self._stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        self._end(family)

    def kill(self) -> None:
        """End the server and its children at once, as a crash would: nothing is flushed, nothing said."""
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGSTOP)  # so that it has no further children while they are counted
        self._end(_family(self.pid))

    def _end(self, family: Sequence[_Member]) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        deadline = time.monotonic() + 10
        for member in family:
            while _running(member):
                with suppress(ProcessLookupError):
                    os.kill(member.pid, signal.SIGKILL)
                if time.monotonic() > deadline:
                    raise ServerError(f"{self._name}: its process {member.pid} cannot be ended")
                time.sleep(_PAUSE / 10)

    def _tail(self) -> str:
        written = self._log.read_bytes()[self._log_start :]
        return written[-_TAIL:].decode(errors="replace")


class _Member(NamedTuple):
    pid: int
    parent: int
    started: str  # in clock ticks since boot: with the id, it names a process for good


def _environment(directory: Path) -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(directory), "TMPDIR": str(directory), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _family(pid: int) -> list[_Member]:
    """Return the descendants of a process, as far as the system shows them under /proc."""
    everybody = [member for each in Path("/proc").glob("[0-9]*") if (member := _look_up(int(each.name)))]
    found = [member for member in everybody if member.parent == pid]
    for member in found:  # grows while it is walked
        found += [child for child in everybody if child.parent == member.pid]
    return found


def _look_up(pid: int) -> _Member | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None  # it has ended meanwhile
    # proc_pid_stat(5): the fields after the command's name are 3 state, 4 parent, …, 22 start time
    return None if fields[0] in "ZX" else _Member(pid, int(fields[1]), fields[19])


def _running(member: _Member) -> bool:
    now = _look_up(member.pid)
    return now is not None and now.started == member.started
