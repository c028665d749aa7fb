"""Facts: validated when made, never changed, and the same again after text, log and catalogue."""

from __future__ import annotations

import base64
import json
import os
import string
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from archiver.catalogue.tables import FACT_ROWS
from archiver.errors import LogError
from archiver.facts import vocabulary
from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim, ClaimLink
from archiver.facts.exchange import HashList
from archiver.facts.fixity import FixityCheck, FixityFailure, Repair
from archiver.facts.handling import Case, CaseItem, Sensitivity, Sharing, Tag
from archiver.facts.inspection import Fingerprint, Inspection
from archiver.facts.keeping import StoreChange
from archiver.facts.kinds import KINDS, fact_from
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.relation import Relation
from archiver.facts.sighting import Disclosure, Reachability, Sighting
from archiver.facts.signing import KeyRetirement, KeyRotation
from archiver.facts.source import Account, AccountProfile, Affiliation, Agent, Alias, Merge
from archiver.facts.values import escape_undecodable, instant
from archiver.facts.withdrawal import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.facts.fact import Fact


@given(st.lists(st.binary(min_size=1, max_size=6), min_size=2, max_size=2, unique=True))
def test_no_two_file_names_are_written_alike_and_each_can_be_carried_by_json(names: list[bytes]) -> None:
    one, other = (escape_undecodable(os.fsdecode(name)) for name in names)

    assert one != other
    assert json.loads(json.dumps(one).encode()) == one
    one.encode()


@given(st.text("\\x0f\udcff\udc80a", max_size=8), st.text("\\x0f\udcff\udc80a", max_size=8))
def test_a_name_that_spells_an_escape_is_not_the_name_that_needs_one(one: str, other: str) -> None:
    assert (escape_undecodable(one) == escape_undecodable(other)) == (one == other)


PLATFORMS = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=20).filter(
    lambda t: t[0].isalnum()
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).filter(str.strip)


@given(PLATFORMS, TEXT)
def test_an_account_is_the_same_account_after_its_text(platform: str, handle: str) -> None:
    try:
        account = Account(platform=platform, handle=handle)
    except ValidationError:
        reject()
    assume(not account.handle.startswith("@"))

    assert Account.parse(str(account)) == account
    assert Account.parse(f"{platform.upper()}:@{account.handle}").identity() == account.identity()


@pytest.mark.parametrize("text", ["", "telegram", ":handle", "telegram:", "telegram:@", "tele gram:x", "-x:y", "x:  "])
def test_what_names_no_account_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Account.parse(text)


ITEM = st.text("0123456789abcdef", min_size=64, max_size=64)
INSTANT = st.datetimes(datetime(2, 1, 1), timezones=st.just(UTC)).map(instant)  # noqa: DTZ001 - it is UTC
PUBLISHED = st.sampled_from(["2024", "2024-12~", "2024-12-27T14:05", "2024-12-27T14:05:00+09:00", "2024-12-26/.."])
SIZE = st.integers(0, 2**53 - 1)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def base64_of(size: int) -> st.SearchStrategy[str]:
    return st.binary(min_size=size, max_size=size).map(lambda data: base64.b64encode(data).decode())


STATE = {"state": st.sampled_from(vocabulary.State), "supersedes": ITEM}
NEWER = {"supersedes": ITEM}
NAME = TEXT.map(lambda text: unicodedata.normalize("NFC", text).strip())

