"""Pictures drawn for the tests."""

from __future__ import annotations

import pytest

from tests.fingerprint.drawn import Drawn


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return Drawn()
