"""``list``: every filter, on both databases, with the same answer."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing
from tests.archive.desk import PROJECT, run

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        ("--affiliation", "Yonhap"): ["agency"],
        ("--text", "포로"): ["agency"],
        ("--text", "курске"): ["channel"],
        ("--text", "ПЛЕННЫЙ курске"): ["channel"],
        ("--text", "пленный", "--text", "kursk"): [],
        ("--text", "kursk"): ["agency"],
        ("--text", "STRASSE"): ["channel"],
        ("--text", "50%"): ["friend", "agency"],
        ("--text", "sure_of"): ["agency"],
        ("--text", "kurs"): [],
        ("--text", "kurs*"): ["agency"],
        ("--text", "example.org/a"): ["friend"],
        ("--text", "years old", "--text", "seems"): ["friend"],
        ("--claim", "old"): ["friend"],
        ("--claim", "kursk"): [],
        ("--caption", "kursk"): ["agency"],
        ("--caption", "old"): [],
        ("--type", "image"): every,
        ("--type", "image/jpeg"): every,
        ("--type", "image/png"): [],
        ("--type", "video"): [],
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
    assert "1 of 3 items: go on with --after" in listed("list", "--limit", "1").err
    assert listed("list", "--limit", "3").err == "3 items\n"


def test_pages_follow_one_another_whatever_arrives_meanwhile(listed: Desk) -> None:
    seen: list[str] = []
    after: tuple[str, ...] = ()
    for number in range(3):
        (line,) = listed("list", "--json", "--limit", "1", *after).lines
        seen.append(line["file_name"].removesuffix(".jpg"))
        listed.take(f"later-{number}.jpg", drawing.jpeg(drawing.photo(10 + number)))
        after = ("--after", line["item"][:12])

    assert seen == ["friend", "channel", "agency"]
    assert listed("list", "--json", *after).lines == []


SORTED = [
    # file, published, captured by its own word
    ("a.jpg", "2024-12-27", "2024:12:26 09:30:00"),
    ("b.png", "2023", None),
    ("c.jpg", "2024-12-27T10:00:00+09:00", "2020:01:01 00:00:00"),
    ("d.png", None, None),
]


def test_every_order_is_total_and_pages_through_without_a_gap(on_catalogue: Desk) -> None:
    for seed, (name, published, captured) in enumerate(SORTED):
        picture = drawing.photo(seed, (200 + 10 * seed, 150))
        exif = {0x8769: {0x9003: captured}} if captured else {}
        content = drawing.jpeg(picture, exif=exif) if name.endswith("jpg") else drawing.png(picture)
        on_catalogue.take(name, content, *(("--published", published) if published else ()))
    orders = {
        "taken-in": ["d", "c", "b", "a"],
        "published": ["c", "a", "b", "d"],
        "captured": ["a", "c", "d", "b"],
    }
    for order, expected in orders.items():
        for words in (("--sort", order), ("--sort", order, "--reverse")):
            whole = [name[0] for name in paged(on_catalogue, words, limit=10)]
            assert whole == (expected[::-1] if "--reverse" in words else expected), words
            assert [name[0] for name in paged(on_catalogue, words, limit=1)] == whole
    sizes = [line["size"] for line in on_catalogue("list", "--json", "--sort", "size").lines]
    assert sizes == sorted(sizes, reverse=True)


def paged(desk: Desk, words: tuple[str, ...], *, limit: int) -> list[str]:
    found: list[str] = []
    after: tuple[str, ...] = ()
    while page := desk("list", "--json", *words, "--limit", str(limit), *after).lines:
        found += [line["file_name"] for line in page]
        after = ("--after", page[-1]["item"])
    return found


def test_stated_times_pass_where_they_may_have_been_then(on_catalogue: Desk) -> None:
    for seed, (name, published, captured) in enumerate(SORTED):
        exif = {0x8769: {0x9003: captured}} if captured else {}
        picture = drawing.photo(seed)
        content = drawing.jpeg(picture, exif=exif) if name.endswith("jpg") else drawing.png(picture)
        on_catalogue.take(name, content, *(("--published", published) if published else ()))

    def passing(*words: str) -> set[str]:
        return {line["file_name"][0] for line in on_catalogue("list", "--json", *words).lines}

    assert passing("--published", "2024-12") == {"a", "c"}
    assert passing("--published", "2024-12-27") == {"a", "c"}
    assert passing("--published", "2024-12-27T01:00:00Z") == {"a", "c"}
    assert passing("--published", "2024-12-27T02:00:00Z") == {"a"}  # Seoul's was published in that second, and no other
    assert passing("--published", "2024-12-28T13:00:00Z/..") == set()
    assert passing("--published", "../2023-06") == {"b"}
    assert passing("--captured", "2020") == {"c"}
    assert passing("--captured", "2024-12-26") == {"a"}
    on_catalogue("list", "--published", "26.12.2024", code=2)


PLACED = {
    "kursk.jpg": (51.7, 36.2),
    "fiji.jpg": (-17.0, -179.5),
}


def test_a_box_on_the_map_and_the_camera_find_what_the_file_says(on_catalogue: Desk) -> None:
    for seed, (name, (latitude, longitude)) in enumerate(PLACED.items()):
        north, east = "N" if latitude > 0 else "S", "E" if longitude > 0 else "W"
        gps = {1: north, 2: (abs(latitude), 0.0, 0.0), 3: east, 4: (abs(longitude), 0.0, 0.0)}
        exif: dict[int, Mapping[int, Any]] = {0: {0x010F: "Maker", 0x0110: f"Model {seed}"}, 0x8825: gps}
        on_catalogue.take(name, drawing.jpeg(drawing.photo(seed), exif=exif))

    assert names(on_catalogue, "--box", "50,30,55,40") == ["kursk"]
    assert names(on_catalogue, "--box", "-20,170,-10,-170") == ["fiji"]  # across the 180th meridian
    assert names(on_catalogue, "--box", "-90,-180,90,180") == ["fiji", "kursk"]
    assert names(on_catalogue, "--country", "ru") == ["kursk"]
    assert names(on_catalogue, "--country", "UA") == []
    on_catalogue("list", "--country", "Ukraine", code=2)
    assert names(on_catalogue, "--camera", "model 1") == ["fiji"]
    assert names(on_catalogue, "--camera", "leica") == []
    for malformed in ("1,2,3", "a,b,c,d", "10,0,5,1", "0,0,91,0", "0,0,1,181"):
        on_catalogue("list", "--box", malformed, code=2)


def test_csv_is_read_by_a_spreadsheet_and_steers_nothing(local: Desk) -> None:
    said = ("--claim", "=HYPERLINK(1)", "--caption", 'a, "b"', "--source", "+49 Agency")
    local.take("a.jpg", drawing.jpeg(drawing.photo(1)), *said)

    answer = local("list", "--csv")
    (row,) = csv.DictReader(io.StringIO(answer.out, newline=""))

    assert answer.out.count("\r\n") == 2
    assert row["claims"] == "'=HYPERLINK(1)"
    assert row["sources"] == "'+49 Agency"
    assert (row["sightings"], row["independent_origins"], row["status"]) == ("1", "1", "unverified")
    assert len(row["item"]) == 64


def test_what_nobody_is_called_is_refused_and_not_taken_for_nothing_found(local: Desk) -> None:
    local.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--source", "Yonhap")
    for words in (("--source", "nobody"), ("--affiliation", "nobody"), ("--case", "none"), ("--after", "abcdef")):
        local("list", *words, code=3)
    for words in (("--text", "_"), ("--text", "  "), ("--claim", "%"), ("--as-of", "yesterday")):
        local("list", *words, code=2)


def test_a_filter_that_says_nothing_is_refused_and_so_are_two_answers_at_once(local: Desk) -> None:
    options = ("--type", "--tag", "--camera", "--source", "--case", "--since", "--until", "--country", "--box")
    for option in options:
        for empty in ("", "  "):
            refused = local("list", option, empty, "--json", code=2)
            assert f"{option} is empty" in refused.json["error"]
    local("list", "--csv", "--json", code=2)


def test_a_type_is_found_by_the_word_that_the_list_prints(on_catalogue: Desk) -> None:
    on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    on_catalogue.take("b.png", drawing.png(drawing.photo(2)))
    assert "jpeg" in on_catalogue("list").out
    for word, found in {
        "jpeg": ["a"],
        "JPEG": ["a"],
        "image/jpeg": ["a"],
        "png": ["b.png"],
        "image": ["b.png", "a"],
        "jp": [],
        "mage": [],
    }.items():
        assert names(on_catalogue, "--type", word) == found, word


def test_words_with_marks_and_grouped_digits_are_found_whole(on_catalogue: Desk) -> None:
    on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--caption", "हिन्दी में 1,000 सैनिक")
    on_catalogue.take("b.jpg", drawing.jpeg(drawing.photo(2)), "--caption", "द ह न, 2 000 men and 1000 more")
    for words, found in {
        "हिन्दी": ["a"],
        "हिन्द*": ["a"],
        "द": ["b"],
        "सैनिक": ["a"],
        "1000": ["b", "a"],
        "2000": ["b"],
        "1,000": ["a"],
        "2 000": ["b"],
    }.items():
        assert names(on_catalogue, "--text", words) == found, words


def on_a_terminal(desk: Desk, *words: str, columns: int = 80) -> list[str]:
    """What a person sees on a terminal of this width."""
    pty = pytest.importorskip("pty")  # Windows has none
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    settings = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "cli", "--archive", str(desk.home), *words]
    subprocess.run(
        command, cwd=PROJECT, env=settings, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, check=True
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # all is read: Linux says so by an error
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    return shown.decode().splitlines()


def test_care_comes_first_on_a_narrow_terminal_and_cuts_nothing_off(local: Desk) -> None:
    item = local.take("pow.jpg", drawing.jpeg(drawing.photo(1)), "--source", "Yonhap")
    flagged = ("--sensitivity", "prisoner-of-war", "--sensitivity", "graphic-violence", "--tlp", "TLP:AMBER")
    local("flag", item, *flagged, "--by", "Ida", "--basis", "seen")
    care, line = on_a_terminal(local, "list")
    assert care.startswith("[")
    assert "prisoner-of-war" in care
    assert line.startswith(item[:12])
    assert len(line) <= 80
    for word in ("unverified", "jpeg", "Yonhap", "pow.jpg"):
        assert word in line
    (wide,) = on_a_terminal(local, "list", columns=200)
    assert wide.startswith(care)
    assert wide.endswith("pow.jpg")
    assert len(local("list").out.splitlines()) == 1


def test_a_pair_that_waits_is_shown_with_the_names_of_its_files(local: Desk) -> None:
    local.take("one.jpg", drawing.jpeg(drawing.photo(1)))
    local.take("two.jpg", drawing.jpeg(drawing.photo(1), quality=60))
    shown = "\n".join(on_a_terminal(local, "review", "--list"))
    assert "one.jpg" in shown
    assert "two.jpg" in shown


def test_an_empty_archive_lists_nothing_and_says_so(local: Desk) -> None:
    answer = local("list")

    assert (answer.out, answer.err) == ("", "0 items\n")
    assert run("--archive", local.home, "list", "--json").out == ""
