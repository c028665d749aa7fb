"""Sightings: where it was seen, who repeats whom, what is still there, and how many origins there really are."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.conftest import Once
    from tests.archive.desk import Desk

PICTURE = drawing.jpeg(drawing.photo(1))
PAGE = b"<!doctype html><title>Post 12</title><p>A captured soldier</p>"


@pytest.fixture
def item(on_catalogue: Desk) -> str:
    return on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))


def sight(desk: Desk, *words: object) -> dict[str, Any]:
    sighted: dict[str, Any] = desk("sight", *words, "--json").json
    return sighted


def seen(desk: Desk, item: str) -> list[dict[str, Any]]:
    sightings: list[dict[str, Any]] = desk.show(item)["sightings"]
    return sightings


def head(desk: Desk) -> str:
    """The place of the log that ends now."""
    return f"#{desk.counts()['events'] - 1}"


def test_everything_that_was_said_of_a_sighting_is_told(on_catalogue: Desk, item: str) -> None:
    before = head(on_catalogue)
    place = ("--url", "https://m.example.org/12?utm_source=x", "--canonical", "https://example.org/12")
    where = ("--account", "telegram:@Watch", "--channel", "frontline", "--source", "Watchers", "--source-kind", "ngo")
    when = ("--published", "2024-12-27T14:05:00+09:00", "--published-basis", "platform-stated")
    words = ("--caption", "포로", "--language", "ko", "--note", "pinned", "--observer", "Ada")

    told = sight(
        on_catalogue,
        item,
        *place,
        *where,
        *when,
        *words,
        "--observed",
        "2024-12-28T09:00+02:00",
        "--claim",
        "A soldier",
    )

    (shown,) = seen(on_catalogue, item)
    assert told["added"]
    assert told["new_sources"] == ["Watchers", "telegram:Watch"]
    expected = {
        "number": told["number"],
        "url": "https://m.example.org/12?utm_source=x",
        "canonical": "https://example.org/12",
        "account": "telegram:Watch",
        "publisher": "Watchers",
        "publisher_kind": "ngo",
        "channel": "frontline",
        "published": "2024-12-27T14:05:00+09:00",
        "published_basis": "platform-stated",
        "caption": "포로",
        "language": "ko",
        "note": "pinned",
        "observer": "Ada",
        "observed": "2024-12-28T07:00:00.000000Z",
        "availability": None,
        "status": "unverified",
    }
    assert {name: shown[name] for name in expected} == expected
    (claim,) = on_catalogue.show(item)["claims"]
    assert (claim["number"], claim["sighting"], claim["by"]) == (told["claims"][0], shown["number"], "Watchers")
    assert on_catalogue("show", item, "--as-of", before, "--json").json["sightings"] == []
    assert on_catalogue("list", "--caption", "포로", "--json").json["item"] == item


def test_the_same_sighting_again_adds_nothing_and_says_so(on_catalogue: Desk, item: str) -> None:
    words = (item, "--url", "https://example.org/1", "--account", "x:watch", "--availability", "live", "--claim", "A")
    first = sight(on_catalogue, *words, "--context", on_catalogue.file("page.html", PAGE))
    before = on_catalogue.counts()

    again = sight(on_catalogue, *words, "--context", on_catalogue.file("page.html", PAGE), "--observer", "Ben")

    assert (again["added"], again["number"], again["claims"]) == (False, first["number"], first["claims"])
    assert {**on_catalogue.counts(), "acquisitions": 0, "events": 0} == {**before, "acquisitions": 0, "events": 0}
    assert "already recorded" in on_catalogue("sight", *words, "--context", first["context"]).out


def test_an_upload_says_the_same_of_its_sighting(on_catalogue: Desk) -> None:
    where = ("--url", "https://example.org/1?x=1", "--canonical", "https://example.org/1", "--channel", "news")
    when = ("--published", "2024", "--published-basis", "inferred", "--caption", "Foto", "--language", "de")

    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)), *where, *when)

    (shown,) = seen(on_catalogue, item)
    assert (shown["canonical"], shown["channel"]) == ("https://example.org/1", "news")
    assert (shown["published_basis"], shown["language"]) == ("inferred", "de")
    assert not sight(on_catalogue, item, *where, *when)["added"]


def test_a_repost_is_of_the_origin_of_what_it_repeats_and_the_tree_is_drawn(on_catalogue: Desk, item: str) -> None:
    first = sight(
        on_catalogue, item, "--account", "x:first", "--url", "https://x.example/1", "--published", "2024-12-20"
    )
    before = head(on_catalogue)
    second = sight(
        on_catalogue, item, "--account", "x:second", "--published", "2024-12-21", "--repost-of", first["number"]
    )
    sight(
        on_catalogue, item, "--account", "x:third", "--published", "2024-12-22", "--repost-of", f"#{second['number']}"
    )
    by_address = ("--repost-of", "http://www.x.example/1/?utm_source=feed")
    fourth = sight(on_catalogue, item, "--account", "x:fourth", "--published", "2024-12-23", *by_address)

    assert fourth["repost_of"] == first["number"]
    origins = on_catalogue.show(item)["origins"]
    assert (origins["sightings"], origins["independent"], origins["earliest"]["sighting"]) == (4, 1, first["number"])
    assert [branch["depth"] for branch in origins["tree"]] == [0, 1, 2, 1]
    assert f"#{second['number']} reposts #{first['number']}" in origins["origins"][0]["reasons"]
    told = on_catalogue("show", item).out
    tree = [line.strip() for line in told.splitlines() if "20" in line and ("├─" in line or "└─" in line)]
    assert [line.split(",")[0] for line in tree] == [
        f"├─ #{second['number']} x:second",
        f"│  └─ #{second['number'] + 2} x:third",
        f"└─ #{fourth['number']} x:fourth",
    ]
    then = on_catalogue("show", item, "--as-of", before, "--json").json["origins"]
    assert (then["sightings"], then["independent"]) == (1, 1)


def test_reposts_of_an_original_that_was_never_held_are_of_its_origin(on_catalogue: Desk, item: str) -> None:
    gone = sight(on_catalogue, "--url", "https://x.example/gone", "--account", "x:author", "--published", "2024-12-19")
    other = on_catalogue.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    for account, of in (("x:one", item), ("x:two", item), ("x:three", other)):
        sight(on_catalogue, of, "--account", account, "--repost-of", "https://x.example/gone")

    assert gone["item"] is None
    origins = on_catalogue.show(item)["origins"]
    assert origins["independent"] == 1
    assert origins["earliest"]["sighting"] == gone["number"]
    told = on_catalogue("show", item).out
    assert "x:author, 2024-12-19, never held" in told
    on_catalogue("assess", f"sighting:{gone['number']}", "--status", "withdrawn", "--by", "B", "--basis", "misspelled")
    origins = on_catalogue.show(item)["origins"]
    assert (origins["sightings"], origins["independent"]) == (3, 1)  # they still repeat one and the same
    assert "never held, withdrawn" in on_catalogue("show", item).out


def test_two_sightings_of_one_account_or_one_publisher_are_one_origin_and_unknown_ones_none(
    on_catalogue: Desk, item: str
) -> None:
    sight(on_catalogue, item, "--account", "x:watch", "--url", "https://x.example/1")
    sight(on_catalogue, item, "--account", "x:watch", "--url", "https://x.example/2")
    one = on_catalogue.show(item)["origins"]
    assert (one["sightings"], one["independent"]) == (2, 1)
    assert "are both of x:watch" in one["origins"][0]["reasons"][0]

    sight(on_catalogue, item, "--url", "https://forum.example/3")

    origins = on_catalogue.show(item)["origins"]
    assert (origins["sightings"], origins["independent"], origins["unknown"]) == (3, 1, 1)
    assert "3 sightings, 1 independent origin, 1 of unknown origin" in on_catalogue("show", item).out


def test_a_mistaken_sighting_is_recorded_anew_and_counts_no_more_once_it_is_withdrawn(
    on_catalogue: Desk, item: str
) -> None:
    wrong = sight(on_catalogue, item, "--account", "x:wacht", "--published", "2023-12-21")
    right = sight(on_catalogue, item, "--account", "x:watch", "--published", "2024-12-21")
    before = head(on_catalogue)

    judged = ("--status", "withdrawn", "--by", "Ada", "--basis", "a misspelling")
    on_catalogue("assess", f"sighting:{wrong['number']}", *judged)

    shown = on_catalogue.show(item)
    assert shown["first_seen"] == "2024-12-21"
    assert (shown["origins"]["independent"], shown["origins"]["earliest"]["sighting"]) == (1, right["number"])
    assert [each["status"] for each in shown["sightings"]] == ["withdrawn", "unverified"]
    then = on_catalogue("show", item, "--as-of", before, "--json").json
    assert (then["first_seen"], then["origins"]["independent"]) == ("2023-12-21", 2)


@pytest.mark.parametrize("published", ["2024-12-27", "2024", "../2024-12-26", "2024/.."])
def test_what_somebody_saw_on_a_day_was_there_before_what_was_published_later(local: Desk, published: str) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    sight(local, item, "--account", "x:late", "--published", published)
    first = sight(local, item, "--account", "x:seen", "--observed", "2024-12-20T10:00Z")

    shown = local.show(item)

    when = "2024-12-20T10:00:00.000000Z"
    assert shown["origins"]["earliest"] == {"sighting": first["number"], "when": when, "basis": "observed"}
    assert (shown["first_seen"], shown["first_seen_basis"]) == (when, "observed")
    assert f"earliest known: #{first['number']}, {when} (observed), x:seen" in local("show", item).out


def test_a_vague_time_of_publication_is_bounded_by_the_day_that_somebody_saw_it(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    sight(local, item, "--account", "x:late", "--published", "2024-06-05", "--published-basis", "page-stated")
    vague = sight(local, item, "--account", "x:vague", "--published", "2024", "--observed", "2024-06-01T10:00Z")

    earliest = local.show(item)["origins"]["earliest"]

    assert (earliest["sighting"], earliest["when"]) == (vague["number"], "2024-06-01T10:00:00.000000Z")
    local("assess", f"sighting:{vague['number']}", "--status", "withdrawn", "--by", "Ada", "--basis", "a mistake")
    earliest = local.show(item)["origins"]["earliest"]
    assert (earliest["when"], earliest["basis"]) == ("2024-06-05", "published, page-stated")


def test_every_answer_names_one_first_sighting_over_all_confirmed_copies(local: Desk) -> None:
    picture = drawing.photo(1)
    item = local.take("a.png", drawing.png(picture), "--account", "x:late", "--published", "2024-12-27")
    copy = local.take("b.jpg", drawing.jpeg(picture), "--account", "x:early", "--published", "2024-12-20")
    local("relate", item, copy, "--type", "prov:alternateOf", "--by", "Ida", "--basis", "compared")

    for each in (item, copy):
        assert local.show(each)["first_seen"] == "2024-12-20"
        assert local.find(each)["matches"][0]["first_seen"] == "2024-12-20"
        told = local("show", each).out
        assert "earliest known: " in told
        assert "first published" not in told
    assert local("list", "--csv").out.count(",2024-12-20,published,2,2,") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--published", "2024-12-27", "--observed", "2024-12-20T10:00Z"),
        ("--published", "2024-12-20T11:00Z", "--observed", "2024-12-20T10:00Z"),
        ("--published", "9998"),
        ("--published", "9998/.."),
    ],
    ids=str,
)
def test_nothing_is_seen_before_it_is_published(local: Desk, words: tuple[str, ...]) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    before = local.counts()

    refused = local("sight", item, "--url", "https://example.org/1", *words, code=2)

    assert f"--published {words[1]} is after " in refused.err
    if "--observed" not in words:
        local("upload", local.file("b.jpg", drawing.jpeg(drawing.photo(2))), *words, code=2)
        table = f"path,url,published\nb.jpg,https://example.org/1,{words[1]}\n"
        failed = local("upload", "--manifest", local.file("m.csv", table.encode()), code=3)
        assert "column published" in failed.out + failed.err
    assert local.counts() == before
    sight(local, item, "--url", "https://example.org/1", "--published", "2024-12-20", "--observed", "2024-12-20T00:30Z")


def test_a_repost_that_was_there_before_what_it_repeats_is_taken_and_told(on_catalogue: Desk, item: str) -> None:
    first = sight(on_catalogue, item, "--account", "x:first", "--published", "2024-12-24")
    fits = sight(on_catalogue, item, "--account", "x:fits", "--published", "2024", "--repost-of", first["number"])
    repeats = ("--repost-of", first["number"])
    early = sight(on_catalogue, item, "--account", "x:early", "--published", "2024-12-20", *repeats)

    (found,) = on_catalogue.show(item)["origins"]["findings"]

    assert found.startswith(f"#{early['number']} reposts #{first['number']} and was there before it: 2024-12-20")
    assert f"#{fits['number']}" not in found
    assert f"cannot be so: {found}" in on_catalogue("show", item).out


def test_the_page_around_it_is_archived_as_an_item_and_tied_to_the_sighting(on_catalogue: Desk, item: str) -> None:
    page = on_catalogue.file("page.html", PAGE)

    told = sight(on_catalogue, item, "--url", "https://example.org/1", "--context", page, "--observer", "Ada")

    assert told["context_added"]
    kept = on_catalogue.show(told["context"])
    (taken,) = kept["acquisitions"]
    assert (taken["file_name"], taken["url"], taken["collector"]) == ("page.html", "https://example.org/1", "Ada")
    assert kept["shows"] == [{"number": told["number"], "item": item, "url": "https://example.org/1"}]
    assert kept["sightings"] == []
    (shown,) = seen(on_catalogue, item)
    assert shown["context"] == told["context"]
    on_catalogue("get", told["context"], "-o", on_catalogue.files / "out.html")
    assert (on_catalogue.files / "out.html").read_bytes() == PAGE
    assert f"kept as item {told['context'][:12]}" in on_catalogue("show", item).out
    assert f"shows the surroundings of sighting #{told['number']}" in on_catalogue("show", told["context"]).out
    on_catalogue.root()

    screenshot = on_catalogue.take("screen.png", drawing.png(drawing.photo(3)))
    again = sight(on_catalogue, item, "--url", "https://example.org/2", "--context", screenshot[:12])
    assert (again["context"], again["context_added"]) == (screenshot, False)


def test_whether_it_is_still_there_is_recorded_over_time_and_the_latest_look_counts(
    on_catalogue: Desk, item: str
) -> None:
    told = sight(
        on_catalogue, item, "--url", "https://example.org/1", "--availability", "live", "--observed", "2024-12-27T10:00"
    )
    before = head(on_catalogue)
    again = ("--again", told["number"], "--availability")

    gone = on_catalogue("sight", *again, "removed-by-author", "--by", "Ada", "--note", "404", "--json").json
    late = on_catalogue(
        "sight", *again, "geo-blocked", "--observed", "2025-01-05T10:00+01:00", "--observer", "Ben", "--json"
    ).json

    assert (gone["before"], late["before"], gone["added"], late["added"]) == (
        *("live", "removed-by-author"),
        *(True, True),
    )
    (shown,) = seen(on_catalogue, item)
    assert shown["availability"] == "removed-by-author"
    assert [(look["availability"], look["by"]) for look in shown["looks"]] == [
        *(("live", None), ("geo-blocked", "Ben")),
        ("removed-by-author", "Ada"),
    ]
    assert shown["looks"][1]["observed"] == "2025-01-05T09:00:00.000000Z"
    assert "removed-by-author when looked at" in on_catalogue("show", item).out
    (then,) = on_catalogue("show", item, "--as-of", before, "--json").json["sightings"]
    assert (then["availability"], len(then["looks"])) == ("live", 1)
    same = on_catalogue("sight", *again, "geo-blocked", "--observed", "2025-01-05T09:00Z", "--by", "Ben", "--json").json
    assert not same["added"]


def test_a_rating_is_of_the_sighting_and_not_of_the_item(on_catalogue: Desk, item: str) -> None:
    told = sight(on_catalogue, item, "--url", "https://example.org/1", "--caption", "Today in Kursk")

    judged = (
        "--status",
        "refuted",
        "--by",
        "B. Check",
        "--basis",
        "taken in 2014",
        "--rating",
        "DecontextualizedContent",
    )
    on_catalogue("assess", f"sighting:{told['number']}", *judged)

    (shown,) = seen(on_catalogue, item)
    assert (shown["status"], shown["assessments"][0]["manipulation"]) == ("refuted", "DecontextualizedContent")
    assert on_catalogue.show(item)["status"] == "unverified"


def _sighted(desk: Desk) -> None:
    item = desk.take("a.jpg", PICTURE, "--source", "Watchers", "--source-kind", "ngo")
    desk("sight", item, "--url", "https://example.org/once")
    for account in ("x:one", "x:two"):
        desk("sight", item, "--url", "https://example.org/twice", "--account", account)


@pytest.fixture
def sighted(made_once: Once, warm: None) -> Desk:
    return made_once("sqlite", _sighted)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2),
        (("--account", "x:watch"), 2),
        (("--url", "https://new.example", "--claim", "A soldier"), 2),
        (("ITEM",), 2),
        (("ITEM", "--availability", "live"), 2),
        (("ITEM", "--url", " "), 2),
        (("ITEM", "--claim", "A soldier"), 2),
        (("abcdef", "--url", "https://new.example"), 3),
        (("ITEM", "--url", "https://new.example", "--account", "watch"), 2),
        (("ITEM", "--url", "https://new.example", "--published", "yesterday"), 2),
        (("ITEM", "--url", "https://new.example", "--published-basis", "inferred"), 2),
        (("ITEM", "--url", "https://new.example", "--language", "ko"), 2),
        (("ITEM", "--caption", "x", "--language", "Korean language"), 2),
        (("ITEM", "--url", "https://new.example", "--source-kind", "ngo"), 2),
        (("ITEM", "--source", "Watchers", "--source-kind", "armed-force"), 2),
        (("ITEM", "--url", "https://new.example", "--observed", "2024-12-27"), 2),
        (("ITEM", "--url", "https://new.example", "--observed", "9999-01-01T00:00"), 2),
        (("ITEM", "--url", "https://new.example", "--observed", "noon"), 2),
        (("ITEM", "--url", "https://new.example", "--availability", "maybe"), 2),
        (("ITEM", "--url", "https://new.example", "--repost-of", "9999"), 3),
        (("ITEM", "--url", "https://new.example", "--repost-of", "https://nowhere.example"), 3),
        (("ITEM", "--url", "https://new.example", "--repost-of", "https://example.org/twice"), 2),
        (("ITEM", "--url", "https://example.org/once", "--repost-of", "https://example.org/once"), 3),
        (("ITEM", "--url", "https://new.example", "--context", "no such file"), 3),
        (("ITEM", "--url", "https://new.example", "--context", "."), 3),
        (("--again", "9999", "--availability", "live"), 3),
        (("--again", "https://example.org/once"), 2),
        (("--again", "https://example.org/once", "--availability", "live", "--url", "https://new.example"), 2),
        (("ITEM", "--again", "https://example.org/once", "--availability", "live"), 2),
        (("--again", "https://example.org/once", "--availability", "live", "--claim", "A soldier"), 2),
        (("--again", "https://example.org/once", "--availability", "live", "--by", " "), 2),
    ],
    ids=str,
)
def test_what_cannot_be_so_is_refused_and_nothing_is_recorded(sighted: Desk, words: tuple[str, ...], code: int) -> None:
    item, before = sha256(PICTURE).hexdigest(), sighted.counts()

    answer = sighted("sight", *[item if word == "ITEM" else word for word in words], code=code)

    assert answer.err
    assert sighted.counts() == before
    sighted.root()


def test_the_sightings_that_an_address_may_mean_are_named(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    numbers = [
        sight(local, item, "--url", "https://example.org/1", "--account", account)["number"]
        for account in ("x:one", "x:two")
    ]

    refused = local("sight", item, "--account", "x:three", "--repost-of", "https://example.org/1", code=2)

    for number, account in zip(numbers, ("x:one", "x:two"), strict=True):
        assert f"#{number} ({account}" in refused.err
