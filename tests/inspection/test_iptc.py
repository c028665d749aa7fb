"""Captions are read in the set of characters that the file states, and none of them is lost."""

from __future__ import annotations

import hashlib

import pytest

from archiver.inspection import iptc
from tests.inspection.composed import data_set


@pytest.mark.parametrize(
    ("declared", "value", "expected"),
    [
        (b"\x1b%G", "Київ".encode(), "Київ"),
        (b"", "Київ".encode(), "Київ"),
        (b"\x1b.A", "Köln".encode("latin-1"), "Köln"),
        (b"", "Köln".encode("latin-1"), "K\\xf6ln"),
        (b"\x1b?X", b"\xff\xfe\x00", "\\xff\\xfe\\x00"),
    ],
)
def test_captions_are_read_in_the_set_that_the_file_states(declared: bytes, value: bytes, expected: str) -> None:
    content = (data_set(1, 90, declared) if declared else b"") + data_set(2, 90, value)
    found, why = iptc.data_sets(content)
    assert (found["2:90 City"], why) == ([expected], "")


def test_repeated_binary_and_unknown_data_sets_are_kept() -> None:
    content = data_set(2, 25, b"a") + data_set(2, 0, b"\x00\x04") + data_set(2, 25, b"b") + data_set(9, 9, b"x")
    content += bytes((0x1C, 2, 202, 0x80, 2, 0, 3)) + b"abc"
    found, why = iptc.data_sets(content + b"\x00")
    assert why == ""
    assert found["2:25 Keywords"] == ["a", "b"]
    assert found["2:0 Record Version"] == [4]
    assert found["9:9"] == ["x"]
    assert found["2:202 ObjectData Preview Data"] == [{"bytes": 3, "sha256": hashlib.sha256(b"abc").hexdigest()}]
