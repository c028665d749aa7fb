"""``duplicates``: what is held more than once, by look; a person's decisions are kept to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PIL import ImageOps

from archiver.duplicates import RADIUS
from archiver.terminal.duplicates import command
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk


def take_copies(desk: Desk, seed: int, *qualities: int) -> list[str]:
    image = drawing.photo(seed)
    return [desk.take(f"{seed}-{quality}.jpg", drawing.jpeg(image, quality)) for quality in qualities]


def clusters(desk: Desk, *words: object) -> list[dict[str, Any]]:
    return desk("duplicates", "--json", *words).lines


def items(cluster: dict[str, Any]) -> set[str]:
    return {cluster["medoid"]["item"], *(member["item"] for member in cluster["members"])}


def test_copies_are_clustered_and_what_is_held_once_is_in_none(on_catalogue: Desk) -> None:
    first = take_copies(on_catalogue, 1, 95, 60, 40)
    second = take_copies(on_catalogue, 2, 90, 50)
    take_copies(on_catalogue, 3, 90)

    found = clusters(on_catalogue)

    assert [items(cluster) for cluster in found] == [set(first), set(second)]
    assert [cluster["total"] for cluster in found] == [3, 2]
    for cluster in found:
        assert cluster["medoid"]["distance"] == 0
        for member in cluster["members"]:
            assert 0 <= member["distance"] <= cluster["radius"] == RADIUS
            assert (member["status"], member["quality"] > 50, member["same_pixels_as"]) == ("unverified", True, None)
    assert clusters(on_catalogue, "--min-size", "3") == found[:1]
    assert clusters(on_catalogue, "--limit", "1") == found[:1]
    assert clusters(on_catalogue) == found


def test_pictures_of_the_same_pixels_are_marked(local: Desk) -> None:
    image = drawing.photo(1)
    first = local.take("first.png", drawing.png(image))
    second = local.take("second.png", drawing.png(image, compression=1))  # its upload digests the pixels of both

    (cluster,) = clusters(local)

    assert cluster["medoid"]["item"] == first
    assert [(m["item"], m["same_pixels_as"], m["distance"]) for m in cluster["members"]] == [(second, first, 0)]


@pytest.mark.parametrize("build", [(), ("--pdq",)])
def test_pictures_that_differ_outside_of_one_frame_or_in_a_tone_have_not_the_same_pixels(
    build: tuple[str, ...], local: Desk
) -> None:
    picture = drawing.photo(1)
    for tone in (255, 250):  # equal looks inside their frames, and nearly equal ones outside
        local.take(f"{tone}.png", drawing.png(ImageOps.expand(picture, 70, (tone,) * 3)))
    if build:
        for name, changed in (("a", 0), ("b", 1)):
            image = drawing.photo(2)
            image.putpixel((0, 0), (changed, 0, 0))
            local.take(f"{name}.png", drawing.png(image))
        local("fingerprints", "build", *build)

    found = clusters(local)

    assert [cluster["total"] for cluster in found] == ([2, 2] if build else [2])
    assert [member["same_pixels_as"] for cluster in found for member in cluster["members"]] == [None] * len(found)


def test_a_rejected_pair_stays_apart(local: Desk) -> None:
    one, two, three = take_copies(local, 1, 95, 90, 85)
    local("relate", one, two, "--type", "not-related", "--by", "Ida", "--basis", "another day")

    for cluster in clusters(local):
        assert not {one, two} <= items(cluster)
    assert any(three in items(cluster) for cluster in clusters(local))
    local("relate", one, two, "--reject", "--by", "Ida", "--basis", "they are after all")
    assert [items(cluster) for cluster in clusters(local)] == [{one, two, three}]


def test_blank_pictures_are_in_no_cluster_and_are_named(local: Desk) -> None:
    blank = [local.take(f"{n}.png", drawing.png(drawing.blank(250), compression=n)) for n in (1, 5, 9)]

    answer = local("duplicates")

    assert answer.out == ""
    assert "3 items not compared: blank or too flat" in answer.err
    assert f"3 of them have one fingerprint: {blank[0][:12]}" in answer.err


def test_what_care_is_owed_comes_first(local: Desk) -> None:
    (one, _) = take_copies(local, 1, 95, 60)
    local("flag", one, "--sensitivity", "prisoner-of-war", "--by", "Ida", "--basis", "a face")

    (cluster,) = clusters(local)

    flags = {m["item"]: m["sensitivity"] for m in (cluster["medoid"], *cluster["members"])}
    assert flags[one] == ["prisoner-of-war"]
    assert "[prisoner-of-war]" in local("duplicates").out


def waiting(desk: Desk) -> set[frozenset[str]]:
    return {frozenset((pair["item"]["item"], pair["other"]["item"])) for pair in desk("review", "--json").lines}


def test_suggestions_go_to_review_once_and_what_was_rejected_stays_away(local: Desk) -> None:
    take_copies(local, 1, 95, 60, 40)
    rejected = set(sorted(waiting(local), key=sorted)[:1])  # the uploads suggested some already
    for pair in rejected:
        local("relate", *pair, "--reject", "--by", "Ida", "--basis", "no")
    local("duplicates")
    before = (local.counts()["events"], waiting(local))

    local("duplicates", "--suggest")
    once = (local.counts()["events"], waiting(local))
    again = local("duplicates", "--suggest")

    assert before[1] <= once[1]
    assert len(rejected) == 1
    assert not once[1] & rejected
    assert (local.counts()["events"], waiting(local)) == once
    assert "0 pairs suggested" in again.err


def test_suggestions_are_of_the_medoid_with_its_members(local: Desk) -> None:
    taken = take_copies(local, 1, 95, 60, 40, 30, 20)
    before = waiting(local)

    answer = local("duplicates", "--suggest")

    (cluster,) = clusters(local)
    medoid = cluster["medoid"]["item"]
    pairs = {frozenset((medoid, item)) for item in taken if item != medoid}
    after = waiting(local)
    assert after == before | pairs
    assert f"{len(after - before)} pair" in answer.err


@pytest.mark.parametrize("words", [("--radius", "66"), ("--radius", "-1"), ("--min-size", "1")])
def test_a_question_without_meaning_is_refused(local: Desk, words: tuple[str, ...]) -> None:
    local("duplicates", *words, code=2)


def test_the_default_radius_is_said_once() -> None:
    (default,) = [option.default for option in command.params if option.name == "radius"]
    assert default == RADIUS
