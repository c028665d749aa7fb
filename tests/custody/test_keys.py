"""A signing key is a file that openssl reads, that only its owner reads, and that nothing overwrites."""

from __future__ import annotations

import os
import resource
import stat
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from archiver.custody.errors import KeyRefused
from archiver.custody.keys import SigningKey, VerifyKey

PKCS8 = PrivateFormat.PKCS8

# RFC 8032, section 7.1, test 2
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def write(path: Path, pem: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(pem)
    path.chmod(mode)
    return path


def test_the_published_signature_comes_out() -> None:
    key = SigningKey.from_seed(SEED)
    assert key.public.raw == PUBLIC
    assert key.sign(b"\x72") == SIGNATURE
    assert key.public.verify(SIGNATURE, b"\x72")
    assert not key.public.verify(SIGNATURE, b"\x73")
    assert not key.public.verify(SIGNATURE[:-1], b"\x72")


def test_a_saved_key_is_the_same_key_when_loaded(tmp_path: Path) -> None:
    key, path = SigningKey.generate(), tmp_path / "keys" / "signing.pem"
    assert key.save(path)
    assert SigningKey.load(path).public == key.public
    assert key.public.verify(SigningKey.load(path).sign(b"message"), b"message")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o377])
def test_nobody_else_can_reach_a_saved_key_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "keys" / "signing.pem"
    path.parent.mkdir(mode=0o700)
    earlier = os.umask(umask)
    try:
        SigningKey.generate().save(path)
    finally:
        os.umask(earlier)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_directory_of_keys_is_closed_to_others(tmp_path: Path) -> None:
    SigningKey.generate().save(tmp_path / "keys" / "signing.pem")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    SigningKey.generate().save(path)
    before = path.read_bytes()
    with pytest.raises(KeyRefused, match="already lies") as refused:
        SigningKey.generate().save(path)
    assert refused.value.hint
    assert path.read_bytes() == before


def test_a_key_is_not_written_through_a_dangling_link(tmp_path: Path) -> None:
    (tmp_path / "signing.pem").symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(KeyRefused):
        SigningKey.generate().save(tmp_path / "signing.pem")
    assert not (tmp_path / "elsewhere.pem").exists()


def test_a_key_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyRefused, match="no directory"):
        SigningKey.generate().save(tmp_path / "file" / "signing.pem")
    with pytest.raises(KeyRefused, match="no key can be written"):
        SigningKey.generate().save(tmp_path / ("x" * 300))


def test_a_key_that_could_not_be_written_whole_leaves_no_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))  # a real short write: the system refuses the eleventh byte
    try:
        with pytest.raises(KeyRefused, match="could not be written"):
            SigningKey.generate().save(tmp_path / "signing.pem")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o777])
def test_a_key_that_others_can_reach_is_refused_with_the_way_out(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "signing.pem"
    SigningKey.generate().save(path)
    path.chmod(mode)
    with pytest.raises(KeyRefused, match=f"{mode:04o}") as refused:
        SigningKey.load(path)
    assert f"chmod 600 {path}" in refused.value.hint
    path.chmod(0o600)
    assert SigningKey.load(path).public.raw


@pytest.mark.parametrize("other", [ec.generate_private_key(ec.SECP256R1()), x25519.X25519PrivateKey.generate()])
def test_another_kind_of_key_is_refused(tmp_path: Path, other: ec.EllipticCurvePrivateKey) -> None:
    pem = other.private_bytes(Encoding.PEM, PKCS8, NoEncryption())
    with pytest.raises(KeyRefused, match="another kind"):
        SigningKey.load(write(tmp_path / "key.pem", pem))


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    encrypted = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PKCS8, BestAvailableEncryption(b"x"))
    for content in (b"", b"no key", encrypted, b"\xff" * 100_000):
        with pytest.raises(KeyRefused, match="no unencrypted private key"):
            SigningKey.load(write(tmp_path / "key.pem", content))
    with pytest.raises(KeyRefused, match="cannot be read"):
        SigningKey.load(tmp_path / "absent.pem")
    with pytest.raises(KeyRefused, match="no regular file"):
        SigningKey.load(tmp_path)


@pytest.mark.timeout(10)
def test_a_pipe_in_the_keys_place_does_not_hold_the_program(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key.pem", 0o600)
    with pytest.raises(KeyRefused, match="no regular file"):
        SigningKey.load(tmp_path / "key.pem")


def test_a_keys_text_form_does_not_show_it() -> None:
    key = SigningKey.from_seed(SEED)
    assert repr(key) == str(key) == f"<SigningKey {sha256(PUBLIC).hexdigest()}>"


def test_a_public_key_survives_its_text_forms() -> None:
    public = SigningKey.generate().public
    assert VerifyKey.from_base64(public.base64) == public
    assert VerifyKey.from_pem(public.pem) == public


def test_the_fingerprint_is_that_of_the_32_raw_bytes() -> None:
    assert VerifyKey(PUBLIC).fingerprint == sha256(PUBLIC).hexdigest()


def test_what_is_no_public_key_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    for text in (other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), "", "-----BEGIN"):
        with pytest.raises(KeyRefused):
            VerifyKey.from_pem(text)
    for text in ("", "AA==", "!", VerifyKey(PUBLIC).base64.rstrip("=")):
        with pytest.raises(KeyRefused):
            VerifyKey.from_base64(text)
    with pytest.raises(KeyRefused):
        SigningKey.from_seed(SEED[:-1])


def test_openssl_reads_our_key_and_we_read_openssls(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.pem", tmp_path / "theirs.pem"
    key = SigningKey.generate()
    key.save(ours)
    done = subprocess.run(["openssl", "pkey", "-in", ours, "-pubout"], check=True, capture_output=True, text=True)
    assert done.stdout == key.public.pem
    raw = subprocess.run(
        ["openssl", "pkey", "-in", ours, "-pubout", "-outform", "DER"], check=True, capture_output=True
    )
    assert sha256(raw.stdout[-32:]).hexdigest() == key.public.fingerprint
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", theirs], check=True)
    theirs.chmod(0o600)
    assert SigningKey.load(theirs).sign(b"x")


def test_a_saved_key_and_the_directories_made_for_it_survive_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each name is written down in the directory above it: what is not, a power cut takes away, key and all."""
    synced: list[Path] = []
    real = os.fsync

    def seen(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", seen)
    path = tmp_path / "home" / "keys" / "signing.pem"

    SigningKey.generate().save(path)

    assert synced == [path, path.parent, tmp_path / "home", tmp_path]
    synced.clear()
    SigningKey.generate().save(path.with_name("signing-2.pem"))
    assert synced == [path.with_name("signing-2.pem"), path.parent]
