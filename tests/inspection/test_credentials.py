"""Content credentials: four answers kept apart, nothing fetched, and no block that takes the picture down with it."""

from __future__ import annotations

import datetime as dt
import io
import socket
import time
from functools import partial
from typing import TYPE_CHECKING

import pillow_heif
import pytest
from PIL import Image

from archiver.inspection.credential_marks import Marks, marks
from archiver.inspection.credentials import hold
from archiver.terminal.credentials import credential_lines
from tests import drawing
from tests.inspection.answered import MADE, answers, codes, good, inspect, plain, root, signer
from tests.inspection.credentialed import TRAINED, Root, Signer, action, altered, signed
from tests.servers.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.inspection.report import Report

__all__ = ["good", "inspect", "plain", "root", "signer"]


def test_credentials_that_hold_are_told_with_who_signed_what(
    inspect: Callable[..., Report], good: bytes, root: Root
) -> None:
    report = inspect(good, root)

    assert answers(report) == ["holds"] * 4
    assert codes(report) == []
    found = report.credentials or {}
    assert hold(found)
    assert found["verdict"] == "Trusted"
    assert found["signed"] == {"time": None, "stamp": "none"}
    assert len(found["trust_list"]) == 64
    assert "assertion.dataHash.match" in {each["code"] for each in found["codes"]["success"]}
    (manifest,) = found["manifests"]
    assert (manifest["title"], manifest["generator"], manifest["version"]) == ("Good", "Tests 1.0", 2)
    assert (manifest["signer"]["name"], manifest["signer"]["issuer"]) == ("Desk", "Bureau of Desk")
    assert manifest["signer"]["serial"].isdigit()
    assert manifest["actions"][0]["when"] == "2026-01-02T03:04:05Z"
    assert good[found["place"]["offset"] :].startswith(b"\xff\xeb")
    after = good[found["place"]["offset"] + found["place"]["length"] :]
    assert b"c2pa" not in after


def test_an_altered_byte_is_a_mismatch_and_the_signature_still_holds(
    inspect: Callable[..., Report], good: bytes, root: Root
) -> None:
    report = inspect(altered(good, len(good) - 100), root)

    assert answers(report) == ["does-not-hold", "holds", "holds", "holds"]
    assert codes(report) == ["credentials-mismatch"]
    assert "assertion.dataHash.mismatch" in (report.findings or [])[0]["detail"]
    assert hold(report.credentials) is False


def test_altered_words_are_broken_and_the_bytes_still_match(
    inspect: Callable[..., Report], good: bytes, root: Root
) -> None:
    report = inspect(altered(good, good.index(b"2026-01-02T")), root)

    assert answers(report)[:2] == ["holds", "does-not-hold"]
    assert codes(report) == ["credentials-broken"]


def test_a_block_that_the_reader_refuses_is_broken_and_the_picture_is_inspected(
    inspect: Callable[..., Report], good: bytes
) -> None:
    report = inspect(altered(good, good.index(b"claim_generator_info")))

    assert answers(report) == ["unknown"] * 4
    assert codes(report) == ["credentials-broken"]
    assert (report.credentials or {})["state"] == "unreadable"
    assert report.look is not None


def test_a_signer_whom_nobody_on_the_list_vouches_for_is_untrusted(inspect: Callable[..., Report], good: bytes) -> None:
    report = inspect(good, Root("Another"))

    assert answers(report) == ["holds", "holds", "holds", "does-not-hold"]
    assert codes(report) == ["credentials-untrusted"]
    assert hold(report.credentials) is False


def test_without_a_list_nobody_is_asked_and_that_is_said(inspect: Callable[..., Report], good: bytes) -> None:
    report = inspect(good)

    assert answers(report) == ["holds", "holds", "holds", "not-asked"]
    assert codes(report) == ["credentials-untrusted"]
    assert "no trust list is set" in (report.findings or [])[0]["detail"]
    failures = (report.credentials or {})["codes"]["failure"]
    assert failures == []


def test_an_expired_certificate_is_not_shown_to_have_been_valid_unless_a_trusted_stamp_says_when(
    inspect: Callable[..., Report], plain: bytes, root: Root, tmp_path: Path
) -> None:
    brief = partial(root.signer, ends=dt.timedelta(seconds=4))
    with Authority(tmp_path / "authority") as authority:
        dated = signed(plain, brief(), MADE, stamped_by=authority.url)
        first_version = signed(plain, brief(), MADE, stamped_by=authority.url, claim_version=1)
        undated = signed(plain, brief(), MADE)
        of_the_stamps = authority.root.read_text()
    time.sleep(5)

    expired = inspect(undated, root)
    assert answers(expired)[:3] == ["holds", "holds", "does-not-hold"]
    assert codes(expired) == ["credentials-untrusted"]
    vouched = inspect(dated, root, of_the_stamps)
    assert answers(vouched) == ["holds"] * 4
    assert (vouched.credentials or {})["signed"]["stamp"] == "trusted"
    assert codes(vouched) == []
    unvouched = inspect(dated, root)
    assert answers(unvouched)[2] == "does-not-hold"
    assert (unvouched.credentials or {})["signed"]["stamp"] == "unvouched"
    anybody = inspect(first_version, root)
    assert (anybody.credentials or {})["verdict"] == "Trusted", (
        "the reader takes any stamp there: the trap that is tested"
    )
    assert answers(anybody) == ["holds", "holds", "unknown", "holds"]
    assert codes(anybody) == ["credentials-untrusted"]


