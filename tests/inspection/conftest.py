"""Files drawn or broken for the tests, and both ways of asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.inspection.inspector import ForkingInspector, InspectionServer
from tests.fingerprint.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return Drawn()


@pytest.fixture(scope="session")
def server() -> Iterator[InspectionServer]:
    with InspectionServer(workers=2) as running:
        yield running


@pytest.fixture(scope="session")
def forking() -> ForkingInspector:
    return ForkingInspector()
