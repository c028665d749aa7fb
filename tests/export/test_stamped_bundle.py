"""Time stamps in a bundle: what they prove to a stranger, and every way of exchanging, forging or losing one."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import bagit
import pytest

from archiver.custody.keys import SigningKey
from archiver.custody.merkle import consistency_proof, root
from tests import drawing
from tests.archive.desk import Desk
from tests.export.stranger import OURS, all_files, forge, remake, restamp, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.authority import Authority

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


@dataclass(frozen=True)
class Handed:
    """A bundle of one picture whose log and list are stamped, and what a stranger was told on another way."""

    desk: Desk
    item: str
    folder: Path
    key: str
    authority: Authority

    def check(self, folder: Path, code: int) -> str:
        """Check by a script from elsewhere, with the key's fingerprint and the authority's root."""
        return verify(folder, "--key", self.key, "--roots", str(self.authority.root), script=OURS, code=code)

    def signs(self) -> SigningKey:
        """The archive's own key: for what the archive itself could do."""
        return self.desk.key


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, make_authority: Callable[..., Authority]) -> Handed:
    """Made once; nobody alters it."""
    base = tmp_path_factory.mktemp("stamped")
    (base / "files").mkdir()
    desk = Desk(base / "home", "file:store", "sqlite:catalogue.db", base / "files").make()
    authority = make_authority(revocation=True, intermediate=True)
    authority.settings(desk.home)
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--claim", "A man stands there")
    desk("stamp")
    for number in range(3):
        desk("claim", item, f"Another claim, {number}", "--by", "Kyiv")
    out = desk.files / "out"
    done = desk("export", item, "-o", out, "--profile", "court", "--stamp", "--json").json
    return Handed(desk, item, out, done["key"], authority)


@pytest.fixture
def handed(once: Handed, tmp_path: Path) -> Handed:
    """A copy, to be altered."""
    shutil.copytree(once.folder, tmp_path / "copy")
    return Handed(once.desk, once.item, tmp_path / "copy", once.key, once.authority)