FACTS: dict[type[Fact], st.SearchStrategy[Any]] = {
    Acquisition: st.fixed_dictionaries(
        {"item": ITEM, "size": SIZE, "taken_in": INSTANT, "clock": st.sampled_from(vocabulary.ClockSource)},
        optional={"collector": TEXT, "file_name": TEXT, "path": TEXT, "source": ITEM, "url": TEXT, "note": TEXT}
        | {"file_modified": INSTANT, "host": TEXT, "method": st.sampled_from(vocabulary.AcquisitionMethod)},
    ),
    Copy: st.fixed_dictionaries(
        {"item": ITEM, "store": TEXT, "name": TEXT, "size": SIZE, "stored": INSTANT}
        | {"check": st.sampled_from(vocabulary.CopyCheck)}
    ),
    Inspection: st.fixed_dictionaries(
        {"item": ITEM, "media_type": st.just("image/jpeg"), "decode": st.sampled_from(vocabulary.DecodeStatus)}
        | {"inspector": TEXT},
        optional={"width": st.integers(1, 10**6), "height": st.integers(1, 10**6), "orientation": st.integers(1, 8)}
        | {"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180), "altitude": st.floats(-1e4, 1e5)}
        | {"captured": TEXT, "camera": TEXT, "detail": TEXT, "frames": st.integers(1, 999)}
        | {"embedded": st.dictionaries(TEXT, st.dictionaries(TEXT, TEXT, max_size=2), max_size=2)},
    ),
    Fingerprint: st.fixed_dictionaries(
        {"item": ITEM, "algorithm": st.just("phash-1:hash16"), "bits": ITEM}, optional={"quality": st.integers(0, 100)}
    ),
    Disclosure: st.fixed_dictionaries(
        {"item": ITEM, "profile": TEXT, "bytes_included": st.booleans(), "record": ITEM, "disclosed": INSTANT},
        optional={"recipient": TEXT, "reason": TEXT},
    ),
    Agent: st.fixed_dictionaries(
        {"name": TEXT},
        optional={"kind": st.sampled_from(vocabulary.SourceKind), "type": maybe(st.sampled_from(vocabulary.AgentType))}
        | {"url": TEXT, "country": st.sampled_from(["KR", "ua"]), "note": TEXT, "supersedes": ITEM},
    ),
    Account: st.fixed_dictionaries({"platform": PLATFORMS, "handle": TEXT}),
    AccountProfile: st.fixed_dictionaries(
        {"account": ITEM, "platform": PLATFORMS, "observed": INSTANT},
        optional={"platform_id": TEXT, "display_name": TEXT, "url": TEXT, "by": TEXT, "supersedes": ITEM},
    ),
    Affiliation: st.fixed_dictionaries(
        {"source_type": st.sampled_from(vocabulary.SourceType), "source": ITEM, "organisation": ITEM, "basis": TEXT}
        | {"kind": st.sampled_from(vocabulary.AffiliationKind), "asserted_by": TEXT},
        optional={"valid": PUBLISHED, "url": TEXT} | STATE,
    ),
    Alias: st.fixed_dictionaries({"agent": ITEM, "name": TEXT}, optional={"by": TEXT} | STATE),
    Merge: st.fixed_dictionaries({"agent": ITEM, "into": ITEM, "by": TEXT, "basis": TEXT}, optional=STATE),
    Sighting: st.fixed_dictionaries(
        {"observed": INSTANT},
        optional={"item": ITEM, "url": TEXT, "canonical": TEXT, "channel": TEXT, "account": ITEM, "publisher": ITEM}
        | {"published": PUBLISHED, "caption": TEXT, "language": st.sampled_from(["ko", "zh-Hant"])}
        | {"repost_of": ITEM, "context": ITEM, "note": TEXT}
        | {"observer": TEXT, "published_basis": st.sampled_from(vocabulary.TimeBasis)},
    ),
    Reachability: st.fixed_dictionaries(
        {"sighting": ITEM, "availability": st.sampled_from(vocabulary.Availability), "observed": INSTANT},
        optional={"item": ITEM, "by": TEXT, "note": TEXT},
    ),
    Claim: st.fixed_dictionaries(
        {"item": ITEM, "text": TEXT, "kind": st.sampled_from(vocabulary.ClaimKind)},
        optional={"claimant": ITEM, "claimant_account": ITEM, "sighting": ITEM, "url": TEXT}
        | {"value": st.dictionaries(NAME, st.one_of(NAME, SIZE, st.floats(-1e9, 1e9)), min_size=1, max_size=3)}
        | {"manner": maybe(st.sampled_from(vocabulary.ClaimManner))},
    ),
    ClaimLink: st.fixed_dictionaries(
        {"item": ITEM, "claim": ITEM, "other": ITEM, "relation": st.sampled_from(vocabulary.ClaimRelation)},
        optional={"by": TEXT, "basis": TEXT} | STATE,
    ),
    Assessment: st.fixed_dictionaries(
        {"target": ITEM, "target_kind": st.sampled_from(vocabulary.TargetKind), "assessor": TEXT}
        | {"status": st.sampled_from(vocabulary.AssessmentStatus), "basis": TEXT, "assessed": INSTANT},
        optional={"item": ITEM, "methods": st.lists(TEXT, max_size=3).map(tuple), "supersedes": ITEM}
        | {"reliability": maybe(st.sampled_from(vocabulary.Reliability))}
        | {"credibility": maybe(st.sampled_from(vocabulary.Credibility))}
        | {"confidence": maybe(st.sampled_from(vocabulary.Confidence))}
        | {"manipulation": maybe(st.sampled_from(vocabulary.MediaManipulationRating))}
        | {"digital_source_type": maybe(st.sampled_from(vocabulary.DigitalSourceType))}
        | {"awaits_second": maybe(st.booleans()), "seconds": ITEM},
    ),
    Relation: st.fixed_dictionaries(
        {"item": ITEM.map(lambda text: "0" + text[1:]), "other": ITEM.map(lambda text: "1" + text[1:])}
        | {"type": st.sampled_from(vocabulary.RelationType), "state": st.sampled_from(vocabulary.RelationState)}
        | {"by": TEXT, "basis": TEXT},
        optional={"action": maybe(st.sampled_from(vocabulary.Action)), "supersedes": ITEM},
    ),
    Sensitivity: st.fixed_dictionaries(
        {"item": ITEM, "flag": st.sampled_from(vocabulary.SensitivityFlag), "by": TEXT, "basis": TEXT},
        optional={"state": st.sampled_from(vocabulary.FlagState), "supersedes": ITEM},
    ),
    Sharing: st.fixed_dictionaries(
        {"item": ITEM, "tlp": st.sampled_from(vocabulary.TrafficLight), "by": TEXT, "basis": TEXT},
        optional={"supersedes": ITEM},
    ),
    Case: st.fixed_dictionaries(
        {"title": TEXT},
        optional={"mandate": TEXT, "lead": TEXT, "members": st.lists(TEXT, max_size=3).map(tuple), "reason": TEXT}
        | {"retention": PUBLISHED, "state": st.sampled_from(vocabulary.CaseState), "supersedes": ITEM},
    ),
    CaseItem: st.fixed_dictionaries({"item": ITEM, "case": ITEM}, optional={"by": TEXT, "note": TEXT} | STATE),
    Tag: st.fixed_dictionaries(
        {"item": ITEM, "scheme": PLATFORMS, "code": TEXT}, optional={"label": TEXT, "by": TEXT} | STATE
    ),
    HashList: st.fixed_dictionaries(
        {"name": TEXT, "file": ITEM, "size": SIZE, "form": st.sampled_from(vocabulary.HashListForm)}
        | {"algorithms": st.just(("phash-1:hash16",)), "lines": st.integers(1, 10**9), "received": INSTANT},
        optional={"given_by": TEXT, "note": TEXT, "by": TEXT, "reason": TEXT} | STATE,
    ),
    KeyRotation: st.fixed_dictionaries(
        {"place": SIZE, "replaces": ITEM, "fingerprint": ITEM, "reason": TEXT, "key": base64_of(32)}
        | {"endorsement": base64_of(64), "possession": base64_of(64)}
    ),
    KeyRetirement: st.fixed_dictionaries({"fingerprint": ITEM, "reason": TEXT}, optional={"since": SIZE} | NEWER),
    Retention: st.fixed_dictionaries(
        {"item": ITEM, "store": TEXT, "mode": st.sampled_from(vocabulary.RetentionMode), "retain_until": INSTANT}
        | {"by": TEXT},
        optional={"authority": TEXT, "supersedes": ITEM},
    ),
    LegalHold: st.fixed_dictionaries(
        {"item": ITEM, "store": TEXT, "enforced": st.booleans(), "by": TEXT, "authority": TEXT},
        optional={"state": st.sampled_from(vocabulary.HoldState), "reason": TEXT, "supersedes": ITEM},
    ),
    StoreChange: st.fixed_dictionaries(
        {"name": st.just("attic"), "url": TEXT},
        optional={"required": st.booleans(), "state": st.sampled_from(vocabulary.StoreState), "supersedes": ITEM},
    ),
    FixityCheck: st.fixed_dictionaries(
        {"store": TEXT, "log_size": SIZE, "log_root": ITEM, "objects": SIZE, "bytes": SIZE, "failed": SIZE}
        | {"unread": SIZE, "covered": ITEM, "outcome": st.sampled_from(vocabulary.EventOutcome)}
        | {"started": INSTANT, "ended": INSTANT},
        optional={"slice": st.sampled_from(["1/1", "3/30"]), "since": INSTANT, "deep": st.booleans()},
    ),
    FixityFailure: st.fixed_dictionaries(
        {"store": TEXT, "name": TEXT, "fault": st.sampled_from(vocabulary.CopyFault)}
        | {"started": INSTANT, "observed": INSTANT},
        optional={"item": ITEM, "expected": ITEM, "found": ITEM, "size": SIZE, "detail": TEXT},
    ),
    Repair: st.fixed_dictionaries(
        {"store": TEXT, "name": TEXT, "sha256": ITEM, "fault": st.sampled_from(vocabulary.CopyFault)}
        | {"good_copy": st.sampled_from(vocabulary.GoodCopy), "check": st.sampled_from(vocabulary.CopyCheck)}
        | {"repaired": INSTANT},
        optional={"item": ITEM, "found": ITEM, "set_aside": TEXT, "source": TEXT},
    ),
    Withdrawal: st.fixed_dictionaries(
        {"item": ITEM, "authority": TEXT, "reason": TEXT, "by": NAME}
        | {"withheld": st.lists(SIZE, max_size=4).map(tuple)},
        optional={"cases": st.lists(ITEM, max_size=2).map(tuple)},
    ),
}


def test_every_kind_of_fact_is_drawn_here() -> None:
    assert set(FACTS) == set(KINDS.values()) == set(FACT_ROWS)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind_of_fact)
