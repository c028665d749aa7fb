"""Look-alikes: told on upload, found again by ``find``, at the level that they are alike."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

TURNS = {
    "rotated-90": Image.Transpose.ROTATE_270,  # Pillow counts against the clock
    "rotated-180": Image.Transpose.ROTATE_180,
    "rotated-270": Image.Transpose.ROTATE_90,
    "mirrored": Image.Transpose.FLIP_LEFT_RIGHT,
    "mirrored-rotated-180": Image.Transpose.FLIP_TOP_BOTTOM,
}


def test_a_re_encoded_picture_is_named_on_upload_and_found_at_the_level_of_its_look(desk: Desk) -> None:
    image = drawing.photo(1)
    original = desk.take("original.jpg", drawing.jpeg(image, 95), "--source", "Yonhap", "--claim", "He is a soldier")
    desk.take("another.jpg", drawing.jpeg(drawing.photo(2)))
    repost = desk.file("repost.jpg", drawing.jpeg(image.resize((300, 225)), 40))

    found = desk.find(repost)

    (match,) = found["matches"]
    assert (match["item"], match["match"], match["orientation"]) == (original, "look", "upright")
    assert match["distance"] <= match["threshold"] == 65
    assert (match["sightings"][0]["publisher"], match["claims"][0]["text"]) == ("Yonhap", "He is a soldier")
    assert (match["status"], found["searched"]) == ("unverified", 2)
    assert match["algorithm"].startswith("phash-2:hash16:")
    (receipt,) = desk.upload(repost)
    (told,) = receipt["lookalikes"]
    assert {name: told[name] for name in ("item", "match", "distance")} == {
        "item": original,
        "match": "look",
        "distance": match["distance"],
    }


def test_the_three_levels_are_told_apart(local: Desk) -> None:
    image = drawing.photo(1)
    content = drawing.png(image)
    item = local.take("original.png", content)

    same_bytes = local.find(local.file("copy.png", content))["matches"]
    same_pixels = local.find(local.file("saved-again.png", drawing.png(image, compression=1)))["matches"]
    same_look = local.find(local.file("encoded.jpg", drawing.jpeg(image)))["matches"]

    assert [(m["item"], m["match"]) for m in same_bytes] == [(item, "bytes")]
    assert [(m["item"], m["match"], m["distance"]) for m in same_pixels] == [(item, "pixels", 0)]
    assert [(m["item"], m["match"]) for m in same_look] == [(item, "look")]


def test_an_item_that_is_held_is_a_query_too(local: Desk) -> None:
    image = drawing.photo(1)
    first = local.take("first.png", drawing.png(image))
    second = local.take("second.png", drawing.png(image, compression=1))

    found = local.find(first[:16])

    assert [(m["item"], m["match"]) for m in found["matches"]] == [(first, "bytes"), (second, "pixels")]


def test_the_pixel_digest_of_both_is_recorded_when_a_lossless_copy_is_taken_in(on_catalogue: Desk) -> None:
    image = drawing.photo(1)
    first = on_catalogue.take("first.png", drawing.png(image))
    assert [f["algorithm"].partition(":")[0] for f in on_catalogue.show(first)["fingerprints"]] == ["phash-2"]

    (receipt,) = on_catalogue.upload(on_catalogue.file("second.png", drawing.png(image, compression=1)))

    assert [(m["item"], m["match"], m["distance"]) for m in receipt["lookalikes"]] == [(first, "pixels", 0)]
    digests = [
        {f["algorithm"]: f["bits"] for f in on_catalogue.show(item)["fingerprints"] if f["algorithm"].startswith("pix")}
        for item in (first, receipt["item"])
    ]
    assert digests[0] == digests[1]
    assert [len(bits) for bits in digests[0].values()] == [64]
    on_catalogue.root()


@pytest.mark.parametrize("turn", TURNS)
def test_a_mirrored_or_turned_query_is_found_with_its_orientation(local: Desk, turn: str) -> None:
    image = drawing.photo(1)
    item = local.take("original.png", drawing.png(image))
    local.take("another.png", drawing.png(drawing.photo(2)))

    (match,) = local.find(local.file("turned.jpg", drawing.jpeg(image.transpose(TURNS[turn]))))["matches"]

    assert (match["item"], match["match"], match["orientation"]) == (item, "look", turn)


def test_a_picture_turned_by_its_exif_orientation_alone_is_the_same_picture_upright(local: Desk) -> None:
    image = drawing.photo(1)
    item = local.take("original.png", drawing.png(image))
    lying = drawing.jpeg(image.transpose(Image.Transpose.ROTATE_90), exif={0: {0x0112: 6}})

    (match,) = local.find(local.file("lying.jpg", lying))["matches"]

    assert (match["item"], match["orientation"]) == (item, "upright")


@pytest.mark.parametrize("kind", ["blank", "page"])
def test_pictures_without_structure_never_match_by_look(local: Desk, kind: str) -> None:
    held = drawing.blank(250) if kind == "blank" else drawing.page()
    asked = drawing.blank(240) if kind == "blank" else drawing.page()
    item = local.take("held.png", drawing.png(held))

    found = local.find(local.file("asked.jpg", drawing.jpeg(asked)))
    (receipt,) = local.upload(local.files / "asked.jpg")

    assert found["matches"] == []
    assert "blank or too flat" in found["note"]
    assert found["searched"] == 1
    assert receipt["lookalikes"] == []
    same = local.find(local.file("same.png", drawing.png(held, compression=1)))
    assert [(m["item"], m["match"]) for m in same["matches"]] == [(item, "pixels")]


def test_no_match_says_how_many_were_searched_and_is_no_failure(local: Desk) -> None:
    local.take("held.png", drawing.png(drawing.photo(1)))
    asked = local.file("asked.png", drawing.png(drawing.photo(2)))

    assert local.find(asked)["matches"] == []
    assert local("find", asked).out == "not held: no match among 1 item\n"


def test_looking_changes_nothing(desk: Desk) -> None:
    image = drawing.photo(1)
    item = desk.take("held.png", drawing.png(image), "--source", "Yonhap")
    before = (desk.counts(), desk.root(), desk.batches(), sorted(desk.open_store().names()))

    desk.find(desk.file("asked.png", drawing.png(image, compression=1)))  # makes pixel digests on the way
    desk.find(item)
    for words in (("show", item), ("list",), ("verify",), ("status",)):
        desk(*words)

    assert (desk.counts(), desk.root(), desk.batches(), sorted(desk.open_store().names())) == before


def test_the_radius_is_the_askers_and_the_limit_only_hides(local: Desk) -> None:
    image = drawing.photo(1)
    for quality in (95, 60, 30):
        local.take(f"{quality}.jpg", drawing.jpeg(image, quality))
    asked = local.file("asked.jpg", drawing.jpeg(image.resize((200, 150)), 20))

    every = local.find(asked)
    nearest = local.find(asked, "--limit", "1")
    none = local.find(asked, "--radius", "0", "--fast")

    distances = [m["distance"] for m in every["matches"]]
    assert len(distances) == 3
    assert distances == sorted(distances)
    assert (len(nearest["matches"]), nearest["total"], nearest["matches"][0]) == (1, 3, every["matches"][0])
    assert none["matches"] == [m for m in every["matches"] if m["distance"] == 0]
    local("find", asked, "--radius", "128", code=2)
    local("find", asked, "--radius", "-1", code=2)


def test_a_picture_in_another_format_with_the_same_pixels_is_found_at_their_level(local: Desk) -> None:
    image = drawing.photo(1)
    item = local.take("held.png", drawing.png(image))
    asked = io.BytesIO()
    image.save(asked, "WEBP", lossless=True)

    (match,) = local.find(local.file("asked.webp", asked.getvalue()))["matches"]

    assert (match["item"], match["match"]) == (item, "pixels")


def test_the_pixel_digest_is_recorded_where_it_is_asked_for(local: Desk) -> None:
    item = local.take("one.png", drawing.png(drawing.photo(71)))
    assert _algorithms(local, item) == ["phash-2"]

    (receipt,) = local.upload(local.file("one.png", drawing.png(drawing.photo(71))), "--pixel-digest")

    assert receipt["status"] == "already-held"
    assert _algorithms(local, item) == ["phash-2", "pixels-1"]


def _algorithms(desk: Desk, item: str) -> list[str]:
    return sorted(found["algorithm"].split(":")[0] for found in desk.show(item)["fingerprints"])
