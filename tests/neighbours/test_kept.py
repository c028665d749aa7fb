"""What is kept of the fingerprints is believed only as far as it is right: whatever becomes of it, the answer is right.

Every answer is held against that of comparing every pair (``tests.neighbours.logged.asked``).
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from archiver.neighbours import head, source
from archiver.neighbours.head import Head
from archiver.neighbours.index import LookIndex
from archiver.neighbours.kept import Kept
from tests.neighbours.logged import ALGORITHM, Logged, asked

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[2]
DRIVER = ("-m", "tests.neighbours.stopping")


def opened(folder: Path, identity: str = "drawn") -> LookIndex:
    return LookIndex(ALGORITHM, folder=folder, identity=identity)


def rows_kept(folder: Path) -> int:
    mapped = Kept(folder, f"{ALGORITHM} drawn").open()
    return 0 if mapped is None else mapped.head.count


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")


@pytest.fixture(autouse=True)
def small_blocks() -> Iterator[None]:
    with (
        patch.object(head, "BLOCK", 16),
        patch("archiver.neighbours.kept.BLOCK", 16),
        patch.object(source, "FLUSHED", 30),
    ):
        yield


def test_what_was_kept_is_not_read_from_the_catalogue_again(tmp_path: Path) -> None:
    log = Logged(1, 20)
    asked(opened(tmp_path), log)

    class Unread(Logged):
        def packed_prints(self, algorithm: str, *, after: int = -1) -> Iterator[object]:  # type: ignore[override]
            assert (algorithm, after) == (ALGORITHM, self.rows()[-1][0])
            return iter(())

    asked(opened(tmp_path), Unread(1, 20))
    assert rows_kept(tmp_path) == len(log.rows())


def test_what_is_appended_leaves_the_rows_before_as_they_are(tmp_path: Path) -> None:
    asked(opened(tmp_path), Logged(1, 10))
    before = {path: path.read_bytes() for path in files(tmp_path) if path.name != "head"}

    asked(opened(tmp_path), Logged(1, 30))

    for path, content in before.items():
        assert path.read_bytes().startswith(content)
        assert path.stat().st_size > len(content)


def test_one_who_sees_every_append_holds_no_more_files_open_than_one_needs(tmp_path: Path) -> None:
    reader = opened(tmp_path)
    gc.collect()
    gc.disable()  # a long upload would run out of descriptors before the collector came by
    try:
        asked(reader, Logged(1, 10))
        first = len(os.listdir("/dev/fd"))  # noqa: PTH208 - a count
        for length in range(20, 200, 10):
            asked(reader, Logged(1, length))
        assert len(os.listdir("/dev/fd")) <= first  # noqa: PTH208 - a count
    finally:
        gc.enable()


def test_a_reader_reads_on_while_others_append_and_make_anew(tmp_path: Path) -> None:
    reader, log = opened(tmp_path), Logged(1, 10)
    asked(reader, log)
    asked(opened(tmp_path), Logged(1, 40))
    asked(opened(tmp_path), Logged(2, 40))

    found = reader.within({"upright": f"{log.query():064x}"}, 65)

    assert [n.item for n in found] == [item for item, *_ in log.near(log.query(), 65)]


@pytest.mark.parametrize("sizes", [(30, 20), (30, 29), (30, 20, 25, 20, 30), (9, 8, 7, 6, 5, 4, 3, 2, 1)])
def test_an_older_transaction_sees_no_later_row(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    for size in range(1, max(sizes) + 1, 3):
        asked(opened(tmp_path), Logged(1, size))
    for size in sizes:
        asked(opened(tmp_path), Logged(1, size))


def test_a_question_to_an_earlier_place_shortens_nothing(tmp_path: Path) -> None:
    asked(opened(tmp_path), Logged(1, 10))
    before = {path: path.read_bytes() for path in files(tmp_path)}
    for horizon in (0, 1, 17, 50, 10_000):
        asked(opened(tmp_path), Logged(1, 30, horizon=horizon))
        asked(opened(tmp_path), Logged(1, 10, horizon=horizon))

    assert {path: path.read_bytes() for path in files(tmp_path)} == before
    shutil.rmtree(tmp_path)
    asked(opened(tmp_path), Logged(1, 30, horizon=17))
    assert not tmp_path.exists()


@pytest.mark.parametrize(
    "other",
    [Logged(2, 20), Logged(1, 20, forks=0), Logged(1, 20, forks=9), Logged(1, 40, forks=19), Logged(2, 5)],
    ids=["another seed", "forked at once", "forked in the middle", "forked and longer", "another, shorter"],
)
def test_rows_of_another_log_are_never_searched(tmp_path: Path, other: Logged) -> None:
    asked(opened(tmp_path), Logged(1, 20))
    asked(opened(tmp_path), other)
    asked(opened(tmp_path), Logged(other.seed, 60, forks=other.forks))
    assert rows_kept(tmp_path) == len(Logged(other.seed, 60, forks=other.forks).rows())


def test_rows_of_another_archive_or_algorithm_are_none(tmp_path: Path) -> None:
    asked(opened(tmp_path), Logged(1, 20))
    index = opened(tmp_path, "another")
    asked(index, Logged(1, 20))
    assert index.notes == []
    (generation,) = [path for path in tmp_path.iterdir() if path.is_dir()]
    assert Head.parse((tmp_path / "head").read_bytes()).generation == generation.name  # type: ignore[union-attr]


@pytest.mark.slow
@settings(max_examples=60)
@given(st.data())
def test_cut_or_changed_at_any_byte_the_answer_is_right_and_what_is_kept_is_right_again(data: st.DataObject) -> None:
    folder = Path(mkdtemp())
    try:
        log = Logged(1, 25)
        asked(opened(folder), log)
        path = data.draw(st.sampled_from(files(folder)))
        content = path.read_bytes()
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans(), "cut"):
            path.write_bytes(content[:place])
        else:
            path.write_bytes(
                content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
            )

        asked(opened(folder), log, radius=256)
        asked(opened(folder), Logged(1, 30))

        again = opened(folder)
        asked(again, Logged(1, 30), radius=256)
        assert (again.notes, rows_kept(folder)) == ([], len(Logged(1, 30).rows()))
    finally:
        shutil.rmtree(folder)


def test_damage_is_told(tmp_path: Path) -> None:
    asked(opened(tmp_path), Logged(1, 20))
    (lane,) = tmp_path.glob("rows-*/lane0")
    lane.write_bytes(bytes(lane.stat().st_size))

    index = opened(tmp_path)
    asked(index, Logged(1, 20))

    (note,) = index.notes
    assert "was damaged (lane0, rows from 0)" in note


@pytest.mark.parametrize("gone", ["head", "rows", "lane2", "item", "everything"])
def test_what_was_removed_is_made_anew(tmp_path: Path, gone: str) -> None:
    folder = tmp_path / "cache"
    asked(opened(folder), Logged(1, 20))
    if gone == "everything":
        shutil.rmtree(folder)
    elif gone == "rows":
        shutil.rmtree(next(folder.glob("rows-*")))
    else:
        next(folder.rglob(gone)).unlink()

    asked(opened(folder), Logged(1, 20))

    assert rows_kept(folder) == len(Logged(1, 20).rows())


def test_where_nothing_may_be_written_the_answer_is_right_and_it_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    index = opened(blocked / "cache")

    for size in (5, 10, 10, 20):
        asked(index, Logged(1, size))

    assert [note for note in index.notes if "cannot be kept" in note] == index.notes != []


@pytest.mark.parametrize("room", [0, 10, 500, 1500, 4000])
def test_on_a_full_disk_the_answer_is_right_and_what_was_kept_stays_right(tmp_path: Path, room: int) -> None:
    asked(opened(tmp_path), Logged(1, 3))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        index = opened(tmp_path)
        asked(index, Logged(1, 40))
        asked(index, Logged(1, 50))
        assert any("cannot be kept" in note for note in index.notes)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    asked(opened(tmp_path), Logged(1, 3))
    asked(opened(tmp_path), Logged(1, 50))
    assert rows_kept(tmp_path) == len(Logged(1, 50).rows())


def test_without_locks_rows_are_held_in_memory(tmp_path: Path) -> None:
    with patch("archiver.neighbours.kept._hold", return_value=False):
        index = opened(tmp_path)
        for size in (5, 10, 20):
            asked(index, Logged(1, size))
    assert not (tmp_path / "head").exists()


@pytest.mark.slow
@pytest.mark.parametrize("event", range(1, 60, 3))
def test_killed_at_any_step_of_an_append_nothing_is_harmed(tmp_path: Path, event: int) -> None:
    """Odd events are in the first append, which makes the index; the others mostly in the second."""
    command = [sys.executable, *DRIVER, str(event), str(tmp_path), "1", "8,30"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode in {-9, 0}, ended.stderr

    asked(opened(tmp_path), Logged(1, 8))
    asked(opened(tmp_path), Logged(1, 30))
    index = opened(tmp_path)
    asked(index, Logged(1, 45))
    assert (index.notes, rows_kept(tmp_path)) == ([], len(Logged(1, 45).rows()))


def test_several_processes_append_and_search_at_once(tmp_path: Path) -> None:
    paces = ("1,2,3,5,8,13,21,34,55", "4,9,16,25,36,49", ",".join(map(str, range(1, 50, 3))))
    commands = [[sys.executable, "-m", "tests.neighbours.logged", str(tmp_path), "1", pace] for pace in paces]
    running = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    for process in running:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out.strip()) == (0, ""), err

    asked(opened(tmp_path), Logged(1, 55))


def test_a_column_that_is_exchanged_under_a_living_index_is_checked_again(tmp_path: Path) -> None:
    log = Logged(1, 4)
    index = opened(tmp_path)
    asked(index, log, 256)
    (column,) = [path for path in files(tmp_path) if path.name == "item"]
    altered = bytearray(column.read_bytes())
    altered[0] ^= 1
    column.unlink()
    column.write_bytes(altered)

    asked(index, log, 256)
    assert "was damaged (item, rows from 0): made anew" in index.notes[0]


class Life(RuleBasedStateMachine):
    """Whatever happens to a log and to what is kept of it, in whatever order, the answer is right."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.log = Logged(1, 1)
        self.living = opened(self.folder)

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(more=st.integers(0, 12))
    def record(self, more: int) -> None:
        """More is recorded."""
        self.log = Logged(self.log.seed, self.log.transactions + more, forks=self.log.forks)

    @rule(radius=st.sampled_from([0, 3, 31, 65, 256]))
    def ask_again(self, radius: int) -> None:
        """An index that has lived all along is asked."""
        asked(self.living, self.log, radius)

    @rule(radius=st.sampled_from([0, 3, 31, 65, 256]))
    def ask_anew(self, radius: int) -> None:
        """A new process asks."""
        asked(opened(self.folder), self.log, radius)

    @rule(horizon=st.integers(0, 200))
    def ask_as_of(self, horizon: int) -> None:
        """What was known then is asked."""
        asked(opened(self.folder), Logged(self.log.seed, self.log.transactions, horizon, self.log.forks))

    @rule(back=st.integers(0, 10))
    def ask_before(self, back: int) -> None:
        """A transaction that began earlier asks."""
        asked(opened(self.folder), Logged(self.log.seed, max(1, self.log.transactions - back), None, self.log.forks))

    @rule(seed=st.integers(1, 3), forks=st.one_of(st.none(), st.integers(0, 20)))
    def restore_another(self, seed: int, forks: int | None) -> None:
        """The catalogue is exchanged for another one."""
        self.log = Logged(seed, self.log.transactions, forks=forks)
        self.living = opened(self.folder)

    @precondition(lambda self: bool(files(self.folder)))
    @rule(data=st.data())
    def damage(self, data: st.DataObject) -> None:
        """A file is changed or cut, or both."""
        path = data.draw(st.sampled_from(files(self.folder)))
        content = bytearray(path.read_bytes())
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        path.unlink()  # whoever has mapped it keeps what it was
        path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=int(os.environ.get("TEST_EXAMPLES", "15")), stateful_step_count=20, deadline=None
)
