"""What a record shows outside a court is named field by field; what nobody named is not shown."""

from __future__ import annotations

from dataclasses import fields, make_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from archiver.catalogue import answers, said
from archiver.export.material import gather
from archiver.export.withholding import OUTSIDE_COURT, cut, withheld
from archiver.facts.handling import Sensitivity
from archiver.facts.vocabulary import Profile, SensitivityFlag
from tests.export.story import record

if TYPE_CHECKING:
    from tests.export.story import Story

PRIVATE = ("collector", "host", "path", "observer", "note", "file_modified")


@pytest.mark.parametrize("kind", OUTSIDE_COURT)
def test_every_field_that_is_shown_exists(kind: type) -> None:
    assert OUTSIDE_COURT[kind] <= {each.name for each in fields(kind)} | {
        "fact", "account_fact", "publisher_entity", "claimant_entity", "source_entity", "repost_of_fact", "earliest",
        "latest",
    }  # fmt: skip


@pytest.mark.parametrize("profile", [Profile.PARTNER, Profile.PUBLIC])
@pytest.mark.parametrize("name", PRIVATE)
def test_what_tells_of_those_who_collected_it_is_never_shown(profile: Profile, name: str) -> None:
    for kind in (answers.TakenIn, said.Seen):
        if name in {each.name for each in fields(kind)}:
            place = "acquisitions" if kind is answers.TakenIn else "sightings"
            assert f"{place}.{name}" in withheld(profile)
    assert withheld(Profile.COURT) == []


def test_what_is_added_later_is_withheld_until_somebody_decides(told: Story) -> None:
    archive = told.desk.archive()
    with archive.asking() as questions:
        material = gather(questions, [told.agency], origin="x")
    archive.close()
    dossier = material.items[0].dossier
    values: dict[str, Any] = {each.name: getattr(dossier, each.name) for each in fields(dossier)}
    unknown = make_dataclass("Tomorrow", ["secret"], frozen=True)("x")
    changed = replace(material.items[0], dossier=replace(dossier, **values | {"tags": [unknown]}))

    (shown,) = cut(replace(material, items=[changed]), Profile.PARTNER).items

    assert shown.dossier.tags[0].secret is None  # type: ignore[attr-defined] # a class of tomorrow


@pytest.mark.parametrize("profile", [Profile.PARTNER, Profile.PUBLIC])
def test_where_the_source_could_be_identified_nothing_names_it(told: Story, profile: Profile) -> None:
    said = Sensitivity(item=told.agency, flag=SensitivityFlag.SOURCE_IDENTIFIABLE, by="D. Editor", basis="a small town")
    record(told.desk, said)
    out = told.desk.files / "out"

    told.desk("export", told.agency, told.repost, "-o", out, "--profile", profile)

    shown = "".join((out / "data" / name).read_text() for name in ("record.json", "record.jsonld"))
    for name in ("Yonhap", "frontline_watch", "Kyiv", "news.example", "soldier.jpg"):
        assert name not in shown
    assert "1,000 were killed" in shown
    assert not (out / "data/originals").exists()
    for path in (each for each in out.rglob("*") if each.is_file()):
        content = path.read_bytes()
        assert [name for name in (b"Yonhap", b"frontline_watch", b"news.example") if name in content] == [], path
