"""What only a directory can do, and what only a directory can suffer."""

from __future__ import annotations

import errno
import gc
import io
import os
import shutil
import socket
import stat
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storage.digest import Digest
from storage.errors import NameTaken, SourceChanged, StoreDenied, StoreError, TooLarge
from storage.guarantees import Guarantees, Versioning
from storage.local import LocalStore
from storage.store import Check, Put, Stored

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "objects/ab/one"
DATA = b"evidence" * 100_000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "store")
    store.create()
    return store


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    path = tmp_path / "spool"
    path.write_bytes(DATA)
    return path


def put(store: LocalStore, name: str, data: bytes) -> Stored:
    return store.put(name, io.BytesIO(data), digest=Digest.of(data), size=len(data))


def put_file(store: LocalStore, path: Path) -> Stored:
    return store.put_file(NAME, path, digest=Digest.of(DATA), size=len(DATA))


def run_child(program: str, *arguments: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a program that puts into the store named by its first argument, in a process of its own."""
    text = """
        import io, os, signal, sys
        from pathlib import Path
        from storage.digest import Digest
        from storage.errors import StoreError
        from storage.local import LocalStore
        store = LocalStore(Path(sys.argv[1]))
        store.create()
    """
    command = [*before, sys.executable, "-c", textwrap.dedent(text) + textwrap.dedent(program), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def incoming(store: LocalStore) -> list[str]:
    return [entry for entry in os.listdir(store.root / ".incoming") if entry != "lock"]  # noqa: PTH208 - names alone


@pytest.fixture
def no_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as FAT and exFAT do, which no test may mount without being root; be slow to rename."""
    rename = os.rename

    def slowly(*arguments: object, **options: object) -> None:
        time.sleep(0.02)
        rename(*arguments, **options)  # type: ignore[arg-type]

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "rename", slowly)


def test_objects_are_read_only_and_directories_private(store: LocalStore) -> None:
    put(store, NAME, DATA)
    assert stat.S_IMODE((store.root / NAME).stat().st_mode) == 0o444
    directories = [store.root, store.root / "objects", store.root / "objects/ab", store.root / ".incoming"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in directories} == {0o700}


def test_a_private_spool_file_is_linked_in_without_a_second_copy(store: LocalStore, spool: Path) -> None:
    assert put_file(store, spool) == Stored(Put.CREATED, Check.HASHED_WHILE_WRITTEN)
    assert (store.root / NAME).samefile(spool)
    assert incoming(store) == []


