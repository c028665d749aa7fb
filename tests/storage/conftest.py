"""The places that the one suite runs on: a directory, SeaweedFS, Ceph, and stores that are made of two of them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from storage.replicated import ReplicatedStore
from storage.url import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from storage.guarantees import Guarantees
    from storage.store import Store
    from tests.servers import S3Server


BUCKET = "archive"


@dataclass(frozen=True)
class Opened:
    """A store as one of several."""

    name: str
    store: Store
    required: bool = True

    @property
    def plain(self) -> Store:
        """The same."""
        return self.store

    @property
    def url(self) -> str:
        """Where it is."""
        return self.store.url


@dataclass(frozen=True)
class Place:
    """An empty place of one kind, and what is known of it.

    Attributes:
        url: the place; in a bucket, a prefix that nothing else uses.
        elsewhere: a place of the same kind that does not exist.
        server: the server; None for a directory.
        seen: what its probe saw.
        beside: another place, where the store is made of both.
    """

    url: str
    elsewhere: str
    server: S3Server | None
    seen: Guarantees
    beside: Place | None = None

    @property
    def parts(self) -> list[Place]:
        """The places that the store is made of."""
        return [self, *(self.beside.parts if self.beside else ())]

    def missing(self) -> Store:
        """A store in a place that does not exist."""
        if self.beside is not None:
            return ReplicatedStore([Opened(str(n), open_store(each.elsewhere)) for n, each in enumerate(self.parts)])
        return open_store(self.elsewhere)

    def store(self, prefix: str = "", *, probed: bool = True) -> Store:
        """A store there or below a prefix; with what the probe saw, as an archive opens it."""
        if self.beside is not None:
            both = replace(self, beside=None), self.beside
            return ReplicatedStore([Opened(str(n), each.store(prefix, probed=probed)) for n, each in enumerate(both)])
        place, mark, query = self.url.partition("?")
        store = open_store(f"{place}/{prefix}{mark}{query}", guarantees=self.seen if probed else None)
        if self.server is None:
            store.create()
        return store


@pytest.fixture(autouse=True)
def no_foreign_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own AWS settings reaches a test, and no test reaches a cloud's metadata service."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-aws-credentials"))


def use(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give boto3's own chain the server's credentials."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)


def url_on(endpoint: str, bucket: str, prefix: str = "") -> str:
    """The URL of a place on a server."""
    return f"s3://{bucket}/{prefix}?endpoint={quote(endpoint, safe=':/')}"


@pytest.fixture(scope="session")
def probed() -> dict[str, Guarantees]:
    """What each server's one probe saw, by its endpoint."""
    return {}


@pytest.fixture(
    params=[
        "directory",
        "directory+directory",
        pytest.param("seaweedfs", marks=pytest.mark.server),
        pytest.param("ceph", marks=pytest.mark.server),
        pytest.param("directory+seaweedfs", marks=pytest.mark.server),
        pytest.param("seaweedfs+directory", marks=pytest.mark.server),
    ]
)
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    no_foreign_credentials: None,
    monkeypatch: pytest.MonkeyPatch,
    probed: dict[str, Guarantees],
) -> Place:
    """An empty place of each kind."""

    def one(kind: str, name: str) -> Place:
        if kind == "directory":
            return _directory(tmp_path / name)
        return _on_server(request.getfixturevalue(kind), monkeypatch, probed)

    first, _, second = request.param.partition("+")
    return replace(one(first, "first"), beside=one(second, "second") if second else None)


def _directory(folder: Path) -> Place:
    folder.mkdir()
    with_probe = open_store(f"file:{folder / 'probed'}")
    with_probe.create()
    return Place(f"file:{folder / 'store'}", f"file:{folder / 'elsewhere'}", None, with_probe.probe())


def _on_server(server: S3Server, monkeypatch: pytest.MonkeyPatch, probed: dict[str, Guarantees]) -> Place:
    use(server, monkeypatch)
    if server.endpoint not in probed:
        with_probe = open_store(url_on(server.endpoint, BUCKET, "probed"))
        with_probe.create()
        probed[server.endpoint] = with_probe.probe()
    prefix = f"test-{secrets.token_hex(8)}"
    missing = url_on(server.endpoint, f"missing-{secrets.token_hex(8)}")
    return Place(url_on(server.endpoint, BUCKET, prefix), missing, server, probed[server.endpoint])


@pytest.fixture
def store(place: Place) -> Store:
    """A store of each kind, opened as an archive opens it."""
    return place.store()
