"""An XMP packet says each property by its path, and no packet whatever harms who reads it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection import xmp
from tests.inspection import composed
from tests.inspection.claimed import said

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:mm="http://ns.adobe.com/xap/1.0/mm/" '
    'xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:own="urn:own"'
)

LANGUAGES = '<rdf:li xml:lang="x-default">a</rdf:li><rdf:li xml:lang="de">b</rdf:li>'
STEPS = (
    '<rdf:li stEvt:action="saved" stEvt:when="x"/>'
    '<rdf:li rdf:parseType="Resource"><stEvt:action>cropped</stEvt:action></rdf:li>'
)
FIELDS = "<own:a>1</own:a><own:b><rdf:Bag><rdf:li>2</rdf:li></rdf:Bag></own:b>"


def described(body: str, attributes: str = "") -> Mapping[str, str]:
    packet = f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" {attributes}>{body}</rdf:Description></rdf:RDF>'
    found, why = xmp.properties(packet.encode())
    assert why == ""
    return found


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        ("", 'xmp:CreatorTool="a"', {"xmp:CreatorTool": "a"}),
        ("<xmp:CreatorTool>a</xmp:CreatorTool>", "", {"xmp:CreatorTool": "a"}),
        ('<own:link rdf:resource="urn:x"/>', "", {"own:link": "urn:x"}),
        (
            "<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li><rdf:li>Марія</rdf:li></rdf:Seq></dc:creator>",
            "",
            {"dc:creator[1]": "Ada", "dc:creator[2]": "Марія"},
        ),
        (
            f"<dc:title><rdf:Alt>{LANGUAGES}</rdf:Alt></dc:title>",
            "",
            {"dc:title[x-default]": "a", "dc:title[de]": "b"},
        ),
        (
            f"<mm:History><rdf:Seq>{STEPS}</rdf:Seq></mm:History>",
            "",
            {
                "xmpMM:History[1]/stEvt:action": "saved",
                "xmpMM:History[1]/stEvt:when": "x",
                "xmpMM:History[2]/stEvt:action": "cropped",
            },
        ),
        (
            f"<own:part><rdf:Description>{FIELDS}</rdf:Description></own:part>",
            "",
            {"own:part/own:a": "1", "own:part/own:b[1]": "2"},
        ),
        (
            '<own:part><rdf:Description rdf:value="1" own:unit="m"/></own:part>',
            "",
            {"own:part": "1", "own:part/own:unit": "m"},
        ),
        ("<own:a>1</own:a><own:a>2</own:a>", "", {"own:a": "1", "own:a #2": "2"}),
        ('<x:a xmlns:x="http://ns.adobe.com/xap/1.0/">1</x:a>', "", {"xmp:a": "1"}),
        ('<dc:a xmlns:dc="urn:pretends">1</dc:a>', "", {"{urn:pretends}a": "1"}),
        ("<own:a>&lt;script&gt; &#x202e;</own:a>", "", {"own:a": "<script> \u202e"}),
    ],
)
def test_properties_are_named_by_their_path(body: str, attributes: str, expected: dict[str, str]) -> None:
    assert described(body, attributes) == expected


def test_utf_16_is_read_and_padding_is_none() -> None:
    packet = composed.XMP.decode("utf-8").replace("\ufeff", "")
    assert xmp.properties(packet.encode("utf-16"))[0] == {"xmp:CreatorTool": "a darkroom"}
    assert xmp.properties(composed.XMP + b" " * 2000 + b"\x00") == ({"xmp:CreatorTool": "a darkroom"}, "")
    assert xmp.properties(b"  \n\x00") == ({}, "")


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!DOCTYPE a [" + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9)) + "]>",
    ],
)
def test_a_document_type_ends_the_reading(declared: str) -> None:
    began = time.process_time()
    found, why = xmp.properties((declared + composed.XMP.decode()[50:]).encode())
    assert (found, why) == ({}, "it declares a document type")
    assert time.process_time() - began < 0.5


def test_what_was_read_before_the_damage_counts_and_the_packet_is_kept_as_text() -> None:
    damaged = composed.XMP.replace(b"</rdf:RDF>", b"<own:<>\xff\x1b")
    content = composed.jpeg(composed.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + damaged))
    found = said(content)
    assert found["metadata"]["XMP"]["xmp:CreatorTool"] == "a darkroom"
    assert "\\xff\x1b" in found["metadata"]["XMP"]["packet"]
    assert [finding["code"] for finding in found["findings"]] == ["metadata-unread", "steering-text"]


@pytest.mark.parametrize(
    "packet",
    [
        b"<a>" * 100_000,
        b"<rdf:RDF " + NAMESPACES.encode() + b"><rdf:Description>" + b"<own:a>1</own:a>" * 100_000,
        b"<a " + b" ".join(b"a%d='x'" % number for number in range(100_000)) + b">",
        b"<a b='" + b"&amp;" * 1_000_000 + b"'/>",
    ],
)
def test_a_packet_made_to_be_long_costs_little(packet: bytes) -> None:
    began = time.process_time()
    found, why = xmp.properties(packet)
    assert time.process_time() - began < 2
    assert len(found) <= 5_000
    assert why or not found


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.integers(0, len(composed.XMP)))
def test_no_packet_whatever_raises(noise: bytes, at: int) -> None:
    found, _ = xmp.properties(composed.XMP[:at] + noise + composed.XMP[at:])
    json.dumps(found).encode("ascii")
