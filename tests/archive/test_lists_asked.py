"""Two archives tell one another what they hold without a picture, and without more than they mean to."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from PIL import Image

from archiver.commands import upload as uploading
from archiver.commands.upload import upload
from archiver.fingerprint import pdq
from archiver.fingerprint.algorithm import CURRENT
from archiver.fingerprint.perceptual import distance
from archiver.inspection.inspector import FreshInspector
from archiver.inspection.wanted import ORDINARY, Wanted
from archiver.interchange.cache import opened
from archiver.provenance import Provenance
from tests import drawing
from tests.archive.lists import POW, a_list, bits_of, captives, looked_up, other

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from archiver.fingerprint.algorithm import Algorithm
    from archiver.inspection.report import Report
    from archiver.interchange.cache import Cached
    from tests.archive.desk import Desk

__all__ = ["captives", "other"]


def test_an_archive_finds_what_another_one_lists_and_does_not_hold_it(on_catalogue: Desk, other: Desk) -> None:
    theirs = [other.take(f"{seed}.png", drawing.png(drawing.photo(seed))) for seed in (1, 2, 3)]
    given = on_catalogue.files / "given.csv"
    other("fingerprints", "export", "-o", given)
    told = on_catalogue("fingerprints", "import", given, "--list", "B", "--from", "Archive B", "--json").json
    assert told["lines"] == {str(CURRENT): 3}
    assert (told["name"], told["given_by"], told["form"], told["added"]) == ("B", "Archive B", "csv", True)

    mirrored = drawing.photo(2).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    (found,) = looked_up(on_catalogue, mirrored)

    assert (found.list, found.given_by, found.number, found.algorithm) == (
        "B",
        "Archive B",
        told["number"],
        str(CURRENT),
    )
    assert (found.bits, found.orientation, found.threshold) == (bits_of(other, theirs[1]), "mirrored", 65)
    assert found.distance <= 8
    assert found.item is None
    assert looked_up(on_catalogue, drawing.photo(9)) == []
    assert on_catalogue("list", "--json").lines == []  # listed, not held


def test_a_list_is_answered_with_what_is_held_of_it(on_catalogue: Desk, other: Desk) -> None:
    ours = on_catalogue.take("ours.jpg", drawing.jpeg(drawing.photo(1), quality=60))
    for seed in (1, 2):
        other.take(f"{seed}.png", drawing.png(drawing.photo(seed)))
    asked = on_catalogue.files / "asked.jsonl"
    other("fingerprints", "export", "--format", "jsonl", "-o", asked)

    answers = on_catalogue("fingerprints", "ask", asked, "--json").lines

    assert [each["line"] for each in answers] == [1, 2]
    held = [each for each in answers if each["held"]]
    assert [match["item"] for each in held for match in each["matches"]] == [ours]
    (match,) = held[0]["matches"]
    assert (match["match"], match["status"], held[0]["threshold"]) == ("look", "unverified", 65)
    assert match["distance"] == distance(held[0]["bits"], bits_of(on_catalogue, ours))
    assert on_catalogue("fingerprints", "ask", asked, "--radius", "0", "--json").lines[0]["threshold"] == 0
    on_catalogue("fingerprints", "ask", asked, "--radius", "128", code=2)
    assert on_catalogue("fingerprints", "lists", "--json").lines == []  # asking keeps nothing


def test_an_answer_tells_care_first_and_one_to_hand_on_tells_nothing_of_it(
    captives: tuple[Desk, dict[str, str]],
) -> None:
    desk, items = captives
    rows = [
        f"{CURRENT},{bits_of(desk, items[name])},90,{name},{items[name]}"
        for name in ("free", "amber", "red", "flagged")
    ]
    asked = a_list(desk, *rows)

    own = {each["label"]: each for each in desk("fingerprints", "ask", asked, "--json").lines}
    first = own["flagged"]["matches"][0]
    assert list(first)[:2] == ["sensitivity", "tlp"]
    assert (first["sensitivity"], first["match"], first["item"]) == ([POW[1]], "bytes", items["flagged"])
    assert [match["item"] for match in own["flagged"]["matches"]] == [items["flagged"], items["unseen"]]
    assert "[prisoner-of-war] same bytes" in desk("fingerprints", "ask", asked).out

    answer = desk("fingerprints", "ask", asked, "--shareable", "--json")
    handed = {each["label"]: each for each in answer.lines}
    assert {name: each["held"] for name, each in handed.items()} == {
        "free": True, "amber": True, "red": False, "flagged": False,
    }  # fmt: skip
    assert handed["free"]["matches"] == [{"match": "bytes", "distance": 0}]
    assert "prisoner" not in answer.out


def test_a_line_of_poor_quality_matches_no_look_and_one_of_equal_bytes_matches_all_the_same(local: Desk) -> None:
    item = local.take("a.png", drawing.png(drawing.photo(1)))
    bits = bits_of(local, item)
    theirs = a_list(
        local, f"{CURRENT},{bits},49,flat,", f"{CURRENT},{bits},,unknown,", f"{CURRENT},{bits},12,same,{item}"
    )
    local("fingerprints", "import", theirs, "--list", "B")

    assert [each.label for each in looked_up(local, drawing.photo(1))] == ["unknown"]
    answers = local("fingerprints", "ask", theirs, "--json").lines
    assert [[match["match"] for match in each["matches"]] for each in answers] == [[], ["look"], ["bytes"]]
    assert "quality is 49 of 100" in answers[0]["note"]


class Watching:
    """An inspector that tells what it was asked."""

    def __init__(self) -> None:
        self._inspector = FreshInspector()
        self.asked: list[Wanted] = []

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """As the other does."""
        self.asked.append(wanted)
        return self._inspector.inspect(path, wanted)

    def describe(self) -> str:
        """The other's name."""
        return self._inspector.describe()


