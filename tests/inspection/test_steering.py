"""Text that steers or marks up is kept as it is and told by its tag, and ordinary text is no finding."""

from __future__ import annotations

import time

import pytest

from archiver.inspection import steering
from tests.inspection import composed
from tests.inspection.claimed import codes, said


@pytest.mark.parametrize("text", ["\x1b[2J", "\u202egpj.exe", "\x9b31m", "a\u2066b"])
def test_text_that_steers_is_kept_and_told_by_its_tag(text: str) -> None:
    content = composed.png(composed.chunk(b"iTXt", b"Title\x00\x00\x00\x00\x00" + text.encode()))
    found = said(content)
    assert found["metadata"]["PNG"]["Title"] == text
    (finding,) = found["findings"]
    assert finding["code"] == "steering-text"
    assert finding["detail"].startswith("PNG: Title: U+")
    assert text not in finding["detail"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '<b onclick="x">', "<IMG SRC=x>", 'javascript:alert("x")', "<iframe src=x>"]
)
def test_markup_in_a_text_is_kept_and_told_by_its_tag(text: str) -> None:
    block = composed.resource(0x0404, composed.data_set(2, 105, text.encode()))
    found = said(composed.jpeg(composed.segment(0xED, b"Photoshop 3.0\x00" + block)))
    assert found["metadata"]["IPTC"]["2:105 Headline"] == [text]
    assert [(each["code"], each["detail"]) for each in found["findings"]] == [
        ("markup-in-text", "IPTC: 2:105 Headline")
    ]


@pytest.mark.parametrize(
    "text", ["a < b > c", "Ada <ada@example.org>", "on time = soon", "Zeile\r\nnoch eine\t", "5 x 7 <3"]
)
def test_ordinary_text_is_no_finding(text: str) -> None:
    assert codes(composed.jpeg(composed.segment(0xFE, text.encode()))) == []


@pytest.mark.parametrize(
    "text",
    [
        "<" * 4000,
        "<" + " " * 4000,
        ("<" + " " * 30 + "/" + " " * 60) * 40,
        "<a " + "on" * 2000,
        ("<a " + "onabc " * 83) * 8,
    ],
)
def test_looking_for_markup_takes_no_longer_for_being_led_on(text: str) -> None:
    began = time.process_time()
    assert steering.findings({"PNG": {f"{number}": text for number in range(60)}}) == []
    assert time.process_time() - began < 1
