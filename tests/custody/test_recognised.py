"""What is recognised at once is taken by the exact way, which says the same; and what it refuses is not recognised."""

from __future__ import annotations

import base64
import math
import sys
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from hypothesis import assume, example, given
from hypothesis import strategies as st

from archiver.custody import base64text, recognised, transaction
from archiver.custody.batch import Batch, parse, parse_loosely, render
from archiver.custody.canonical import canonical
from archiver.custody.check import check
from archiver.custody.errors import Malformed
from archiver.custody.event import Envelope, Event
from archiver.custody.recognised import DEEPEST, recognise
from tests.custody.test_canonical import NAMES, VALUES
from tests.custody.ways import said

if TYPE_CHECKING:
    from archiver.custody.recognised import Closed, Recognised
    from tests.custody.conftest import Log

HASH, OTHER, SALT = "0a" * 32, "1b" * 32, "2c" * 32
ENVELOPE: dict[str, Any] = {
    "actor": "Ada",
    "commitment": HASH,
    "format": "archiver-event-1",
    "key": OTHER,
    "kind": "acquisition",
    "log": "archive.example/desk",
    "previous": None,
    "sequence": 7,
    "subject": HASH,
    "time": "2026-11-23T14:53:53.123456Z",
    "tool": "archiver 0.1.0",
}
EVENT: dict[str, Any] = {
    "body": {"number": 7, "place": "Würzburg", "at": [49.79, -9.95], "basis": {"edtf": None, "known": True}},
    "envelope": ENVELOPE,
    "salt": SALT,
    "signature": base64.b64encode(bytes(range(64))).decode(),
}
BODIES = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)


def published(event: dict[str, Any], **other: Any) -> bytes:
    """A transaction of this event alone, spelled as RFC 8785 demands, whatever stands in it."""
    batch: dict[str, Any] = {"checkpoint": "— one\n", "events": [event], "first": 7, "format": "archiver-events-1"}
    return rfc8785.dumps(batch | other) + b"\n"


def exactly(seen: Recognised) -> Batch:
    """The same in the values that the exact way makes, which check each part."""
    return Batch(seen.first, tuple(an_event(event) for event in seen.events), seen.checkpoint)


def an_event(event: recognised.Event | Closed) -> Event:
    told = {name: getattr(event.envelope, name) for name in event.envelope.__struct_fields__ if name != "format"}
    salt = None if event.salt is None else bytes.fromhex(event.salt)
    return Event(Envelope(**told), event.signature, salt, event.body)


def agree(data: bytes) -> bool:
    """Whether these bytes are recognised; then the exact way takes them, and says the same."""
    seen, shut = recognise(data), recognise(data, bodies=False)
    if shut is not None:
        assert not shut.bodies
        around = exactly(shut) if all(e.is_withheld or e.body for e in shut.events) else None
        assert around is None or around == parse_loosely(data)
    if seen is None:
        return False
    batch = parse(data)  # refuses whatever is not the one spelling
    assert exactly(seen) == batch
    assert seen.leaves == [event.leaf for event in batch.events]
    for event, theirs in zip(seen.events, batch.events, strict=True):
        assert recognised.message(event) == theirs.envelope.canonical()
        written = dict(zip(event.body or (), recognised.values(event.body or {}), strict=True))
        assert written == {name: canonical(value) for name, value in (theirs.body or {}).items()}
        assert event.is_withheld == theirs.is_withheld
    assert shut is not None
    assert (shut.first, shut.leaves, shut.checkpoint) == (seen.first, seen.leaves, seen.checkpoint)
    return True


def test_what_is_usual_is_recognised(log: Log) -> None:
    assert all(agree(data) for _, data in log.published)
    assert agree(published(EVENT))
    assert agree(published(EVENT | {"body": None, "salt": None}))
    assert agree(published(EVENT | {"body": {'"\\\n\t\b\f\r\x00\x7f/': "\U0001f600\x1f\ufb33\u2028"}}))


def test_every_character_is_written_as_the_standard_demands() -> None:
    """All of Unicode, a thousand characters at a time, within a body, as names (ASCII) and within an envelope."""
    for start in range(0, sys.maxunicode + 1, 1024):
        text = "".join(map(chr, (n for n in range(start, start + 1024) if not 0xD800 <= n < 0xE000)))
        if not text:
            continue
        names = {name: 1 for name in text if name.isascii()}
        told = text.replace("\n", "")
        assert agree(published(EVENT | {"body": {"text": text} | names, "envelope": ENVELOPE | {"actor": told}}))


