"""The desks of ``tests/archive``, each of which is broken here in every way that ``docs/faults.md`` names."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from tests.archive.conftest import (
    CATALOGUES,
    EVERYWHERE,
    PAIRS,
    PLACES,
    bucket,
    inspection_server,
    made,
    made_once,
    place,
    quiet,
    warm,
)
from tests.archive.desk import Desk
from tests.archive.processes import loaded
from tests.servers.faults import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["PAIRS", "bucket", "inspection_server", "made_once", "quiet", "warm"]

ON_POSTGRES = PLACES[2:] if EVERYWHERE else PLACES[3:]
"""Those whose catalogue is on a server."""
ON_SERVER = [PLACES[1], PLACES[3]] if EVERYWHERE else PLACES[3:]
"""Those whose store is on a server."""


@pytest.fixture(params=PAIRS)
def desk(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive on each pair of store and catalogue."""
    loaded()
    return made(request, request.param, tmp_path)


@pytest.fixture(params=CATALOGUES)
def on_catalogue(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive in a directory, on each kind of catalogue."""
    loaded()
    return made(request, request.param, tmp_path)


@pytest.fixture
def local(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive in a directory, its catalogue in a file."""
    return made(request, ("local", "sqlite"), tmp_path)


@pytest.fixture
def network(request: pytest.FixtureRequest) -> Iterator[FaultProxy]:
    """A network that fails as told, before the S3 server."""
    with FaultProxy(request.getfixturevalue("seaweedfs").endpoint) as proxy:
        yield proxy


@pytest.fixture(params=ON_SERVER)
def far(request: pytest.FixtureRequest, tmp_path: Path, warm: None, network: FaultProxy) -> Desk:
    """An archive in a bucket behind that network, on each kind of catalogue."""
    near = place(request, request.param, tmp_path)
    assert near.server is not None
    name = f"archive-{secrets.token_hex(6)}"
    store = f"s3://{request.getfixturevalue('bucket')}/{name}?endpoint={network.endpoint}"
    return Desk(near.home, store, near.catalogue, near.files, near.server).make()
