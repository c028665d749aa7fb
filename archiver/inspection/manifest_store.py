"""From a C2PA reader's report to what is told of it (``archiver.inspection.credentials``): bounded, and answers apart.

The reader's word for everything (``Valid``) includes unknown signers, and its ``Invalid`` may only mean that a
certificate has expired. The answers are made of its codes (C2PA 2.2, 15.2.2 and 15.2.3) instead, each of those that
speak of its question:

* integrity: the codes of the hard bindings (``assertion.dataHash``, ``bmffHash``, ``boxesHash``, ``collectionHash``,
  ``multiAssetHash``): a ``mismatch``, or a ``match`` and no failure;
* certificate: ``signingCredential.expired``, ``revoked``, ``invalid`` and ``claimSignature.outsideValidity``, against
  ``claimSignature.insideValidity``; of claims of version 1 the reader takes the time of *any* stamp, whoever made it
  (measured: a certificate that had expired, and a stamp of an authority of our own, give ``Trusted``), so there a stamp
  leaves the question open;
* trust: ``signingCredential.trusted`` and ``untrusted``, where a list was asked;
* signature: ``claimSignature.validated``, and not one failure that is none of the above.

What a manifest says of its ingredients' credentials at the time when they were added is its signer's statement, and is
told apart from what the reader finds of them now.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from archiver.inspection.credentials import LONGEST, MOST_BYTES, Answer, State, unanswered
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Thumbnail = Callable[[str], dict[str, Any] | None]

_BINDING: Final = re.compile(r"assertion\.(data|bmff|boxes|collection|multiAsset)Hash\.(\w+)")
_TRUST: Final = frozenset({"signingCredential.trusted", "signingCredential.untrusted"})
_CERTIFICATE: Final = frozenset(
    {
        "signingCredential.expired",
        "signingCredential.revoked",
        "signingCredential.ocsp.revoked",
        "signingCredential.invalid",
        "claimSignature.outsideValidity",
    }
)
_CLASSES: Final = ("failure", "informational", "success")
_SHORT: Final = 300
_MOST_DATA: Final = 1500
_MOST_CODES, _MOST_MANIFESTS, _MOST_OF_EACH = 300, 32, 100


def told(store: dict[str, Any], *, asked: bool, thumbnail: Thumbnail, **known: Any) -> dict[str, Any]:
    """What is told of a manifest store.

    Args:
        store: the reader's report, as its JSON says.
        asked: whether a trust list was asked.
        thumbnail: format, bytes and SHA-256 of the picture with an identifier of the reader's.
        known: what else is known (reader, place …).
    """
    results = _dict(_dict(store).get("validation_results"))
    active = _text(store.get("active_manifest"), _SHORT) or ""
    now = _codes(_dict(results.get("activeManifest")))
    room = _Room()
    version = _dict(_dict(store.get("manifests")).get(active)).get("claim_version")
    stamp = _stamp(now, vouched=asked and version != 1)
    answers = {
        "integrity": str(_integrity(now)),
        "signature": str(_signature(now)),
        "certificate": str(_certificate(now, by_any_stamp=version == 1 and stamp == "unvouched")),
        "trust": str(_trust(now) if asked else Answer.NOT_ASKED),
        "verdict": _text(store.get("validation_state"), _SHORT),
    }
    deltas = _deltas(results)
    found = unanswered(State.READ, **known, **answers)
    room.take("codes", found["codes"]["failure"], list(_raw(results, "failure")), _MOST_CODES)
    room.take("codes", found["codes"]["informational"], list(_raw(results, "informational")), _MOST_CODES)
    manifests = _dict(store.get("manifests"))
    for label in _reached(manifests, active):
        if len(found["manifests"]) == _MOST_MANIFESTS:
            room.cut["manifests"] += 1
            continue
        found["manifests"].append(_manifest(label, _dict(manifests[label]), deltas, thumbnail, room))
    room.take("codes", found["codes"]["success"], list(_raw(results, "success")), _MOST_CODES)
    time = found["manifests"][0]["signed"] if found["manifests"] else None
    return {**found, "signed": {"time": time, "stamp": stamp}, "cut": room.cut}


class _Room:
    """What is left of the bytes that are kept, and what found none."""

    def __init__(self) -> None:
        self._left = MOST_BYTES
        self.cut = {"codes": 0, "manifests": 0, "actions": 0, "ingredients": 0, "assertions": 0}

    def take(self, name: str, into: list[Any], values: list[Any], most: int) -> None:
        """Keep as many as there is room for."""
        for value in values[:most]:
            size = len(json.dumps(value))
            if size > self._left:
                self.cut[name] += 1
                continue
            self._left -= size
            into.append(value)
        self.cut[name] += len(values[most:])


Codes = dict[str, set[str]]


def _codes(said: dict[str, Any]) -> Codes:
    return {kind: {str(_dict(each).get("code")) for each in _list(said.get(kind))} for kind in _CLASSES}


def _integrity(codes: Codes) -> Answer:
    failed = {match[2] for code in codes["failure"] if (match := _BINDING.fullmatch(code))}
    if "mismatch" in failed:
        return Answer.DOES_NOT_HOLD
    matched = any(match[2] == "match" for code in codes["success"] if (match := _BINDING.fullmatch(code)))
    return Answer.HOLDS if matched and not failed else Answer.UNKNOWN


def _signature(codes: Codes) -> Answer:
    if any(map(_of_the_signature, codes["failure"])):
        return Answer.DOES_NOT_HOLD
    return Answer.HOLDS if "claimSignature.validated" in codes["success"] else Answer.UNKNOWN


def _of_the_signature(code: str) -> bool:
    """Whether a failure speaks of neither bytes, nor certificate, nor trust."""
    binding = _BINDING.fullmatch(code)
    return code not in _TRUST | _CERTIFICATE and (binding is None or binding[2] != "mismatch")


def _certificate(codes: Codes, *, by_any_stamp: bool) -> Answer:
    if codes["failure"] & _CERTIFICATE:
        return Answer.DOES_NOT_HOLD
    inside = "claimSignature.insideValidity" in codes["success"]
    return Answer.HOLDS if inside and not by_any_stamp else Answer.UNKNOWN


def _trust(codes: Codes) -> Answer:
    if "signingCredential.untrusted" in codes["failure"]:
        return Answer.DOES_NOT_HOLD
    return Answer.HOLDS if "signingCredential.trusted" in codes["success"] else Answer.UNKNOWN


def _stamp(codes: Codes, *, vouched: bool) -> str:
    if "timeStamp.validated" in codes["success"]:
        return "trusted" if vouched and "timeStamp.trusted" in codes["success"] else "unvouched"
    spoken = codes["failure"] | codes["informational"]
    return "invalid" if any(code.startswith("timeStamp.") for code in spoken) else "none"


def _deltas(results: dict[str, Any]) -> dict[str, Codes]:
    """What the reader finds of ingredients now, by the address of the assertion that adds the ingredient."""
    return {
        str(_dict(delta).get("ingredientAssertionURI")): _codes(_dict(_dict(delta).get("validationDeltas")))
        for delta in _list(results.get("ingredientDeltas"))
    }


def _raw(results: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    """The codes of one kind as they came: of the newest manifest, then of each ingredient."""
    sources: list[tuple[str | None, Any]] = [(None, results.get("activeManifest"))]
    for delta in _list(results.get("ingredientDeltas")):
        address = _text(_dict(delta).get("ingredientAssertionURI"), _SHORT)
        sources.append((address, _dict(delta).get("validationDeltas")))
    for ingredient, said in sources:
        for each in _list(_dict(said).get(kind)):
            yield {
                "code": _text(_dict(each).get("code"), _SHORT) or "",
                "url": _text(_dict(each).get("url"), _SHORT) or "",
                "explanation": _text(_dict(each).get("explanation"), _SHORT) or "",
                "ingredient": ingredient,
            }


def _reached(manifests: dict[str, Any], active: str) -> list[str]:
    """The labels of the manifests that the newest one builds on, itself first; each once, whatever refers to what."""
    found = [active] if active in manifests else []
    seen = set(found)
    for label in found:
        for ingredient in _list(_dict(manifests[label]).get("ingredients")):
            other = _dict(ingredient).get("active_manifest")
            if isinstance(other, str) and other in manifests and other not in seen:
                seen.add(other)
                found.append(other)
    return found


def _manifest(
    label: str, said: dict[str, Any], deltas: dict[str, Codes], thumbnail: Thumbnail, room: _Room
) -> dict[str, Any]:
    signature = _dict(said.get("signature_info"))
    version = said.get("claim_version")
    found: dict[str, Any] = {
        "label": _text(label, _SHORT) or "",
        "version": version if type(version) is int and abs(version) < _MOST_BYTES_OF_A_NUMBER else None,
        "title": _text(said.get("title"), _SHORT),
        "format": _text(said.get("format"), _SHORT),
        "instance": _text(said.get("instance_id"), _SHORT),
        "generator": _generator(said),
        "signer": {
            "issuer": _text(signature.get("issuer"), _SHORT),
            "name": _text(signature.get("common_name"), _SHORT),
            "serial": _text(signature.get("cert_serial_number"), _SHORT),
            "algorithm": _text(signature.get("alg"), _SHORT),
        }
        if signature
        else None,
        "signed": _text(signature.get("time"), _SHORT),
        "thumbnail": _thumbnail(said, thumbnail),
        "actions": [],
        "ingredients": [],
        "assertions": [],
    }
    actions, others = [], []
    for each in _list(said.get("assertions")):
        name = _text(_dict(each).get("label"), _SHORT) or ""
        data = _dict(each).get("data")
        if re.fullmatch(r"c2pa\.actions(\.v\d+)?(__\d+)?", name):
            actions += _list(_dict(data).get("actions"))
        else:
            others.append({"label": name, "text": _text(data, _MOST_DATA) or ""})
    ingredients = _list(said.get("ingredients"))
    room.take("actions", found["actions"], list(map(_action, actions[: _MOST_OF_EACH + 1])), _MOST_OF_EACH)
    room.cut["actions"] += len(actions[_MOST_OF_EACH + 1 :])
    kept = [_ingredient(label, _dict(each), deltas, thumbnail) for each in ingredients[:_MOST_OF_EACH]]
    room.take("ingredients", found["ingredients"], kept, _MOST_OF_EACH)
    room.cut["ingredients"] += len(ingredients[_MOST_OF_EACH:])
    room.take("assertions", found["assertions"], others, _MOST_OF_EACH)
    return found


_MOST_BYTES_OF_A_NUMBER: Final = 1 << 53


def _generator(said: dict[str, Any]) -> str | None:
    """The program that made the claim: its own name and version, of claims of version 1 one text."""
    info = said.get("claim_generator_info")
    first = _dict(info[0] if isinstance(info, list) and info else info)
    named = " ".join(str(first[name]) for name in ("name", "version") if isinstance(first.get(name), str))
    return _text(named or said.get("claim_generator"), _SHORT)


def _action(said: Any) -> dict[str, Any]:
    said = _dict(said)
    agent = said.get("softwareAgent")
    if isinstance(agent, dict):
        agent = " ".join(str(agent[name]) for name in ("name", "version") if isinstance(agent.get(name), str))
    return {
        "action": _text(said.get("action"), _SHORT) or "",
        "when": _text(said.get("when"), _SHORT),
        "agent": _text(agent, _SHORT),
        "source_type": _text(said.get("digitalSourceType"), _SHORT),
        "description": _text(said.get("description") or said.get("reason"), _MOST_DATA),
        "parameters": _text(said.get("parameters"), _MOST_DATA),
    }


def _ingredient(of: str, said: dict[str, Any], deltas: dict[str, Codes], thumbnail: Thumbnail) -> dict[str, Any]:
    manifest = _text(said.get("active_manifest"), _SHORT)
    now = deltas.get(f"self#jumbf=/c2pa/{of}/c2pa.assertions/{said.get('label')}") or _codes({})
    failed = sorted(now["failure"])
    recorded = _dict(_dict(said.get("validation_results")).get("activeManifest"))
    before = _codes(recorded)["failure"] | {
        str(_dict(each).get("code")) for each in _list(said.get("validation_status"))
    }
    return {
        "title": _text(said.get("title"), _SHORT),
        "format": _text(said.get("format"), _SHORT),
        "relationship": _text(said.get("relationship"), _SHORT),
        "instance": _text(said.get("instance_id"), _SHORT),
        "document": _text(said.get("document_id"), _SHORT),
        "manifest": manifest,
        "thumbnail": _thumbnail(said, thumbnail),
        "credentials": str(_of_ingredient(now)) if manifest is not None or failed else None,
        "failed": [bounded(code, _SHORT) for code in failed[:_MOST_OF_EACH]],
        "failed_when_added": [bounded(code, _SHORT) for code in sorted(before)[:_MOST_OF_EACH]],
    }


def _of_ingredient(now: Codes) -> Answer:
    """Whether an ingredient's own credentials, its bytes apart, are as they were when it was added."""
    if any(code not in _TRUST | _CERTIFICATE and not _BINDING.fullmatch(code) for code in now["failure"]):
        return Answer.DOES_NOT_HOLD
    good = now["success"] & {"ingredient.manifest.validated", "ingredient.claimSignature.validated"}
    return Answer.HOLDS if good or "claimSignature.validated" in now["success"] else Answer.UNKNOWN


def _thumbnail(said: dict[str, Any], thumbnail: Thumbnail) -> dict[str, Any] | None:
    identifier = _dict(said.get("thumbnail")).get("identifier")
    found = thumbnail(identifier) if isinstance(identifier, str) else None
    return None if found is None else {"format": _text(_dict(said["thumbnail"]).get("format"), _SHORT) or "", **found}


def _text(value: Any, longest: int) -> str | None:
    """Any value as text within a bound."""
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return bounded(text, min(longest, LONGEST // 2))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
