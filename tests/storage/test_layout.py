"""Names are made in one way, and read back in that way only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import layout
from storage.digest import Digest
from storage.errors import InvalidName

DIGESTS = st.binary(min_size=32, max_size=32).map(Digest)
SEQUENCES = st.integers(0, layout.MOST_EVENTS - 1)
SEGMENTS = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True)


def test_the_names_are_those_of_the_design() -> None:
    digest = Digest.of(b"abc")
    assert layout.object_name(digest) == f"objects/sha256/ba/78/{digest}"
    assert layout.batch_name(12) == "log/events/000000000012.json"
    assert layout.FORMAT == "format.json"


@given(DIGESTS)
def test_an_objects_name_gives_its_digest_back(digest: Digest) -> None:
    name = layout.object_name(digest)
    assert layout.check_name(name) == name
    assert layout.digest_of(name) == digest
    assert layout.first_sequence_of(name) is None


@given(SEQUENCES, SEQUENCES)
def test_a_batchs_name_gives_its_number_back_and_sorts_by_it(one: int, other: int) -> None:
    name = layout.batch_name(one)
    assert layout.check_name(name) == name
    assert layout.first_sequence_of(name) == one
    assert layout.digest_of(name) is None
    assert (name < layout.batch_name(other)) == (one < other)


@pytest.mark.parametrize("number", [-1, layout.MOST_EVENTS])
def test_a_number_that_would_break_the_order_gets_no_name(number: int) -> None:
    with pytest.raises(InvalidName):
        layout.batch_name(number)


def test_an_object_in_the_wrong_directory_is_not_taken_for_one() -> None:
    digest = Digest.of(b"abc")
    assert layout.digest_of(f"objects/sha256/ba/79/{digest}") is None
    assert layout.digest_of(f"objects/sha256/ba/78/{str(digest).upper()}") is None
    assert layout.digest_of(f"objects/sha256/ba/78/{digest}\n") is None
    assert layout.first_sequence_of("log/events/12.json") is None
    assert layout.first_sequence_of("log/events/٠٠٠٠٠٠٠٠٠٠١٢.json") is None


@given(st.lists(SEGMENTS, min_size=1, max_size=6).map("/".join))
def test_plain_relative_names_are_names(name: str) -> None:
    assert layout.check_name(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/..",
        "../a",
        "a/../b",
        ".hidden",
        "a/.hidden",
        "a b",
        "a\\b",
        "a\n",
        "a\x00",
        "ä",
        "a:b",
        "a*",
        "x" * 201,
        "/".join(["x" * 100] * 6),
    ],
)
def test_what_could_lead_elsewhere_or_does_not_fit_everywhere_is_no_name(text: str) -> None:
    assert not layout.is_name(text)
    with pytest.raises(InvalidName):
        layout.check_name(text)


ALGORITHMS = st.from_regex(r"[a-z0-9]{1,12}-[0-9]{1,3}(:[a-z0-9.-]{1,12}){0,6}", fullmatch=True)


@given(ALGORITHMS, st.integers(0, layout.MOST_PACKS - 1))
def test_a_packs_name_gives_its_algorithm_and_its_number_back(algorithm: str, number: int) -> None:
    name = layout.pack_name(algorithm, number)
    assert layout.check_name(name) == name
    assert name.startswith(layout.features_prefix(algorithm))
    assert layout.pack_of(name) == (algorithm, number)
    assert layout.digest_of(name) is None
    assert layout.first_sequence_of(name) is None


@pytest.mark.parametrize(
    "algorithm", ["", "a_b-1", "A-1", "a-1:", "a-1:x=y", "a-1:x/../y", "../x-1", "a", "a-1:" + "x" * 300]
)
def test_what_is_no_algorithms_name_makes_no_prefix(algorithm: str) -> None:
    with pytest.raises(InvalidName):
        layout.features_prefix(algorithm)


@pytest.mark.parametrize("number", [-1, layout.MOST_PACKS])
def test_a_number_that_no_pack_can_have_makes_no_name(number: int) -> None:
    with pytest.raises(InvalidName):
        layout.pack_name("a-1", number)


def test_other_names_are_not_taken_for_packs() -> None:
    number = "0" * 12
    assert layout.pack_of(f"derived/features/a-1/{Digest.of(b'abc')}.bin") is None
    assert layout.pack_of(f"derived/features/a-1/{number}.BIN") is None
    assert layout.pack_of(f"derived/features/a-1:x/{number}.bin") is None
    assert layout.pack_of(f"derived/features/a-1/x/{number}.bin") is None
    assert layout.pack_of(f"derived/features/a-1/{number}.bin\n") is None


AUTHORITIES = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,4}", fullmatch=True)


@given(
    st.integers(0, 10**12 - 1),
    AUTHORITIES,
    st.integers(1, 999),
    st.sampled_from([*layout.STAMP_PARTS, *layout.STAMP_REVOCATION]),
)
def test_a_stamps_name_gives_all_of_it_back(size: int, authority: str, number: int, part: str) -> None:
    name = layout.stamp_name(size, authority, number, part)
    assert layout.check_name(name) == name
    assert name.startswith(layout.TIMESTAMPS)
    assert layout.stamp_of(name) == (size, authority, number, part)
    assert layout.first_sequence_of(name) is None


@pytest.mark.parametrize(
    ("size", "authority", "number", "part"),
    [
        (-1, "a", 1, "tsr"),
        (10**12, "a", 1, "tsr"),
        (1, "", 1, "tsr"),
        (1, "A", 1, "tsr"),
        (1, "a--b", 1, "tsr"),
        (1, "a.b", 1, "tsr"),
        (1, "../a", 1, "tsr"),
        (1, "a" * 61, 1, "tsr"),
        (1, "a", 0, "tsr"),
        (1, "a", 1000, "tsr"),
        (1, "a", 1, "exe"),
    ],
)
def test_what_is_no_stamp_makes_no_name(size: int, authority: str, number: int, part: str) -> None:
    with pytest.raises(InvalidName):
        layout.stamp_name(size, authority, number, part)


def test_other_names_are_not_taken_for_stamps() -> None:
    assert layout.stamp_of("log/timestamps/000000000001/a.01.tsr") is None
    assert layout.stamp_of("log/timestamps/1/a.1.tsr") is None
    assert layout.stamp_of("log/timestamps/000000000001/a.1.tsr\n") is None
    assert layout.stamp_of(f"log/timestamps/000000000001/{'a' * 61}.1.tsr") is None


@given(DIGESTS, st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join))
def test_what_is_kept_aside_says_what_it_is_and_where_it_stood(digest: Digest, name: str) -> None:
    aside = layout.quarantine_name(name, digest)
    assert layout.check_name(aside) == aside
    assert layout.quarantined_of(aside) == (name, digest)
    assert layout.digest_of(aside) is None
    assert layout.quarantined_of(name) is None or name.startswith(layout.QUARANTINE)
