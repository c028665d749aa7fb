"""An archive with at least one fact of every kind in it, small enough to be looked at whole."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

from archiver.facts.protection import Retention
from archiver.fingerprint.algorithm import CURRENT
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

EXIF = {0: {0x010F: "Maker", 0x0110: "Model 1"}, 0x8769: {0x9003: "2024:12:26 09:30:00"}}


def furnish(desk: Desk) -> list[str]:
    """Take three pictures in, have claims made and judged; the items in the order of their coming."""
    agency = ("--source", "Yonhap", "--source-kind", "news-agency", "--url", "https://example.org/1")
    first = desk.take(
        "soldier.jpg",
        drawing.jpeg(drawing.photo(1), exif=EXIF),
        *agency,
        "--published",
        "2024-12-27T14:05:00+09:00",
        "--caption",
        "A captured soldier, Kursk",
        "--claim",
        "He belongs to the XI Corps",
    )
    account = ("--account", "telegram:frontline_watch", "--note", "seen on a channel", "--collector", "Ada")
    second = desk.take("page.png", drawing.png(drawing.photo(2)), *account)
    third = desk.take("again.jpg", drawing.png(drawing.photo(2), compression=1), "--caption", "the same once more")
    desk("claim", second, "The page shows a drone", "--by", "An analyst", "--kind", "event")
    claim = desk.show(second)["claims"][0]["number"]
    grades = ("--reliability", "B", "--credibility", "2", "--confidence", "moderate", "--method", "geolocation")
    desk("assess", f"claim:{claim}", "--status", "verified", "--by", "B. Check", "--basis", "read on the spot", *grades)
    desk("assess", first, "--status", "inconclusive", "--by", "B. Check", "--basis", "only one source")
    furnish_sources(desk, first, claim)
    furnish_handling(desk, first, second)
    furnish_keys(desk)
    theirs = desk.file("theirs.csv", b"algorithm,bits,quality,label\n" + f"{CURRENT},{'5a' * 32},90,case 7\n".encode())
    desk("fingerprints", "import", theirs, "--list", "theirs", "--from", "Another archive")
    furnish_tombstone(desk)
    furnish_care(desk)
    return [first, second, third]


def furnish_handling(desk: Desk, item: str, other: str) -> None:
    """What care is owed, with whom it was shared, which case it belongs to, how two items are related."""
    by = ("--by", "Ada", "--basis", "in the hands of the enemy")
    desk("flag", item, "--sensitivity", "prisoner-of-war", "--tlp", "TLP:AMBER", *by)
    desk("tag", item, "own:captive", "--label", "a captive", "--by", "Ada")
    desk("case", "new", "Kursk", "--lead", "Ada", "--mandate", "for the desk")
    desk("case", "add", "Kursk", item, "--note", "the captive")
    desk("hold", item, "--legal", "--authority", "Prosecutor's letter 7", "--reason", "wanted in court")
    with closing(desk.archive()) as archive:  # no directory retains anything; a bucket that does says so
        kept = {"store": "s3://evidence/kept", "mode": "governance", "retain_until": "2036-11-26T00:00:00.000000Z"}
        archive.record(lambda _: [Retention.model_validate({"item": item, "by": "Ada", **kept})])
    told = ("--type", "prov:alternateOf", "--action", "c2pa.repackaged", "--by", "Ada", "--basis", "compared")
    if desk.show(item)["disclosures"]:  # furnished already: another decision and another export are news
        return
    desk("relate", item, other, *told)
    desk("relate", item, other, "--type", "not-related", "--by", "Ada", "--basis", "compared again")
    target = desk.files / "for-the-court"
    given = ("--recipient", "The court", "--reason", "ordered", "--acknowledge-sensitive")
    desk("export", item, "-o", target, "--profile", "court", *given)
    shutil.rmtree(target)


def furnish_tombstone(desk: Desk) -> None:
    """An item that was withdrawn, so that some bodies are withheld."""
    if desk("list", "--withdrawn", "--json").lines:  # furnished already
        return
    gone = desk.take("gone.jpg", drawing.png(drawing.photo(3)), "--claim", "It shows a child", "--fast")
    desk("withdraw", gone, "--authority", "District Court, 7 O 12/26", "--reason", "Article 17", "--yes")


def furnish_care(desk: Desk) -> None:
    """A store that came and went, and a batch of the log that was found spoilt and repaired."""
    if desk.counts().get("repairs"):  # furnished already: what happens to stores and copies again is news
        return
    desk("store", "add", "attic", "file:attic")
    desk("store", "remove", "attic")
    desk.alter(desk.batches()[0], lambda data: data[:-1])
    desk("audit", "--repair")


def furnish_keys(desk: Desk) -> None:
    """A key that gave way to another one, and is not to be trusted."""
    first = desk("key", "show", "--json").json["keys"][0]
    if not first["in_force"]:  # furnished already
        return
    desk("key", "rotate", "--reason", "a laptop was stolen")
    desk("key", "retire", first["fingerprint"], "--reason", "it was on the laptop", "--since", "event:3")


def furnish_sources(desk: Desk, item: str, claim: int) -> None:
    """What is said of sources, what became of a sighting, what contradicts a claim."""
    desk("claim", item, "He was captured on 26 December", "--by", "Yonhap News Agency", "--kind", "date")
    desk("source", "edit", "Yonhap", "--alias", "연합뉴스", "--country", "KR")
    desk("source", "edit", "Yonhap", "--merge", "Yonhap News Agency", "--by", "Ada", "--basis", "one house")
    desk("source", "account", "telegram:frontline_watch", "--platform-id", "77", "--display-name", "Front Line")
    said = ("--kind", "self-declared", "--basis", "its profile says so", "--by", "Ada", "--valid", "2022/..")
    desk("source", "affiliate", "telegram:frontline_watch", "--with", "Yonhap", *said)
    seen = desk.show(item)["sightings"][0]["number"]
    looked = ("--availability", "removed-by-author", "--by", "Ada", "--observed", "2025-01-05T10:00")
    desk("sight", "--again", seen, *looked)
    against = ("--contradicts", claim, "--basis", "both cannot be", "--value", "drones=0", "--manner", "implied")
    desk("claim", item, "There was no drone", "--by", "Seoul", "--kind", "event", *against)
