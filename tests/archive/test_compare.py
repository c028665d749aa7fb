"""Two pictures compared on the command line: what is told, what is drawn, what is hidden, and what is never touched."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from archiver.fingerprint.features import features, query_features
from archiver.fingerprint.perceptual import bits, matrix
from archiver.fingerprint.raster import Raster
from archiver.likeness.geometry import verify
from archiver.pictures.contact_sheet import Thumbnail, contact_sheet
from archiver.pictures.hiding import hidden
from archiver.pictures.side_by_side import WIDTH
from tests import drawing
from tests.archive.furnishing import EXIF
from tests.fingerprint import profiles

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

ORIGINAL = drawing.photo(3, (720, 540))


def repost() -> Image.Image:
    """Cropped, captioned, mirrored."""
    made = ORIGINAL.crop((60, 40, 680, 500)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    draw = ImageDraw.Draw(made)
    draw.text(
        (40, 380),
        "SEEN TODAY",
        fill=(255, 255, 255),
        font=ImageFont.load_default(40),
        stroke_width=3,
        stroke_fill=(0, 0, 0),
    )
    return made


def sheet(path: Path) -> Image.Image:
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert not {"exif", "icc_profile"} & image.info.keys()
        return image.convert("RGB")


def test_a_repost_is_told_with_what_changed_and_what_it_rests_on(local: Desk) -> None:
    item = local.take("original.jpg", drawing.jpeg(ORIGINAL, 92, EXIF))
    asked = local.file("repost.jpg", drawing.jpeg(repost(), 60))
    before = local.counts()
    told = local("compare", asked, item[:12], "--json").json
    assert local.counts() == before
    assert told["alike"]
    assert not told["same_bytes"]
    assert not told["same_pixels"]
    assert told["points"] > 20
    kinds = [change["kind"] for change in told["relation"]["changes"]]
    assert {"cropped", "overlaid", "mirrored", "re-encoded"} <= set(kinds)
    assert told["relation"]["type"] == "prov:alternateOf"  # either may bear the caption
    assert told["relation"]["derived"] is None
    assert told["relation"]["action"] == "c2pa.cropped"
    names = [piece["name"] for piece in told["relation"]["evidence"]]
    assert names == ["more-of-the-scene", "less-compression", "camera-metadata"]
    rows = {row["name"]: row for row in told["table"]}
    assert (rows["JPEG quality"]["one"], rows["JPEG quality"]["other"]) == ("60", "92")
    assert "DateTimeOriginal" in rows["metadata: EXIF"]["other"]
    words = local("compare", asked, item).out
    assert "consistent with A and B being versions of one picture" in words
    plain = local.file("plain.jpg", drawing.jpeg(ORIGINAL.crop((60, 40, 680, 500)), 60))
    derived = local("compare", plain, item, "--json").json["relation"]
    assert derived["type"] == "prov:wasDerivedFrom"
    assert (derived["derived"], derived["from"], derived["action"]) == ("A", "B", "c2pa.cropped")
    assert "consistent with A being derived from B" in local("compare", plain, item).out
    assert "mirrored: A is the mirror image of B" in words


def test_equal_bytes_and_equal_pixels_are_told_as_such(local: Desk) -> None:
    one, two = (local.file(f"{level}.png", drawing.png(ORIGINAL, level)) for level in (1, 9))
    assert "the same file" in local("compare", one, one).out
    told = local("compare", one, two, "--json").json
    assert (told["same_bytes"], told["same_pixels"]) == (False, True)
    assert told["relation"]["level"] == "pixels"
    assert told["relation"]["action"] == "c2pa.repackaged"


def test_equal_pixels_of_a_first_frame_are_not_said_to_be_those_of_the_whole_file(local: Desk) -> None:
    pages = io.BytesIO()
    drawing.photo(1).save(pages, "TIFF", save_all=True, append_images=[drawing.photo(2), drawing.photo(3)])
    plain, several = local.file("a.png", drawing.png(drawing.photo(1))), local.file("b.tiff", pages.getvalue())

    told = local("compare", plain, several, "--json").json["relation"]
    assert told["level"] == "pixels"
    assert told["words"][0] == "A and B have exactly the same pixels of the first frame, in different files"
    assert told["changes"][0]["words"] == "the decoded pixels of the first frame of A and B are equal"
    assert told["note"] == "only the first frame was compared: B has 3 frames or pages"
    local.take("held.tiff", pages.getvalue())
    (match,) = local("find", plain, "--json").json["matches"]
    assert match["relation"]["words"][0].startswith("query and ")
    assert "exactly the same pixels of the first frame" in match["relation"]["words"][0]
    again = local.file("c.png", drawing.png(drawing.photo(1), compression=1))
    assert "first frame" not in local("compare", plain, again).out


def test_different_pictures_and_what_cannot_be_compared_answer_no(local: Desk) -> None:
    one = local.file("one.jpg", drawing.jpeg(ORIGINAL))
    other = local.file("other.jpg", drawing.jpeg(drawing.photo(8)))
    flat = local.file("flat.png", drawing.png(drawing.blank(200)))
    broken = local.file("broken.jpg", drawing.jpeg(ORIGINAL)[:300])
    told = local("compare", one, other, "--json", code=1).json
    assert not told["alike"]
    assert told["relation"]["type"] is None
    assert told["comparable"]
    blank = local("compare", flat, local.file("one.png", drawing.png(drawing.blank(200, (1, 1)))), code=1)
    for answer in (blank, local("compare", flat, one, code=1)):
        assert "too flat to be compared" in answer.err
        assert "looks not compared" in answer.out
        assert "bits apart" not in answer.out
    undecodable = local("compare", one, broken, "--json", "--picture", local.files / "no.png", code=1).json
    assert not undecodable["comparable"]
    assert "B did not decode" in undecodable["notes"][0]
    assert sheet(local.files / "no.png").width == WIDTH


def test_a_picture_stored_turned_is_told_in_the_pixels_that_boxes_are_in(local: Desk) -> None:
    turned = ORIGINAL.transpose(Image.Transpose.ROTATE_90)
    one = local.file("turned.jpg", drawing.jpeg(turned, 92, {0: {0x0112: 6}}))
    other = local.file("crop.jpg", drawing.jpeg(ORIGINAL.crop((60, 40, 680, 500))))
    lines = local("compare", one, other).out.splitlines()
    assert "image/jpeg, 720×540 upright (stored as 540×720, orientation 6), " in lines[0]
    assert "image/jpeg, 620×460, " in lines[1]
    assert any(re.search(r"B shows a part of A: the box 6[12]\d×4[56]\d at", line) for line in lines)


def test_standard_input_can_be_one_of_the_two(local: Desk) -> None:
    one = local.file("one.jpg", drawing.jpeg(ORIGINAL))
    assert "the same file" in local("compare", "-", one, stdin=drawing.jpeg(ORIGINAL)).out
    local("compare", "-", "-", stdin=b"", code=2)
    local("compare", one, "no such file", code=3)
    local("compare", one, one, "--radius", 200, code=2)


def test_a_picture_is_whole_replaces_nothing_unasked_and_never_an_input(local: Desk) -> None:
    one = local.file("one.jpg", drawing.jpeg(ORIGINAL, 92, EXIF))
    other = local.file("other.jpg", drawing.jpeg(repost()))
    drawn = local.files / "drawn.png"
    local("compare", one, other, "--picture", drawn)
    first = drawn.read_bytes()
    assert sheet(drawn).width == WIDTH
    assert b"Model 1" not in first
    local("compare", other, one, "--picture", drawn, code=3)
    assert drawn.read_bytes() == first
    local("compare", other, one, "--picture", drawn, "--overwrite")
    assert drawn.read_bytes() != first
    before = one.read_bytes()
    local("compare", one, other, "--picture", one, "--overwrite", code=3)
    local("compare", one, other, "--picture", local.files, code=3)
    local("compare", one, other, "--picture", local.files / "nowhere" / "drawn.png", code=3)
    assert "not named .png" in local("compare", one, other, "--picture", local.files / "drawn.jpg", code=3).err
    assert one.read_bytes() == before
    assert sorted(path.name for path in local.files.iterdir()) == ["drawn.png", "one.jpg", "other.jpg"]


def flagged(local: Desk) -> tuple[str, Path]:
    item = local.take("original.jpg", drawing.jpeg(ORIGINAL, 92))
    local("flag", item, "--sensitivity", "prisoner-of-war", "--by", "Ada", "--basis", "in captivity")
    return item, local.file("repost.jpg", drawing.jpeg(repost()))


def test_a_sensitive_item_is_blurred_beyond_recognition_and_so_is_what_shows_the_same(local: Desk) -> None:
    item, asked = flagged(local)
    target = local.files / "drawn.png"
    told = local("compare", asked, item, "--json", "--picture", target).json
    assert told["blurred"]
    assert told["B"]["sensitivity"] == ["prisoner-of-war"]
    drawn = np.asarray(sheet(target).convert("L"))
    held = features(np.asarray(ORIGINAL.convert("L").resize((512, 384))))
    for part in (drawn, drawn[:, : WIDTH // 2], drawn[:, WIDTH // 2 :]):
        query, _ = query_features(np.ascontiguousarray(part))
        assert verify(query, held) is None
    local("compare", asked, item, "--picture", local.files / "open.png", "--show-sensitive")
    shown = np.asarray(sheet(local.files / "open.png").convert("L"))
    query, _ = query_features(np.ascontiguousarray(shown[:, WIDTH // 2 :]))
    assert verify(query, held) is not None


def test_care_is_that_of_now_and_of_the_same_bytes_handed_in_as_a_file(local: Desk) -> None:
    item, asked = flagged(local)
    original = local.file("again.jpg", drawing.jpeg(ORIGINAL, 92))
    told = local("compare", original, asked, "--json", "--picture", local.files / "a.png").json
    assert told["A"]["held"]
    assert told["A"]["sensitivity"] == ["prisoner-of-war"]
    assert told["blurred"]
    local("flag", item, "--lift", "prisoner-of-war", "--by", "Ada", "--basis", "released, and asked for it to be shown")
    assert not local("compare", original, asked, "--json", "--picture", local.files / "b.png").json["blurred"]
    local("flag", item, "--tlp", "TLP:RED", "--by", "Ada", "--basis", "for this desk only")
    assert local("compare", original, asked, "--json", "--picture", local.files / "c.png").json["blurred"]


@pytest.mark.parametrize("seed", range(8))
def test_a_hidden_tile_is_as_far_from_its_picture_as_an_unrelated_one(seed: int) -> None:
    picture = drawing.photo(seed, (720, 540))
    tile = hidden(picture)
    assert tile.size == picture.size
    own, tiled = (bits(matrix(image.convert("L"))) for image in (picture, tile))
    assert (int(own, 16) ^ int(tiled, 16)).bit_count() > 89  # the radius at which one unrelated pair in 100,000 matches
    query, _ = query_features(np.asarray(tile.convert("L")))
    assert verify(query, features(np.asarray(picture.convert("L").resize((512, 384))))) is None


def test_nothing_reaches_a_hidden_tile_but_the_averages_of_its_patches() -> None:
    picture = np.asarray(drawing.photo(3, (720, 540))).copy()
    chance = np.random.default_rng(1)
    shuffled = picture.copy()
    for top in range(0, 540, 180):
        for left in range(0, 720, 180):
            patch = shuffled[top : top + 180, left : left + 180].reshape(-1, 3)
            shuffled[top : top + 180, left : left + 180] = chance.permutation(patch).reshape(180, 180, 3)
    tiles = [np.asarray(hidden(Image.fromarray(each))).astype(int) for each in (picture, shuffled)]
    assert np.abs(tiles[0] - tiles[1]).max() <= 1


def test_hostile_names_and_tags_steer_no_terminal_and_no_picture(local: Desk) -> None:
    exif = {0: {0x010F: "Maker\x1b[2J", 0x0110: "\u202eModel"}}
    one = local.file("evil\x1b[31m\u202egnp.jpg", drawing.jpeg(ORIGINAL, 92, exif))
    other = local.file(f"{'long ' * 45}.jpg", drawing.jpeg(repost()))
    answer = local("compare", one, other, "--picture", local.files / "drawn.png")
    assert not {"\x1b", "\u202e"} & set(answer.out + answer.err)
    assert not {"\x1b", "\u202e"} & set(local("compare", one, other, "--json").out)
    assert sheet(local.files / "drawn.png").width == WIDTH


def test_a_contact_sheet_holds_every_thumbnail_and_hides_the_sensitive_ones() -> None:
    raster = Raster(360, 270, drawing.photo(3).tobytes())
    rows = [Thumbnail("ab" * 32, raster, number, "unverified", "2024-12-27") for number in range(7)]
    open_sheet = contact_sheet(rows, "Cluster 1: 7 pictures")
    veiled = contact_sheet(
        [Thumbnail("ab" * 32, raster, 3, "unverified", None, "prisoner-of-war", veiled=True)], "Cluster"
    )
    held = features(np.asarray(drawing.photo(3).convert("L")))
    for drawn, found in ((open_sheet, True), (veiled, False)):
        query, _ = query_features(np.asarray(drawn.convert("L")))
        assert (verify(query, held) is not None) == found
    empty = contact_sheet([Thumbnail("cd" * 32, None, None, "verified")], "\x1b[31m" + "a very long title " * 40)
    buffer = io.BytesIO()
    empty.save(buffer, "PNG")
    assert buffer.tell() > 0


def test_two_files_of_the_same_pixels_that_look_different_are_told_to_do_so(local: Desk) -> None:
    scene = drawing.photo(7, (900, 700))
    plain, black = (local.files / name for name in ("plain.png", "black.png"))
    scene.save(plain)
    scene.save(black, icc_profile=profiles.rgb(profiles.SRGB, lambda _: 0.0))

    answer = local("compare", plain, black)

    assert "exactly the same pixels" in answer.out
    assert "a colour profile makes them look different" in answer.err
    (finding,) = local("inspect", black, "--json").json["findings"]
    assert (finding["code"], finding["weight"]) == ("profile-differs", "grave")
