"""An answer as of an earlier place of the log says which place that was, and is the same for good."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from archiver.catalogue.questions import ITEM
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

ANSWERS = [
    ("show", "ITEM"),
    ("find", "ITEM"),
    ("list",),
    ("case", "show", "Kursk"),
    ("case", "list"),
    ("source", "show", "Yonhap"),
    ("source", "list"),
]


@pytest.fixture
def filed(on_catalogue: Desk) -> tuple[Desk, str]:
    item = on_catalogue.take("a.png", drawing.png(drawing.photo(1)), "--source", "Yonhap")
    on_catalogue("case", "new", "Kursk")
    on_catalogue("case", "add", "Kursk", item)
    return on_catalogue, item


def test_every_answer_as_of_then_says_which_event_was_the_last(filed: tuple[Desk, str]) -> None:
    desk, item = filed
    last = desk.counts()["events"] - 1
    desk("tag", item, "own:later")
    today = datetime.now(UTC).date().isoformat()
    for answer in ANSWERS:
        words = [item if word == "ITEM" else word for word in answer]
        then = desk(*words, "--as-of", f"event:{last}")
        assert then.err.startswith(f"as of event:{last}: event {last} was the last\n"), answer
        assert desk(*words, "--as-of", today).err.startswith(f"as of {today}: event {last + 1} was the last\n")
        for line in desk(*words, "--as-of", f"#{last}", "--json").lines:
            assert line["as_of"] == {"asked": f"#{last}", "event": last}
        now = desk(*words, "--json")
        assert all("as_of" not in line for line in now.lines)
        assert "as of" not in desk(*words).err


def test_what_lies_ahead_is_refused_because_tomorrow_would_answer_otherwise(filed: tuple[Desk, str]) -> None:
    desk, _ = filed
    now = datetime.now(UTC)
    ahead = (
        f"event:{desk.counts()['events']}",
        "#999999",
        "2999",
        (now + timedelta(days=1)).date().isoformat(),
        (now + timedelta(hours=1)).isoformat(timespec="minutes"),
        "2024/..",
    )
    for when in ahead:
        refused = desk("list", "--as-of", when, "--json", code=2).json
        assert "event:123" in refused["hint"], when
    for passed in (now.date().isoformat(), now.isoformat(timespec="seconds"), f"#{desk.counts()['events'] - 1}"):
        desk("list", "--as-of", passed)
    before = desk("list", "--as-of", "2001-01-01")
    assert before.err.startswith("as of 2001-01-01: nothing was recorded yet\n")


def test_how_many_items_there_were_is_told_of_any_place_of_the_log(on_catalogue: Desk) -> None:
    pictures = [drawing.jpeg(drawing.photo(seed)) for seed in range(5)]
    for number in range(3):
        on_catalogue.take(f"{number}.jpg", pictures[number])
    on_catalogue.take("again.jpg", pictures[0], "--source", "Yonhap")
    folder = on_catalogue.files / "two"
    folder.mkdir()
    for number in (3, 4):
        (folder / f"{number}.jpg").write_bytes(pictures[number])
    on_catalogue.upload(folder)

    with closing(on_catalogue.archive()) as archive, archive.asking() as questions:
        last = questions.last_event()
        assert last is not None
        told = [questions.at(number).count_items() for number in range(last + 1)]
        listed = [
            len({row.item for row in questions.connection.execute(sa.select(ITEM)) if row.first <= number})
            for number in range(last + 1)
        ]
        assert told == listed
        assert questions.count_items() == told[-1] == 5
