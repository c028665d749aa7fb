"""What an attacker can do who holds the store, the catalogue and some key of the log; and what of it is named."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody import base64text
from archiver.custody.batch import Batch, parse, render
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.event import Draft
from archiver.custody.keyring import RETIREMENT, ROTATION, handover
from archiver.custody.keys import SigningKey
from archiver.custody.log import append
from archiver.custody.merkle import Frontier
from archiver.facts.signing import KEYS_OF_THE_LOG
from archiver.nameplate import Nameplate
from archiver.settings import Settings
from archiver.writing import TOOL
from tests.archive.forging import forge, own_key
from tests.archive.rotated import keep, keys, rotate, take

if TYPE_CHECKING:
    from archiver.custody.log import Appended
    from tests.archive.desk import Desk


def private(desk: Desk, fingerprint: str) -> SigningKey:
    (path,) = [key["file"] for key in keys(desk) if key["fingerprint"] == fingerprint]
    return SigningKey.load(desk.home / path)


def behind(desk: Desk, *drafts: Draft, key: SigningKey, successor: SigningKey | None = None) -> None:
    """Publish one more transaction by whoever holds this key, and make the catalogue anew as far as that goes."""
    head, last = Frontier(), dict[str, str]()
    for name in desk.batches():
        batch = parse(desk.open_store().read(name, limit=2**30))
        head = head.extend([event.leaf for event in batch.events])
        last |= {event.envelope.subject: event.leaf.hex() for event in batch.events}
    now = "2030-01-01T00:00:00.000000Z"
    said: dict[str, Any] = {"origin": Settings.load(desk.home).origin, "time": now, "actor": "Eve", "tool": TOOL}
    done: Appended = append(head, drafts, key=key, successor=successor, last_of_subject=last, **said)
    put(desk, done.batch)


def put(desk: Desk, batch: Batch) -> None:
    name, data = f"log/events/{batch.name}", render(batch)
    if desk.server is None:
        (desk.home / "store" / name).write_bytes(data)
        return
    bucket, _, prefix = desk.store.removeprefix("s3://").partition("?")[0].partition("/")
    client = desk.server.client()
    client.put_object(Bucket=bucket, Key=f"{prefix}/{name}", Body=data)
    client.close()


def said_again(desk: Desk) -> Draft:
    """Something that the archive might say: the last event once more, in another event's words."""
    batch = parse(desk.open_store().read(desk.batches()[0], limit=2**30))
    event = next(event for event in batch.events if event.envelope.kind == "inspection")
    return Draft("inspection", event.envelope.subject, {**(event.body or {}), "detail": "planted"})


def found(desk: Desk) -> set[tuple[str, str]]:
    return {(code, subject) for code, subject in desk.faults() if not code.startswith("catalogue")}


@pytest.mark.attack("old-key-signs-event")
def test_an_event_that_the_old_key_signs_after_the_rotation_is_named(desk: Desk) -> None:
    take(desk, 1)
    done = rotate(desk)
    number = done["number"] + 1

    behind(desk, said_again(desk), key=private(desk, done["old"]))

    assert ("retired-key", f"event {number}") in found(desk)
    desk("rebuild", code=6)


