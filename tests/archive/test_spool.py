"""The private copy: of one state of the file, and gone with the command, however that ends."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from archiver import spool
from tests import drawing
from tests.archive.desk import finished
from tests.archive.processes import killed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from tests.archive.desk import Desk


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def rewritten(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def replaced(path: Path) -> None:
    """By another file under its name: what was opened is still what it was."""
    other = path.with_suffix(".other")
    other.write_bytes(b"another")
    other.replace(path)


def meanwhile(monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[Path], None]) -> None:
    """Have the file changed by somebody else after its first block was read."""
    whole, done, meant = spool._next_block, set[int](), path.stat()

    def reading(stream: BinaryIO) -> bytes:
        block = whole(stream)
        if not done and os.path.samestat(os.fstat(stream.fileno()), meant):
            done.add(1)
            change(path)
        return block

    monkeypatch.setattr(spool, "_next_block", reading)


@pytest.mark.parametrize("change", [grown, cut, rewritten])
def test_a_file_that_changes_while_it_is_read_is_refused_and_the_others_are_taken(
    local: Desk, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    paths = [local.file(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed))) for seed in range(3)]
    os.utime(paths[1], (1e9, 1e9))
    meanwhile(monkeypatch, paths[1], change)

    receipts = local.upload(*paths, "--jobs", "1", code=3)

    assert [receipt["status"] for receipt in receipts] == ["archived", "failed", "archived"]
    assert receipts[1]["error"] == "changed while it was read"
    assert "repeat the command" in receipts[1]["hint"]
    assert local.counts()["items"] == 2
    assert len(list(local.open_store().names("objects/"))) == 2
    assert [each["status"] for each in local.upload(paths[1], "--any-type")] == ["archived"]
    local.root()


def test_a_file_whose_name_another_one_takes_meanwhile_is_what_it_was_when_it_was_opened(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = drawing.jpeg(drawing.photo(1))
    path = local.file("a.jpg", content)
    meanwhile(monkeypatch, path, replaced)

    (receipt,) = local.upload(path)

    assert local.open_store().read(local.object_of(receipt["item"]), limit=2**20) == content


def copies(folder: Path) -> list[Path]:
    return list(folder.glob("archiver-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_closed_terminal_and_a_request_to_end_leave_no_copy_of_what_was_looked_at(
    unmade: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: signal.Signals
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = unmade.file("a.jpg", drawing.jpeg(drawing.photo(1)))
    driver = ("-m", "tests.archive.stopping", "received", number.name)

    (answer,) = finished(unmade.start("inspect", path, driver=driver), code=130)

    assert "interrupted" in answer.err
    assert copies(tmp_path) == []


def test_what_a_killed_command_left_is_swept_by_the_next_and_nothing_else_is(
    unmade: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    path = unmade.file("a.jpg", drawing.jpeg(drawing.photo(1)))
    killed(unmade, "inspect", path, at="received")
    (left,) = copies(tmp_path)
    assert len(list(left.iterdir())) == 2, "the lock and the copy"
    kept = tmp_path / "archiver-spool-mine"
    kept.mkdir()
    (tmp_path / "archiver-spool-link").symlink_to(left)

    finished(unmade.start("inspect", path))

    assert not left.exists()
    assert sorted(path.name for path in copies(tmp_path)) == ["archiver-spool-link", "archiver-spool-mine"]
