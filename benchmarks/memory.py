"""How much memory an upload needs: resident bytes of its largest process, at its largest.

* 10,000 small pictures in one command.
* One file of 4 GB that is no picture, from a sparse file and from standard input.
* One of 1 GB into a real S3 server, put in one request (SeaweedFS; left out, and said, where it cannot run).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.goal import Goal, finish
from benchmarks.pictures import SMALL, folder
from benchmarks.process import ARCHIVER, Used, run

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES, MANY = 10_000, 400
LARGE, LARGE_S3, ONE = 4 * 10**9, 10**9, 200
MEGA = 10**6
BUCKET = "benchmark"


def _goal(what: str, used: Used, limit: int) -> Goal:
    told = f"the largest process; {used.cpu:.1f} s of CPU, {used.wall:.1f} s in all"
    return Goal(what, used.memory / MEGA, limit, "MB", from_what=told)


def many(count: int = FILES) -> Goal:
    """A folder of small files."""
    pictures = folder(SMALL, count)
    print(f"memory: uploading {count:,} files", flush=True)
    with tempfile.TemporaryDirectory() as home:
        used = run([*ARCHIVER, "--archive", f"{home}/archive", "upload", "--json", str(pictures)])
    archived = Counter(b'"status": "archived"' in line for line in used.output.splitlines())[True]
    if archived != count:
        raise RuntimeError(f"{archived} of {count} files were archived")
    return _goal(f"memory, uploading {count:,} files", used, MANY)


def large() -> Iterator[Goal]:
    """One large file, as a file and as a stream."""
    print(f"memory: uploading a file of {LARGE / 1e9:g} GB, twice", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "large.bin"
        _sparse(path, LARGE, b"first")
        command = [*ARCHIVER, "--archive", f"{scratch}/archive", "upload", "--any-type", "--json"]
        yield _goal(f"memory, a file of {LARGE / 1e9:g} GB", run([*command, str(path)]), ONE)
    with tempfile.TemporaryDirectory() as scratch, _stream(LARGE) as stream:
        command = [*ARCHIVER, "--archive", f"{scratch}/archive", "upload", "--any-type", "--json", "-"]
        yield _goal(f"memory, {LARGE / 1e9:g} GB from standard input", run(command, stdin=stream), ONE)


def large_s3() -> Iterator[Goal]:
    """One large file into a real server."""
    from tests.servers.seaweedfs import SeaweedFS, available  # noqa: PLC0415 - a development dependency

    missing = available()
    if missing:
        print(f"memory: no S3 server runs here ({missing}): not measured", flush=True)
        return
    print(f"memory: uploading a file of {LARGE_S3 / 1e9:g} GB to SeaweedFS", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "large.bin"
        _sparse(path, LARGE_S3, b"s3")
        with SeaweedFS(Path(scratch) / "server") as server:
            keys = {"AWS_ACCESS_KEY_ID": server.access_key, "AWS_SECRET_ACCESS_KEY": server.secret_key}
            archive = [*ARCHIVER, "--archive", f"{scratch}/archive"]
            store = f"s3://{BUCKET}?endpoint={server.endpoint}&region=us-east-1"
            run([*archive, "init", "--store", store, "--create-bucket"], extra=keys)
            used = run([*archive, "upload", "--any-type", "--json", str(path)], extra=keys)
        yield _goal(f"memory, {LARGE_S3 / 1e9:g} GB into SeaweedFS", used, ONE)


@contextlib.contextmanager
def _stream(size: int) -> Iterator[int]:
    """A pipe that carries so many bytes and ends."""
    reading, writing = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(reading)
        block = bytes(MEGA)
        with contextlib.suppress(BrokenPipeError):
            for _ in range(size // MEGA):
                left = memoryview(block)
                while left:
                    left = left[os.write(writing, left) :]
        os._exit(0)
    os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _sparse(path: Path, size: int, start: bytes) -> None:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


def measure(files: int = FILES) -> list[Goal]:
    """All of it; once each, because memory hardly varies."""
    return [*large(), *large_s3(), many(files)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES, help="how many small files")
    finish(measure(parser.parse_args().files))
