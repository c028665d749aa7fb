"""A clock that is two days off: the evidence stands, the order is the log's, and what the times show is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from archiver.facts.values import parse_instant
from tests import drawing
from tests.archive.desk import run
from tests.archive.processes import Running, said
from tests.faults.standing import acknowledged, stands

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers.authority import Authority

TWO_DAYS = 2 * 24 * 3600.0


def take(desk: Desk, seed: int, clock: float = 0) -> str:
    """Take a picture in, on a machine whose clock is wrong by so many seconds."""
    path = desk.file(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed)))
    (item,) = acknowledged(said(Running(desk, "upload", "--json", "--fast", path, clock=clock).answer()))
    return item


def clocks(desk: Desk) -> list[tuple[str, str]]:
    """What ``verify`` notes of the clocks of an archive that is intact."""
    verified: dict[str, Any] = desk("verify", "--json").json
    assert verified["intact"], verified["faults"]
    return [(note["code"], note["subject"]) for note in verified["notes"] if note["code"].startswith("clock-")]


def test_a_clock_that_ran_ahead_or_behind_loses_nothing_and_the_step_back_is_noted(
    on_catalogue: Desk,
) -> None:
    desk = on_catalogue
    right = take(desk, 1)
    assert clocks(desk) == []
    ahead = take(desk, 2, clock=TWO_DAYS)
    assert clocks(desk) == []
    after = desk.counts()["events"]
    again = take(desk, 3)
    behind = take(desk, 4, clock=-TWO_DAYS)

    assert clocks(desk) == [("clock-back", f"event {after}")]
    assert f"{desk.counts()['events'] - after} events bear an earlier time" in desk("verify").err
    stands(desk, {right, ahead, again, behind})
    now = datetime.now(tz=UTC)
    off = {item: parse_instant(desk.show(item)["taken_in"]) - now for item in (right, ahead, again, behind)}
    assert [round(off[item] / timedelta(days=1)) for item in (right, ahead, again, behind)] == [0, 2, 0, -2]


@pytest.mark.server
@pytest.mark.parametrize("clock", [TWO_DAYS, -TWO_DAYS], ids=["ahead", "behind"])
def test_a_server_refuses_what_a_wrong_clock_signed_the_clock_is_named_and_nothing_is_acknowledged(
    far: Desk, clock: float
) -> None:
    before = take(far, 1)
    path = far.file("2.jpg", drawing.jpeg(drawing.photo(2)))

    refused = Running(far, "upload", "--json", "--fast", path, clock=clock).answer(4)

    assert "this machine's clock is off" in refused.err
    assert "hint: Set the clock" in refused.err
    assert acknowledged(said(refused)) == set()
    stands(far, {before, take(far, 2)})
    assert clocks(far) == []


def test_a_claim_on_a_machine_whose_clock_is_off_is_in_its_place_in_the_log(on_catalogue: Desk) -> None:
    item = take(on_catalogue, 1)
    Running(on_catalogue, "claim", item, "stated ahead", "--by", "Ada", clock=TWO_DAYS).answer()
    Running(on_catalogue, "claim", item, "stated behind", "--by", "Ada", clock=-TWO_DAYS).answer()

    assert [claim["text"] for claim in on_catalogue.show(item)["claims"]] == ["stated ahead", "stated behind"]
    stands(on_catalogue, [item])


@pytest.mark.server
def test_what_bears_a_later_time_than_a_stamp_over_it_was_recorded_by_a_clock_that_ran_ahead(
    local: Desk, authority: Authority
) -> None:
    authority.settings(local.home)
    take(local, 1)
    first = local.counts()["events"]
    item = take(local, 2, clock=TWO_DAYS)
    local("stamp")

    assert clocks(local) == [("clock-ahead", f"event {first}")]

    take(local, 3, clock=2 * TWO_DAYS)  # no stamp covers it yet
    assert clocks(local) == [("clock-ahead", f"event {first}")]
    stands(local, [item])


@pytest.mark.server
def test_a_stamp_that_a_wrong_clock_asks_for_says_so_and_holds(local: Desk, authority: Authority) -> None:
    authority.settings(local.home)
    item = take(local, 1)

    stamped = Running(local, "stamp", clock=TWO_DAYS).answer()

    assert "one of the clocks is wrong" in stamped.out + stamped.err
    assert local("verify", "--json").json["stamps"] == 1
    stands(local, [item])


@pytest.mark.server
def test_a_clock_from_before_the_authoritys_certificate_is_named_and_nothing_is_kept(
    local: Desk, authority: Authority
) -> None:
    authority.settings(local.home)
    item = take(local, 1)

    refused = Running(local, "stamp", clock=-TWO_DAYS).answer(3)

    assert "or the clock is wrong" in refused.out + refused.err
    assert local("verify", "--json").json["stamps"] == 0
    local("stamp")
    assert local("verify", "--json").json["stamps"] == 1
    stands(local, [item])


def test_a_minute_between_the_clocks_of_two_machines_is_nothing_to_tell(local: Desk) -> None:
    take(local, 1, clock=30)
    take(local, 2)

    assert clocks(local) == []
    assert run("--archive", local.home, "verify").code == 0
