"""What a bundle tells of pictures side by side, of keys in doubt, of what is held, and of what was withdrawn.

One archive is furnished once, and handed over four times; nobody alters it.
"""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from prov.model import ProvDocument, ProvInvalidation

from archiver.pictures.canvas import SHARED
from tests import drawing
from tests.archive.desk import Desk
from tests.archive.rotated import keys, rotate
from tests.export.stranger import all_files, verify

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),  # rdflib of itself
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]

ORDER = ("--authority", "District Court of X, 4 O 12/24", "--reason", "the person shown demanded it")
HOLD = ("--authority", "Court of Y", "--reason", "trial 12")
BOX = (120, 60, 780, 540)
"""What the crop is of, of 900 x 600 pixels."""
WHY = "once a year"
"""Why keys are exchanged (``tests.archive.rotated``); and that is an inner matter."""


@dataclass(frozen=True)
class Handed:
    """The folders of the four bundles, and what went into them."""

    court: Path
    partner: Path
    gone: Path
    gone_public: Path
    item: dict[str, str]
    withdrawal: int
    claim: int
    doubtful: tuple[int, int]
    key: str

    def page(self, folder: Path) -> str:
        """The report."""
        return (folder / "data/report.html").read_text()

    def section(self, folder: Path, name: str) -> str:
        """An item's part of the report."""
        return re.split(r"<article|<section", self.page(folder).partition(f'id="item-{self.item[name][:12]}"')[2])[0]


@pytest.fixture(scope="module")
def handed(tmp_path_factory: pytest.TempPathFactory) -> Handed:
    base = tmp_path_factory.mktemp("told")
    (base / "files").mkdir()
    desk = Desk(base / "home", "file:store", "sqlite:catalogue.db", base / "files").make()
    scene = drawing.photo(5, (900, 600))
    part = scene.crop(BOX).resize((550, 400))
    ImageDraw.Draw(part).rectangle((300, 250, 380, 300), fill=(250, 20, 20))
    exif = {0x8825: {1: "N", 2: (51.0, 30.0, 0.0), 3: "E", 4: (36.0, 15.0, 0.0)}}
    pictures = {
        "scene": drawing.jpeg(scene),
        "part": drawing.jpeg(part, quality=60),
        "shown": drawing.jpeg(drawing.photo(8, (700, 500))),
        "same": drawing.jpeg(drawing.photo(8, (700, 500)), quality=40),
        "located": drawing.jpeg(scene, quality=50, exif=exif),
        "gone": drawing.jpeg(drawing.photo(9)),
    }
    item = {name: desk.take(f"{name}.jpg", content, "--fast") for name, content in pictures.items()}
    judged = ("--by", "D. Editor", "--basis", "the same wall")
    desk("relate", item["part"], item["scene"], "--type", "prov:wasDerivedFrom", "--action", "c2pa.cropped", *judged)
    desk("relate", item["same"], item["shown"], "--type", "prov:alternateOf", *judged)
    desk("relate", item["located"], item["scene"], "--type", "not-related", *judged)
    desk("flag", item["shown"], "--sensitivity", "prisoner-of-war", "--by", "D. Editor", "--basis", "he is held")
    for title, names in {"Kursk": pictures, "Nothing left": ["gone"]}.items():
        desk("case", "new", title)
        for name in names:
            desk("case", "add", title, item[name])
    desk("hold", item["scene"], "--legal", *HOLD)
    doubtful = desk.counts()["events"]
    claim = desk("claim", item["scene"], "A tank stands there", "--by", "Kyiv", "--json").json["number"]
    withdrawal = desk("withdraw", item["gone"], *ORDER, "--yes", "--json").json["withdrawal"]["number"]
    rotate(desk)
    first = keys(desk)[0]
    desk("key", "retire", first["fingerprint"], "--reason", "the laptop was stolen", "--since", f"event:{doubtful}")
    folders = {}
    for name, title, profile in (
        *(("court", "Kursk", "court"), ("partner", "Kursk", "partner")),
        *(("gone", "Nothing left", "court"), ("gone_public", "Nothing left", "public")),
    ):
        folders[name] = base / name
        told = ("--profile", profile, "--acknowledge-sensitive", "--json")
        done = desk("export", f"case:{title}", "-o", folders[name], *told).json
        assert [left["item"] for left in done["withdrawn"]] == [item["gone"]]
        assert done["withdrawn"][0]["disclosure"] >= done["checkpoint"]  # every export is in the log, this one too
    newest = keys(desk)[-1]["fingerprint"]
    return Handed(
        **folders, item=item, withdrawal=withdrawal, claim=claim, doubtful=(doubtful, first["last_event"]), key=newest
    )


