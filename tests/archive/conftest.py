"""An archive on a desk, on every pair of store and catalogue that the program runs on."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from sqlalchemy import make_url

from archiver import inspectors
from archiver.inspection.inspector import InspectionServer
from archiver.settings import SETTINGS
from tests.archive.desk import Desk
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archiver import settings
    from archiver.inspection.trust import TrustList
    from tests.servers import S3Server
    from tests.servers.postgres import Postgres

T = TypeVar("T")
_SERVER = pytest.mark.server
PLACES = [
    pytest.param(("local", "sqlite"), id="local-sqlite"),
    pytest.param(("seaweedfs", "sqlite"), id="seaweedfs-sqlite", marks=_SERVER),
    pytest.param(("local", "postgres"), id="local-postgres", marks=_SERVER),
    pytest.param(("seaweedfs", "postgres"), id="seaweedfs-postgres", marks=_SERVER),
]
EVERYWHERE = os.environ.get("TEST_PAIRS") == "all"
"""Whether to ask for all pairs of store and catalogue; otherwise for the two that have nothing in common."""
PAIRS = PLACES if EVERYWHERE else [PLACES[0], PLACES[3]]
CATALOGUES = [PLACES[0], PLACES[2]]
"""The pairs that differ in the catalogue alone."""
STORES = [PLACES[0], PLACES[1]]
"""The pairs that differ in the store alone."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own settings reaches a test."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "ARCHIVER_", "PG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-aws-credentials"))
    monkeypatch.setenv("ARCHIVER_HOME", str(tmp_path / "nobody-said-where"))


@pytest.fixture(scope="session")
def inspection_server() -> Iterator[InspectionServer]:
    """The warm process that inspects, started once instead of once an upload."""
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # it answers a thousand times; its own tests count
        server = InspectionServer(workers=2)
    with server:
        yield server


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch, inspection_server: InspectionServer) -> None:
    """Uploads within this process ask the one warm process, which is the program's own; processes start theirs."""

    def for_many(
        workers: int, *, limits: settings.Limits, trust: TrustList | None = None
    ) -> nullcontext[InspectionServer]:
        return nullcontext(inspection_server)

    monkeypatch.setattr(inspectors, "for_many", for_many)


def place(request: pytest.FixtureRequest, where: tuple[str, str], tmp_path: Path) -> Desk:
    """A desk whose archive is not made yet."""
    store, catalogue, server = "file:store", "sqlite:catalogue.db", None
    name = f"archive-{secrets.token_hex(6)}"
    if where[0] == "seaweedfs":
        server = request.getfixturevalue("seaweedfs")
        monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret_key)
        store = f"s3://{request.getfixturevalue('bucket')}/{name}?endpoint={server.endpoint}"
    if where[1] == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        catalogue = postgres.url(postgres.create_database())
    files = tmp_path / "files"
    files.mkdir()
    return Desk(tmp_path / "home", store, catalogue, files, server)


@pytest.fixture(scope="session")
def bucket(seaweedfs: S3Server) -> str:
    """A bucket on SeaweedFS; each archive has a prefix of its own in it."""
    name = f"archives-{secrets.token_hex(4)}"  # other folders of tests ask for a bucket of their own
    client = seaweedfs.client()
    client.create_bucket(Bucket=name)
    client.close()
    return name


@pytest.fixture(params=PAIRS)
def desk(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive on each pair of store and catalogue."""
    return made(request, request.param, tmp_path)


@pytest.fixture
def unmade(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """A desk in a directory whose archive is not made yet."""
    return place(request, ("local", "sqlite"), tmp_path)


@pytest.fixture
def local(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive in a directory: where what is promised has nothing to do with store or catalogue."""
    return made(request, ("local", "sqlite"), tmp_path)


@pytest.fixture(params=CATALOGUES)
def on_catalogue(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive on each kind of catalogue."""
    return made(request, request.param, tmp_path)


@pytest.fixture(params=STORES)
def on_store(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """An archive on each kind of store."""
    return made(request, request.param, tmp_path)


class Once:
    """Archives in a directory, each made once for all tests of its kind: to be copied, or asked for what it refuses."""

    def __init__(self, folder: Callable[[], Path], database: Callable[[], str]) -> None:
        self._folder, self._database = folder, database
        self._made: dict[tuple[str, object], tuple[Desk, Any]] = {}

    def __call__(self, catalogue: str, fill: Callable[[Desk], object]) -> Desk:
        """The archive that was filled so."""
        return self.told(catalogue, fill)[0]

    def told(self, catalogue: str, fill: Callable[[Desk], T]) -> tuple[Desk, T]:
        """The archive, and what whoever filled it said of it."""
        if (catalogue, fill) not in self._made:
            root = self._folder()
            (root / "files").mkdir()
            url = self._database() if catalogue == "postgres" else "sqlite:catalogue.db"
            desk = Desk(root / "home", "file:store", url, root / "files").make()
            self._made[catalogue, fill] = desk, fill(desk)
        return self._made[catalogue, fill]


@pytest.fixture(scope="session")
def made_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes each archive when it is first asked for."""

    def database() -> str:
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.url(postgres.create_database())

    return Once(lambda: tmp_path_factory.mktemp("once"), database)


def copied(request: pytest.FixtureRequest, once: Desk, tmp_path: Path) -> Desk:
    """A copy of an archive in a directory; where its catalogue is a PostgreSQL database, of that too."""
    shutil.copytree(once.home, tmp_path / "home")
    (tmp_path / "files").mkdir()
    url = once.catalogue
    if url.startswith("postgresql"):
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.create_database(like=make_url(url).database or ""))
        settings = tmp_path / "home" / SETTINGS
        settings.write_text(settings.read_text(encoding="utf-8").replace(once.catalogue, url), encoding="utf-8")
    return Desk(tmp_path / "home", once.store, url, tmp_path / "files")


def made(request: pytest.FixtureRequest, where: tuple[str, str], tmp_path: Path) -> Desk:
    """An archive with nothing in it. Those in a directory are copies of one, which are made in a tenth of the time."""
    store, catalogue = where
    if store != "local":
        return place(request, where, tmp_path).make()
    return copied(request, request.getfixturevalue("made_once")(catalogue, _nothing), tmp_path)


def _nothing(desk: Desk) -> None:
    """What a new archive is filled with."""


@pytest.fixture(scope="session")
def furnished_once(made_once: Once) -> Desk:
    """An archive in a directory that holds at least one fact of every kind; nobody touches it."""
    return made_once("sqlite", furnish)


@pytest.fixture
def furnished(request: pytest.FixtureRequest, furnished_once: Desk, tmp_path: Path, warm: None) -> Desk:
    """A copy of it."""
    return copied(request, furnished_once, tmp_path)


@pytest.fixture(params=CATALOGUES)
def furnished_on(
    request: pytest.FixtureRequest,
    made_once: Once,
    tmp_path: Path,
    warm: None,
) -> Desk:
    """A copy of such an archive on each kind of catalogue."""
    return copied(request, made_once(request.param[1], furnish), tmp_path)
