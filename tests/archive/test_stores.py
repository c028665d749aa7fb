"""Several stores in ``archive.toml``: named, ordered, opened one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archiver.errors import LogError, UsageError
from archiver.settings import SETTINGS, Settings, StoreSettings

if TYPE_CHECKING:
    from tests.archive.desk import Desk

BESIDE = (StoreSettings("attic", "file:attic"), StoreSettings("far-away", "s3://bucket/prefix", required=False))


def test_the_stores_of_an_archive_are_written_and_read_back_in_their_order(local: Desk) -> None:
    settings = replace(Settings.load(local.home), stores=BESIDE)

    settings.save(local.home)

    assert Settings.load(local.home) == settings
    copies = local.archive().copies
    assert [(copy.name, copy.address, copy.required) for copy in copies] == [
        ("main", "file:store", True),
        ("attic", "file:attic", True),
        ("far-away", "s3://bucket/prefix", False),
    ]


def test_a_store_that_is_of_no_archive_or_of_another_one_is_refused_when_it_is_opened(
    local: Desk, furnished_once: Desk
) -> None:
    stores = (StoreSettings("empty", "file:empty"), StoreSettings("other", f"file:{furnished_once.home}/store"))
    replace(Settings.load(local.home), stores=stores).save(local.home)
    (local.home / "empty").mkdir()

    main, empty, other = local.archive().copies

    assert main.store.url == f"file:{local.home}/store"
    with pytest.raises(LogError, match=r"format\.json is missing"):
        _ = empty.store
    with pytest.raises(LogError, match="another archive"):
        _ = other.store


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('[stores.main]\nurl = "file:b"', "'main' is taken"),
        ('[stores."A b"]\nurl = "file:b"', "lower-case letters"),
        ("[stores.attic]\nrequired = true", "needs a url"),
        ('[stores.attic]\nurl = "file:b"\nname = "c"', "no name of its own"),
        ('[stores.attic]\nurl = "file:b"\nneeded = true', "unknown word 'needed'"),
        ('[stores.attic]\nurl = "file:b"\nrequired = 1', "must be true or false"),
    ],
)
def test_a_malformed_store_in_the_settings_is_refused_with_its_reason(local: Desk, lines: str, said: str) -> None:
    path = local.home / SETTINGS
    path.write_text(path.read_text() + f"\n{lines}\n")

    with pytest.raises(UsageError, match=said):
        Settings.load(local.home)
