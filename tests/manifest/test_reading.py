"""What is written as a manifest is read back as it was, and what cannot be told apart is refused as a whole."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import InputRefused
from archiver.manifest.columns import CLAIM_COLUMNS, COLUMNS, Format
from archiver.manifest.entry import Entry
from archiver.manifest.lines import lines
from archiver.manifest.manifest import Manifest, Refused
from archiver.manifest.objects import object_lines, read_objects
from archiver.manifest.row import row_of
from archiver.manifest.table import DELIMITERS, read_table, table_lines
from archiver.manifest.targets import Targets
from archiver.provenance import Provenance

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40).filter(
    lambda text: bool(text.strip())
)
NAMES = sorted([*COLUMNS, *CLAIM_COLUMNS, "claim_2", "claim_2_kind", "claim_17"])
CELLS = st.dictionaries(st.sampled_from(NAMES), TEXTS, min_size=1, max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(-(10**9), 10**9), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=5
)
OBJECTS = st.dictionaries(st.sampled_from(sorted(set(COLUMNS) - {"tags", "sensitivity"})), TEXTS, min_size=1) | (
    st.fixed_dictionaries({"path": TEXTS, "claims": VALUES, "tags": st.lists(TEXTS, min_size=1)})
)
HEADER = "path,url,caption"


def numbered(rows: list[dict[str, Any]], first: int) -> list[Entry]:
    return [Entry(number, cells) for number, cells in enumerate(rows, start=first)]


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_a_table_is_read_back_as_it_was_written(rows: list[dict[str, str]]) -> None:
    entries = numbered(rows, 2)
    names = ["path", *(name for name in NAMES if name != "path")]

    assert list(read_table(table_lines(names, entries))) == entries


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_it_is_so_through_bytes_with_a_mark_and_the_line_ends_of_other_systems(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    rows = [{name: " ".join(text.split()) for name, text in cells.items()} for cells in rows]
    path = tmp_path_factory.mktemp("written") / "rows.csv"
    text = "".join(table_lines(NAMES, numbered(rows, 2)))
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert list(read_table(lines(path))) == numbered(rows, 2)


@given(st.lists(OBJECTS, min_size=1, max_size=5))
def test_objects_are_read_back_as_they_were_written(rows: list[dict[str, Any]]) -> None:
    entries = numbered(rows, 1)

    assert list(read_objects(object_lines(entries))) == entries


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_cells_are_separated_by_what_the_spreadsheet_of_that_country_writes(delimiter: str) -> None:
    text = [HEADER.replace(",", delimiter) + "\n", delimiter.join(('"a,b;c.jpg"', "https://x", '"say ""hi"""')) + "\n"]

    (entry,) = read_table(text)

    assert entry.cells == {"path": "a,b;c.jpg", "url": "https://x", "caption": 'say "hi"'}


