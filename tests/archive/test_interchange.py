"""Two archives tell one another what they hold without a picture, and without more than they mean to."""

from __future__ import annotations

import csv
import json
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageOps

from archiver.catalogue.hash_lists import hash_lists
from archiver.commands import upload as uploading
from archiver.commands.upload import upload
from archiver.facts.inspection import Fingerprint
from archiver.fingerprint import pdq
from archiver.fingerprint.algorithm import CURRENT, INNER, PDQ
from archiver.fingerprint.orientations import UPRIGHT, orientations
from archiver.fingerprint.perceptual import distance
from archiver.fingerprint.reduction import grey
from archiver.inspection.inspector import FreshInspector
from archiver.inspection.wanted import ORDINARY, Wanted
from archiver.interchange.cache import opened
from archiver.interchange.listed import Lists, listed
from archiver.provenance import Provenance
from tests import drawing
from tests.archive.conftest import place
from tests.archive.desk import flip

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.fingerprint.algorithm import Algorithm
    from archiver.inspection.report import Report
    from archiver.interchange.cache import Cached
    from archiver.interchange.listed import Listed
    from tests.archive.desk import Desk

BY = ("--by", "Ida", "--basis", "a captive")
POW = ("--sensitivity", "prisoner-of-war")
HEAD = "algorithm,bits,quality,label,item"


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """Another archive, somewhere else."""
    (tmp_path / "elsewhere").mkdir()
    return place(request, ("local", "sqlite"), tmp_path / "elsewhere").make()


def bits_of(desk: Desk, item: str) -> str:
    (found,) = [each["bits"] for each in desk.show(item)["fingerprints"] if each["algorithm"] == str(CURRENT)]
    return str(found)


def exported(desk: Desk, *words: object) -> list[dict[str, Any]]:
    return list(csv.DictReader(desk("fingerprints", "export", *words).out.splitlines()))


def looked_up(desk: Desk, image: Image.Image, radius: int = 65) -> list[Listed]:
    """What the lists say of a picture, in the eight orientations."""
    archive = desk.archive()
    with archive.asking() as questions:
        found = listed(archive, questions, dict(orientations(grey(image))), radius)
    archive.close()
    assert not archive.notes
    return found


def a_list(desk: Desk, *rows: str, name: str = "theirs.csv") -> Path:
    return desk.file(name, "\n".join((HEAD, *rows, "")).encode())


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


def test_the_default_list_says_nothing_but_the_looks(local: Desk) -> None:
    items = [
        local.take(f"secret-{seed}.png", drawing.png(drawing.photo(seed)), "--source", "Yonhap") for seed in range(6)
    ]
    again = local.take("copy.png", drawing.png(drawing.photo(0), compression=1))
    words = {bits_of(local, item) for item in items}
    assert bits_of(local, again) in words

    text = local("fingerprints", "export").out

    rows = [line.split(",") for line in text.splitlines()]
    assert rows[0] == ["algorithm", "bits", "quality"]
    assert {row[0] for row in rows[1:]} == {str(CURRENT)}
    assert [row[1] for row in rows[1:]] == sorted(words)  # each look once, and in no order of coming
    assert all(row[2].isdecimal() for row in rows[1:])
    for each in (*items, again):
        assert each[:12] not in text
    named = exported(local, "--with-items")
    assert {row["item"]: row["bits"] for row in named} == {item: bits_of(local, item) for item in (*items, again)}
    assert "prove that this archive holds it" in local("fingerprints", "export", "--with-items").err


def test_what_care_is_owed_to_stays_with_all_that_looks_like_it_and_is_counted(
    captives: tuple[Desk, dict[str, str]],
) -> None:
    desk, items = captives
    target = desk.files / "list.csv"

    told = desk("fingerprints", "export", "-o", target, "--json").json

    assert (told["held"], told["in_care"], told["alike"], told["lines"]) == (7, 4, 1, 2)
    assert target.read_text().count("\n") == 3
    assert {row["bits"] for row in exported(desk)} == {bits_of(desk, items[name]) for name in ("free", "amber")}
    assert "left out: 4 because care is owed, 1 more" in desk("fingerprints", "export").err
    everything = desk("fingerprints", "export", "--include-sensitive")
    assert everything.out.count("\n") == 8
    assert "give it to nobody" in everything.err
    desk("flag", items["flagged"], "--lift", POW[1], "--by", "Bo", "--basis", "an actor in a film")
    assert desk("fingerprints", "export", "--json", "-o", desk.files / "more.csv").json["in_care"] == 2


