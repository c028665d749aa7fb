"""What a decoder could do that a file has taken over: tried, with confinement and without."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archiver.inspection import child, confinement, inspector, trial
from archiver.inspection.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="confinement is Linux's")

LIMITS = Limits(cpu_seconds=7)
BY_CONFINEMENT = {"network", "reading", "writing", "processes"}
BY_LIMITS = {"cpu", "memory", "descriptors"}
NOBODY = 65534
NEEDS_LANDLOCK = pytest.mark.skipif(confinement.landlock_version() < 1, reason="this kernel has no Landlock")


def attempted(prelude: Callable[[], None], *, sealed: bool) -> dict[str, bool]:
    """What held in a child."""
    confinement.prepare()
    with trial.Surroundings() as around:
        for path in (Path(around.place), *Path(around.place).iterdir()):
            path.chmod(0o777)

        def work() -> Iterator[dict[str, Any]]:
            if sealed:
                confinement.seal()
            yield from trial.attempts(LIMITS, around.place, around.port)

        outcome = child.run(work, LIMITS, prelude)
    found = json.loads(outcome.output.splitlines()[0])
    assert isinstance(found, dict)
    return found


def as_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    confinement.enclose()


def test_without_confinement_the_attempts_succeed_so_that_their_failing_says_something() -> None:
    found = attempted(lambda: None, sealed=False)
    assert {name for name, holds in found.items() if not holds} == BY_CONFINEMENT
    assert {name for name, holds in found.items() if holds} == BY_LIMITS


@NEEDS_LANDLOCK
def test_a_confined_child_reaches_nothing() -> None:
    assert all(attempted(confinement.enclose, sealed=True).values())


@NEEDS_LANDLOCK
@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run as an ordinary user anyway")
def test_a_confined_child_of_an_ordinary_user_reaches_nothing() -> None:
    assert all(attempted(as_nobody, sealed=True).values())


def test_a_server_is_in_a_network_of_its_own_without_interfaces_and_without_capabilities() -> None:
    def ask() -> Iterator[dict[str, Any]]:
        interfaces = Path("/proc/self/net/dev").read_bytes().splitlines()[2:]
        capabilities = Path("/proc/self/status").read_bytes().split(b"CapEff:")[1].split()[0]
        network = os.readlink("/proc/self/ns/net")  # noqa: PTH115 - no text that can be opened
        yield {"interfaces": len(interfaces), "capabilities": int(capabilities, 16), "network": network}

    outcome = child.run(ask, LIMITS, as_nobody if os.geteuid() == 0 else confinement.enclose)
    found = json.loads(outcome.output.splitlines()[0])
    if found["network"] == os.readlink("/proc/self/ns/net"):  # noqa: PTH115 - as above
        pytest.skip("this system gives this user no network namespace")
    assert found["interfaces"] == 1  # the loopback interface, which is down
    assert found["capabilities"] == 0


@NEEDS_LANDLOCK
def test_what_holds_is_told_of_both_ways_and_tried_where_it_happens() -> None:
    many, one = trial.held(LIMITS)
    assert (many.way, one.way) == (trial.SERVER, trial.FORK)
    for found in (many, one):
        assert all(asdict(found).values())


def test_a_trial_that_cannot_be_made_says_nothing_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.inspection.launch.command", lambda *_: [sys.executable, "-c", "print('{}')"])
    many, _ = trial.held(LIMITS)
    assert not any(value for name, value in asdict(many).items() if name != "way")


def test_where_a_fork_is_not_safe_a_fresh_process_is_taken_and_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(inspector.for_one_file(), inspector.FreshInspector)
    _, one = trial.held(LIMITS)
    assert one.way == trial.FRESH
    assert one.cpu
    assert one.memory
