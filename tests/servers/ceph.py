"""Ceph: its S3 gateway (radosgw) over one monitor and one object daemon that keeps everything in memory.

1. Keys for the monitor and the administrator are made; cephx authentication stays on, for without it radosgw hangs.
2. The monitor starts from a map that names its loopback address.
3. The object daemon is registered, made and started; it chooses its own ports, on loopback.
4. A user with credentials of this run is made, which waits until the cluster serves.
5. The gateway starts, and is ready when it takes a bucket and an object.
"""

from __future__ import annotations

import json
import secrets
import shutil
import uuid
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from tests.servers import S3Server, refusal
from tests.servers.process import LOOPBACK, Process, ServerError, bound_to_us, run, start_on_free_ports

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
_START_SECONDS = 120
_TOOL_SECONDS = 60  # a tool waits in silence for a cluster that does not serve
_STOP_SECONDS = 1  # everything is in memory: there is nothing to save

_CONFIGURATION = """\
[global]
fsid = {cluster}
mon host = {monitor}
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
ms bind ipv6 = false
ms bind msgr1 = false
keyring = {directory}/keyring
mon data = {directory}/mon
osd data = {directory}/osd
run dir = {directory}
chdir =
admin socket =
pid file =
log file =
log to stderr = true
mon cluster log file =
mon allow pool size one = true
mon max pg per osd = 1000
# Each of the gateway's pools is a decision of the monitor's, which otherwise waits a second for company.
paxos propose interval = 0.05
paxos min wait = 0.02
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
"""


def available() -> str | None:
    """Return None if Ceph's gateway can run here, otherwise why not."""
    missing = [program for program in _PROGRAMS if shutil.which(program) is None]
    if missing:
        packages = "apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common"
        return f"{', '.join(missing)} not installed: {packages}"
    try:
        bound_to_us(_PROGRAMS)
    except ServerError as error:
        return str(error)
    return None


class CephRgw:
    """One Ceph gateway over ``directory``, which holds keys, maps and each daemon's log; the objects are in memory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._running = ExitStack()

    def __enter__(self) -> S3Server:
        """Start the three daemons.

        Raises:
            ServerError: Ceph is not installed, or one of its daemons did not become ready.
        """
        if (reason := available()) is not None:
            raise ServerError(reason)
        return start_on_free_ports(2, self._start)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def _start(self, ports: list[int]) -> S3Server:
        with ExitStack() as starting:  # what has started is stopped if what follows fails
            for daemon in ("mon", "osd"):
                shutil.rmtree(self._directory / daemon, ignore_errors=True)  # of an attempt that lost a port
                (self._directory / daemon).mkdir(parents=True)
            objects = self._start_cluster(starting, f"[v2:{LOOPBACK}:{ports[0]}]")
            server = S3Server(f"http://{LOOPBACK}:{ports[1]}", secrets.token_hex(8), secrets.token_hex(16), "ceph")
            identity = ["--uid=tests", "--display-name=tests"]
            identity += [f"--access-key={server.access_key}", f"--secret={server.secret_key}"]
            user = partial(self._refusal, "radosgw-admin", "user", "create", *identity)
            objects.wait_until(user, _START_SECONDS)
            frontend = f"beast endpoint={LOOPBACK}:{ports[1]}"
            gateway = self._daemon(starting, "radosgw", "-n", "client.admin", "-f", "--rgw-frontends", frontend)
            bucket = f"readiness-{secrets.token_hex(4)}"
            gateway.wait_until(partial(refusal, server, bucket), _START_SECONDS)
            self._running = starting.pop_all()
        return server

    def _start_cluster(self, starting: ExitStack, monitor: str) -> Process:
        here = self._directory
        cluster, daemon = str(uuid.uuid4()), str(uuid.uuid4())
        configuration = _CONFIGURATION.format(cluster=cluster, monitor=monitor, directory=here)
        (here / "ceph.conf").write_text(configuration, encoding="utf-8")
        keyring, monitor_map, daemon_keyring = (
            str(here / "keyring"),
            str(here / "monmap"),
            str(here / "osd" / "keyring"),
        )

        self._tool("ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
        everything = [word for part in ("mon", "osd", "mgr") for word in ("--cap", part, "allow *")]
        self._tool("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", *everything)
        self._tool("monmaptool", "--create", "--clobber", "--addv", "a", monitor, "--fsid", cluster, monitor_map)
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", monitor_map, "--keyring", keyring)
        monitoring = self._daemon(starting, "ceph-mon", "-i", "a", "-f")
        monitoring.wait_until(partial(self._refusal, "ceph", "mon", "stat"), _START_SECONDS)

        key = self._tool("ceph-authtool", "--gen-print-key").strip()
        (here / "osd.json").write_text(json.dumps({"cephx_secret": key}), encoding="utf-8")
        self._run("ceph", "osd", "new", daemon, "-i", str(here / "osd.json"))
        self._tool("ceph-authtool", "--create-keyring", daemon_keyring, "-n", "osd.0", "--add-key", key)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", daemon, "--keyring", daemon_keyring)
        return self._daemon(starting, "ceph-osd", "-i", "0", "-f", "--keyring", daemon_keyring)

    def _refusal(self, program: str, *words: str) -> str | None:
        try:
            self._run(program, *words)
        except ServerError as error:
            return str(error)
        return None

    def _daemon(self, starting: ExitStack, program: str, *words: str) -> Process:
        command = bound_to_us([program, "-c", str(self._directory / "ceph.conf"), *words])
        process = Process(command, self._directory, self._directory / f"{program}.log")
        starting.callback(process.stop, _STOP_SECONDS)
        return process

    def _run(self, program: str, *words: str) -> str:
        return self._tool(program, "-c", str(self._directory / "ceph.conf"), *words)

    def _tool(self, program: str, *words: str) -> str:
        return run(bound_to_us([program, *words]), self._directory, _TOOL_SECONDS)
