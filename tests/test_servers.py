"""The servers that other tests rely on: they start, serve, keep to themselves and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from tests.servers import ceph, postgres, process, seaweedfs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.servers import S3Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a server left behind is looked up under /proc")

LISTENING = "0A"  # the state of a TCP socket in /proc/net/tcp, proc_pid_net(5)
LOOPBACK = "0100007F"  # 127.0.0.1 there


def needed(reason: str | None) -> None:
    """Skip where a server cannot run, but never in continuous integration, whose job is to run them all."""
    if reason is not None and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)


def processes_in(directory: Path) -> set[int]:
    """Return the processes that work in a directory or below it: a server's and those of its children."""
    found = set()
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (each / "cwd").readlink().is_relative_to(directory):
                found.add(int(each.name))
    return found


def addresses_listened_on(processes: set[int]) -> set[str]:
    sockets = set()
    for pid in processes:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                sockets.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path(f"/proc/net/{table}").read_text().splitlines()]
    return {row[1].partition(":")[0] for row in rows if row[3] == LISTENING and row[9] in sockets}


def store_and_read_back(server: S3Server, bucket: str) -> None:
    with closing(server.client()) as client:
        client.create_bucket(Bucket=bucket)
        client.put_object(Bucket=bucket, Key="original", Body=b"these bytes")
        assert client.get_object(Bucket=bucket, Key="original")["Body"].read() == b"these bytes"


@pytest.fixture
def no_process_left(tmp_path: Path) -> Iterator[None]:
    yield
    assert processes_in(tmp_path) == set()


@pytest.mark.server
@pytest.mark.usefixtures("no_process_left")
def test_seaweedfs_keeps_what_it_took_through_a_crash_and_listens_on_loopback_only(tmp_path: Path) -> None:
    needed(seaweedfs.available())
    engine = seaweedfs.SeaweedFS(tmp_path)
    with engine as server:
        store_and_read_back(server, "evidence")
        assert addresses_listened_on(processes_in(tmp_path)) == {LOOPBACK}

        engine.kill()
        assert processes_in(tmp_path) == set()

        assert engine.start() == server
        with closing(server.client()) as client:
            assert client.get_object(Bucket="evidence", Key="original")["Body"].read() == b"these bytes"
            assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["evidence"]


@pytest.mark.server
@pytest.mark.usefixtures("no_process_left")
def test_a_port_that_was_snatched_is_replaced_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed(seaweedfs.available())
    with socket.socket() as thief:
        thief.bind((process.LOOPBACK, 0))
        stolen = thief.getsockname()[1]
        choices = iter([[stolen, *process.free_ports(9)], process.free_ports(10)])
        monkeypatch.setattr(process, "free_ports", lambda _count: next(choices))
        with seaweedfs.SeaweedFS(tmp_path) as server:
            assert server.endpoint != f"http://{process.LOOPBACK}:{stolen}"
            store_and_read_back(server, "evidence")
    assert next(choices, None) is None


@pytest.mark.server
@pytest.mark.usefixtures("no_process_left")
def test_ceph_serves_on_loopback_only(tmp_path: Path) -> None:
    needed(ceph.available())
    with ceph.CephRgw(tmp_path) as server:
        store_and_read_back(server, "evidence")
        running = processes_in(tmp_path)
        assert len(running) == 3
        assert addresses_listened_on(running) == {LOOPBACK}


@pytest.mark.server
@pytest.mark.usefixtures("no_process_left")
def test_postgres_keeps_what_it_committed_through_a_crash_and_opens_no_port(tmp_path: Path) -> None:
    needed(postgres.available())
    deep = tmp_path / ("a-directory-whose-name-leaves-no-room-for-a-socket" * 2)
    with postgres.Postgres(deep) as server:
        database = server.create_database()
        assert server.create_database() != database
        engine = create_engine(server.url(database))
        with engine.begin() as connection:
            connection.execute(text("create table fact as select 42 as answer"))
        assert len(processes_in(deep)) > 1
        assert addresses_listened_on(processes_in(deep)) == set()

        server.kill()  # while the engine still holds its connection
        assert processes_in(deep) == set()
        engine.dispose()

        server.start()
        assert answer(engine) == 42
        sockets = Path(engine.url.query["host"])  # type: ignore[arg-type]  # one host was given, so it is one string
        assert sockets.is_dir()
    engine.dispose()
    assert not sockets.exists()


def answer(engine: Engine) -> object:
    with engine.connect() as connection:
        return connection.execute(text("select answer from fact")).scalar_one()


@pytest.mark.server
@pytest.mark.usefixtures("no_process_left")
def test_a_server_and_its_children_die_with_a_test_process_that_was_killed(tmp_path: Path) -> None:
    needed(postgres.available())
    program = (
        "import sys, time, pathlib, tests.servers.postgres as postgres\n"
        "with postgres.Postgres(pathlib.Path(sys.argv[1])): print('ready', flush=True); time.sleep(600)\n"
    )
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        assert len(processes_in(tmp_path)) > 1
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while processes_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.mark.usefixtures("no_process_left")
def test_a_start_that_fails_shows_what_the_server_said_last_and_leaves_no_child(tmp_path: Path) -> None:
    command = ["sh", "-c", "sleep 600 & echo the disk is gone; wait"]
    server = process.Process(process.bound_to_us(command), tmp_path, tmp_path / "server.log")
    with pytest.raises(process.ServerError, match=r"server was not ready after 0.5 s: no answer\nthe disk is gone"):
        server.wait_until(lambda: "no answer", 0.5)


def test_programs_that_were_chosen_and_do_not_run_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PG_BIN", str(tmp_path))
    assert "initdb" in (postgres.available() or "")
    with pytest.raises(process.ServerError, match="initdb"):
        postgres.Postgres(tmp_path / "cluster").start()
