"""A pack reads back as it was written, and whatever is none is refused, whoever wrote it."""

from __future__ import annotations

import struct
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.derived import pack
from archiver.derived.pack import Entry, InvalidPack

NAME = "rootsift-1:bits128"
ENTRIES = st.lists(
    st.builds(
        Entry,
        item=st.binary(min_size=32, max_size=32),
        features=st.binary(max_size=100),
        samples=st.sampled_from([b"", bytes(1024), b"\xff" * 1024]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entry: entry.item,
)
ONE = Entry(b"\x07" * 32, b"features", bytes(1024))
TWO = Entry(b"\x09" * 32, b"", b"")


@given(ENTRIES)
def test_reading_undoes_writing_and_items_ascend(entries: list[Entry]) -> None:
    assert pack.read(NAME, pack.write(NAME, entries)) == sorted(entries, key=lambda entry: entry.item)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_shape_the_bytes(entries: list[Entry], chance: object) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # Hypothesis hands out a random.Random
    assert pack.write(NAME, shuffled) == pack.write(NAME, entries)


def test_cut_anywhere_or_longer_by_a_byte_it_is_refused() -> None:
    whole = pack.write(NAME, [ONE, TWO])
    for length in range(len(whole)):
        with pytest.raises(InvalidPack):
            pack.read(NAME, whole[:length])
    with pytest.raises(InvalidPack, match="goes on after its end"):
        pack.read(NAME, whole + b"\0")


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused_and_never_crash(data: bytes) -> None:
    with pytest.raises(InvalidPack):
        pack.read(NAME, data)


@given(st.data())
def test_a_changed_byte_anywhere_is_refused(data: st.DataObject) -> None:
    whole = bytearray(pack.write(NAME, [ONE, TWO]))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidPack):
        pack.read(NAME, bytes(whole))


def _lying(offset: int, layout: str, value: int) -> bytes:
    data = bytearray(pack.write(NAME, [ONE, TWO]))
    struct.pack_into(layout, data, offset, value)
    return bytes(data[:-32]) + sha256(data[:-32]).digest()


ROW = 16 + len(NAME)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (_lying(0, "<I", 0), "does not begin"),
        (_lying(10, "<H", 1), "does not begin"),
        (_lying(8, "<H", 65535), "no pack of"),
        (_lying(12, "<I", 0), "1 to 4096 entries"),
        (_lying(12, "<I", 2**32 - 1), "1 to 4096 entries"),
        (_lying(12, "<I", 4096), "within its rows"),
        (_lying(ROW + 32, "<I", 2**32 - 1), "at most 65536 bytes"),
        (_lying(ROW + 32, "<I", 60000), "within its entries"),
        (_lying(ROW + 36, "<I", 1023), "no samples or 1024"),
        (_lying(ROW, "<Q", 2**64 - 1), "do not ascend"),
    ],
)
def test_numbers_that_lie_are_refused_each_for_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(InvalidPack, match=why):
        pack.read(NAME, data)


def test_a_pack_of_another_algorithm_is_refused() -> None:
    with pytest.raises(InvalidPack, match="no pack of"):
        pack.read("rootsift-2:bits128", pack.write(NAME, [ONE]))


def test_what_cannot_be_read_back_is_not_written() -> None:
    with pytest.raises(InvalidPack, match="twice"):
        pack.write(NAME, [ONE, Entry(ONE.item, b"", b"")])
    with pytest.raises(InvalidPack, match="1 to 4096"):
        pack.write(NAME, [])
    with pytest.raises(InvalidPack, match="not the name of an algorithm"):
        pack.write("a name", [ONE])
    with pytest.raises(InvalidPack, match="32 bytes"):
        Entry(b"short", b"", b"")
    with pytest.raises(InvalidPack, match="at most"):
        Entry(ONE.item, bytes(pack.LARGEST_FEATURES + 1), b"")
    with pytest.raises(InvalidPack, match="no samples or"):
        Entry(ONE.item, b"", b"12")


def test_more_than_a_pack_holds_goes_into_several_and_every_one_can_be_written() -> None:
    many = [Entry(n.to_bytes(32, "big"), b"", b"") for n in range(pack.MOST_ENTRIES + 5)]
    assert [len(group) for group in pack.in_packs(many)] == [pack.MOST_ENTRIES, 5]
    large = [Entry(n.to_bytes(32, "big"), bytes(pack.LARGEST_FEATURES), b"") for n in range(600)]
    groups = list(pack.in_packs(large))
    assert [entry for group in groups for entry in group] == large
    assert len(groups) == 2
    for group in groups:
        assert pack.read(NAME, pack.write(NAME, group)) == group
    assert list(pack.in_packs([])) == []
