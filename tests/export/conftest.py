"""The desks of ``tests/archive``, with the story on them that the exports tell."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.archive.conftest import (
    CATALOGUES,
    bucket,
    copied,
    desk,
    inspection_server,
    local,
    made_once,
    on_catalogue,
    on_store,
    quiet,
    unmade,
    warm,
)
from tests.export.story import Story, tell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.conftest import Once

__all__ = ["bucket", "desk", "inspection_server", "local", "made_once", "on_catalogue", "on_store", "quiet"]
__all__ += ["unmade", "warm"]


@pytest.fixture(params=CATALOGUES)
def story(request: pytest.FixtureRequest, made_once: Once, tmp_path: Path, warm: None) -> Story:
    """The story, on each kind of catalogue."""
    return _told_again(request, made_once, request.param[1], tmp_path)


@pytest.fixture
def told(request: pytest.FixtureRequest, made_once: Once, tmp_path: Path, warm: None) -> Story:
    """The story, where what is promised has nothing to do with the catalogue."""
    return _told_again(request, made_once, "sqlite", tmp_path)


def _told_again(request: pytest.FixtureRequest, made_once: Once, catalogue: str, tmp_path: Path) -> Story:
    once, story = made_once.told(catalogue, tell)
    again = copied(request, once, tmp_path)
    shutil.copytree(once.files, again.files, dirs_exist_ok=True)
    return replace(story, desk=again)
