"""Whatever is altered, lost or cut off behind the archive's back is found by ``verify``, and named."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from archiver.catalogue.tables import MIRRORED, PROJECTED
from storage.digest import Digest
from tests import drawing
from tests.archive.desk import finished, flip
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.archive.desk import Desk

HARMLESS = {("batch", "published")}
"""Only says what the next command has yet to publish; to publish it again is harmless."""


def test_an_untouched_archive_is_intact(desk: Desk) -> None:
    furnish(desk)

    answer = desk("verify")

    assert answer.out.startswith("intact: 3 items, 1 list of fingerprints (")
    assert desk("verify", "--json").json["root"] in answer.out


@pytest.mark.parametrize("where", [0, 0.5, -1], ids=["first byte", "middle", "last byte"])
@pytest.mark.attack("original-altered")
def test_a_flipped_bit_in_an_object_is_found_and_the_item_named(on_store: Desk, where: float) -> None:
    item = on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    other = on_store.take("b.jpg", drawing.jpeg(drawing.photo(2)))

    on_store.alter(
        on_store.object_of(item), lambda data: flip(data, int(where * len(data)) if where > 0 else int(where))
    )

    assert on_store.faults() == [("object-corrupt", item)]
    assert item in on_store("verify", code=1).out
    assert on_store("verify", other).code == 0
    on_store("verify", item, code=1)


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data + b"\0", lambda _: b""], ids=["cut", "grown", "emptied"]
)
@pytest.mark.attack("original-another-length")
def test_an_object_of_another_length_is_found(local: Desk, change: Any) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    local.alter(local.object_of(item), change)

    assert local.faults() == [("object-corrupt", item)]


@pytest.mark.attack("original-deleted")
def test_a_deleted_object_is_found(on_store: Desk) -> None:
    item = on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    on_store.alter(on_store.object_of(item), lambda _: None)

    assert on_store.faults() == [("object-missing", item)]


def test_an_object_without_an_event_is_noted_and_no_fault(on_store: Desk) -> None:
    on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    loose = drawing.jpeg(drawing.photo(2))
    path, digest = on_store.file("loose.jpg", loose), Digest.of(loose)
    name = on_store.object_of(str(digest))
    on_store.open_store().put_file(name, path, digest=digest, size=len(loose))

    verified = on_store("verify", "--json").json

    assert verified["intact"]
    assert [(note["code"], note["subject"]) for note in verified["notes"]] == [("loose-end", name)]


def test_an_empty_archive_is_not_called_intact(desk: Desk) -> None:
    answer = desk("verify", code=1)

    assert answer.out.startswith("AMISS nothing-checked: ")
    assert "intact:" not in answer.out
    assert desk.faults() == [("nothing-checked", "archive")]


def test_an_item_that_is_not_held_is_not_called_intact(furnished: Desk) -> None:
    furnished("verify", "0" * 64, code=3)


@pytest.mark.attack("event-altered")
def test_a_flipped_bit_anywhere_in_the_published_log_is_found(furnished: Desk) -> None:
    name = furnished.batches()[0]
    whole = furnished.open_store().read(name, limit=2**30)
    text = whole.decode()
    batch = json.loads(text)
    event = batch["events"][0]
    places = {
        "body": text.index(event["body"]["host"]),
        "taken_in": text.index(event["body"]["taken_in"]) + 3,
        "actor": text.index("Test Desk"),
        "commitment": text.index(event["envelope"]["commitment"]) + 9,
        "salt": text.index(event["salt"]) + 1,
        "signature": text.index(event["signature"]) + 1,
        "checkpoint": text.index('"checkpoint":"') + 40,
        "spelling": 0,
        "end": len(whole) - 1,
        **{f"byte {n}": n for n in range(7, len(whole), len(whole) // 8)},
    }
    for what, position in places.items():
        furnished.alter(name, lambda _, position=position: flip(whole, position))  # type: ignore[misc] # a default binds the position
        faults = furnished.faults()
        assert faults, what
        last = batch["events"][-1]["envelope"]["sequence"]
        named = {name, name.rpartition("/")[2], "log", *(f"event {n}" for n in range(last + 1))}
        assert {subject for _, subject in faults} & named, what
    furnished.alter(name, lambda _: whole)
    furnished.root()


@pytest.mark.parametrize("which", [0, 1, -1], ids=["first", "second", "last"])
@pytest.mark.attack("log-cut-off")
def test_a_deleted_log_object_is_found_the_last_one_too(furnished: Desk, which: int) -> None:
    name = furnished.batches()[which]

    furnished.alter(name, lambda _: None)

    codes = {code for code, _ in furnished.faults()}
    assert codes & {"out-of-sequence", "not-an-extension"}


def test_a_log_that_lost_all_its_objects_is_not_called_intact(furnished: Desk) -> None:
    for name in furnished.batches():
        furnished.alter(name, lambda _: None)

    assert "not-an-extension" in {code for code, _ in furnished.faults()}


@pytest.mark.attack("nameplate-altered")
def test_a_flipped_bit_in_the_nameplate_is_found(furnished: Desk) -> None:
    whole = furnished.open_store().read("format.json", limit=2**20)
    values = json.loads(whole)
    text = whole.decode()
    for word in ("origin", "key", "key_fingerprint", "created", "layout"):
        position = text.index(values[word], text.index(f'"{word}":')) + 5
        furnished.alter("format.json", lambda _, position=position: flip(whole, position))  # type: ignore[misc] # a default binds the position
        verified = furnished("verify", "--json", code=1).json
        assert any("format.json" in fault["subject"] + fault["detail"] for fault in verified["faults"]), word
    furnished.alter("format.json", lambda _: None)
    verified = furnished("verify", "--json", code=1).json
    assert any("format.json" in fault["subject"] + fault["detail"] for fault in verified["faults"])


def altered(value: object) -> object:
    """The value with as little changed as its type allows."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
        case dict():
            return {**value, "Image": {"Artist": "nobody"}}
        case list():
            return [*value, "guessing"]
        case _:
            return value