@pytest.mark.attack("retired-key-signs")
def test_an_event_by_a_retired_key_and_one_by_a_strangers_are_named_and_told_apart(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    done = rotate(on_catalogue)
    number = on_catalogue("key", "retire", done["old"], "--reason", "stolen", "--json").json["number"]

    behind(on_catalogue, said_again(on_catalogue), key=private(on_catalogue, done["old"]))
    behind(on_catalogue, said_again(on_catalogue), key=SigningKey.generate())

    assert {("retired-key", f"event {number + 1}"), ("unknown-key", f"event {number + 2}")} <= found(on_catalogue)


def rotation(desk: Desk, number: int, old: SigningKey, new: SigningKey, **other: object) -> Draft:
    statement = handover(
        Settings.load(desk.home).origin, number, old.public.fingerprint, new.public.fingerprint
    )  # as whoever holds both would
    said = {
        "place": number,
        "replaces": old.public.fingerprint,
        "key": new.public.base64,
        "fingerprint": new.public.fingerprint,
        "endorsement": base64text.write(old.sign(statement)),
        "possession": base64text.write(new.sign(statement)),
        "reason": "planted",
    }
    return Draft(ROTATION, KEYS_OF_THE_LOG, said | other)


@pytest.mark.attack("rotation-by-old-key")
def test_a_rotation_by_a_retired_key_is_named_and_brings_nobody_in(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    done = rotate(on_catalogue)
    number, thief = done["number"] + 1, SigningKey.generate()
    old = private(on_catalogue, done["old"])

    behind(on_catalogue, rotation(on_catalogue, number, old, thief), key=old, successor=thief)
    behind(on_catalogue, said_again(on_catalogue), key=thief)

    where = f"event {number}"
    named = {("retired-key", where), ("wrong-key-event", where), ("unknown-key", f"event {number + 1}")}
    assert named <= found(on_catalogue)


@pytest.mark.attack("rotation-unproved")
def test_a_rotation_to_a_key_that_nobody_shows_to_hold_is_named(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    done = rotate(on_catalogue)
    number, key = done["number"] + 1, private(on_catalogue, done["new"])
    planted = rotation(on_catalogue, number, key, SigningKey.generate(), possession=base64text.write(bytes(64)))

    behind(on_catalogue, planted, key=key)

    assert ("wrong-key-event", f"event {number}") in found(on_catalogue)


@pytest.mark.attack("retirement-forged")
def test_a_retirement_of_the_key_in_force_by_a_former_one_is_named(on_catalogue: Desk) -> None:
    take(on_catalogue, 1)
    done = rotate(on_catalogue)
    planted = Draft(RETIREMENT, KEYS_OF_THE_LOG, {"fingerprint": done["new"], "reason": "planted", "since": 0})

    behind(on_catalogue, planted, key=private(on_catalogue, done["old"]))

    assert ("wrong-key-event", f"event {done['number'] + 1}") in found(on_catalogue)


@pytest.mark.attack("old-key-signs-checkpoint")
def test_a_checkpoint_that_the_old_key_signs_after_the_rotation_is_named_in_the_log_and_from_elsewhere(
    local: Desk,
) -> None:
    take(local, 1)
    done = rotate(local)
    take(local, 2)
    old, name = private(local, done["old"]), local.batches()[-1]
    batch = parse(local.open_store().read(name, limit=2**30))
    text = batch.checkpoint.rpartition("\n\n")[0] + "\n"
    note = Checkpoint.parse(text).sign(old)
    planted = local.file("planted.note", note.encode())

    (fault,) = local("verify", "--json", "--checkpoint", planted, code=1).json["faults"]
    assert fault["code"] == "retired-key"
    local.alter(name, lambda _: render(replace(batch, checkpoint=note)))
    assert ("retired-key", name) in found(local)


def test_a_log_signed_anew_with_a_new_key_is_found_by_the_pinned_one_and_by_who_kept_a_checkpoint(local: Desk) -> None:
    take(local, 1)
    rotate(local)
    take(local, 2)
    note = keep(local, "kept.note")
    stranger, settings = SigningKey.generate(), Settings.load(local.home)
    old = Nameplate.read(local.open_store())
    assert old is not None
    local.alter("format.json", lambda _: None)
    Nameplate(settings.origin, stranger.public, old.created, old.guarantees).write(local.open_store(), stranger)

    assert {code for code, _ in local.faults()} == {"nameplate"}  # the pinned fingerprint

    path = local.home / "archive.toml"
    path.write_text(path.read_text().replace(settings.key, stranger.public.fingerprint))
    forge_without_rotation(local, stranger)
    assert local("verify", "--json").json["intact"]  # nobody else can notice it
    (fault,) = local("verify", "--json", "--checkpoint", note, code=1).json["faults"]
    assert fault["code"] == "unknown-key"


def forge_without_rotation(desk: Desk, key: SigningKey) -> None:
    """Write everything anew but what is about keys; a catalogue is made of what is there."""
    kept = []
    for name in desk.batches():
        batch = parse(desk.open_store().read(name, limit=2**30))
        events = tuple(event for event in batch.events if event.envelope.kind not in (ROTATION, RETIREMENT))
        if events:
            kept.append(events)
        desk.alter(name, lambda _: None)
    size = 0
    for events in kept:
        put(desk, Batch(size, tuple(_numbered(events, size)), "to be signed"))
        size += len(events)
    forge(desk, key)


def _numbered(events: tuple[Any, ...], size: int) -> list[Any]:
    return [
        replace(event, envelope=replace(event.envelope, sequence=size + number)) for number, event in enumerate(events)
    ]


@pytest.mark.attack("rotation-cut-off")
def test_whoever_holds_a_former_key_and_all_the_rest_can_grow_the_log_anew_from_before_the_rotation(
    local: Desk,
) -> None:
    """The honest hole: the rotation is cut off, and only who kept something shows it."""
    take(local, 1)
    shutil.copytree(local.home, local.files / "yesterday")
    done = rotate(local)
    note = keep(local, "kept.note")
    shutil.rmtree(local.home)
    (local.files / "yesterday").rename(local.home)
    take(local, 2)
    assert own_key(local).public.fingerprint == done["old"]

    assert local("verify", "--json").json["intact"]
    (fault,) = local("verify", "--json", "--checkpoint", note, code=1).json["faults"]
    assert fault["code"] == "unknown-key"
    assert "cut off before this key came into force" in fault["detail"]
