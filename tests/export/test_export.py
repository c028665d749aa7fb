"""``export``: what leaves is whole, says no more than it may, and the log knows of it first."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from archiver.export.target import remains
from archiver.facts.handling import Sensitivity, Sharing
from archiver.facts.vocabulary import FlagState, RelationState, SensitivityFlag, TrafficLight
from tests import drawing
from tests.archive.desk import finished, flip
from tests.archive.processes import killed
from tests.export.story import copies, record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk
    from tests.export.story import Story

SECRETS = ("Ada", "by hand", "A. Photographer", "51.5", "GPSLatitude", "Test Desk", "an internal remark")


def flagged(desk: Desk, item: str, flag: str, state: FlagState = FlagState.FLAGGED) -> int:
    said = Sensitivity(
        item=item, flag=SensitivityFlag(flag), state=state, by="D. Editor", basis="he is held by soldiers"
    )
    return record(desk, said)[0]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def disclosures(desk: Desk, item: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.show(item)["disclosures"]
    return found


def test_an_export_is_whole_and_a_stranger_can_check_it(on_store: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    item = on_store.take("a.jpg", content, "--source", "Yonhap")
    out = on_store.files / "out"

    done = on_store("export", item, "-o", out, "--recipient", "The court", "--reason", "order 7", "--json").json

    assert f"data/originals/{item}.jpg" in files(out)
    assert (out / "data/originals" / f"{item}.jpg").read_bytes() == content
    checked = subprocess.run(["sha256sum", "-c", "files.sha256"], cwd=out, capture_output=True, check=False)
    assert checked.returncode == 0, checked
    assert checked.stdout.count(b": OK") == len(files(out)) - 3
    (told,) = disclosures(on_store, item)
    assert (told["profile"], told["recipient"], told["reason"]) == ("public", "The court", "order 7")
    assert (told["bytes_included"], told["record"]) == (True, done["record"])
    assert told["number"] == done["items"][0]["disclosure"]
    assert "disclosed #" in on_store("show", item).out
    on_store.root()


def test_a_court_gets_all_and_others_what_may_be_shown_to_them(story: Story) -> None:
    desk, out = story.desk, story.desk.files
    for profile in ("court", "partner", "public"):
        desk("export", story.agency, "case:kursk", "-o", out / profile, "--profile", profile)

    told = {profile: _written(out / profile) for profile in ("court", "partner", "public")}
    assert [secret for secret in SECRETS if secret not in told["court"]] == []
    for profile in ("partner", "public"):
        assert [secret for secret in SECRETS if secret in told[profile]] == []
        assert '"acquisitions.collector"' in told[profile]
        assert "D. Editor" in told[profile]  # who judged is shown to all
        assert "telegram:frontline_watch" in told[profile]
    assert ["soldier.jpg" in told[profile] for profile in told] == [True, True, False]


def _written(folder: Path) -> str:
    """Both records, as text."""
    return "".join((folder / "data" / name).read_text() for name in ("record.json", "record.jsonld"))


def test_an_original_whose_own_metadata_tells_more_stays_and_that_is_said(told: Story) -> None:
    out = told.desk.files

    done = told.desk("export", told.agency, told.repost, "-o", out / "partner", "--profile", "partner", "--json").json

    by_item = {left["item"]: left for left in done["items"]}
    assert by_item[told.agency]["original"] is None
    assert "GPS" in by_item[told.agency]["original_withheld"][0]
    assert by_item[told.repost]["original"] == f"data/originals/{told.repost}.jpg"
    assert [left["bytes_included"] for left in disclosures(told.desk, told.agency)] == [False]
    told.desk("export", told.agency, "-o", out / "court", "--profile", "court")
    assert (out / "court" / "data/originals" / f"{told.agency}.jpg").exists()


@pytest.mark.parametrize("flag", ["prisoner-of-war", "detainee", "child-identifiable", "sexual-violence"])
def test_whom_the_law_shields_is_not_exported_to_the_public_and_the_refusal_says_why(local: Desk, flag: str) -> None:
    item, free = (local.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2))
    number = flagged(local, item, flag)
    before = local.counts()

    refused = local("export", free, item, "-o", local.files / "out", code=3)

    for words in (item, flag, "D. Editor", f"#{number}", "he is held by soldiers", "article"):
        assert words in refused.err
    assert local.counts() == before
    assert not list(local.files.glob("*out*")) + list(local.files.glob(".*"))
    local("export", item, "-o", local.files / "out", "--profile", "court", "--acknowledge-sensitive")
    flagged(local, item, flag, FlagState.LIFTED)
    local("export", item, "-o", local.files / "again")


def test_a_flag_of_a_confirmed_copy_counts_and_a_flag_of_today_counts_for_yesterday(on_catalogue: Desk) -> None:
    desk = on_catalogue
    one, other = (desk.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2))
    before = desk.counts()["events"] - 1
    record(desk, copies(one, other, RelationState.SUGGESTED))
    flagged(desk, other, "prisoner-of-war")
    suggested = desk("export", one, "-o", desk.files / "suggested", code=3)
    assert all(words in suggested.err for words in (one, other, "prisoner-of-war", "archiver review"))
    record(desk, copies(one, other, RelationState.CONFIRMED))

    refused = desk("export", one, "-o", desk.files / "out", "--as-of", f"#{before}", code=3)

    assert f"item {other[:12]}, which it shows" in refused.err
    assert not (desk.files / "out").exists()


@pytest.mark.parametrize(("label", "partner", "public"), [("TLP:RED", 3, 3), ("TLP:GREEN", 0, 3), ("TLP:CLEAR", 0, 0)])
def test_a_label_is_kept(local: Desk, label: str, partner: int, public: int) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    record(local, Sharing(item=item, tlp=TrafficLight(label), by="D. Editor", basis="a source asked for it"))

    for profile, code in (("court", 0), ("partner", partner), ("public", public)):
        answer = local("export", item, "-o", local.files / profile, "--profile", profile, code=code)
        assert (label in answer.err) == (code == 3)
        assert (local.files / profile).exists() == (code == 0)


def test_records_can_go_alone(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    local("export", item, "-o", local.files / "out", "--records-only")

    told = files(local.files / "out")
    assert {"data/record.json", "data/record.jsonld", "data/checkpoint.txt"} <= told
    assert not [name for name in told if "originals" in name]
    assert not disclosures(local, item)[0]["bytes_included"]


def test_an_export_never_overwrites_and_altered_bytes_never_leave(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    there = local.files / "there"
    there.mkdir()
    before = local.counts()
    for target in (there, local.file("file", b"x"), local.files / "no" / "such", local.home / "x"):
        local("export", item, "-o", target, code=3)
    local("export", item, "-o", local.files / "out", "--recipient", " ", code=2)
    local("export", "case:nothing", "-o", local.files / "out", code=3)
    local.alter(local.object_of(item), lambda data: flip(data, -1))

    local("export", item, "-o", local.files / "out", code=1)

    assert local.counts() == before
    assert {path.name for path in local.files.iterdir()} == {"a.jpg", "file", "there"}
    assert list(there.iterdir()) == []


@pytest.mark.parametrize(("step", "known"), [("recording", 0), ("noted", 1)])
def test_killed_at_any_step_there_is_nothing_at_the_target(local: Desk, step: str, known: int) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    words = ("export", item, "-o", local.files / "out")

    killed(local, *words, at=step)

    assert not (local.files / "out").exists()
    assert len(disclosures(local, item)) == known
    local(*words)
    assert (local.files / "out" / "data/originals" / f"{item}.jpg").exists()
    local.root()


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_what_a_killed_export_left_beside_its_target_is_named_by_the_next_one(local: Desk, name: str) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    words = ("export", item, "-o", local.files / name)
    killed(local, *words, at="recording")
    (left,) = local.files.glob(f".{name}-*")
    for other in (f".{name}-mine", f".{name}-abcdefghi", ".another-abcdefgh"):
        (local.files / other).mkdir()
    local.file(f".{name}-12345678", b"a file")

    for code in (0, 3):  # also where the target is taken
        told = local(*words, code=code).err
        assert f"note: an export that did not end left {left}; remove it: it holds originals" in told
        assert told.count("did not end") == 1

    assert any(left.glob(f"*/data/originals/{item}.jpg"))
    assert "did not end" not in local("export", item, "-o", local.files / "elsewhere").err


def test_what_was_left_and_may_not_be_opened_is_named_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut, mine = tmp_path / ".out-11111111", tmp_path / ".out-22222222"
    shut.mkdir()
    mine.mkdir()
    opened = os.open

    def refusing(path: Any, *words: Any, **named: Any) -> int:
        if path == shut:  # root may open anything
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *words, **named)

    monkeypatch.setattr(os, "open", refusing)

    named = list(remains(tmp_path / "out"))

    assert [str(path) in told for path, told in zip((shut, mine), named, strict=True)] == [True, True]


def test_an_export_that_is_still_written_is_not_called_left(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    words = ("export", item, "-o", local.files / "out")
    held = local.start(*words, driver=("-c", LATE))
    os.waitid(os.P_PID, held.pid, os.WSTOPPED)

    assert "did not end" not in local(*words).err

    os.kill(held.pid, signal.SIGCONT)
    finished(held, code=3)


LATE = """
import os, signal, sys
import cli
from archiver.archive import Archive
record = Archive.record
def late(*given, **named):
    os.kill(os.getpid(), signal.SIGSTOP)
    return record(*given, **named)