def drawn(markup: str) -> list[Image.Image]:
    found = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', markup)
    return [Image.open(io.BytesIO(base64.b64decode(each))).convert("RGB") for each in found]


def pair(handed: Handed, one: str, other: str) -> tuple[str, str, str]:
    """Where the two are compared, as markup; and the names of the one told there, and of the one that refers to it."""
    first, second = sorted((one, other), key=handed.item.__getitem__)
    name = "-".join(handed.item[each][:12] for each in (first, second))
    section = handed.section(handed.court, first)
    assert f'href="#pair-{name}"' in handed.section(handed.court, second)
    assert handed.page(handed.court).count(f'id="pair-{name}"') == 1
    return section.partition(f'id="pair-{name}"')[2].partition("<h3>")[0], first, second


def test_related_pictures_stand_side_by_side_with_what_both_show_outlined(handed: Handed) -> None:
    markup, first, _ = pair(handed, "part", "scene")

    both, differing = drawn(markup)
    panel = (both.width - 60) // 2
    left = 0 if first == "scene" else panel + 60
    blue = np.abs(np.asarray(both, np.int16) - SHARED).sum(axis=2) < 90
    scale = panel / 900
    for at in (BOX[0], BOX[2]):  # the sides of the box, in the picture that shows more
        x = left + round(at * scale)
        column = blue[round(BOX[1] * scale) + 10 : round(BOX[3] * scale) - 10, x - 5 : x + 6].any(axis=1)
        assert column.mean() > 0.8
    outside = blue[5 : round(BOX[3] * scale), left + 5 : left + round(BOX[0] * scale) - 10]
    assert outside.mean() < 0.02
    assert np.asarray(differing)[:, :, 0].min() < 130  # the patch that was painted over, in dark red


def test_and_beside_them_how_they_are_related_by_what_and_how_often_that_errs(handed: Handed) -> None:
    markup, first, _ = pair(handed, "part", "scene")

    shown = "A shows a part of B" if first == "part" else "B shows a part of A"
    for words in (
        *("consistent with A and B being versions of one picture", shown, "1 region differs", "of 256 bits apart"),
        *("up to 65 count as alike", "points that geometry confirms", "<dt>False matches</dt>", "at most one in"),
        *("What differs between the files", "<td>550×400</td>", "archiver compare"),
        *(f'href="originals/{handed.item[name]}.jpg"' for name in ("part", "scene")),
    ):
        assert words in markup, words


def test_two_that_may_show_what_care_is_owed_to_are_both_hidden_and_no_map_tells_their_shapes(handed: Handed) -> None:
    markup, *_ = pair(handed, "shown", "same")

    (both,) = drawn(markup)
    panel = (both.width - 60) // 2
    for left in (0, panel + 60):
        inside = both.crop((left + 15, 60, left + panel - 15, both.height - 15))
        patches = inside.resize((4, 3), Image.Resampling.BOX).resize(inside.size, Image.Resampling.BICUBIC)
        assert np.abs(np.asarray(inside, np.int16) - np.asarray(patches, np.int16)).mean() < 6
    assert "Hidden, because care is owed" in markup
    assert "the links above open the original files" in markup


def test_what_stays_is_not_compared_in_the_page(handed: Handed) -> None:
    assert "of the two is not in this bundle" in handed.section(handed.partner, "located")
    assert 'class="compared"' not in handed.section(handed.partner, "located")
    assert handed.page(handed.partner).count('class="compared"') == 2
    assert handed.page(handed.court).count('class="compared"') == 3


def test_keys_in_doubt_are_told_at_the_head_at_each_item_and_among_what_is_not_proved(handed: Handed) -> None:
    first, last = handed.doubtful
    for folder in (handed.court, handed.partner):
        page = handed.page(folder)
        head, _, rest = page.partition("<article")
        assert f"Somebody else may have signed the events #{first} to #{last} with the key" in head
        assert f"Who signed the events #{first} to #{last} of the log" in rest.partition('id="not-proved"')[2]
        section = handed.section(folder, "scene")
        assert "in doubt</a>" in section
        assert f"By whom these of its facts were recorded: #{handed.claim}. Somebody else" in section
        assert "By whom these of its facts" not in handed.section(folder, "located")
        assert ("the laptop was stolen" in page) == (WHY in page) == (folder == handed.court)


