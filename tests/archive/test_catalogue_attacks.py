"""Whoever can write to the database and does not hold the signing key is found, and named.

Nothing of theirs is ever signed or published by us, and ``rebuild`` makes the catalogue as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from archiver.catalogue.tables import PROJECTED
from archiver.catalogue.tables.log import BatchRow, EventRow
from archiver.catalogue.tables.row import table
from archiver.custody.canonical import canonical, read
from archiver.custody.keys import SigningKey
from tests import drawing
from tests.archive.conftest import CATALOGUES, copied, place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.conftest import Once
    from tests.archive.desk import Desk
    from tests.servers.postgres import Postgres

EVENT, BATCH = table(EventRow), table(BatchRow)
ASSESSMENT = next(each for each in PROJECTED if each.name == "assessment")


def attack(desk: Desk, *statements: str | sa.Executable) -> None:
    """Do this to the catalogue, behind the archive's back."""
    archive = desk.archive()
    with archive.catalogue.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement) if isinstance(statement, str) else statement)
    archive.close()


def dialect(desk: Desk) -> str:
    return "sqlite" if desk.catalogue.startswith("sqlite:") else "postgresql"


def mended(desk: Desk, root: str) -> None:
    """``rebuild`` makes all of it as it was, from the store."""
    desk("rebuild")
    assert desk.root() == root


@pytest.fixture(params=CATALOGUES)
def full(
    request: pytest.FixtureRequest,
    made_once: Once,
    tmp_path: Path,
    warm: None,
) -> tuple[Desk, str]:
    """An archive with something in each table that is attacked here, and its root."""
    desk = copied(request, made_once(request.param[1], fill), tmp_path)
    return desk, desk.root()


def fill(desk: Desk) -> None:
    """Something for each table."""
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1, (64, 48))), "--claim", "A man stands there", "--fast")
    desk.take("b.jpg", drawing.jpeg(drawing.photo(2, (64, 48))), "--fast")
    desk("assess", item, "--status", "inconclusive", "--by", "Ada", "--basis", "one source")
    desk("key", "rotate", "--reason", "once a year")


DEFINITIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "a view in a table's place": dict.fromkeys(
        ("sqlite", "postgresql"),
        ("ALTER TABLE assessment RENAME TO hidden", "CREATE VIEW assessment AS SELECT * FROM hidden"),
    ),
    "a trigger": {
        "sqlite": ("CREATE TRIGGER helper AFTER INSERT ON event BEGIN DELETE FROM claim; END",),
        "postgresql": (
            "CREATE FUNCTION helper() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN DELETE FROM claim; RETURN NULL; END'",
            "CREATE TRIGGER helper AFTER INSERT ON event EXECUTE FUNCTION helper()",
        ),
    },
    "rows that some do not see": {
        "sqlite": ("CREATE TABLE helper AS SELECT * FROM claim",),
        "postgresql": (
            "ALTER TABLE claim ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY helper ON claim USING (number <> 1)",
        ),
    },
    "a rule": {
        "sqlite": ("DROP INDEX claim_claimant",),
        "postgresql": ("CREATE RULE helper AS ON DELETE TO claim DO INSTEAD NOTHING",),
    },
}


@pytest.mark.every_pair  # each database has ways of its own
@pytest.mark.parametrize("name", DEFINITIONS)
@pytest.mark.attack("definitions-altered")
def test_what_would_show_or_change_rows_behind_ones_back_is_found_and_rebuild_ends_it(
    full: tuple[Desk, str], name: str
) -> None:
    desk, root = full
    attack(desk, *DEFINITIONS[name][dialect(desk)])

    faults = desk.faults()

    assert {code for code, _ in faults} == {"catalogue-differs"}
    assert any(subject.startswith("(definitions) ") for _, subject in faults)
    mended(desk, root)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO search_index(search_index, rowid, words) SELECT 'delete', first, words FROM search",
        "INSERT INTO search_index(search_index) VALUES('delete-all')",
        "INSERT INTO search_index(rowid, words) SELECT first, 'cplanted' FROM search LIMIT 1",
    ],
    ids=["taken away", "emptied", "planted"],
)
@pytest.mark.attack("words-poisoned")
def test_a_full_text_index_that_finds_other_words_than_there_are_is_found(furnished: Desk, statement: str) -> None:
    root, before = furnished.root(), furnished("list", "--text", "captured", "--json").lines
    assert before
    attack(furnished, statement)

    assert furnished.faults() == [("catalogue-differs", "search_index (words)")]

    mended(furnished, root)
    assert furnished("list", "--text", "captured", "--json").lines == before