def test_an_upload_looks_at_each_file_once_and_finds_it_in_a_list_of_pdq(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirrored = drawing.photo(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    bits, quality = pdq.pdq(pdq.as_read(mirrored))
    local(
        "fingerprints",
        "import",
        local.file("t.txt", f"{bits},{quality}\n".encode()),
        "--list",
        "HMA",
        "--format",
        "pdq",
    )
    files = [str(local.file(f"{seed}.png", drawing.png(drawing.photo(seed)))) for seed in (1, 2, 3)]
    opening: list[str] = []

    def counted(folder: Path, file: str, algorithm: Algorithm) -> Cached | None:
        opening.append(file)
        return opened(folder, file, algorithm)

    monkeypatch.setattr("archiver.interchange.listed.opened", counted)
    monkeypatch.setattr(uploading, "AHEAD", 1)
    watching, archive = Watching(), local.archive()

    receipts = list(
        upload(archive, files, Provenance(collector="Ida"), inspector=lambda _: nullcontext(watching), jobs=1)
    )
    archive.close()

    assert [[each.list for each in receipt.listed] for receipt in receipts] == [["HMA"], [], []]
    assert receipts[0].listed[0].orientation == "mirrored"
    assert [wanted.pdq for wanted in watching.asked] == [True] * 3
    assert len(opening) == 1
    assert {each["algorithm"] for each in local.show(receipts[0].item or "")["fingerprints"]} == {str(CURRENT)}


def test_a_pixel_digest_matches_only_where_it_is_equal(local: Desk) -> None:
    item = local.take("a.png", drawing.png(drawing.photo(1)), "--pixel-digest")
    (digest,) = [each for each in local.show(item)["fingerprints"] if each["algorithm"].startswith("pixels-1:rgba8")]
    near = f"{int(digest['bits'], 16) ^ 1:064x}"
    theirs = a_list(local, f"{digest['algorithm']},{digest['bits']},,same,", f"{digest['algorithm']},{near},,near,")

    answers = local("fingerprints", "ask", theirs, "--radius", "9", "--json").lines

    assert [(each["label"], each["threshold"], [m["match"] for m in each["matches"]]) for each in answers] == [
        ("same", 0, ["pixels"]),
        ("near", 0, []),
    ]