@given(data=st.data())
def test_a_fact_is_the_same_fact_after_its_body(kind: type[Fact], data: st.DataObject) -> None:
    fact = kind(**data.draw(FACTS[kind]))

    again = fact_from(kind.kind_of_fact, json.loads(json.dumps(fact.body())))

    assert again == fact
    assert (again.identity(), again.subject(), again.body()) == (fact.identity(), fact.subject(), fact.body())


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind_of_fact)
@given(data=st.data())
def test_a_fact_that_states_anything_else_is_another_fact(kind: type[Fact], data: st.DataObject) -> None:
    one, other = (kind(**data.draw(FACTS[kind])) for _ in range(2))

    stated = [{k: v for k, v in fact.body().items() if k not in kind.incidental} for fact in (one, other)]

    assert (one.identity() == other.identity()) == (stated[0] == stated[1])


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind_of_fact)
@given(data=st.data())
def test_a_fact_validates_and_never_changes(kind: type[Fact], data: st.DataObject) -> None:
    values = data.draw(FACTS[kind])
    fact = kind(**values)
    for name in values:
        wrong = {**values, name: object()}
        with pytest.raises(ValidationError):
            kind(**wrong)
        with pytest.raises(ValidationError):
            setattr(fact, name, values[name])
    with pytest.raises(ValidationError):
        kind(**{**values, "surprise": "x"})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Agent(name="  "),
        lambda: Agent(name="x\0y"),
        lambda: Agent(name="x\udcff"),
        lambda: Fingerprint(item="ab" * 32, algorithm="phash-1", bits="abc"),
        lambda: Fingerprint(item="AB" * 32, algorithm="phash-1", bits="ab"),
        lambda: Fingerprint(item="ab" * 31, algorithm="phash-1", bits="ab"),
        lambda: Sighting(item="ab" * 32, observed="2024-12-27T14:05:00Z"),
        lambda: Sighting(item="ab" * 32, observed="2024-13-27T14:05:00.000000Z"),
        lambda: Sighting(item="ab" * 32, observed="2024-12-27T14:05:00.000000Z", published="yesterday"),
    ],
)
def test_what_is_no_such_value_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValidationError):
        make()


def test_a_fact_of_an_unknown_kind_raises_and_is_never_passed_over() -> None:
    with pytest.raises(LogError, match="'rumour', which this version does not know"):
        fact_from("rumour", {})
    with pytest.raises(LogError, match="malformed claim"):
        fact_from("claim", {"item": "ab" * 32})