def alter(path: Path) -> None:
    """A bit in the middle; of a response at its end, in the signature: before that it may hold spare certificates."""
    content = bytearray(path.read_bytes())
    content[-9 if path.suffix == ".tsr" else len(content) // 2] ^= 1
    path.write_bytes(content)


def stamps(folder: Path) -> list[str]:
    return [name for name in all_files(folder) if name.startswith(("data/stamps/", "stamped."))]


def test_a_stranger_learns_by_when_the_events_and_the_list_existed(handed: Handed) -> None:
    told = handed.check(handed.folder, code=0)

    last = max(int(path.stem) for path in (handed.folder / "data/events").iterdir())
    assert f"Event #{last} and all before it existed at 20" in told
    assert "This list of files, with its signature, existed at 20" in told
    assert "as tsa says, whose root you named" in told
    assert "no time stamp" not in told
    assert bagit.Bag(str(handed.folder)).validate()
    named = {name.rpartition(".")[2] for name in stamps(handed.folder)}
    assert named == {"note", "tsq", "tsr", "pem", "crl", "proof"}


def test_without_a_root_from_elsewhere_nobody_is_said_to_vouch_for_the_time(handed: Handed) -> None:
    told = verify(handed.folder, "--key", handed.key, code=0)

    assert "the root in the bundle is not trusted by you" in told
    assert "whose root you named" not in told
    (end,) = [line for line in told.splitlines() if "existed: no time stamp of an authority that you named" in line]
    assert f"{len(list((handed.folder / 'data/events').iterdir()))} of the events" in end


def test_the_root_of_somebody_else_is_a_fault(handed: Handed, authority: Authority) -> None:
    told = verify(handed.folder, "--key", handed.key, "--roots", str(authority.root), code=1)

    assert "no time stamp here leads to a root that you named" in told


def test_every_part_of_a_stamp_that_is_altered_on_the_way_is_found(handed: Handed, tmp_path: Path) -> None:
    assert len(stamps(handed.folder)) == 10
    for name in stamps(handed.folder):
        altered = tmp_path / "altered"
        shutil.copytree(handed.folder, altered)
        alter(altered / name)
        remake(altered)
        assert "WRONG" in handed.check(altered, code=1), name
        shutil.rmtree(altered)


@pytest.mark.parametrize("part", ["note", "tsq", "tsr", "pem", "proof", "crl"])
@pytest.mark.attack("bundle-stamp-altered")
def test_every_part_that_the_archive_itself_alters_is_found(handed: Handed, part: str) -> None:
    (name,) = [each for each in stamps(handed.folder) if each.startswith("data/") and each.endswith(part)]
    alter(handed.folder / name)

    remake(handed.folder, handed.signs())

    told = handed.check(handed.folder, code=1)
    assert "signature of files.sha256" not in told
    assert "data/stamps/tsa." in told


@pytest.mark.parametrize("part", ["note", "tsq", "tsr", "pem", "proof"])
@pytest.mark.attack("bundle-stamp-torn")
def test_a_stamp_of_which_the_archive_leaves_a_part_out_is_found(handed: Handed, part: str) -> None:
    (name,) = [each for each in stamps(handed.folder) if each.startswith("data/") and each.endswith(part)]
    (handed.folder / name).unlink()

    remake(handed.folder, handed.signs())

    assert "WRONG" in handed.check(handed.folder, code=1)


@pytest.mark.attack("bundle-stamp-exchanged")
def test_a_stamp_of_something_else_in_its_place_is_found(handed: Handed) -> None:
    base = next(each for each in stamps(handed.folder) if each.endswith(".note")).removesuffix("note")
    for part in ("tsq", "tsr"):
        shutil.copy(handed.folder / f"stamped.tsa.{part}", handed.folder / f"{base}{part}")

    remake(handed.folder, handed.signs())

    assert "it is no time stamp over" in handed.check(handed.folder, code=1)


@pytest.mark.attack("bundle-list-resigned")
def test_a_list_that_was_signed_anew_is_not_the_one_that_was_stamped(handed: Handed) -> None:
    report = handed.folder / "data/report.html"
    report.write_text(report.read_text().replace("A man stands there", "A man lies there"))

    remake(handed.folder, handed.signs())

    told = handed.check(handed.folder, code=1)
    assert "stamped.tsa does not hold: it is no time stamp over tagmanifest-sha256.txt" in told
    assert told.count("WRONG") == 2  # that one, and the count: everything else was signed anew


@pytest.mark.attack("bundle-log-rewritten")
def test_a_log_that_was_written_anew_with_the_same_key_is_not_the_one_that_was_stamped(handed: Handed) -> None:
    forge(handed.folder, handed.signs())
    for path in handed.folder.glob("stamped.*"):
        path.unlink()

    told = handed.check(handed.folder, code=1)

    assert "the log here did not grow from this" in told


@pytest.mark.attack("bundle-made-anew-stamped")
def test_all_made_anew_and_stamped_by_an_authority_of_ones_own_is_found_by_key_and_root(
    handed: Handed, authority: Authority
) -> None:
    thief = SigningKey.generate()
    shutil.rmtree(handed.folder / "data/stamps")
    forge(handed.folder, thief)
    restamp(handed.folder, authority)

    verify(handed.folder, "--key", thief.public.fingerprint, "--roots", str(authority.root), code=0)
    told = handed.check(handed.folder, code=1)

    assert "ANOTHER KEY" in told
    assert "no time stamp here leads to a root that you named" in told


@pytest.mark.attack("bundle-stamp-missing")
def test_a_stamp_that_was_taken_away_on_the_way_is_missed(handed: Handed) -> None:
    for path in handed.folder.glob("stamped.*"):
        path.unlink()

    told = handed.check(handed.folder, code=0)

    assert "when the list was made, by tsa: the archive asked for that stamp, and it is not here" in told
    assert "This list of files" not in told


@pytest.mark.parametrize("part", ["tsq", "tsr", "pem"])
def test_half_a_stamp_over_the_list_is_found(handed: Handed, part: str) -> None:
    (handed.folder / f"stamped.tsa.{part}").unlink()

    assert "WRONG" in handed.check(handed.folder, code=1)


@pytest.mark.attack("bundle-no-stamp")
def test_a_file_that_calls_itself_a_stamp_and_is_none_is_found(handed: Handed) -> None:
    (handed.folder / "stamped.planted.tsr").write_bytes(b"x")

    assert "stamped.planted is no whole time stamp" in handed.check(handed.folder, code=1)


@pytest.mark.attack("bundle-stamped-again")
def test_who_gets_a_bundle_may_have_it_stamped_once_more(handed: Handed, authority: Authority) -> None:
    restamp(handed.folder, authority, "court")

    assert "as court would say" in handed.check(handed.folder, code=0)
    assert "as court says" in verify(handed.folder, "--roots", str(authority.root), code=2)


@pytest.mark.attack("bundle-certificate-revoked")
def test_a_certificate_that_was_revoked_when_it_stamped_is_found_though_the_archive_signs_it(
    handed: Handed, make_authority: Callable[..., Authority]
) -> None:
    bad = make_authority(revocation=True)
    restamp(handed.folder, bad)
    bad.revoke()
    (handed.folder / "stamped.tsa.crl").write_bytes(bad.revocations(pem=True))

    told = verify(handed.folder, "--key", handed.key, "--roots", str(bad.root), code=1)

    assert "or the certificate was revoked" in told


def test_a_chain_that_begins_with_another_certificate_than_the_signers_hides_no_revoked_one(handed: Handed) -> None:
    path = handed.folder / "stamped.tsa.pem"
    path.write_bytes((handed.authority.directory / "misused.pem").read_bytes() + path.read_bytes())

    assert "does not begin with the certificate of the signer" in handed.check(handed.folder, code=1)


def test_a_stamp_holds_after_its_certificate_ended(local: Desk, make_authority: Callable[..., Authority]) -> None:
    brief = make_authority(days=8 / 86_400, revocation=True)
    ends = time.time() + 8
    brief.settings(local.home)
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    done = local("export", item, "-o", local.files / "out", "--profile", "court", "--stamp", "--json").json
    while time.time() < ends + 1:
        time.sleep(0.2)

    told = verify(local.files / "out", "--key", done["key"], "--roots", str(brief.root), code=0)

    assert "whose root you named" in told


def test_an_authority_that_is_down_is_told_and_the_bundle_is_made_all_the_same(
    on_catalogue: Desk, authority: Authority
) -> None:
    authority.settings(on_catalogue.home)
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    from tests.servers.authority import Manner  # noqa: PLC0415 - of this fault alone

    authority.manner = Manner.UNAVAILABLE
    out = on_catalogue.files / "out"
    answer = on_catalogue("export", item, "-o", out, "--profile", "court", "--stamp", "--json", code=3)

    assert [each["outcome"] for each in answer.json["stamps"]] == ["failed", "failed"]
    assert answer.json["unstamped"] == answer.json["events"]
    told = verify(out, "--key", answer.json["key"], code=0)
    assert "NO TIME STAMP is here" in told
    assert "the archive asked for that stamp, and it is not here" in told


def test_the_tightest_and_the_newest_stamp_go_along_and_one_that_does_not_hold_stays(
    desk: Desk, authority: Authority
) -> None:
    authority.settings(desk.home)
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    sizes = []
    for number in range(4):
        sizes.append(desk("stamp", "--json").lines[0]["size"])
        desk.take(f"other{number}.jpg", drawing.jpeg(drawing.photo(number + 2)))
    desk.alter(f"log/timestamps/{sizes[3]:012d}/tsa.1.tsr", lambda data: data[:-9] + bytes(9))
    out = desk.files / "out"
    answer = desk("export", item, "-o", out, "--profile", "court", "--json")

    found = sorted({int(path.name.split(".")[1]) for path in (out / "data/stamps").iterdir()})
    assert found == [sizes[0], sizes[2]]
    assert f"{sizes[3]:012d}/tsa.1.tsr does not go along, because it does not hold" in answer.err
    assert answer.json["unstamped"] == 0
    told = verify(out, "--key", answer.json["key"], "--roots", str(authority.root), code=0)
    assert told.count("and all before it existed at") == 2


def test_to_stamp_with_no_authority_named_is_refused_before_anything_is_written(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    before = local.counts()

    refused = local("export", item, "-o", local.files / "out", "--profile", "court", "--stamp", code=2)

    assert "names no time-stamping authority" in refused.err
    assert local.counts() == before
    assert not (local.files / "out").exists()


LEAVES = [sha256(bytes([number])).digest() for number in range(40)]


def test_the_script_checks_growth_as_the_rfc_has_it() -> None:
    cases = [(first, second) for second in (*range(1, 10), 13, 16, 39, 40) for first in range(1, second + 1)]
    lines = []
    for first, second in cases:
        proof = consistency_proof(LEAVES, first, second)
        good = (root(LEAVES[:first]), root(LEAVES[:second]), proof)
        wrong = [(bytes(32), *good[1:]), (good[0], bytes(32), proof), (*good[:2], [*proof, bytes(32)])]
        if proof:
            wrong.append((*good[:2], proof[1:]))
        for old, new, hashes in (good, *wrong[(first + second) % len(wrong) :][:1]):
            lines.append(f"{first} {old.hex()} {second} {new.hex()} {' '.join(each.hex() for each in hashes)}")
    program = (
        'eval "$(sed -n "/^# bytes HEX/,/^# token DATA/p" "$1")"\n'
        'while read -r first old size root rest; do read -ra proof <<<"$rest"; '
        'grew "$first" "$old" && echo yes || echo no; done'
    )
    done = subprocess.run(
        ["bash", "-c", program, "bash", OURS], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["yes", "no"] * len(cases)


def test_a_stamp_over_a_head_that_an_earlier_key_signed_goes_along_and_holds(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    (before,) = local("stamp", "--json").lines
    local("key", "rotate", "--reason", "a year has passed")
    local("claim", item, "Said under the new key", "--by", "Kyiv")
    out = local.files / "out"
    done = local("export", item, "-o", out, "--profile", "court", "--json").json

    told = verify(out, "--key", done["key"], "--roots", str(authority.root), code=0)

    assert f"Event #{before['size'] - 1} and all before it existed at" in told
    (note,) = out.glob("data/stamps/*.note")
    newest = (out / "data/checkpoint.txt").read_text()
    assert note.read_text().splitlines()[-1].split()[-1] != newest.splitlines()[-1].split()[-1]
    note.write_text(newest)  # a head that the newest key signed, where the earlier one was in force
    remake(out, local.key)
    assert "WRONG" in verify(out, "--key", done["key"], code=1)


def test_what_a_responder_said_goes_along_and_a_stranger_checks_it_offline(
    tmp_path: Path, make_authority: Callable[..., Authority]
) -> None:
    """Kept with the stamp, checked again by ``verify``, in the bundle, and as ``VERIFY.md`` says by openssl alone."""
    (tmp_path / "files").mkdir()
    desk = Desk(tmp_path / "home", "file:store", "sqlite:catalogue.db", tmp_path / "files").make()
    authority = make_authority(status=True, intermediate=True)
    authority.settings(desk.home)
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1, (64, 48))), "--fast")
    (stamped,) = desk("stamp", "--json").lines
    authority.said = b"nobody is asked again, but for the list"
    desk.root()
    done = desk("export", item, "-o", desk.files / "out", "--profile", "court", "--json").json
    folder = desk.files / "out" / "data" / "stamps"

    (response,) = folder.glob("tsa.*.ocsp")

    told = verify(folder.parents[1], "--key", done["key"], "--roots", str(authority.root), script=OURS, code=0)
    assert "as tsa says, whose root you named" in told
    chain = response.with_suffix(".pem").read_text()
    issuer = tmp_path / "issuer.pem"
    issuer.write_text("-----BEGIN" + chain.split("-----BEGIN")[2])
    command = next(
        line for line in (folder.parents[1] / "VERIFY.md").read_text().splitlines() if "openssl ocsp" in line
    )
    meant = {"NAME.ocsp": response, "NAME.pem": response.with_suffix(".pem"), "ISSUER.pem": issuer}
    meant |= {"ROOTS.pem": authority.root, "SECONDS": Path(str(int(time.time())))}
    words = [str(meant.get(word, word)) for word in command.split()]
    asked = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "Response verify OK" in asked.stderr
    assert "good" in asked.stdout

    desk.alter(stamped["place"].removesuffix("tsr") + "ocsp", lambda data: data[:-9] + bytes(9))

    assert desk.faults() == [("stamp-refused", stamped["place"])]
