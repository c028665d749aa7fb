"""What a second, closer look at a query was refused is said: an answer never claims a comparison that was not made."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from archiver.commands.find_folder import find_folder
from archiver.errors import InspectionError
from archiver.finding import WANTED, Depth
from archiver.fingerprint import pdq
from archiver.inspection.inspector import FreshInspector
from archiver.inspection.limits import Limits
from archiver.inspection.wanted import ORDINARY, Wanted
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.found import Found
    from archiver.inspection.report import Report
    from tests.archive.desk import Desk


@dataclass
class Once:
    """An inspector that looks at a file once; a second look meets a bound on pixels, or nobody to ask."""

    gone: bool

    def inspect(self, path: Path, wanted: Wanted = ORDINARY) -> Report:
        """As ``FreshInspector`` does, the first time."""
        if wanted == WANTED:
            return FreshInspector().inspect(path, wanted)
        if self.gone:
            raise InspectionError("there is nobody to ask")
        return FreshInspector(Limits(pixels=1)).inspect(path, wanted)

    def describe(self) -> str:
        """Who looks."""
        return "once"


def ask(desk: Desk, depth: Depth, *, gone: bool) -> list[Found]:
    """The answers for two files, of which the archive holds none."""
    folder = desk.file("asked/a.png", drawing.png(drawing.photo(7))).parent
    desk.file("asked/b.png", drawing.png(drawing.photo(8)))
    archive = desk.archive()
    try:
        answers = list(find_folder(archive, folder, inspector=lambda _: nullcontext(Once(gone)), depth=depth, jobs=1))
    finally:
        archive.close()
    assert not [answer.error for answer in answers if answer.error]
    return [answer.found for answer in answers if answer.found is not None]


@pytest.mark.parametrize("gone", [False, True])
def test_a_query_that_cannot_be_looked_at_larger_is_said_not_to_be_searched_in_part(local: Desk, *, gone: bool) -> None:
    local.take("held.png", drawing.png(drawing.photo(1)))

    answers = ask(local, Depth.DEEP, gone=gone)

    assert [found.in_part for found in answers] == [None, None]
    why = "there is nobody to ask" if gone else r"the query did not decode when it was looked at larger \(.*pixels.*\)"
    for found in answers:
        assert re.fullmatch(f"parts of pictures were not searched: {why}", found.note)


@pytest.mark.parametrize("gone", [False, True])
def test_a_query_that_cannot_be_looked_at_for_pdq_is_said_not_to_be_compared_by_it(local: Desk, *, gone: bool) -> None:
    bits, quality = pdq.pdq(pdq.as_read(drawing.photo(7)))
    listed = local.file("t.txt", f"{bits},{quality}\n".encode())
    local("fingerprints", "import", listed, "--list", "HMA", "--format", "pdq")

    answers = ask(local, Depth.FAST, gone=gone)

    why = "there is nobody to ask" if gone else ".*pixels.*"
    for found in answers:
        assert not found.listed
        assert re.fullmatch(f"not compared with lists by PDQ: {why}", found.note)
