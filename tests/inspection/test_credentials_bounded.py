"""The reader of content credentials is kept apart and bounded, and what is not of its form is not believed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archiver.errors import UsageError
from archiver.inspection import credential_reader, examine
from archiver.inspection.child import Outcome, run
from archiver.inspection.credential_findings import findings
from archiver.inspection.credential_marks import marks
from archiver.inspection.credentials import MOST_BYTES, State, hold, is_of_this_form, unanswered
from archiver.inspection.inspector import ForkingInspector, FreshInspector, InspectionServer
from archiver.inspection.limits import DEFAULT
from archiver.inspection.manifest_store import told
from archiver.inspection.testimony import read
from archiver.inspection.trust import TrustList
from archiver.inspection.wanted import ORDINARY
from archiver.terminal.credentials import credential_lines
from tests.inspection.answered import ANSWERS, codes, good, inspect, plain, root, signer
from tests.inspection.credentialed import Root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.inspection.report import Report

__all__ = ["good", "inspect", "plain", "root", "signer"]


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
