"""Content credentials: four answers kept apart, nothing fetched, and no block that takes the picture down with it."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pillow_heif
import pytest
from PIL import Image

from archiver.errors import UsageError
from archiver.inspection import credential_reader, examine
from archiver.inspection.child import Outcome, run
from archiver.inspection.credential_findings import findings
from archiver.inspection.credential_marks import Marks, marks
from archiver.inspection.credentials import MOST_BYTES, State, hold, is_of_this_form, unanswered
from archiver.inspection.inspector import ForkingInspector, FreshInspector, InspectionServer
from archiver.inspection.limits import DEFAULT
from archiver.inspection.manifest_store import told
from archiver.inspection.testimony import read
from archiver.inspection.trust import TrustList
from archiver.inspection.wanted import ORDINARY
from archiver.terminal.credentials import credential_lines
from tests import drawing
from tests.inspection.credentialed import CAPTURED, TRAINED, Root, Signer, action, altered, signed
from tests.servers.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.inspection.report import Report

ANSWERS = ("integrity", "signature", "certificate", "trust")
MADE = (action("c2pa.created", digitalSourceType=CAPTURED),)


@pytest.fixture(scope="module")
def root() -> Root:
    return Root()


@pytest.fixture(scope="module")
def signer(root: Root) -> Signer:
    return root.signer()


@pytest.fixture(scope="module")
def plain() -> bytes:
    return drawing.jpeg(drawing.photo(1))


@pytest.fixture(scope="module")
def good(plain: bytes, signer: Signer) -> bytes:
    """A picture whose credentials hold."""
    return signed(
        plain, signer, [action("c2pa.created", when="2026-01-02T03:04:05Z", digitalSourceType=CAPTURED)], title="Good"
    )


@pytest.fixture
def inspect(tmp_path: Path) -> Callable[..., Report]:
    """Inspect bytes in a bounded child that is forked for them, asking a list of these roots."""

    def inspected(content: bytes, *roots: Root | str) -> Report:
        path = tmp_path / "picture"
        path.write_bytes(content)
        if not roots:
            return ForkingInspector().inspect(path)
        listed = tmp_path / "roots.pem"
        listed.write_text("".join(each.pem if isinstance(each, Root) else each for each in roots))
        return ForkingInspector(trust=TrustList.of(listed)).inspect(path)

    return inspected


def answers(report: Report) -> list[str]:
    """The four, in their order."""
    assert report.credentials is not None
    assert report.decode == "ok"
    return [report.credentials[name] for name in ANSWERS]


def codes(report: Report) -> list[str]:
    return [finding["code"] for finding in report.findings or ()]


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


def test_a_file_without_a_mark_never_meets_the_library(plain: bytes, good: bytes, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from archiver.inspection.examine import examine;"
        "found = [examine(Path(name))['credentials'] for name in sys.argv[1:2]]; before = 'c2pa' in sys.modules;"
        "found += [examine(Path(name))['credentials'] for name in sys.argv[2:]]; after = 'c2pa' in sys.modules;"
        "print(found[0], before, after)"
    )
    for name, content in (("plain", plain), ("good", good)):
        (tmp_path / name).write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "plain", tmp_path / "good"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["None", "False", "True"]


def test_without_the_reader_they_are_found_and_said_to_be_unread(
    good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good").write_bytes(good)
    monkeypatch.setattr(credential_reader, "MODULE", "c2pa_that_nobody_installed")
    credential_reader._library.cache_clear()
    credential_reader.reader.cache_clear()
    try:
        report = ForkingInspector().inspect(tmp_path / "good")
        assert credential_reader.reader() is None
    finally:
        monkeypatch.undo()
        credential_reader._library.cache_clear()
        credential_reader.reader.cache_clear()

    assert report.decode == "ok"
    assert codes(report) == ["credentials-unread"]
    finding = (report.findings or [])[0]
    assert (finding["offset"], finding["length"]) == (20, marks(io.BytesIO(good)).length)
    assert hold(report.credentials) is None


def test_a_library_that_lies_beside_the_files_is_not_loaded(good: bytes, tmp_path: Path) -> None:
    for name in ("libc2pa_c.so", "libc2pa_c.dylib", "c2pa_c.dll"):
        (tmp_path / name).write_text("no library, and in the place where one would be looked for first")
    (tmp_path / "good").write_bytes(good)
    program = (
        "import sys; from pathlib import Path; from archiver.inspection.examine import examine;"
        "print(examine(Path(sys.argv[1]))['credentials']['state'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(examine.__file__).parents[2])}
    told = subprocess.run(
        [sys.executable, "-c", program, "good"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "read"


def test_however_they_are_asked_for_the_answers_are_the_same(
    good: bytes, root: Root, tmp_path: Path, inspect: Callable[..., Report]
) -> None:
    one = inspect(good, root)
    trust = TrustList.of(tmp_path / "roots.pem")
    with InspectionServer(1, trust=trust) as server:
        assert server.inspect(tmp_path / "picture") == one
        assert server.inspect(tmp_path / "picture") == one, "the second time by a library that the loop has loaded"
    assert FreshInspector(trust=trust).inspect(tmp_path / "picture") == one


def test_a_trust_list_that_was_exchanged_is_not_used(good: bytes, root: Root, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text(root.pem)
    (tmp_path / "good").write_bytes(good)
    trust = TrustList.of(tmp_path / "roots.pem")
    (tmp_path / "roots.pem").write_text(Root("Another").pem)

    report = ForkingInspector(trust=trust).inspect(tmp_path / "good")

    assert codes(report) == ["credentials-unread"]
    assert "exchanged" in (report.findings or [])[0]["detail"]


@pytest.mark.parametrize("content", [None, b"", b"not a certificate"])
def test_what_is_no_trust_list_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match="trust list"):
        TrustList.of(path)


def _dies(path: Path) -> Iterator[dict[str, Any]]:
    yield from examine.stages(path, ORDINARY)
    yield {"credentials": unanswered(State.UNFINISHED, place={"offset": 1, "length": 2})}
    os.abort()


def test_what_ends_the_reading_of_credentials_leaves_the_pictures_own_inspection(plain: bytes, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(plain)

    report = read(run(partial(_dies, tmp_path / "plain"), DEFAULT))

    assert report.decode == "ok"
    assert report.detail is None
    assert report.look is not None
    assert codes(report) == ["credentials-unread"]
    assert "SIGABRT" in (report.findings or [])[0]["detail"]


def test_a_child_that_never_decoded_cannot_hide_behind_unfinished_credentials() -> None:
    line = json.dumps({"credentials": unanswered(State.UNFINISHED)}).encode() + b"\n"
    assert read(Outcome(line, 0.1, refused="more than 30 s of CPU time")).decode == "refused-limits"


@pytest.mark.parametrize(
    "bent",
    [
        {"state": "splendid"},
        {"trust": "certainly"},
        {"extra": 1},
        {"form": 2},
        {"manifests": [{"label": "x"}]},
        {"detail": "x" * 5000},
        {"place": {"offset": "0", "length": 1}},
    ],
)
def test_what_is_not_of_the_form_is_not_believed(bent: dict[str, Any]) -> None:
    said = {**unanswered(State.READ), **bent}
    assert not is_of_this_form(said)
    assert hold(said) is None
    assert list(credential_lines(said)) == [
        "content credentials: recorded in a form that this program does not know (--json has them)"
    ]
    line = json.dumps({"decode": "ok", "credentials": said}).encode() + b'\n{"done":true}\n'
    assert read(Outcome(line, 0.1)).decode == "undecodable"


def _hostile(ingredients: int) -> dict[str, Any]:
    """A store whose manifests refer to one another in a circle, with far too much of everything."""
    text = "\x1b[31m\u202e<script>" * 400
    each = [{"title": text, "active_manifest": f"m{n % 60}", "label": n} for n in range(ingredients)]
    actions = [{"action": text, "parameters": {"deep": [[[[[text]]]]]}, "softwareAgent": 7}] * 3000
    manifest = {
        "title": text,
        "ingredients": each,
        "assertions": [{"label": "c2pa.actions", "data": {"actions": actions}}],
    }
    failures = [{"code": f"made.up.{n}", "url": text, "explanation": None} for n in range(5000)]
    return {
        "active_manifest": "m0",
        "manifests": {f"m{n}": manifest for n in range(60)},
        "validation_results": {"activeManifest": {"failure": failures}, "ingredientDeltas": ["nonsense", None, {}]},
    }


def test_a_hostile_store_is_told_within_its_bounds_and_what_is_left_out_is_counted() -> None:
    found = told(_hostile(3000), asked=False, thumbnail=lambda _: None)

    assert is_of_this_form(found)
    assert len(json.dumps(found)) < 2 * MOST_BYTES
    assert found["signature"] == "does-not-hold"
    assert all(found["cut"][name] for name in ("codes", "manifests", "actions", "ingredients"))
    assert len(findings(found)) <= 30
    for line in credential_lines(found):
        assert "\x1b[31m" not in line.replace("\x1b[1;31m", "")
        assert "\u202e" not in line
    output = json.dumps({"decode": "ok", "credentials": found}).encode() + b'\n{"done":true}\n'
    assert read(Outcome(output, 0.1)).decode == "ok"


@pytest.mark.parametrize("store", [{}, {"manifests": 5, "active_manifest": [1]}, {"validation_results": "x"}])
def test_a_store_that_says_nothing_answers_nothing(store: dict[str, Any]) -> None:
    found = told(store, asked=True, thumbnail=lambda _: None)
    assert is_of_this_form(found)
    assert {found[name] for name in ANSWERS} == {"unknown"}
