"""What all tests share: real servers, started once where they are asked for, and quiet surroundings."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

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


_TRACED = "COVERAGE_PROCESS_CONFIG"
"""By which a child process would count branches, too."""
_UNCOUNTED = ("faults", "demo")
"""Folders of tests whose work is done by processes that are killed, or shown elsewhere already."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Count branches in the first case of each test: counting doubles its time, and the others go the same ways."""
    counted = set()
    for item in items:
        test = (item.path, getattr(item, "originalname", item.name))
        if test in counted or item.path.parent.name in _UNCOUNTED or item.get_closest_marker("slow"):
            item.add_marker("no_cover")
        counted.add(test)


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