@pytest.mark.parametrize("value", ["NULL", "'text'", "x'ff'", "1e300"])
@pytest.mark.attack("key-of-another-type")
def test_a_key_that_no_table_of_ours_would_take_is_found_and_named(furnished: Desk, value: str) -> None:
    root = furnished.root()
    made_anew = ("ALTER TABLE claim RENAME TO old", "CREATE TABLE claim AS SELECT * FROM old", "DROP TABLE old")
    number: sa.ColumnClause[int] = sa.column("number")
    attack(furnished, *made_anew)
    attack(furnished, sa.update(sa.table("claim", number)).values(number=sa.literal_column(value)))

    assert ("catalogue-differs", "(definitions) table claim") in furnished.faults()

    mended(furnished, root)


@pytest.mark.parametrize("emptied", ["event", "batch", "item", "acquisition"])
@pytest.mark.attack("table-emptied")
def test_a_table_that_was_emptied_is_found(full: tuple[Desk, str], emptied: str) -> None:
    desk, root = full
    attack(desk, sa.delete(sa.table(emptied)))

    assert {code for code, _ in desk.faults()} <= {"catalogue-differs", "catalogue-behind"}

    mended(desk, root)


@pytest.mark.attack("rows-swapped")
def test_two_events_that_changed_places_are_found(full: tuple[Desk, str]) -> None:
    desk, root = full
    moves = ((2, -1), (3, 2), (-1, 3))
    attack(desk, *(sa.update(EVENT).where(EVENT.c.sequence == old).values(sequence=new) for old, new in moves))

    assert {("catalogue-differs", "event 2"), ("catalogue-differs", "event 3")} <= set(desk.faults())

    mended(desk, root)


@pytest.mark.attack("row-moved")
def test_a_judgement_that_is_moved_to_another_item_is_found(full: tuple[Desk, str]) -> None:
    desk, root = full
    items = [line["item"] for line in desk("list", "--json").lines]
    archive = desk.archive()
    with archive.catalogue.engine.begin() as connection:
        row = connection.execute(sa.select(ASSESSMENT).where(ASSESSMENT.c.item.is_not(None))).mappings().first()
        assert row is not None
        other = next(item for item in items if item != row["item"])
        here = ASSESSMENT.c.number == row["number"]
        connection.execute(sa.update(ASSESSMENT).where(here).values(item=other))
    archive.close()

    assert desk.faults() == [("catalogue-differs", f"assessment {row['number']}")]

    mended(desk, root)


END = {
    "the frontier": "UPDATE batch SET frontier = replace(frontier, 'a', 'b')",
    "the size": "UPDATE batch SET size = size + 1000 WHERE first = (SELECT max(first) FROM batch)",
    "the checkpoint": "UPDATE batch SET checkpoint = 'x'",
    "the rotation taken away": "DELETE FROM event WHERE kind LIKE 'key-%'",
    "an older checkpoint": "UPDATE batch SET checkpoint = (SELECT checkpoint FROM batch WHERE first = 0)",
}


@pytest.mark.parametrize("name", END)
@pytest.mark.attack("end-forged")
def test_nothing_is_signed_behind_an_end_of_the_log_that_nobody_signed(full: tuple[Desk, str], name: str) -> None:
    desk, root = full
    item = desk("list", "--json").lines[0]["item"]
    before = desk.batches()
    attack(desk, END[name])

    said = desk("claim", item, "A claim", "--by", "Ada", code=6)

    assert "archiver rebuild" in said.err
    assert desk.batches() == before
    mended(desk, root)
    desk("claim", item, "A claim", "--by", "Ada")
    desk.root()


