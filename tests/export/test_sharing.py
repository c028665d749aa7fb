"""What may go to whom: the law by itself, case by case."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.catalogue.answers import Flag, Label
from archiver.facts.vocabulary import Profile, SensitivityFlag, TrafficLight
from archiver.sharing import NEVER_PUBLIC, ORIGINAL_STAYS, TECHNICAL, original_stays, refusals, technical

PUBLIC, PARTNER, COURT = Profile.PUBLIC, Profile.PARTNER, Profile.COURT
TABLE: dict[Profile, dict[TrafficLight | None, bool]] = {
    COURT: dict.fromkeys([None, *TrafficLight], True),
    PARTNER: {
        None: True,
        TrafficLight.CLEAR: True,
        TrafficLight.GREEN: True,
        TrafficLight.AMBER: True,
        TrafficLight.AMBER_STRICT: False,
        TrafficLight.RED: False,
    },
    PUBLIC: {label: label in (None, TrafficLight.CLEAR) for label in [None, *TrafficLight]},
}


def flag(which: SensitivityFlag, of: str | None = None) -> Flag:
    return Flag(7, str(which), "D. Editor", "he is held", of)


def inspection(**changed: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"decode": "ok", "latitude": None, "longitude": None, "altitude": None, "embedded": {}}
    plain |= {"findings": None, "credentials": None}
    return plain | changed


@pytest.mark.parametrize(("profile", "label", "may"), [(p, t, m) for p, row in TABLE.items() for t, m in row.items()])
def test_a_label_lets_go_to_those_whom_it_names(profile: Profile, label: TrafficLight | None, *, may: bool) -> None:
    held = Label(9, str(label), "D. Editor", "a source asked for it") if label else None

    told = list(refusals(profile, [], held))

    assert (told == []) == may
    assert all(str(label) in reason and "D. Editor (#9)" in reason and "a source asked" in reason for reason in told)


@pytest.mark.parametrize("which", SensitivityFlag)
@pytest.mark.parametrize("profile", Profile)
def test_whom_the_law_shields_is_never_shown_to_the_public(profile: Profile, which: SensitivityFlag) -> None:
    told = list(refusals(profile, [flag(which, of="ab" * 32)], None))

    shielded = ("prisoner-of-war", "detainee", "child-identifiable", "sexual-violence")
    assert bool(told) == (profile is PUBLIC and which in shielded)
    for reason in told:
        assert all(words in reason for words in (which, "D. Editor (#7)", "he is held", "item abababababab", "article"))


@given(st.lists(st.sampled_from(SensitivityFlag), unique=True), st.sampled_from([None, *TrafficLight]))
def test_who_is_refused_as_a_partner_is_refused_as_the_public(
    flags: list[SensitivityFlag], label: TrafficLight | None
) -> None:
    care = [flag(each) for each in flags]
    held = Label(9, str(label), "x", "y") if label else None
    refused = [bool(list(refusals(profile, care, held))) for profile in (COURT, PARTNER, PUBLIC)]
    stays = [len(original_stays(profile, care, [inspection()])) for profile in (COURT, PARTNER, PUBLIC)]

    assert refused == sorted(refused)
    assert stays == sorted(stays)
    assert not refused[0]
    assert stays[0] == 0
    assert refused[2] == (any(each in NEVER_PUBLIC for each in flags) or label not in (None, TrafficLight.CLEAR))


@pytest.mark.parametrize("which", SensitivityFlag)
@pytest.mark.parametrize("profile", Profile)
def test_bytes_that_give_a_person_or_a_place_away_stay(profile: Profile, which: SensitivityFlag) -> None:
    gives_away = ("location-sensitive", "personal-data", "source-identifiable")

    told = original_stays(profile, [flag(which)], [inspection()])

    assert bool(told) == (profile is not COURT and which in gives_away)
    assert all(which in reason for reason in told)
    assert set(ORIGINAL_STAYS) == set(gives_away)


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ([inspection(latitude=51.5)], "GPS"),
        ([inspection(altitude=0.0)], "GPS"),
        ([inspection(embedded={"GPS": {"GPSLatitude": {}}})], "GPS"),
        ([inspection(embedded={"EXIF": {"MakerNote": {"bytes": 9}}})], "MakerNote"),
        ([inspection(embedded={"EXIF": {"BodySerialNumber": "1"}})], "EXIF"),
        ([inspection(embedded={"Image": {"Artist": "A. Photographer"}})], "Image"),
        ([inspection(embedded={"XMP": {"packet": "<x/>"}})], "XMP"),
        ([inspection(embedded={"Thumbnail": {"JPEGThumbnail": {}}})], "Thumbnail"),
        ([inspection(embedded={"ICC": {"description": "Ada's own screen"}})], "ICC"),
        ([inspection(places={"C2PA": [{"offset": 9, "length": 9}]})], "C2PA"),
        ([inspection(places={"APP4": [{"offset": 9, "length": 9}]})], "APP4"),
        ([inspection(embedded={"A group of tomorrow": {"x": 1}})], "A group of tomorrow"),
        ([inspection(latitude=51.5), inspection()], "GPS"),
        ([inspection(credentials={"verdict": "Trusted"})], "content credentials"),
        ([inspection(findings=[{"code": "trailing-data", "detail": "9 bytes"}])], "finding trailing-data"),
        ([inspection(decode="undecodable")], "could not be read"),
        ([inspection(decode="truncated")], "could not be read"),
        ([], "could not be read"),
    ],
)
def test_bytes_that_tell_more_than_the_record_shows_stay(found: list[dict[str, Any]], named: str) -> None:
    for profile in (PARTNER, PUBLIC):
        (reason,) = original_stays(profile, [], found)
        assert named in reason
    assert original_stays(COURT, [], found) == []


def test_bytes_that_tell_how_they_were_made_and_no_more_go_along() -> None:
    embedded: dict[str, Any] = {group: dict.fromkeys(tags, "x") for group, tags in TECHNICAL.items()}

    assert technical(embedded) == embedded
    assert original_stays(PUBLIC, [], [inspection(embedded=embedded)]) == []
    standard = {"ICC": {"description": "Display P3"}}
    places = {group: [{"offset": 9, "length": 9}] for group in ("EXIF", "ICC")}
    assert technical(standard) == standard
    assert original_stays(PUBLIC, [], [inspection(embedded=standard, places=places)]) == []
    assert technical({"ICC": {"description": "Ada's own screen"}}) == {}
    assert technical({"EXIF": {"FNumber": 4, "CameraOwnerName": "Ada"}, "IPTC": {"2:80": ["Ada"]}}) == {
        "EXIF": {"FNumber": 4}
    }
