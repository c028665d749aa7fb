"""A desk with an archive on it: the whole program, called as its user calls it, in this process or in one of its own.

What the program writes is taken down as bytes, so that a test sees exactly what a terminal would get.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import cli
from archiver.archive import Archive
from archiver.clock import SystemClock
from archiver.settings import Settings
from storage.url import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.custody.keys import SigningKey
    from storage.store import Store
    from tests.servers import S3Server

PROJECT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds that a process may take on a busy machine."""


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON, a line each."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        """Standard output as the one JSON object that it is."""
        (only,) = self.lines
        return only


@dataclass(frozen=True)
class Desk:
    """One archive.

    Attributes:
        home: its directory.
        store: its store's URL.
        catalogue: its catalogue's URL.
        files: a directory for what is handed in.
        server: the S3 server that its store is on; None for a directory.
    """

    home: Path
    store: str
    catalogue: str
    files: Path
    server: S3Server | None = None

    def make(self) -> Desk:
        """Make the archive."""
        self("init", "--store", self.store, "--catalogue", self.catalogue)
        return self

    def __call__(self, *words: object, code: int = 0, stdin: bytes = b"") -> Answer:
        """Run a command within this process; it must end with this code."""
        answer = run("--archive", self.home, "--actor", "Test Desk", *words, stdin=stdin)
        assert answer.code == code, f"{words} ended with {answer.code}, not {code}:\n{answer.out}\n{answer.err}"
        return answer

    def start(self, *words: object, driver: tuple[str, ...] = ("-m", "cli")) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        command = [sys.executable, *driver, "--archive", str(self.home), *(str(word) for word in words)]
        return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def file(self, name: str, content: bytes) -> Path:
        """A file to hand in."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def upload(self, *words: object, code: int = 0, stdin: bytes = b"") -> list[dict[str, Any]]:
        """Upload, and give back the receipts."""
        return self("upload", "--json", *words, code=code, stdin=stdin).lines

    def take(self, name: str, content: bytes, *words: object) -> str:
        """Hand in one good file, and give back its item."""
        (receipt,) = self.upload(self.file(name, content), *words)
        return str(receipt["item"])

    def show(self, item: str) -> dict[str, Any]:
        """All that is known of an item."""
        shown: dict[str, Any] = self("show", item, "--json").json
        return shown

    def find(self, *words: object) -> dict[str, Any]:
        """Ask for a picture."""
        found: dict[str, Any] = self("find", "--json", *words).json
        return found

    def counts(self) -> dict[str, int]:
        """How much of each kind there is, and how many events."""
        status = self("status", "--json").json
        return {**status["counts"], "events": status["events"]}

    def root(self) -> str:
        """The log's root, of an archive that is intact."""
        verified = self("verify", "--json").json
        assert verified["intact"], verified["faults"]
        return str(verified["root"])

    def faults(self) -> list[tuple[str, str]]:
        """What ``verify`` finds amiss: code and subject of each."""
        verified = self("verify", "--json", code=1).json
        assert not verified["intact"]
        return [(fault["code"], fault["subject"]) for fault in verified["faults"]]

    def archive(self) -> Archive:
        """The archive as a command opens it."""
        return Archive(self.home, actor="Test Desk", clock=SystemClock())

    @property
    def key(self) -> SigningKey:
        """The key that signs its log today."""
        with closing(self.archive()) as archive:
            return archive.key

    def open_store(self) -> Store:
        """The archive's store."""
        return open_store(Settings.load(self.home).store, base=self.home)

    def alter(self, name: str, change: Callable[[bytes], bytes | None]) -> None:
        """Change an object behind the archive's back; to None: take it away."""
        store = self.open_store()
        before = store.read(name, limit=2**30)
        after = change(before)
        if self.server is None:
            path = Path(store.url.removeprefix("file:")) / name
            path.unlink()
            if after is not None:
                path.write_bytes(after)
            return
        bucket, _, prefix = self.store.removeprefix("s3://").partition("?")[0].partition("/")
        client = self.server.client()
        if after is None:
            client.delete_object(Bucket=bucket, Key=f"{prefix}/{name}")
        else:
            client.put_object(Bucket=bucket, Key=f"{prefix}/{name}", Body=after)
        client.close()

    def object_of(self, item: str) -> str:
        """The name of an item's object."""
        return f"objects/sha256/{item[:2]}/{item[2:4]}/{item}"

    def batches(self) -> list[str]:
        """The names of the published transactions, in the order of the log."""
        return sorted(self.open_store().names("log/events/"))


def run(*words: object, stdin: bytes = b"") -> Answer:
    """Run the program within this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code = 0
    incoming = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", incoming):
        try:
            cli.main([str(word) for word in words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    out.flush()
    err.flush()
    return Answer(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()


def finished(*processes: subprocess.Popen[str], code: int = 0) -> list[Answer]:
    """Wait for processes; each must end with this code (a signal's number, negative, where one ended it)."""
    answers = []
    try:
        for process in processes:
            out, err = process.communicate(timeout=PATIENCE)
            answers.append(Answer(process.returncode, out, err))
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.communicate()
    for answer in answers:
        assert answer.code == code, f"ended with {answer.code}, not {code}:\n{answer.out}\n{answer.err}"
    return answers


def flip(data: bytes, position: int, bit: int = 0) -> bytes:
    """The same bytes with one bit flipped."""
    changed = bytearray(data)
    changed[position] ^= 1 << bit
    return bytes(changed)