def forged(desk: Desk, key: SigningKey | None) -> None:
    """Put a claim of one's own behind the log, in form, as committed and not published: it waits to be published."""
    archive = desk.archive()
    with archive.catalogue.engine.begin() as connection:
        last = connection.execute(sa.select(BATCH).order_by(BATCH.c.first.desc())).mappings().first()
        event = connection.execute(sa.select(EVENT).where(EVENT.c.kind == "claim")).mappings().first()
        assert last is not None
        assert event is not None
        record = read(event["record"].encode())
        record["envelope"] |= {"sequence": last["size"], "actor": "Somebody Else"}
        if key is not None:
            record["envelope"]["key"] = key.public.fingerprint
        row = {**event, "sequence": last["size"], "identity": "f" * 64, "record": canonical(record).decode()}
        connection.execute(sa.insert(EVENT).values(**row))
        waiting = {**last, "first": last["size"], "size": last["size"] + 1, "published": False}
        connection.execute(sa.insert(BATCH).values(**waiting))
    archive.close()


@pytest.mark.parametrize("own_key", [False, True], ids=["in our name", "with a key of their own"])
@pytest.mark.attack("event-forged")
def test_an_event_forged_into_the_catalogue_is_never_published(full: tuple[Desk, str], *, own_key: bool) -> None:
    desk, root = full
    item = desk("list", "--json").lines[0]["item"]
    before = desk.batches()
    forged(desk, SigningKey.generate() if own_key else None)

    desk("claim", item, "A claim", "--by", "Ada", code=6)
    assert desk.faults()

    assert desk.batches() == before
    kept = desk("rebuild", "--json").json["kept"]
    assert "Somebody Else" in (desk.home / kept).read_text()
    assert desk.root() == root


@pytest.mark.attack("event-altered-unpublished")
def test_a_committed_event_that_was_altered_before_it_was_published_is_kept_and_not_published(
    full: tuple[Desk, str],
) -> None:
    desk, root = full
    item = desk("list", "--json").lines[0]["item"]
    desk("claim", item, "A claim", "--by", "Ada")
    newest = desk.batches()[-1]
    first = int(newest.rpartition("/")[2].removesuffix(".json"))
    desk.alter(newest, lambda _: None)  # as a command leaves it that was killed before it published
    record = sa.func.replace(EVENT.c.record, "A claim", "A crime")
    attack(
        desk,
        sa.update(BATCH).where(BATCH.c.first == first).values(published=False),
        sa.update(EVENT).where(EVENT.c.sequence >= first).values(record=record),
    )
    before = desk.batches()

    said = desk("claim", item, "Another claim", "--by", "Ada", code=6)

    assert "was not signed so" in said.err
    assert desk.batches() == before
    kept = desk("rebuild", "--json").json["kept"]
    assert "A crime" in (desk.home / kept).read_text()
    assert desk.root() == root


@pytest.mark.server
def test_a_database_that_cannot_be_read_any_more_is_left_as_it_is_and_another_one_takes_its_place(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, postgres: Postgres
) -> None:
    desk = place(request, ("local", "postgres"), tmp_path).make()
    desk.take("a.jpg", drawing.jpeg(drawing.photo(1, (64, 48))), "--fast")
    root = desk.root()
    attack(desk, "ALTER TABLE event DROP COLUMN record", "ALTER TABLE batch DROP COLUMN checkpoint")
    assert "catalogue-unreadable" in {code for code, _ in desk.faults()}

    said = desk("rebuild", code=5)

    assert "name another database" in said.err
    path = desk.home / "archive.toml"
    path.write_text(path.read_text().replace(desk.catalogue, postgres.url(postgres.create_database())))
    desk("rebuild")
    assert desk.root() == root


@pytest.mark.attack("chain-misled")
def test_the_newest_event_of_an_item_taken_away_makes_the_next_one_name_another_and_verify_says_so(
    full: tuple[Desk, str],
) -> None:
    """The honest hole: nobody notices it at once, because all of the log would have to be read."""
    desk, _ = full
    item = desk("list", "--json").lines[0]["item"]
    newest = sa.select(sa.func.max(EVENT.c.sequence)).where(EVENT.c.subject == item).scalar_subquery()
    attack(desk, sa.delete(EVENT).where(EVENT.c.sequence == newest))
    assert "catalogue-differs" in {code for code, _ in desk.faults()}

    desk("claim", item, "A claim", "--by", "Ada")

    assert "broken-chain" in {code for code, _ in desk.faults()}
