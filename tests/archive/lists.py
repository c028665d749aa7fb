"""Lists of fingerprints as two archives exchange them, and what is told of the pictures on them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

from archiver.fingerprint.algorithm import CURRENT
from archiver.fingerprint.orientations import orientations
from archiver.fingerprint.reduction import grey
from archiver.interchange.listed import listed
from tests import drawing
from tests.archive.conftest import place

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from archiver.interchange.listed import Listed
    from tests.archive.desk import Desk

BY = ("--by", "Ida", "--basis", "a captive")
POW = ("--sensitivity", "prisoner-of-war")
HEAD = "algorithm,bits,quality,label,item"


@pytest.fixture
def other(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> Desk:
    """Another archive, somewhere else."""
    (tmp_path / "elsewhere").mkdir()
    return place(request, ("local", "sqlite"), tmp_path / "elsewhere").make()


def bits_of(desk: Desk, item: str) -> str:
    (found,) = [each["bits"] for each in desk.show(item)["fingerprints"] if each["algorithm"] == str(CURRENT)]
    return str(found)


def exported(desk: Desk, *words: object) -> list[dict[str, Any]]:
    return list(csv.DictReader(desk("fingerprints", "export", *words).out.splitlines()))


def looked_up(desk: Desk, image: Image.Image, radius: int = 65) -> list[Listed]:
    """What the lists say of a picture, in the eight orientations."""
    archive = desk.archive()
    with archive.asking() as questions:
        found = listed(archive, questions, dict(orientations(grey(image))), radius)
    archive.close()
    assert not archive.notes
    return found


def a_list(desk: Desk, *rows: str, name: str = "theirs.csv") -> Path:
    return desk.file(name, "\n".join((HEAD, *rows, "")).encode())


@pytest.fixture
def captives(on_catalogue: Desk) -> tuple[Desk, dict[str, str]]:
    """Seven items: care is owed to four, and one nobody has compared yet looks like one of those."""
    desk = on_catalogue
    seeds = {"free": 1, "amber": 2, "flagged": 3, "red": 4, "strict": 5, "page": 6}
    items = {name: desk.take(f"{name}.png", drawing.png(drawing.photo(seed))) for name, seed in seeds.items()}
    items["unseen"] = desk.take("unseen.jpg", drawing.jpeg(drawing.photo(3), quality=40))
    desk("flag", items["flagged"], *POW, *BY)
    for name, label in (("amber", "TLP:AMBER"), ("red", "TLP:RED"), ("strict", "TLP:AMBER+STRICT")):
        desk("flag", items[name], "--tlp", label, *BY)
    desk("sight", items["flagged"], "--url", "https://example.org/1", "--context", items["page"])
    return desk, items
