"""What a record tells of other items: of those that may not go there nothing, but that the two are tied."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

BY = ("--by", "D. Editor", "--basis", "he is held by soldiers")
SECRETS = ("Stringer of Kursk", "telegram:hidden_channel", "He said his name", "name=Kim", "a stringer told us both")
"""What is said of the shielded item, and by whom."""


@dataclass(frozen=True)
class Pair:
    """An item that may go anywhere, and another one that is tied to it in every way there is."""

    desk: Desk
    free: str
    shielded: str
    context: str
    number: int
    """Of the link between their claims."""

    def records(self, profile: str, *items: str) -> tuple[str, list[dict[str, Any]]]:
        """Both records as text, and the items of the plain one."""
        out = self.desk.files / f"{profile}-{len(items)}"
        self.desk("export", *items, "-o", out, "--profile", profile, "--records-only")
        texts = [(out / "data" / name).read_text() for name in ("record.json", "record.jsonld")]
        return "".join(texts), json.loads(texts[0])["items"]


@pytest.fixture
def pair(on_catalogue: Desk) -> Pair:
    desk = on_catalogue
    shielded = desk.take(
        *("shielded.png", drawing.png(drawing.photo(1)), "--source", "Stringer of Kursk"),
        *("--account", "telegram:hidden_channel", "--published", "2024-01-02", "--url", "https://hidden.example/1"),
    )
    free = desk.take("free.png", drawing.png(drawing.photo(2)), "--source", "Yonhap", "--published", "2025-01-02")
    context = desk.take("page.png", drawing.png(drawing.photo(3)))
    seen = desk.show(shielded)["sightings"][0]["number"]
    repost = ("--url", "https://free.example/1", "--account", "x:somebody", "--repost-of", f"#{seen}")
    desk("sight", free, *repost, "--context", context)
    desk("sight", shielded, "--url", "https://hidden.example/2", "--context", context)
    said = ("--by", "Stringer of Kursk", "--value", "name=Kim")
    theirs = desk("claim", shielded, "He said his name", *said, "--json").json["number"]
    linked = ("--contradicts", theirs, "--basis", "a stringer told us both")
    ours = desk("claim", free, "He said nothing", "--by", "Yonhap", *linked, "--json").json["number"]
    desk("relate", free, shielded, "--type", "not-related", "--by", "D. Editor", "--basis", "Stringer of Kursk says so")
    (claim,) = (each for each in desk.show(free)["claims"] if each["number"] == ours)
    return Pair(desk, free, shielded, context, claim["links"][0]["number"])


@pytest.mark.parametrize(
    ("care", "profile"),
    [
        (("--sensitivity", "prisoner-of-war"), "public"),
        (("--tlp", "TLP:GREEN"), "public"),
        (("--tlp", "TLP:RED"), "partner"),
        (("--sensitivity", "source-identifiable"), "partner"),
        (("--sensitivity", "personal-data"), "public"),
    ],
)
def test_of_an_item_that_may_not_go_there_only_the_tie_is_told(pair: Pair, care: tuple[str, ...], profile: str) -> None:
    before, _ = pair.records("court", pair.free)
    assert all(secret in before for secret in (*SECRETS[:3], "Kim", pair.shielded, SECRETS[4]))
    pair.desk("flag", pair.shielded, *care, *BY)

    told, (item,) = pair.records(profile, pair.free)

    for secret in (*SECRETS, "Kim", "hidden.example", "2024-01-02", "Stringer", pair.shielded, pair.context):
        assert secret not in told, secret
    (link,) = (link for claim in item["claims"] for link in claim["links"])
    assert {name for name, value in link.items() if value is not None} == {"number", "relation", "passive"}
    assert (link["number"], link["relation"]) == (pair.number, "contradicts")
    (relation,) = item["relations"]
    assert (relation["type"], relation["item"], relation["basis"]) == ("not-related", None, None)
    assert item["disagreements"] == []
    assert item["origins"]["earliest"] is None  # it is the other one's
    assert item["origins"]["sightings"] == 3
    assert f":{pair.number}" in told
    assert "He said nothing" in told


def test_two_records_in_one_export_tell_no_more_together_than_each_alone(pair: Pair) -> None:
    pair.desk("flag", pair.shielded, "--sensitivity", "source-identifiable", *BY)

    told, items = pair.records("partner", pair.free, pair.shielded)

    for secret in ("Stringer", "hidden", "a stringer told us both", "Yonhap says so"):
        assert secret not in told, secret
    links = [link for item in items for claim in item["claims"] for link in claim["links"]]
    assert [(link["number"], link["text"], link["item"], link["by"]) for link in links] == [
        (pair.number, None, None, None)
    ] * 2
    assert [relation["item"] for item in items for relation in item["relations"]] == [None, None]
    assert "archiver:contradicts" not in told


def test_of_an_item_that_may_go_there_all_is_told(pair: Pair) -> None:
    pair.desk("flag", pair.shielded, "--sensitivity", "graphic-violence", *BY)

    told, (item,) = pair.records("partner", pair.free)

    assert all(words in told for words in (*SECRETS[2:3], SECRETS[4], pair.shielded, pair.context))
    assert item["origins"]["earliest"]["when"] == "2024-01-02"