@pytest.fixture
def captives(on_catalogue: Desk) -> tuple[Desk, dict[str, str]]:
    """Seven items: care is owed to four, and one nobody has compared yet looks like one of those."""
    desk = on_catalogue
    seeds = {"free": 1, "amber": 2, "flagged": 3, "red": 4, "strict": 5, "page": 6}
    items = {name: desk.take(f"{name}.png", drawing.png(drawing.photo(seed))) for name, seed in seeds.items()}
    items["unseen"] = desk.take("unseen.jpg", drawing.jpeg(drawing.photo(3), quality=40))
    desk("flag", items["flagged"], *POW, *BY)
    for name, label in (("amber", "TLP:AMBER"), ("red", "TLP:RED"), ("strict", "TLP:AMBER+STRICT")):
        desk("flag", items[name], "--tlp", label, *BY)
    desk("sight", items["flagged"], "--url", "https://example.org/1", "--context", items["page"])
    return desk, items


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


def test_a_picture_in_a_frame_is_known_by_what_is_inside_it(local: Desk, other: Desk) -> None:
    plain = drawing.photo(1)
    framed = ImageOps.expand(plain, 70, "white")
    held = local.take("framed.png", drawing.png(framed))
    other.take("plain.png", drawing.png(plain))
    other.take("another.png", drawing.png(drawing.photo(2)))
    theirs = local.files / "theirs.csv"
    other("fingerprints", "export", "-o", theirs)

    answers = local("fingerprints", "ask", theirs, "--json").lines
    assert [[match["item"] for match in each["matches"]] for each in answers if each["held"]] == [[held]]
    given = other.files / "given.csv"
    local("fingerprints", "export", "--algorithm", INNER, "-o", given)
    other("fingerprints", "import", given, "--list", "framed")
    assert [each.algorithm for each in looked_up(other, plain)] == [str(INNER)]

    copy = local.take("plain.jpg", drawing.jpeg(plain))
    assert {bits_of(local, copy)} < {each["bits"] for each in exported(local)}
    local("flag", held, *POW, *BY)
    assert exported(local) == []  # the plain copy, which nobody compared yet, would show what is flagged
    assert "1 because care is owed, 1 more" in local("fingerprints", "export").err


MIRROR, QUARTER = Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_270


@pytest.mark.parametrize("turn", [MIRROR, QUARTER, Image.Transpose.ROTATE_180, Image.Transpose.TRANSVERSE])
def test_a_turned_or_mirrored_copy_gives_the_look_of_a_flagged_picture_away_and_is_left_out(
    turn: Image.Transpose, local: Desk
) -> None:
    flagged = local.take("flagged.png", drawing.png(drawing.photo(3)))
    local.take("turned.jpg", drawing.jpeg(drawing.photo(3).transpose(turn), quality=60))
    free = local.take("free.png", drawing.png(drawing.photo(1)))
    local("fingerprints", "build", "--pdq")
    local("flag", flagged, *POW, *BY)
    assert [row["bits"] for row in exported(local)] == [bits_of(local, free)]
    assert len(exported(local, "--algorithm", PDQ)) == 1
    assert "1 because care is owed, 1 more" in local("fingerprints", "export").err


def test_a_mirrored_copy_of_what_is_inside_a_flagged_frame_is_left_out(local: Desk) -> None:
    framed = ImageOps.expand(drawing.photo(1), 70, "white")
    flagged = local.take("framed.png", drawing.png(framed))
    local.take("plain.jpg", drawing.jpeg(drawing.photo(1).transpose(MIRROR)))
    local.take("framed-too.jpg", drawing.jpeg(ImageOps.expand(drawing.photo(1).transpose(QUARTER), 60, "black")))
    free = local.take("free.png", drawing.png(drawing.photo(2)))
    local("flag", flagged, *POW, *BY)
    assert [row["bits"] for row in exported(local)] == [bits_of(local, free)]
    assert exported(local, "--algorithm", INNER) == []
    local("fingerprints", "build", "--pdq")
    assert len(exported(local, "--algorithm", PDQ)) == 1  # PDQ knows no frames, and tells of one all the same


def test_a_turned_copy_of_a_confirmed_copy_of_a_flagged_picture_is_left_out(local: Desk) -> None:
    flagged = local.take("flagged.png", drawing.png(drawing.photo(3)))
    confirmed = local.take("confirmed.png", drawing.png(drawing.photo(4)))  # a person saw that it is one; no look would
    local.take("turned.jpg", drawing.jpeg(drawing.photo(4).transpose(QUARTER)))
    free = local.take("free.png", drawing.png(drawing.photo(1)))
    local("flag", flagged, *POW, *BY)
    local("relate", confirmed, flagged, "--type", "prov:wasDerivedFrom", *BY)
    assert [row["bits"] for row in exported(local)] == [bits_of(local, free)]


