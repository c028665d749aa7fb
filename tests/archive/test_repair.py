"""``audit --repair``: a bad copy gives way to a good one, and nothing that was found is deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.auditing.notebook import Notebook, Title
from archiver.checking.copies import Reading
from archiver.facts.vocabulary import CopyFault
from storage.digest import Digest
from tests import drawing
from tests.archive.auditing import ROTTEN, alter, amiss, audit, events, pictures, stored, with_attic
from tests.archive.desk import flip
from tests.archive.processes import killed
from tests.archive.stopping import OF_AN_AUDIT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk


def found_anywhere(desk: Desk, attic: Path) -> set[Digest]:
    """The bytes of everything that either store holds."""
    return set(stored(desk).values()) | {Digest.of(path.read_bytes()) for path in attic.rglob("*") if path.is_file()}


@pytest.mark.parametrize("how", ROTTEN)
@pytest.mark.attack("copy-restored")
def test_a_bad_copy_is_restored_from_the_other_store_and_kept(desk: Desk, how: str) -> None:
    item, *_ = pictures(desk, 2)
    with_attic(desk)
    name = desk.object_of(item)
    desk.alter(name, ROTTEN[how])
    rotten = stored(desk).get(name)

    found = audit(desk, "--repair")

    assert found["intact"]
    (repair,) = events(desk, "repair")
    assert (repair["item"], repair["name"], repair["sha256"], repair["good_copy"]) == (item, name, item, "store")
    assert repair["fault"] == ("missing" if how == "deleted" else "corrupt")
    assert repair.get("set_aside") == (f"quarantine/{rotten}/{name}" if rotten else None)
    after = stored(desk)
    assert str(after[name]) == item
    assert rotten is None or after[repair["set_aside"]] == rotten
    assert audit(desk)["intact"]
    assert audit(desk, "--repair")["repairs"] == []
    desk.root()


@pytest.mark.attack("repair-recorded")
def test_each_store_is_restored_from_the_other(local: Desk) -> None:
    here, there, both = pictures(local)
    attic = with_attic(local)
    local.alter(local.object_of(here), ROTTEN["flipped"])
    alter(attic, local.object_of(there), ROTTEN["cut"])
    local.alter(local.object_of(both), ROTTEN["emptied"])
    alter(attic, local.object_of(both), ROTTEN["overwritten"])
    before = found_anywhere(local, attic)

    found = audit(local, "--repair", code=1)

    assert {(each["item"], each["store"].rpartition("/")[2]) for each in found["repairs"]} == {
        (here, "store"),
        (there, "attic"),
    }
    assert [name for _, name, _ in amiss(found)] == [local.object_of(both)] * 2  # no good copy: named, not touched
    assert [fault["code"] for fault in found["faults"]] == ["not-repaired"] * 2
    assert before <= found_anywhere(local, attic)
    assert (local.home / "store" / local.object_of(both)).read_bytes() == b""
    assert [path for path in attic.rglob("*") if both in str(path)] == [attic / local.object_of(both)]


@pytest.mark.parametrize("how", ["flipped", "deleted"])
@pytest.mark.parametrize("which", [0, 1, -1], ids=["first", "middle", "last"])
@pytest.mark.attack("transaction-restored")
def test_the_log_is_restored_from_the_catalogue_where_no_other_store_is(local: Desk, which: int, how: str) -> None:
    pictures(local, 4)
    name = local.batches()[which]
    whole = local.open_store().read(name, limit=2**30)
    local.alter(name, ROTTEN[how])

    found = audit(local, "--repair")

    assert [(each["name"], each["good_copy"]) for each in found["repairs"]] == [(name, "catalogue")]
    assert local.open_store().read(name, limit=2**30) == whole
    assert events(local, "fixity-check")[0]["outcome"] == "fail"  # also where it could be recorded only afterwards
    assert events(local, "fixity-failure")[0]["name"] == name
    local.root()


def test_the_log_is_not_restored_from_a_catalogue_that_says_something_else(local: Desk) -> None:
    import sqlalchemy as sa  # noqa: PLC0415 - this test alone

    from archiver.catalogue.mirror import EVENT  # noqa: PLC0415 - as above

    pictures(local, 3)
    name = local.batches()[1]
    local.alter(name, ROTTEN["deleted"])
    archive = local.archive()
    with archive.catalogue.engine.begin() as connection:
        connection.execute(sa.update(EVENT).values(record=sa.func.replace(EVENT.c.record, "Test Desk", "Best Desk")))
    archive.close()

    found = audit(local, "--repair", code=1)

    assert found["repairs"] == []
    assert [each for _, each, _ in amiss(found)] == [name]
    assert name not in local.batches()


def test_the_log_of_a_store_is_restored_from_the_other_where_the_catalogue_is_lost(local: Desk) -> None:
    pictures(local)
    attic = with_attic(local)
    name = local.batches()[1]
    whole = (attic / name).read_bytes()
    local("rebuild")
    alter(attic, name, ROTTEN["flipped"])

    (repair,) = audit(local, "--repair")["repairs"]

    assert repair["name"] == name
    assert (attic / name).read_bytes() == whole
    assert (attic / repair["set_aside"]).read_bytes() == flip(whole, len(whole) // 2)


def test_without_the_word_nothing_is_repaired(local: Desk) -> None:
    item, *_ = pictures(local)
    attic = with_attic(local)
    alter(attic, local.object_of(item), ROTTEN["flipped"])

    audit(local, code=1)

    assert Digest.of((attic / local.object_of(item)).read_bytes()) != Digest.parse(item)
    assert not (attic / "quarantine").exists()


@pytest.mark.slow
@pytest.mark.parametrize("step", [*OF_AN_AUDIT, "recording", "committed", "published", "recording:2", "committed:2"])
@pytest.mark.parametrize("how", ["flipped", "deleted"])
def test_killed_at_any_step_the_same_command_ends_right(local: Desk, step: str, how: str) -> None:
    item, *_ = pictures(local)
    attic = with_attic(local)
    name = local.object_of(item)
    rotten = ROTTEN[how]((attic / name).read_bytes())
    alter(attic, name, ROTTEN[how])
    reached = not (how == "deleted" and step in {"kept-aside", "replaced"})
    killed(local, "audit", "--repair", at=step, reached=reached)

    found = audit(local, "--repair")

    assert found["intact"]
    assert (attic / name).read_bytes() == (local.home / "store" / name).read_bytes()
    repairs = events(local, "repair")
    assert [(each["name"], each["sha256"]) for each in repairs] == [(name, item)]
    if rotten is not None:
        assert (attic / repairs[0]["set_aside"]).read_bytes() == rotten
    checks = events(local, "fixity-check")
    assert len({(check["store"], check["started"]) for check in checks}) == len(checks)
    assert audit(local)["intact"]
    local.root()


def test_a_killed_audit_goes_on_where_it_stopped_and_is_one_check(local: Desk) -> None:
    pictures(local, 40)
    killed(local, "audit", at="copy-noted:30")
    assert events(local, "fixity-check") == []
    new = local.take("new.jpg", drawing.jpeg(drawing.photo(99)))

    (store,) = audit(local)["stores"]

    assert 0 < store["resumed"] < 30
    assert store["due"] == 40  # what came in since is for the next check
    (check,) = events(local, "fixity-check")
    assert check["started"] < local.show(new)["taken_in"] < check["ended"]
    assert audit(local)["stores"][0]["resumed"] == 0


def test_what_is_not_of_this_audit_is_not_taken_up(local: Desk) -> None:
    pictures(local, 40)
    killed(local, "audit", at="copy-noted:36")
    (notebook,) = (local.home / "cache/audits").glob("*.txt")
    kept = notebook.read_bytes()
    lines = kept.splitlines(keepends=True)
    assert len(lines) > 12

    def resumed(content: bytes, *words: str) -> Any:
        notebook.write_bytes(content)
        return audit(local, *words)["stores"][0]["resumed"]

    assert resumed(kept, "--slice", "1/2") == 0
    assert resumed(kept, "--restart") == 0
    assert resumed(kept.replace(b'"started": "2', b'"started": "1')) == 0  # a week has passed, and it is another audit
    assert resumed(b"".join(lines[:3]) + flip(lines[3], 70) + b"".join(lines[4:])) == 2
    assert resumed(kept) == 0  # that audit came to its end, and is recorded


LINES = st.lists(
    st.tuples(st.binary(min_size=32, max_size=32), st.sampled_from([None, *CopyFault]), st.integers(0, 2**40)),
    min_size=1,
    max_size=8,
)


@given(readings=LINES, data=st.data())
def test_a_notebook_that_was_cut_or_altered_gives_only_what_was_read_before_that(
    tmp_path_factory: pytest.TempPathFactory, readings: list[tuple[bytes, CopyFault | None, int]], data: st.DataObject
) -> None:
    home = tmp_path_factory.mktemp("home")
    title = Title("log", "file:s", None, None, False, 5, "ab" * 32, "2026-11-25T22:00:00.000000Z")  # noqa: FBT003
    written = [Reading(Digest(each), fault, Digest(each), size) for each, fault, size in readings]
    notebook = Notebook(home, "file:s", ())
    notebook.begin(title)
    for reading in written:
        notebook.note(reading)
    notebook.leave()
    whole = notebook.path.read_bytes()
    head = len(title.text())
    place = data.draw(st.integers(head, len(whole) - 1))
    cut = data.draw(st.booleans())
    notebook.path.write_bytes(whole[:place] if cut else flip(whole, place, 1))

    again = Notebook(home, "file:s", ())
    assert again.kept(now="2026-11-26T00:00:00.000000Z") == title
    assert again.kept(now="2026-12-03T00:00:00.000000Z") is None  # a week is over
    assert again.kept(now="2026-11-25T00:00:00.000000Z") is None  # a clock that went back proves nothing
    taken = list(again.take_up(title))
    assert taken == written[: whole[head:place].count(b"\n")]
    again.note(written[0])
    again.leave()
    last = Notebook(home, "file:s", ())
    assert list(last.take_up(title)) == [*taken, written[0]]
    assert list(last.take_up(replace(title, log_size=6))) == []
    last.finish()
    assert not notebook.path.exists()
