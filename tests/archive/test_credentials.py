"""Content credentials, from the upload to what a person reads: `show`, `status`, `compare` and the settings."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from archiver import inspectors
from archiver.inspectors import for_many
from tests import drawing
from tests.inspection.credentialed import CAPTURED, Root, action, altered, signed

if TYPE_CHECKING:
    from tests.archive.desk import Desk


@pytest.fixture
def desk(local: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An archive in a directory, whose uploads start the inspecting process that the settings ask for."""
    monkeypatch.setattr(inspectors, "for_many", for_many)
    return local


def believe(desk: Desk, root: Root) -> str:
    """Write a trust list into the archive's settings; its SHA-256."""
    (desk.home / "roots.pem").write_text(root.pem)
    settings = desk.home / "archive.toml"
    settings.write_text(f'{settings.read_text()}\n[credentials]\ntrust_list = "roots.pem"\n')
    return hashlib.sha256(root.pem.encode()).hexdigest()


def test_what_is_read_under_a_trust_list_is_recorded_with_its_hash_and_shown(desk: Desk) -> None:
    root = Root()
    digest = believe(desk, root)
    taken = [action("c2pa.created", digitalSourceType=CAPTURED, softwareAgent="Camera\x1b[2J")]
    content = signed(drawing.jpeg(drawing.photo(1)), root.signer("Photographer"), taken, title="Market")
    good = desk.take("good.jpg", content)
    bad = desk.take("bad.jpg", altered(content, len(content) - 100))

    inspection = desk.show(good)["inspections"][-1]
    assert inspection["credentials"]["trust_list"] == digest
    assert inspection["credentials"]["trust"] == "holds"
    assert [each["code"] for each in inspection["findings"] if each["code"].startswith("credentials")] == []
    assert "c2pa-python" in inspection["inspector"]
    shown = desk("show", good).out
    for said in (
        "the bytes are those that the credentials were made for",
        "the trust list vouches for the signer",
        "signer: Photographer, Bureau of Photographer",
        "the signer states, of Market, made with Tests 1.0:",
        "c2pa.created, by Camera\\x1b[2J, source type digitalCapture",
        f"trust list: sha256 {digest[:12]}",
    ):
        assert said in shown
    assert desk.show(bad)["inspections"][-1]["findings"][0]["code"] == "credentials-mismatch"
    assert "the bytes are not those that the credentials were made for" in desk("show", bad).out

    status = desk("status", "--json").json["credentials"]
    assert (status["trust_list"], status["sha256"], status["trouble"]) == ("roots.pem", digest, None)
    assert status["reader"].startswith("c2pa-python ")
    assert digest in desk("status").out


def test_credentials_that_hold_say_which_picture_is_nearer_to_the_source(desk: Desk) -> None:
    plain = drawing.jpeg(drawing.photo(1))
    one = desk.file("signed.jpg", signed(plain, Root().signer(), [action("c2pa.created", digitalSourceType=CAPTURED)]))
    other = desk.file("plain.jpg", plain)

    assert "carries content credentials that hold" in desk("compare", one, other).out


def test_a_trust_list_that_is_not_there_stops_inspecting_and_status_says_so(desk: Desk) -> None:
    believe(desk, Root())
    (desk.home / "roots.pem").unlink()

    refused = desk("upload", desk.file("a.jpg", drawing.jpeg(drawing.photo(1))), code=2)
    assert "roots.pem cannot be read" in refused.err
    assert "nothing is inspected until that is mended" in desk("status").err
    (desk.home / "archive.toml").write_text(
        (desk.home / "archive.toml").read_text().replace('trust_list = "roots.pem"', "trust_list = 7")
    )
    assert "trust_list must be text" in desk("status", code=2).err