def test_a_list_stands_until_another_takes_its_place_or_it_is_withdrawn(on_catalogue: Desk) -> None:
    desk = on_catalogue
    image = drawing.photo(1)
    bits = dict(orientations(grey(image)))[UPRIGHT]
    one, two = a_list(desk, f"{CURRENT},{bits},90,first,"), a_list(desk, f"{CURRENT},{bits},91,second,", name="two.csv")

    first = desk("fingerprints", "import", one, "--list", "Theirs", "--note", "by mail", "--json").json
    again = desk("fingerprints", "import", one, "--list", "Theirs", "--note", "by mail", "--json").json
    assert (again["added"], again["number"]) == (False, first["number"])
    desk("fingerprints", "import", one, "--list", "theirs", code=3)  # nearly the same name is a slip
    second = desk("fingerprints", "import", two, "--list", "Theirs", "--json").json
    assert (second["added"], second["replaced"]) == (True, first["file"])
    assert [each.label for each in looked_up(desk, image)] == ["second"]
    archive = desk.archive()
    with archive.asking(f"event:{first['number']}") as then:
        assert [each.label for each in Lists(archive, then).near({UPRIGHT: bits}, 0)] == ["first"]
    archive.close()

    for words in (("--by", "Ida"), ("--reason", "x"), ()):
        desk("fingerprints", "withdraw", "Theirs", *words, code=2)
    gone = desk("fingerprints", "withdraw", "theirs", "--by", "Ida", "--reason", "given in error", "--json").json
    assert (gone["name"], gone["state"], gone["by"], gone["reason"]) == ("Theirs", "retracted", "Ida", "given in error")
    assert looked_up(desk, image) == []
    assert desk("fingerprints", "lists").out == ""
    assert "withdrawn by Ida, because: given in error" in desk("fingerprints", "lists", "--withdrawn").out
    desk("fingerprints", "withdraw", "Theirs", "--by", "Ida", "--reason", "again", code=3)
    then = desk("fingerprints", "lists", "--as-of", f"event:{first['number']}", "--json").json
    assert (then["file"], then["note"]) == (first["file"], "by mail")
    desk("fingerprints", "import", two, "--list", "Theirs")
    assert [each.label for each in looked_up(desk, image)] == ["second"]
    desk.root()


def test_a_rebuild_keeps_the_lists_and_the_store_alone_brings_their_lines_back(desk: Desk) -> None:
    image = drawing.photo(1)
    bits = dict(orientations(grey(image)))[UPRIGHT]
    desk("fingerprints", "import", a_list(desk, f"{CURRENT},{bits},90,case 7,"), "--list", "B", "--from", "Archive B")
    before, told = looked_up(desk, image), desk("fingerprints", "lists", "--json").out
    for path in (desk.home / "cache" / "lists").iterdir():
        path.unlink()

    desk("rebuild")

    assert looked_up(desk, image) == before
    assert [each.label for each in before] == ["case 7"]
    assert desk("fingerprints", "lists", "--json").out == told
    assert desk("verify", "--json").json["lists"] == 1


def test_a_list_whose_bytes_were_altered_is_found_and_not_searched(local: Desk) -> None:
    image = drawing.photo(1)
    bits = dict(orientations(grey(image)))[UPRIGHT]
    made = local("fingerprints", "import", a_list(local, f"{CURRENT},{bits},90,,"), "--list", "B", "--json").json
    for path in (local.home / "cache" / "lists").iterdir():
        path.unlink()
    local.alter(local.object_of(made["file"]), lambda data: data.replace(b",90,", b",80,"))

    assert local.faults() == [("object-corrupt", made["file"])]
    archive = local.archive()
    with archive.asking() as questions:
        assert listed(archive, questions, {UPRIGHT: bits}, 65) == []
        assert len(hash_lists(questions)) == 1
    archive.close()
    assert ["could not be searched" in note for note in archive.notes] == [True]
    local.alter(local.object_of(made["file"]), lambda _data: None)
    assert local.faults() == [("object-missing", made["file"])]


