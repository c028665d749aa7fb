"""What care is owed to is not drawn sharp unasked, however it comes into a picture; a forged hint confirms nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageOps

from archiver.derived.cache import FeatureCache
from archiver.fingerprint.features import features
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

SIZE = (640, 480)


@pytest.fixture
def flagged(local: Desk) -> tuple[Desk, str]:
    """An archive that holds a flagged picture and an unflagged, undecided copy of it."""
    item = local.take("held.jpg", drawing.jpeg(drawing.photo(1, SIZE), 92))
    local("flag", item, "--sensitivity", "prisoner-of-war", "--by", "D. Editor", "--basis", "in custody")
    local.take("copy.jpg", drawing.jpeg(drawing.photo(1, SIZE).resize((400, 300)), 60))
    return local, item


def detail(path: Path) -> float:
    """How much structure the middles of the two tiles of a comparison have, in levels from pixel to pixel."""
    with Image.open(path) as image:
        page = np.asarray(image.convert("L")).astype(int)
    tiles = (page[300:500, 150:600], page[300:500, 950:1400])
    return float(np.mean([np.abs(np.diff(tile, axis=1)).mean() for tile in tiles]))


def test_every_picture_of_a_query_is_blurred_where_one_match_is_sensitive(
    flagged: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, item = flagged
    asked = desk.file("asked.jpg", drawing.jpeg(drawing.photo(1, SIZE).resize((500, 375)), 70))

    found = desk.find(asked, "--picture", tmp_path / "blurred")
    desk.find(asked, "--picture", tmp_path / "sharp", "--show-sensitive")

    assert len(found["matches"]) == 2
    for drawn in (tmp_path / "blurred").iterdir():
        assert detail(drawn) < detail(tmp_path / "sharp" / drawn.name) / 3
    limited = desk.find(asked, "--limit", "1", "--radius", "65", "--picture", tmp_path / "limited")["matches"]
    (drawn,) = (tmp_path / "limited").iterdir()
    assert detail(drawn) < detail(tmp_path / "sharp" / drawn.name) / 3
    assert item
    assert len(limited) == 1


def test_two_undecided_copies_of_a_flagged_picture_are_blurred_in_a_comparison_and_on_a_sheet(
    flagged: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, item = flagged
    one = desk.file("one.jpg", drawing.jpeg(drawing.photo(1, SIZE).resize((520, 390)), 75))
    other = desk.take("other.jpg", drawing.jpeg(drawing.photo(1, SIZE).resize((480, 360)), 50))

    desk("compare", one, other, "--picture", tmp_path / "blurred.png")
    desk("compare", one, other, "--picture", tmp_path / "sharp.png", "--show-sensitive")
    desk("duplicates", "--sheets", tmp_path / "sheets")
    desk("duplicates", "--sheets", tmp_path / "clear", "--show-sensitive")

    assert detail(tmp_path / "blurred.png") < detail(tmp_path / "sharp.png") / 3
    (sheet,) = (tmp_path / "sheets").iterdir()
    with Image.open(sheet) as veiled, Image.open(tmp_path / "clear" / sheet.name) as clear:
        assert veiled.size == clear.size
        assert np.asarray(veiled.convert("L")).std() != np.asarray(clear.convert("L")).std()
    assert item


def test_equal_files_of_a_folder_are_answered_each_and_drawn_once(flagged: tuple[Desk, str], tmp_path: Path) -> None:
    desk, _ = flagged
    folder = tmp_path / "asked"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes(drawing.jpeg(ImageOps.expand(drawing.photo(1, SIZE), 60, (0, 0, 0)), 70))

    answers = desk("find", "--folder", folder, "--picture", tmp_path / "drawn", "--json").lines

    assert [len(answer["matches"]) for answer in answers] == [2, 2]
    assert answers[0]["matches"][0]["picture"] == answers[1]["matches"][0]["picture"]
    assert len(list((tmp_path / "drawn").iterdir())) == 2


@pytest.mark.attack("features-forged")
def test_a_forged_pack_makes_no_match_of_what_the_originals_do_not_show(local: Desk, tmp_path: Path) -> None:
    (other,) = local.upload(local.file("other.jpg", drawing.jpeg(drawing.photo(2, SIZE))), "--fast")
    secret = drawing.photo(1, SIZE)
    forged = features(np.asarray(secret.convert("L").resize((512, 384))))
    archive = local.archive()
    FeatureCache(tmp_path / "elsewhere", lambda: archive.store).add([(other["item"], forged, b"")])
    archive.close()
    asked = local.file("asked.jpg", drawing.jpeg(secret.crop((100, 60, 560, 420))))

    claimed = local.find(asked)["matches"]
    drawn = local("find", asked, "--picture", tmp_path / "drawn", "--json")

    assert [match["match"] for match in claimed] == ["part"]
    assert "not compared" in claimed[0]["relation"]["note"]
    assert drawn.json["matches"] == []
    assert "they are wrong, and it is no match" in drawn.err


def test_features_that_cannot_be_published_cost_no_receipt(local: Desk) -> None:
    local.take("first.jpg", drawing.jpeg(drawing.photo(1)))
    folder = local.home / "store" / "derived"
    shutil.rmtree(folder)
    folder.write_text("no folder")

    (receipt,) = local.upload(local.file("second.jpg", drawing.jpeg(drawing.photo(2))))

    assert receipt["status"] == "archived"
    folder.unlink()
    assert local("fingerprints", "build", "--json").json["features"] >= 1


def test_a_question_about_nothing_is_refused(local: Desk) -> None:
    local.take("held.jpg", drawing.jpeg(drawing.photo(1)))
    assert "standard input holds nothing" in local("find", "-", code=3).err
    assert "--folder" in local("find", local.files, code=3).err
