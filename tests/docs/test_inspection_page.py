"""``docs/inspection.md`` tells every finding as the program does; ``UPDATE_DOCS=1`` writes its table anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

from archiver.commands.inspect import Inspected
from archiver.facts.findings import MEANINGS, FindingCode, Weight, codes_of
from archiver.facts.inspection import Inspection
from archiver.facts.vocabulary import DecodeStatus

PAGE = Path(__file__).parents[2] / "docs" / "inspection.md"
BEGIN, END = "<!-- findings: made from archiver/facts/findings.py -->\n", "<!-- end of findings -->\n"


def _table() -> str:
    lines = ["| finding | weight | means | does not mean |", "|---|---|---|---|"]
    for weight in Weight:
        for code in codes_of(weight):
            meaning = MEANINGS[code]
            lines.append(f"| `{code}` | {weight} | {meaning.means} | {meaning.does_not_mean} |")
    return "\n".join(lines) + "\n"


def test_every_finding_is_told_with_what_it_means_and_what_it_does_not() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"{before}{BEGIN}{_table()}{END}{after}"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made


def test_every_code_has_a_meaning_that_says_what_it_is_not() -> None:
    assert MEANINGS.keys() == set(FindingCode)
    for meaning in MEANINGS.values():
        assert meaning.means.endswith(".")
        assert meaning.does_not_mean.startswith("Not ")
        assert "|" not in meaning.means + meaning.does_not_mean


def test_every_field_of_the_answer_is_documented() -> None:
    page = PAGE.read_text(encoding="utf-8")
    documented = {
        name
        for line in page.partition("## JSON")[2].partition("## Looking again")[0].splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    told = Inspected(
        "x",
        "inspected",
        inspection=Inspection(item="0" * 64, media_type="image/jpeg", decode=DecodeStatus.OK, inspector="x"),
    )
    failed = Inspected("x", "failed", error="gone", hint="look")

    assert documented == told.to_json().keys() | failed.to_json().keys()
