"""A list that is given away says nothing but the looks, and not those that look like what care is owed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageOps

from archiver.facts.inspection import Fingerprint
from archiver.fingerprint import pdq
from archiver.fingerprint.algorithm import CURRENT, INNER, PDQ
from archiver.interchange.listed import listed
from tests import drawing
from tests.archive.lists import BY, POW, bits_of, captives, exported, looked_up, other

if TYPE_CHECKING:
    from tests.archive.desk import Desk

__all__ = ["captives", "other"]


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
