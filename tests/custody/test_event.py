"""An event is one signed statement: whatever is changed in it, it no longer verifies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.canonical import canonical, read
from archiver.custody.commitment import commit_written
from archiver.custody.errors import EventUnverified, Malformed
from archiver.custody.event import Draft, Envelope, Event, verify
from archiver.custody.finding import Code
from archiver.custody.keys import SigningKey
from archiver.custody.log import append
from archiver.custody.merkle import Frontier, leaf_hash
from archiver.custody.written import written
from archiver.errors import LogError

KEY = SigningKey.from_seed(bytes(range(32)))
HASH = "ab" * 32


def make(body: dict[str, Any], *, key: SigningKey = KEY) -> Event:
    done = append(
        Frontier(),
        [Draft("acquisition", HASH, body)],
        origin="archive.example/desk",
        time="2026-11-23T14:53:53.123456Z",
        actor="Ada Lovelace",
        tool="archiver 0.1.0",
        key=key,
        last_of_subject={HASH: "cd" * 32},
        salts=bytes,
    )
    return done.batch.events[0]


EVENT = make({"place": "Würzburg", "seen": 3, "at": [49.79, 9.95]})
JSON = EVENT.to_json()


def test_a_fresh_event_verifies() -> None:
    assert verify(EVENT, KEY.public)


def test_the_format_never_changes_its_mind() -> None:
    """Pinned: these bytes are what archives of today will be held against in ten years."""
    assert EVENT.envelope.canonical() == (
        b'{"actor":"Ada Lovelace","commitment":"d5f25ec3cc744a807f75b60c0cde7243f112f96106ca6c80a0b59e8b23263c4c",'
        b'"format":"archiver-event-1","key":"56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c",'
        b'"kind":"acquisition","log":"archive.example/desk",'
        b'"previous":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","sequence":0,'
        b'"subject":"abababababababababababababababababababababababababababababababab",'
        b'"time":"2026-11-23T14:53:53.123456Z","tool":"archiver 0.1.0"}'
    )
    assert EVENT.leaf == leaf_hash(EVENT.envelope.canonical())
    assert EVENT.leaf.hex() == "ab021e0601961146ed27fc63da4b4a0bd4d6358d97c3a25a453450e881f2a2d6"


def test_json_is_a_round_trip() -> None:
    assert Event.from_json(read(canonical(JSON))) == EVENT
    withheld = EVENT.withhold()
    assert Event.from_json(read(canonical(withheld.to_json()))) == withheld


def test_a_withheld_body_leaves_signature_and_leaf_verifiable() -> None:
    withheld = EVENT.withhold()
    assert (withheld.body, withheld.salt, withheld.leaf) == (None, None, EVENT.leaf)
    assert verify(withheld, KEY.public)
    with pytest.raises(EventUnverified):
        verify(replace(withheld, signature=bytes(64)), KEY.public)


@pytest.mark.parametrize(("salt", "body"), [(None, EVENT.body), (EVENT.salt, None)])
def test_a_body_and_its_salt_are_withheld_together(salt: bytes | None, body: dict[str, Any] | None) -> None:
    with pytest.raises(Malformed, match="together"):
        Event(EVENT.envelope, EVENT.signature, salt, body)


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_or_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Malformed):
        replace(EVENT, signature=bytes(length))
    with pytest.raises(Malformed):
        replace(EVENT, salt=bytes(length))


PUBLISHED = canonical(JSON)


def test_an_event_is_written_in_parts_as_it_is_written_whole() -> None:
    for event in (EVENT, EVENT.withhold()):
        parts = written(event)
        assert parts.text == rfc8785.dumps(event.to_json())
        assert parts.message == rfc8785.dumps(event.envelope.to_json())
    fields = written(EVENT).fields
    assert EVENT.salt is not None
    assert fields is not None
    assert commit_written(fields, EVENT.salt) == EVENT.envelope.commitment


@given(st.integers(0, len(PUBLISHED) - 1), st.integers(1, 255))
def test_no_byte_of_a_published_event_can_be_changed(place: int, mask: int) -> None:
    changed = bytearray(PUBLISHED)
    changed[place] ^= mask
    assert accepted(PUBLISHED)
    assert not accepted(bytes(changed))


def accepted(data: bytes) -> bool:
    """Whether these bytes are the one spelling of an event that verifies."""
    try:
        event = Event.from_json(read(data))
        verify(event, KEY.public)
        return canonical(event.to_json()) == data
    except (LogError, ValueError):
        return False


OTHER: dict[str, Any] = {
    "log": "archive.example/other",
    "sequence": 1,
    "time": "2026-11-23T14:53:53.123457Z",
    "actor": "Ada Lovelacf",
    "tool": "archiver 0.1.1",
    "kind": "acquisitio",
    "subject": "ab" * 31 + "aa",
    "previous": None,
    "commitment": "00" * 32,
}


def test_every_field_of_the_envelope_is_signed() -> None:
    assert {*OTHER, "key"} == set(Envelope.__slots__)
    for name, value in OTHER.items():
        changed = replace(EVENT, envelope=replace(EVENT.envelope, **{name: value}))
        with pytest.raises(EventUnverified) as refused:
            verify(changed, KEY.public)
        assert refused.value.code is Code.WRONG_SIGNATURE
        assert refused.value.sequence == changed.envelope.sequence
        assert f"event {changed.envelope.sequence}" in str(refused.value)


def test_a_changed_body_or_salt_is_named_as_such() -> None:
    body = {**(EVENT.body or {}), "seen": 4}
    for changed in (replace(EVENT, body=body), replace(EVENT, salt=bytes(31) + b"\1")):
        with pytest.raises(EventUnverified) as refused:
            verify(changed, KEY.public)
        assert refused.value.code is Code.WRONG_COMMITMENT


def test_another_key_is_named_as_such_even_if_it_signed() -> None:
    other = SigningKey.generate()
    for event, key in ((EVENT, other.public), (make({"a": 1}, key=other), KEY.public)):
        with pytest.raises(EventUnverified) as refused:
            verify(event, key)
        assert refused.value.code is Code.UNKNOWN_KEY


def test_what_has_no_canonical_form_is_named_as_such() -> None:
    changed_body = replace(EVENT, body={"place": "\ud800"})
    changed_envelope = replace(EVENT, envelope=replace(EVENT.envelope, actor="\ud800"))
    for changed in (changed_body, changed_envelope):
        with pytest.raises(EventUnverified) as refused:
            verify(changed, KEY.public)
        assert refused.value.code is Code.NOT_CANONICAL


TEXTS = {"log", "actor", "tool", "kind", "subject"}
ENVELOPE: dict[str, Any] = JSON["envelope"]


def refused(changed: dict[str, Any], *, envelope: bool) -> bool:
    try:
        Event.from_json({**JSON, "envelope": changed} if envelope else changed)
    except Malformed:
        return True
    return False


@pytest.mark.parametrize("name", ENVELOPE)
def test_an_envelope_with_a_missing_or_another_field_is_refused(name: str) -> None:
    rest = {other: value for other, value in ENVELOPE.items() if other != name}
    assert not refused(ENVELOPE, envelope=True)
    assert refused(rest, envelope=True)
    assert refused({**rest, name.upper(): ENVELOPE[name]}, envelope=True)
    assert refused({**ENVELOPE, "more": 1}, envelope=True)


@pytest.mark.parametrize("name", ENVELOPE)
def test_an_envelope_with_a_value_of_another_type_or_form_is_refused(name: str) -> None:
    wrong: list[Any] = [True, 1.0, -1, [], {"x": 1}, "", "x\ny"]
    wrong += [] if name in TEXTS else ["archiver-event-2", "0" * 63, "AB" * 32]
    wrong += [] if name == "previous" else [None]
    assert [value for value in wrong if not refused({**ENVELOPE, name: value}, envelope=True)] == []


@pytest.mark.parametrize("name", JSON)
def test_an_event_with_a_missing_or_another_field_or_type_is_refused(name: str) -> None:
    rest = {other: value for other, value in JSON.items() if other != name}
    assert not refused(JSON, envelope=False)
    assert refused(rest, envelope=False)
    assert refused({**rest, name.upper(): JSON[name]}, envelope=False)
    assert refused({**JSON, "more": 1}, envelope=False)
    wrong: list[Any] = [True, 1.0, 0, [], {}, "", "x", "0" * 63, None]
    assert [value for value in wrong if not refused({**JSON, name: value}, envelope=False)] == []


@pytest.mark.parametrize("value", [None, [], "x", 1, [JSON]])
def test_what_is_no_object_is_no_event(value: Any) -> None:
    with pytest.raises(Malformed):
        Event.from_json(value)
    with pytest.raises(Malformed):
        Event.from_json({**JSON, "envelope": value})


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-23T14:53:53Z",
        "2026-11-23T14:53:53.123456",
        "2026-11-23T14:53:53.123456+00:00",
        "2026-02-30T14:53:53.123456Z",
        "2026-11-23T24:00:01.000000Z",
        "2026-11-23 14:53:53.123456Z",
        "2026-11-23T14:53:53.123456Z\n",
        "２０２６-11-23T14:53:53.123456Z",  # noqa: RUF001 - digits, but not ASCII's
    ],
)
def test_a_time_is_a_real_moment_in_utc_with_microseconds(time: str) -> None:
    with pytest.raises(Malformed):
        replace(EVENT.envelope, time=time)


def test_another_spelling_of_the_signature_is_refused() -> None:
    """The last base64 digit of 64 bytes has four spare bits; a lax reader would take sixteen spellings."""
    text = JSON["signature"]
    for changed in (text.rstrip("="), text + "\n", text[:-3] + chr(ord(text[-3]) + 1) + "==", text + "="):
        with pytest.raises(Malformed):
            Event.from_json({**JSON, "signature": changed})


@pytest.mark.parametrize("body", [{}, None, [], "x", {1: 2}])
def test_a_draft_without_a_body_is_refused(body: Any) -> None:
    with pytest.raises(Malformed, match="at least one field"):
        Draft("acquisition", HASH, body)
