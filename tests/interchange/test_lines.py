"""A list is read to the letter, and whole or not at all."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import InputRefused, UsageError
from archiver.facts.vocabulary import HashListForm
from archiver.fingerprint.algorithm import CURRENT, PDQ, PIXELS_RGBA8, Algorithm
from archiver.interchange.lines import LONGEST_LINE, Entry, entries, form_of
from archiver.interchange.written import written

if TYPE_CHECKING:
    from collections.abc import Iterable

CSV, JSONL, PLAIN = HashListForm
BITS = "0" * 8 + "5a" * 28
PROJECT = Path(__file__).parents[2]

HEX = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
ROWS = st.lists(st.tuples(HEX, st.one_of(st.none(), st.integers(0, 100)), HEX), min_size=1, max_size=8)


def read(content: bytes | str, form: HashListForm, folder: Path) -> list[Entry]:
    path = folder / "list"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(entries(path, form))


def refusal(content: bytes | str, form: HashListForm, folder: Path) -> str:
    with pytest.raises(InputRefused) as refused:
        read(content, form, folder)
    return str(refused.value)


@pytest.mark.parametrize("form", HashListForm)
@given(rows=ROWS, named=st.booleans())
def test_what_is_written_is_read_back(
    form: HashListForm,
    rows: Iterable[tuple[str, int | None, str]],
    *,
    named: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    algorithm = PDQ if form is PLAIN else CURRENT
    content = "".join(written(str(algorithm), rows, form, with_items=named))
    back = read(content, form, tmp_path_factory.mktemp("lists"))
    assert [(each.bits, each.quality, each.item) for each in back] == [
        (bits, quality, item if named and form is not PLAIN else None) for bits, quality, item in rows
    ]
    assert {each.algorithm for each in back} == {algorithm}


def test_columns_in_any_order_a_byte_order_mark_and_both_line_ends(tmp_path: Path) -> None:
    lines = f"label,Bits,ALGORITHM\r\ncase 7,{BITS.upper()},{CURRENT}\n\r\n,{BITS},{PIXELS_RGBA8}"
    assert read(b"\xef\xbb\xbf" + lines.encode(), CSV, tmp_path) == [
        Entry(2, CURRENT, BITS, label="case 7"),
        Entry(4, PIXELS_RGBA8, BITS),
    ]


def test_a_label_is_kept_to_the_letter(tmp_path: Path) -> None:
    label = '=HYPERLINK("http://x")\u202e\x1b[31m, "two"\nlines'
    quoted = label.replace('"', '""')
    in_csv = read(f'algorithm,bits,label\n{CURRENT},{BITS},"{quoted}"\n{CURRENT},{BITS},next\n', CSV, tmp_path)
    in_json = read(json.dumps({"algorithm": str(CURRENT), "bits": BITS, "label": label}), JSONL, tmp_path)
    assert [each.label for each in (*in_csv, *in_json)] == [label, "next", label]
    assert [each.line for each in in_csv] == [2, 4]  # the label has a line end of its own


def test_the_plain_form_of_the_pdq_tools(tmp_path: Path) -> None:
    lines = [f"{BITS}", f"{BITS},77", f"hash={BITS},100,photo.jpg, the second", f"{BITS},idx=4", f"{BITS},5 of 9"]
    assert read("\n".join(lines), PLAIN, tmp_path) == [
        Entry(1, PDQ, BITS),
        Entry(2, PDQ, BITS, 77),
        Entry(3, PDQ, BITS, 100, "photo.jpg, the second"),
        Entry(4, PDQ, BITS, label="idx=4"),
        Entry(5, PDQ, BITS, label="5 of 9"),
    ]


WRONG = {
    "digits lost": (f"{CURRENT},{BITS.lstrip('0')},9,,", "a spreadsheet drops leading zeros"),
    "too long": (f"{CURRENT},{BITS}00,9,,", "66 digits"),
    "no digits": (f"{CURRENT},{'5g' * 32},9,,", "not hexadecimal"),
    "a number": (f"{CURRENT},5.0E+63,9,,", "not hexadecimal"),
    "unknown": (f"phash-9:other,{BITS},9,,", "unknown fingerprint algorithm: 'phash-9:other'"),
    "no name": (f"pHash,{BITS},9,,", "no fingerprint algorithm's name: 'pHash'"),
    "nearly the name": (f" {CURRENT},{BITS},9,,", "no fingerprint algorithm's name"),
    "too good": (f"{CURRENT},{BITS},101,,", "quality '101'"),
    "negative": (f"{CURRENT},{BITS},-1,,", "quality '-1'"),
    "half": (f"{CURRENT},{BITS},4.5,,", "quality '4.5'"),
    "no item": (f"{CURRENT},{BITS},9,,abc", "no SHA-256 in full"),
    "long label": (f"{CURRENT},{BITS},9,{'x' * 501},", "at most 500 characters"),
    "NUL": (f"{CURRENT},{BITS},9,a\0b,", "no text"),
    "a cell too many": (f"{CURRENT},{BITS},9,,,", "6 cells"),
    "no bits": (f"{CURRENT},,9,,", "lacks bits"),
}


@pytest.mark.parametrize(("line", "why"), WRONG.values(), ids=WRONG)
def test_one_wrong_line_refuses_the_list_and_is_named(line: str, why: str, tmp_path: Path) -> None:
    good = f"{CURRENT},{BITS},90,,\n"
    told = refusal(f"algorithm,bits,quality,label,item\n{good}{line}\n{good}", CSV, tmp_path)
    assert "line 3 " in told
    assert why in told
    assert "nothing of it was used" in told


WRONG_JSON = [
    ("not json", "is no JSON"),
    ("[1]", "is no JSON object"),
    ("[" * 5000, "is no JSON"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","bits":"{BITS}"}}', "says one thing twice"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","path":"x"}}', "says 'path'"),
    (f'{{"algorithm":"{CURRENT}","bits":17}}', "not hexadecimal"),
    (f'{{"algorithm":["{CURRENT}"],"bits":"{BITS}"}}', "no fingerprint algorithm's name"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","quality":true}}', "quality 'True'"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","quality":NaN}}', "quality 'nan'"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","label":"\\ud800"}}', "no text"),
    (f'{{"algorithm":"{CURRENT}","bits":"{BITS}","label":7}}', "no text"),
]


@pytest.mark.parametrize(("line", "why"), WRONG_JSON, ids=range(len(WRONG_JSON)))
def test_one_wrong_object_refuses_the_list_and_is_named(line: str, why: str, tmp_path: Path) -> None:
    good = json.dumps({"algorithm": str(CURRENT), "bits": BITS, "label": None})
    told = refusal(f"{good}\n{line}\n", JSONL, tmp_path)
    assert f"line 2 {why}" in told or ("line 2 " in told and why in told)


@pytest.mark.parametrize(
    ("content", "form", "why"),
    [
        ("", CSV, "no fingerprint"),
        ("algorithm,bits\n", CSV, "no fingerprint"),
        ("\n\n", JSONL, "no fingerprint"),
        (f"{CURRENT},{BITS}\n", CSV, "names the columns"),
        ("algorithm,bits,path\n", CSV, "names the columns"),
        ("algorithm,bits,bits\n", CSV, "names the columns"),
        (f'algorithm,bits\n"{CURRENT},{BITS}\n', CSV, "no CSV"),
        (f"algorithm,bits\n{CURRENT},{BITS}\n\xff".encode("latin-1"), CSV, "line 3 of the list is no UTF-8"),
        ("x" * (LONGEST_LINE + 1), PLAIN, "line 1 of the list is longer"),
        (f"{BITS}\n{BITS[:-1]}\n", PLAIN, "line 2 has 63 digits"),
        (f"{BITS},101\n", PLAIN, "quality '101'"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes | str, form: HashListForm, why: str, tmp_path: Path) -> None:
    assert why in refusal(content, form, tmp_path)


def test_no_list_is_made_of_what_has_many_fingerprints_a_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Algorithm("parts", 1, ("of", "a", "picture"), 128, by_look=False)
    monkeypatch.setattr(Algorithm, "parse", lambda _text: parts)
    assert "line 1 is of parts-1:of:a:picture, of which no lists are made" in refusal("5a" * 16, PLAIN, tmp_path)


def test_a_refusal_names_ten_lines_and_counts_the_rest(tmp_path: Path) -> None:
    told = refusal("\n".join(["zz"] * 25), PLAIN, tmp_path)
    assert [f"line {n} " in told for n in (1, 10, 11)] == [True, True, False]
    assert "and 15 more" in told


def test_how_a_list_is_written_is_told_by_its_name_or_said() -> None:
    assert [form_of(f"a{end}", None) for end in (".csv", ".CSV", ".jsonl", ".ndjson")] == [CSV, CSV, JSONL, JSONL]
    assert form_of("a.csv", PLAIN) is PLAIN
    for name in ("-", "a.txt", "a"):
        with pytest.raises(UsageError, match="cannot be told"):
            form_of(name, None)


READ_AND_CACHE = """
import resource, sys
from pathlib import Path
from archiver.facts.vocabulary import HashListForm
from archiver.interchange.cache import gather
from archiver.interchange.lines import entries
few, many, folder = (Path(word) for word in sys.argv[1:])
gather(folder, "0" * 64, entries(few, HashListForm.CSV))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
counts = gather(folder, "1" * 64, entries(many, HashListForm.CSV))
print(sum(counts.values()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


LINES = 400_000


@pytest.mark.slow
def test_many_lines_take_no_more_memory_than_their_ends_and_qualities(tmp_path: Path) -> None:
    head = "algorithm,bits,quality,label\n"
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_text(f"{head}{CURRENT},{BITS},90,case\n")
    with many.open("w") as file:
        file.write(head)
        file.writelines(f"{CURRENT},{number * 2654435761 % 2**256:064x},90,case {number}\n" for number in range(LINES))
    words = [sys.executable, "-c", READ_AND_CACHE, str(few), str(many), str(tmp_path / "cache")]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=True)
    lines, grown = (int(word) for word in done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): bytes there, kilobytes on Linux
    assert lines == LINES
    assert grown * unit < 64 * LINES < many.stat().st_size
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
