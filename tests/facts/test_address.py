"""Addresses in one spelling: alike what leads to one page, apart what may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.facts.address import one_spelling

ALIKE = [
    ("HTTPS://Example.ORG/a", "http://example.org/a"),
    ("https://www.example.org/a/", "https://example.org/a"),
    ("https://m.example.org/a", "https://example.org/a"),
    ("https://example.org:443/a", "https://example.org/a"),
    ("https://example.org/a?utm_source=x&id=7&fbclid=9", "https://example.org/a?id=7"),
    ("https://example.org/a?b=1&a=2", "https://example.org/a?a=2&b=1"),
    ("https://example.org/%7euser/%e2%82%ac", "https://example.org/~user/%E2%82%AC"),
    ("https://example.org/a#top", "https://example.org/a"),
]
APART = [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a?id=7", "https://example.org/a?id=8"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://example.org/#!/status/1", "https://example.org/#!/status/2"),
    ("https://example.org/a", "https://example.com/a"),
    ("https://m.uk/a", "https://uk/a"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_one_page_has_one_spelling(one: str, other: str) -> None:
    assert one_spelling(one) == one_spelling(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_may_be_another_page_keeps_its_own(one: str, other: str) -> None:
    assert one_spelling(one) != one_spelling(other)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_has_a_spelling(text: str) -> None:
    assert isinstance(one_spelling(text), str)
    assert isinstance(one_spelling(f"https://example.org/{text}"), str)


@pytest.mark.parametrize("text", ["no address", "https://[::1", "http://example.org:99999/a", "mailto:a@example.org"])
def test_what_is_no_address_is_left_as_it_is(text: str) -> None:
    assert one_spelling(f" {text} ") == text
