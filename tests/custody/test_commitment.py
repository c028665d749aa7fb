"""A commitment binds a whole body, and lets single fields be shown."""

from __future__ import annotations

import json
from copy import deepcopy
from hashlib import sha256
from hmac import HMAC
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.custody.canonical import canonical, read
from archiver.custody.commitment import check_disclosure, commit, disclose, field_salts
from archiver.custody.errors import DisclosureUnverified, Malformed
from archiver.errors import LogError

SALT = bytes(range(32))
BODY: dict[str, Any] = {"source": "Ada", "place": {"name": "Würzburg", "at": [49.79, 9.95]}, "seen": 3, "by": None}
VALUES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
BODIES = st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), VALUES, min_size=1, max_size=5)


@given(BODIES, st.binary(min_size=32, max_size=32))
@example(BODY, SALT)
@example({"{0}": 1, "}{": 2, "\0000\0": 3, "%s": 4, "z" * 200: 5, "\ufb33": 6, "\U0001f600": 7}, SALT)
def test_the_commitment_is_what_the_docstring_says(body: dict[str, Any], salt: bytes) -> None:
    digests = {}
    for name, value in body.items():
        field_salt = HMAC(salt, name.encode(), sha256).digest()
        digests[name] = sha256(field_salt + canonical(value)).hexdigest()
    assert commit(body, salt) == sha256(canonical(digests)).hexdigest()


def test_the_commitment_never_changes_its_mind() -> None:
    """Pinned: this number is what archives of today will be held against in ten years."""
    assert commit(BODY, SALT) == "c2d33fc36ac8c5a4fa399bf6f09d1bc2510b395828e5f7a2edb720b787a4e367"


@given(BODIES, BODIES, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_another_body_or_salt_has_another_commitment(
    body: dict[str, Any], other: dict[str, Any], salt: bytes, other_salt: bytes
) -> None:
    same = canonical(body) == canonical(other) and salt == other_salt
    assert (commit(body, salt) == commit(other, other_salt)) == same


@given(BODIES, st.data())
def test_any_fields_can_be_shown_and_verify_after_a_trip_through_json(
    body: dict[str, Any], data: st.DataObject
) -> None:
    shown = data.draw(st.lists(st.sampled_from(sorted(body)), min_size=1, unique=True))
    disclosure = read(canonical(disclose(body, SALT, shown)))
    assert check_disclosure(disclosure, commit(body, SALT))
    assert {name: held["value"] for name, held in disclosure["disclosed"].items()} == {
        name: body[name] for name in shown
    }
    assert disclosure["withheld"].keys() == body.keys() - set(shown)


def test_a_disclosure_says_nothing_of_the_values_withheld_nor_of_the_salt() -> None:
    shown = json.dumps(disclose(BODY, SALT, ["seen"]))
    salts = field_salts(SALT, BODY)
    assert salts["seen"].hex() in shown
    for hidden in ("Ada", "rzburg", SALT.hex(), salts["source"].hex(), salts["place"].hex(), salts["by"].hex()):
        assert hidden not in shown


@given(st.sampled_from(["seen", "by"]), VALUES)
def test_a_changed_value_is_noticed(name: str, value: Any) -> None:
    disclosure = disclose(BODY, SALT, ["seen", "by"])
    disclosure["disclosed"][name]["value"] = value
    if canonical(value) != canonical(BODY[name]):
        with pytest.raises(DisclosureUnverified):
            check_disclosure(disclosure, commit(BODY, SALT))


def test_a_field_moved_renamed_added_or_left_out_is_noticed() -> None:
    commitment, honest = commit(BODY, SALT), disclose(BODY, SALT, ["seen", "by"])
    for part in ("disclosed", "withheld"):
        names = list(honest[part])
        swapped, renamed, shorter, longer = (deepcopy(honest) for _ in range(4))
        swapped[part] = dict(zip(names, reversed(honest[part].values()), strict=True))
        renamed[part]["other"] = renamed[part].pop(names[0])
        del shorter[part][names[0]]
        longer[part]["more"] = honest[part][names[0]]
        for changed in (swapped, renamed, shorter, longer):
            with pytest.raises(DisclosureUnverified):
                check_disclosure(changed, commitment)
    assert check_disclosure(honest, commitment)


def test_a_disclosure_that_shows_nothing_or_what_is_not_there_is_not_made() -> None:
    with pytest.raises(ValueError, match="at least one"):
        disclose(BODY, SALT, [])
    with pytest.raises(ValueError, match="no such fields: x, y"):
        disclose(BODY, SALT, ["y", "seen", "x"])


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"disclosed": {}, "withheld": {"a": "0" * 64}},
        {"disclosed": [], "withheld": {}},
        {"disclosed": {"a": {"salt": "0" * 64, "value": 1}}, "withheld": {"a": "0" * 64}},
        {"disclosed": {"a": {"salt": "0" * 63, "value": 1}}, "withheld": {}},
        {"disclosed": {"a": {"salt": "0" * 64}}, "withheld": {}},
        {"disclosed": {"a": {"salt": "0" * 64, "value": 1, "x": 1}}, "withheld": {}},
        {"disclosed": {"a": {"salt": "0" * 64, "value": 1}}, "withheld": {"b": "A" * 64}},
        {"disclosed": {"a": {"salt": "0" * 64, "value": 1}}, "withheld": {"b": 1}},
        {"disclosed": {"a": 1}, "withheld": {}},
    ],
)
def test_what_is_no_disclosure_is_refused(broken: Any) -> None:
    with pytest.raises(Malformed):
        check_disclosure(broken, "0" * 64)


def test_a_value_without_a_canonical_form_is_an_error_of_ours() -> None:
    disclosure = {"disclosed": {"a": {"salt": "0" * 64, "value": "\ud800"}}, "withheld": {}}
    with pytest.raises(LogError):
        check_disclosure(disclosure, "0" * 64)
    with pytest.raises(LogError):
        check_disclosure(
            {"disclosed": {"a": {"salt": "0" * 64, "value": 1}}, "withheld": {"\ud800": "0" * 64}}, "0" * 64
        )


@pytest.mark.parametrize("salt", [b"", SALT[:-1], SALT + b"\0"])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commit(BODY, salt)
