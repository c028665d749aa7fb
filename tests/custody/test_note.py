"""A signed note is the C2SP format: published vectors, and nothing that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody import base64text, note
from archiver.custody.errors import KeyRefused, Malformed, NoteUnverified
from archiver.custody.keys import SigningKey
from archiver.custody.note import Verifier
from archiver.errors import LogError

# Published with Go's sumdb/note (its signer key is public on purpose): data, restated.
SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105 - published
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
NOTE = f"{TEXT}\n{BY_PETER}"

KEY = SigningKey.from_seed(base64text.read(SECRET)[1:])
PETERS, ENOCHS = Verifier.parse(PETER), Verifier.parse(ENOCH)


def test_the_published_note_comes_out_byte_for_byte() -> None:
    assert note.sign(TEXT, "PeterNeumann", KEY) == NOTE


def test_the_published_verifier_keys_are_read_and_written() -> None:
    assert str(PETERS) == PETER
    assert str(ENOCHS) == ENOCH
    assert PETERS.key == KEY.public


def test_the_published_note_opens_with_either_or_both_keys() -> None:
    both = f"{TEXT}\n{BY_PETER}{BY_ENOCH}"
    for verifiers in ([PETERS], [ENOCHS], [PETERS, ENOCHS]):
        assert note.verified_text(both, verifiers) == TEXT


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    for verifiers in ([], [ENOCHS], [Verifier("PeterNeumann", ENOCHS.key)], [Verifier("Peter", PETERS.key)]):
        with pytest.raises(NoteUnverified, match="no known key"):
            note.verified_text(NOTE, verifiers)


def test_a_wrong_signature_by_a_known_key_refuses_the_note_even_beside_a_right_one() -> None:
    wrong = note.sign("Another text.\n", "PeterNeumann", KEY).split("\n\n")[1]
    for lines in (wrong, BY_ENOCH + wrong, BY_PETER + wrong, wrong + BY_PETER):
        with pytest.raises(NoteUnverified, match="PeterNeumann does not belong"):
            note.verified_text(f"{TEXT}\n{lines}", [PETERS, ENOCHS])


def test_sixteen_foreign_signatures_are_ignored_and_a_flood_is_refused() -> None:
    assert note.verified_text(f"{TEXT}\n{BY_ENOCH * 16}{BY_PETER}", [PETERS]) == TEXT
    with pytest.raises(Malformed):
        note.verified_text(f"{TEXT}\n{BY_ENOCH * 100}{BY_PETER}", [PETERS])


def test_the_text_reaches_to_the_last_blank_line() -> None:
    text = "a\n\nb\n"
    assert note.verified_text(note.sign(text, "n", KEY), [Verifier("n", KEY.public)]) == text


@pytest.mark.parametrize(
    "signed",
    [
        TEXT,
        f"{TEXT}\n",
        NOTE[:-1],
        f"{NOTE}\n",
        f"{NOTE}Unexpected line.\n",
        f"\x01{NOTE}",
        f"\ud800{NOTE}",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("— ", "- "),
        NOTE.replace("PeterNeumann", "Peter Neumann"),
        NOTE.replace("PeterNeumann", "Peter+Neumann"),
        NOTE.replace("PeterNeumann", "Peter\N{NO-BREAK SPACE}Neumann"),
        NOTE.replace("PeterNeumann ", ""),
        f"{TEXT}\n{BY_PETER[:60]}!{BY_PETER[61:]}",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        "",
    ],
)
def test_what_is_no_signed_note_is_refused(signed: str) -> None:
    with pytest.raises(Malformed):
        note.verified_text(signed, [PETERS])


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_note_can_be_changed(place: int, mask: int) -> None:
    changed = bytearray(NOTE.encode())
    changed[place] ^= mask
    with pytest.raises(LogError):
        note.verified_text(changed.decode("utf-8", "surrogateescape"), [PETERS])


@given(st.integers(0, len(PETER) - 1), st.characters(exclude_categories=["Cs"]))
def test_no_character_of_a_verifier_key_can_be_changed(place: int, char: str) -> None:
    changed = PETER[:place] + char + PETER[place + 1 :]
    if changed != PETER:
        with pytest.raises((Malformed, KeyRefused)):
            Verifier.parse(changed)


def test_a_text_or_name_that_no_note_can_carry_is_not_signed() -> None:
    for text in ("", "no newline", "tab\t\n", "\udfff\n"):
        with pytest.raises(Malformed):
            note.sign(text, "n", KEY)
    for name in ("", "a b", "a+b", "a\u2003b", "a\nb", "\udfff"):
        with pytest.raises(Malformed):
            note.sign(TEXT, name, KEY)
