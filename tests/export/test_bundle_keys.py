"""A bundle of an archive that changed its keys: a stranger follows them from the one that was told, with openssl."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody import base64text
from archiver.custody.keyring import handover
from archiver.custody.keys import SigningKey
from archiver.settings import Settings
from tests import drawing
from tests.archive.rotated import keys, rotate
from tests.export.stranger import OURS, all_files, remake, verify

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def rotated(desk: Desk, *, profile: str = "court") -> tuple[str, Path, dict[str, Any]]:
    """A picture under the first key, a claim of it under the second, its bundle under the third."""
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    rotate(desk)
    desk("claim", item, "A man stands there", "--by", "Yonhap")
    rotate(desk)
    out = desk.files / f"out-{profile}"
    done: dict[str, Any] = desk("export", item, "-o", out, "--profile", profile, "--json").json
    return item, out, done


def test_every_key_that_was_ever_told_leads_to_the_one_that_signs_the_bundle(on_catalogue: Desk) -> None:
    _, out, done = rotated(on_catalogue)
    first, second, third = (key["fingerprint"] for key in keys(on_catalogue))

    assert done["key"] == third
    assert {path.name for path in (out / "data/keys").iterdir()} == {f"{each}.pem" for each in (first, second, third)}
    told = verify(out, "--key", third, code=0)
    assert "3 keys have signed the log, one after the other" in told
    assert "It is the one that you named" in told
    for earlier in (first, second):
        assert "It took over from the one that you named" in verify(out, "--key", earlier, code=0)
    assert "ANOTHER KEY" in verify(out, "--key", SigningKey.generate().public.fingerprint, code=1)
    assert "NOT CHECKED" in verify(out, code=2)
    events = [(out / name).read_text() for name in all_files(out) if name.startswith("data/events/")]
    assert sum('"kind":"key-rotation"' in text for text in events) == 2


def test_outside_a_court_the_keys_are_followed_though_the_events_are_sealed(local: Desk) -> None:
    _, out, done = rotated(local, profile="public")

    assert done["sealed"] == done["events"]
    assert "3 keys have signed the log" in verify(out, "--key", keys(local)[0]["fingerprint"], code=0)
    assert [name for name in all_files(out) if b"Test Desk" in (out / name).read_bytes()] == []
    assert [name for name in all_files(out) if b"once a year" in (out / name).read_bytes()] == []


def test_what_is_in_doubt_is_said(local: Desk) -> None:
    item, _, _ = rotated(local)
    first = keys(local)[0]
    local("key", "retire", first["fingerprint"], "--reason", "stolen", "--since", "event:2")
    out = local.files / "later"
    local("export", item, "-o", out, "--profile", "court")

    told = verify(out, "--key", keys(local)[2]["fingerprint"], code=0)

    assert f"by whom the events 2-{first['last_event']} were signed" in told


def test_a_single_key_needs_no_chain(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    out = local.files / "out"
    done = local("export", item, "-o", out, "--profile", "court", "--json").json

    assert not (out / "data/keys.txt").exists()
    assert "keys have signed" not in verify(out, "--key", done["key"], code=0)


def test_the_crate_tells_of_the_keys(local: Desk) -> None:
    _, out, _ = rotated(local)

    assert '"keys.txt"' in (out / "data/ro-crate-metadata.json").read_text()
    assert '"keys/"' in (out / "data/ro-crate-metadata.json").read_text()


def later_than(desk: Desk, out: Path, line: str) -> str:
    """The last rotation, rightly signed by both, and at a place that the checkpoint does not reach."""
    size = int((out / "data/checkpoint.txt").read_text().splitlines()[1])
    old, new = (SigningKey.load(desk.home / key["file"]) for key in keys(desk)[1:])
    statement = handover(Settings.load(desk.home).origin, size, old.public.fingerprint, new.public.fingerprint)
    signatures = [base64text.write(key.sign(statement)) for key in (old, new)]
    return " ".join(["rotation", str(size), *line.split()[2:4], *signatures])


def chain(out: Path) -> list[str]:
    return (out / "data/keys.txt").read_text().splitlines()


@pytest.mark.attack("bundle-chain-altered")
def test_a_chain_that_the_archive_itself_alters_shows(local: Desk, tmp_path: Path) -> None:
    _, out, done = rotated(local)
    first, second, third = (key["fingerprint"] for key in keys(local))
    head, begin, one, two = chain(out)
    place = one.split()[1]
    zeros = base64text.write(bytes(64))
    attacks = {
        "behind the checkpoint": [head, begin, one, later_than(local, out, two)],
        "no first": [head, one, two],
        "no middle": [head, begin, two],
        "no end": [head, begin, one],
        "turned round": [head, begin, two, one],
        "another place": [head, begin, one.replace(f" {place} ", f" {int(place) + 1} "), two],
        "before what it replaces": [head, begin, one, two.replace(f" {two.split()[1]} ", " 0 ")],
        "not endorsed": [head, begin, one.replace(one.split()[4], zeros), two],
        "not possessed": [head, begin, one.replace(one.split()[5], zeros), two],
        "a line of another kind": [head, begin, one, two, "trust me"],
        "a second first": [head, begin, f"first {second}", one, two],
        "not begun": [head],
        "a key twice": [head, begin, one, two, f"rotation 99 {third} {first} {zeros} {zeros}"],
    }
    for name, lines in attacks.items():
        altered = tmp_path / "altered"
        shutil.copytree(out, altered)
        (altered / "data/keys.txt").write_text("\n".join(lines) + "\n")
        remake(altered, local.key)
        assert "WRONG" in verify(altered, "--key", done["key"], script=OURS, code=1), name
        shutil.rmtree(altered)


@pytest.mark.attack("bundle-old-key-signs")
def test_an_event_that_an_old_key_signed_too_late_shows(local: Desk) -> None:
    """As if the second rotation had been earlier: the claim stands behind it, and the second key signed it."""
    _, out, done = rotated(local)
    head, begin, one, two = chain(out)
    ring = keys(local)
    old, new = (SigningKey.load(local.home / ring[number]["file"]) for number in (1, 2))
    earlier = ring[1]["first_event"]
    statement = handover(Settings.load(local.home).origin, earlier, old.public.fingerprint, new.public.fingerprint)
    signatures = " ".join(base64text.write(key.sign(statement)) for key in (old, new))
    moved = f"rotation {earlier} {old.public.fingerprint} {new.public.fingerprint} {signatures}"
    assert moved != two
    (out / "data/keys.txt").write_text(f"{head}\n{begin}\n{one}\n{moved}\n")
    remake(out, new)

    assert "its key was not in force there" in verify(out, "--key", done["key"], code=1)


@pytest.mark.attack("bundle-chain-to-thief")
def test_a_thief_cannot_lead_from_the_archives_key_to_his_own(local: Desk) -> None:
    _, out, done = rotated(local)
    thief, third = SigningKey.generate(), done["key"]
    statement = handover(Settings.load(local.home).origin, 99, third, thief.public.fingerprint)
    own = base64text.write(thief.sign(statement))
    line = f"rotation 99 {third} {thief.public.fingerprint} {own} {own}"
    (out / "data/keys.txt").write_text("\n".join([*chain(out), line]) + "\n")
    (out / f"data/keys/{thief.public.fingerprint}.pem").write_text(thief.public.pem)
    (out / "data/key.pem").write_text(thief.public.pem)
    listed = (out / "files.sha256").read_text()
    (out / "files.sha256").write_text(listed.replace(f"# key {third}", f"# key {thief.public.fingerprint}"))
    remake(out, thief)

    told = verify(out, "--key", third, script=OURS, code=1)

    assert f"the key {third} did not sign that the key is exchanged" in told
