"""What a file says is read from the bytes at the place that is told for it, in any encoding, and harms nobody."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import struct
import time
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection import claims, icc, iptc, png_text, steering, xmp
from archiver.inspection.examine import examine
from archiver.inspection.media_type import MediaType
from archiver.inspection.sniff import HEAD, sniff
from tests.inspection import composed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

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


def said(content: bytes) -> dict[str, Any]:
    media_type = sniff(content[:HEAD])
    assert media_type is not None
    return claims.read(io.BytesIO(content), media_type).said


def codes(content: bytes) -> list[str]:
    return [finding["code"] for finding in said(content)["findings"]]


def described(body: str, attributes: str = "") -> Mapping[str, str]:
    packet = f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" {attributes}>{body}</rdf:Description></rdf:RDF>'
    found, why = xmp.properties(packet.encode())
    assert why == ""
    return found


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "gif", "tiff", "heif", "avif", "jp2"])
def test_the_same_packet_says_the_same_in_every_format(form: str) -> None:
    groups = said(composed.WHOLE[form]())["metadata"]
    digest = hashlib.sha256(composed.XMP).hexdigest()
    assert groups["XMP"]["packet"]["sha256"] == digest
    assert groups["XMP"]["xmp:CreatorTool"] == "a darkroom"


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "heif", "avif", "gif", "tiff"])
def test_a_profile_says_its_name_in_every_format(form: str) -> None:
    groups = said(composed.WHOLE[form]())["metadata"]
    assert groups["ICC"]["description"] == "of this test"
    assert groups["ICC"]["profile"]["sha256"] == hashlib.sha256(composed.profile()).hexdigest()
    assert (groups["ICC"]["space"], groups["ICC"]["version"]) == ("RGB", "4.3")


@pytest.mark.parametrize("form", ["jpeg", "png", "webp", "heif", "avif"])
def test_places_lead_to_the_bytes_that_were_read(form: str) -> None:
    content = composed.WHOLE[form]()
    found = said(content)

    def cut(group: str) -> bytes:
        return b"".join(content[each["offset"] :][: each["length"]] for each in found["places"][group])

    assert cut("MakerNote") == composed.NOTE
    assert hashlib.sha256(cut("MakerNote")).hexdigest() == found["metadata"]["EXIF"]["MakerNote"]["sha256"]
    assert cut("Thumbnail").startswith(composed.THUMBNAIL)
    thumbnail = found["metadata"]["Thumbnail"]["JPEGThumbnail"]
    assert (thumbnail["width"], thumbnail["height"], thumbnail["bytes"]) == (16, 12, len(composed.THUMBNAIL))
    assert found["metadata"]["GPS"]["GPSMapDatum"] == "WGS-84"
    assert found["findings"] == []


def test_a_picture_that_nobody_can_decode_says_what_it_says_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    content = composed.whole_jpeg()
    path.write_bytes(content.partition(b"and once more")[0] + b"and once more")
    found = examine(path)
    assert found["decode"] == "undecodable"
    assert found["metadata"] == said(content)["metadata"]


def test_all_comments_are_kept() -> None:
    assert said(composed.whole_jpeg())["metadata"]["Comment"] == {
        "comment": "seen at the bridge",
        "comment 2": "and once more",
    }


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


def data_set(record: int, number: int, value: bytes) -> bytes:
    return bytes((0x1C, record, number)) + struct.pack(">H", len(value)) + value


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


@given(st.binary(max_size=200))
def test_no_captions_no_profile_and_no_text_whatever_raise(noise: bytes) -> None:
    for content in (noise, composed.IPTC + noise):
        json.dumps(iptc.data_sets(content)).encode("ascii")
    for content in (noise, composed.profile()[:132] + noise, composed.profile() + noise):
        json.dumps(icc.described(content)).encode("ascii")
    for kind in ("tEXt", "zTXt", "iTXt", "tIME"):
        with contextlib.suppress(png_text.Unreadable):
            json.dumps(png_text.text(kind, noise)).encode("ascii")


def test_old_profiles_have_their_name_too() -> None:
    old = composed.profile()[:132] + struct.pack(">4sII", b"desc", 144, 40)
    old += b"desc" + bytes(4) + struct.pack(">I", 5) + b"sRGB\x00" + bytes(30)
    assert icc.described(old)[0]["description"] == "sRGB"


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
    found = said(
        composed.jpeg(
            composed.segment(0xED, b"Photoshop 3.0\x00" + composed.resource(0x0404, data_set(2, 105, text.encode())))
        )
    )
    assert found["metadata"]["IPTC"]["2:105 Headline"] == [text]
    assert [(each["code"], each["detail"]) for each in found["findings"]] == [
        ("markup-in-text", "IPTC: 2:105 Headline")
    ]


@pytest.mark.parametrize(
    "text", ["a < b > c", "Ada <ada@example.org>", "on time = soon", "Zeile\r\nnoch eine\t", "5 x 7 <3"]
)
def test_ordinary_text_is_no_finding(text: str) -> None:
    assert codes(composed.jpeg(composed.segment(0xFE, text.encode()))) == []


def test_a_second_block_and_an_unreadable_one_are_told_with_their_place() -> None:
    block = composed.segment(0xE1, b"Exif\x00\x00" + composed.exif())
    content = composed.jpeg(block, block)
    (finding,) = (each for each in said(content)["findings"] if each["code"] == "metadata-unread")
    assert content[finding["offset"] :][: finding["length"]] == composed.exif()
    assert codes(composed.jpeg(composed.segment(0xE1, b"Exif\x00\x00no directory"))) == ["metadata-unread"]


def test_a_hundred_thousand_pages_cost_no_more_than_the_first_few() -> None:
    began = time.process_time()
    found = said(composed.long_chain(100_000))
    assert time.process_time() - began < 2
    assert "metadata-cut" in [finding["code"] for finding in found["findings"]]
    assert found["metadata"]["Image"]["ImageDescription"] == "AAAA"


def test_what_is_too_long_to_be_walked_through_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long"
    path.write_bytes(composed.whole_jpeg())
    monkeypatch.setattr(claims, "MOST_MAPPED", 1000)
    found = examine(path)
    assert [finding["code"] for finding in found["findings"]] == ["metadata-unread"]
    assert found["metadata"].keys() == {"unread"}
    assert found["decode"] == "ok"


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


def test_items_that_all_name_the_same_bytes_cost_no_more_than_some(tmp_path: Path) -> None:
    path = tmp_path / "items"
    path.write_bytes(many_items(1000, composed.XMP + b" " * (1 << 20)))
    began = time.process_time()
    found = examine(path)
    assert time.process_time() - began < 3
    assert "metadata-cut" in [finding["code"] for finding in found["findings"]]


def many_items(items: int, content: bytes) -> bytes:
    """A HEIF whose items are all XMP, each from one byte further on in the same bytes."""
    box = composed.box
    entries = b"".join(
        box(b"infe", struct.pack(">IHH4s", 2 << 24, item, 0, b"mime") + b"\x00application/rdf+xml\x00")
        for item in range(items)
    )
    iinf = box(b"iinf", struct.pack(">IH", 0, items) + entries)
    head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    length = len(head) + 8 + 4 + len(iinf) + 8 + 8 + 14 * items + 8
    places = b"".join(struct.pack(">HHHII", item, 0, 1, length + item, len(content) - item) for item in range(items))
    iloc = box(b"iloc", struct.pack(">IHH", 0, 0x4400, items) + places)
    whole = head + box(b"meta", bytes(4) + iinf + iloc) + box(b"mdat", content)
    assert whole.endswith(content)
    return whole


def test_several_pictures_are_told(tmp_path: Path) -> None:
    path = tmp_path / "animation"
    composed.picture().save(path, "WEBP", save_all=True, append_images=[composed.picture().rotate(90)])
    (finding,) = examine(path)["findings"]
    assert (finding["code"], finding["detail"]) == ("several-pictures", "2 pictures or frames")


@given(st.data(), st.sampled_from(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif", "jp2"]))
def test_no_damage_whatever_makes_the_reading_raise(data: st.DataObject, form: str) -> None:
    content = bytearray(composed.WHOLE[form]())
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4)
    ):
        content[at : at + len(value)] = value
    found = claims.read(io.BytesIO(bytes(content)), sniff(bytes(content[:HEAD])) or MediaType.JPEG).said
    assert len(json.dumps(found)) < 1 << 20
