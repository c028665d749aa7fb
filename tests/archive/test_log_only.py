"""``verify --log-only``: whatever is done to the log itself is found, and what was not looked at is said."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody.batch import parse
from archiver.custody.canonical import canonical
from tests.archive.desk import flip
from tests.archive.forging import forge, own_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archive.desk import Desk

LEFT_OUT = ["bodies", "event-signatures", "bytes", "catalogue", "loose-ends", "other-stores"]
DONE_WITHOUT = {"items", "bytes", "lists", "not_checked", "notes"}
"""What the whole check says otherwise of an archive that is intact."""


def alone(desk: Desk, *words: object, code: int = 0) -> dict[str, Any]:
    told: dict[str, Any] = desk("verify", "--log-only", "--json", *words, code=code).json
    assert told["intact"] == (code == 0)
    assert told["not_checked"] == LEFT_OUT
    assert (told["items"], told["lists"], told["bytes"]) == (0, 0, 0)
    return told


def codes(told: dict[str, Any]) -> set[str]:
    return {fault["code"] for fault in told["faults"]}


def read(desk: Desk, name: str) -> bytes:
    return desk.open_store().read(name, limit=2**30)


def with_first(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A transaction with its first event changed, and spelled as it must be."""
    batch = json.loads(data)
    change(batch["events"][0])
    return canonical(batch) + b"\n"


def of_kind(desk: Desk, kind: str) -> str:
    """The name of the first transaction that begins with an event of this kind."""
    return next(
        name for name in desk.batches() if json.loads(read(desk, name))["events"][0]["envelope"]["kind"] == kind
    )


def test_the_log_alone_is_what_the_whole_check_says_of_it_and_the_rest_is_named(furnished: Desk) -> None:
    whole, told = furnished("verify", "--json").json, alone(furnished)

    assert {k: v for k, v in told.items() if k not in DONE_WITHOUT} == {
        k: v for k, v in whole.items() if k not in DONE_WITHOUT
    }
    assert (whole["not_checked"], told["events"] > 0) == ([], True)
    said = furnished("verify", "--log-only").out
    assert said.startswith(f"intact: the log alone: {whole['events']} events, log root {whole['root']}\n")
    assert "not checked: bodies not opened, signatures of single events not verified" in said
    assert "bytes not read" in said
    item = furnished("list", "--json").lines[0]["item"]
    assert furnished("verify", item, "--json").json["not_checked"] == ["other-items", "loose-ends"]
    furnished("verify", "--log-only", item, code=2)


def test_what_it_does_not_look_at_it_does_not_call_checked(furnished: Desk) -> None:
    """Bytes, a body and a signature are altered: the whole check finds each, and that of the log says it left them."""
    item = furnished("list", "--json").lines[0]["item"]
    furnished.alter(furnished.object_of(item), lambda data: flip(data, 0))
    name = furnished.batches()[0]
    furnished.alter(name, lambda data: with_first(data, lambda event: event["body"].update(host="elsewhere")))
    other = furnished.batches()[1]
    signature = "A" * 86 + "=="
    furnished.alter(other, lambda data: with_first(data, lambda event: event.update(signature=signature)))

    alone(furnished)

    assert {"object-corrupt", "wrong-commitment", "wrong-signature"} <= {code for code, _ in furnished.faults()}


