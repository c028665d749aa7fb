"""Whoever can write to a bundle on its way, or to the archive that makes it, and what a stranger sees of it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from archiver.custody.keys import SigningKey
from tests import drawing
from tests.archive.desk import Desk
from tests.export.stranger import OURS, Alike, all_files, forge, remake, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@dataclass(frozen=True)
class Two:
    """Two bundles of one archive: of one picture, before and after something more was said of it."""

    folder: Path
    later: Path
    told: str
    key: SigningKey

    def check(self, code: int = 1) -> str:
        """Check the first one, by a script from elsewhere."""
        return verify(self.folder, "--key", self.told, script=OURS, code=code)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Two:
    """Made once; nobody alters them."""
    base = tmp_path_factory.mktemp("two")
    (base / "files").mkdir()
    desk = Desk(base / "home", "file:store", "sqlite:catalogue.db", base / "files").make()
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1, (64, 48))), "--claim", "A man stands there", "--fast")
    desk("export", item, "-o", base / "first", "--profile", "court")
    desk("claim", item, "He is a soldier", "--by", "Kyiv")
    told = desk("export", item, "-o", base / "later", "--profile", "court", "--json").json["key"]
    return Two(base / "first", base / "later", told, desk.key)


@pytest.fixture
def two(made: Two, tmp_path: Path) -> Two:
    """Copies to be altered."""
    folder = shutil.copytree(made.folder, tmp_path / "bundle")
    return Two(folder, made.later, made.told, made.key)


def events(folder: Path) -> list[Path]:
    return sorted((folder / "data/events").iterdir())


def claim_in(folder: Path) -> Path:
    """The event that says what is claimed."""
    return next(path for path in events(folder) if "A man stands there" in path.read_text())


@pytest.mark.attack("bundle-file-exchanged")
def test_any_file_of_another_bundle_of_the_same_archive_in_its_place_is_found(two: Two, tmp_path: Path) -> None:
    whole = {name: (two.folder / name).read_bytes() for name in all_files(two.folder)}
    differing = [
        name for name in whole if (two.later / name).exists() and (two.later / name).read_bytes() != whole[name]
    ]
    assert {"data/checkpoint.txt", "data/record.json", "files.sha256", "files.sha256.sig"} <= set(differing)
    for name in differing:
        shutil.copy(two.later / name, two.folder / name)
        if not name.startswith(("files.sha256", "tagmanifest", "manifest")):
            remake(two.folder)
        assert "WRONG" in two.check(), name
        for each, content in whole.items():
            (two.folder / each).write_bytes(content)
    two.check(code=0)


@pytest.mark.attack("bundle-lists-exchanged")
def test_signed_lists_of_another_bundle_of_the_same_archive_are_found(two: Two) -> None:
    for name in ("files.sha256", "files.sha256.sig", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        shutil.copy(two.later / name, two.folder / name)

    two.check()


@pytest.mark.parametrize("name", ["data/checkpoint.txt", "data/events"])
@pytest.mark.attack("bundle-part-exchanged")
def test_part_of_another_bundle_that_the_archive_itself_signs_into_this_one_is_found(two: Two, name: str) -> None:
    if name == "data/events":
        shutil.copy(events(two.later)[0], events(two.folder)[0])
    else:
        shutil.copy(two.later / name, two.folder / name)
    remake(two.folder, two.key)

    two.check()


@pytest.mark.attack("bundle-event-twice")
def test_an_event_twice_under_another_number_is_found_though_the_archive_signs_it(two: Two) -> None:
    shutil.copy(events(two.folder)[0], two.folder / "data/events/000000000777.txt")
    remake(two.folder, two.key)

    assert "is not the event that its name says" in two.check()


def said_twice(text: str) -> str:
    return text.replace("\nenvelope ", "\nenvelope {}\nenvelope ")


def shown_though_erased(text: str) -> str:
    return text.replace("A man stands there", "A man lies there") + "erased\n"


def shown_behind_the_last_line(text: str) -> str:
    return text + f"shown text {'0' * 64} a lie without an end of line"


def named_as_json(text: str) -> str:
    lines = text.splitlines()
    field = next(number for number, line in enumerate(lines) if line.startswith("shown text "))
    lines[field] = lines[field].replace("shown text ", 'shown text":"0","other ')
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("lie", [said_twice, shown_though_erased, shown_behind_the_last_line, named_as_json])
@pytest.mark.attack("bundle-event-two-faced")
def test_an_event_that_shows_a_reader_other_words_than_it_proves_is_found_though_the_archive_signs_it(
    two: Two, lie: Callable[[str], str]
) -> None:
    path = claim_in(two.folder)
    path.write_text(lie(path.read_text()))
    remake(two.folder, two.key)

    assert path.name in two.check()


@pytest.mark.attack("bundle-empty-folder")
def test_a_folder_that_holds_nothing_is_named_wherever_it_lies(two: Two) -> None:
    for name in ("extra", "data/.hidden", "data/a b/c"):
        (two.folder / name).mkdir(parents=True)

    told = two.check()

    for name in ("extra", "data/.hidden", "data/a b/c"):
        assert f"WRONG: {name} is a folder that holds nothing of the bundle\n" in told
    assert "3 things are WRONG" in told
    shutil.rmtree(two.folder / "extra")
    shutil.rmtree(two.folder / "data/a b")
    assert "\n1 thing is WRONG" in two.check()


@pytest.mark.parametrize(
    "name", ["-rf", "--help", "a\nb", "$(touch owned)", "`touch owned`", "data/events/-rf", "\udcff"]
)
@pytest.mark.attack("bundle-name")
def test_a_file_with_a_name_that_a_shell_could_take_for_something_else_is_found_and_harms_nobody(
    two: Two, name: str
) -> None:
    (two.folder / name).write_bytes(b"planted")

    assert "in no list" in two.check()
    assert not (two.folder / "owned").exists()


def test_the_folder_that_is_named_is_the_one_that_is_checked(two: Two, tmp_path: Path) -> None:
    """A shell may have been told to look for folders elsewhere (CDPATH), where a sound one of that name lies."""
    shutil.copytree(two.folder, tmp_path / "sound" / "bundle")
    shutil.copytree(two.folder, tmp_path / "here" / "bundle")
    (tmp_path / "here/bundle/data/report.html").write_bytes(b"altered")
    there = {"PATH": "/usr/bin:/bin", "CDPATH": str(tmp_path / "sound")}

    for words in (["bundle/verify.sh", "--key", two.told], [str(OURS), "--key", two.told, "bundle"]):
        done = subprocess.run(
            ["bash", *words], cwd=tmp_path / "here", env=there, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "data/report.html" in done.stdout


@pytest.mark.attack("bundle-littered")
def test_what_a_file_manager_leaves_is_named_and_no_fault_and_anything_else_is(two: Two) -> None:
    littered = [".DS_Store", "data/._report.html", "data/events/Thumbs.db", "desktop.ini", "._a\n1|PROVED: all of it"]
    for name in littered:
        (two.folder / name).write_bytes(b"planted")

    told = two.check(code=0)

    assert "none was added, but for those below" in told
    left = told.partition("NOT OF THE BUNDLE, and not looked at")[2].partition("THE KEY")[0]
    assert {line.strip() for line in left.splitlines()[1:]} == {name.replace("\n", "?") for name in littered}
    (two.folder / "data/.DS_Store.html").write_bytes(b"planted")
    assert "WRONG: data/.DS_Store.html is in no list" in two.check()


@pytest.mark.parametrize(
    ("tool", "does", "said"),
    [
        ("openssl", "echo LibreSSL 3.3.6", "openssl is LibreSSL 3.3.6, not OpenSSL 3 or newer"),
        (
            "openssl",
            "echo OpenSSL 1.1.1w  11 Sep 2023",
            "openssl is OpenSSL 1.1.1w 11 Sep 2023, not OpenSSL 3 or newer",
        ),
        ("date", "exit 1", "date and sha256sum are not those of GNU coreutils"),
        ("sha256sum", "echo unknown option; exit 1", "date and sha256sum are not those of GNU coreutils"),
    ],
)
def test_another_tool_of_that_name_is_named_and_no_word_against_the_bundle(
    two: Two, tmp_path: Path, tool: str, does: str, said: str
) -> None:
    other = tmp_path / tool
    other.write_text(f"#!/bin/sh\n{does}\n")
    other.chmod(0o755)

    done = subprocess.run(
        ["bash", str(two.folder / "verify.sh"), "--key", two.told],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith(f"NOT CHECKED: {said}\n")
    assert "WRONG" not in done.stdout


@pytest.mark.parametrize("words", [["--kee"], ["--key", "abc"], ["--roots", "nowhere.pem"], ["nowhere"]])
def test_a_mistyped_command_is_no_word_against_the_bundle(two: Two, words: list[str]) -> None:
    done = subprocess.run(["bash", str(OURS), *words], cwd=two.folder, capture_output=True, text=True, check=False)

    assert done.returncode == 3
    assert done.stdout.startswith("NOT CHECKED: ")


@pytest.mark.parametrize("name", ["data/events/000000000000.txt", "data/originals", "data/extra", "data/stamps"])
@pytest.mark.attack("bundle-link")
def test_a_link_is_never_followed(two: Two, tmp_path: Path, name: str) -> None:
    path = two.folder / name
    outside = tmp_path / "outside"
    if path.is_dir():
        path.rename(outside)
    elif path.exists():
        path.unlink()
    path.symlink_to("/dev/zero" if not outside.exists() else outside)

    assert "is a link" in two.check()


@pytest.mark.attack("bundle-pipe")
def test_a_pipe_hangs_nobody(two: Two) -> None:
    path = events(two.folder)[0]
    path.unlink()
    os.mkfifo(path)

    assert "is no regular file" in two.check()


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
@pytest.mark.attack("bundle-list-shortened")
def test_a_list_of_the_bag_that_names_less_or_leads_out_is_found(two: Two, name: str) -> None:
    path = two.folder / name
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[1:]))
    assert "does not name" in two.check()
    path.write_text("".join([*lines, f"{'0' * 64}  /dev/zero\n"]))
    assert "none of its own" in two.check()


@pytest.mark.attack("bundle-script-exchanged")
def test_whoever_exchanges_the_script_itself_says_what_he_likes_and_one_from_elsewhere_tells(two: Two) -> None:
    """The honest hole: take the script from another place."""
    (two.folder / "verify.sh").write_text("echo 'PROVED, all of it.'\n")
    claim = claim_in(two.folder)
    claim.write_text(claim.read_text().replace("stands", "lies"))
    remake(two.folder)

    assert "PROVED" in verify(two.folder, "--key", two.told, code=0)
    assert "WRONG" in two.check()


@pytest.mark.attack("bundle-zip")
def test_names_in_a_zip_file_that_lead_out_or_are_links_are_found_when_it_is_unpacked(two: Two, tmp_path: Path) -> None:
    packed = tmp_path / "evil.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for name in all_files(two.folder):
            made.write(two.folder / name, f"bundle/{name}")
        made.writestr("bundle/data/../../bundle/data/planted", b"planted")
        link = zipfile.ZipInfo("bundle/data/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(packed) as got:
        got.extractall(tmp_path / "unpacked")

    told = verify(tmp_path / "unpacked/bundle", "--key", two.told, script=OURS, code=1)

    assert "data/link" in told


@pytest.mark.attack("bundle-key-alike")
def test_a_key_of_another_kind_that_ends_in_the_bytes_of_the_archives_is_found(two: Two) -> None:
    honest = SigningKey.generate()
    while honest.public.raw[-1] % 2 == 0:  # an exponent of RSA is odd
        honest = SigningKey.generate()
    told = honest.public.fingerprint
    forge(two.folder, honest)
    verify(two.folder, "--key", told, script=OURS, code=0)
    thief = Alike(honest.public)

    forge(two.folder, thief)

    signed = ("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "data/key.pem", "-rawin")
    files = ("-in", "files.sha256", "-sigfile", "files.sha256.sig")
    assert subprocess.run([*signed, *files], cwd=two.folder, capture_output=True, check=False).returncode == 0
    assert "is no Ed25519 key" in verify(two.folder, "--key", told, script=OURS, code=1)
