"""A withdrawal that is killed at any step is completed by the same command; until then what is left is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.attic import attic_of, files, main_of, with_attic
from tests.archive.conftest import place
from tests.archive.processes import killed
from tests.archive.withdrawing import ORDER, WORD, published, remains, told_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

STEPS = ["recording", "committed", "published", "erasing:1", "erasing:2", "supplanting:1"]
STEPS += ["supplanting:2", "supplanted:2", "supplanted:4", "erased:1", "forgetting"]


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_same_command_completes_it(local: Desk, step: str) -> None:
    with_attic(local)
    item = told_of(local)
    words = ("withdraw", item, *ORDER)
    killed(local, *words, at=step)

    done = local("withdraw", item, *ORDER, "--json").json

    assert done["complete"]
    assert remains(local.home, WORD.encode()) == []
    assert local("sync", "--json").json["complete"]
    assert files(attic_of(local)) == files(main_of(local))
    root = local.root()
    assert len(local("list", "--withdrawn", "--json").lines) == 1
    assert local("rebuild", "--json").json["root"] == root
    assert local.root() == root


@pytest.mark.slow
@pytest.mark.parametrize("step", ["published", "supplanted:2"])
def test_killed_between_its_steps_catalogue_and_log_agree_and_what_is_left_is_named(
    on_catalogue: Desk, step: str
) -> None:
    desk = on_catalogue
    item = told_of(desk)
    killed(desk, "withdraw", item, *ORDER, at=step)

    assert {code for code, _ in desk.faults()} == {"not-erased"}
    desk("rebuild")
    assert {code for code, _ in desk.faults()} == {"not-erased"}
    assert desk.show(item)["withdrawn"]
    assert desk("withdraw", item, *ORDER, "--json").json["again"]
    desk.root()


@pytest.mark.server
def test_it_is_completed_on_servers_too(request: pytest.FixtureRequest, tmp_path: Path, warm: None) -> None:
    desk = place(request, ("seaweedfs", "postgres"), tmp_path).make()
    item = told_of(desk)
    killed(desk, "withdraw", item, *ORDER, at="published")

    assert desk("withdraw", item, *ORDER, "--json").json["complete"]

    assert WORD.encode() not in published(desk)
    desk.root()
