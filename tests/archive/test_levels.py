"""Framed, cut, turned and put together: a picture is found again, at the best level that shows it, and how is told."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageOps

from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

SIZE = (640, 480)


@pytest.fixture
def holding(local: Desk) -> tuple[Desk, str]:
    """An archive that holds one picture among others, and its item."""
    for seed in (2, 3, 4):
        local.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed, SIZE)))
    return local, local.take("held.jpg", drawing.jpeg(drawing.photo(1, SIZE), 92))


def ask(desk: Desk, image: Image.Image, *words: str) -> dict[str, Any]:
    return desk.find(desk.file("asked.jpg", drawing.jpeg(image, 80)), *words)


def kinds(match: dict[str, Any]) -> set[str]:
    return {change["kind"] for change in match["relation"]["changes"]}


def test_a_picture_within_a_border_is_found_by_its_look_and_the_frame_is_told(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    found = ask(desk, ImageOps.expand(drawing.photo(1, SIZE), 90, (250, 250, 250)), "--fast")

    (match,) = found["matches"]
    assert (match["item"], match["match"], match["orientation"]) == (item, "look", "upright")
    left, top, right, bottom = match["frame"]
    assert abs(left - 90) <= 4
    assert abs(top - 90) <= 4
    assert abs(right - 730) <= 4
    assert abs(bottom - 570) <= 4
    assert "framed" in kinds(match)
    assert found["searched_in_part"] is None


def test_a_held_picture_within_a_border_is_found_by_what_it_shows(local: Desk) -> None:
    framed = ImageOps.expand(drawing.photo(1, SIZE), 90, (10, 10, 10))
    item = local.take("framed.jpg", drawing.jpeg(framed, 92))

    prints = local.show(item)["fingerprints"]
    inner = next(each for each in prints if "inner1" in each["algorithm"])
    assert inner["region"].startswith("xywh=")
    (match,) = ask(local, drawing.photo(1, SIZE), "--fast")["matches"]
    assert (match["item"], match["match"]) == (item, "look")
    assert "held_frame" in match
    (turned,) = ask(local, drawing.photo(1, SIZE).transpose(Image.Transpose.FLIP_LEFT_RIGHT), "--fast")["matches"]
    assert (turned["item"], turned["orientation"]) == (item, "mirrored")


def test_a_crop_is_found_in_part_where_nothing_else_is_and_the_box_is_told(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    crop = drawing.photo(1, SIZE).crop((200, 120, 560, 420))

    (match,) = ask(desk, crop)["matches"]

    assert (match["item"], match["match"], match["distance"], match["threshold"]) == (item, "part", None, None)
    assert match["points"] >= 8
    (cut,) = [each for each in match["relation"]["changes"] if each["kind"] == "cropped"]
    box = cut["boxes"][0][item[:12]]
    assert all(abs(is_ - was) <= 12 for is_, was in zip(box, (200, 120, 560, 420), strict=True))
    assert ask(desk, crop, "--fast")["matches"] == []


def test_each_match_bears_what_was_measured_of_its_kind_and_a_search_what_chance_adds(
    holding: tuple[Desk, str],
) -> None:
    desk, _ = holding
    image = drawing.photo(1, SIZE)
    plain = ask(desk, image, "--fast")
    framed = ask(desk, ImageOps.expand(image, 90, (250, 250, 250)), "--fast")
    part = ask(desk, image.crop((200, 120, 560, 420)))

    whole, inner, of_part = (
        [rate["measured"] for rate in found["matches"][0]["false_match_rates"]] for found in (plain, framed, part)
    )
    assert whole
    assert not [told for told in whole if "inside frames" in told]
    assert inner == [f"{told}; of whole pictures: inside frames it was not measured" for told in whole]
    assert [told for told in of_part if "11,424 queries" in told]
    counted = plain["comparable"]
    assert plain["expected_by_chance"] == {
        "photographs": pytest.approx(8 * counted * 1e-6),
        "documents": pytest.approx(8 * counted * 2.7e-5),
    }
    pictures = framed["expected_by_chance"]["photographs"] / (8 * counted * 1e-6)  # what is inside the frame, too
    assert pictures >= 2
    assert pictures == pytest.approx(round(pictures))
    asked = desk.file("again.jpg", drawing.jpeg(image, 80))
    told = desk("find", asked).err
    assert "expected by chance in this search" in told
    cut = desk.file("cut.jpg", drawing.jpeg(image.crop((200, 120, 560, 420)), 80))
    assert "2 of 240 pairs of different pages typed large in one typeface" in desk("find", cut).err


def test_a_mirrored_crop_and_a_slight_turn_are_found_in_part(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    image = drawing.photo(1, SIZE)
    mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).crop((40, 60, 460, 420))
    (match,) = ask(desk, mirrored)["matches"]
    assert (match["item"], match["match"], match["orientation"]) == (item, "part", "mirrored")
    assert "mirrored" in kinds(match)

    (match,) = ask(desk, image.rotate(14, expand=True, fillcolor=(255, 255, 255)))["matches"]
    assert match["item"] == item
    assert "rotated" in kinds(match)


def test_a_collage_finds_each_of_its_pictures(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    collage = Image.new("RGB", (1280, 960))
    for place, seed in enumerate((1, 2, 9, 8)):
        collage.paste(drawing.photo(seed, SIZE), (640 * (place % 2), 480 * (place // 2)))

    found = ask(desk, collage, "--deep")["matches"]

    assert len(found) == 2
    assert item in {match["item"] for match in found}


def test_what_is_not_held_is_not_found_however_deep(holding: tuple[Desk, str]) -> None:
    desk, _ = holding
    for seed in range(20, 26):
        found = ask(desk, drawing.photo(seed, SIZE), "--deep")
        assert found["matches"] == []
        assert found["searched_in_part"] == 4


def test_a_search_in_part_is_of_then_when_it_is_asked_so(holding: tuple[Desk, str]) -> None:
    desk, _ = holding
    later = desk.take("later.jpg", drawing.jpeg(drawing.photo(7, SIZE)))
    crop = drawing.photo(7, SIZE).crop((100, 100, 500, 420))
    number = desk.show(later)["acquisitions"][0]["number"]

    assert [m["item"] for m in ask(desk, crop)["matches"]] == [later]
    assert ask(desk, crop, "--as-of", f"#{number - 1}")["matches"] == []


def test_fast_uploads_are_searched_in_part_once_their_features_are_built(local: Desk) -> None:
    image = drawing.photo(1, SIZE)
    (receipt,) = local.upload(local.file("held.jpg", drawing.jpeg(image, 92)), "--fast")
    asked = local.file("asked.jpg", drawing.jpeg(image.crop((200, 120, 560, 420)), 80))

    missed = local("find", asked)
    assert "not held" in missed.out
    assert "1 of 1 pictures have no local features yet" in missed.err
    built = local("fingerprints", "build", "--json").json
    again = local("fingerprints", "build", "--json").json

    assert (built["items"], built["made"], built["failed"]) == (1, 1, [])
    assert (again["made"], again["fingerprints"]) == (0, 0)
    (match,) = local.find(asked)["matches"]
    assert (match["item"], match["match"]) == (receipt["item"], "part")


def test_pdq_is_added_beside_what_is_there(on_catalogue: Desk) -> None:
    item = on_catalogue.take("held.jpg", drawing.jpeg(drawing.photo(1)))
    before = on_catalogue.show(item)["fingerprints"]

    built = on_catalogue("fingerprints", "build", "--pdq", "--json").json

    after = on_catalogue.show(item)["fingerprints"]
    assert built["fingerprints"] == 1
    assert after[: len(before)] == before
    assert [each["algorithm"].partition(":")[0] for each in after[len(before) :]] == ["pdq-1"]
    on_catalogue.root()


def test_a_lost_original_fails_alone_when_features_are_built(local: Desk) -> None:
    (lost,) = local.upload(local.file("lost.jpg", drawing.jpeg(drawing.photo(1))), "--fast")
    local.upload(local.file("there.jpg", drawing.jpeg(drawing.photo(2))), "--fast")
    local.alter(local.object_of(lost["item"]), lambda _: None)

    built = local("fingerprints", "build", "--json", code=1).json

    assert [each["item"] for each in built["failed"]] == [lost["item"]]
    assert built["made"] == 1


def test_the_features_are_had_from_the_store_where_this_machine_lost_them(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    shutil.rmtree(desk.home / "cache")

    (match,) = ask(desk, drawing.photo(1, SIZE).crop((200, 120, 560, 420)))["matches"]

    assert match["item"] == item


def test_a_folder_is_answered_file_by_file_and_a_bad_one_stops_nothing(
    holding: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, item = holding
    folder = tmp_path / "asked"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(drawing.jpeg(drawing.photo(1, SIZE), 50))
    (folder / "b.jpg").write_bytes(b"no picture")
    (folder / "c.jpg").write_bytes(drawing.jpeg(drawing.photo(30, SIZE)))
    (folder / "d").symlink_to(folder / "missing")

    answers = desk("find", "--folder", folder, "--json", code=3).lines

    told = {answer["path"].rpartition("/")[2]: answer for answer in answers}
    assert [match["item"] for match in told["a.jpg"]["matches"]] == [item]
    assert told["b.jpg"]["decode"] == "undecodable"
    assert told["c.jpg"]["matches"] == []
    assert "error" in told["d"]
    assert desk.find(folder / "a.jpg")["matches"] == told["a.jpg"]["matches"]


def test_a_look_up_says_what_it_needs_to_know(local: Desk) -> None:
    asked = local.file("asked.jpg", drawing.jpeg(drawing.photo(1)))
    for words in ((), (asked, "--folder", local.files), (asked, "--deep", "--fast")):
        local("find", *words, code=2)


def test_matches_are_drawn_and_nothing_is_written_over(holding: tuple[Desk, str], tmp_path: Path) -> None:
    desk, item = holding
    asked = desk.file("asked.jpg", drawing.jpeg(drawing.photo(1, SIZE).crop((100, 100, 500, 420)), 80))

    (match,) = desk.find(asked, "--picture", tmp_path / "drawn")["matches"]

    drawn = list((tmp_path / "drawn").iterdir())
    assert [str(path) for path in drawn] == [match["picture"]]
    assert drawn[0].name.endswith(f"-{item[:12]}.png")
    with Image.open(drawn[0]) as image:
        assert image.width == 1600
    desk("find", asked, "--picture", tmp_path / "drawn", code=3)
    desk("find", asked, "--picture", tmp_path / "drawn", "--overwrite")


def test_what_was_taken_in_later_takes_no_place_from_what_was_held_then(holding: tuple[Desk, str]) -> None:
    desk, item = holding
    image = drawing.photo(1, SIZE)
    asked = desk.file("asked.jpg", drawing.jpeg(image.crop((200, 120, 560, 420)), 80))
    number = desk("status", "--json").json["events"] - 1
    folder = desk.files / "later"
    folder.mkdir()
    for shift in range(36):
        box = (200 + shift % 6, 120 + shift // 6, 560 + shift % 6, 420 + shift // 6)
        (folder / f"{shift}.jpg").write_bytes(drawing.jpeg(image.crop(box), 90))
    desk.upload(folder)

    then = desk.find(asked, "--deep", "--as-of", f"#{number}")

    assert [match["item"] for match in then["matches"]] == [item]
    assert then["searched_in_part"] == 4
