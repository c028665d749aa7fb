"""An archive of before, whose fingerprints an earlier version made: nothing of it is passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.fingerprint.algorithm import CURRENT, EARLIER
from archiver.inspection import report
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

NOTE = "held with a fingerprint of an earlier version alone"


@pytest.fixture
def old(on_catalogue: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, list[str]]:
    """Three pictures, two of which an earlier version took in."""
    with monkeypatch.context() as earlier:
        earlier.setattr(report, "CURRENT", EARLIER)
        items = [on_catalogue.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed))) for seed in (1, 2)]
    return on_catalogue, [*items, on_catalogue.take("3.jpg", drawing.jpeg(drawing.photo(3)))]


def names(desk: Desk, item: str) -> set[str]:
    return {each["algorithm"] for each in desk.show(item)["fingerprints"]}


def test_what_only_an_earlier_version_fingerprinted_is_counted_in_every_answer_until_it_is_made_anew(
    old: tuple[Desk, list[str]],
) -> None:
    desk, (first, second, _) = old
    repost = desk.file("repost.jpg", drawing.jpeg(drawing.photo(1).resize((300, 225)), 40))

    before = desk("find", "--fast", "--json", repost)
    assert before.json["matches"] == []
    assert f"2 pictures {NOTE}" in before.err
    assert f"2 pictures {NOTE}" in desk("upload", desk.file("4.jpg", drawing.jpeg(drawing.photo(4)))).err

    assert f"2 pictures {NOTE}" in desk("duplicates").err
    assert f"2 pictures {NOTE}" in desk("fingerprints", "export").err

    built = desk("fingerprints", "build", "--json").json
    assert (built["fingerprints"], built["failed"]) == (2, [])

    after = desk("find", "--fast", "--json", repost)
    assert [(each["item"], each["match"]) for each in after.json["matches"]] == [(first, "look")]
    assert NOTE not in after.err
    assert NOTE not in desk("find", "--fast", "--json", repost).err  # and once more, from what is remembered
    assert names(desk, second) == {str(EARLIER), str(CURRENT)}


def test_looking_again_at_what_is_outdated_makes_them_too(old: tuple[Desk, list[str]]) -> None:
    desk, (first, *_) = old
    desk("inspect", "--held", first)
    assert names(desk, first) == {str(EARLIER), str(CURRENT)}
    assert f"1 picture {NOTE}" in desk("find", "--fast", first).err


def test_what_is_remembered_counts_for_nothing_once_fewer_pictures_can_be_compared(old: tuple[Desk, list[str]]) -> None:
    desk, items = old
    desk("fingerprints", "build")
    assert NOTE not in desk("find", "--fast", items[0]).err
    mark = desk.home / "cache" / "earlier-fingerprints.json"
    remembered = mark.read_text()
    mark.write_text(remembered.replace('"have": 3', '"have": 4'))
    assert NOTE not in desk("find", "--fast", items[0]).err
    assert mark.read_text() == remembered  # counted anew
    mark.write_text("no JSON")
    assert NOTE not in desk("find", "--fast", items[0]).err
    assert mark.read_text() == remembered
