"""A home and a store for derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.local import LocalStore

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home directory of an archive."""
    return tmp_path / "home"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """A store in a directory."""
    store = LocalStore(tmp_path / "store")
    store.create()
    return store