@pytest.mark.parametrize("kind", ["another name", "symbolic link"])
def test_a_file_that_others_could_still_write_is_copied(
    store: LocalStore, spool: Path, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "path"
    if kind == "another name":
        path.hardlink_to(spool)
    else:
        path.symlink_to(spool)
    assert put_file(store, path).put is Put.CREATED
    assert not (store.root / NAME).samefile(spool)
    assert (store.root / NAME).read_bytes() == DATA
    assert incoming(store) == []


def test_a_spool_on_another_file_system_is_copied(store: LocalStore) -> None:
    places = [Path("/dev/shm"), Path("/var/tmp"), Path.home(), Path.cwd()]  # noqa: S108 - one of them is on another
    others = [place for place in places if place.is_dir() and place.stat().st_dev != store.root.stat().st_dev]
    if not others:
        pytest.skip("there is no second file system here")
    path = others[0] / f"archiver-test-{os.getpid()}"
    path.write_bytes(DATA)
    try:
        assert put_file(store, path).put is Put.CREATED
    finally:
        path.unlink()
    assert (store.root / NAME).read_bytes() == DATA


def test_a_writer_killed_half_way_leaves_no_object_and_does_no_harm(store: LocalStore) -> None:
    program = """
        class Dying(io.BytesIO):
            def read(self, size=-1):
                if self.tell():
                    os.kill(os.getpid(), signal.SIGKILL)
                return super().read(size)
        data = bytes(1_000_000)
        store.put("objects/ab/one", Dying(data), digest=Digest.of(data), size=len(data))
    """
    assert run_child(program, str(store.root)).returncode == -9
    assert len(incoming(store)) == 1
    assert list(store.names()) == []
    assert put(store, NAME, DATA).put is Put.CREATED
    assert list(store.names()) == [NAME]


def test_a_put_that_fails_leaves_nothing_at_all(store: LocalStore) -> None:
    with pytest.raises(SourceChanged):
        store.put(NAME, io.BytesIO(DATA[::-1]), digest=Digest.of(DATA), size=len(DATA))
    assert incoming(store) == []


def test_a_source_that_grows_while_it_is_read_is_not_followed_for_ever(store: LocalStore) -> None:
    class Growing(io.BytesIO):
        given = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.given += 1
            assert self.given < 10, "read on beyond what was declared"
            return b"x" * abs(size or 1) * 4

    with pytest.raises(SourceChanged):
        store.put(NAME, Growing(DATA), digest=Digest.of(DATA), size=len(DATA))
    assert list(store.names()) == []


def test_a_full_disk_is_said_to_be_full_and_leaves_no_object(store: LocalStore) -> None:
    program = """
        data = bytes(2_000_000)
        try:
            store.put("one", io.BytesIO(data), digest=Digest.of(data), size=len(data))
        except StoreError as error:
            print(type(error).__name__, list(store.names()), os.listdir(store.root / ".incoming"))
    """
    mount = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$@"'
    before = ("unshare", "-Urm", "sh", "-c", mount, str(store.root))
    if (
        shutil.which("unshare") is None
        or subprocess.run([*before, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no private mount is allowed here")
    assert run_child(program, str(store.root), before=before).stdout == "StoreFull [] []\n"


def test_a_file_larger_than_allowed_is_said_to_be_too_large(store: LocalStore) -> None:
    program = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        data = bytes(2_000_000)
        try:
            store.put("one", io.BytesIO(data), digest=Digest.of(data), size=len(data))
        except StoreError as error:
            print(type(error).__name__, list(store.names()))
    """
    assert run_child(program, str(store.root)).stdout == f"{TooLarge.__name__} []\n"


def test_a_store_that_may_not_be_written_says_so(store: LocalStore) -> None:
    program = """
        try:
            store.put("objects/ab/two", io.BytesIO(b"x"), digest=Digest.of(b"x"), size=1)
        except StoreError as error:
            print(type(error).__name__, error.hint)
    """
    put(store, NAME, DATA)
    (store.root / "objects/ab").chmod(0o500)
    # Without that capability, root is refused as others are.
    before = ("setpriv", "--bounding-set", "-dac_override") if os.geteuid() == 0 else ()
    try:
        said = run_child(program, str(store.root), before=before)
    finally:
        (store.root / "objects/ab").chmod(0o700)
    assert said.stdout.startswith(f"{StoreDenied.__name__} Check who owns"), said.stderr


@pytest.mark.parametrize("where", ["objects", "objects/ab", NAME])
def test_a_symbolic_link_leads_neither_a_read_nor_a_write_out(store: LocalStore, tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside"
    (outside / "ab").mkdir(parents=True)
    (outside / "one").write_bytes(DATA)
    (outside / "ab/one").write_bytes(DATA)
    link = store.root / where
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside / "one" if where == NAME else outside)
    before = sorted(outside.rglob("*"))
    with pytest.raises(StoreError):
        store.read(NAME, limit=len(DATA))
    with pytest.raises(StoreError):
        store.head(NAME)
    with pytest.raises(StoreError):
        put(store, NAME, DATA)
    with pytest.raises(StoreError):
        put(store, "objects/ab/two", DATA) if where != NAME else put(store, NAME, b"")
    assert sorted(outside.rglob("*")) == before
    assert list(store.names()) == []


def test_a_pipe_in_the_store_hangs_nobody(store: LocalStore) -> None:
    (store.root / "objects").mkdir()
    os.mkfifo(store.root / "objects/pipe")
    with pytest.raises(StoreError):
        store.read("objects/pipe", limit=1)
    assert list(store.names()) == []


@pytest.mark.parametrize("kind", ["a directory", "a FIFO", "a symbolic link", "a socket", "a device"])
def test_what_stands_where_an_object_or_a_directory_belongs_is_called_what_it_is(store: LocalStore, kind: str) -> None:
    place = store.root / "objects"
    if kind == "a device":
        try:
            os.mknod(place, stat.S_IFCHR | 0o600, os.makedev(1, 3))
            place.read_bytes()
        except OSError:
            pytest.skip("only root makes devices, and not on every file system")
    else:
        _put_there(place, kind)

    with pytest.raises(StoreError, match=f"^objects in .* is {kind} where a file belongs$"):
        store.read("objects", limit=1)
    with pytest.raises(StoreError, match=f"^objects in .* is {kind} where a file belongs$"):
        put(store, "objects", DATA)
    if kind != "a directory":
        with pytest.raises(StoreError, match=f"lies behind objects, which is {kind} where a directory belongs$"):
            put(store, NAME, DATA)


def _put_there(place: Path, kind: str) -> None:
    match kind:
        case "a directory":
            place.mkdir()
        case "a FIFO":
            os.mkfifo(place)
        case "a symbolic link":
            place.symlink_to("elsewhere")
        case _:
            here = Path.cwd()
            os.chdir(place.parent)  # the address of a socket may have a hundred letters only
            try:
                with socket.socket(socket.AF_UNIX) as listening:
                    listening.bind(place.name)
            finally:
                os.chdir(here)


def test_files_that_are_no_names_are_not_listed(store: LocalStore) -> None:
    put(store, NAME, DATA)
    for stray in (".DS_Store", "with space", ".incoming/left-over", "objects/.hidden", "objects/ab/ü"):
        (store.root / stray).write_bytes(b"x")
    assert list(store.names()) == [NAME]


@pytest.mark.parametrize("call", ["open", "scandir"])
def test_a_folder_that_may_not_be_listed_is_named_by_its_path(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    put(store, NAME, DATA)
    folder = (store.root / NAME).parent
    inode, real = folder.stat().st_ino, getattr(os, call)

    def refusing(path: Any, *words: Any, **more: Any) -> Any:
        if call == "scandir" and isinstance(path, int) and os.fstat(path).st_ino == inode:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        if call == "open" and path == folder.name:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *words, **more)

    monkeypatch.setattr(os, call, refusing)
    with pytest.raises(StoreDenied, match=f"^{folder}: Permission denied$"):
        list(store.names())


def test_whole_names_are_sorted_and_not_directory_by_directory(store: LocalStore) -> None:
    names = ["a-b", "a.json", "a/x", "a0", "b"]
    for name in reversed(names):
        put(store, name, b"x")
    assert list(store.names()) == names


def test_directories_taken_away_meanwhile_are_made_again(store: LocalStore) -> None:
    put(store, NAME, DATA)
    (store.root / NAME).unlink()
    (store.root / "objects/ab").rmdir()
    assert put(store, NAME, DATA).put is Put.CREATED


def test_an_object_was_brought_to_the_disk_before_its_name_and_the_name_before_the_answer(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, link = os.fsync, os.link

    def noted_fsync(descriptor: int) -> None:
        order.append("directory" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def noted_link(*arguments: object, **options: object) -> None:
        order.append("link")
        link(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "link", noted_link)
    put(store, NAME, DATA)
    # The directories above are durable too: the store, objects and ab each had to take in a new entry.
    assert order.index("file") < order.index("link") < len(order) - 1
    assert order[-1] == "directory"
    assert order.count("directory") >= 3
    order.clear()
    put(store, NAME, DATA)
    assert "directory" in order, "whoever finds an object makes sure of its name before saying so"


@pytest.mark.usefixtures("no_hard_links")
def test_without_hard_links_a_name_is_still_written_once_among_us(store: LocalStore, spool: Path) -> None:
    contents = [bytes([n % 2]) * 1000 for n in range(16)]

    def one(data: bytes) -> Put | str:
        try:
            return put(LocalStore(store.root), NAME, data).put
        except NameTaken:
            return "taken"

    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(one, contents))
    assert outcomes.count(Put.CREATED) == 1
    assert outcomes.count(Put.ALREADY_THERE) == 7
    assert outcomes.count("taken") == 8
    assert store.put_file("file", spool, digest=Digest.of(DATA), size=len(DATA)).put is Put.CREATED
    assert store.read("file", limit=len(DATA)) == DATA
    assert incoming(store) == []


def test_the_probe_says_what_was_tried(store: LocalStore) -> None:
    assert store.probe() == Guarantees(
        refuses_wrong_checksum=True, create_only=True, versioning=Versioning.NONE, object_lock="none", private=True
    )
    assert list(store.names()) == ["probe/object"]


@pytest.mark.usefixtures("no_hard_links")
def test_the_probe_says_that_a_lock_stands_in_for_hard_links(store: LocalStore) -> None:
    guarantees = store.probe()
    assert not guarantees.create_only
    assert "hard links" in guarantees.notes[0]


def test_the_probe_sees_that_others_may_look_in(store: LocalStore) -> None:
    store.root.chmod(0o755)
    guarantees = store.probe()
    assert guarantees.private is False
    assert "chmod" in guarantees.notes[0]


def test_a_store_of_one_file_tree_may_be_reached_through_a_link(store: LocalStore, tmp_path: Path) -> None:
    put(store, NAME, DATA)
    link = tmp_path / "link"
    link.symlink_to(store.root)
    assert LocalStore(link).read(NAME, limit=len(DATA)) == DATA


def test_a_file_where_a_directory_belongs_is_said_plainly(store: LocalStore) -> None:
    put(store, "objects", b"x")
    with pytest.raises(StoreError, match="where a directory belongs"):
        put(store, NAME, DATA)


@pytest.fixture(autouse=True)
def no_descriptor_is_lost() -> Iterator[None]:
    """Every test here ends with no more descriptors than it began with."""
    gc.collect()  # what earlier tests left to the collector is not this one's, and may go while this one runs
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - a count
    yield
    assert len(os.listdir("/dev/fd")) <= before  # noqa: PTH208 - a count
