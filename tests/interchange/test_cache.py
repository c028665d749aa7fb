"""A cache of a list is used only while it is whole and of that list; the search in it is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.fingerprint.algorithm import CURRENT, PDQ
from archiver.fingerprint.perceptual import distance
from archiver.interchange import within as searching
from archiver.interchange.cache import gather, opened
from archiver.interchange.lines import Entry
from archiver.interchange.within import within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST = "ab" * 32
HEX = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")


def some(count: int) -> list[Entry]:
    chance = np.random.default_rng(count)
    return [
        Entry(
            line=number + 2,
            algorithm=PDQ if number % 3 == 0 else CURRENT,
            bits=chance.bytes(32).hex(),
            quality=None if number % 5 == 0 else number % 101,
            label=f"=cmd()\n{number}" if number % 2 else None,
            item="cd" * 32 if number % 7 == 0 else None,
        )
        for number in range(count)
    ]


def test_every_line_comes_back_under_its_algorithm(tmp_path: Path) -> None:
    entries = some(100)
    assert gather(tmp_path, LIST, entries) == {PDQ: 34, CURRENT: 66}
    for algorithm in (PDQ, CURRENT):
        cached = opened(tmp_path, LIST, algorithm)
        assert cached is not None
        back = [
            Entry(line, algorithm, cached.bits[row].tobytes().hex(), None if quality == 255 else quality, label, item)
            for row, quality in enumerate(cached.quality.tolist())
            for line, label, item in [cached.told(row)]
        ]
        assert back == [entry for entry in entries if entry.algorithm is algorithm]


def test_another_list_or_algorithm_or_none_has_no_cache(tmp_path: Path) -> None:
    gather(tmp_path, LIST, [entry for entry in some(9) if entry.algorithm is PDQ])
    assert opened(tmp_path, LIST, PDQ) is not None
    assert opened(tmp_path, LIST, CURRENT) is None
    assert opened(tmp_path, "ff" * 32, PDQ) is None
    (made,) = tmp_path.iterdir()
    made.rename(made.with_name(made.name.replace(LIST, "ff" * 32)))
    assert opened(tmp_path, "ff" * 32, PDQ) is None  # moved there: it names the list that it was made of


@pytest.mark.parametrize("at", [0, 5, 100, 511, 512, 600, -1])
def test_one_changed_byte_or_a_missing_end_makes_it_no_cache(at: int, tmp_path: Path) -> None:
    gather(tmp_path, LIST, [entry for entry in some(30) if entry.algorithm is PDQ])
    (made,) = tmp_path.iterdir()
    whole = made.read_bytes()
    changed = bytearray(whole)
    changed[at] ^= 0x80
    for damaged in (bytes(changed), whole[:at], whole + b"x", b""):
        made.write_bytes(damaged)
        assert opened(tmp_path, LIST, PDQ) is None
    made.write_bytes(whole)
    assert opened(tmp_path, LIST, PDQ) is not None


def test_a_list_that_is_refused_at_its_end_leaves_nothing_behind(tmp_path: Path) -> None:
    def ending_badly() -> Iterator[Entry]:
        yield from some(5)
        raise ValueError("the last line")

    with pytest.raises(ValueError, match="the last line"):
        gather(tmp_path, LIST, ending_badly())
    assert list(tmp_path.iterdir()) == []


@given(st.lists(HEX, min_size=1, max_size=30), st.lists(HEX, min_size=1, max_size=3), st.integers(0, 140))
def test_the_search_finds_just_what_comparing_every_pair_finds(held: list[str], asked: list[str], radius: int) -> None:
    bits = np.frombuffer(bytes.fromhex("".join(held)), ">u8").reshape(-1, 4)
    variants = {str(place): each for place, each in enumerate(asked)}
    expected = {
        row: min((distance(each, other), name) for name, each in variants.items())
        for row, other in enumerate(held)
        if min(distance(each, other) for each in asked) <= radius
    }
    assert within(bits, variants, radius) == expected


def test_the_search_goes_on_behind_its_first_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_ROWS", 7)
    entries = some(50)
    bits = np.frombuffer(bytes.fromhex("".join(each.bits for each in entries)), ">u8").reshape(-1, 4)
    for row in (0, 6, 7, 48, 49):
        assert within(bits, {"upright": entries[row].bits}, 30) == {row: (0, "upright")}
