"""Text of a PNG is read in each of its kinds, and blocks that stand in it as digits as what they were."""

from __future__ import annotations

import time
import zlib

import pytest

from archiver.inspection import png_text
from tests.inspection import composed
from tests.inspection.claimed import codes, said


def test_text_of_png_is_read_in_each_of_its_kinds_wherever_it_stands() -> None:
    assert said(composed.whole_png())["metadata"]["PNG"] == {
        "Comment": "Grüße",
        "Software": "a program",
        "Title [de]": "Brücke",
        "tIME": "2024-12-27T14:05:00Z",
    }


def test_texts_of_one_keyword_do_not_overwrite_one_another() -> None:
    content = composed.png(*(composed.chunk(b"tEXt", b"Comment\x00" + each) for each in (b"one", b"two")))
    assert said(content)["metadata"]["PNG"] == {"Comment": "one", "Comment 2": "two"}


def raw(kind: str, content: bytes, *, compressed: bool) -> bytes:
    text = f"\n{kind}\n{len(content):8}\n{content.hex()}\n".encode()
    head = f"Raw profile type {kind}\x00".encode()
    return (
        composed.chunk(b"zTXt", head + b"\x00" + zlib.compress(text))
        if compressed
        else composed.chunk(b"tEXt", head + text)
    )


@pytest.mark.parametrize("compressed", [False, True])
def test_blocks_that_stand_in_a_png_as_digits_are_read_as_what_they_were(compressed: bool) -> None:  # noqa: FBT001 - parametrized
    blocks = {
        "exif": b"Exif\x00\x00" + composed.exif(),
        "xmp": composed.XMP,
        "iptc": composed.resource(0x0404, composed.IPTC),
        "icc": composed.profile(),
    }
    content = composed.png(*(raw(kind, block, compressed=compressed) for kind, block in blocks.items()))
    found = said(content)
    groups = found["metadata"]
    assert (found["camera"], found["findings"]) == ("Leica", [])
    assert groups["EXIF"]["MakerNote"]["bytes"] == len(composed.NOTE)
    assert groups["XMP"]["xmp:CreatorTool"] == "a darkroom"
    assert groups["IPTC"]["2:120 Caption/Abstract"] == ["на мосту"]
    assert groups["ICC"]["description"] == "of this test"
    cut = [content[each["offset"] :][: each["length"]] for each in found["places"]["PNG"]]
    assert [block.partition(b"\x00")[0].decode() for block in cut] == [f"Raw profile type {kind}" for kind in blocks]


@pytest.mark.parametrize("text", ["no length", "exif 3 00", "exif 2 zz", "exif"])
def test_digits_that_are_none_are_told(text: str) -> None:
    content = composed.png(composed.chunk(b"tEXt", b"Raw profile type exif\x00" + text.encode()))
    assert set(codes(content)) == {"metadata-unread"}


@pytest.mark.parametrize("kind", ["zTXt", "iTXt", "iCCP"])
def test_a_bomb_costs_its_bound_and_is_told(kind: str) -> None:
    bomb = zlib.compress(bytes(64 << 20), 9)
    head = {"zTXt": b"a\x00\x00", "iTXt": b"a\x00\x01\x00\x00\x00", "iCCP": b"a\x00\x00"}[kind]
    began = time.process_time()
    found = said(composed.png(composed.chunk(kind.encode(), head + bomb)))
    assert time.process_time() - began < 1
    (finding,) = found["findings"]
    assert finding["code"] == "metadata-unread"
    assert f"more than {png_text.MOST_INFLATED} bytes" in finding["detail"]
    assert "unread" in found["metadata"]["ICC" if kind == "iCCP" else "PNG"]
