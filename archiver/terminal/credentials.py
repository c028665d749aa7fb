"""Content credentials in words: who signed what, the four answers apart, and what was done to which ingredients.

The law: what the reader found (the answers) and what the signer states (titles, actions, ingredients) never share a
line. Everything out of the file passes ``printable``; what is not of the shape that this program knows is not guessed
at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from archiver.inspection.credentials import Answer, State, is_of_this_form, signer_of
from archiver.render import counted, printable, short
from archiver.terminal import style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.commands.status import CredentialReading

_STATES: Final = {
    State.READ: "content credentials: read",
    State.UNREAD: "content credentials: there, and not read",
    State.UNREADABLE: "content credentials: there, and the reader refused them",
    State.UNFINISHED: "content credentials: there, and reading them did not end well",
    State.REMOTE: "content credentials: named only; nothing was fetched",
}
_QUESTIONS: Final = {
    "integrity": {
        Answer.HOLDS: "the bytes are those that the credentials were made for",
        Answer.DOES_NOT_HOLD: "the bytes are not those that the credentials were made for",
        Answer.UNKNOWN: "which bytes the credentials were made for cannot be checked",
    },
    "signature": {
        Answer.HOLDS: "the signature holds, and what it covers is unaltered",
        Answer.DOES_NOT_HOLD: "the signature, or something that it covers, does not hold",
        Answer.UNKNOWN: "whether the signature holds is not known",
    },
    "certificate": {
        Answer.HOLDS: "the signer's certificate was valid when it signed, or is now",
        Answer.DOES_NOT_HOLD: "the signer's certificate is not fit, or not shown to have been valid when it signed",
        Answer.UNKNOWN: "whether the signer's certificate was valid when it signed is not shown",
    },
    "trust": {
        Answer.HOLDS: "the trust list vouches for the signer",
        Answer.DOES_NOT_HOLD: "nobody on the trust list vouches for the signer",
        Answer.NOT_ASKED: "whether the signer is to be trusted was not asked: no trust list is set",
        Answer.UNKNOWN: "whether the signer is to be trusted is not known",
    },
}
_STAMPS: Final = {
    "trusted": "by a time stamp whose authority the trust list vouches for",
    "unvouched": "by a time stamp for whose authority nobody vouches",
    "invalid": "no time: the time stamp does not belong to this signature",
    "none": "no time stamp says when",
}
_MOST: Final = 20


def credential_lines(credentials: Any) -> Iterator[str]:
    """All that is told of an inspection's content credentials; nothing where there are none."""
    if credentials is None:
        return
    if not is_of_this_form(credentials):
        yield "content credentials: recorded in a form that this program does not know (--json has them)"
        return
    state = State(credentials["state"])
    yield _STATES[state]
    if credentials["detail"]:
        yield f"  because: {printable(credentials['detail'])}"
    if credentials["remote"]:
        yield f"  more lies at: {printable(credentials['remote'])}"
    if state == State.READ:
        yield from (f"  {line}" for line in _answers(credentials))
        for number, manifest in enumerate(credentials["manifests"]):
            signed = credentials["signature"] == Answer.HOLDS
            yield from (f"  {line}" for line in _manifest(manifest, newest=number == 0, signed=signed))
        cut = {name: count for name, count in credentials["cut"].items() if count}
        if cut:
            yield "  left out: " + ", ".join(f"{count} {name}" for name, count in cut.items())


def _answers(credentials: dict[str, Any]) -> Iterator[str]:
    for question, words in _QUESTIONS.items():
        answer = Answer(credentials[question])
        told = words.get(answer, f"{question}: {answer}")
        yield style.care(told) if answer == Answer.DOES_NOT_HOLD else told
    signed = credentials["signed"]
    yield f"signer: {printable(signer_of(credentials) or 'not named')}"
    if credentials["manifests"] and (signer := credentials["manifests"][0]["signer"]):
        number = printable(signer["serial"] or "without a number")
        yield f"  certificate {number}, {printable(signer['algorithm'] or 'algorithm not named')}"
    yield f"signed: {printable(signed['time']) + ', ' if signed['time'] else ''}{_STAMPS[signed['stamp']]}"
    if credentials["trust_list"]:
        yield f"trust list: sha256 {short(credentials['trust_list'])}…"
    for kind in ("failure", "informational"):
        codes = sorted({each["code"] for each in credentials["codes"][kind]})
        if codes:
            yield f"{kind}: {', '.join(map(printable, codes))}"


def _manifest(manifest: dict[str, Any], *, newest: bool, signed: bool) -> Iterator[str]:
    title = printable(manifest["title"] or manifest["label"])
    generator = f", made with {printable(manifest['generator'])}" if manifest["generator"] else ""
    if newest:
        stated = "the signer states" if signed else "what no signature covers any more"
        yield f"{stated}, of {title}{generator}:"
    else:
        signer = manifest["signer"] or {"name": None, "issuer": None}
        who = printable(signer["name"] or signer["issuer"] or "somebody unnamed")
        yield f"credentials of the ingredient {title}{generator}, signed by {who}, state:"
    for action in manifest["actions"][:_MOST]:
        yield f"  {_action(action)}"
    for ingredient in manifest["ingredients"][:_MOST]:
        yield from (f"  {line}" for line in _ingredient(ingredient))
    for assertion in manifest["assertions"][:_MOST]:
        yield f"  {printable(assertion['label'])}: {printable(assertion['text'][:200])}"
    rest = sum(len(manifest[name][_MOST:]) for name in ("actions", "ingredients", "assertions"))
    if rest:
        yield f"  {counted(rest, 'more statement')} with --json"


def _action(action: dict[str, Any]) -> str:
    source = (action["source_type"] or "").rpartition("/")[2]
    parts = (
        action["description"],
        action["agent"] and f"by {action['agent']}",
        action["when"] and f"at {action['when']}",
        source and f"source type {source}",
    )
    return ", ".join(printable(part) for part in (action["action"], *parts) if part)


def _ingredient(ingredient: dict[str, Any]) -> Iterator[str]:
    own = {
        None: "no credentials of its own",
        Answer.HOLDS: "its credentials are as they were when it was added",
        Answer.DOES_NOT_HOLD: f"its credentials do not hold now ({', '.join(map(printable, ingredient['failed']))})",
    }.get(ingredient["credentials"], "its credentials were not checked")
    relationship = printable(ingredient["relationship"] or "ingredient")
    yield f"{relationship}: {printable(ingredient['title'] or 'without a title')}; {own}"
    if ingredient["failed_when_added"]:
        failed = ", ".join(map(printable, ingredient["failed_when_added"]))
        yield f"  when it was added, by the signer's own word: {failed}"
    thumbnail = ingredient["thumbnail"]
    if thumbnail:
        yield f"  thumbnail: {thumbnail['bytes']} bytes, sha256 {short(thumbnail['sha256'])}…"


def reading_lines(reading: CredentialReading) -> Iterator[str]:
    """What content credentials are read with, and whom they are asked about."""
    missing = "no reader is installed (the extra `c2pa`): they are found, and not read"
    yield f"credentials {reading.reader or missing}"
    if reading.sha256:
        yield f"  trust     {printable(reading.trust_list or '')} (sha256 {reading.sha256})"
    elif not reading.trouble:
        yield "  trust     no trust list is set (archive.toml, [credentials]): signers are not asked about"
