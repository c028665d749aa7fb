"""A checkpoint is the C2SP format: a real log's checkpoint verifies, and ours do not bend."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody import note
from archiver.custody.checkpoint import Checkpoint, parse_and_verify
from archiver.custody.errors import Malformed, NoteUnverified
from archiver.custody.keys import SigningKey, VerifyKey
from archiver.custody.note import Verifier
from archiver.errors import LogError

# A checkpoint that the public Sigstore log published in 2026, with a witness's cosignature, and the log's key from
# Sigstore's trusted root: data, restated.
SIGSTORE = Verifier(
    "log2025-1.rekor.sigstore.dev", VerifyKey.from_base64("t8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=")
)
PUBLISHED = (
    "log2025-1.rekor.sigstore.dev\n139911860\nEliTHtnx44DhEBH+5qIXBtQsSpc54Avam7mIYEvxnTA=\n\n"
    "— log2025-1.rekor.sigstore.dev "
    "zxGZFcOra4Y7QpuiQen+CmnUvDZbxSXfBOXJzL+HKIeR9aC58QTfao58ABqkhVyBhQDseS+TZdDNpcnZhoRxkh7IbQ0=\n"
    "— witness.stagemole.eu "
    "Z/euoAAAAABqxF18wrJCADsJ1G5Lc2JaRjZqqBwjpNqH24yQse4iJ4rKS6b5MtvHP+IbKYXwaWuWokdGA+BubLFi+TrwK7xpKr6XBw==\n"
)

KEY = SigningKey.generate()
ORIGINS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1)
CHECKPOINTS = st.builds(Checkpoint, ORIGINS, st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32))


def test_a_real_logs_checkpoint_verifies_and_its_witness_is_ignored() -> None:
    checkpoint = parse_and_verify(PUBLISHED, SIGSTORE)
    assert (checkpoint.origin, checkpoint.size) == ("log2025-1.rekor.sigstore.dev", 139911860)
    assert checkpoint.root.hex().startswith("1258931ed9f1e380")


@given(CHECKPOINTS)
def test_signing_and_reading_are_a_round_trip(checkpoint: Checkpoint) -> None:
    signed = checkpoint.sign(KEY)
    assert parse_and_verify(signed, Verifier(checkpoint.origin, KEY.public)) == checkpoint
    assert Checkpoint.parse(str(checkpoint)) == checkpoint


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_of_a_signed_checkpoint_can_be_changed(place: int, mask: int) -> None:
    signed = Checkpoint("archive.example/desk", 1234, bytes(range(32))).sign(KEY)
    changed = bytearray(signed.encode())
    changed[place % len(changed)] ^= mask
    with pytest.raises(LogError):
        parse_and_verify(changed.decode("utf-8", "surrogateescape"), Verifier("archive.example/desk", KEY.public))


def test_a_checkpoint_by_another_key_is_not_believed() -> None:
    signed = Checkpoint("archive.example/desk", 1, bytes(32)).sign(SigningKey.generate())
    with pytest.raises(NoteUnverified):
        parse_and_verify(signed, Verifier("archive.example/desk", KEY.public))
    with pytest.raises(NoteUnverified):
        parse_and_verify(signed)


ROOT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize(
    "text",
    [
        f"o\n1\n{ROOT}",
        f"o\n\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        "o\n1\n",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n1 \n{ROOT}\n",
        f"o\n\N{ARABIC-INDIC DIGIT ONE}\n{ROOT}\n",
        f"o\n{10**18}\n{ROOT}\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-2]}B=\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT}\n\nx\n",
    ],
)
def test_what_is_no_checkpoint_is_refused_though_it_is_signed(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)
    if text.endswith("\n"):
        with pytest.raises(Malformed):
            parse_and_verify(note.sign(text, "o", KEY), Verifier("o", KEY.public))


def test_extension_lines_are_allowed_and_mean_nothing() -> None:
    assert Checkpoint.parse(f"o\n1\n{ROOT}\nsomething\n") == Checkpoint("o", 1, bytes(32))


@pytest.mark.parametrize(
    ("origin", "size", "root"), [("", 1, bytes(32)), ("a\nb", 1, bytes(32)), ("o", -1, bytes(32)), ("o", 1, bytes(31))]
)
def test_an_impossible_checkpoint_cannot_be_made(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(Malformed):
        Checkpoint(origin, size, root)


def test_an_origin_that_cannot_name_a_key_is_not_signed() -> None:
    with pytest.raises(Malformed):
        Checkpoint("two words", 0, bytes(32)).sign(KEY)