Archive.record = late
cli.main(sys.argv[1:])
"""
"""The program, held up when all is written and nothing recorded yet."""


@pytest.mark.parametrize("flag", ["prisoner-of-war", "personal-data"])
def test_a_flag_that_is_set_while_the_export_is_written_still_counts(local: Desk, flag: str) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    process = local.start("export", item, "-o", local.files / "out", driver=("-c", LATE))
    os.waitpid(process.pid, os.WUNTRACED)
    flagged(local, item, flag)
    process.send_signal(signal.SIGCONT)

    finished(process, code=3)

    assert {path.name for path in local.files.iterdir()} == {"a.jpg"}
    assert disclosures(local, item) == []


def test_a_flag_of_another_item_that_is_named_counts_too_while_the_export_is_written(local: Desk) -> None:
    item, other = (local.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2))
    claim = local("claim", other, "He said his name", "--by", "A stringer", "--json").json["number"]
    local("claim", item, "He said nothing", "--by", "Kyiv", "--contradicts", claim, "--basis", "x")
    process = local.start("export", item, "-o", local.files / "out", driver=("-c", LATE))
    os.waitpid(process.pid, os.WUNTRACED)
    flagged(local, other, "source-identifiable")
    process.send_signal(signal.SIGCONT)

    (refused,) = finished(process, code=3)

    assert "repeat the command" in refused.err
    assert not (local.files / "out").exists()
    local("export", item, "-o", local.files / "out")


@pytest.mark.parametrize(("flag", "profile"), [("prisoner-of-war", "partner"), ("graphic-violence", "public")])
def test_the_original_of_a_flagged_item_is_exported_for_who_read_the_flag(
    on_catalogue: Desk, flag: str, profile: str
) -> None:
    desk, out = on_catalogue, on_catalogue.files / "out"
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    number = flagged(desk, item, flag)
    before = desk.counts()
    for to in (profile, "court"):
        refused = desk("export", item, "-o", out, "--profile", to, code=3)
        for words in (item, flag, "D. Editor", f"#{number}", "he is held by soldiers", "--acknowledge-sensitive"):
            assert words in refused.err
    assert desk.counts() == before
    assert not out.exists()

    desk("export", item, "-o", desk.files / "records", "--profile", profile, "--records-only")
    desk("export", item, "-o", out, "--profile", profile, "--acknowledge-sensitive")

    assert (out / "data/originals" / f"{item}.jpg").exists()
    assert [left["bytes_included"] for left in disclosures(desk, item)] == [False, True]


def test_an_original_that_stays_takes_no_word(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    flagged(local, item, "personal-data")

    local("export", item, "-o", local.files / "out", "--profile", "partner")

    assert not (local.files / "out" / "data/originals").exists()


def test_what_may_be_the_same_picture_waits_for_a_decision(on_catalogue: Desk) -> None:
    desk = on_catalogue
    one, copy, other = (desk.take(f"{n}.jpg", drawing.jpeg(drawing.photo(n))) for n in (1, 2, 3))
    record(desk, copies(copy, one, RelationState.CONFIRMED), copies(copy, other, RelationState.SUGGESTED))
    desk("export", one, "-o", desk.files / "free")
    flagged(desk, other, "prisoner-of-war")
    record(desk, Sharing(item=other, tlp=TrafficLight.RED, by="D. Editor", basis="a source asked for it"))

    for profile, words in (("public", "prisoner-of-war"), ("partner", "TLP:RED")):
        for item in (one, copy):
            refused = desk("export", item, "-o", desk.files / "out", "--profile", profile, code=3)
            assert all(each in refused.err for each in (item, copy, other, words, "`archiver review`"))
    assert not (desk.files / "out").exists()
    desk("export", one, "-o", desk.files / "court", "--profile", "court")
    desk("relate", copy, other, "--type", "not-related", "--by", "Ida", "--basis", "another man")
    desk("export", one, "-o", desk.files / "decided")


@pytest.mark.parametrize("flag", SensitivityFlag)
def test_the_bytes_of_a_flagged_item_take_a_word(local: Desk, flag: SensitivityFlag) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    copy = local.take("b.jpg", drawing.jpeg(drawing.photo(1), quality=40))
    record(local, copies(copy, item, RelationState.CONFIRMED))
    flagged(local, item, flag)

    for each in (item, copy):
        for target in (local.files / "out.jpg", "-"):
            refused = local("get", each, "-o", target, code=3)
            assert all(words in refused.err for words in (flag, "D. Editor", "he is held by soldiers", "--acknowledge"))
            assert refused.out == ""
        assert not (local.files / "out.jpg").exists()
        local("get", each, "-o", local.files / "out.jpg", "--acknowledge-sensitive", "--overwrite")
        (local.files / "out.jpg").unlink()
