"""Nothing of a list's cache is believed that is not what was written of that list."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.fingerprint.algorithm import CURRENT, PDQ
from archiver.interchange.cache import gather, opened
from archiver.interchange.lines import Entry
from archiver.neighbours.head import BLOCK
from archiver.neighbours.kept import Damaged
from archiver.neighbours.lanes import LANES, lanes_of
from archiver.neighbours.scan import within

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST = "ab" * 32
HEAD = 512


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
        expected = [entry for entry in entries if entry.algorithm is algorithm]
        assert [cached.told(row) for row in range(len(cached))] == expected
        assert (cached.columns.lanes_of(np.arange(len(cached))) == lanes_of([each.bits for each in expected])).all()


def test_another_list_or_algorithm_or_none_has_no_cache(tmp_path: Path) -> None:
    gather(tmp_path, LIST, [entry for entry in some(9) if entry.algorithm is PDQ])
    assert opened(tmp_path, LIST, PDQ) is not None
    assert opened(tmp_path, LIST, CURRENT) is None
    assert opened(tmp_path, "ff" * 32, PDQ) is None
    (made,) = tmp_path.iterdir()
    made.rename(made.with_name(made.name.replace(LIST, "ff" * 32)))
    assert opened(tmp_path, "ff" * 32, PDQ) is None  # moved there: it names the list that it was made of


def read(folder: Path) -> tuple[list[Entry], list[list[int]]] | None:
    """Everything that a search could read of a cache; none where some of it is not what was written."""
    cached = opened(folder, LIST, PDQ)
    if cached is None:
        return None
    try:
        return (
            [cached.told(row) for row in range(len(cached))],
            [cached.columns.span(lane, 0, len(cached)).tolist() for lane in range(LANES)],
        )
    except Damaged:
        return None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    gather(folder, LIST, [entry for entry in some(30) if entry.algorithm is PDQ])
    (made,) = folder.iterdir()
    return made


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_byte_is_changed_nothing_wrong_is_read(made: Path, data: st.DataObject) -> None:
    whole, right = made.read_bytes(), read(made.parent)
    assert right is not None
    at, to = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    try:
        made.write_bytes(whole[:at] + bytes([to]) + whole[at + 1 :])
        assert read(made.parent) in (None, right)
        assert (
            read(made.parent) is None or to == whole[at] or at < HEAD
        )  # between the words of the head, space is space
    finally:
        made.write_bytes(whole)


@pytest.mark.parametrize("at", [0, 5, 511, 512, 600, -1])
def test_a_cache_of_another_size_is_none(at: int, made: Path) -> None:
    whole = made.read_bytes()
    try:
        for damaged in (whole[:at], whole + b"x", b""):
            made.write_bytes(damaged)
            assert opened(made.parent, LIST, PDQ) is None
    finally:
        made.write_bytes(whole)


NONSENSE = [
    [],
    [1],
    "rows",
    7,
    None,
    {},
    {"rows": "many"},
    {"rows": -1},
    {"rows": 3.5},
    {"rows": True},
    {"rows": 2**70},
]


@pytest.mark.parametrize("said", NONSENSE, ids=str)
@pytest.mark.parametrize("signed", ["as it was signed", "signed anew"])
def test_a_head_of_nonsense_is_none(said: object, signed: str, made: Path) -> None:
    whole = made.read_bytes()
    head = json.loads(whole[:HEAD])
    if isinstance(said, dict):
        told = head | said
        if signed == "signed anew":
            del told["head"]
            told["head"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
        said = told
    try:
        made.write_bytes(json.dumps(said).encode().ljust(HEAD) + whole[HEAD:])
        assert opened(made.parent, LIST, PDQ) is None or said == head
    finally:
        made.write_bytes(whole)


def test_more_rows_than_a_block_are_searched_and_checked_block_by_block(tmp_path: Path) -> None:
    entries = [Entry(number + 1, PDQ, f"{number * 2**200 + 1:064x}") for number in range(BLOCK + 3)]
    gather(tmp_path, LIST, entries)
    cached = opened(tmp_path, LIST, PDQ)
    assert cached is not None
    for row in (0, BLOCK - 1, BLOCK, BLOCK + 2):
        (near,) = within(cached.columns, [(lanes_of([entries[row].bits]), 0)])
        assert [cached.told(at) for at in near.rows.tolist()] == [entries[row]]
    (file,) = tmp_path.iterdir()
    whole = bytearray(file.read_bytes())
    whole[HEAD + 2 * LANES * 8 + (BLOCK + 1) * 8] ^= 1  # the first lane, behind its first block
    file.write_bytes(whole)
    damaged = opened(tmp_path, LIST, PDQ)
    assert damaged is not None
    assert damaged.columns.lanes_of(np.arange(5)).tolist() == lanes_of([each.bits for each in entries[:5]]).tolist()
    with pytest.raises(Damaged):
        within(damaged.columns, [(lanes_of([entries[0].bits]), 0)])


def test_a_list_that_is_refused_at_its_end_leaves_nothing_behind(tmp_path: Path) -> None:
    def ending_badly() -> Iterator[Entry]:
        yield from some(5)
        raise ValueError("the last line")

    with pytest.raises(ValueError, match="the last line"):
        gather(tmp_path, LIST, ending_badly())
    assert list(tmp_path.iterdir()) == []
