"""The desks of ``tests/archive``, with the story on them that the exports tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.conftest import bucket, desk, inspection_server, local, on_catalogue, on_store, quiet, unmade, warm
from tests.export.story import Story, tell

if TYPE_CHECKING:
    from tests.archive.desk import Desk

__all__ = ["bucket", "desk", "inspection_server", "local", "on_catalogue", "on_store", "quiet", "unmade", "warm"]


@pytest.fixture
def story(on_catalogue: Desk) -> Story:
    """The story, on each kind of catalogue."""
    return tell(on_catalogue)


@pytest.fixture
def told(local: Desk) -> Story:
    """The story, where what is promised has nothing to do with the catalogue."""
    return tell(local)