def test_rows_have_the_numbers_of_a_spreadsheet_and_empty_ones_are_none() -> None:
    text = ["\n", HEADER + "\n", "a.jpg,,\n", ",,\n", '"b.jpg","","two\n', 'lines"\n', "\n", "c.jpg,,\n"]

    assert [(entry.number, entry.cells["path"]) for entry in read_table(text)] == [
        (3, "a.jpg"),
        (5, "b.jpg"),
        (7, "c.jpg"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pth,url\n", "'pth' is no column (did you mean 'path'?)"),
        ("path,Source Kind\n", "(did you mean 'source_kind'?)"),
        ("path,path\n", "the column 'path' is there twice"),
        ("caption,note\n", "no column path, item or url"),
        ("path,claims\n", "(did you mean 'claim'?)"),
        ("path,claim_1\n", "'claim_1' is no column"),
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        ('path,caption\na.jpg,"not closed\nb.jpg,x\n', "row 2"),
        ('path,caption\na.jpg,"closed" too early\n', "row 2"),
    ],
)
def test_a_table_whose_columns_or_rows_are_not_certain_is_refused_as_a_whole(text: str, told: str) -> None:
    with pytest.raises(InputRefused) as refused:
        list(read_table(text.splitlines(keepends=True)))

    assert told in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"path,caption\na.jpg,caf\xe9\n", "line 2 holds bytes that are no UTF-8 (0xe9 at byte 10)"),
        ("path,caption\n".encode("utf-16"), "UTF-16"),
        (b"path\n" + b"x" * (2**22 + 1), "longer than"),
        (b"path\n", "has no rows"),
    ],
)
def test_what_is_no_text_of_this_kind_is_refused_as_a_whole(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(content)

    with pytest.raises(InputRefused, match="the manifest") as refused:
        Manifest.open(path)

    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "no JSON object"),
        ("[1]", "it is a list"),
        ('{"path": "a", "path": "b"}', "'path' is there twice"),
        ('{"path": "a", "captoin": "b"}', "did you mean 'caption'"),
        ('{"path": 1}', "column path: holds a number"),
        ('{"path": "a", "tags": [1]}', "column tags"),
        ('{"path": "a", "caption": NaN}', "NaN"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_line_that_is_no_row_is_that_rows_failure_alone(line: str, told: str) -> None:
    good = '{"path": "good.jpg"}\n'

    before, wrong, after = read_objects([good, line + "\n", good])

    assert told in wrong.error
    assert (before.number, wrong.number, after.number) == (1, 2, 3)
    assert before.cells == after.cells == {"path": "good.jpg"}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"url": "https://x", "claim": "y"}, "column claims: is about a picture"),
        ({"path": "a", "item": "abcd"}, "column item: is filled, and so is path"),
        ({"caption": "a"}, "column path: is empty"),
        ({"item": "xyz"}, "column item"),
        ({"path": "a", "source_kind": "ngo"}, "column source_kind: is filled, and source is empty"),
        ({"path": "a", "source": "b", "source_kind": "agency"}, "did you mean news-agency"),
        ({"path": "a", "published": "27.12.2024"}, "column published"),
        ({"path": "a", "published": "2024-02-30"}, "column published"),
        ({"path": "a", "observed": "2024-12-27"}, "column observed"),
        ({"path": "a", "observed": "2024-12-27T09:00"}, "column observed"),
        ({"path": "a", "account": "frontline"}, "column account"),
        ({"path": "a", "caption": "b", "language": "english!"}, "column language"),
        ({"path": "a", "tags": "captive"}, "column tags"),
        ({"path": "a", "sensitivity": "detainee"}, "column sensitivity: is filled, and sensitivity_basis is empty"),
        ({"path": "a", "tlp": "TLP:RED"}, "column tlp: is filled, and tlp_basis is empty"),
        ({"path": "a", "tlp": "TLP:PINK", "tlp_basis": "x"}, "column tlp"),
        ({"path": "a", "availability": "live"}, "column availability"),
        ({"path": "a", "claim_kind": "event"}, "column claim: is empty"),
        ({"path": "a", "claim_2": "x", "claim_2_value": "1000"}, "column claim_2_value"),
        ({"path": "a", "claims": [{"text": "x", "kind": "rumour"}]}, "column claims[1].kind"),
        ({"path": "a", "claims": [{"txt": "x"}]}, "column claims[1]"),
        ({"path": "a", "claims": [3]}, "column claims[1]"),
        ({"path": "a", "claims": [{"text": 3}]}, "column claims[1]"),
        ({"path": "a", "claims": [{"text": "x", "value": {"a": True}}]}, "column claims[1].value"),
        ({"path": "a", "claims": [{"text": "x", "value": {"a": 1e400}}]}, "column claims[1].value"),
        ({"path": "a", "claims": [{"text": "x", "value": {"a": 2**53}}]}, "column claims[1].value"),
        ({"path": "a", "claims": [{"text": "x", "value": {"a": [1]}}]}, "column claims[1].value"),
        ({"path": "a\0b"}, "column path"),
        ({"path": "a", "note": "x" * 100_001}, "column note"),
    ],
)
def test_a_malformed_cell_is_told_with_its_column(cells: dict[str, Any], told: str) -> None:
    with pytest.raises(InputRefused) as refused:
        row_of(Entry(2, cells), Path(), Provenance())

    assert told in str(refused.value)


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    with pytest.raises(InputRefused) as refused:
        row_of(Entry(2, {"path": "a", "published": "soon", "account": "x", "tlp": "TLP:RED"}), Path(), Provenance())

    assert all(f"column {name}:" in str(refused.value) for name in ("published", "account", "tlp"))


def test_the_same_claims_are_read_from_both_formats() -> None:
    table = {"claim": "a", "claim_kind": "event", "claim_value": "killed=1000; side=DPRK; share=0.5"}
    table |= {"claim_10": "c", "claim_2": "b", "claim_2_manner": "implied"}
    value = {"killed": 1000, "side": "DPRK", "share": 0.5}
    listed = [{"text": "a", "kind": "event", "value": value}, {"text": "b", "manner": "implied"}, "c"]

    rows = [row_of(Entry(1, {"path": "x"} | cells), Path(), Provenance()) for cells in (table, {"claims": listed})]

    assert rows[0].claims == rows[1].claims
    assert [claim.text for claim in rows[0].claims] == ["a", "b", "c"]


def test_an_option_holds_where_a_row_says_nothing_and_never_describes_what_the_row_says() -> None:
    options = Provenance(source="Yonhap", source_kind=None, collector="Ada", caption="from the options", language="ko")

    own = row_of(Entry(2, {"path": "a", "caption": "the row's own"}), Path(), options).provenance
    none = row_of(Entry(3, {"path": "a"}), Path(), options).provenance

    assert (own.source, own.collector, own.caption, own.language) == ("Yonhap", "Ada", "the row's own", None)
    assert (none.caption, none.language) == ("from the options", "ko")


def test_of_the_rows_above_only_what_is_pointed_to_is_remembered() -> None:
    targets = Targets()
    for number in range(2, 1000):
        targets.want(Entry(number, {"url": f"https://example.org/{number}", "repost_of": "https://www.example.org/1/"}))
    targets.want(Entry(1000, {"repost_of": "row:7"}))
    targets.want(Entry(1001, {"repost_of": "#12"}))

    assert (targets.rows, len(targets.addresses)) == ({7}, 1)
    assert targets.named(7, "http://example.org/1", "https://example.org/2")[0]
    assert len(targets.named(8, "http://example.org/1", "https://example.org/2")[1]) == 1


def test_rows_are_read_when_they_are_asked_for_and_no_earlier(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"path": "a.jpg"}\n' * 100, encoding="utf-8")
    manifest = Manifest.open(path)
    assert (manifest.count, manifest.layout) == (100, Format.JSONL)
    rows = manifest.rows(Provenance())
    first = list(itertools.islice(rows, 3))

    with path.open("a", encoding="utf-8") as file:  # a far longer file than one that is read at once
        file.write('{"path": "b.jpg"}\n' * 20_000)
        file.write("{\n")
    *_, last = rows

    assert [row.number for row in first] == [1, 2, 3]
    assert isinstance(last, Refused)
    assert last.number == 20_101