def rows(engine: sa.Engine) -> Iterator[tuple[sa.Table, Any, dict[str, Any]]]:
    """The first row of each table, the condition that selects it, and the row."""
    for table in (*MIRRORED, *PROJECTED):
        if table.name == "about":  # says which version the tables are of: see the test of it
            continue
        keys = list(table.primary_key.columns)
        with engine.connect() as connection:
            row = dict(connection.execute(sa.select(table).order_by(*keys)).mappings().first() or {})
        assert row, f"the archive holds no {table.name} to alter"
        yield table, sa.and_(*(key == row[key.name] for key in keys)), row


def key_of(table: sa.Table, row: dict[str, Any]) -> str:
    return " ".join(str(row[key.name]) for key in table.primary_key.columns)


@pytest.mark.slow
@pytest.mark.attack("row-edited")
def test_an_altered_value_in_any_column_of_any_table_is_found_and_named(furnished_on: Desk) -> None:
    archive = furnished_on.archive()
    engine, expected = archive.catalogue.engine, {}
    for table, this_row, row in rows(engine):
        unchanged = {key.name for key in table.primary_key.columns} | {n for t, n in HARMLESS if t == table.name}
        changed = {n: altered(value) for n, value in row.items() if n not in unchanged and value is not None}
        expected[f"{table.name} {key_of(table, row)}"] = set(changed)
        with engine.begin() as connection:
            connection.execute(sa.update(table).where(this_row).values(**changed))
    archive.close()

    faults = {fault["subject"]: fault["detail"] for fault in furnished_on("verify", "--json", code=1).json["faults"]}

    named = {where: set(faults[where].removeprefix("differs from the log in ").split(", ")) for where in expected}
    assert named == expected
    furnished_on("rebuild")
    furnished_on.root()


