"""The look index beside the catalogue: a cache that any catalogue fills alike, and that nothing depends on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests import drawing
from tests.archive.conftest import place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

SEEDS = range(4)


def take_some(desk: Desk) -> None:
    for seed in SEEDS:
        desk.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed), 90))


def ask(desk: Desk, *words: object) -> list[Any]:
    asked = [desk.file(f"asked-{seed}.jpg", drawing.jpeg(drawing.photo(seed), 60)) for seed in SEEDS]
    return [desk.find(path, *words)["matches"] for path in asked]


def columns(desk: Desk) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (desk.home / "cache").glob("look-*/rows-*/*")}


def test_every_catalogue_feeds_the_same_rows(
    request: pytest.FixtureRequest, on_catalogue: Desk, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = place(request, ("local", "sqlite"), tmp_path / "other").make()
    for desk in (on_catalogue, other):
        take_some(desk)
        assert [len(matches) for matches in ask(desk)] == [1] * len(SEEDS)

    assert columns(on_catalogue) == columns(other)
    assert len(columns(other)["lane0"]) == 8 * len(SEEDS)


def test_the_answer_is_the_same_without_it_and_it_comes_back(on_catalogue: Desk) -> None:
    take_some(on_catalogue)
    before, rows = ask(on_catalogue), columns(on_catalogue)
    shutil.rmtree(on_catalogue.home / "cache")

    assert ask(on_catalogue) == before
    assert columns(on_catalogue) == rows


@pytest.mark.attack("look-index-poisoned")
def test_what_it_was_told_by_a_catalogue_that_somebody_altered_does_not_outlive_a_rebuild(on_catalogue: Desk) -> None:
    take_some(on_catalogue)
    before, rows = ask(on_catalogue), columns(on_catalogue)
    assert [len(matches) for matches in before] == [1] * len(SEEDS)
    shutil.rmtree(on_catalogue.home / "cache")
    archive = on_catalogue.archive()
    with archive.catalogue.engine.begin() as connection:
        connection.execute(sa.update(sa.table("fingerprint", sa.column("bits"))).values(bits="0f" * 32))
    archive.close()
    poisoned = [match["match"] for matches in ask(on_catalogue) for match in matches]
    assert "look" not in poisoned  # what the originals' features show is found all the same

    on_catalogue("rebuild")

    assert ask(on_catalogue) == before
    assert columns(on_catalogue) == rows


@pytest.mark.attack("look-index-exchanged")
def test_that_of_another_archive_is_not_believed(request: pytest.FixtureRequest, local: Desk, tmp_path: Path) -> None:
    take_some(local)
    (tmp_path / "other").mkdir()
    other = place(request, ("local", "sqlite"), tmp_path / "other").make()
    item = other.take("9.jpg", drawing.jpeg(drawing.photo(9), 90))
    before = ask(other)
    shutil.rmtree(other.home / "cache")
    shutil.copytree(local.home / "cache", other.home / "cache")

    assert ask(other) == before == [[]] * len(SEEDS)
    found = other.find(other.file("nine.jpg", drawing.jpeg(drawing.photo(9), 60)))
    assert [match["item"] for match in found["matches"]] == [item]
    assert len(columns(other)["lane0"]) == 8


def test_what_was_held_then_is_searched_and_nothing_later(on_catalogue: Desk) -> None:
    on_catalogue.take("0.jpg", drawing.jpeg(drawing.photo(0), 90))
    end = on_catalogue.counts()["events"] - 1
    for seed in SEEDS[1:]:
        on_catalogue.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed), 90))
    rows = columns(on_catalogue)

    assert [len(matches) for matches in ask(on_catalogue, "--as-of", f"event:{end}")] == [1, 0, 0, 0]
    shutil.rmtree(on_catalogue.home / "cache")
    assert [len(matches) for matches in ask(on_catalogue, "--as-of", f"event:{end}")] == [1, 0, 0, 0]
    assert not columns(on_catalogue)
    assert [len(matches) for matches in ask(on_catalogue)] == [1] * 4
    assert columns(on_catalogue) == rows


@pytest.mark.attack("look-index-damaged")
def test_damage_is_noticed_told_and_repaired(local: Desk) -> None:
    take_some(local)
    before, rows = ask(local), columns(local)
    for name in ("lane1", "item", "number", "quality"):
        (path,) = (local.home / "cache").rglob(name)
        content = path.read_bytes()
        path.write_bytes(bytes(byte ^ 1 for byte in content))
        asked = local.file("asked.jpg", drawing.jpeg(drawing.photo(0), 60))

        answer = local("find", asked, "--json")

        assert answer.json["matches"] == before[0]
        assert f"damaged ({name}" in answer.err
        assert columns(local) == rows


def test_a_home_that_cannot_be_written_is_searched_all_the_same(local: Desk) -> None:
    take_some(local)
    before = ask(local)
    shutil.rmtree(local.home / "cache")
    (local.home / "cache").write_bytes(b"no folder")

    now = ask(local)

    assert [[each["item"] for each in found] for found in now] == [[each["item"] for each in found] for found in before]
    assert all(each["relation"]["note"] for found in now for each in found if each["match"] == "look")
    asked = local.file("asked.jpg", drawing.jpeg(drawing.photo(0), 60))
    told = local("find", asked).err
    assert "cannot be kept" in told
    assert "pixels were not compared" in told


def test_a_batch_finds_what_was_there_before_and_within_itself_by_order(on_catalogue: Desk) -> None:
    held = on_catalogue.take("held.jpg", drawing.jpeg(drawing.photo(0), 90))
    for name, quality in (("a", 80), ("b", 70), ("c", 60)):
        on_catalogue.file(f"in/{name}.jpg", drawing.jpeg(drawing.photo(0), quality))

    receipts = on_catalogue.upload(on_catalogue.files / "in")

    earlier = [held]
    for receipt in receipts:
        assert {match["item"] for match in receipt["lookalikes"]} == set(earlier)
        earlier.append(receipt["item"])
    again = on_catalogue.upload(on_catalogue.files / "in")
    for receipt in again:
        assert {match["item"] for match in receipt["lookalikes"]} == set(earlier) - {receipt["item"]}