def test_what_forbids_its_deletion_is_told_in_plain_words_to_a_court(handed: Handed) -> None:
    section = handed.section(handed.court, "scene")

    assert re.search(r"a legal hold since 20.*set by.*Test Desk.*on the authority of.*Court of Y.*trial 12", section)
    assert "does not enforce it: it binds the archive" in section
    assert "no store enforces that one" in section.partition("What is not proved of this item")[2]
    assert "No legal hold and no retention is recorded" in handed.section(handed.court, "part")
    assert "is withheld here" in handed.section(handed.partner, "scene").partition("forbids its deletion")[2]
    assert [name for name in all_files(handed.partner) if b"Court of Y" in (handed.partner / name).read_bytes()] == []


def test_a_withdrawn_item_has_its_place_in_the_page(handed: Handed) -> None:
    item = handed.item["gone"]
    for folder, whole in (
        *((handed.court, True), (handed.partner, False)),
        *((handed.gone, True), (handed.gone_public, False)),
    ):
        section = handed.page(folder).partition(f'id="withdrawn-{item[:12]}"')[2]
        assert item in section
        assert f"event #{handed.withdrawal}: " in section
        assert "That no copy of it exists" in section
        assert "What withdrawn items showed" in section.partition('id="not-proved"')[2]
        assert f'href="#withdrawn-{item[:12]}"' in handed.page(folder)
        found = [name for name in all_files(folder) if ORDER[1].encode() in (folder / name).read_bytes()]
        told = {"data/record.json", "data/record.jsonld", "data/ro-crate-metadata.json", "data/report.html"}
        assert set(found) == (told | {f"data/events/{handed.withdrawal:012d}.txt"} if whole else set())


def test_in_prov_a_withdrawn_item_is_invalidated_and_in_the_crate_deleted(handed: Handed) -> None:
    for folder, whole in ((handed.court, True), (handed.gone_public, False)):
        content = (folder / "data/record.jsonld").read_text()
        document = ProvDocument.deserialize(content=content, format="rdf", rdf_format="json-ld")
        (ended,) = document.get_records(ProvInvalidation)
        assert ended.args[0].localpart.endswith(handed.item["gone"])
        (activity,) = (each for each in document.get_records() if each.identifier == ended.args[1])
        said = {name.localpart: value for name, value in activity.extra_attributes}
        assert (said.get("authority"), said.get("reason")) == ((ORDER[1], ORDER[3]) if whole else (None, None))
        assert ("withheldEvents" in said) == whole
        crate: dict[str, Any] = json.loads((folder / "data/ro-crate-metadata.json").read_text())
        things = {thing["@id"]: thing for thing in crate["@graph"]}
        (mentioned,) = things["./"]["mentions"]
        action = things[mentioned["@id"]]
        assert action["@type"] == "DeleteAction"
        assert things[action["object"]["@id"]]["sha256"] == handed.item["gone"]
        assert (ORDER[1] in action.get("description", "")) == whole


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_case_of_withdrawn_items_alone_is_a_bundle_that_a_stranger_can_check(handed: Handed) -> None:
    for folder in (handed.gone, handed.gone_public):
        assert not (folder / "data/originals").exists()
        record = json.loads((folder / "data/record.json").read_text())
        assert (record["items"], len(record["withdrawn"])) == ([], 1)
    told = verify(handed.gone, "--key", handed.key, code=0)
    assert "1 items have no newer event than those here" in told
    assert re.search(r"what the [0-9]+ erased events stated", told)
    assert f"the events {handed.doubtful[0]}-{handed.doubtful[1]} were signed" in told
    events = {name: (handed.gone / name).read_text() for name in all_files(handed.gone) if "data/events/" in name}
    assert sum("\nerased\n" in text for text in events.values()) > 3
    sealed = verify(handed.gone_public, "--key", handed.key, code=0)
    assert "STATED" not in sealed  # and how much was known of it is not told either
    assert len([name for name in all_files(handed.gone_public) if "data/events/" in name]) == 3