def test_whatever_is_altered_in_the_log_itself_is_found(furnished: Desk) -> None:
    name, events = furnished.batches()[0], len(furnished.batches())
    assert events > 10

    def within(field: str, value: object) -> Callable[[bytes], bytes]:
        return lambda data: with_first(data, lambda event: event["envelope"].update({field: value}))

    def without_body(event: dict[str, Any]) -> None:
        event.update(body=None, salt=None)

    alterations: dict[str, tuple[Callable[[bytes], bytes | None], set[str]]] = {
        "actor": (within("actor", "Eve"), {"wrong-root", "broken-chain"}),
        "time": (within("time", "2020-01-01T00:00:00.000000Z"), {"wrong-root"}),
        "sequence": (within("sequence", 1), {"out-of-sequence", "wrong-root"}),
        "commitment": (within("commitment", "0" * 64), {"wrong-root"}),
        "key": (within("key", "0" * 64), {"unknown-key", "wrong-root"}),
        "log": (within("log", "archive.example/else"), {"wrong-log", "wrong-root"}),
        "previous": (within("previous", "0" * 64), {"broken-chain", "wrong-root"}),
        "no field": (within("more", 1), {"malformed"}),
        "gone": (lambda _: None, {"out-of-sequence", "wrong-root"}),
        "a body taken out": (lambda data: with_first(data, without_body), {"body-missing"}),
        "respelled": (lambda data: json.dumps(json.loads(data), indent=1).encode(), {"not-canonical"}),
        "named twice": (lambda data: data.replace(b'"first":', b'"first":0,"first":', 1), {"malformed"}),
        "not text": (lambda data: data.replace(b"Test Desk", b"Test\xffDesk", 1), {"malformed"}),
        "nested": (lambda _: b"[" * 200_000, {"malformed"}),
        "checkpoint": (lambda data: data.replace(b"\\n\\n", b"\\nmore\\n\\n", 1), {"wrong-checkpoint"}),
        "cut": (lambda data: data[:-1], {"not-canonical"}),
    }
    whole = read(furnished, name)
    for what, (change, expected) in alterations.items():
        furnished.alter(name, lambda _, change=change: change(whole))  # type: ignore[misc] # a default binds the change
        assert codes(alone(furnished, code=1)) >= expected, what
        (furnished.home / "store" / name).write_bytes(whole)
    alone(furnished)


@pytest.mark.parametrize(
    ("kind", "field", "value", "expected"),
    [
        ("withdrawal", "withheld", [0, 1, 2], {"wrong-commitment"}),
        ("key-rotation", "reason", "another", {"wrong-commitment", "wrong-key-event"}),
    ],
)
def test_what_is_believed_on_the_way_is_opened_all_the_same(
    furnished: Desk, kind: str, field: str, value: object, expected: set[str]
) -> None:
    name = of_kind(furnished, kind)
    furnished.alter(name, lambda data: with_first(data, lambda event: event["body"].update({field: value})))
    assert codes(alone(furnished, code=1)) >= expected
    signature = "A" * 86 + "=="
    furnished.alter(name, lambda data: with_first(data, lambda event: event.update(signature=signature)))
    assert "wrong-signature" in codes(alone(furnished, code=1))


def test_a_log_cut_off_rewritten_or_rolled_back_is_found_with_a_checkpoint_kept_elsewhere(furnished: Desk) -> None:
    kept = furnished.files / "kept.note"
    furnished("checkpoint", "--output", kept)
    last = furnished.batches()[-1]
    (proven,) = alone(furnished, "--checkpoint", kept)["extends"]
    assert proven["today_size"] == proven["size"]

    shutil.copytree(furnished.home, furnished.files / "whole")
    furnished.alter(last, lambda _: None)
    assert "not-an-extension" in codes(alone(furnished, code=1))  # the catalogue saw it published
    assert "rolled-back" in codes(alone(furnished, "--checkpoint", kept, code=1))

    shutil.rmtree(furnished.home)
    (furnished.files / "whole").rename(furnished.home)
    item = furnished("list", "--json").lines[0]["item"]
    furnished("claim", item, "Something else", "--by", "Ada")
    (grown,) = alone(furnished, "--checkpoint", kept)["extends"]
    assert grown["today_size"] > grown["size"] == proven["size"]


def test_a_log_written_anew_with_the_same_key_is_found_by_the_note_alone(local: Desk) -> None:
    local("source", "add", "A source", "--kind", "broadcaster")
    local("source", "add", "Another", "--kind", "broadcaster")
    kept = local.files / "kept.note"
    local("checkpoint", "--output", kept)
    forge(local, own_key(local))

    alone(local)
    assert codes(alone(local, "--checkpoint", kept, code=1)) == {"rewritten"}
    assert parse(read(local, local.batches()[0])).first == 0


def test_an_empty_log_is_not_called_intact(local: Desk) -> None:
    assert codes(alone(local, code=1)) == {"nothing-checked"}
    assert "intact:" not in local("verify", "--log-only", code=1).out
