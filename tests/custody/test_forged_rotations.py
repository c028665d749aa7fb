"""A rotation that is not what both keys signed, at its own place of its own log, brings no key in, and is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archiver.custody import base64text
from archiver.custody.finding import Code
from archiver.custody.keyring import handover
from archiver.custody.keys import SigningKey
from tests.custody.conftest import ORIGIN
from tests.custody.rotating import Rotating, found, look

if TYPE_CHECKING:
    from collections.abc import Callable


def other_statement(log: Rotating, new: SigningKey, *, by: SigningKey, place: int, origin: str = ORIGIN) -> str:
    return base64text.write(by.sign(handover(origin, place, log.first.public.fingerprint, new.public.fingerprint)))


STRANGER, THIEF = SigningKey.generate(), SigningKey.generate()
FORGERIES: dict[str, Callable[[Rotating], dict[str, Any]]] = {
    "nobody shows that he holds the new key": lambda _: {"possession": base64text.write(bytes(64))},
    "another holds the new key": lambda log: {"possession": other_statement(log, STRANGER, by=THIEF, place=2)},
    "taken from another log": lambda log: {
        "possession": other_statement(log, STRANGER, by=STRANGER, place=2, origin="another")
    },
    "taken from another place": lambda log: {"possession": other_statement(log, STRANGER, by=STRANGER, place=1)},
    "the old key does not give way": lambda log: {"endorsement": other_statement(log, STRANGER, by=STRANGER, place=2)},
    "another place": lambda _: {"place": 7},
    "a truth value as a place": lambda _: {"place": True},
    "another old key": lambda _: {"replaces": THIEF.public.fingerprint},
    "another fingerprint": lambda _: {"fingerprint": THIEF.public.fingerprint},
    "no key": lambda _: {"key": "AAAA"},
    "no base64": lambda _: {"key": "é"},
    "the key in force itself": lambda log: {
        "key": log.first.public.base64, "fingerprint": log.first.public.fingerprint,
    },
    "a field more": lambda _: {"also": "THIEF"},
    "a reason that is none": lambda _: {"reason": 1},
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("signatures", [True, False])
@pytest.mark.attack("rotation-transplanted")
def test_a_forged_rotation_is_named_and_brings_no_key_in(
    forgery: Callable[[Rotating], dict[str, Any]], *, signatures: bool
) -> None:
    log = Rotating()
    log.take(2)
    log.put(log.rotation(STRANGER, **forgery(log)))
    assert found(look(log, signatures=signatures)) == [(Code.WRONG_KEY_EVENT, "event 2")]

    log.take(1, by=STRANGER)
    assert (Code.UNKNOWN_KEY, "event 3") in found(look(log, signatures=signatures))