@pytest.mark.slow
@pytest.mark.attack("row-deleted")
def test_a_row_that_was_taken_away_from_any_table_is_found(furnished_on: Desk) -> None:
    archive = furnished_on.archive()
    engine, expected = archive.catalogue.engine, set()
    for table, this_row, row in rows(engine):
        expected.add((f"{table.name} {key_of(table, row)}", "is missing"))
        with engine.begin() as connection:
            connection.execute(sa.delete(table).where(this_row))
    archive.close()

    faults = furnished_on("verify", "--json", code=1).json["faults"]

    assert {(fault["subject"], fault["detail"]) for fault in faults} >= expected
    furnished_on("rebuild")
    furnished_on.root()


@pytest.mark.slow
def test_a_catalogue_of_another_version_is_no_catalogue(furnished_on: Desk) -> None:
    root = furnished_on.root()
    archive = furnished_on.archive()
    about = next(each for each in MIRRORED if each.name == "about")
    with archive.catalogue.engine.begin() as connection:
        connection.execute(sa.update(about).where(about.c.name == "schema").values(value="another"))
    archive.close()

    assert furnished_on.faults() == [("catalogue-unreadable", "catalogue")]
    furnished_on("list", code=6)
    assert furnished_on("rebuild", "--json").json["root"] == root
    assert furnished_on.root() == root


@pytest.mark.slow
@pytest.mark.attack("row-added")
def test_a_row_that_nobody_signed_is_found(furnished_on: Desk) -> None:
    item = furnished_on("list", "--json", "--status", "inconclusive").lines[0]["item"]
    archive = furnished_on.archive()
    table = next(each for each in PROJECTED if each.name == "assessment")
    with archive.catalogue.engine.begin() as connection:
        row = dict(connection.execute(sa.select(table).where(table.c.item == item)).mappings().one())
        forged = {**row, "number": 999, "fact": "f" * 64, "status": "verified"}
        connection.execute(sa.insert(table).values(**forged))
    archive.close()

    assert furnished_on.faults() == [("catalogue-differs", "assessment 999")]


def test_verify_repairs_nothing_of_what_it_finds(furnished: Desk) -> None:
    item = furnished("list", "--json").lines[0]["item"]
    furnished.alter(furnished.object_of(item), lambda data: flip(data, 0))
    before = {path: path.read_bytes() for path in sorted((furnished.home / "store").rglob("*")) if path.is_file()}

    first, second = furnished.faults(), furnished.faults()

    assert first == second
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.slow
def test_whatever_is_amiss_verify_lists_it_in_the_same_order_in_every_process(furnished: Desk) -> None:
    items = [line["item"] for line in furnished("list", "--json").lines]
    for item in items:
        furnished.alter(furnished.object_of(item), lambda data: flip(data, 0))
    for text in (b"one", b"two", b"three", b"four"):
        digest = Digest.of(text)
        path = furnished.file(text.decode(), text)
        furnished.open_store().put_file(furnished.object_of(str(digest)), path, digest=digest, size=len(text))
    archive = furnished.archive()
    with archive.catalogue.engine.begin() as connection:
        for name in ("claim", "acquisition", "tag"):
            connection.execute(sa.delete(next(each for each in PROJECTED if each.name == name)))
    archive.close()
    furnished("store", "add", "attic", "file:attic")  # and it lacks everything

    told = finished(*(furnished.start("verify", "--json") for _ in range(3)), code=1)

    assert len({each.out for each in told}) == 1
    found = told[0].json
    assert len(found["faults"]) > len(items) + 3
    assert len(found["notes"]) >= 4


def test_a_folder_that_may_not_be_read_is_named_by_its_path_and_all_else_is_checked(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    local.alter(local.batches()[-1], lambda data: data.replace(b"Test Desk", b"Somebody_"))
    folder = (local.home / "store" / local.object_of(item)).parent
    real = os.open

    def refusing(path: Any, *words: Any, **more: Any) -> int:
        if path == folder.name:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *words, **more)

    monkeypatch.setattr(os, "open", refusing)
    faults = local("verify", "--json", code=1).json["faults"]

    assert {"wrong-signature", "object-unreadable", "store-silent"} <= {fault["code"] for fault in faults}
    (silent,) = [fault for fault in faults if fault["code"] == "store-silent"]
    assert f"{folder}: Permission denied" in silent["detail"]
