"""A list that was given stands until it is withdrawn, is searched only as it was given, and steers nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archiver.catalogue.hash_lists import hash_lists
from archiver.fingerprint.algorithm import CURRENT
from archiver.fingerprint.orientations import UPRIGHT, orientations
from archiver.fingerprint.reduction import grey
from archiver.interchange.listed import Lists, listed
from tests import drawing
from tests.archive.desk import flip
from tests.archive.lists import a_list, bits_of, looked_up

if TYPE_CHECKING:
    from tests.archive.desk import Desk


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
