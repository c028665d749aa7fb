"""A bundle, checked by a stranger with bash, coreutils and openssl; and what happens to one on the way to them."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import bagit
import pytest

from archiver.custody.keys import SigningKey
from archiver.facts.handling import Sensitivity
from archiver.facts.vocabulary import SensitivityFlag
from tests import drawing
from tests.export.story import record
from tests.export.stranger import OURS, all_files, forge, remake, verify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.export.story import Story

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def export(desk: Desk, *words: object, profile: str = "court") -> tuple[Path, dict[str, Any]]:
    out = desk.files / f"out-{profile}"
    done: dict[str, Any] = desk("export", *words, "-o", out, "--profile", profile, "--json").json
    return out, done


@pytest.fixture
def small(local: Desk) -> tuple[Desk, str, Path, str]:
    """One picture, a claim of it, and its bundle: desk, item, folder, fingerprint."""
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--source", "Yonhap", "--claim", "A man stands there")
    out, done = export(local, item)
    return local, item, out, done["key"]


def test_a_court_can_check_everything_with_bash_and_openssl(story: Story) -> None:
    out, done = export(story.desk, story.agency, "case:kursk")

    told = verify(out, "--key", done["key"], code=0)

    assert f"{done['events']} events stand in the log" in told
    assert f"{done['events']} of them are open" in told
    assert "2 originals have the digest that they are named by; of 2 a signed event says" in told
    assert "NOT PROVED" in told
    assert done["sealed"] == 0
    assert "NOT CHECKED" in verify(out, code=2)
    assert "ANOTHER KEY" in verify(out, "--key", "0" * 64, code=1)


def test_it_is_a_bag_and_a_crate(small: tuple[Desk, str, Path, str]) -> None:
    _, item, out, _ = small

    bag = bagit.Bag(str(out))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    crate = json.loads((out / "data/ro-crate-metadata.json").read_text())
    things = {thing["@id"]: thing for thing in crate["@graph"]}
    assert things["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    assert things["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert things[f"originals/{item}.jpg"]["sha256"] == item
    parts = {part["@id"] for part in things["./"]["hasPart"]}
    assert parts | {"./", "ro-crate-metadata.json", "#archive", "#rights"} == set(things)
    assert things["./"]["license"] == {"@id": "#rights"}
    assert things["./"]["author"] == things["./"]["publisher"] == {"@id": "#archive"}
    assert things["#archive"]["@type"] == "Organization"
    payload = {path.relative_to(out / "data") for path in (out / "data").rglob("*") if path.is_file()}
    told = {str(path) for path in payload if path.parts[0] != "events"} - {"ro-crate-metadata.json"}
    assert told | {"events/"} == parts


@pytest.mark.attack("bundle-file-altered")
def test_whatever_is_altered_on_the_way_is_found_though_the_lists_are_made_anew(
    small: tuple[Desk, str, Path, str], tmp_path: Path
) -> None:
    _, _, out, key = small
    assert len(all_files(out)) > 15
    for name in all_files(out):
        altered = tmp_path / "altered"
        shutil.copytree(out, altered)
        content = bytearray((altered / name).read_bytes())
        content[len(content) // 2] ^= 1
        (altered / name).write_bytes(content)
        if name not in {"files.sha256", "manifest-sha256.txt", "tagmanifest-sha256.txt"}:
            remake(altered)
        assert "WRONG" in verify(altered, "--key", key, script=OURS, code=1), name
        shutil.rmtree(altered)


@pytest.mark.attack("bundle-file-dropped")
def test_what_is_left_out_or_put_in_on_the_way_is_found(small: tuple[Desk, str, Path, str], tmp_path: Path) -> None:
    _, _, out, key = small
    for name in all_files(out):
        altered = tmp_path / "altered"
        shutil.copytree(out, altered)
        (altered / name).unlink()
        if name.startswith("data/events/"):
            remake(altered)
        assert "WRONG" in verify(altered, "--key", key, script=OURS, code=1), name
        shutil.rmtree(altered)
    (out / "data/originals/.extra").write_bytes(b"planted")
    assert "in no list" in verify(out, "--key", key, code=1)
    remake(out)
    assert "signature of files.sha256" in verify(out, "--key", key, code=1)


@pytest.mark.attack("bundle-event-dropped")
def test_an_event_that_the_archive_itself_leaves_out_shows(small: tuple[Desk, str, Path, str]) -> None:
    desk, item, out, key = small
    number = desk.show(item)["inspections"][0]["number"]
    (out / f"data/events/{number:012d}.txt").unlink()

    remake(out, desk.key)

    assert "was left out" in verify(out, "--key", key, code=1)


@pytest.mark.attack("bundle-newest-dropped")
def test_the_newest_event_that_is_left_out_contradicts_what_the_archive_signed(
    small: tuple[Desk, str, Path, str],
) -> None:
    desk, _, out, key = small
    newest = max((out / "data/events").iterdir())
    newest.unlink()

    remake(out, desk.key)

    assert "names event" in verify(out, "--key", key, code=1)


def test_an_event_newer_than_the_newest_that_the_archive_signed_is_a_fault(small: tuple[Desk, str, Path, str]) -> None:
    desk, item, out, key = small
    events = sorted(int(path.stem) for path in (out / "data/events").iterdir())
    listed = out / "files.sha256"
    assert f"# newest {item} {events[-1]} " in listed.read_text()

    listed.write_text(listed.read_text().replace(f"newest {item} {events[-1]} ", f"newest {item} {events[-2]} "))
    remake(out, desk.key)

    assert "is newer than the newest that the list names" in verify(out, "--key", key, code=1)


@pytest.mark.attack("bundle-newest-unsaid")
def test_what_the_archive_says_of_the_end_is_told_as_its_statement_and_not_as_proved(
    small: tuple[Desk, str, Path, str],
) -> None:
    desk, item, out, key = small
    told = verify(out, "--key", key, code=0)
    assert "STATED by the archive" in told.partition("PROVED")[2].partition("NOT PROVED")[0]

    (out / "data/events" / max(path.name for path in (out / "data/events").iterdir())).unlink()
    listed = out / "files.sha256"
    kept = [line for line in listed.read_text().splitlines(keepends=True) if not line.startswith(f"# newest {item}")]
    listed.write_text("".join(kept))
    remake(out, desk.key)

    told = verify(out, "--key", key, code=0)  # the honest hole: nothing in the bundle shows it
    assert "STATED" not in told
    assert "left out at the end" in told


@pytest.mark.attack("bundle-field-altered")
def test_a_field_that_the_archive_itself_alters_shows(small: tuple[Desk, str, Path, str]) -> None:
    desk, item, out, key = small
    (said,) = [claim["number"] for claim in desk.show(item)["claims"]]
    path = out / f"data/events/{said:012d}.txt"
    path.write_text(path.read_text().replace("A man stands there", "A man lies there"))

    remake(out, desk.key)

    assert "fields are not those" in verify(out, "--key", key, code=1)


@pytest.mark.attack("bundle-key-exchanged")
def test_a_swapped_key_is_found(small: tuple[Desk, str, Path, str]) -> None:
    _, _, out, key = small
    (out / "data/key.pem").write_text(SigningKey.generate().public.pem)
    remake(out)

    assert "the list of files names another key" in verify(out, "--key", key, code=1)


@pytest.mark.attack("bundle-made-anew")
def test_a_bundle_that_is_all_made_anew_is_found_by_the_fingerprint_alone(small: tuple[Desk, str, Path, str]) -> None:
    _, _, out, key = small
    thief = SigningKey.generate()

    forge(out, thief)

    assert "NOT CHECKED" in verify(out, code=2)  # the honest hole: it holds together
    assert "ANOTHER KEY" in verify(out, "--key", key, code=1)
    verify(out, "--key", thief.public.fingerprint, code=0)


@pytest.mark.parametrize("profile", ["partner", "public"])
def test_outside_a_court_nothing_that_is_withheld_is_anywhere_in_the_bundle(told: Story, profile: str) -> None:
    secrets = (b"Ada", b"by hand", b"A. Photographer", b"Test Desk", b"an internal remark", b"GPSLatitude")
    out, done = export(told.desk, told.agency, "case:kursk", profile=profile)

    contents = {name: (out / name).read_bytes() for name in all_files(out)}

    assert [(name, secret) for name, held in contents.items() for secret in secrets if secret in held] == []
    assert done["sealed"] == done["events"] > 0
    assert "sealed events state" in verify(out, "--key", done["key"], code=0)


def test_who_may_see_the_recorders_gets_events_opened_field_by_field(told: Story) -> None:
    out, done = export(told.desk, told.agency, told.repost, "--name-recorders", profile="partner")

    said = verify(out, "--key", done["key"], code=0)

    assert 0 < done["sealed"] < done["events"]
    assert "withheld fields hold" in said
    events = {name: (out / name).read_text() for name in all_files(out) if name.startswith("data/events/")}
    assert any("Test Desk" in text for text in events.values())
    whole = "".join(events.values())
    assert [secret for secret in ("Ada", "by hand", "A. Photographer", "an internal remark") if secret in whole] == []
    assert "hidden collector " in whole
    assert "shown text " in whole
    for text in events.values():  # a sealed event shows no commitment, by which names could be tried
        assert ("envelope " in text) == ("signature " in text)
        assert "envelope " in text or "hidden " not in text


def test_a_source_that_could_be_identified_is_not_in_the_opened_events_either(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--url", "https://secret.example/1", "--source", "Him")
    flag = Sensitivity(item=item, flag=SensitivityFlag.SOURCE_IDENTIFIABLE, by="D. Editor", basis="x")
    record(local, flag)
    out, done = export(local, item, "--name-recorders", profile="partner")

    assert [name for name in all_files(out) if b"secret.example" in (out / name).read_bytes()] == []
    verify(out, "--key", done["key"], code=0)


def test_a_zip_file_holds_the_same_in_the_order_of_the_names(small: tuple[Desk, str, Path, str]) -> None:
    desk, item, out, key = small
    target = desk.files / "handed.zip"

    desk("export", item, "-o", target, "--profile", "court")

    with zipfile.ZipFile(target) as packed:
        names = packed.namelist()
        packed.extractall(desk.files / "unpacked")
    assert names == sorted(names)
    got = desk.files / "unpacked" / "handed"
    assert {name for name in all_files(out) if "events/" not in name} <= set(all_files(got))
    verify(got, "--key", key, code=0)
    desk("export", item, "-o", target, "--profile", "court", code=3)
    assert {path.name for path in desk.files.iterdir()} == {"a.jpg", "out-court", "handed.zip", "unpacked"}


def test_what_was_known_earlier_is_checked_against_the_log_of_now(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    then = local.counts()["events"] - 1
    local("claim", item, "Later", "--by", "Kyiv")
    out, done = export(local, item, "--as-of", f"#{then}")

    verify(out, "--key", done["key"], code=0)
    assert max(int(path.stem) for path in (out / "data/events").iterdir()) == then
    assert done["checkpoint"] == local.counts()["events"] - 1  # the disclosure came after it


def test_a_catalogue_whose_log_does_not_add_up_hands_out_nothing(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    import sqlite3  # noqa: PLC0415 - of this attack alone

    path = next(local.home.glob("catalogue.db"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE event SET leaf = ? WHERE sequence = 0", ("0" * 64,))
    connection.close()

    refused = local("export", item, "-o", local.files / "out", code=6)

    assert "archiver verify" in refused.err
    assert {path.name for path in local.files.iterdir()} == {"a.jpg"}


def test_the_script_uses_nothing_but_bash_coreutils_and_openssl(small: tuple[Desk, str, Path, str]) -> None:
    desk, _, out, key = small
    tools = desk.files / "tools"
    tools.mkdir()
    for tool in ("bash", "openssl", "sha256sum", "base64", "tail", "od", "tr", "sort", "date", "mktemp", "rm"):
        (tools / tool).symlink_to(shutil.which(tool) or "")
    done = subprocess.run(
        [tools / "bash", out / "verify.sh", "--key", key], env={"PATH": str(tools)}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b""), done
