"""``get``: the bytes as they were taken in, or no file at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import drawing
from tests.archive.desk import flip

if TYPE_CHECKING:
    from tests.archive.desk import Desk


def test_the_bytes_come_out_as_they_went_in(desk: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    item = desk.take("a.jpg", content)
    out = desk.files / "out.jpg"

    got = desk("get", item[:12], "-o", out, "--json").json

    assert got == {"item": item, "path": str(out), "size": len(content)}
    assert out.read_bytes() == content


def test_altered_bytes_make_no_file_and_leave_nothing_behind(on_store: Desk) -> None:
    item = on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    on_store.alter(on_store.object_of(item), lambda data: flip(data, -1))
    target = on_store.files / "target"
    target.mkdir()

    answer = on_store("get", item, "-o", target / "out.jpg", code=1)

    assert "not intact" in answer.err
    assert list(target.iterdir()) == []


def test_altered_bytes_never_replace_a_file_that_is_there(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    local.alter(local.object_of(item), lambda data: flip(data, 0))
    out = local.file("out.jpg", b"what was there")

    local("get", item, "-o", out, "--overwrite", code=1)

    assert out.read_bytes() == b"what was there"


def test_a_file_is_never_overwritten_unasked(local: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    item = local.take("a.jpg", content)
    out = local.file("out/out.jpg", b"what was there")

    local("get", item, "-o", out, code=3)
    assert out.read_bytes() == b"what was there"
    local("get", item, "-o", out.parent, code=3)
    local("get", item, "-o", local.files / "no/such/folder.jpg", code=3)

    local("get", item, "-o", out, "--overwrite")
    assert out.read_bytes() == content
    assert list(out.parent.iterdir()) == [out]