def test_what_was_made_by_a_trained_model_is_said_through_a_chain_of_ingredients(
    inspect: Callable[..., Report], plain: bytes, root: Root, signer: Signer
) -> None:
    made = signed(plain, signer, [action("c2pa.created", digitalSourceType=TRAINED, softwareAgent="Dreamer")])
    said = {"title": "made.jpg", "relationship": "parentOf", "label": "made"}
    opened = action("c2pa.opened", parameters={"ingredientIds": ["made"]})
    chain = signed(plain, root.signer("Editor"), [opened, action("c2pa.cropped")], ingredients=[(said, made)])

    report = inspect(chain, root)

    assert codes(report) == ["generated-declared"]
    assert "Dreamer" in (report.findings or [])[0]["detail"]
    newest, older = (report.credentials or {})["manifests"]
    (ingredient,) = newest["ingredients"]
    assert (ingredient["title"], ingredient["relationship"]) == ("made.jpg", "parentOf")
    assert ingredient["manifest"] == older["label"]
    assert ingredient["credentials"] == "holds"
    assert (newest["signer"]["name"], older["signer"]["name"]) == ("Editor", "Desk")
    words = "\n".join(credential_lines(report.credentials))
    assert "parentOf: made.jpg; its credentials are as they were when it was added" in words
    assert "c2pa.created, by Dreamer, source type trainedAlgorithmicMedia" in words

    later = inspect(altered(chain, chain.index(b"Dreamer")), root)
    assert "credentials-broken" in codes(later)
    assert (later.credentials or {})["manifests"][0]["ingredients"][0]["credentials"] == "does-not-hold"


def test_an_ingredient_that_was_altered_before_it_was_added_is_told_by_the_signers_word(
    inspect: Callable[..., Report], plain: bytes, good: bytes, root: Root, signer: Signer
) -> None:
    said = {"title": "bent.jpg", "relationship": "componentOf"}
    report = inspect(signed(plain, signer, MADE, ingredients=[(said, altered(good, len(good) - 100))]), root)

    assert answers(report) == ["holds"] * 4
    (ingredient,) = (report.credentials or {})["manifests"][0]["ingredients"]
    assert "assertion.dataHash.mismatch" in ingredient["failed_when_added"]


def test_credentials_elsewhere_are_named_and_nobody_is_asked(
    inspect: Callable[..., Report], plain: bytes, good: bytes, signer: Signer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/credentials.c2pa"
        elsewhere = signed(plain, signer, MADE, remote=address, embedded=False)
        both = signed(plain, signer, MADE, remote=address)
        decoy = signed(plain, signer, MADE, remote=address, embedded=False)
        decoy = (
            decoy[:2]
            + b"\xff\xeb\x00\x20JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x16jumb\x00\x00\x00\x0ejumdc2pa\x00\x00"
            + decoy[2:]
        )
        reports = [inspect(content) for content in (elsewhere, both, decoy)]
        with pytest.raises(TimeoutError):
            listening.accept()

    assert [(report.credentials or {})["remote"] for report in reports] == [address] * 3
    assert [(report.credentials or {})["state"] for report in reports][:2] == ["remote", "read"]
    assert codes(reports[0]) == ["credentials-remote"]
    assert "credentials-remote" not in codes(reports[1])
    assert inspect(good).credentials is not None


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "GIF", "AVIF", "HEIF"])
def test_every_format_that_can_carry_them_is_looked_at(
    form: str, inspect: Callable[..., Report], root: Root, signer: Signer
) -> None:
    out = io.BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(drawing.photo(2)).save(out)
    else:
        drawing.photo(2).save(out, form)
    media_type = "image/heic" if form == "HEIF" else Image.MIME[form]
    content = signed(out.getvalue(), signer, MADE, media_type=media_type)

    report = inspect(content, root)

    assert answers(report) == ["holds"] * 4
    place = (report.credentials or {})["place"]
    assert b"jumdc2pa" in content[place["offset"] : place["offset"] + place["length"]]
    if form != "GIF":
        elsewhere = signed(
            out.getvalue(), signer, MADE, media_type=media_type, remote="https://h.test/c", embedded=False
        )
        assert marks(io.BytesIO(elsewhere)) == Marks(remote="https://h.test/c")
