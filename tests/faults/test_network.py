"""A server behind a network that fails: what is acknowledged is there, and what is not is said, and finished later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from storage.s3 import S3Store
from tests import drawing
from tests.archive.desk import run
from tests.faults.conftest import ON_SERVER
from tests.faults.standing import acknowledged, stands
from tests.servers.faults import Fault

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers.faults import FaultProxy

pytestmark = pytest.mark.server

ATTEMPTS = 5
"""How often a request is sent before it is given up; pinned in ``tests/storage/test_s3.py``."""
PLACES = pytest.mark.parametrize("place", [0, 1], ids=["of the original", "of the log"])
"""Which put of an upload without local features fails: the first one or the second."""


def picture(seed: int) -> bytes:
    return drawing.jpeg(drawing.photo(seed))


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program wait a second for an answer, and not two minutes."""
    waits = S3Store.__init__.__kwdefaults__
    assert waits is not None
    assert waits["read_timeout"] > 1
    monkeypatch.setitem(waits, "read_timeout", 1.0)


@PLACES
@pytest.mark.parametrize(
    "faults", [[Fault.BUSY] * 3, [Fault.RESET], [Fault.ANSWER_LOST], [Fault.SILENCE]], ids="+".join
)
def test_an_upload_survives_what_passes(
    far: Desk, network: FaultProxy, faults: list[Fault], place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    before = far.take("before.jpg", picture(1))
    network.plan("PUT", *[None] * place, *faults)

    receipts = far.upload("--fast", far.file("new.jpg", picture(2)))

    assert network.forget() == 0
    assert [receipt["status"] for receipt in receipts] == ["archived"]
    stands(far, {before, *acknowledged(receipts)})


@pytest.mark.parametrize(
    ("fault", "place"),
    [(Fault.BUSY, 0), (Fault.RESET, 1), (Fault.SILENCE, 1)],
    ids=["busy at the original", "reset at the log", "silence at the log"],
)
def test_what_stays_ends_the_command_in_bounded_time_acknowledges_nothing_and_is_finished_later(
    far: Desk, network: FaultProxy, fault: Fault, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    before = far.take("before.jpg", picture(1))
    path = far.file("new.jpg", picture(2))
    network.plan("PUT", *[None] * place, *[fault] * 50)
    begun = time.monotonic()

    failed = far("upload", "--json", "--fast", path, code=4)

    assert time.monotonic() - begun < 100
    assert "hint: " in failed.err
    assert acknowledged(failed.lines) == set()
    assert network.forget() == 50 - ATTEMPTS
    receipts = far.upload("--fast", path)
    stands(far, {before, *acknowledged(receipts)})


def test_a_body_that_is_cut_off_is_read_on_and_one_that_was_altered_is_never_handed_out(
    far: Desk, network: FaultProxy
) -> None:
    item = far.take("one.jpg", picture(1))
    target = far.files / "got.jpg"
    network.plan("GET", *[None] * _gets_before_the_original(far, network, item), Fault.BODY_CUT)
    far("get", item, "-o", target)
    assert network.forget() == 0
    assert target.read_bytes() == picture(1)
    target.unlink()
    network.plan("GET", *[None] * _gets_before_the_original(far, network, item), Fault.BYTE_FLIPPED)

    refused = far("get", item, "-o", target, code=1)

    assert network.forget() == 0
    assert "not intact" in refused.err
    assert not target.exists()
    stands(far, [item])


def _gets_before_the_original(desk: Desk, network: FaultProxy, item: str) -> int:
    """How many bodies ``get`` asks for before the original's, which is the last one."""
    begun = len(network.seen)
    desk("get", item, "-o", desk.files / "counted.jpg")
    (desk.files / "counted.jpg").unlink()
    return network.seen[begun:].count("GET") - 1


@pytest.mark.parametrize("far", ON_SERVER[-1:], indirect=True)  # of the catalogue, nothing of this depends
@pytest.mark.parametrize("fault", [Fault.BODY_CUT, Fault.BYTE_FLIPPED])
@pytest.mark.parametrize("command", ["verify", "rebuild"])
def test_whichever_answer_is_damaged_the_log_that_is_called_good_is_the_one_that_was_signed(
    far: Desk, network: FaultProxy, fault: Fault, command: str
) -> None:
    items = {far.take("one.jpg", picture(1), "--fast")}
    root = far.root()
    codes = []
    for place in range(100):
        network.plan("GET", *[None] * place, fault)
        answer = run("--archive", far.home, command, "--json")
        if network.forget():
            break
        codes.append(answer.code)
        if answer.code == 0:
            assert answer.json["root"] == root
            assert far.counts()["items"] == len(items)
    assert len(codes) > 3
    assert fault is Fault.BODY_CUT or any(codes), codes
    assert stands(far, items) == root


@pytest.mark.parametrize("place", [0, 1], ids=["the original", "the log"])
def test_a_server_that_says_yes_and_keeps_nothing_is_found_and_the_loss_made_good(
    far: Desk, network: FaultProxy, place: int
) -> None:
    before = far.take("before.jpg", picture(1))
    path = far.file("new.jpg", picture(2))
    network.plan("PUT", *[None] * place, Fault.FORGOTTEN)
    (receipt,) = far.upload("--fast", path)
    assert network.forget() == 0

    faults = far.faults()

    if place == 0:
        assert faults == [("object-missing", receipt["item"])]
        assert far("get", receipt["item"], "-o", far.files / "got.jpg", code=1).err
        (again,) = far.upload("--fast", path)
        assert again["status"] == "already-held"
    else:
        assert "not-an-extension" in {code for code, _ in faults}
        far("claim", before, "written over a hole", "--by", "Nobody", code=6)
        far("rebuild")
    stands(far, {before, receipt["item"]})


@pytest.mark.parametrize("of_the_log", [False, True], ids=["the original", "the log"])
def test_a_server_that_says_yes_and_keeps_half_is_found_and_repaired_from_another_store(
    far: Desk, *, of_the_log: bool
) -> None:
    far("store", "add", "attic", "file:attic")
    item = far.take("one.jpg", picture(1))
    far("sync")
    name = far.batches()[-1] if of_the_log else far.object_of(item)
    far.alter(name, lambda data: data[: len(data) // 2])

    faults = far.faults()

    assert {code for code, _ in faults} & ({"malformed", "copy-differs"} if of_the_log else {"object-corrupt"})
    far("audit", code=1)
    far("audit", "--repair")
    stands(far, [item])