@given(BODIES)
@example({"\ufb33": 1, "\U0001f600": 2})
@example({"a": [1.0, -0.0, 1e21, 1e-7, 5e-324, 1e16, 123456789012345680.0, 0.1, 1e20]})
def test_of_every_body_both_ways_say_the_same(body: dict[str, Any]) -> None:
    recognised_at_once = agree(published(EVENT | {"body": body}))
    assert recognised_at_once or not is_plain(body)


def is_plain(value: Any) -> bool:
    """Whether the encoder is trusted with this value: then it must be recognised, or the quick way would do nothing."""
    if isinstance(value, dict):
        return all(name.isascii() and is_plain(held) for name, held in value.items())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return not isinstance(value, float) or (not value.is_integer() and "e" not in repr(value))


TOKENS = [
    *(b"1.0", b"-0", b"-0.0", b"1e5", b"1E5", b"0.10", b"1.50", b"100000000000000000000", b"9007199254740993"),
    *(b"9007199254740992", b"-9007199254740992", b"1e400", b"1e-7", b"NaN", b"Infinity", b"01", b"+1", b".5", b"1."),
    *(b"0.1", b"0.30000000000000004", b"0.3000000000000000444", b"2.5e0", b"123456789.123456789", b"5e-324"),
    *(b'"\\u0041"', b'"\\/"', b'"\\ud800"', b'"\\ud83d\\ude00"', b'"\\u001F"', b'"\\u001f"', b'"\\u007f"', b'"\xff"'),
    *(b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\t"', b'"\\t"', b"{}", b"[]", b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"[1, 2]"),
    *(b'{"\xef\xac\xb3":1,"\xf0\x9f\x98\x80":2}', b'{"\xf0\x9f\x98\x80":2,"\xef\xac\xb3":1}', b"tru", b"null", b"[1,]"),
]


def test_names_in_the_order_of_code_points_are_not_recognised() -> None:
    """RFC 8785 sorts by UTF-16 code unit: a name beyond U+FFFF stands before one from U+E000 on."""
    names, sorted_otherwise = b'"\xf0\x9f\x98\x80":1,"\xef\xac\xb3":2', b'"\xef\xac\xb3":2,"\xf0\x9f\x98\x80":1'
    for body in (EVENT["body"] | {"\U0001f600": 1, "\ufb33": 2}, {"in": [{"\U0001f600": 1, "\ufb33": 2}]}):
        data = published(EVENT | {"body": body})
        agree(data)
        assert names in data
        assert recognise(data.replace(names, sorted_otherwise)) is None


@pytest.mark.parametrize("token", TOKENS, ids=repr)
@pytest.mark.parametrize("within", [b"%b", b"[0,%b]", b'{"a":%b}'], ids=["bare", "list", "object"])
def test_a_value_however_spelled_is_recognised_only_where_the_exact_way_takes_it(token: bytes, within: bytes) -> None:
    agree(published(EVENT | {"body": {"value": "HERE"}}).replace(b'"HERE"', within % token))


def test_what_is_nested_more_deeply_than_anybody_nests_is_left_to_the_exact_way() -> None:
    deep: Any = "here"
    for level in range(2 * DEEPEST):
        deep = [deep] if level % 2 else {"in": deep}
        assert agree(published(EVENT | {"body": {"value": deep}})) == (level < DEEPEST - 1)
    for many in (2000, 200_000):
        assert recognise(published(EVENT).replace(b"49.79", b"[" * many + b"1" + b"]" * many)) is None


ODD: list[Any] = [
    *(None, True, False, 0, -1, 7, 2**53 - 1, 2**53, 7.0, "", " ", "\n", "a\nb", "\\n", '"', "Ä", [], {}, ["a"]),
    *(HASH, HASH.upper(), HASH[:-1], HASH + "0", HASH[:-1] + "g", HASH[:-2] + " 0", " " * 64, "0" * 64),
    HASH[:-1] + "\n",
    *("2026-11-23T14:53:53.123456Z", "2026-11-23T14:53:53Z", "2026-02-30T14:53:53.123456Z"),
    "2026-11-23T24:00:00.000000Z",
    *("2026-11-23T14:53:53.123456+", "\u0662026-11-23T14:53:53.123456Z", "archiver-event-2", "archiver-events-2"),
    *(base64.b64encode(bytes(n)).decode() for n in (63, 64, 65, 66)),
    *("A" * 85 + "B==", "A" * 86 + "= ", "A" * 86, "-" * 86 + "==", math.pi),
]


def refused(data: bytes) -> bool:
    try:
        parse(data)
    except Malformed:
        return True
    return False


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_an_odd_value_in_any_place_is_recognised_only_where_the_exact_way_takes_it(odd: Any) -> None:
    places = [published(EVENT | {"envelope": ENVELOPE | {name: "HERE"}}) for name in ENVELOPE]
    places += [published(EVENT | {name: "HERE"}) for name in EVENT]
    places += [published(EVENT, **{name: "HERE"}) for name in ("first", "checkpoint", "format", "events")]
    spelled = b"%d" % odd if type(odd) is int else rfc8785.dumps(odd)
    for place in places:
        data = place.replace(b'"HERE"', spelled)
        if refused(data):
            assert recognise(data) is None
            assert recognise(data, bodies=False) is None
        else:
            agree(data)
    assert agree(published(EVENT | {"body": None, "salt": "HERE"}).replace(b'"HERE"', spelled)) == (odd is None)


@pytest.mark.parametrize("part", ["envelope", "event", "batch"])
def test_a_field_more_or_less_is_not_recognised(part: str) -> None:
    for change in (lambda held: held | {"more": 1}, lambda held: dict(list(held.items())[1:])):
        match part:
            case "envelope":
                data = published(EVENT | {"envelope": change(ENVELOPE)})
            case "event":
                data = published(change(EVENT))
            case _:
                data = rfc8785.dumps(change({"checkpoint": "", "events": [EVENT], "first": 7})) + b"\n"
        assert recognise(data) is None
        assert recognise(data, bodies=False) is None
        assert refused(data)


def test_a_second_envelope_within_an_event_or_within_its_body_deceives_nobody() -> None:
    other = ENVELOPE | {"actor": "Eve"}
    within = published(EVENT | {"body": {"body": 1, "envelope": other, "salt": SALT, "signature": EVENT["signature"]}})
    twice = published(EVENT).replace(b'"envelope":', b'"envelope":' + rfc8785.dumps(other) + b',"envelope":', 1)
    assert agree(within)
    for bodies in (True, False):
        seen = recognise(within, bodies=bodies)
        assert seen is not None
        assert [event.envelope.actor for event in seen.events] == ["Ada"]
        assert recognise(twice, bodies=bodies) is None


BYTES = st.sampled_from(
    [b"", b" ", b'"', b"\\", b"{", b"}", b",", b":", b"0", b"e5", b".0", b"\\u0041", b"\xff", b"\n"]
)


@given(st.integers(0, 2), st.integers(0, 1_000_000), st.integers(0, 3), BYTES)
def test_of_a_log_with_changed_bytes_both_ways_say_the_same(
    log: Log, batch: int, place: int, gone: int, put: bytes
) -> None:
    """Recognised or not: what a check finds, and the state that it ends in, is that of the exact way alone."""
    objects = log.published
    name, data = objects[batch]
    place %= len(data)
    changed = data[:place] + put + data[place + gone :]
    assume(changed != data)
    agree(changed)
    objects[batch] = (name, changed)
    with pytest.MonkeyPatch.context() as patch:
        found = said(check(objects, [log.key.public], origin=log.origin, signatures=False))
        patch.setattr(transaction, "recognise", lambda *_, **__: None)
        assert said(check(objects, [log.key.public], origin=log.origin, signatures=False)) == found


@given(st.integers(0, 2), st.integers(0, 1_000_000), st.integers(1, 255))
def test_no_byte_of_a_log_can_be_changed_outside_its_bodies_salts_and_signatures(
    log: Log, batch: int, place: int, mask: int
) -> None:
    """The check of the log alone: what it does not find, it says that it did not look for."""
    objects = log.published
    name, data = objects[batch]
    changed = bytearray(data)
    changed[place % len(data)] ^= mask
    objects[batch] = (name, bytes(changed))
    if check(objects, [log.key.public], origin=log.origin, opened=()).intact:
        was, now = parse_loosely(data), parse_loosely(bytes(changed))
        assert [event.envelope for event in now.events] == [event.envelope for event in was.events]
        assert (now.first, now.checkpoint) == (was.first, was.checkpoint)


def test_a_body_is_read_late_where_it_was_not_wanted() -> None:
    data = published(EVENT)
    for spelled, body in ((data, EVENT["body"]), (data.replace(b'"number":7', b'"number":7,"number":7'), None)):
        seen = recognise(spelled, bodies=False)
        assert seen is not None
        assert seen.events[0].body == body
        assert not seen.events[0].is_withheld


def test_base64_as_the_decoder_reads_it_is_ours() -> None:
    assert base64text.write(bytes(range(64))) == EVENT["signature"]


def test_render_is_what_is_recognised() -> None:
    batch = parse(published(EVENT))
    assert agree(render(batch))
