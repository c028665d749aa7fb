"""What is remarkable about a file is told wherever its item is: by weight, and harmless whatever the file says."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from archiver.facts.findings import MEANINGS, FindingCode
from archiver.facts.inspection import Inspection
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

HOSTILE = "\x1b[2J\u202eevil\n<script>alert(1)</script>"


def observe(desk: Desk, item: str, *findings: dict[str, object], **more: object) -> None:
    """Have another inspection of it recorded."""
    values = {"item": item, "media_type": "image/jpeg", "decode": "ok", "findings": list(findings), "inspector": "x"}
    fact = Inspection.model_validate(values | more)
    with closing(desk.archive()) as archive:
        archive.record(lambda _: [fact])


def test_show_tells_each_by_weight_with_its_place_and_what_it_does_not_mean(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    observe(
        local,
        item,
        {"code": "jpeg-quality", "detail": "quality 85"},
        {"code": "editing-software", "detail": HOSTILE},
        {"code": "polyglot", "detail": "a ZIP archive", "offset": 12345, "length": 678},
        {"code": "of-tomorrow", "detail": "something"},
        places={"EXIF": [{"offset": 6, "length": 1200}], "Strange \x1b": [{"offset": 9, "length": 1}]},
        credentials={
            "verdict": "Valid",
            "manifests": [{"signer": {"name": "A \x1b Signer"}, "actions": ["c2pa.edited"]}],
        },
    )

    words = local("show", item).out
    shown = local.show(item)

    told = shown["findings"]
    assert [each["code"] for each in told] == ["polyglot", "editing-software", "jpeg-quality", "of-tomorrow"]
    assert [each.get("weight") for each in told] == ["grave", "notable", "slight", None]
    meaning = MEANINGS[FindingCode.POLYGLOT]
    assert told[0] == {
        "code": "polyglot",
        "weight": "grave",
        "means": meaning.means,
        "does_not_mean": meaning.does_not_mean,
        "detail": "a ZIP archive",
        "offset": 12345,
        "length": 678,
    }
    assert "  grave polyglot at byte 12,345, 678 bytes: a ZIP archive\n    The file can be read" in words
    assert "of unknown weight of-tomorrow: something" in words
    assert "EXIF: a block that nothing is told of, at byte 6, 1,200 bytes" in words
    for steering in ("\x1b", "\u202e", "evil\n"):
        assert steering not in words
    assert words.index("polyglot") < words.index("editing-software") < words.index("jpeg-quality")


def test_that_nobody_looked_is_another_thing_than_that_nothing_was_found(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    observe(local, item)
    assert local.show(item)["findings"] == []
    assert "no finding" in local("show", item).out

    observe(local, item, findings=None)
    assert local.show(item)["findings"] is None
    assert "nobody looked for any" in local("show", item).out


def test_receipts_lists_and_review_name_what_is_grave_and_notable(local: Desk) -> None:
    picture = drawing.photo(1)
    one = local.take("one.jpg", drawing.jpeg(picture, 92))
    (receipt,) = local.upload(local.file("two.png", drawing.jpeg(picture, 60)))
    observe(local, one, {"code": "jpeg-quality", "detail": "x"}, {"code": "polyglot", "detail": "y"})

    assert {"code": "type-mismatch", "weight": "notable"} in receipt["findings"]
    again = local("upload", local.files / "one.jpg").out
    assert "1 grave finding]" in again
    listed = {line["item"]: line["findings"] for line in local("list", "--json").lines}
    assert listed[one] == [{"code": "polyglot", "weight": "grave"}, {"code": "jpeg-quality", "weight": "slight"}]
    (pair,) = local("review", "--json").lines
    sides = {pair[side]["item"]: pair[side]["findings"] for side in ("item", "other")}
    assert sides[one] == listed[one]
    words = local("review", "--list").out
    assert "found in the file: grave: polyglot\n" in words
    assert "notable: type-mismatch" in words
    assert "jpeg-quality" not in words
    local("list", "--finding", "no-such-code", code=2)
