"""Words are cut once, the same for a text and for a question about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.catalogue.words import LONGEST, asked, words_of

TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("북한군 포로 Straße ПЛЕННЫЙ 無人機ドローン ทหาร हिन्दी 1,000 ক্ষ العَرَبِيَّة שָׁלוֹם -_.,:/'\"\\*()^ﬁ①"),
    ),
    max_size=40,
)


@given(TEXT)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    held = words_of(text)
    try:
        wanted = asked(text)
    except ValueError:
        assert not held
        return
    for word in wanted:
        assert word in held or (word.endswith("*") and any(each.startswith(word[:-1]) for each in held))


@given(TEXT)
def test_words_hold_nothing_that_a_query_language_reads(text: str) -> None:
    for word in words_of(text):
        assert 0 < len(word) <= LONGEST
        assert not set(word) & set(" \t\n\"'\\*()&|!:<>^-+,.;/%_")
        assert all(char.isalnum() or ord(char) > 127 for char in word)


@given(TEXT)
def test_case_and_compatibility_forms_make_no_difference(text: str) -> None:
    assert words_of(text.upper().lower()) == words_of(text.upper())


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Straße in KURSK", "STRASSE"),
        ("북한군 포로들", "포로"),
        ("북한군 포로들", "로들"),
        ("無人機を見た", "人機"),
        ("https://example.org/story/17", "example.org/story"),
        ("captured on 26 December", "captur*"),
        ("café", "cafe\u0301"),
        ("ﬁnal", "final"),
        ("हिन्दी सैनिक", "हिन्दी"),
        ("बाल\u200dक", "बालक"),
        ("যুদ্ধ", "যুদ্ধ"),
        ("العَرَبِيَّة", "العَرَبِيَّة"),
        ("약 1,000명 포로", "1000"),
        ("1.000.000 soldiers", "1000000"),
        ("about 1 000 men", "1000"),
        ("about 1\u202f000 men", "1000"),
        ("1,000 men", "1,000"),
    ],
)
def test_a_question_finds_what_a_person_means(text: str, question: str) -> None:
    held = words_of(text)
    for word in asked(question):
        assert word in held or (word.endswith("*") and any(each.startswith(word[:-1]) for each in held)), word


@pytest.mark.parametrize(
    ("text", "question"),
    [("captured", "capture"), ("1000", "100"), ("북한", "한북"), ("हिन्दी", "द"), ("हिन्दी", "ह"), ("1,0000", "10000")],
)
def test_a_part_of_a_word_is_not_the_word(text: str, question: str) -> None:
    assert not set(asked(question)) & set(words_of(text))


@pytest.mark.parametrize("text", ["", " ", "-", "_", "%", "*", "…"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no word"):
        asked(text)


def test_marks_make_no_words_of_their_own_and_cut_none() -> None:
    assert words_of("हिन्दी") == ["हिन्दी"]
    assert words_of("\u0301 - \u093f") == []
    assert words_of("\u0301a") == ["a"]
    assert words_of("漢\ufe00字") == words_of("漢字")