def test_a_damaged_cache_is_made_anew_from_the_list_whatever_the_damage(local: Desk) -> None:
    image = drawing.photo(1)
    bits = dict(orientations(grey(image)))[UPRIGHT]
    rows = [f"{CURRENT},{bits},90,first,", *(f"{CURRENT},{number:064x},90,," for number in range(50))]
    local("fingerprints", "import", a_list(local, *rows), "--list", "B")
    (cache,) = (local.home / "cache" / "lists").iterdir()
    whole = cache.read_bytes()
    text = whole.index(b'"first"')
    for damaged in (
        b"[1, 2]".ljust(512) + whole[512:],
        whole[:300],
        flip(whole, 30),
        flip(whole, 520),
        flip(whole, 512 + 32 + 8 * 7),
        flip(whole, text + 2),
    ):
        cache.write_bytes(damaged)
        assert [each.label for each in looked_up(local, image)] == ["first"]
        assert cache.read_bytes() == whole


def test_a_list_that_is_wrong_in_its_last_line_leaves_no_trace(local: Desk) -> None:
    before = local.counts()["events"]
    wrong = a_list(local, *[f"{CURRENT},{number:064x},90,," for number in range(50)], "phash-2:new,00,90,,")

    told = local("fingerprints", "import", wrong, "--list", "B", code=3)

    assert "line 52 is of an unknown fingerprint algorithm: 'phash-2:new'" in told.err
    assert local.counts()["events"] == before
    assert list((local.home / "cache" / "lists").iterdir()) == []
    assert list(local.open_store().names("objects/")) == []
    local("fingerprints", "ask", wrong, code=3)
    local("fingerprints", "import", local.files / "nowhere.csv", "--list", "B", code=3)
    local("fingerprints", "import", local.file("list.txt", b"x"), "--list", "B", code=2)
    local("fingerprints", "import", a_list(local, f"{CURRENT},{'00' * 32},90,,"), "--list", " ", code=2)
    local("fingerprints", "export", "--algorithm", "phash-2:new", code=3)
    local("fingerprints", "export", "--format", "pdq", code=2)
    kept = local.file("mine.csv", b"mine")
    local("fingerprints", "export", "-o", kept, code=3)
    assert kept.read_bytes() == b"mine"


def test_a_hostile_label_steers_no_terminal_and_no_spreadsheet(local: Desk) -> None:
    item = local.take("a.png", drawing.png(drawing.photo(1)))
    label = '=HYPERLINK("http://x")\x1b]0;owned\x07\u202egpj.exe'
    line = {"algorithm": str(CURRENT), "bits": bits_of(local, item), "label": label}
    theirs = local.file("theirs.jsonl", json.dumps(line).encode())
    name = "\x1b[31mtheirs\u202e"
    local("fingerprints", "import", theirs, "--list", name, "--from", "\x1b[2J")

    (found,) = looked_up(local, drawing.photo(1))
    assert (found.label, found.list) == (label, name)  # to the letter, for whoever reads it as data
    answers = [local("fingerprints", "ask", theirs, *words).out for words in ((), ("--json",))]
    lists = [local("fingerprints", "lists", *words).out for words in ((), ("--json",))]
    for text in (*answers, *lists):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert json.loads(answers[1])["label"] == label
    assert "HYPERLINK" not in local("fingerprints", "export").out
    assert "HYPERLINK" not in local("list", "--csv").out


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


def test_pdq_goes_out_and_comes_in_as_its_tools_write_it(local: Desk, other: Desk) -> None:
    item = local.take("a.png", drawing.png(drawing.photo(1)))
    bits, quality = pdq.pdq(pdq.as_read(drawing.photo(1)))
    archive = local.archive()
    archive.record(lambda _: [Fingerprint(item=item, algorithm=str(PDQ), bits=bits, quality=quality)])
    archive.close()

    plain = local("fingerprints", "export", "--algorithm", PDQ, "--format", "pdq").out
    assert plain == f"{bits},{quality}\n"
    given = other.file("pdq.txt", plain.encode())
    other("fingerprints", "import", given, "--list", "HMA", "--format", "pdq")
    turned, _ = pdq.pdq_turned(pdq.as_read(drawing.photo(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    elsewhere = other.archive()
    with elsewhere.asking() as questions:
        (found,) = listed(elsewhere, questions, dict(turned), 31, algorithm=PDQ)
        assert listed(elsewhere, questions, dict(turned), 65) == []  # of another algorithm: never compared
    elsewhere.close()
    assert (found.bits, found.quality, found.orientation, found.list) == (bits, quality, "mirrored", "HMA")
    (answer,) = local("fingerprints", "ask", given, "--format", "pdq", "--json").lines
    assert (answer["threshold"], [match["item"] for match in answer["matches"]]) == (31, [item])
    assert [each["algorithm"] for each in local.show(item)["fingerprints"]] == [str(CURRENT), str(PDQ)]
