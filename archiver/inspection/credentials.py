"""What is told of a file's content credentials (C2PA 2.2): who signed which words, and four answers kept apart.

The law: do the bytes *match*, is the *signature* good, was the *certificate* valid, does anybody whom this archive
trusts vouch for the signer (*trust*): each has its own answer, and none is a judgement of the picture. The reader's raw
codes are kept beside them. The plain JSON values, of which all names are always there:

=============  ========================================================================================================
``form``       1: this shape
``state``      ``read``; ``unread`` (no reader, or the trust list was exchanged); ``unreadable`` (the reader refused the
               block); ``unfinished`` (a limit ended the reading, or a crash did); ``remote`` (only an address is there)
``detail``     why they were not read
``reader``     library and version; ``trust_list``: SHA-256 of the list that was asked
``place``      offset and length of the blocks in the file; ``remote``: the address that the file names
``integrity``  do the bytes match: the hard binding (``assertion.dataHash.match``, ``.bmffHash.``, ``.boxesHash.`` …)
``signature``  does the claim's signature hold, and is all that it covers unaltered
``certificate``  was the certificate fit, and valid when it signed; without a stamp that somebody vouches for: is it now
``trust``      does the trust list vouch for the signer
``signed``     the time that a time stamp states, and how good the stamp is: ``trusted`` (the trust list
               vouches for its authority), ``unvouched`` (it is for this signature), ``invalid``, ``none``
``verdict``    the reader's own word: ``Trusted``, ``Valid``, ``Invalid``
``codes``      its codes by ``success``, ``informational``, ``failure``, each with the part it is about, and with the
               ingredient where it is not about the newest manifest
``manifests``  the newest manifest first, then those of its ingredients, breadth first: claim generator, title, format,
               signer, actions, ingredients, further assertions as text, thumbnails by digest only
``cut``        how many of what were left out, where bounds were met
=============  ========================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeGuard

FORM: Final = 1
MOST_BYTES: Final = 128 << 10
"""Bytes of JSON that is kept of a file's credentials; files that were measured have 4 to 20 KiB."""

LONGEST: Final = 2000
"""Characters of one text."""


class Answer(StrEnum):
    """To one of the four questions. The archive's own terms."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does-not-hold"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


class State(StrEnum):
    """How far they were read. The archive's own terms."""

    READ = "read"
    UNREAD = "unread"
    UNREADABLE = "unreadable"
    UNFINISHED = "unfinished"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class _Or:
    """A value of the shape, or none."""

    shape: Any


_ANSWER: Final = frozenset(Answer)
_CODE: Final = {"code": str, "url": str, "explanation": str, "ingredient": _Or(str)}
_PLACE: Final = {"offset": int, "length": int}
_THUMBNAIL: Final = {"format": str, "bytes": int, "sha256": str}
_SHAPE: Final = {
    "form": int,
    "state": frozenset(State),
    "detail": _Or(str),
    "reader": _Or(str),
    "trust_list": _Or(str),
    "place": _Or(_PLACE),
    "remote": _Or(str),
    "integrity": _ANSWER,
    "signature": _ANSWER,
    "certificate": _ANSWER,
    "trust": _ANSWER,
    "signed": {"time": _Or(str), "stamp": frozenset({"trusted", "unvouched", "invalid", "none"})},
    "verdict": _Or(str),
    "codes": {"success": [_CODE], "informational": [_CODE], "failure": [_CODE]},
    "manifests": [
        {
            "label": str,
            "version": _Or(int),
            "title": _Or(str),
            "format": _Or(str),
            "instance": _Or(str),
            "generator": _Or(str),
            "signer": _Or({"issuer": _Or(str), "name": _Or(str), "serial": _Or(str), "algorithm": _Or(str)}),
            "signed": _Or(str),
            "thumbnail": _Or(_THUMBNAIL),
            "actions": [
                {
                    "action": str,
                    "when": _Or(str),
                    "agent": _Or(str),
                    "source_type": _Or(str),
                    "description": _Or(str),
                    "parameters": _Or(str),
                }
            ],
            "ingredients": [
                {
                    "title": _Or(str),
                    "format": _Or(str),
                    "relationship": _Or(str),
                    "instance": _Or(str),
                    "document": _Or(str),
                    "manifest": _Or(str),
                    "thumbnail": _Or(_THUMBNAIL),
                    "credentials": _Or(_ANSWER),
                    "failed": [str],
                    "failed_when_added": [str],
                }
            ],
            "assertions": [{"label": str, "text": str}],
        }
    ],
    "cut": {"codes": int, "manifests": int, "actions": int, "ingredients": int, "assertions": int},
}


def is_of_this_form(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value is exactly of the shape above; what a child says, or another program recorded, need not be."""
    return _fits(value, _SHAPE) and bool(value["form"] == FORM)


def _fits(value: Any, shape: Any) -> bool:
    match shape:
        case _Or():
            return value is None or _fits(value, shape.shape)
        case frozenset():
            return isinstance(value, str) and value in shape
        case list():
            return isinstance(value, list) and all(_fits(each, shape[0]) for each in value)
        case dict():
            return (
                isinstance(value, dict)
                and value.keys() == shape.keys()
                and all(_fits(value[name], each) for name, each in shape.items())
            )
        case type():
            return type(value) is shape and (not isinstance(value, str) or len(value) <= LONGEST + 100)
    return False


def unanswered(state: State, **known: Any) -> dict[str, Any]:
    """The shape, with nothing answered but what is known."""
    answers = dict.fromkeys(("integrity", "signature", "certificate", "trust"), str(Answer.UNKNOWN))
    nothing = dict.fromkeys(("detail", "reader", "trust_list", "place", "remote", "verdict"))
    return {
        "form": FORM,
        "state": str(state),
        **nothing,
        **answers,
        "signed": {"time": None, "stamp": "none"},
        "codes": {"success": [], "informational": [], "failure": []},
        "manifests": [],
        "cut": {"codes": 0, "manifests": 0, "actions": 0, "ingredients": 0, "assertions": 0},
        **known,
    }


def hold(credentials: dict[str, Any] | None) -> bool | None:
    """Whether there are credentials that hold: bytes and signature, and nothing speaks against certificate and signer.

    Returns:
        None where nobody looked, or they could not be read.
    """
    if credentials is None or not is_of_this_form(credentials) or credentials["state"] != State.READ:
        return None
    if Answer.DOES_NOT_HOLD in {credentials["certificate"], credentials["trust"]}:
        return False
    return {credentials["integrity"], credentials["signature"]} == {Answer.HOLDS}


def signer_of(credentials: dict[str, Any]) -> str | None:
    """Who signed the newest manifest, as the certificate names them: name and organisation."""
    signer = credentials["manifests"][0]["signer"] if credentials["manifests"] else None
    names = (signer["name"], signer["issuer"]) if signer else ()
    return ", ".join(dict.fromkeys(name for name in names if name)) or None
