"""``list``: every filter, on both databases, with the same answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.desk import run

if TYPE_CHECKING:
    from tests.archive.desk import Desk

RUSSIAN = "Пленный в КУРСКЕ"  # noqa: RUF001 - a search for Cyrillic needs Cyrillic
SAID = {
    "agency.jpg": ("--source", "Yonhap", "--caption", "북한군 포로 KURSK", "--note", "50% sure_of it"),
    "channel.jpg": ("--account", "telegram:Frontline_Watch", "--caption", RUSSIAN, "--claim", "Straße"),
    "friend.jpg": ("--source", "Müller", "--url", "https://example.org/A/b", "--claim", "he is 50 years old"),
}


@pytest.fixture
def listed(on_catalogue: Desk) -> Desk:
    for seed, (name, said) in enumerate(SAID.items()):
        on_catalogue.take(name, drawing.jpeg(drawing.photo(seed)), *said)
    friend = on_catalogue("list", "--json").lines[0]["item"]
    on_catalogue("claim", friend, "not what it seems", "--by", "An analyst")
    on_catalogue("assess", friend, "--status", "refuted", "--by", "B. Check", "--basis", "an older picture")
    return on_catalogue


def names(desk: Desk, *words: str) -> list[str]:
    return [line["file_name"].removesuffix(".jpg") for line in desk("list", "--json", *words).lines]


def test_every_filter_gives_what_it_says_newest_first(listed: Desk) -> None:
    every = ["friend", "channel", "agency"]
    answers = {
        (): every,
        ("--limit", "2"): every[:2],
        ("--limit", "1"): every[:1],
        ("--status", "refuted"): ["friend"],
        ("--status", "unverified"): ["channel", "agency"],
        ("--status", "verified"): [],
        ("--source", "Yonhap"): ["agency"],
        ("--source", "yonhap"): ["agency"],
        ("--source", "MÜLLER"): ["friend"],
        ("--source", "An analyst"): ["friend"],
        ("--source", "telegram:frontline_watch"): ["channel"],
        ("--source", "Frontline_Watch"): [],
        ("--source", "nobody"): [],
        ("--text", "포로"): ["agency"],
        ("--text", "курске"): ["channel"],
        ("--text", "ПЛЕННЫЙ курске"): ["channel"],
        ("--text", "пленный", "--text", "kursk"): [],
        ("--text", "kursk"): ["agency"],
        ("--text", "STRASSE"): ["channel"],
        ("--text", "50%"): ["agency"],
        ("--text", "sure_of"): ["agency"],
        ("--text", "_"): ["agency"],
        ("--text", "\\"): [],
        ("--text", "example.org/a"): ["friend"],
        ("--text", "older"): ["friend"],
        ("--text", "AGENCY.JPG"): ["agency"],
        ("--source", "Müller", "--status", "refuted", "--text", "seems"): ["friend"],
        ("--source", "Müller", "--status", "unverified"): [],
    }
    assert {words: names(listed, *words) for words in answers} == answers


def test_times_bound_the_taking_in_with_their_own_offset_or_ours(listed: Desk) -> None:
    times = [datetime.fromisoformat(line["taken_in"]) for line in listed("list", "--json").lines]
    middle = times[1]
    seoul = (middle + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%S.%f") + "+09:00"
    utc = middle.strftime("%Y-%m-%dT%H:%M:%S.%f")

    assert names(listed, "--since", seoul) == ["friend", "channel"]
    assert names(listed, "--until", seoul) == ["channel", "agency"]
    assert names(listed, "--since", utc, "--until", utc + "Z") == ["channel"]
    assert names(listed, "--since", middle.strftime("%Y-%m-%d"), "--limit", "1") == ["friend"]
    assert names(listed, "--until", "2000") == []
    assert names(listed, "--since", "2999") == []
    assert len(names(listed, "--until", times[0].strftime("%Y-%m-%d"))) >= 1  # a day means its end
    listed("list", "--since", "27.12.2024", code=2)


def test_what_is_hidden_by_the_limit_is_said(listed: Desk) -> None:
    assert "2 more items: raise --limit" in listed("list", "--limit", "1").err
    assert listed("list", "--limit", "3").err == "3 items\n"


def test_an_empty_archive_lists_nothing_and_says_so(local: Desk) -> None:
    answer = local("list")

    assert (answer.out, answer.err) == ("", "0 items\n")
    assert run("--archive", local.home, "list", "--json").out == ""
