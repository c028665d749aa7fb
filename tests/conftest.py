"""What all tests share: real servers, started once where they are asked for, and quiet surroundings."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded: its threads would not survive a fork

import pytest
from hypothesis import settings

from tests.servers.authority import Authority, Manner
from tests.servers.authority import available as authority_available
from tests.servers.ceph import CephRgw
from tests.servers.ceph import available as ceph_available
from tests.servers.postgres import Postgres
from tests.servers.postgres import available as postgres_available
from tests.servers.seaweedfs import SeaweedFS
from tests.servers.seaweedfs import available as seaweedfs_available

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from tests.servers import S3Server

settings.register_profile(
    "archiver", deadline=None, print_blob=True, max_examples=int(os.environ.get("TEST_EXAMPLES", "30"))
)
settings.load_profile("archiver")


_MEMORY, _ROOM = Path("/dev/shm"), 8 << 30  # noqa: S108 - a file system, whose folders pytest makes


def _in_memory() -> None:
    """Have temporary files lie in memory where there is much of it: waiting for a disk was a fifth of the time.

    Whoever sets ``TMPDIR`` has them there. No test cuts the power, so none needs a disk.
    """
    if sys.platform != "linux" or "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return
    available = re.search(r"^MemAvailable: +([0-9]+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    if available and min(shutil.disk_usage(_MEMORY).free, int(available[1]) * 1024) > _ROOM:
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None


_in_memory()


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: what waits for a server or for another process leaves one idle."""
    return (os.cpu_count() or 1) + 1


_TRACED = "COVERAGE_PROCESS_CONFIG"
"""By which a child process would count branches, too."""
_UNCOUNTED = frozenset(
    (
        "faults",
        "zoo",
        "test_catalogue_attacks",
        "test_store_attacks",
        "test_query_plans",
        "test_facts",
        "test_verify_finds",
    )
)
"""Folders and modules of tests whose time is long, and that go through code which others count."""
_EVERYWHERE = os.environ.get("TEST_PAIRS") == "all"
_WHOLE = frozenset(["archive", "export"])
"""Folders of tests that run whole commands."""
_PAIR = re.compile("(local|seaweedfs)-(sqlite|postgres)")
_SPREAD = frozenset(["desk", "where", "switched", "on_catalogue", "on_store", "furnished_on", "full", "story"])
"""Fixtures that ask for several kinds of store or catalogue."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Spread the pairs of store and catalogue over the tests, and choose in which of them branches are counted.

    * A test that would ask for each pair asks for one, by its name, unless all are asked for (``TEST_PAIRS=all``).
      What is marked ``every_pair`` is asked for on each.
    * Counting more than doubles a test's time, so branches are counted in the first case of each test, of those that
      run whole commands in every other one, and not where it costs most and adds least.
    """
    if not _EVERYWHERE:
        left_out = _left_out(items)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    counted = set()
    for item in items:
        test = (item.path, getattr(item, "originalname", item.name))
        named = {item.path.parent.name, item.path.stem}
        whole = item.path.parent.name in _WHOLE and crc32(test[1].encode()) % 2  # a command's way is gone many times
        if test in counted or whole or named & _UNCOUNTED or item.get_closest_marker("slow"):
            item.add_marker("no_cover")
        counted.add(test)


def _left_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """The same in every process of a run: by what cases are called, not by values, which may print their address."""
    pairs: dict[str, list[pytest.Item]] = {}
    for item in items:
        given = getattr(getattr(item, "callspec", None), "params", {})
        everywhere = item.get_closest_marker("every_pair") or item.path.parent.name not in {*_WHOLE, "faults"}
        if _SPREAD & given.keys() and not everywhere:
            pairs.setdefault(_PAIR.sub("", item.nodeid), []).append(item)
    chosen = {id(alike[crc32(test.encode()) % len(alike)]) for test, alike in pairs.items()}
    return [item for alike in pairs.values() for item in alike if id(item) not in chosen]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Nor do the processes count that an uncounted test starts."""
    said = os.environ.pop(_TRACED, None) if item.get_closest_marker("no_cover") else None
    try:
        return (yield)
    finally:
        if said is not None:
            os.environ[_TRACED] = said


def _need(reason: str | None) -> None:
    """Skip where a server cannot run; in continuous integration, whose job is to run them all, that is a failure."""
    if reason is not None and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running SeaweedFS."""
    _need(seaweedfs_available())
    with SeaweedFS(tmp_path_factory.mktemp("seaweedfs")) as server:
        yield server


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A running Ceph RGW."""
    _need(ceph_available())
    with CephRgw(tmp_path_factory.mktemp("ceph")) as server:
        yield server


@pytest.fixture(scope="session")
def make_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Authority]]:
    """Starts time-stamping authorities, which answer until the session ends."""
    _need(authority_available())
    with ExitStack() as running:

        def make(**settings: Any) -> Authority:
            return running.enter_context(Authority(tmp_path_factory.mktemp("authority"), **settings))

        yield make


@pytest.fixture(scope="session")
def one_authority(make_authority: Callable[..., Authority]) -> Authority:
    """A running authority with a good certificate."""
    return make_authority()


@pytest.fixture
def authority(one_authority: Authority) -> Iterator[Authority]:
    """The same, in good manners at the beginning of each test."""
    one_authority.manner, one_authority.asked = Manner.GOOD, 0
    yield one_authority
    one_authority.manner = Manner.GOOD


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running PostgreSQL."""
    _need(postgres_available())
    with Postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server
